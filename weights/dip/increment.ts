import { type Decimal, roundFen } from '../../numbers/index.ts'
import { type Mean, meanValue } from './mean.ts'

/** What a related operation adds to the mean cost, in percent: (with / without − 1) × 100. */
export function incrementPercent(withRelated: Mean, without: Mean): Decimal {
  return withRelated.sum
    .times(without.cases)
    .minus(without.sum.times(withRelated.cases))
    .times(100)
    .div(without.sum.times(withRelated.cases))
}

/**
 * Whether diagnosis + main + related operation is a group of its own: with / without − 1 ≥ `percent` (10 in the
 * technical specification 3.0, table 3-3). Compared without a division, so the limit itself counts.
 */
export function addsEnough(withRelated: Mean, without: Mean, percent: Decimal): boolean {
  const limit = without.sum.times(withRelated.cases).times(percent.plus(100))
  return withRelated.sum.times(without.cases).times(100).gte(limit)
}

/** What a related operation costs, estimated as the difference of the means with and without it: whole fen, at least 0. */
export function addedCost(withRelated: Mean, without: Mean): number {
  return Math.max(0, roundFen(meanValue(withRelated).minus(meanValue(without))))
}
