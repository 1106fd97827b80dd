import { Decimal } from '../numbers/index.ts'
import { type GroupStatistics, type LogMoments, type Moments, variationOf } from './statistics.ts'
import type { WeightTable } from './table.ts'

/** How well the groups explain the costs, on one set of cases. */
export interface Quality {
  /** Groups with at least two cases: those that have a CV. */
  readonly groups: number
  /** Share of them with CV ≥ 1, and with CV < 0.5. */
  readonly wideShare: number
  readonly narrowShare: number
  /** Mean of the CVs, weighted by cases. */
  readonly meanVariation: number
  /** Reduction in variance: 1 − Σ_g Σ_i (c − mean_g)² / Σ_i (c − mean)². */
  readonly riv: number
  /** The same on ln c. */
  readonly logRiv: number
  /**
   * R² of the costs that the weights predict: 1 − Σ (c − w·A)² / Σ (c − mean)² over groups with a weight. Own weights of
   * untrimmed costs give the RIV; weights that were shrunk, moved or trimmed give less.
   */
  readonly rSquared: number
}

/** Quality before and after trimming; a RIV means nothing without the trimming it was made with. */
export function qualityOf(
  statistics: readonly GroupStatistics[],
  weights: Pick<WeightTable, 'weight' | 'meanCostExact'>,
): {
  readonly before: Quality
  readonly after: Quality
} {
  return {
    before: quality(
      statistics.map(one => one.all),
      statistics.map(one => one.logs.all),
      weights,
    ),
    after: quality(
      statistics.map(one => one.kept),
      statistics.map(one => one.logs.kept),
      weights,
    ),
  }
}

/** Quality before and after trimming within the groups at these positions, such as those of one MDC. */
export function qualityWithin(
  statistics: readonly GroupStatistics[],
  weights: Pick<WeightTable, 'weight' | 'meanCostExact'>,
  positions: readonly number[],
): ReturnType<typeof qualityOf> {
  const weight = positions.map(g => weights.weight[g]!)
  return qualityOf(
    positions.map(g => statistics[g]!),
    { weight, meanCostExact: weights.meanCostExact },
  )
}

function quality(
  moments: readonly Moments[],
  logs: readonly LogMoments[],
  weights: Pick<WeightTable, 'weight' | 'meanCostExact'>,
): Quality {
  const groups = moments.filter(one => one.n >= 2)
  const variations = groups.map(one => variationOf(one)!.toNumber())
  const cases = groups.reduce((all, one) => all + one.n, 0)
  const share = (test: (variation: number) => boolean): number =>
    groups.length === 0 ? 0 : variations.filter(test).length / groups.length
  return {
    groups: groups.length,
    wideShare: share(variation => variation >= 1),
    narrowShare: share(variation => variation < 0.5),
    meanVariation: cases === 0 ? 0 : variations.reduce((all, cv, i) => all + cv * groups[i]!.n, 0) / cases,
    riv: reduction(moments),
    logRiv: logReduction(moments, logs),
    rSquared: rSquared(moments, weights),
  }
}

function rSquared(
  moments: readonly Moments[],
  { weight, meanCostExact }: Pick<WeightTable, 'weight' | 'meanCostExact'>,
): number {
  let [n, sum, squares, left] = [0, 0n, 0n, new Decimal(0)]
  for (const [g, one] of moments.entries()) {
    const w = weight[g]!
    if (one.n === 0 || w === null) continue
    const predicted = w.times(meanCostExact)
    n += one.n
    sum += BigInt(one.sum)
    squares += one.squares
    // Σ (c − p)² = Σ c² − 2 p Σ c + n p²
    const cross = predicted.times(2).times(one.sum)
    left = left.plus(one.squares.toString()).minus(cross).plus(predicted.times(predicted).times(one.n))
  }
  if (n === 0) return 0
  const spread = new Decimal(squares.toString()).minus(new Decimal((sum * sum).toString()).div(n))
  return spread.isZero() ? 0 : new Decimal(1).minus(left.div(spread)).toNumber()
}

/** Sums of squares about a mean are Σc² − (Σc)²/n; both terms are exact. */
function reduction(moments: readonly Moments[]): number {
  let n = 0
  let sum = 0n
  let squares = 0n
  let explained = new Decimal(0)
  for (const one of moments) {
    if (one.n === 0) continue
    const groupSum = BigInt(one.sum)
    n += one.n
    sum += groupSum
    squares += one.squares
    explained = explained.plus(new Decimal((groupSum * groupSum).toString()).div(one.n))
  }
  if (n === 0) return 0
  const all = new Decimal((sum * sum).toString()).div(n)
  const spread = new Decimal(squares.toString()).minus(all)
  return spread.isZero() ? 0 : explained.minus(all).div(spread).toNumber()
}

function logReduction(moments: readonly Moments[], logs: readonly LogMoments[]): number {
  const n = moments.reduce((all, one) => all + one.n, 0)
  if (n === 0) return 0
  const mean = logs.reduce((all, one) => all + one.sum, 0) / n
  let within = 0
  let between = 0
  for (const [g, { sum, squares }] of logs.entries()) {
    const size = moments[g]!.n
    if (size === 0) continue
    within += squares
    between += size * (sum / size - mean) ** 2
  }
  return within + between === 0 ? 0 : between / (within + between)
}
