/** A weight with the number of cases that it rests on. */
export interface Level {
  readonly value: number
  readonly cases: number
}

/** Most members of one order: all sets of them are tried. */
const MOST = 16

/**
 * Weighted isotonic regression on a partial order: the blocks of members that share one value, their mean weighted by
 * cases, in the least-squares fit that no pair contradicts. Found by minimum lower sets (Barlow and others, Statistical
 * Inference under Order Restrictions, 1972): of all sets that contain with a member everything heavier, the one of the
 * largest mean comes first and has it; the rest follows in the same way. On a chain this is pooling of adjacent violators.
 *
 * @param pairs positions [heavier, lighter]; no circle
 * @returns blocks of positions, from the highest value to the lowest; members without cases stand in no block
 */
export function isotonicBlocks(levels: readonly Level[], pairs: readonly (readonly [number, number])[]): number[][] {
  const members = [...levels.keys()].filter(i => levels[i]!.cases > 0)
  if (members.length > MOST) throw new RangeError(`an order of ${members.length} members, at most ${MOST}`)
  const heavier = members.map(i => {
    let mask = 0
    for (const j of above(i, pairs)) if (members.includes(j)) mask |= 1 << members.indexOf(j)
    return mask
  })
  const blocks: number[][] = []
  let left = (1 << members.length) - 1
  while (left !== 0) {
    let [best, bestCases, bestSum] = [0, 0, 0]
    for (let set = left; set !== 0; set = (set - 1) & left) {
      let [closed, cases, sum] = [true, 0, 0]
      for (let m = 0; m < members.length && closed; m++) {
        if ((set & (1 << m)) === 0) continue
        closed = (heavier[m]! & left & ~set) === 0
        cases += levels[members[m]!]!.cases
        sum += levels[members[m]!]!.cases * levels[members[m]!]!.value
      }
      if (!closed) continue
      const difference = best === 0 ? 1 : sum * bestCases - bestSum * cases
      // The smallest such set first: equal members need no common block.
      if (difference > 0 || (difference === 0 && cases < bestCases)) [best, bestCases, bestSum] = [set, cases, sum]
    }
    blocks.push(members.filter((_, m) => (best & (1 << m)) !== 0))
    left &= ~best
  }
  return blocks
}

/** All members that must not be lighter than `i`, over any number of steps. */
function above(i: number, pairs: readonly (readonly [number, number])[]): Set<number> {
  const found = new Set<number>()
  const add = (light: number): void => {
    for (const [heavy, other] of pairs) {
      if (other !== light || found.has(heavy)) continue
      found.add(heavy)
      add(heavy)
    }
  }
  add(i)
  return found
}
