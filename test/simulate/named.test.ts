import { describe, expect, test } from 'vitest'
import { loadPolicy } from '../../simulate/policy/load.ts'
import { insurancesOf, levelsOf } from '../../simulate/policy/named.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { policyOf } from './examples.ts'

const folder = temporaryFolder()

const base = { method: 'points', ratioBase: 'avgRw' }
const rated = { ...base, method: 'rate', ratioBase: 'rateRw' }
const prices = { 'level三甲.310': '1', level二级: '2', 330: '3' }
const bands = { op: '>', formula: 'H0' }

/** Every field of a pack with levels or insurances as keys, and the levels and insurances that stand there. */
const FIELDS: readonly (readonly [string, Record<string, unknown>, readonly string[], readonly string[]])[] = [
  ['pointValue', { pointValue: { employee: '1', 330: '2' } }, [], ['310', '330']],
  ['rate', { ...rated, rate: prices }, ['三甲', '二级'], ['310', '330']],
  ['meanFactor', { ratioBase: 'meanFactor', meanFactor: { 'level三甲.base': '1', 'hospital:H1.390': '2', 'hospital:H101': '3', resident: '4' } }, ['三甲'], ['390']],
  ['low.threshold', { low: { op: '<', formula: 'L2', threshold: { 310: '0.4', 330: '0.5' } } }, [], ['310', '330']],
  ['low.byLevel', { low: { op: '<', formula: 'L2', byLevel: { 三甲: '0.4', 101: '0.5' } } }, ['三甲', '101'], []],
  ['high.byLevel', { high: { ...bands, byLevel: { 三甲: '2', 101: '3' } } }, ['三甲', '101'], []],
  ['high.byScheme', { high: { ...bands, byScheme: { resident: '2', 330: '3' } } }, [], ['390', '330']],
  ['pvMin', { pvMin: { 310: '1' } }, [], ['310']],
  ['pvMax', { pvMax: { 330: '1' } }, [], ['330']],
  ['elastic.rate', { elastic: { groups: ['AA11'], rate: prices } }, ['三甲', '二级'], ['310', '330']],
  ['elastic.value', { elastic: { by: 'volume', basePoints: { 310: '9' }, value: { 330: '8' } } }, [], ['310', '330']],
  ['elastic.basePoints', { elastic: { by: 'volume', basePoints: { 310: '9', 390: '7' }, value: '8' } }, [], ['310', '390']],
  ['perDiem.perDay', { perDiem: { groups: ['AA1'], perDay: prices } }, ['三甲', '二级'], ['310', '330']],
  ['perDiem, one of two', { perDiem: [{ groups: ['AA1'], perDay: '4' }, { groups: ['BB1'], perDay: prices }] }, ['三甲', '二级'], ['310', '330']],
  ['coefficient.table by level', { coefficient: { kind: 'level', table: { 三甲: '1', 101: '2' } } }, ['三甲', '101'], []],
  ['coefficient.table by class', { coefficient: { kind: 'class', table: { 甲类: '1' } } }, ['甲类'], []],
  ['coefficient.table by group and level', { coefficient: { kind: 'groupLevel', table: { AA11: { 三甲: '1' } } } }, ['三甲'], []],
  ['coefficient.lastYear', { coefficient: { kind: 'level', lastYear: { 二级: '1' }, change: { up: '0.1' } } }, ['二级'], []],
  ['coefficient.ladder.basic', { coefficient: { kind: 'ladder', ladder: { basic: { 三甲: '1' } } } }, ['三甲'], []],
  ['coefficient.ladder.parts.cap', { coefficient: { kind: 'ladder', ladder: { basic: { 三甲: '1' }, parts: [{ index: 'cmi', first: '0', step: '1', add: '0.1', cap: { 二级: '1' } }] } } }, ['三甲', '二级'], []],
  ['groupMeans', { groupMeans: { AA11: { 三甲: '900', '': '800' }, 330: '700' }, ratioBase: 'levelStandard' }, ['三甲'], []],
  ['base.value', { ...rated, rate: '9000', base: { mode: 'rateOfLevel', value: '2', list: ['AA11'] } }, ['2'], []],
] // biome-ignore format: one field a line

describe('the levels and insurances of a policy', () => {
  test.each(FIELDS)('are those that %s names', (_, fields, levels, insurances) => {
    const policy = policyOf({ ...base, ...fields })
    expect(levelsOf(policy)).toEqual({ priced: new Set(levels), asked: new Set() })
    expect(insurancesOf(policy)).toEqual(new Set(insurances))
  })

  test('are also those that rules by the day ask for, though the names of their fields are no levels', () => {
    const rule = { groups: ['AA1'], perDay: '4', levels: ['三甲'], classes: ['甲类'], insurances: ['resident', '330'] }
    const policy = policyOf({ ...base, perDiem: rule })
    expect(levelsOf(policy)).toEqual({ priced: new Set(), asked: new Set(['三甲', '甲类']) })
    expect(insurancesOf(policy)).toEqual(new Set(['390', '330']))
  })

  test('are not the codes of hospitals and groups, whatever these look like', () => {
    const codes = { 101: '1.1', level9: '1.2' }
    const asHospital = policyOf({ ...base, coefficient: { kind: 'hospital', table: codes } })
    const asGroup = policyOf({ ...base, provisionalWeights: codes, high: { ...bands, limit: '2', byGroup: codes } })
    const onLadder = policyOf({ ...base, coefficient: { kind: 'ladder', ladder: { basic: { 3: '1' }, hospitals: codes } } }) // biome-ignore format: one line
    expect([asHospital, asGroup, onLadder].map(insurancesOf)).toEqual([new Set(), new Set(), new Set()])
    const priced = [asHospital, asGroup, onLadder].map(policy => levelsOf(policy).priced)
    expect(priced).toEqual([new Set(), new Set(), new Set(['3'])])
  })

  test('stand in side tables too', () => {
    put(folder, 'base.csv', 'hospital,insurance,points\nH101,resident,10\nH101,330,20\n')
    put(folder, 'factor.csv', 'hospital,insurance,factor\nH101,310,10\nH102,,20\n')
    const file = put(
      folder,
      'policy.yaml',
      `id: a-city
title: {zh: 市, en: City}
validFrom: "2025-01-01"
policyBasis: [{document: a paper}]
method: points
ratioBase: meanFactor
meanFactor: {file: factor.csv}
elastic: {by: volume, basePoints: {file: base.csv}, value: "50"}
`,
    )
    expect(insurancesOf(loadPolicy(file))).toEqual(new Set(['310', '390', '330']))
  })
})
