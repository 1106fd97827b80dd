import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tableOf } from '../../simulate/policy/coefficients.ts'
import { compilePolicy } from '../../simulate/policy/policy.ts'
import { createEvaluator, sortRegion } from '../../simulate/scenario/evaluator.ts'
import { createBaseline, runScenario } from '../../simulate/scenario/run.ts'
import type { Scenario } from '../../simulate/scenario/scenario.ts'
import { isSummable } from '../../simulate/scenario/sorted.ts'
import { createValuer } from '../../simulate/scenario/valuer.ts'
import { claimsOf } from '../../simulate/settle/claims.ts'
import { valueRegion } from '../../simulate/settle/region.ts'
import type { GroupedCases } from '../../weights/index.ts'
import { anyPolicy, anyRegion } from './arbitrary.ts'
import { withParts } from './with-parts.ts'

const scenario = (fields: Partial<Scenario>): Scenario => ({
  file: 'test', title: { zh: '测试', en: 'Test' }, author: null, baseline: null, description: null, reference: [], assumptions: [], date: null,
  stack: [], set: {}, scale: {}, ...fields,
}) // biome-ignore format: one list

/** The cases without items on top, which no sum over stretches holds. */
function withoutItems(cases: GroupedCases): GroupedCases {
  const { facts } = cases
  return facts === undefined
    ? cases
    : { ...cases, facts: { ...facts, marks: facts.marks.map(mark => ({ ...mark, addOns: [] })) } }
}

/** Policies that pay no case in points and money at once. */
const anySummable = anyPolicy.map(({ document }) =>
  compilePolicy({ ...document, elastic: document.elastic?.by === 'costKind' ? null : document.elastic }),
)

test('claims of sorted cases equal those of the ledger, to the last unit, under any policy', () => {
  fc.assert(
    fc.property(
      anySummable.chain(policy => anyRegion(policy, 120)),
      drawn => {
        const input = { ...drawn, cases: withoutItems(drawn.cases) }
        expect(isSummable(input.cases, input.policy)).toBe(true)
        const { ledger } = valueRegion(input)
        const coefficients = tableOf(input.policy, input.coefficients, input.cases, input.hospitals)
        const valuer = createValuer(sortRegion(input), { ...input, coefficients, priced: input.cases.insurances })
        expect(valuer.claims(input.policy)).toEqual(claimsOf(ledger))
      },
    ),
    { numRuns: 300 },
  )
})

test('a valuer prepared under one policy gives the claims of any other that differs in its cost bands', () => {
  fc.assert(
    fc.property(
      anySummable.chain(policy => anyRegion(policy, 100)),
      fc.array(anyPolicy, { minLength: 1, maxLength: 4 }),
      (drawn, others) => {
        const input = { ...drawn, cases: withoutItems(drawn.cases) }
        const coefficients = tableOf(input.policy, input.coefficients, input.cases, input.hospitals)
        const valuer = createValuer(sortRegion(input), { ...input, coefficients, priced: input.cases.insurances })
        for (const {
          document: { low, taper, high, linearBands },
        } of others) {
          const policy = compilePolicy({
            ...input.policy.document,
            low: low && { ...low, formula: input.policy.document.low?.formula ?? low.formula },
            taper,
            high,
            linearBands,
          })
          const { ledger } = valueRegion({ ...input, policy })
          expect(valuer.claims(policy)).toEqual(claimsOf(ledger))
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('a summary equals the settlement of the same scenario, from whatever stage it is had', () => {
  const change = fc.constantFrom<Partial<Scenario>>(
    {},
    { scale: { 'budget.*.fund': '+7%' } },
    { set: { 'hospital.H1.volume': '1.37', 'level.2.volume': '0.613' } },
    { set: { 'coefficient.flatten': '0.3' } },
    { set: { 'region.cost': '1.07' } },
    { set: { 'policy.patientShare': 'ratio' } },
    { set: { 'changes.a': { kind: 'coding', share: '0.5', to: 'up', where: {} } } },
    { set: { 'changes.a': { kind: 'volume', factor: '1.5', where: { hospital: ['H2'] } } } },
    { set: { 'changes.a': { kind: 'volume', factor: '1.5', where: { month: ['2025-02'] } } } },
    { set: { 'policy.los': { short: '1', long: '59' } } },
    { set: { 'coefficient.flatten': { '2025-02-01': '0.3' } } },
  )
  fc.assert(
    fc.property(withParts, fc.array(change, { minLength: 1, maxLength: 6 }), (input, changes) => {
      const baseline = createBaseline(input)
      const evaluator = createEvaluator(baseline, () => baseline)
      for (const fields of changes) {
        const one = scenario(fields)
        const { settlement } = runScenario(baseline, one)
        const summary = evaluator.evaluate(one)
        expect([...summary.due]).toEqual(settlement.hospitals.map(row => row.due))
        expect([...summary.gross]).toEqual(settlement.hospitals.map(row => row.gross))
        expect([...summary.cost]).toEqual(settlement.hospitals.map(row => row.cost))
        const rests = [...settlement.pools, ...settlement.parts].map(pool => pool.residual)
        expect(summary.residual).toBe(rests.reduce((sum, one) => sum + one, 0))
        expect(summary.pointValue.map(String)).toEqual(
          input.cases.insurances.map(code =>
            String(settlement.pools.find(pool => pool.insurances.includes(code))?.pointValue ?? null),
          ),
        )
      }
    }),
    { numRuns: 100 },
  )
})
