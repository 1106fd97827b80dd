import type { Decimal } from '../../numbers/index.ts'

/** How the case threshold (病例数临界值) is set: a number, or the share of cases that core groups have to cover. */
export type ThresholdRule =
  | { readonly kind: 'fixed'; readonly cases: number }
  | { readonly kind: 'coverage'; readonly share: Decimal }

/**
 * Fewest cases of a core group. Under `coverage` it is the largest n such that the groups with at least n cases hold at
 * least `share` of `total`; 1 where even all groups together hold less.
 *
 * @param counts cases of the candidate groups, in any order
 * @param total all cases, those of no candidate included
 */
export function caseThreshold(counts: ArrayLike<number>, total: number, rule: ThresholdRule): number {
  if (rule.kind === 'fixed') return rule.cases
  const sorted = Float64Array.from(counts).sort().reverse()
  const wanted = rule.share.times(total)
  let covered = 0
  for (const count of sorted) {
    covered += count
    if (wanted.lte(covered)) return Math.max(1, count)
  }
  return 1
}
