import type { RuleBook } from './book.ts'
import { BY_PROGRAM } from './layout.ts'

/** ADRGs and DRGs whose rules masks do not decide alone: a program is asked for some cases, which is right but slower. */
export interface Programmed {
  readonly adrgs: readonly string[]
  readonly drgs: readonly string[]
}

/** What a compiled scheme leaves to programs, in the order in which rules are tried. */
export function programmedRules({ candidates, rankLeaf, leafTest, leaves }: RuleBook): Programmed {
  const unsure = new Set<number>()
  for (let at = 0; at < candidates.length; ) {
    // An empty mask ends a list.
    if (candidates[at] === 0) {
      at++
      continue
    }
    let left = candidates[at]! & ~candidates[at + 2]!
    while (left !== 0) {
      const bit = Math.clz32(left)
      left &= ~(1 << (31 - bit))
      unsure.add(candidates[at + 1]! * 32 + bit)
    }
    at += 4
  }
  return {
    adrgs: [...unsure].sort((a, b) => a - b).map(rank => leaves[rankLeaf[rank]!]!.adrg),
    drgs: leaves.filter((_, l) => leafTest[l] === BY_PROGRAM).map(leaf => leaf.drg),
  }
}
