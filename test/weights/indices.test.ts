import { describe, expect, test } from 'vitest'
import { compareSchemes, indicesOf, type UnitIndex, weigh, weightDrift, weightsByYear } from '../../weights/index.ts'
import { riskClasses } from '../../weights/indices.ts'
import { configWith, decimal, groupedOf, type Row } from './cases.ts'

const NONE = { ...configWith({}).coefficient, kind: 'none' } as const
const config = configWith(
  { nMin: 1, cvMax: decimal('1000'), unstableMode: 'ownWeight', coefficient: NONE },
  { method: 'none' },
)
const rows: Row[] = [
  // AA19: mean 100, days 4; BB19: mean 300, days 10; region mean 200: weights 0.5 and 1.5.
  {
    group: 'AA19',
    cost: 80,
    los: 2,
    hospital: 'H1',
    department: '03',
    doctor: 'D1',
    month: '2025-01',
    fees: [0, 0, 0, 40, 0, 0],
  },
  {
    group: 'AA19',
    cost: 120,
    los: 6,
    hospital: 'H2',
    department: '03',
    doctor: 'D1',
    month: '2025-01',
    way: 5,
    fees: [0, 0, 0, 60, 12, 0],
  },
  {
    group: 'BB19',
    cost: 330,
    los: 10,
    hospital: 'H1',
    department: '04',
    doctor: 'D2',
    month: '2025-02',
    fees: [0, 0, 0, 33, 0, 0],
  },
  {
    group: 'BB19',
    cost: 270,
    los: 10,
    hospital: 'H1',
    department: '04',
    doctor: 'D2',
    month: '2025-02',
    fees: [0, 0, 0, 27, 30, 0],
  },
  { group: 'BB19', cost: 999, status: 2, hospital: 'H1', department: '04', doctor: 'D2', month: '2025-02' },
]
const cases = groupedOf(rows)
const { units, groups } = indicesOf(weigh(cases, [], config), config)
const unit = (dimension: UnitIndex['dimension'], hospital: string, name: string): UnitIndex =>
  units.find(one => one.dimension === dimension && one.hospital === hospital && one.unit === name)!
const text = (value: { toFixed(digits: number): string } | null): string | null => value?.toFixed(4) ?? null

describe('indices', () => {
  test('of a hospital, by hand', () => {
    const one = unit('hospital', 'H1', '')
    expect(one).toMatchObject({ cases: 4, used: 3, groups: 2, cost: 680, days: 22, deaths: 0, heavy: 0 })
    // Σ w = 0.5 + 1.5 + 1.5; costs 0.8 + 1.1 + 0.9; days 0.5 + 1 + 1.
    expect([one.cmi, one.costIndex, one.timeIndex, one.costPerWeight, one.daysPerWeight].map(text)).toEqual([
      '1.1667',
      '0.9333',
      '0.8333',
      '194.2857',
      '6.2857',
    ])
    expect([one.drugShare, one.consumableShare].map(text)).toEqual(['0.1471', '0.0441'])
  })

  test('departments and doctors stand by hospital, months by region', () => {
    expect(units.map(one => [one.dimension, one.hospital, one.unit].join(' ').trim())).toEqual([
      'hospital H1', 'hospital H2', 'month  2025-01', 'month  2025-02',
      'department H1 03', 'department H1 04', 'department H2 03', 'doctor H1 D1', 'doctor H1 D2', 'doctor H2 D1',
    ]) // biome-ignore format: one dimension a line
    expect(text(unit('month', '', '2025-02').cmi)).toBe('1.5000')
  })

  test('cost and time index of all cases are 1, and CMI × cost per weight is the mean cost (V9)', () => {
    const sum = (name: 'costIndex' | 'timeIndex'): number =>
      units.filter(one => one.dimension === 'hospital').reduce((all, one) => all + one[name]!.toNumber() * one.used, 0)
    expect([sum('costIndex'), sum('timeIndex')]).toEqual([4, 4])
    for (const one of units) {
      if (one.cmi === null) continue
      expect(one.cmi.times(one.costPerWeight!).toNumber()).toBeCloseTo(one.cost / one.used, 9)
      expect(one.cmi.times(one.daysPerWeight!).toNumber()).toBeCloseTo(one.days / one.used, 9)
    }
  })

  test('drug and consumable weights: mean of the group over mean of all', () => {
    // Drugs 50 and 30 of 40, consumables 6 and 15 of 10.5.
    expect(groups.map(one => [text(one.drugWeight), text(one.consumableWeight)])).toEqual([
      ['1.2500', '0.5714'],
      ['0.7500', '1.4286'],
    ])
    expect(groups.map(one => one.deaths)).toEqual([1, 0])
  })
})

test('classes of mortality by ln: the mean and one standard deviation part them', () => {
  // ln of 1e-4, 1e-3, 1e-2, 1e-1 stand evenly: the middle ones within one SD (1.29 steps), the outer ones beyond.
  const deaths = [1, 10, 100, 1_000, 0].map(n => ({ cases: 10_000, deaths: n }))
  expect(riskClasses(deaths)).toEqual(['low', 'midLow', 'midHigh', 'high', 'none'])
})

describe('drift', () => {
  test('against last year, group by group and in the total', () => {
    const { weights } = weigh(cases, [], config)
    const last = {
      groups: ['AA19', 'BB19'],
      weight: [decimal('0.4'), decimal('1.5')],
      stable: [true, true],
      meanCost: 1,
      meanCostExact: decimal('1'),
    }
    const drift = weightDrift(weights, last, { driftMax: decimal('0.2') })
    expect(drift.groups.map(one => [text(one.change), text(one.effect), one.large])).toEqual([
      ['0.2500', '0.2000', true],
      ['0.0000', '0.0000', false],
    ])
    expect([drift.large, drift.appeared, drift.vanished, text(drift.total)]).toEqual([1, 0, 0, '1.0526'])
    const other = weightDrift(weights, { ...last, weight: [null, decimal('1.5')] }, { driftMax: decimal('0.2') })
    expect([other.appeared, text(other.total)]).toEqual([1, '1.0000'])
  })

  test('own weights of each year', () => {
    const years = { ...config.years, factors: [decimal('1'), decimal('1')] }
    const list = [
      { group: 'AA19', cost: 100, month: '2023-01' },
      { group: 'BB19', cost: 300, month: '2023-01' },
      { group: 'AA19', cost: 50, month: '2024-01' },
    ]
    const found = weightsByYear(weigh(groupedOf(list), [], { ...config, years }).statistics, config)
    expect(found.map(one => one.map(text))).toEqual([
      ['0.5000', '1.0000'],
      ['1.5000', null],
    ])
  })
})

test('two schemes on the same cases: only those that both group, each with its own quality', () => {
  const fine = groupedOf([
    { group: 'A1', cost: 100 },
    { group: 'A1', cost: 100 },
    { group: 'A2', cost: 300 },
    { group: 'A2', cost: 300 },
    { group: 'A1', cost: 9_999, status: 2 },
  ])
  const coarse = groupedOf([
    { group: 'A', cost: 100 },
    { group: 'A', cost: 100 },
    { group: 'A', cost: 300 },
    { group: 'A', cost: 300 },
    { group: 'A', cost: 9_999 },
  ])
  const { a, b, common, onlyA, onlyB } = compareSchemes(fine, coarse, [], config)
  expect([common, onlyA, onlyB]).toEqual([4, 0, 1])
  expect([a.quality.before.riv, b.quality.before.riv, a.quality.before.rSquared]).toEqual([1, 0, 1])
  expect([a.statistics.screening.used, b.statistics.screening.used]).toEqual([4, 4])
})
