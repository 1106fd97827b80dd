import { Decimal } from '../../numbers/index.ts'
import type { Amount, Mean } from './mean.ts'

/** Cases and costs of one group in one year. */
export interface YearTotals {
  readonly cases: Amount
  /** Sum of costs, in any one unit. */
  readonly sum: Amount
}

/**
 * How the last three years are weighted 1:2:7. The draft says "weighted" and leaves open what: `meanOfMeans` is
 * Σ w·m / Σ w over yearly means; `weightedTotals` is Σ w·C / Σ w·n over yearly totals, where a year with more cases
 * counts for more.
 */
export type YearReading = 'meanOfMeans' | 'weightedTotals'

export const YEAR_READINGS: readonly YearReading[] = ['meanOfMeans', 'weightedTotals']

/**
 * Weighted mean over years, oldest first; a year without cases is left out and the other weights count alone.
 * Undefined when no year has both cases and weight.
 */
export function weightedMean(
  years: readonly YearTotals[],
  weights: readonly Decimal[],
  reading: YearReading,
): Mean | undefined {
  if (years.length !== weights.length) throw new RangeError(`${years.length} years and ${weights.length} weights`)
  const used = years
    .map(({ cases, sum }, y) => ({ n: new Decimal(cases), sum: new Decimal(sum), weight: weights[y]! }))
    .filter(({ n, weight }) => n.gt(0) && weight.gt(0))
  if (used.length === 0) return undefined
  const add = (parts: readonly Decimal[]): Decimal => parts.reduce((all, part) => all.plus(part))
  if (reading === 'weightedTotals') {
    return {
      sum: add(used.map(one => one.weight.times(one.sum))),
      cases: add(used.map(one => one.weight.times(one.n))),
    }
  }
  // Over the common denominator Π n, so that no yearly mean is rounded.
  const others = used.map((_, y) => used.reduce((product, { n }, z) => (z === y ? product : product.times(n)), ONE))
  const all = used.reduce((product, { n }) => product.times(n), ONE)
  return {
    sum: add(used.map((one, y) => one.weight.times(one.sum).times(others[y]!))),
    cases: add(used.map(({ weight }) => weight)).times(all),
  }
}

const ONE: Decimal = new Decimal(1)
