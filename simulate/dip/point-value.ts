import { Decimal, type Fen } from '../../numbers/index.ts'
import { share } from '../settle/pool.ts'

/** Score of one institution in the year. */
export interface InstitutionScore {
  readonly rawScore: Decimal
  /** Institution coefficient (机构系数) k. */
  readonly coefficient: Decimal
}

export interface DipPool {
  /** rawScore × coefficient, by institution. */
  readonly scores: readonly Decimal[]
  readonly totalScore: Decimal
  /** Settlement point value in yuan, not rounded; null without score. */
  readonly pointValue: Decimal | null
  /** score × point value in yuan, not rounded. */
  readonly gross: readonly Decimal[]
  /** What the fund pays, fen; adds up to the fund total wherever there is a score. */
  readonly fund: Float64Array
}

const MOST_DECIMALS = 10

/**
 * Settlement by the ratio convention: point value = fund total / fund payment ratio / Σ score, and the fund total split
 * by score (largest remainder), so that no rounding of the point value moves money.
 *
 * @param fundTotal DIP fund total (按病种付费总额), fen
 * @param fundRatio fund payment ratio (医保支付比例), above zero
 */
export function settleDipPool(fundTotal: Fen, fundRatio: Decimal, claims: readonly InstitutionScore[]): DipPool {
  const scores = claims.map(({ rawScore, coefficient }) => rawScore.times(coefficient))
  const totalScore = scores.reduce((all, score) => all.plus(score), new Decimal(0))
  const money = new Decimal(fundTotal).div(100)
  const divisor = fundRatio.times(totalScore)
  return {
    scores,
    totalScore,
    pointValue: totalScore.isZero() ? null : money.div(divisor),
    gross: scores.map(score => (totalScore.isZero() ? score : money.times(score).div(divisor))),
    fund: share(fundTotal, wholeShares(scores, totalScore)),
  }
}

/** Scores as integers in the same proportion, exact where they have few enough digits. */
function wholeShares(scores: readonly Decimal[], total: Decimal): number[] {
  let decimals = Math.min(Math.max(0, ...scores.map(score => score.decimalPlaces())), MOST_DECIMALS)
  while (decimals > 0 && total.times(new Decimal(10).pow(decimals)).gt(Number.MAX_SAFE_INTEGER)) decimals--
  const unit = new Decimal(10).pow(decimals)
  return scores.map(score => score.times(unit).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber())
}
