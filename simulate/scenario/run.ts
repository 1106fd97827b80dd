import { Decimal, parseYuan } from '../../numbers/index.ts'
import type { CoefficientTable, WeightTable } from '../../weights/index.ts'
import { tableOf } from '../policy/coefficients.ts'
import { compilePolicy, type Policy } from '../policy/policy.ts'
import { checkPrices, type Terms } from '../settle/check.ts'
import { scaleVolume } from '../settle/ledger.ts'
import { divideRegion, type RegionInput, type Settlement, type ValuedRegion, valueRegion } from '../settle/region.ts'
import { deepFreeze, type Parameters, parametersOf } from './parameters.ts'
import { applyScenario, type Scenario } from './scenario.ts'

/** A settled region that scenarios start from. */
export interface Baseline {
  readonly input: RegionInput
  readonly parameters: Parameters
  readonly valued: ValuedRegion
  readonly settlement: Settlement
}

/** The latest stage that a change touches: the division of the pools, the sums, or the value of every case. */
export type Stage = 'divide' | 'volume' | 'value'

export interface Outcome {
  readonly scenario: Scenario
  readonly parameters: Parameters
  readonly stage: Stage
  readonly valued: ValuedRegion
  readonly settlement: Settlement
}

/** Settles a region once and keeps what scenarios need. */
export function createBaseline(input: RegionInput): Baseline {
  const listed = new Set(input.cases.hospitals)
  const parameters = parametersOf(
    input.policy.document,
    input.budgets,
    input.hospitals.filter(({ code }) => listed.has(code)),
  )
  const valued = valueRegion(input)
  return { input, parameters, valued, settlement: deepFreeze(divideRegion(valued.ledger, input)) }
}

/** Checks scenarios against what is known before the cases are read: paths, values, and prices under a changed policy. */
export function checkScenarios(terms: Terms, scenarios: readonly Scenario[]): void {
  const parameters = parametersOf(terms.policy.document, terms.budgets, terms.hospitals)
  for (const scenario of scenarios) {
    checkPrices({ ...terms, policy: compilePolicy(applyScenario(parameters, scenario).policy) })
  }
}

/** Settles the region under a scenario, from the latest stage that it touches. */
export function runScenario(baseline: Baseline, scenario: Scenario): Outcome {
  const { input } = baseline
  const parameters = applyScenario(baseline.parameters, scenario)
  const stage = stageOf(baseline.parameters, parameters)
  const policy = compilePolicy(parameters.policy)
  const valued =
    stage === 'value' ? valueRegion({ ...input, ...changedTables(input, policy, parameters), policy }) : baseline.valued
  const volumes = new Map(
    Object.entries(parameters.hospital).flatMap(([code, { volume }]) => {
      const factor = new Decimal(volume)
      return factor.eq(1) ? [] : [[code, factor] as const]
    }),
  )
  const ledger = volumes.size === 0 ? valued.ledger : scaleVolume(valued.ledger, volumes)
  const budgets = Object.entries(parameters.budget).map(([insurance, { fund }]) => ({
    ...input.budgets.find(budget => budget.insurance === insurance),
    insurance,
    fund: parseYuan(fund) ?? 0,
  }))
  return {
    scenario,
    parameters,
    stage,
    valued: ledger === valued.ledger ? valued : { ...valued, ledger },
    settlement: divideRegion(ledger, { ...input, policy, budgets }),
  }
}

/** Policy fields that no case depends on: they matter to the division, the clearing or the reader only. */
const AFTER_CASES: ReadonlySet<string> = new Set([
  'patientShare', 'payRatio', 'negativeDue', 'pools', 'cycle', 'appraisal', 'sharing', 'documentedJumps', 'title', 'version', 'validFrom', 'validTo',
  'policyBasis', 'scheme', 'id',
]) // biome-ignore format: one list

function stageOf(before: Parameters, after: Parameters): Stage {
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  const [old, now] = [before.policy, after.policy] as unknown as [Record<string, unknown>, Record<string, unknown>]
  const isPolicySame = Object.keys({ ...old, ...now }).every(key => AFTER_CASES.has(key) || isSame(old[key], now[key]))
  if (!isPolicySame || !isSame(before.coefficient, after.coefficient) || !isSame(before.weights, after.weights))
    return 'value'
  return isSame(before.hospital, after.hospital) ? 'divide' : 'volume'
}

function changedTables(
  input: RegionInput,
  policy: Policy,
  { coefficient, weights }: Parameters,
): { readonly weights: WeightTable; readonly coefficients: CoefficientTable } {
  const scale = new Decimal(weights.scale)
  const keep = new Decimal(1).minus(coefficient.flatten)
  const levels = new Map(Object.entries(coefficient.level).map(([level, factor]) => [level, new Decimal(factor)]))
  const table = tableOf(policy, input.coefficients, input.cases)
  return {
    weights: scale.eq(1)
      ? input.weights
      : { ...input.weights, weight: input.weights.weight.map(weight => weight?.times(scale) ?? null) },
    coefficients: {
      kind: table.kind,
      of(group, level, hospital) {
        const k = table.of(group, level, hospital).times(levels.get(level) ?? 1)
        return k.minus(1).times(keep).plus(1)
      },
    },
  }
}
