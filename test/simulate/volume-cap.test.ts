import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { volumeFactor } from '../../simulate/policy/case-rules.ts'
import { createEvaluator } from '../../simulate/scenario/evaluator.ts'
import { type Baseline, createBaseline, runScenario } from '../../simulate/scenario/run.ts'
import { readScenario } from '../../simulate/scenario/scenario.ts'
import { valueCases } from '../../simulate/settle/points.ts'
import type { RegionInput } from '../../simulate/settle/region.ts'
import { acceptedCases } from '../../simulate/settle/review.ts'
import { NO_MARK } from '../../weights/index.ts'
import { months, region } from './capped-region.ts'

const points = (input: RegionInput): number[] => [...valueCases(input).points].map(value => value / 10_000)
const YEAR = months('AA11', [3, 2, 4])

function scenario(baseline: Baseline, text: string): { readonly points: number; readonly due: readonly number[] } {
  const file = join(mkdtempSync(join(tmpdir(), 'cap-')), 's.yaml')
  writeFileSync(file, `title: {zh: 测试, en: Test}\n${text}`)
  const one = readScenario(file)
  const { settlement } = runScenario(baseline, one)
  // The evaluator, which values no case, gives the same money.
  expect([...createEvaluator(baseline, () => baseline).evaluate(one).due]).toEqual(
    settlement.hospitals.map(row => row.due),
  )
  return {
    points: settlement.hospitals.reduce((all, row) => all + row.points, 0) / 10_000,
    due: settlement.hospitals.map(row => row.due),
  }
}

describe('a cap on the volume of a group, 3, 2 and 4 cases in three months, quota 4', () => {
  test('by date: full before the boundary month, pro rata in it, the factor beyond it', () => {
    const byDate = region(YEAR, { volumeCap: [{ group: 'AA11', quota: '4', factor: '0.5', cut: 'byDate' }] })
    // February: one of two within the quota, (1 + 0.5) / 2.
    expect(points(byDate)).toEqual([100, 100, 100, 75, 75, 50, 50, 50, 50])
    const stops = region(YEAR, { volumeCap: [{ group: 'AA11', quota: '4', factor: '0', cut: 'byDate' }] })
    expect(points(stops)).toEqual([100, 100, 100, 50, 50, 0, 0, 0, 0])
  })

  test('spread: (4 + 0.5 × 5) / 9 for each', () => {
    const spread = region(YEAR, { volumeCap: [{ group: 'AA11', quota: '4' }] })
    expect(points(spread)).toEqual(Array.from(YEAR, () => 72.2222))
  })

  test('months count in the order of the calendar, however the cases list them', () => {
    const input = region([...YEAR].reverse(), {
      volumeCap: [{ group: 'AA11', quota: '4', factor: '0', cut: 'byDate' }],
    })
    expect(points(input)).toEqual([0, 0, 0, 0, 50, 50, 100, 100, 100])
  })

  test('of an ADRG: its leaves count together, but for those that have a cap of their own', () => {
    const list = [...months('AA11', [2, 2]), ...months('AA13', [2, 2]), ...months('AA15', [1, 1])]
    const volumeCap = [
      { group: 'AA1', quota: '5', factor: '0', cut: 'byDate' },
      { group: 'AA15', quota: '1', factor: '0', cut: 'byDate' },
    ]
    expect(points(region(list, { volumeCap }))).toEqual([100, 100, 25, 25, 100, 100, 25, 25, 100, 0])
  })

  test('does not count stays that are no discharges: day surgeries, returns within the days of the rule', () => {
    const marks = [
      { ...NO_MARK, daySurgery: true },
      { ...NO_MARK, readmittedAfter: 9 },
    ]
    const fields = {
      volumeCap: [{ group: 'AA11', quota: '4', factor: '0', cut: 'byDate' }],
      daySurgery: { mode: 'standard', countsAsDischarge: false },
      readmission: { days: '10', factor: '1', countsAsDischarge: false },
    }
    // January counts one of three, February two: March has one of four left.
    expect(points(region(YEAR, fields, marks))).toEqual([100, 100, 100, 100, 100, 25, 25, 25, 25])
    const counted = {
      ...fields,
      daySurgery: { mode: 'standard' },
      readmission: { days: '8', factor: '1', countsAsDischarge: false },
    }
    expect(points(region(YEAR, counted, marks))).toEqual([100, 100, 100, 50, 50, 0, 0, 0, 0])
  })

  test('in scenarios the quota stays that of the year: volumes count, and so do months settled under another rule', () => {
    const baseline = createBaseline(
      region(YEAR, { volumeCap: [{ group: 'AA11', quota: '4', factor: '0.5', cut: 'byDate' }] }),
    )
    // 18 cases: 4 + 0.5 × 14 = 11; January (4 + 1) / 6 each, to the 1e-4 point.
    expect(scenario(baseline, 'scale: {region.volume: "*2"}\n').points).toBeCloseTo(1100, 2)
    // From March on the factor is 0: 300 + 150 + 0.
    const late =
      'set:\n  policy.volumeCap:\n    2025-03-01.2025-03-31: [{group: AA11, quota: "4", factor: "0", cut: byDate}]\n'
    expect(scenario(baseline, late).points).toBe(450)
  })
})

test('the quota of special-case review is a share of what counts as a discharge', () => {
  const marks = [
    ...Array.from({ length: 2 }, () => ({ ...NO_MARK, daySurgery: true })),
    ...Array.from({ length: 8 }, () => ({ ...NO_MARK, review: 'applied' as const })),
  ]
  const fields = (isDischarge: boolean) => ({
    review: { quota: '0.25', outcome: 'cost' },
    daySurgery: { mode: 'standard', countsAsDischarge: isDischarge },
  })
  const accepted = (isDischarge: boolean) => {
    const input = region(months('AA11', [10, 2]), fields(isDischarge), marks)
    return acceptedCases(input)!.reduce((all, one) => all + one, 0)
  }
  // 12 discharges allow 3; without the two day surgeries 10 allow 2.
  expect([accepted(true), accepted(false)]).toEqual([3, 2])
})

test('both cuts keep the same sum: quota + factor × what lies beyond it, and it grows with the quota', () => {
  const counts = fc.array(fc.nat(40), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(counts, fc.nat(200), fc.constantFrom('0', '0.5', '0.85', '1'), (list, quota, factor) => {
      const cases = new Decimal(list.reduce((all, n) => all + n, 0))
      const within = Decimal.min(quota, cases)
      const sum = (byDate: boolean): Decimal => {
        let before = new Decimal(0)
        return list.reduce((all, n) => {
          const count = { cases, before, inMonth: new Decimal(n) }
          before = before.plus(n)
          if (n === 0) return all
          const { n: top, d } = volumeFactor({ quota, factor: new Decimal(factor), byDate }, count)
          expect(top.gte(d.times(factor)) && top.lte(d)).toBe(true)
          return all.plus(top.times(n).div(d))
        }, new Decimal(0))
      }
      const expected = within.plus(cases.minus(within).times(factor))
      for (const byDate of [true, false]) expect(sum(byDate).minus(expected).abs().lt('1e-30')).toBe(true)
    }),
  )
})
