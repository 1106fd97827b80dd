import { cellOf, leafOf } from '../codes/code-tree.ts'
import { BRANCH_BYTES, BRANCH_MARK, type CodeTable, findCode, STEM_BYTES } from '../codes/keyword.ts'
import { MOST_CODES } from './batch.ts'

/** Codes of one kind: where they are looked up and where they go. */
export interface PlainCodes {
  readonly table: CodeTable
  readonly codes: Uint16Array
  /** Position behind the last code of the row so far, and of its first one. */
  end: number
  first: number
}

/** Bytes of a pair of dagger and asterisk with both codes at full length. */
const PAIR_BYTES = 18

/**
 * Reads a cell of codes and returns its end; -1 where it is not plain: an empty place, a code that the dictionary does
 * not have as written. If a separator stands behind 7, 11 or 18 bytes and the dictionary has what is before it, no byte
 * of it need be looked at, because no code holds a separator.
 */
export function plainCodes(
  column: PlainCodes,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  end: number,
  stops: Uint8Array,
  principal: boolean,
): number {
  if (bytes[from] === end) return from
  const { table, codes, first } = column
  const { tree } = table
  let at = column.end
  if (!principal && at === first) return -1
  if (at + MOST_CODES > codes.length) return -1
  let p = from
  for (;;) {
    const piece = p
    const second = view.getInt32(p + 4, true)
    let code = 0
    let b = second >>> 24
    if (stops[b] !== 0) {
      code = cellOf(tree, view.getInt32(p, true), second) & 0xffff
      p += STEM_BYTES
    } else if (b === BRANCH_MARK) {
      const third = view.getInt32(p + 8, true)
      b = third >>> 24
      if (stops[b] !== 0) {
        code = leafOf(tree, cellOf(tree, view.getInt32(p, true), second), third)
        p += BRANCH_BYTES
      }
    }
    if (code === 0) {
      p = piece + PAIR_BYTES
      if (stops[bytes[p]!] !== 0) code = findCode(table, view, piece, p)
      if (code === 0) {
        p = piece
        while (stops[bytes[p]!] === 0) p++
        code = findCode(table, view, piece, p)
        if (code === 0) return -1
      }
      b = bytes[p]!
    }
    if (at - first >= MOST_CODES) return -1
    codes[at++] = code
    if (b === end) break
    // The class of an end that is not the end due here.
    if (stops[b] === 2) return -1
    p++
  }
  column.end = at
  return p
}
