import { Decimal } from '../../numbers/index.ts'
import type { GroupedCases, WeightTable } from '../../weights/index.ts'
import { tableOf, type UsedCoefficients } from '../policy/coefficients.ts'
import type { Policy } from '../policy/policy.ts'
import type { RegionInput } from '../settle/region.ts'
import type { Parameters } from './parameters.ts'

const ONE: Decimal = new Decimal(1)
/** Digits of a weight that was balanced. */
const DIGITS = 8

/** Weights and coefficients of a region under changed parameters. */
export function changedTables(
  input: Pick<RegionInput, 'cases' | 'weights' | 'coefficients' | 'hospitals'>,
  policy: Policy,
  { coefficient, weights }: Pick<Parameters, 'coefficient' | 'weights'>,
): { readonly weights: WeightTable; readonly coefficients: UsedCoefficients } {
  const keep = ONE.minus(coefficient.flatten)
  const levels = new Map(Object.entries(coefficient.level).map(([level, factor]) => [level, new Decimal(factor)]))
  const table = tableOf(policy, input.coefficients, input.cases, input.hospitals)
  const same = keep.eq(1) && [...levels.values()].every(factor => factor.eq(1))
  return {
    weights: changedWeights(input, weights),
    coefficients: same
      ? table
      : {
          kind: table.kind,
          isUsed: true,
          of(group, level, hospital) {
            const k = table.of(group, level, hospital).times(levels.get(level) ?? ONE)
            return k.minus(1).times(keep).plus(1)
          },
        },
  }
}

/**
 * Weights under factors: by group first, then all. With `balance: total` those that no factor names are multiplied by
 * λ = (W − W named) / W free, so that Σ n·w over the region's grouped cases stays W.
 */
function changedWeights(
  { cases, weights }: Pick<RegionInput, 'cases' | 'weights'>,
  { scale, group, balance }: Parameters['weights'],
): WeightTable {
  const all = new Decimal(scale)
  const entries = Object.entries(group).map(([start, factor]) => [start, new Decimal(factor)] as const)
  if (all.eq(1) && entries.length === 0) return weights
  const named = weights.groups.map(code => entries.filter(([start]) => code.startsWith(start)).map(([, f]) => f))
  const first = weights.weight.map((weight, g) => named[g]!.reduce((w, f) => w?.times(f) ?? null, weight))
  const lambda = balance === 'total' && entries.length > 0 ? balanceOf(cases, weights, first, named) : ONE
  return {
    ...weights,
    weight: first.map((weight, g) => {
      if (weight === null) return null
      const balanced = lambda.eq(1) || named[g]!.length > 0 ? weight : weight.times(lambda).toDecimalPlaces(DIGITS)
      return balanced.times(all)
    }),
  }
}

function balanceOf(
  cases: GroupedCases,
  before: WeightTable,
  after: readonly (Decimal | null)[],
  named: readonly (readonly Decimal[])[],
): Decimal {
  const count = new Float64Array(cases.groups.length)
  for (let i = 0; i < cases.count; i++) if (cases.status[i] === 0) count[cases.group[i]!]! += 1
  let wanted = new Decimal(0)
  let free = new Decimal(0)
  for (const [g, n] of count.entries()) {
    const [old, now] = [before.weight[g] ?? null, after[g] ?? null]
    if (old === null || now === null || n === 0) continue
    wanted = wanted.plus(old.times(n))
    if (named[g]!.length === 0) free = free.plus(old.times(n))
    else wanted = wanted.minus(now.times(n))
  }
  // Nothing is left to balance with: the total moves.
  return free.isZero() || wanted.lte(0) ? ONE : wanted.div(free)
}
