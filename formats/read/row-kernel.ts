/**
 * The hot loop of wide tables: finds the wanted cells of a row and passes over all others without looking at them.
 */

const LF = 10
const CR = 13
const MINUS = 45

/** The wanted cells of one row that hold something. */
export interface RowCells {
  count: number
  /** Place in the plan, and bytes from … to of each. */
  readonly column: Int32Array
  readonly from: Int32Array
  readonly to: Int32Array
  /** Cells that the row has in all. */
  width: number
}

export function createRowCells(wanted: number): RowCells {
  const cells = Math.max(wanted, 1)
  return {
    count: 0,
    column: new Int32Array(cells),
    from: new Int32Array(cells),
    to: new Int32Array(cells),
    width: 0,
  }
}

/**
 * For each planned column, by position in the file: how many cells lie between the one before and it. Then, closed by
 * the number of cells behind the last one.
 */
export function gapsOf(positions: readonly number[], width: number): Int32Array {
  const gaps = positions.map((position, i) => (i === 0 ? position : position - positions[i - 1]! - 1))
  return Int32Array.from([...gaps, Math.max(width - 1 - (positions.at(-1) ?? -1), 0)])
}

/**
 * Finds the cells of the row that begins at `from` and returns the position behind its line break. Empty cells, and
 * those that hold `-` only, are left out.
 *
 * @param bytes the last byte of the row is LF
 */
export function findCells(
  bytes: Uint8Array,
  from: number,
  delimiter: number,
  gaps: Int32Array,
  cells: RowCells,
): number {
  const { column, from: starts, to: ends } = cells
  const wanted = gaps.length - 1
  let p = from
  let b = 0
  let width = 1
  let found = 0
  for (let k = 0; k < wanted; k++) {
    let left = gaps[k]! + (k === 0 ? 0 : 1)
    // The byte behind the last wanted cell is its delimiter, or the end of the row.
    while (left > 0) {
      b = bytes[p]!
      if (b === LF) break
      if (b === delimiter) {
        left--
        width++
      }
      p++
    }
    if (left > 0) break
    const start = p
    b = bytes[p]!
    while (b !== delimiter && b !== LF) b = bytes[++p]!
    const end = b === LF && p > start && bytes[p - 1] === CR ? p - 1 : p
    if (end > start && !(bytes[start] === MINUS && end === start + 1)) {
      column[found] = k
      starts[found] = start
      ends[found] = end
      found++
    }
  }
  b = bytes[p]!
  while (b !== LF) {
    if (b === delimiter) width++
    b = bytes[++p]!
  }
  cells.count = found
  cells.width = width
  return p + 1
}
