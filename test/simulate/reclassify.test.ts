import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { createBaseline, runScenario } from '../../simulate/scenario/run.ts'
import { CLASSES } from '../../simulate/settle/classes.ts'
import { withPointValues } from '../../simulate/settle/reclassify.ts'
import { divideRegion, type RegionInput, valueRegion } from '../../simulate/settle/region.ts'
import { anyRegion } from './arbitrary.ts'
import { policyOf } from './examples.ts'

const fields = {
  method: 'points', scale: '100', avgCost: '6000', pointValue: '60', ratioBase: 'pvRwK',
  low: { threshold: '0.4', op: '<', formula: 'L2' }, high: { limit: '2', op: '>', formula: 'H1' },
  special: { ungrouped: { costShare: '0.7' }, ambiguous: { costShare: '0.8' } },
} // biome-ignore format: a policy
const [provisional, final] = [policyOf(fields), policyOf({ ...fields, reclassifyAtYearEnd: true })]

describe('classes decided again by the final point value', () => {
  test('agree with the value that they lead to, wherever they come to rest', () => {
    let [rests, moved] = [0, 0]
    fc.assert(
      fc.property(anyRegion(final, 60), drawn => {
        const budgets = drawn.budgets.map(one => ({ ...one, fund: Math.round(one.fund / 100) }))
        const input: RegionInput = { ...drawn, budgets }
        const valued = valueRegion(input)
        const { reclassified } = valued
        expect(reclassified).toBeDefined()
        if (reclassified?.settled !== true) return
        rests++
        moved += reclassified.cases
        // Valuing the cases by the final value once more gives the same cases, as does a policy that states this value.
        const { pools } = divideRegion(valued.ledger, input)
        const values = new Map(
          pools.flatMap(({ pointValue, insurances }) =>
            pointValue?.gt(0) === true ? insurances.map(one => [one, pointValue] as const) : [],
          ),
        )
        const stated = withPointValues(provisional, values, ['310', '390'])
        expect(valueRegion({ ...input, policy: stated }).values.points).toEqual(valued.values.points)
      }),
      { numRuns: 200 },
    )
    expect(rests).toBeGreaterThan(100)
    expect(moved).toBeGreaterThan(0)
  })

  test('a case of 7,000 yuan is low at 200 yuan a point and normal at 60', () => {
    const input = fc.sample(anyRegion(final, 1), { numRuns: 1, seed: 1 })[0]!
    const one = (policy: typeof final, budget: number) => {
      const { facts: _, ...cases } = input.cases
      const given = {
        ...input, policy, budgets: ['310', '390'].map(insurance => ({ insurance, fund: budget })),
        weights: { ...input.weights, weight: input.weights.weight.map(() => new Decimal(1)) },
        cases: {
          ...cases, cost: Float64Array.of(700_000), fund: Float64Array.of(700_000), patient: Float64Array.of(0),
          status: Uint8Array.of(0), los: Uint16Array.of(9),
        },
      } // biome-ignore format: one case
      return CLASSES[valueRegion(given).values.class[0]!]
    }
    // 100 points: 20,000 yuan make 200 yuan a point, 0.35 of the standard; 6,000 yuan make 60.
    expect(one(provisional, 2_000_000)).toBe('normal')
    expect(one(final, 600_000)).toBe('normal')
    // Low, it earns c/A · S = 116.67 points, and 20,000 yuan make 171.43 yuan: 0.41 of the standard. No class agrees.
    expect(['low', 'normal']).toContain(one(final, 2_000_000))
    expect(one(final, 3_000_000)).toBe('low')
  })

  test('scenarios refuse such a policy by name', () => {
    const input = fc.sample(anyRegion(final, 3), { numRuns: 1, seed: 2 })[0]!
    const baseline = createBaseline(input)
    const scenario = {
      file: 'x.yaml', title: { zh: '测', en: 'Test' }, author: null, baseline: null, description: null, reference: [], assumptions: [], date: null,
      stack: [], set: {}, scale: { 'budget.*.fund': '+7%' },
    } // biome-ignore format: a scenario
    expect(() => runScenario(baseline, scenario)).toThrow(/SCN-016/)
  })
})
