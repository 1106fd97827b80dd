import type { Decimal } from '../../numbers/index.ts'
import { type BuildColumns, hasRelated, type RelatedSums, sumRelated } from './build-kernel.ts'
import { addsEnough } from './increment.ts'
import { meanOfSum } from './mean.ts'

/** Cases of one diagnosis, main operation and, where it earns it, related operation. */
export interface Cluster {
  /** Main operation, and the related one that raises the cost enough; 0 = none. */
  readonly main: number
  readonly related: number
  readonly rows: Uint32Array
  /** Increase of the mean cost that the related operation brings, in percent; absent without one. */
  readonly increment?: number
}

export interface SplitRule {
  /** Increase of the mean cost in percent that makes a cluster of its own. */
  readonly percent: Decimal
  /** Cases with a related operation below which it is not looked at. */
  readonly least: number
  /** Fewest cases of a group. */
  readonly threshold: number
}

/**
 * Splits the cases of one diagnosis and main operation by the rule for related operations: the operation that raises the
 * mean cost most over the cases without it takes its cases away if it adds `percent`; then again among the cases that are
 * left. Operations with enough cases for a group go first. The last cluster is the one without.
 */
export function splitByRelated(
  columns: BuildColumns,
  all: Uint32Array,
  sums: RelatedSums,
  { percent, least, threshold }: SplitRule,
): Cluster[] {
  const main = columns.main[all[0]!]!
  const clusters: Cluster[] = []
  let rows = all
  let fewest = Math.max(threshold, least)
  // A related operation without a main one is one that may not be main: it forms no group.
  while (main !== 0 && rows.length > least) {
    sumRelated(columns, rows, sums)
    const best = dearest(columns, rows, sums, percent, fewest)
    if (best === undefined) {
      if (fewest === least) break
      fewest = least
      continue
    }
    const has = Uint8Array.from(rows, row => (hasRelated(columns, row, best.operation) ? 1 : 0))
    const { operation, increment } = best
    clusters.push({ main, related: operation, rows: rows.filter((_, k) => has[k] === 1), increment })
    rows = rows.filter((_, k) => has[k] === 0)
  }
  clusters.push({ main, related: 0, rows })
  return clusters
}

/** The operation with the largest increase that passes the rule; a tie goes to more cases, then to the lower code. */
function dearest(
  { cost }: BuildColumns,
  rows: Uint32Array,
  sums: RelatedSums,
  percent: Decimal,
  fewest: number,
): { readonly operation: number; readonly increment: number } | undefined {
  const cases = rows.length
  let total = 0
  for (const row of rows) total += cost[row]!
  let best: { operation: number; increment: number } | undefined
  for (const operation of sums.operations.subarray(0, sums.met).slice().sort()) {
    const n = sums.cases[operation]!
    if (n < fewest || n === cases) continue
    const increment = (sums.cost[operation]! / n / ((total - sums.cost[operation]!) / (cases - n)) - 1) * 100
    if (best !== undefined && increment < best.increment) continue
    if (best !== undefined && increment === best.increment && n <= sums.cases[best.operation]!) continue
    best = { operation, increment }
  }
  if (best === undefined) return undefined
  const n = sums.cases[best.operation]!
  const sum = sums.cost[best.operation]!
  // The quotients above only put operations in order; the rule itself is exact.
  const passes = addsEnough(meanOfSum(sum, n)!, meanOfSum(total - sum, cases - n)!, percent)
  return passes ? best : undefined
}
