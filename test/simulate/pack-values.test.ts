import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadPolicy } from '../../simulate/policy/load.ts'
import { type PackValues, packValues } from '../../simulate/statement/pack-values.ts'
import { put, temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()

/** Six lines; what a test adds begins on the seventh. */
const HEAD = `id: a-city
title: {zh: 市, en: City}
validFrom: "2025-01-01"
policyBasis: [{document: a paper}]
method: points
ratioBase: avgRw
`

function packOf(text: string): PackValues {
  const file = put(folder, 'policy.yaml', `${HEAD}${text}`)
  return packValues(loadPolicy(file), file)
}

/** Field, value, source and line of what a pack gives. */
const told = (pack: PackValues, ...asked: Parameters<PackValues['at']>): unknown[] =>
  pack.at(...asked).map(({ value, origin: { place, source } }) => [place?.field, value, source.en, place?.line])

const ofGroup = (code: string) => (item: Readonly<Record<string, unknown>>) => item.group === code

describe('a list of rules', () => {
  test('gives each item with the source of that item', () => {
    const pack = packOf(`tcm:
  standards:
    - {value: {group: AA11, weight: "0.8"}, source: order 7}
    - {group: BB11, weight: "0.9"}
`)
    expect(told(pack, 'tcm.standards', [], ofGroup('AA11'))).toEqual([
      ['tcm.standards.0.group', 'AA11', 'a-city, order 7', 9],
      ['tcm.standards.0.weight', '0.8', 'a-city, order 7', 9],
    ])
    expect(told(pack, 'tcm.standards', [], ofGroup('BB11'))).toEqual([
      ['tcm.standards.1.group', 'BB11', 'a-city, a paper', 10],
      ['tcm.standards.1.weight', '0.9', 'a-city, a paper', 10],
    ])
  })

  test('that has a source as a whole gives it to its items, of which the fitting ones are taken', () => {
    const pack = packOf(`volumeCap:
  source: order 9
  value:
    - {group: AA11, quota: "4"}
    - {group: {value: BB11, source: order 10}, quota: "5"}
`)
    expect(told(pack, 'volumeCap', [], ofGroup('BB11'))).toEqual([
      ['volumeCap.1.group', 'BB11', 'a-city, order 10', 11],
      ['volumeCap.1.quota', '5', 'a-city, order 9', 11],
    ])
  })

  test('of a policy without a file is written out, the fitting items alone', () => {
    put(folder, 'policy.yaml', `${HEAD}volumeCap: [{group: AA11, quota: "4"}, {group: BB11, quota: "5"}]\n`)
    const pack = packValues(loadPolicy(join(folder, 'policy.yaml')), null)
    expect(pack.at('volumeCap', [], ofGroup('BB11'))[0]?.value).toBe(
      '(group: BB11; quota: 5; factor: 0.5; cut: spread)',
    )
  })
})

describe('a list of values', () => {
  test('stands as one, and one by one where an item has a source', () => {
    const pack = packOf(`longStay: {groups: {value: [AA1, BB1], source: order 3}}
unstable: {mode: ffs, list: [AA1, {value: BB1, source: order 4}]}
`)
    expect(told(pack, 'longStay')).toEqual([['longStay.groups', 'AA1, BB1', 'a-city, order 3', 7]])
    expect(told(pack, 'unstable.list')).toEqual([
      ['unstable.list.0', 'AA1', 'a-city, a paper', 8],
      ['unstable.list.1', 'BB1', 'a-city, order 4', 8],
    ])
  })

  test('of limits by weight shows them, whatever is said of one of them', () => {
    const pack = packOf(`high: {op: ">", formula: H1, bands: [["1", {value: "3", source: order 5}], [null, "2"]]}\n`)
    expect(told(pack, 'high.bands')).toEqual([['high.bands', '≤1: 3; >1: 2', 'a-city, a paper', 7]])
  })
})

test('a side table is named by its file, with its source and the line of the case', () => {
  mkdirSync(join(folder, 'lists'), { recursive: true })
  const table = put(folder, 'lists/long.csv', 'group\nAA1\nBB1\n')
  const pack = packOf('longStay: {groups: {file: {value: lists/long.csv, source: order 6}}}\n')
  const [one, ...more] = pack.at('longStay.groups', ['BB11', 'BB1'])
  expect([one?.value, one?.origin.source.en, one?.origin.place, more]).toEqual([
    'long.csv',
    'a-city, order 6',
    { file: table, line: 3 },
    [],
  ])
})
