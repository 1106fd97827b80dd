import { Decimal, type Fen } from '../numbers/index.ts'
import type { TrimConfig } from './config.ts'
import type { GroupedCases } from './grouped.ts'
import { countGroups, gatherCosts, SCREEN_COUNT } from './kernel.ts'
import { quantile, squareSum, sum } from './moments.ts'
import { trim } from './trim.ts'

/** Number, sum and squares of a set of costs, exact. */
export interface Moments {
  readonly n: number
  /** Σc, fen. */
  readonly sum: Fen
  /** Σc², fen². */
  readonly squares: bigint
}

/** The costs of one group before and after trimming. */
export interface GroupStatistics {
  /** All screened cases. */
  readonly all: Moments
  /** Cases that trimming kept. */
  readonly kept: Moments
  readonly cutLow: number
  readonly cutHigh: number
  /** Passes of trimming that cut something. */
  readonly passes: number
  /** Lowest and highest cost kept, fen; a case with a cost in this range is kept. 0 and −1 in an empty group. */
  readonly lowest: Fen
  readonly highest: Fen
  /** Minimum, quartiles and maximum of all screened cases, fen; undefined in an empty group. */
  readonly range?: {
    readonly min: Fen
    readonly q1: Decimal
    readonly median: Decimal
    readonly q3: Decimal
    readonly max: Fen
  }
  /** Σ(ln c − mean ln c)² and Σ ln c, before and after. */
  readonly logs: { readonly all: LogMoments; readonly kept: LogMoments }
}

/** Sums of ln c, in floating point; they serve no money. */
export interface LogMoments {
  readonly sum: number
  readonly squares: number
}

/** How many cases take part, and why the others do not. */
export interface Screening {
  readonly cases: number
  readonly used: number
  readonly ambiguous: number
  readonly notGrouped: number
  readonly invalid: number
  /** Grouped, but the cost is missing (not a number), zero or negative. */
  readonly withoutCost: number
}

export interface Statistics {
  readonly screening: Screening
  /** By position in `GroupedCases.groups`. */
  readonly groups: readonly GroupStatistics[]
}

/**
 * Statistics of each group: linear in the cases, but for one sort inside each group. The order of the cases in the
 * file changes nothing.
 */
export function describe(cases: GroupedCases, config: TrimConfig): Statistics {
  const size = cases.groups.length
  const starts = new Uint32Array(size + 1)
  const screened = new Uint32Array(SCREEN_COUNT)
  countGroups(cases.group, cases.status, cases.cost, cases.count, starts, screened)
  const costs = new Float64Array(starts[size]!)
  gatherCosts(cases.group, cases.status, cases.cost, cases.count, starts.slice(), costs)
  const groups: GroupStatistics[] = []
  for (let g = 0; g < size; g++) {
    groups.push(describeGroup(costs.subarray(starts[g]!, starts[g + 1]!).sort(), config))
  }
  return {
    screening: {
      cases: cases.count,
      used: costs.length,
      ambiguous: screened[1]!,
      notGrouped: screened[2]!,
      invalid: screened[3]!,
      withoutCost: screened[4]!,
    },
    groups,
  }
}

/** Statistics of one group; `costs` in fen, ascending. */
function describeGroup(costs: Float64Array, config: TrimConfig): GroupStatistics {
  const n = costs.length
  const { from, to, passes } = trim(costs, config)
  const keptCosts = costs.subarray(from, to)
  const all = momentsOf(costs)
  const untouched = to - from === n
  const logs = logMomentsOf(costs)
  return {
    all,
    kept: untouched ? all : momentsOf(keptCosts),
    cutLow: from,
    cutHigh: n - to,
    passes,
    lowest: keptCosts[0] ?? 0,
    highest: keptCosts[keptCosts.length - 1] ?? -1,
    ...(n === 0
      ? {}
      : {
          range: {
            min: costs[0]!,
            q1: quantile(costs, new Decimal('0.25')),
            median: quantile(costs, new Decimal('0.5')),
            q3: quantile(costs, new Decimal('0.75')),
            max: costs[n - 1]!,
          },
        }),
    logs: { all: logs, kept: untouched ? logs : logMomentsOf(keptCosts) },
  }
}

function momentsOf(costs: Float64Array): Moments {
  return { n: costs.length, sum: sum(costs), squares: squareSum(costs) }
}

function logMomentsOf(costs: Float64Array): LogMoments {
  const logs = costs.map(Math.log)
  let total = 0
  for (const log of logs) total += log
  const mean = total / logs.length
  let squares = 0
  for (const log of logs) squares += (log - mean) ** 2
  return { sum: total, squares }
}

/** Mean in fen; undefined without cases. */
export function meanOf({ n, sum }: Moments): Decimal | undefined {
  return n === 0 ? undefined : new Decimal(sum).div(n)
}

/** Standard deviation with n − 1, in fen; undefined below two cases. Σc² and Σc are exact, so nothing cancels. */
export function deviationOf({ n, sum, squares }: Moments): Decimal | undefined {
  if (n < 2) return undefined
  const numerator = BigInt(n) * squares - BigInt(sum) ** 2n
  return new Decimal(numerator.toString())
    .div(n)
    .div(n - 1)
    .sqrt()
}

/** Coefficient of variation (变异系数) SD / mean; undefined below two cases. */
export function variationOf(moments: Moments): Decimal | undefined {
  return deviationOf(moments)?.div(meanOf(moments)!)
}
