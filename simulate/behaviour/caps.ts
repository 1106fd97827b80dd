import type { Bend } from './bends.ts'

/**
 * A volume cap (总控人次) as hospitals reckon with it, in doubles: what it leaves of the points of its cases follows from how
 * many cases all hospitals treat. It has a slot, or one for every month where it counts by date.
 */
export interface GameCap {
  readonly quota: number
  /** What a case beyond the quota counts. */
  readonly factor: number
  readonly byDate: boolean
  /** Its slots, months in order; one for the year where it is spread. */
  readonly slots: readonly number[]
}

/** What of a player falls under caps, at volume 1. */
export interface Capped {
  /** Cases that count, by slot. */
  readonly cases: Float64Array
  /** Points before the cap takes its part, by `pool * slots + slot`. */
  readonly points: Float64Array
}

/** How many slots some caps have. */
export function slotsOf(caps: readonly GameCap[]): number {
  return caps.reduce((all, { slots }) => all + slots.length, 0)
}

/** What a point of each slot counts while so many cases fall into the slots: (x + φ(n − x)) / n, x of n within the quota. */
export function capFactors(caps: readonly GameCap[], cases: Float64Array): Float64Array {
  const factors = new Float64Array(cases.length)
  for (const { quota, factor, slots } of caps) {
    let before = 0
    for (const slot of slots) {
      const n = cases[slot]!
      const within = Math.min(Math.max(quota - before, 0), n)
      factors[slot] = within === n ? 1 : (within + factor * (n - within)) / n
      before += n
    }
  }
  return factors
}

/** The sum of points by slot times what they count, from `at` on. */
export function countedPoints(points: Float64Array, at: number, factors: Float64Array): number {
  let sum = 0
  for (let slot = 0; slot < factors.length; slot++) sum += points[at + slot]! * factors[slot]!
  return sum
}

/**
 * Points of the slots as they count, by pool: those of a player at volume 1 while it treats `m` times its cases, and those of
 * the others. What `capFactors` and `countedPoints` give, in one pass.
 */
export function capPoints(
  caps: readonly GameCap[],
  own: Capped | undefined,
  others: { readonly cases: Float64Array; readonly capped: Float64Array },
  m: number,
  mine: Float64Array,
  theirs: Float64Array,
): void {
  const slots = others.cases.length
  for (const { quota, factor, slots: list } of caps) {
    let before = 0
    for (const slot of list) {
      const n = others.cases[slot]! + (own === undefined ? 0 : m * own.cases[slot]!)
      const within = Math.min(Math.max(quota - before, 0), n)
      const counts = within === n ? 1 : (within + factor * (n - within)) / n
      for (let pool = 0; pool < mine.length; pool++) {
        const at = pool * slots + slot
        theirs[pool]! += others.capped[at]! * counts
        if (own !== undefined) mine[pool]! += own.points[at]! * counts
      }
      before += n
    }
  }
}

/** Where a cap bends what a player earns: by its volume, the others' cases given, a quota is reached at the end of a slot. */
export function capBends(caps: readonly GameCap[], own: Capped | undefined, others: Float64Array): readonly Bend[] {
  if (own === undefined) return []
  return caps.flatMap(({ quota, factor, slots }) => {
    let [theirs, mine] = [0, 0]
    return slots.flatMap(slot => {
      theirs += others[slot]!
      mine += own.cases[slot]!
      return mine > 0 && factor !== 1 ? [{ at: theirs - quota, byClaims: 0, byVolume: mine }] : []
    })
  })
}
