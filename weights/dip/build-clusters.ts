import type { Decimal } from '../../numbers/index.ts'
import { hasRelated, type RelatedSums, sumRelated } from './build-kernel.ts'
import { addsEnough } from './increment.ts'
import { meanOfSum } from './mean.ts'
import type { Profiles } from './profiles.ts'

/** Cases of one diagnosis, main operation and, where they earn it, related operations. */
export interface Cluster {
  /** Main operation; 0 = none. */
  readonly main: number
  /** The related operations that raise the cost enough, all of which its cases have; ids in ascending order. */
  readonly related: readonly number[]
  /** Profiles of its cases. */
  readonly rows: Uint32Array
  /** Number of its cases, and their cost in fen. */
  readonly cases: number
  readonly sum: number
  /** Increase of the mean cost that the last of the related operations brings, in percent; absent without one. */
  readonly increment?: number
}

export interface SplitRule {
  /** Increase of the mean cost in percent that makes a cluster of its own. */
  readonly percent: Decimal
  /** Cases with a related operation below which it is not looked at. */
  readonly least: number
  /** Fewest cases of a group. */
  readonly threshold: number
  /** Most related operations of one cluster. */
  readonly most: number
}

/**
 * Splits the cases of one diagnosis and main operation by the rule for related operations: the operation that raises the
 * mean cost most over the cases without it takes its cases away if it adds `percent`; then again among the cases that are
 * left. Operations with enough cases for a group go first. What an operation took away is split again by a second one, up
 * to `most` operations, where both parts are large enough for groups. The last cluster is the one without.
 */
export function splitByRelated(profiles: Profiles, all: Uint32Array, sums: RelatedSums, rule: SplitRule): Cluster[] {
  const main = profiles.main[all[0]!]!
  const clusters: Cluster[] = []
  let rows = all
  let fewest = Math.max(rule.threshold, rule.least)
  // A related operation without a main one is one that may not be main: it forms no group.
  while (main !== 0 && rule.most > 0 && casesOf(profiles, rows) > rule.least) {
    const best = dearest(profiles, rows, [], sums, rule.percent, fewest)
    if (best === undefined) {
      if (fewest === rule.least) break
      fewest = rule.least
      continue
    }
    const { operation, increment } = best
    const [taken, left] = partition(profiles, rows, operation)
    clusters.push(...splitAgain(profiles, clusterOf(profiles, main, [operation], taken, increment), sums, rule))
    rows = left
  }
  clusters.push(clusterOf(profiles, main, [], rows))
  return clusters
}

/** Splits what one or more operations took away by a further one, where both parts are large enough for groups. */
function splitAgain(profiles: Profiles, cluster: Cluster, sums: RelatedSums, rule: SplitRule): Cluster[] {
  const { main, related } = cluster
  const fewest = Math.max(rule.threshold, rule.least)
  const clusters: Cluster[] = []
  let rest = cluster
  while (related.length < rule.most && rest.cases >= fewest * 2) {
    const best = dearest(profiles, rest.rows, related, sums, rule.percent, fewest, rest.cases - fewest)
    if (best === undefined) break
    const [taken, left] = partition(profiles, rest.rows, best.operation)
    const both = [...related, best.operation].sort((a, b) => a - b)
    clusters.push(...splitAgain(profiles, clusterOf(profiles, main, both, taken, best.increment), sums, rule))
    rest = clusterOf(profiles, main, related, left, cluster.increment)
  }
  return [...clusters, rest]
}

function clusterOf(
  profiles: Profiles,
  main: number,
  related: readonly number[],
  rows: Uint32Array,
  increment?: number,
): Cluster {
  const cases = casesOf(profiles, rows)
  return { main, related, rows, cases, sum: costOf(profiles, rows), ...(increment === undefined ? {} : { increment }) }
}

function casesOf({ cases }: Profiles, rows: Uint32Array): number {
  let total = 0
  for (const row of rows) total += cases[row]!
  return total
}

function costOf({ sum }: Profiles, rows: Uint32Array): number {
  let total = 0
  for (const row of rows) total += sum[row]!
  return total
}

/** The rows with an operation, and those without. */
function partition(profiles: Profiles, rows: Uint32Array, operation: number): [Uint32Array, Uint32Array] {
  const has = Uint8Array.from(rows, row => (hasRelated(profiles, row, operation) ? 1 : 0))
  return [rows.filter((_, k) => has[k] === 1), rows.filter((_, k) => has[k] === 0)]
}

/** The operation with the largest increase that passes the rule; a tie goes to more cases, then to the lower code. */
function dearest(
  profiles: Profiles,
  rows: Uint32Array,
  /** Operations that all the rows have. */
  shared: readonly number[],
  sums: RelatedSums,
  percent: Decimal,
  fewest: number,
  most: number = Number.POSITIVE_INFINITY,
): { readonly operation: number; readonly increment: number } | undefined {
  sumRelated(profiles, rows, sums)
  const cases = casesOf(profiles, rows)
  const total = costOf(profiles, rows)
  let best: { operation: number; increment: number } | undefined
  for (const operation of sums.operations.subarray(0, sums.met).slice().sort()) {
    const n = sums.cases[operation]!
    if (n < fewest || n > most || n === cases || shared.includes(operation)) continue
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
