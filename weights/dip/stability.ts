import { at, createDraws, type Draws } from '../../numbers/index.ts'

/** What resampling the cases does to the groups. */
export interface Stability {
  readonly replicates: number
  /** Share of the resamples in which the group keeps at least the threshold of cases. */
  readonly stays: Float64Array
  /** Groups at or above the threshold: fewest, mean and most over the resamples. */
  readonly groups: { readonly fewest: number; readonly mean: number; readonly most: number }
}

const STREAM = 0x44495053
/** Cumulated chances of Poisson(1), in 2^-16: a case is drawn 0, 1, 2 … times. */
const POISSON: Uint32Array = (() => {
  const bounds = []
  let chance = Math.exp(-1)
  let total = 0
  for (let k = 0; total < 1 && k < 9; k++) {
    total += chance
    bounds.push(Math.round(total * 65_536))
    chance /= k + 1
  }
  return Uint32Array.from(bounds)
})()

/**
 * Resamples cases with replacement (each case is drawn a Poisson(1) number of times) and counts them again by group. The
 * draws of a group depend on its position only. Groups so large that no resample could bring them under the threshold are
 * not drawn.
 */
export function resample(
  counts: ArrayLike<number>,
  threshold: number,
  { replicates, seed }: { readonly replicates: number; readonly seed: number },
): Stability {
  const draws = createDraws(seed)
  const size = counts.length
  const stays = new Float64Array(size)
  const held = new Uint32Array(replicates)
  // Twelve standard deviations: a chance far below one in 10^30.
  const sure = threshold + 12 * Math.sqrt(threshold) + 144
  for (let g = 0; g < size; g++) {
    const n = counts[g]!
    let kept = 0
    for (let r = 0; r < replicates; r++) {
      if (n < sure && (n === 0 || drawn(draws, g, r, n) < threshold)) continue
      kept++
      held[r]!++
    }
    stays[g] = replicates === 0 ? Number.NaN : kept / replicates
  }
  const total = held.reduce((all, one) => all + one, 0)
  return {
    replicates,
    stays,
    groups: {
      fewest: replicates === 0 ? 0 : Math.min(...held),
      mean: replicates === 0 ? 0 : total / replicates,
      most: replicates === 0 ? 0 : Math.max(...held),
    },
  }
}

/** How many cases group `g` has in resample `r`. */
function drawn(draws: Draws, g: number, r: number, n: number): number {
  let total = 0
  for (let i = 0; i < n; i += 8) {
    const words = at(draws, g, r, i >>> 3, STREAM)
    const most = Math.min(8, n - i)
    for (let k = 0; k < most; k++) {
      const half = (words[k >> 1]! >>> ((k & 1) * 16)) & 0xffff
      let times = 0
      while (times < POISSON.length && half >= POISSON[times]!) times++
      total += times
    }
  }
  return total
}
