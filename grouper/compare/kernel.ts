import type { CaseBatch } from '../cases/batch.ts'
import type { GroupColumns } from '../drg/kernel.ts'

/** The hot loops of a comparison. */

/** Writes codes by another numbering: `to[i] = map[from[i]]` for the first `count`. */
export function renumber(from: Uint16Array, count: number, map: Uint16Array, to: Uint16Array): void {
  for (let i = 0; i < count; i++) to[i] = map[from[i]!]!
}

/**
 * Counts the pairs of results of a batch. A result is a leaf, or, where no leaf took the case, `leaves` + its reason;
 * `counts` is a matrix of `width` columns.
 */
export function countPairs(
  batch: CaseBatch,
  a: GroupColumns,
  b: GroupColumns,
  counts: Float64Array,
  shape: { readonly leavesA: number; readonly leavesB: number; readonly width: number },
): void {
  const { leavesA, leavesB, width } = shape
  for (let i = 0; i < batch.count; i++) {
    const x = a.leaf[i] === 0 ? leavesA + a.reason[i]! : a.leaf[i]!
    const y = b.leaf[i] === 0 ? leavesB + b.reason[i]! : b.leaf[i]!
    counts[x * width + y]!++
  }
}
