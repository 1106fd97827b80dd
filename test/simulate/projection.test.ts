import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readProjection } from '../../simulate/projection/config.ts'
import { nextYear, startingPopulation, total } from '../../simulate/projection/population.ts'
import { levelOf, project } from '../../simulate/projection/project.ts'
import { createBaseline } from '../../simulate/scenario/run.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { anyRegion } from './arbitrary.ts'
import { policyOf } from './examples.ts'

const folder = temporaryFolder()
const policy = policyOf({
  method: 'points', scale: '100', avgCost: 'fromData', pointValue: '60', ratioBase: 'avgRw',
  special: { ungrouped: { costShare: '0.7' }, ambiguous: { costShare: '0.8' } }, coefficient: { kind: 'level' },
}) // biome-ignore format: a policy
const region = fc
  .sample(anyRegion(policy, 300), { numRuns: 10, seed: 3 })
  .reduce((a, b) => (a.cases.count > b.cases.count ? a : b))
const { settlement } = createBaseline(region)
const STILL = `years: 4
runs: 5
useGrowth: "0"
costGrowth: "0"
otherGrowth: "0"
budget: {growth: "0"}
income: {start: "1", wageGrowth: "0", headGrowth: "0"}
population:
  births: 0
  bands:
    - {from: 0, to: 39, male: 1000, female: 900, mortality: "0", use: "0.1", employees: "0.4", residents: "0.6"}
    - {from: 40, to: null, male: 700, female: 800, mortality: "0", use: "0.1", employees: "0.4", residents: "0.6"}
uncertainty: {use: "0", cost: "0", income: "0"}
`
const still = readProjection(put(folder, 'still.yaml', STILL))

describe('a projection', () => {
  test('of a region that stands still repeats its first year', () => {
    const { rows, fans } = project(settlement, 2025, still)
    for (const [i, row] of rows.entries()) {
      const first = rows.find(one => one.insurance === row.insurance)!
      expect(row.level).toBe(first.level)
      // Persons that move between bands leave the noise of doubles behind.
      for (const key of ['insured', 'budget', 'income', 'spending', 'balance'] as const)
        expect(Math.abs(row[key] - first[key])).toBeLessThanOrEqual(1)
      expect(row.cases).toBeCloseTo(1, 12)
      expect(fans[i]!.months[0]).toBeCloseTo(row.months, 9)
      const pool = settlement.pools.find(one => one.insurances[0] === row.insurance)!
      expect(row.budget).toBe(pool.budget)
      if (pool.pointValue !== null && pool.residual === 0)
        expect(row.pointValue).toBeCloseTo(pool.pointValue.toNumber(), 6)
      expect(row.months).toBeCloseTo(row.insurance === '390' ? 6 : 12, 9)
    }
  })
  test('adds income less spending to the balance every year', () => {
    const { rows } = project(settlement, 2025, { ...readProjection(), runs: 2 })
    for (const insurance of new Set(rows.map(row => row.insurance))) {
      const own = rows.filter(row => row.insurance === insurance)
      for (const [t, row] of own.entries()) {
        if (t > 0)
          expect(Math.abs(row.balance - own[t - 1]!.balance - row.income + row.spending)).toBeLessThanOrEqual(2)
        expect(row.months).toBeCloseTo(row.balance / (row.spending / 12), 4)
      }
    }
  })
  test('a pool that stands while cases grow loses point value; the same draws give the same fan', () => {
    const config = { ...readProjection(), runs: 50, costGrowth: 0, budget: { rule: 'growth' as const, growth: 0 } }
    const { rows, fans } = project(settlement, 2025, config)
    const own = rows.filter(row => row.insurance === '310')
    expect(own.at(-1)!.pointValue!).toBeLessThan(own[0]!.pointValue!)
    expect(project(settlement, 2025, config).fans).toEqual(fans)
  })
})

describe('the population', () => {
  test('keeps its number without births and deaths, and grows older', () => {
    const { population } = still
    const start = startingPopulation(population)
    const later = nextYear(start, population)
    expect(total(later)).toBeCloseTo(total(start), 6)
    expect(later.male[1]!).toBeCloseTo(700 + 1000 / 40, 9)
  })
})

test('warning levels by months payable', () => {
  const levels = { red: 6, orange: 9, excess: 15 }
  expect([5.9, 6, 8.9, 9, 15, 15.1].map(months => levelOf(months, levels))).toEqual([
    'red',
    'orange',
    'orange',
    'green',
    'green',
    'excess',
  ])
})

test.each([
  'warning: {employees: {red: "9", orange: "6", excess: "15"}}\n',
  'population:\n  bands:\n    - {from: 0, to: 39, male: 1, female: 1, mortality: "0", use: "0.1", employees: "0.4", residents: "0.7"}\n    - {from: 40, to: null, male: 1, female: 1, mortality: "0", use: "0.1", employees: "0", residents: "0"}\n',
  'years: 0\n',
])('a configuration that cannot be is refused: %s', text => {
  expect(() => readProjection(put(folder, 'wrong.yaml', text))).toThrow(expect.objectContaining({ code: 'DOC-002' }))
})
