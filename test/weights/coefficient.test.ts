import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { addedBy } from '../../weights/composite.ts'
import { type CoefficientConfig, type Hospital, readWeightConfig, weigh } from '../../weights/index.ts'
import { configWith, decimal, groupedOf, type Row } from './cases.ts'

const HOSPITALS: Hospital[] = [
  { code: 'H1', name: '甲', level: '3' },
  { code: 'H2', name: '乙', level: '3' },
  { code: 'H3', name: '丙', level: '2' },
]
const several = (group: string, hospital: string, cost: number, n: number, more: Partial<Row> = {}): Row[] =>
  Array.from({ length: n }, () => ({ group, hospital, cost, ...more }))
// AA19: mean 110; BB19: mean 200. Region mean 155.
const rows = [
  ...several('AA19', 'H1', 150, 10), ...several('AA19', 'H3', 70, 10),
  ...several('BB19', 'H2', 200, 20),
] // biome-ignore format: one group a line
const derive = (
  changes: Partial<CoefficientConfig>,
  list: readonly Row[] = rows,
  indices?: ReadonlyMap<string, ReadonlyMap<string, Decimal>>,
) => {
  const base: CoefficientConfig = { ...configWith({}).coefficient, shrinkN0: decimal('0'), ...changes }
  const config = configWith({ nMin: 1, decimals: 10, coefficient: base }, { method: 'none' })
  return weigh(groupedOf(list), HOSPITALS, config, { indices })
}
const k = (changes: Partial<CoefficientConfig>, group: number, level: string, hospital: string): string =>
  derive(changes).coefficients.of(group, level, hospital).toString()

describe('coefficients by hospital', () => {
  test('the cost index of the hospital, shrunk to its level', () => {
    // H1: 150 / 110. Level 3: (1,500 + 4,000) / (1,100 + 4,000) = 1.0784.
    expect(k({ kind: 'hospital' }, 0, '3', 'H1')).toBe('1.3636')
    // z = 10 / 20
    expect(k({ kind: 'hospital', shrinkN0: decimal('10') }, 0, '3', 'H1')).toBe('1.221')
    // A hospital without cases has the coefficient of its level.
    expect(k({ kind: 'hospital' }, 0, '3', 'H9')).toBe('1.0784')
  })

  test('by group and hospital; a group that is new there has 1', () => {
    expect(k({ kind: 'groupHospital' }, 0, '2', 'H3')).toBe('0.6364')
    expect(k({ kind: 'groupHospital' }, 1, '2', 'H3')).toBe('1')
  })
})

test('base groups have one price, and normalising keeps Σ n·w', () => {
  const { coefficients, weights, statistics } = derive({
    kind: 'hospital',
    base: { groups: ['BB19'], value: decimal('1.02') },
    normalise: true,
    decimals: 12,
  })
  expect(coefficients.of(1, '3', 'H2').toString()).toBe('1.02')
  const w = weights.weight
  const sum = [
    [0, 'H1', '3', 10],
    [0, 'H3', '2', 10],
    [1, 'H2', '3', 20],
  ] as const
  const total = sum.reduce(
    (all, [g, code, level, n]) => all.plus(w[g]!.times(n).times(coefficients.of(g, level, code))),
    new Decimal(0),
  )
  expect(
    total
      .minus(statistics.groups.reduce((all, one) => all + one.kept.n, 0))
      .abs()
      .lt('1e-8'),
  ).toBe(true)
  expect(() => derive({ base: { groups: ['ZZ19'], value: decimal('1') } })).toThrow('WGT-013')
})

describe('composite coefficients', () => {
  const ladder = readWeightConfig('policies/weights-xiamen-2024.yaml').coefficient

  test('steps and caps as published: 0.01 for 5 % above the peers, at most 0.13', () => {
    const cmi = ladder.composite.parts.find(part => part.index === 'cmi')!
    const added = (value: string, level: string): string => addedBy(cmi, decimal(value), level).toString()
    expect(['0.04', '0.05', '0.12', '0.99'].map(value => added(value, '3'))).toEqual(['0', '0.01', '0.02', '0.13'])
    expect([added('0.99', '2'), added('0.99', '1')]).toEqual(['0.06', '0'])
  })

  test('a hospital of level 3: 0.93 and what its cases earn', () => {
    // Eleven of twenty cases of H1 are children of 6 at most: five steps of 10 %. Its CMI: (10 · 0.5 + 10 · 1.5) / 20 = 1.
    const young = Array.from(
      { length: 11 },
      (_, i): Row => ({ group: i < 5 ? 'AA19' : 'BB19', cost: 1, hospital: 'H1', age: 6 }),
    )
    const list = [
      ...young,
      ...Array.from(
        { length: 9 },
        (_, i): Row => ({ group: i < 5 ? 'AA19' : 'BB19', cost: 1, hospital: 'H1', age: 7 }),
      ),
    ]
    const { coefficients } = derive(
      { ...ladder, kind: 'composite' },
      list,
      new Map([['H1', new Map([['tcmShare', decimal('0.07')]])]]),
    )
    const [one] = coefficients.composites
    expect(one!.parts.map(part => [part.index, part.added.toString()])).toEqual([
      ['cmi', '0'], ['youngShare', '0.05'], ['oldShare', '0'], ['tcmShare', '0.02'],
    ]) // biome-ignore format: one list
    expect(one!.coefficient.toString()).toBe('1')
    expect(coefficients.kind).toBe('hospital')
  })

  test('what is missing is refused', () => {
    const list = [{ group: 'AA19', cost: 1, hospital: 'H1', age: 6 }]
    expect(() => derive({ ...ladder, kind: 'composite' }, list)).toThrow('WGT-015')
    expect(() =>
      derive({ ...ladder, kind: 'composite', composite: { basic: {}, hospitals: {}, parts: [] } }, list),
    ).toThrow('WGT-016')
  })
})
