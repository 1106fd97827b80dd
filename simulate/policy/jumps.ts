import type { Decimal } from '../../numbers/index.ts'
import { Decimal as Exact } from '../../numbers/index.ts'
import { type Band, bandsOf } from './bands.ts'
import type { LimitQuestion } from './limit.ts'
import type { Policy } from './policy.ts'

/** How much the value v of a case jumps where one class ends and the next begins (right minus left). */
export interface Jump {
  readonly at: 'low' | 'taper' | 'high'
  /** Ratio at which it happens. */
  readonly ratio: Decimal
  /** Jump of v in units of weight; null where a side pays the cost and v depends on the point value. */
  readonly size: Decimal | null
}

/** The jumps of a policy at weight w and coefficient k, with mean cost 1 (settlement.md §4.5). */
export function jumpsOf(policy: Policy, question: LimitQuestion, coefficient: Decimal): readonly Jump[] {
  const bands = bandsOf(policy, question)
  const { weight } = question
  const value = (band: Band, x: Decimal, r: Decimal): Decimal | null => {
    if (band.costPaid) return policy.method === 'rate' ? x : null
    const standard = weight.times(coefficient)
    const v = band.alpha
      .times(x)
      .plus(band.alphaK.times(x).times(coefficient))
      .plus(band.beta.times(weight))
      .plus(band.gamma.plus(band.gammaK.times(coefficient)).times(standard))
      .plus(band.rho.plus(band.rhoK.times(coefficient)).times(r).times(weight))
    return band.capped ? Exact.min(v, standard) : v
  }
  const jumps: Jump[] = []
  for (const [i, band] of bands.slice(0, -1).entries()) {
    const next = bands[i + 1]
    if (band.upTo === null || next === undefined) continue
    const at = band.class === 'low' || band.class === 'ultraLow' ? 'low' : band.class === 'taper' ? 'taper' : 'high'
    const x = band.upTo.times(weight).times(policy.ratioTimesK ? coefficient : 1)
    const [left, right] = [value(band, x, band.upTo), value(next, x, band.upTo)]
    jumps.push({ at, ratio: band.upTo, size: left === null || right === null ? null : right.minus(left) })
  }
  return jumps
}
