import { cellOf, leafOf } from '../codes/code-tree.ts'
import { BRANCH_BYTES, BRANCH_MARK, type CodeTable, findCode, STEM_BYTES } from '../codes/keyword.ts'
import { MOST_CODES } from './batch.ts'

/** Columns of codes of one kind: which they are, where they are looked up and where the ids go. */
export interface CodeColumns {
  readonly columns: readonly number[]
  /** The column of the principal code, -1 for none. */
  readonly principal: number
  readonly table: CodeTable
  readonly codes: Uint16Array
  readonly starts: Uint32Array
}

/** Bytes of a pair of dagger and asterisk with both codes at full length. */
const PAIR_BYTES = 18

/**
 * Reads the codes of plain rows and returns how many rows it took: up to one with an empty place or a code that the
 * dictionary does not have as written. `cuts` from `at` on are those of the first row, which becomes row `begin`.
 *
 * @param stops class of every byte in a cell of codes: 0 unless it ends a code, 1 where another one may follow
 */
export function codeColumns(
  { columns, principal, table, codes, starts }: CodeColumns,
  view: DataView,
  stops: Uint8Array,
  cuts: Int32Array,
  at: number,
  stride: number,
  rows: number,
  begin: number,
): number {
  for (let row = 0; row < rows; row++, at += stride) {
    const first = starts[begin + row]!
    let end = first
    if (first + MOST_CODES > codes.length) return row
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k]!
      const from = cuts[at + column]! + 1
      const to = cuts[at + column + 1]!
      if (from === to) continue
      if (end === first && column !== principal) return row
      end = plainCodes(table, view, stops, from, to, codes, end, first)
      if (end < 0) return row
    }
    starts[begin + row + 1] = end
  }
  return rows
}

/**
 * Reads a cell of codes to `codes[end]` … and returns the new end; -1 where it is not plain. If a separator stands behind
 * 7, 11 or 18 bytes and the dictionary has what is before it, no byte of it need be looked at, because no code holds a
 * separator.
 */
function plainCodes(
  table: CodeTable,
  view: DataView,
  stops: Uint8Array,
  from: number,
  to: number,
  codes: Uint16Array,
  end: number,
  first: number,
): number {
  const { heads, starts, cells, branches, leaves } = table.tree
  let p = from
  for (;;) {
    // No call stands in this loop, so that what it reads of the tree's arrays stays in registers.
    for (;;) {
      const second = view.getInt32(p + 4, true)
      let code = 0
      let next = p
      if (stops[second >>> 24] !== 0) {
        code = cellOf(heads, starts, cells, view.getInt32(p, true), second) & 0xffff
        next += STEM_BYTES
      } else if (second >>> 24 === BRANCH_MARK) {
        const third = view.getInt32(p + 8, true)
        if (stops[third >>> 24] !== 0) {
          const cell = cellOf(heads, starts, cells, view.getInt32(p, true), second)
          code = leafOf(branches, leaves, cell, third)
          next += BRANCH_BYTES
        }
      }
      if (code === 0 || end - first >= MOST_CODES) break
      codes[end++] = code
      if (next === to) return end
      p = next + 1
    }
    const odd = end - first >= MOST_CODES ? 0 : oddCode(table, view, stops, p, to)
    if (odd === 0) return -1
    codes[end++] = odd >>> 5
    p += odd & 31
    if (p === to) return end
    p++
  }
}

/** A code of any shape as id * 32 + bytes; 0 where the dictionary has none. */
function oddCode(table: CodeTable, view: DataView, stops: Uint8Array, from: number, to: number): number {
  const guess = from + PAIR_BYTES
  if (guess <= to && stops[view.getUint8(guess)] !== 0) {
    const code = findCode(table, view, from, guess)
    if (code !== 0) return code * 32 + PAIR_BYTES
  }
  let p = from
  while (stops[view.getUint8(p)] === 0) p++
  const code = findCode(table, view, from, p)
  return code === 0 ? 0 : code * 32 + p - from
}
