import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { compilePolicy } from '../../simulate/policy/policy.ts'
import { readProjection } from '../../simulate/projection/config.ts'
import { project } from '../../simulate/projection/project.ts'
import { grownLedger } from '../../simulate/scenario/counted.ts'
import { createBaseline, runScenario } from '../../simulate/scenario/run.ts'
import { readScenario } from '../../simulate/scenario/scenario.ts'
import { valueRegion } from '../../simulate/settle/region.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { anyPolicy, anyRegion } from './arbitrary.ts'
import { months, region } from './capped-region.ts'

const folder = temporaryFolder()
const STILL = readProjection(
  put(
    folder,
    'still.yaml',
    `years: 2
runs: 1
useGrowth: "0"
costGrowth: "0"
otherGrowth: "0"
weights: {every: 0}
budget: {growth: "0"}
income: {start: "1", wageGrowth: "0", headGrowth: "0"}
population:
  births: 0
  bands:
    - {from: 0, to: 39, male: 1000, female: 1000, mortality: "0", use: "0.1", employees: "0.5", residents: "0.5"}
    - {from: 40, to: null, male: 1000, female: 1000, mortality: "0", use: "0.1", employees: "0.5", residents: "0.5"}
uncertainty: {use: "0", cost: "0", income: "0"}
`,
  ),
)
const scenario = (name: string, text: string) => readScenario(put(folder, name, `title: {zh: 甲, en: A}\n${text}`))
const CAPPED = ['G0', 'P1', 'G2']
const YEAR = months('AA11', [3, 2, 4])
const by = (cut: string, quota = '4') => ({ volumeCap: [{ group: 'AA11', quota, factor: '0.5', cut }] })

describe('a projection under a volume cap', () => {
  test('counts the cases of each year against the quota, worked by hand', () => {
    for (const cut of ['spread', 'byDate']) {
      const { hospitals } = project(createBaseline(region(YEAR, by(cut))), 2025, { ...STILL, useGrowth: 1 })
      // 9, 18 and 36 cases of 100 points, of which 4 count in full and the others half.
      const found = hospitals.map(({ points }) => points / 10_000)
      for (const [t, cases] of [9, 18, 36].entries()) expect(found[t]).toBeCloseTo(100 * (4 + (cases - 4) / 2), 1)
    }
  })

  test('counts those of trends and events where they are, month by month', () => {
    const config = {
      ...STILL,
      events: [{ title: { zh: '疫', en: 'Wave' }, from: 2026, to: 2026, where: { month: ['2025-01'] }, volume: 2, cost: 1 }],
    } // biome-ignore format: one event
    const { hospitals } = project(createBaseline(region(YEAR, by('byDate'))), 2025, config)
    // 2026: six cases in January, 4 of them in full, then 2 and 4 at a half: 5 + 1 + 2.
    expect(hospitals.map(({ points }) => Math.round(points / 10_000))).toEqual([650, 800, 650])
  })

  test('counts them under the reform of the year', () => {
    const reform = scenario('reform.yaml', 'set: {policy.volumeCap: [{group: AA11, quota: "10", factor: "0"}]}\n')
    const base = createBaseline(region(YEAR, by('spread')))
    const { hospitals } = project(base, 2025, { ...STILL, useGrowth: 1 }, [{ from: 2027, scenario: reform }])
    // 4 + 5 / 2, 4 + 14 / 2, then 10 of 36.
    expect(hospitals.map(({ points }) => Math.round(points / 10_000))).toEqual([650, 1100, 1000])
  })

  test('keeps the classes that the final point value decided', () => {
    const list = [...months('AA11', [10]), ...months('BB11', [10])]
    const fields = {
      ratioBase: 'pvRw', reclassifyAtYearEnd: true, low: { threshold: '0.5', op: '<', formula: 'L1' },
      high: { limit: '1.5', op: '>', formula: 'H1' }, volumeCap: [{ group: 'AA11', quota: '10', factor: '0' }],
    } // biome-ignore format: one policy
    const input = region(list, fields)
    input.cases.cost.set(list.map((_, i) => (i < 10 ? 800_000 : 1_000_000 + 40_000 * (i - 9))))
    const valued = valueRegion({ ...input, budgets: [{ insurance: '310', fund: 12_000_000 }] })
    const pointsAt = (volume: string): number[] => {
      const { cells } = grownLedger(input, valued, () => () => new Decimal(volume))
      return [0, 1].map(g => cells.sums.points.reduce((sum, one, cell) => sum + (cells.group[cell] === g ? one : 0), 0))
    }
    const settled = pointsAt('1')
    const { sums } = valued.ledger.cells
    expect(settled[0]! + settled[1]!).toBe(sums.points.reduce((a, b) => a + b, 0))
    // Of 20 cases 10 count: each of the AA11 half. A cap on AA11 says nothing about BB11.
    expect(pointsAt('2')).toEqual([settled[0]! / 2, settled[1]!])
    expect(pointsAt('0.5')).toEqual(settled)
    // The year-start value would class them otherwise, or the test means little.
    expect(valued.reclassified?.cases).toBeGreaterThan(0)
  })

  test('pays in a year of more cases what the scenario of that volume pays', () => {
    let capped = 0
    fc.assert(
      fc.property(
        fc
          .tuple(anyPolicy.filter(({ method }) => method === 'points'), fc.constantFrom('spread' as const, 'byDate' as const))
          .map(([{ document }, cut]) => compilePolicy({ ...document, volumeCap: CAPPED.map(group => ({ group, quota: '2', factor: '0.35', cut })) }))
          .chain(policy => anyRegion(policy, 60)),
        fc.constantFrom('0.5', '0.75', '1.25', '1.5', '3'),
        (input, volume) => {
          const baseline = createBaseline(input)
          const { policy } = input
          // Money of normal cases that follows costs or sets is another matter.
          fc.pre(policy.document.elastic === null && !policy.document.reclassifyAtYearEnd)
          const projected = project(baseline, 2025, { ...STILL, years: 1, useGrowth: Number(volume) - 1 })
          const { settlement } = runScenario(baseline, scenario('volume.yaml', `set: {region.volume: "${volume}"}\n`))
          const own = projected.hospitals.filter(({ year }) => year === 2026)
          expect(own.map(({ points }) => points)).toEqual(settlement.hospitals.map(({ points }) => points))
          expect(own.map(({ due }) => due)).toEqual(settlement.hospitals.map(({ due }) => due))
          const sum = (rows: readonly { readonly points: number }[]): number => rows.reduce((all, row) => all + row.points, 0)
          if (Math.abs(sum(settlement.hospitals) - Number(volume) * sum(baseline.settlement.hospitals)) > 100) capped++
        },
      ),
      { numRuns: 150 },
    ) // biome-ignore format: one property
    // The property means little unless caps took something.
    expect(capped).toBeGreaterThan(8)
  })
})
