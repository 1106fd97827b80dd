import type { Policy } from '../policy/policy.ts'
import { type Growth, grownLedger } from '../scenario/counted.ts'
import type { Baseline } from '../scenario/run.ts'
import { runScenario } from '../scenario/run.ts'
import { layersOf, type Scenario } from '../scenario/scenario.ts'
import type { Ledger } from '../settle/ledger.ts'
import { type CellFactors, cellFactors, type GroupSums, groupSums, growthOf, type YearTerms } from './cells.ts'
import type { ProjectionConfig } from './config.ts'
import { relativeWeights, updateOf, weightIndex, windowOf } from './refresh.ts'

/** A scenario in force from a year on. */
export interface Reforming {
  readonly from: number
  readonly scenario: Scenario
}

/** The region under the reforms of a year, at the volumes and prices of the start; volume caps count the cases of the year. */
export interface Ground {
  readonly ledger: Ledger
  readonly policy: Policy
  /** Budget under the reforms over the budget without, by insurance. */
  readonly budget: ReadonlyMap<string, number>
}

/** What the years of a projection are made of. */
export interface Grounds {
  /** The region under the reforms in force in year t. */
  at(t: number): Ground
  factors(t: number): CellFactors
  /** By how much the weights of each group moved since the start, by position in the ledger of year t. */
  weights(t: number): Float64Array
}

/**
 * The region under its reforms, year by year. A reform is settled on the cases of the start, once or, under volume caps, once
 * a year; a reform that changes the scheme regroups them, and the past is then seen under the new scheme when weights are
 * derived.
 */
export function createGrounds(
  baseline: Baseline,
  firstYear: number,
  config: ProjectionConfig,
  reforms: readonly Reforming[],
  terms: (t: number) => YearTerms,
): Grounds {
  const made = new Map<string, Ground>()
  const groundOf = (inForce: readonly Reforming[]): Ground => {
    const key = inForce.map(one => reforms.indexOf(one)).join(' ')
    const found = made.get(key) ?? settleReforms(baseline, inForce)
    made.set(key, found)
    return found
  }
  const inForce = (t: number): readonly Reforming[] => reforms.filter(({ from }) => from <= firstYear + t)
  const regroups = ({ scenario }: Reforming): boolean => layersOf(scenario).some(layer => 'scheme' in layer.set)
  /** The region of year y as the scheme of year t groups it. */
  const seenFrom = (y: number, t: number): Ledger =>
    groundOf(reforms.filter(one => (regroups(one) ? inForce(t) : inForce(y)).includes(one))).ledger
  const sumsOf = new Map<string, GroupSums>()
  const groupsIn = (y: number, t: number): GroupSums => {
    const key = `${y} ${reforms.filter(one => regroups(one) && inForce(t).includes(one)).length}`
    const ledger = seenFrom(y, t)
    const found = sumsOf.get(key) ?? groupSums(ledger, cellFactors(ledger, terms(y), config, baseline.input.hospitals))
    sumsOf.set(key, found)
    return found
  }
  const grown = new Map<number, Ground>()
  /** Volume caps count the cases of the year, so that what they take has to be reckoned for each. */
  const groundAt = (t: number): Ground => {
    const plain = groundOf(inForce(t))
    if (t === 0 || plain.policy.rules.volumeCap.size === 0) return plain
    const growth = growthOf(terms(t), config, baseline.input.hospitals)
    const found = grown.get(t) ?? settleReforms(baseline, inForce(t), growth)
    grown.set(t, found)
    return found
  }
  return {
    at: groundAt,
    factors: t => cellFactors(groundAt(t).ledger, terms(t), config, baseline.input.hospitals),
    weights(t) {
      const { weights } = config
      const relative = (update: number): Float64Array =>
        relativeWeights(
          windowOf(update, weights).map(y => groupsIn(y, t)),
          weights.years,
        )
      return weightIndex(relative(0), relative(updateOf(t, weights)))
    },
  }
}

/** Settles scenarios stacked in the order of their years; without any the baseline as it is, but for its growth. */
function settleReforms(baseline: Baseline, reforms: readonly Reforming[], growth?: Growth): Ground {
  const { input, valued, parameters } = baseline
  const [last] = reforms.slice(-1)
  if (last === undefined) {
    const ledger = growth === undefined ? valued.ledger : grownLedger(input, valued, growth)
    return { ledger, policy: input.policy, budget: new Map() }
  }
  const stack = reforms.toSorted((a, b) => a.from - b.from).map(one => one.scenario)
  const outcome = runScenario(baseline, { ...last.scenario, baseline: null, stack, set: {}, scale: {} }, growth)
  const after = outcome.segments[0]!.parameters.budget
  return {
    ledger: outcome.ledger,
    policy: outcome.policy,
    budget: new Map(
      Object.entries(parameters.budget).map(([code, { fund }]) => [
        code,
        Number(after[code]?.fund ?? fund) / Number(fund),
      ]),
    ),
  }
}
