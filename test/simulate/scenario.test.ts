import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scenariosGrid } from '../../cli/tables.ts'
import { home } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { compare, fundPaid } from '../../simulate/scenario/compare.ts'
import { type Baseline, createBaseline, runScenario } from '../../simulate/scenario/run.ts'
import { parseFactor, readScenario, type Scenario } from '../../simulate/scenario/scenario.ts'
import { settleRegion } from '../../simulate/settle/region.ts'
import { anyPolicy, anyRegion, largestRegion } from './arbitrary.ts'
import { POINTS, policyOf } from './examples.ts'

const region = largestRegion(POINTS, { cases: 400, draws: 40 })

function scenario(text: string): Scenario {
  const file = join(mkdtempSync(join(tmpdir(), 'scenario-')), 's.yaml')
  writeFileSync(file, `title: {zh: 测试, en: Test}\n${text}`)
  return readScenario(file)
}

function settled(baseline: Baseline, text: string): ReturnType<typeof runScenario> {
  return runScenario(baseline, scenario(text))
}

describe('a scenario', () => {
  const baseline = createBaseline(region)

  test('without a change is the baseline', () => {
    const outcome = settled(baseline, 'set: {}\n')
    expect(outcome.settlement).toEqual(baseline.settlement)
    expect(compare(baseline, [outcome]).scenarios[0]).toMatchObject({ winners: 0, losers: 0, check: 0 })
  })

  test('of the budget divides again and values no case again', () => {
    const outcome = settled(baseline, 'scale: {budget.*.fund: "+5%"}\n')
    expect(outcome.stage).toBe('divide')
    expect(outcome.ledger).toBe(baseline.valued.ledger)
    for (const [i, pool] of outcome.settlement.pools.entries()) {
      const before = baseline.settlement.pools[i]!
      expect(pool.budget).toBe(
        new Decimal(before.budget).times('1.05').toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber(),
      )
      expect(pool.residual).toBe(0)
    }
  })

  test('of the policy equals settling with the changed policy', () => {
    const outcome = settled(baseline, 'set:\n  policy.high.bands: [[null, "1.5"]]\n  policy.low.threshold: "0.6"\n')
    const policy = policyOf({
      ...POINTS.document,
      low: { ...POINTS.document.low, threshold: '0.6' },
      high: { ...POINTS.document.high, bands: [[null, '1.5']] },
    })
    expect(outcome.stage).toBe('value')
    expect(outcome.settlement).toEqual(settleRegion({ ...region, policy }))
  })

  test('that flattens coefficients wholly equals no coefficient', () => {
    const outcome = settled(baseline, 'set: {coefficient.flatten: "1"}\n')
    const policy = policyOf({ ...POINTS.document, coefficient: { kind: 'none' } })
    expect(outcome.settlement.hospitals).toEqual(settleRegion({ ...region, policy }).hospitals)
  })

  test('of one level multiplies its coefficients', () => {
    const outcome = settled(baseline, 'scale: {coefficient.level.3: "*1.1"}\n')
    const coefficients = {
      ...region.coefficients,
      of: (g: number, level: string, h: string) => region.coefficients.of(g, level, h).times(level === '3' ? '1.1' : 1),
    }
    expect(outcome.settlement).toEqual(settleRegion({ ...region, coefficients }))
  })

  test('of volume multiplies a hospital’s sums, lowers the point value and leaves the others less', () => {
    const outcome = settled(baseline, 'scale: {hospital.H2.volume: "*2"}\n')
    expect(outcome.stage).toBe('volume')
    const [comparison] = compare(baseline, [outcome]).scenarios
    const rows = (code: string): [number, number] =>
      [baseline, outcome].map(
        ({ settlement }) => settlement.hospitals.find(({ hospital }) => hospital.code === code)!.points,
      ) as [number, number]
    expect(rows('H2')[1]).toBe(rows('H2')[0] * 2)
    expect(rows('H1')[1]).toBe(rows('H1')[0])
    const others = comparison!.hospitals.filter(({ hospital }) => hospital.code !== 'H2')
    for (const { gross } of others) expect(gross[1]).toBeLessThanOrEqual(gross[0])
    expect(others.some(({ gross }) => gross[1] < gross[0])).toBe(true)
  })

  test('never changes the baseline', () => {
    const before = structuredClone(baseline.parameters)
    const ledger = structuredClone(baseline.valued.ledger)
    const settlement = JSON.stringify(baseline.settlement)
    for (const text of [
      'scale: {budget.*.fund: "-3%"}\n',
      'set: {policy.high: null}\n',
      'set: {hospital.H1.volume: "0"}\n',
      'set: {coefficient.flatten: "0.5"}\n',
    ])
      settled(baseline, text)
    expect(baseline.parameters).toEqual(before)
    expect(baseline.valued.ledger).toEqual(ledger)
    expect(JSON.stringify(baseline.settlement)).toBe(settlement)
    expect(Object.isFrozen(baseline.parameters.policy.high)).toBe(true)
    expect(() => {
      ;(baseline.parameters.weights as { scale: string }).scale = '2'
    }).toThrow(TypeError)
  })

  test('keeps the sum check at zero whatever changes', () => {
    fc.assert(
      fc.property(
        anyPolicy.chain(policy => anyRegion(policy, 60)),
        fc.integer({ min: 1, max: 300 }),
        (input, percent) => {
          const base = createBaseline(input)
          const texts = [
            `scale: {budget.*.fund: "*${percent}"}\n`,
            `set: {hospital.H3.volume: "${percent / 100}"}\n`,
            'set: {policy.pools: joint}\n',
          ]
          for (const { check } of compare(
            base,
            texts.map(text => settled(base, text)),
          ).scenarios)
            expect(check).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('that joins the pools pays the fund once', () => {
    const outcome = settled(baseline, 'set: {policy.pools: joint}\n')
    const budget = region.budgets.reduce((all, { fund }) => all + fund, 0)
    const due = outcome.settlement.hospitals.reduce((all, row) => all + row.due, 0)
    expect(fundPaid(outcome.settlement)).toBe(due)
    expect(due).toBeLessThanOrEqual(budget)
    // One row an insurance, each with the joint point value.
    const [comparison] = compare(baseline, [outcome]).scenarios
    expect(comparison!.pools.map(({ insurances }) => insurances)).toEqual([['310'], ['390']])
    expect(new Set(comparison!.pools.map(({ pointValue }) => pointValue[1]?.toString())).size).toBe(1)
  })

  test('may split the pools otherwise than its neighbours in a table', () => {
    const texts = ['set: {}\n', 'set: {policy.pools: joint}\n']
    for (const order of [texts, texts.toReversed()]) {
      const grid = scenariosGrid(
        compare(
          baseline,
          order.map(text => settled(baseline, text)),
        ),
        'en',
      )
      for (const row of grid.rows) expect(row).toHaveLength(grid.columns.length)
      expect(grid.columns.filter(({ title }) => title.startsWith('Point value'))).toHaveLength(2)
    }
  })

  test.each([
    'policy.scheme: x',
    'policy.validTo: "2026-01-01"',
    'policy.title.zh: x',
    'policy.id: x',
    'policy.cycle.theta: "0.9"',
    'policy.cycle.*: "0.1"',
    'policy.pointValue: "70"',
    'policy.payRatio: "0.7"',
    'policy.coefficient.table: {file: k.csv}',
  ])('of a parameter that moves nothing is refused: %s', text => {
    expect(() => settled(baseline, `set:\n  ${text}\n`)).toThrow(expect.objectContaining({ code: 'SCN-006' }))
  })

  test.each([
    ['set: {}\nscale:\n  budgt.310.fund: "+5%"\n', 'SCN-001', 4, 'Did you mean budget.310.fund?'],
    ['scale:\n  budget.320.fund: "+5%"\n', 'SCN-001', 3, 'There are budget.310.fund, budget.390.fund.'],
    ['set:\n  policy.high.bnads: []\n', 'SCN-001', 3, 'Did you mean policy.high.bands?'],
    ['set:\n  coefficient.flatten: 0.5\n', 'SCN-002', 3, 'Correct the value'],
    ['set:\n  policy.low.threshold: abc\n', 'SCN-002', 3, 'Correct the value'],
    ['scale:\n  policy.low.op: "+5%"\n', 'SCN-003', 3, 'Use set'],
    ['scale:\n  budget.310.fund: "5"\n', 'DOC-002', 3, 'Correct the field'],
  ])('with a mistake names the place and the remedy: %s', (text, code, line, remedy) => {
    let fault: unknown
    try {
      settled(baseline, text)
    } catch (error) {
      fault = error
    }
    expect(fault).toBeInstanceOf(Fault)
    expect((fault as Fault).code).toBe(code)
    expect((fault as Fault).at.line).toBe(line)
    expect((fault as Fault).fix.en).toContain(remedy)
  })
})

test('scaling texts', () => {
  expect(['+5%', '-3%', '*1.05', '+0.5%', '-100%'].map(text => parseFactor(text)?.toString())).toEqual([
    '1.05',
    '0.97',
    '1.05',
    '1.005',
    '0',
  ])
  expect(['5%', '1.05', '+5', '-101%', '* 2', ''].map(parseFactor)).toEqual(Array(6).fill(undefined))
})

test.each(['budget-plus-5', 'coefficient-flatten-half', 'h001-volume-plus-10'])(
  'the example %s fits a region with hospital H001',
  name => {
    const hospitals = region.hospitals.map((one, i) => ({ ...one, code: `H00${i + 1}` }))
    const coefficients = {
      ...region.coefficients,
      of: (g: number, level: string) => region.coefficients.of(g, level, ''),
    }
    const baseline = createBaseline({
      ...region,
      coefficients,
      hospitals,
      cases: { ...region.cases, hospitals: hospitals.map(({ code }) => code) },
    })
    const outcome = runScenario(baseline, readScenario(home('policies', 'scenarios', `${name}.yaml`)))
    expect(compare(baseline, [outcome]).scenarios[0]).toMatchObject({ check: 0 })
    expect(outcome.settlement).not.toEqual(baseline.settlement)
  },
)
