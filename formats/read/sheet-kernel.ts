/** The hot loop of big sheets: it finds the wanted cells of the rows and passes over all others. */

const [BLANK, QUOTE, SLASH, LESS, EQUALS, MORE, LETTER_C, LETTER_O, LETTER_R, LETTER_W] = [
  32, 34, 47, 60, 61, 62, 99, 111, 114, 119,
] as const // biome-ignore format: one list

/** What takes the cells that were found. */
export interface CellTaker {
  /** A wanted cell that holds something: its place, type (first letter of `t`, 0 for none), format, and content. */
  cell(place: number, type: number, style: number, bytes: Buffer, from: number, to: number): void
  /** The end of a row, with its number; `isMore` where cells that are not wanted have content. */
  row(line: number, isMore: boolean, from: number, to: number): void
}

/**
 * Scans whole rows from `from` to `to`, which is behind the last `</row>`.
 *
 * @param places by column: the place of a wanted one, else -1; columns behind the last are not wanted
 * @param line number of the row before
 * @returns number of the last row
 */
export function scanSheetRows(
  bytes: Buffer,
  from: number,
  to: number,
  places: Int32Array,
  taker: CellTaker,
  line: number,
): number {
  let at = line
  let next = 0
  let rowFrom = from
  let isMore = false
  let p = from
  while (p < to) {
    if (bytes[p] !== LESS) {
      p++
      continue
    }
    const name = bytes[p + 1]
    if (name === LETTER_C && (bytes[p + 2] === BLANK || bytes[p + 2] === MORE)) {
      let column = next
      let [type, style] = [0, -1]
      p += 2
      while (bytes[p] !== MORE && p < to) {
        // Attributes of one letter: ` r="B7"`, ` s="3"`, ` t="s"`; all others are passed over.
        if (bytes[p] === BLANK && bytes[p + 2] === EQUALS) {
          const letter = bytes[p + 1]!
          p += 4
          if (letter === LETTER_R) {
            column = 0
            for (; bytes[p]! >= 65; p++) column = column * 26 + (bytes[p]! & 31)
            column--
          } else if (letter === 115) {
            style = 0
            for (; bytes[p]! >= 48 && bytes[p]! <= 57; p++) style = style * 10 + bytes[p]! - 48
          } else if (letter === 116) type = typeAt(bytes, p)
        } else p++
      }
      next = column + 1
      const isEmpty = bytes[p - 1] === SLASH
      const start = ++p
      if (isEmpty) continue
      while (p < to && !(bytes[p] === LESS && bytes[p + 1] === SLASH && bytes[p + 2] === LETTER_C)) p++
      const place = column < places.length ? places[column]! : -1
      if (place < 0) isMore ||= p > start
      else if (p > start) taker.cell(place, type, style, bytes, start, p)
      p += 4
    } else if (name === LETTER_R && bytes[p + 2] === LETTER_O && bytes[p + 3] === LETTER_W) {
      rowFrom = p
      at++
      next = 0
      isMore = false
      p += 4
      while (bytes[p] !== MORE && p < to) {
        if (bytes[p] === BLANK && bytes[p + 1] === LETTER_R && bytes[p + 2] === EQUALS) {
          at = 0
          for (p += 4; bytes[p]! >= 48 && bytes[p]! <= 57; p++) at = at * 10 + bytes[p]! - 48
        } else p++
      }
    } else if (name === SLASH && bytes[p + 2] === LETTER_R && bytes[p + 3] === LETTER_O && bytes[p + 4] === LETTER_W) {
      p += 6
      taker.row(at, isMore, rowFrom, p)
    } else p++
  }
  return at
}

/** Types of cells: shared text, text of a formula, inline text, boolean, error; 0 is a number. */
export const CELL_TYPE = { shared: 1, formula: 2, inline: 3, boolean: 4, error: 5 } as const

function typeAt(bytes: Buffer, at: number): number {
  switch (bytes[at]) {
    case 115:
      return bytes[at + 1] === QUOTE || bytes[at + 1] === 39 ? CELL_TYPE.shared : CELL_TYPE.formula
    case 105:
      return CELL_TYPE.inline
    case 98:
      return CELL_TYPE.boolean
    case 101:
      return CELL_TYPE.error
    default:
      return 0
  }
}
