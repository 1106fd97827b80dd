import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { budgetOf, levelOf } from '../../simulate/projection/account.ts'
import { checkProjection } from '../../simulate/projection/check.ts'
import { readProjection } from '../../simulate/projection/config.ts'
import { nextYear, startingPopulation, total } from '../../simulate/projection/population.ts'
import { project } from '../../simulate/projection/project.ts'
import { relativeWeights, updateOf, weightIndex, windowOf } from '../../simulate/projection/refresh.ts'
import { createBaseline, runScenario } from '../../simulate/scenario/run.ts'
import { readScenario } from '../../simulate/scenario/scenario.ts'
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
const baseline = createBaseline(region)
const { settlement } = baseline
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
    const { rows, fans } = project(baseline, 2025, still)
    for (const [i, row] of rows.entries()) {
      const first = rows.find(one => one.insurance === row.insurance)!
      expect(row.level).toBe(first.level)
      const pool = settlement.pools.find(one => one.insurances[0] === row.insurance)!
      // Persons that move between bands leave the noise of doubles behind. A fund that pays nothing grows richer.
      for (const key of ['insured', 'budget', 'income', 'spending', 'balance'] as const)
        if (key !== 'balance' || pool.residual === 0) expect(Math.abs(row[key] - first[key])).toBeLessThanOrEqual(1)
      expect(row.cases).toBeCloseTo(1, 12)
      expect(fans[i]!.months.wide[0]).toBeCloseTo(row.months, 9)
      expect(row.budget).toBe(pool.budget)
      if (pool.pointValue !== null && pool.residual === 0)
        expect(row.pointValue).toBeCloseTo(pool.pointValue.toNumber(), 6)
      if (pool.residual === 0) expect(row.months).toBeCloseTo(row.insurance === '390' ? 6 : 12, 9)
    }
  })
  test('adds income less spending to the balance every year', () => {
    const { rows } = project(baseline, 2025, { ...readProjection(), runs: 2 })
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
    const config = {
      ...readProjection(),
      runs: 50,
      costGrowth: 0,
      budget: { rule: 'growth' as const, growth: 0, brake: null },
    }
    const { rows, fans } = project(baseline, 2025, config)
    const own = rows.filter(row => row.insurance === '310')
    expect(own.at(-1)!.pointValue!).toBeLessThan(own[0]!.pointValue!)
    expect(project(baseline, 2025, config).fans).toEqual(fans)
  })
})

const scenario = (name: string, text: string) => readScenario(put(folder, name, `title: {zh: 甲, en: A}\n${text}`))
/** What a settlement gives hospitals, in the form of a projection's rows. */
const duesOf = (of: typeof settlement) => of.hospitals.map(({ hospital, due, gross }) => [hospital.code, due, gross])
const duesIn = ({ hospitals }: ReturnType<typeof project>, year: number) =>
  hospitals.filter(row => row.year === year).map(({ hospital, due, gross }) => [hospital.code, due, gross])

describe('hospitals over the years', () => {
  test('are paid in the first year what was settled, and every year no more than the budgets, to the fen', () => {
    const projection = project(baseline, 2025, { ...readProjection(), runs: 1, years: 6 })
    expect(duesIn(projection, 2025)).toEqual(duesOf(settlement))
    for (let year = 2025; year <= 2031; year++) {
      const due = duesIn(projection, year).reduce((sum, [, value]) => sum + Number(value), 0)
      const budget = projection.rows.filter(row => row.year === year).reduce((sum, row) => sum + row.budget, 0)
      const residual = settlement.pools.some(pool => pool.residual !== 0)
      if (!residual) expect(due).toBe(budget)
    }
  })
  test('a reform holds from its year on: in a region that stands still it is the scenario itself', () => {
    const reform = scenario('reform.yaml', 'set: {coefficient.flatten: "1"}\nscale: {budget.*.fund: "+4%"}\n')
    const { years } = still
    const projection = project(baseline, 2025, { ...still, runs: 1 }, [{ from: 2027, scenario: reform }])
    const after = runScenario(baseline, reform).settlement
    expect(duesOf(after)).not.toEqual(duesOf(settlement))
    for (let year = 2025; year <= 2025 + years; year++)
      expect(duesIn(projection, year)).toEqual(duesOf(year < 2027 ? settlement : after))
  })
  test('a scheme that regroups holds from its year on, with its own groups', () => {
    // The other scheme has one group more, and the cases in turned order of groups.
    const { cases, weights, coefficients } = region
    const last = cases.groups.length - 1
    const regrouped = { cases: { ...cases, group: cases.group.map(g => last - g) }, weights, coefficients }
    const other = createBaseline(region, { regroup: () => regrouped })
    const reform = scenario('scheme.yaml', 'set: {scheme: other}\n')
    const projection = project(other, 2025, { ...still, runs: 1 }, [{ from: 2026, scenario: reform }])
    const after = runScenario(other, reform).settlement
    expect(duesIn(projection, 2025)).toEqual(duesOf(settlement))
    expect(duesIn(projection, 2026)).toEqual(duesOf(after))
    expect(duesIn(projection, 2029)).toEqual(duesOf(after))
  })
})

