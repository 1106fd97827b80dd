import { expect, it } from 'vitest'
import { findCode } from '../../../grouper/scheme/find.ts'
import { importTables } from '../../../grouper/scheme/import.ts'
import { loadScheme } from '../../../grouper/scheme/library.ts'
import { SMALL, withTables } from './small.ts'

const small = withTables(
  { ...SMALL, ADRG: SMALL.ADRG!.replace('ZYZD in DI_B00', '"ZYZD in DI_B00 and not ({ZYSS, QTSS} in OP_BB1)"') },
  folder => importTables(folder, { id: 'small' }).scheme,
)

it('finds sets with the rules that look them up, wanted or not', () => {
  const [use, ...more] = findCode(small, '01.2400')
  expect(more).toEqual([])
  expect(use).toMatchObject({ kind: 'procedure', name: '其他颅骨切开术', withdrawn: false, exclusions: [] })
  expect(use!.complication).toBeUndefined()
  expect(use!.sets.map(({ id, uses }) => [id, ...uses.map(({ code, how, row }) => `${code}:${row} ${how}`)])).toEqual([
    ['OP_ALL', 'BQY:5 in'],
    ['OP_BB1', 'BB1:4 in', 'BR1:3 not in'],
  ])
})

it('finds levels and exclusion tables', () => {
  expect(findCode(small, 'I50.900')).toMatchObject([
    {
      kind: 'diagnosis',
      sets: [],
      complication: { level: 'MCC', table: 'EX_1', excludedBy: 2 },
      exclusions: [{ id: 'EX_1', mcc: 1, cc: 0 }],
    },
  ])
})

it('finds nothing for an unknown code', () => expect(findCode(small, 'Z99')).toEqual([]))

it('misses no set and no rule of a whole scheme', () => {
  const scheme = loadScheme('chs-drg-2.0')
  const [use] = findCode(scheme, 'S06.500x004')
  const holding = [...scheme.sets.values()].filter(set => set.codes.includes('S06.500x004')).map(set => set.id)
  expect(use!.sets.map(set => set.id)).toEqual(holding)
  const asking = scheme.mdcs
    .flatMap(mdc => [mdc, ...mdc.adrgs, ...mdc.adrgs.flatMap(adrg => adrg.drgs)])
    .filter(row => holding.some(id => new RegExp(`\\b${id}\\b`).test(row.rule.text)))
  expect(new Set(use!.sets.flatMap(set => set.uses.map(({ code }) => code)))).toEqual(
    new Set(asking.map(row => row.code)),
  )
})
