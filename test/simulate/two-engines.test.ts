import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { payCase } from '../../simulate/settle/case-payment.ts'
import { CLASSES } from '../../simulate/settle/classes.ts'
import { valueCases } from '../../simulate/settle/points.ts'
import type { RegionInput } from '../../simulate/settle/region.ts'
import { NO_STAY } from '../../weights/index.ts'
import { anyPolicy, anyRegion } from './arbitrary.ts'

/** Class, points and money of a case by the literal engine. */
function literal(
  { cases, weights, coefficients, policy, hospitals }: RegionInput,
  i: number,
): readonly [string, number, number] {
  const group = cases.group[i]!
  const hospital = hospitals[cases.hospital[i]!]!
  const payment = payCase(
    policy,
    {
      group: cases.groups[group]!,
      parent: cases.parents[group]!,
      status: cases.status[i]! as 0 | 1 | 2 | 3,
      weight: weights.weight[group]!,
      stable: weights.stable[group]!,
      coefficient: coefficients.of(group, hospital.level, hospital.code),
      level: hospital.level,
      insurance: cases.insurances[cases.insurance[i]!]!,
      cost: cases.cost[i]!,
      los: cases.los[i] === NO_STAY ? null : cases.los[i]!,
    },
    { meanCost: new Decimal(weights.meanCost).div(100), pointValue: null },
  )
  return [payment.class, payment.points, payment.paid]
}

test('the batch kernel equals the literal engine on every case of random policies, costs on thresholds included', () => {
  let cases = 0
  let redone = 0
  const seen = new Set<string>()
  fc.assert(
    fc.property(
      anyPolicy.chain(policy => anyRegion(policy, 60)),
      input => {
        const values = valueCases(input)
        redone += values.redone
        cases += input.cases.count
        for (let i = 0; i < input.cases.count; i++) {
          const [name, points, paid] = literal(input, i)
          const found = [CLASSES[values.class[i]!], values.points[i], values.paid[i]]
          expect(found, `case ${i}, cost ${input.cases.cost[i]}`).toEqual([name, points, paid])
          seen.add(name)
        }
      },
    ),
    { numRuns: 1500 },
  )
  // The property means little unless it met every class and the exact pass.
  expect([...seen].sort()).toEqual([...CLASSES].sort())
  expect(redone).toBeGreaterThan(cases / 2000)
})

test('a value on a rounding boundary is decided exactly', () => {
  // 1 fen at A = 8 yuan, scale 1: 1e4/800 = 12.5 units of 1e-4, which rounds up.
  fc.assert(
    fc.property(anyPolicy, fc.integer({ min: 0, max: 40_000 }), (policy, n) => {
      if (policy.method === 'rate' || policy.special[2]?.kind !== 'costShare') return
      const one = {
        ...policy,
        scale: new Decimal(1),
        avgCost: new Decimal(8),
        special: [null, null, null, policy.special[3]] as const,
      }
      const input = fc.sample(anyRegion({ ...one, unstable: 'actualPoints' }, 1), { numRuns: 1, seed: n })[0]!
      const cost = Float64Array.of(2 * n + 1)
      const cases = { ...input.cases, cost, status: Uint8Array.of(0), los: Uint16Array.of(9) }
      const weights = { ...input.weights, weight: input.weights.weight.map(() => null) }
      const values = valueCases({ ...input, cases, weights, policy: { ...one, unstable: 'actualPoints' } })
      expect(values.points[0]).toBe(((2 * n + 1) * 25 + 1) / 2)
      expect(values.redone).toBe(1)
    }),
  )
})