test('under a rate money follows cases and weights, not costs: dearer cases cost their hospitals, not the fund', () => {
  const rate = policyOf({
    method: 'rate', rate: { level1: '4200', level2: '7782', level3: '12252' }, ratioBase: 'rateRw',
    pointValue: '60', special: { ungrouped: { costShare: '0.7' }, ambiguous: { costShare: '0.8' } }, coefficient: { kind: 'none' },
  }) // biome-ignore format: a policy
  const drawn = fc
    .sample(anyRegion(rate, 60), { numRuns: 20, seed: 5 })
    .reduce((a, b) => (a.cases.count > b.cases.count ? a : b))
  const input = {
    ...drawn,
    cases: { ...drawn.cases, status: drawn.cases.status.map(() => 0) },
    weights: {
      ...drawn.weights,
      weight: drawn.weights.groups.map(() => new Decimal(1)),
      stable: drawn.weights.stable.map(() => true),
    },
  }
  const { hospitals } = project(createBaseline(input), 2025, { ...still, runs: 1, costGrowth: 0.1 })
  const of = (year: number) => hospitals.filter(row => row.year === year)
  expect(of(2028).map(row => row.gross)).toEqual(of(2025).map(row => row.gross))
  expect(input.cases.count).toBeGreaterThan(10)
  for (const [h, row] of of(2028).entries()) expect(Math.abs(row.cost - of(2025)[h]!.cost * 1.1 ** 3)).toBeLessThan(5)
})

describe('weights that follow costs', () => {
  test('worked: a group that falls by 10 % a year beside an equal one that stays, lag 1, years 1:2:7', () => {
    const refresh = { every: 1, lag: 1, years: [1, 2, 7] }
    const sums = (y: number) => ({
      cases: Float64Array.of(100, 100),
      cost: Float64Array.of(100 * 10_000 * 0.9 ** y, 100 * 10_000),
    })
    const weights = (t: number) => relativeWeights(windowOf(t, refresh).map(sums), refresh.years)
    expect(windowOf(1, refresh)).toEqual([-2, -1, 0])
    // (10,000/0.9³ + 2·10,000/0.9² + 7·10,000/0.9) / 10 = 11,618.6557, a year later 10,456.7901
    expect(weights(0)[0]!).toBeCloseTo((2 * 11_618.6557) / 21_618.6557, 6)
    expect(weights(1)[0]!).toBeCloseTo((2 * 10_456.7901) / 20_456.7901, 6)
    expect(weightIndex(weights(0), weights(1))[1]!).toBeCloseTo(21_618.6557 / 20_456.7901, 6)
  })
  test('are updated every so many years, or never', () => {
    const every = (n: number) => [0, 1, 2, 3, 4, 5].map(t => updateOf(t, { every: n, lag: 1, years: [1] }))
    expect(every(1)).toEqual([0, 1, 2, 3, 4, 5])
    expect(every(2)).toEqual([0, 0, 2, 2, 4, 4])
    expect(every(0)).toEqual([0, 0, 0, 0, 0, 0])
  })
  const cheaper = { where: { group: [region.cases.groups[0]!] }, use: 0, cost: -0.1 }
  const indexOf = (lag: number, years: readonly number[], every = 1) =>
    project(baseline, 2025, { ...still, runs: 1, trends: [cheaper], weights: { every, lag, years } }).weights.filter(
      row => row.group === region.cases.groups[0],
    )
  test('lag: with a steady trend each update moves a weight by what the window moves, and never before the first', () => {
    const [first, second] = [indexOf(0, [1]), indexOf(2, [1])]
    expect(first[0]!.index).toBeLessThan(1)
    expect(first.map(row => row.year)).toEqual([2026, 2027, 2028, 2029])
    expect(indexOf(1, [1, 2, 7], 0)).toEqual([])
    // Both fall; of mean costs alone the weight would fall by a tenth: others' share of the mean makes it less.
    for (const [i, row] of second.entries()) {
      expect(row.index).toBeGreaterThan(0.9 ** (i + 1))
      expect(row.index).toBeLessThan(1)
    }
  })
  test('a price that falls for good reaches the weights when its year enters the window, whole when all years do', () => {
    const event = {
      title: { zh: '集采', en: 'Procurement' },
      from: 2026,
      to: null,
      where: cheaper.where,
      volume: 1,
      cost: 0.8,
    }
    const weights = (lag: number) =>
      project(baseline, 2025, {
        ...still,
        years: 6,
        runs: 1,
        events: [event],
        weights: { every: 1, lag, years: [1, 2, 7] },
      })
        .weights.filter(row => row.group === region.cases.groups[0])
        .map(row => row.index)
    const prompt = weights(0)
    const late = weights(2)
    // Year by year the same path, two years later; nothing moves before the price is in the window.
    expect(late).toHaveLength(prompt.length - 2)
    expect(late).toEqual(prompt.slice(0, late.length).map(value => expect.closeTo(value, 12)))
    expect(prompt[3]!).toBeCloseTo(prompt[2]!, 12)
    expect(prompt[0]!).toBeGreaterThan(prompt[1]!)
    expect(prompt[1]!).toBeGreaterThan(prompt[2]!)
  })
})

