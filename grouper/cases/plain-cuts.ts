/**
 * The cuts between the cells of rows that lie one behind the other: `at[row * (columns + 1)]` is the byte before a row, and
 * behind it come the ends of its cells. So a cell lies between two cuts that are neighbours.
 */
export interface Cuts {
  at: Int32Array
  /** Rows that are cut, and how many of them are used up. */
  rows: number
  used: number
}

/** Most cuts and rows at a time, so that text and cuts stay near the processor. */
const MOST_CUTS = 1 << 13
export const MOST_CUT_ROWS = 256

const LF = 10
/** A line break inside a cell, behind the quote stage. */
const VT = 11
const CR = 13
const HIGH_BITS = 0x80808080
const HIGHEST = 1 << 31

/** The high bit of every byte of a word that is below 45. */
const below = (word: number): number => (word - 0x2d2d2d2d) & ~word & HIGH_BITS

/** Eight bits, the highest for the first byte of two words one behind the other: which bytes are below 45. */
const marksOf = (first: number, second: number): number =>
  Math.imul((below(first) >>> 3) | (below(second) >>> 7), 0x08040201) >>> 24

export function createCuts(): Cuts {
  return { at: new Int32Array(MOST_CUTS), rows: 0, used: 0 }
}

/**
 * Cuts rows from `from` on until `most` are cut, until `to`, or until one has another width or another line end.
 *
 * @param view readable 32 bytes behind `to`, the byte before which is LF
 */
export function cutRows(
  cuts: Cuts,
  view: DataView,
  from: number,
  to: number,
  delimiter: number,
  lineEnd: number,
  columns: number,
  most: number,
): void {
  if (cuts.at.length < columns * 2) cuts.at = new Int32Array(columns * 2)
  const room = Math.max(1, Math.floor((cuts.at.length - 1) / (columns + 1)))
  cuts.used = 0
  cuts.rows = cut(cuts.at, view, from, to, delimiter, lineEnd, columns, Math.min(most, room, MOST_CUT_ROWS))
}

/**
 * A loop by 32 bytes: every byte that can end a cell is below 45, nearly all others above. The marks of 32 bytes are
 * gathered in one word, so that the loop over them ends once in 32 bytes, not in four: the processor cannot foresee its end.
 */
function cut(
  cuts: Int32Array,
  view: DataView,
  from: number,
  to: number,
  delimiter: number,
  lineEnd: number,
  columns: number,
  most: number,
): number {
  let rows = 0
  let at = 0
  /** Where the end of the row belongs. */
  let due = columns
  cuts[0] = from - 1
  for (let p = from; p < to; p += 32) {
    let marks =
      (marksOf(view.getInt32(p, true), view.getInt32(p + 4, true)) << 24) |
      (marksOf(view.getInt32(p + 8, true), view.getInt32(p + 12, true)) << 16) |
      (marksOf(view.getInt32(p + 16, true), view.getInt32(p + 20, true)) << 8) |
      marksOf(view.getInt32(p + 24, true), view.getInt32(p + 28, true))
    while (marks !== 0) {
      const bit = Math.clz32(marks)
      marks &= ~(HIGHEST >>> bit)
      const end = p + bit
      const b = view.getUint8(end)
      if (b === delimiter) {
        cuts[++at] = end
        if (at === due) return rows
      } else if (b === lineEnd) {
        cuts[++at] = end
        if (at !== due) return rows
        const last = lineEnd === CR ? end + 1 : end
        if (lineEnd === CR && view.getUint8(last) !== LF) return rows
        cuts[++at] = last
        due = at + columns
        rows++
        if (rows === most || last + 1 === to) return rows
      } else if (b === VT || b === CR || (b === LF && end !== cuts[at])) return rows
    }
  }
  return rows
}
