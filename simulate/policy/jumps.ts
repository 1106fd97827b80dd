import type { Decimal } from '../../numbers/index.ts'
import { Decimal as Exact } from '../../numbers/index.ts'
import { type Band, bandsOf } from './bands.ts'
import type { LimitQuestion } from './limit.ts'
import type { Policy } from './policy.ts'

const NOTHING: Decimal = new Exact(0)

/** How much the value v of a case jumps where one class ends and the next begins (right minus left). */
export interface Jump {
  readonly at: 'low' | 'taper' | 'high'
  /** Ratio at which it happens. */
  readonly ratio: Decimal
  /** Jump of v in units of weight; null where it depends on a point value or on means that the pack does not state. */
  readonly size: Decimal | null
}

/**
 * The settlement ratio q = S·PV₀/A, what a yuan of mean cost earns: a ratio against the point value is one of q standards.
 * Undefined where the price or the mean is not known.
 */
export function settlementRatio(
  { method, scale, avgCost, pointValue, rate }: Policy,
  question: LimitQuestion,
): Decimal | undefined {
  if (method === 'rate') return undefined
  const [price, mean] = [pointValue(question), avgCost ?? rate(question)]
  return price === undefined || mean === undefined ? undefined : scale.times(price).div(mean)
}

/** x = c/A at a ratio; null where it follows from prices or means that the policy does not state. */
export function costAt(policy: Policy, question: LimitQuestion, coefficient: Decimal, ratio: Decimal): Decimal | null {
  const base = question.weight.times(policy.ratioTimesK ? coefficient : 1).times(ratio)
  switch (policy.ratioMoney) {
    case 'mean':
    case 'rate':
      return base
    case 'pointValue': {
      const q = settlementRatio(policy, question)
      return q === undefined ? null : base.times(q)
    }
    default:
      return null
  }
}

/** v of a band that does not pay the cost; null where it needs an x that is not known. */
export function valueAt(
  band: Band,
  {
    x,
    ratio,
    weight,
    coefficient,
  }: { readonly x: Decimal | null; readonly ratio: Decimal; readonly weight: Decimal; readonly coefficient: Decimal },
): Decimal | null {
  const slope = band.alpha.plus(band.alphaK.times(coefficient))
  if (x === null && !slope.isZero()) return null
  const standard = weight.times(coefficient)
  const v = slope
    .times(x ?? NOTHING)
    .plus(band.beta.times(weight))
    .plus(band.gamma.plus(band.gammaK.times(coefficient)).times(standard))
    .plus(band.rho.plus(band.rhoK.times(coefficient)).times(ratio).times(weight))
  return band.capped ? Exact.min(v, standard) : v
}

/** The jumps of a policy at weight w and coefficient k, with mean cost 1 (settlement.md §4.5). */
export function jumpsOf(policy: Policy, question: LimitQuestion, coefficient: Decimal): readonly Jump[] {
  const bands = bandsOf(policy, question)
  const { weight } = question
  const value = (band: Band, x: Decimal | null, ratio: Decimal): Decimal | null =>
    band.costPaid ? (policy.method === 'rate' ? x : null) : valueAt(band, { x, ratio, weight, coefficient })
  const jumps: Jump[] = []
  for (const [i, band] of bands.slice(0, -1).entries()) {
    const next = bands[i + 1]
    if (band.upTo === null || next === undefined) continue
    const at = band.class === 'low' || band.class === 'ultraLow' ? 'low' : band.class === 'taper' ? 'taper' : 'high'
    const x = costAt(policy, question, coefficient, band.upTo)
    const [left, right] = [value(band, x, band.upTo), value(next, x, band.upTo)]
    jumps.push({ at, ratio: band.upTo, size: left === null || right === null ? null : right.minus(left) })
  }
  return jumps
}
