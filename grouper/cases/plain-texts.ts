import type { CaseBatch } from './batch.ts'
import { belongTo, ID_WORDS, identify } from './hash.ts'
import { type Labels, labelOf } from './labels.ts'
import * as cuts from './plain-cuts.ts'

// Constants of this module become constants of the compiled loops; imported ones do not.
const { ends, text } = cuts

/**
 * Columns of texts in plain rows. The cuts of the first row are `ends` from `at` on (see `plain-cuts.ts`), which becomes row
 * `begin` of the batch; a row has `stride` of them.
 */

/** Reads ids and returns how many rows it took: up to one without an id, or for which there is no room. */
export function idColumn(
  at: number,
  stride: number,
  rows: number,
  { idBytes, idStart, ids }: CaseBatch,
  begin: number,
): number {
  const out = new DataView(idBytes.buffer, idBytes.byteOffset, idBytes.byteLength)
  // Words are copied, up to 15 bytes behind an id with it.
  const room = idBytes.length - 16
  let end = idStart[begin]! | 0
  for (let row = begin; row < begin + rows; row++, at += stride) {
    const from = ends[at]! + 1
    const to = ends[at + 1]!
    const length = to - from
    if (length === 0 || end + length > room) return row - begin
    out.setInt32(end, text.getInt32(from, true), true)
    out.setInt32(end + 4, text.getInt32(from + 4, true), true)
    out.setInt32(end + 8, text.getInt32(from + 8, true), true)
    out.setInt32(end + 12, text.getInt32(from + 12, true), true)
    for (let p = 16; p < length; p += 4) out.setInt32(end + p, text.getInt32(from + p, true), true)
    identify(ids, row * ID_WORDS, text, from, to)
    end += length
    idStart[row + 1] = end
  }
  return rows
}

/** Mixes a further text of each row, such as the hospital, into what tells its id. */
export function belongColumn(at: number, stride: number, rows: number, { ids }: CaseBatch, begin: number): void {
  for (let row = begin; row < begin + rows; row++, at += stride) {
    const from = ends[at]! + 1
    const to = ends[at + 1]!
    if (to > from) belongTo(ids, row * ID_WORDS, text, from, to)
  }
}

/** A column whose texts are numbered. */
export interface LabelColumn {
  readonly column: number
  readonly labels: Labels
  readonly out: Uint16Array
}

/** Numbers texts, row by row as the careful way does; returns how many rows it took: up to one text too many. */
export function labelColumns(
  at: number,
  stride: number,
  rows: number,
  columns: readonly LabelColumn[],
  begin: number,
): number {
  if (columns.length === 0) return rows
  for (let row = 0; row < rows; row++, at += stride) {
    for (const { column, labels, out } of columns) {
      const label = labelOf(labels, text, ends[at + column]! + 1, ends[at + column + 1]!)
      if (label < 0) return row
      out[begin + row] = label
    }
  }
  return rows
}
