import { Decimal } from '../../numbers/index.ts'

/** One member of a population: how much it has and how much it weighs, e.g. payment and cost of a hospital. */
export interface Member {
  readonly have: number
  readonly weigh: number
}

/** How unequally payment follows cost. */
export interface Inequality {
  /** 0: all are paid the same share of their cost; 1: one takes everything. */
  readonly gini: Decimal
  /** Theil's T; 0: equal. */
  readonly theil: Decimal
  /** Points of the Lorenz curve from (0, 0) to (1, 1): share of cost, share of payment, the worst paid first. */
  readonly lorenz: readonly (readonly [weigh: Decimal, have: Decimal])[]
}

const ZERO: Decimal = new Decimal(0)

/**
 * Gini, Theil and Lorenz curve of have/weigh, each member weighing `weigh`. Gini = 1 − Σ (p_i − p_{i−1})(q_i + q_{i−1});
 * Theil T = Σ s_i ln(s_i / w_i) with shares s of what they have and w of what they weigh. Members that weigh nothing are
 * left out; without any payment the curve is the diagonal.
 */
export function inequality(members: readonly Member[]): Inequality {
  const counted = members.filter(({ weigh }) => weigh > 0).map(one => ({ ...one, have: Math.max(one.have, 0) }))
  const sorted = counted
    .map(one => ({ ...one, ratio: new Decimal(one.have).div(one.weigh) }))
    .sort((a, b) => a.ratio.comparedTo(b.ratio))
  const weigh = sorted.reduce((sum, one) => sum + one.weigh, 0)
  const have = sorted.reduce((sum, one) => sum + one.have, 0)
  if (weigh === 0 || have === 0) {
    const ONE = new Decimal(1)
    return { gini: ZERO, theil: ZERO, lorenz: [[ZERO, ZERO], [ONE, ONE]] } // biome-ignore format: two points
  }
  const lorenz: (readonly [Decimal, Decimal])[] = [[ZERO, ZERO]]
  let [p, q, area, theil] = [0, 0, ZERO, ZERO]
  for (const one of sorted) {
    p += one.weigh
    q += one.have
    const [before, now] = [lorenz.at(-1)!, [new Decimal(p).div(weigh), new Decimal(q).div(have)] as const]
    area = area.plus(now[0].minus(before[0]).times(now[1].plus(before[1])))
    lorenz.push(now)
    const share = new Decimal(one.have).div(have)
    if (one.have > 0) theil = theil.plus(share.times(share.times(weigh).div(one.weigh).ln()))
  }
  return { gini: new Decimal(1).minus(area), theil, lorenz }
}