describe('the rule of a budget', () => {
  const facts = { before: 100, start: 80, startIncome: 160, income: 200, costGrowth: 1.03, months: 4 }
  const rule = { rule: 'growth' as const, growth: 0.05, brake: null }
  test('growth, share of income, cost up to a cap', () => {
    expect(budgetOf(rule, 'employees', facts)).toBeCloseTo(105, 12)
    expect(budgetOf({ ...rule, rule: 'income' }, 'employees', facts)).toBeCloseTo(100, 12)
    expect(budgetOf({ ...rule, rule: 'cost' }, 'employees', facts)).toBeCloseTo(103, 12)
    expect(budgetOf({ ...rule, rule: 'cost' }, 'employees', { ...facts, costGrowth: 1.2 })).toBeCloseTo(105, 12)
  })
  test('a brake holds where the fund has fewer months', () => {
    const brake = { employees: 6, residents: 3, growth: 0.01 }
    expect(budgetOf({ ...rule, brake }, 'employees', facts)).toBeCloseTo(101, 12)
    expect(budgetOf({ ...rule, brake }, 'residents', facts)).toBeCloseTo(105, 12)
  })
})

describe('what could not change a projection is refused', () => {
  const terms = { firstYear: 2025, labels: { group: ['AB19'], level: ['3'], insurance: ['310', '390'] } }
  const check = (text: string) => {
    const file = put(folder, 'refused.yaml', text)
    return () => checkProjection(readProjection(file), terms, file)
  }
  test('a reform before the first year, a year beyond the last', () => {
    expect(check('reforms: [{from: 2025, scenario: budget-plus-5}]\n')).toThrow(
      expect.objectContaining({ code: 'PRJ-002' }),
    )
    expect(check('events: [{title: {zh: 甲, en: A}, from: 2031, volume: "1.1"}]\n')).toThrow(
      expect.objectContaining({ code: 'PRJ-002' }),
    )
  })
  test('a scenario that does not exist, a group that the region does not have', () => {
    expect(check('reforms: [{from: 2026, scenario: nowhere}]\n')).toThrow(expect.objectContaining({ code: 'PRJ-001' }))
    expect(check('trends: [{where: {group: [ZZ]}, cost: "0.01"}]\n')).toThrow(
      expect.objectContaining({ code: 'PRJ-003' }),
    )
    // A neighbour's code is no misspelling: the codes of the region are listed.
    const where = check('trends: [{where: {insurance: ["320"]}, cost: "0.01"}]\n')
    expect(where).toThrow(expect.objectContaining({ code: 'PRJ-003' }))
    expect(where).toThrow('The region has no 320. It has 310, 390.')
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
