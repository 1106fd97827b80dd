/**
 * Cells of plain rows, read by words of four bytes: a loop by bytes leaves at a place that the processor cannot foresee,
 * which costs as much as ten steps. Views are little-endian and readable eight bytes behind a cell.
 */

const DIGITS = 0x30303030
const HIGH_BITS = 0x80808080

/** By byte of a word with `DIGITS` taken off: high bit set for the first byte that is no digit; those behind it are void. */
function noDigits(word: number): number {
  return ((word + 0x76767676) | word) & HIGH_BITS
}

/** Bytes before the first whose high bit is set, times eight. */
function bitsBefore(marks: number): number {
  return 24 - Math.clz32(marks & -marks)
}

/** The number of four bytes from 0 to 9, the first of which counts most. */
function fourDigits(word: number): number {
  const pairs = (Math.imul(word, 2561) >>> 8) & 0xff00ff
  return Math.imul(pairs, 6553601) >>> 16
}

/**
 * An integer of one to three digits that ends at `end`: its value * 4 + its digits; 0 where it is none.
 *
 * @param word the first four bytes of the cell
 */
export function shortInteger(word: number, end: number): number {
  const digits = word ^ DIGITS
  const marks = noDigits(digits)
  const bits = bitsBefore(marks)
  // Without a mark `bits` is -8.
  if (bits <= 0 || ((word >>> bits) & 255) !== end) return 0
  return fourDigits(digits << (32 - bits)) * 4 + (bits >> 3)
}

/**
 * Writes the fen of a cell to `out[at]` and returns its bytes, if it has one to seven digits of yuan, a point, and two
 * decimals up to `end`; else 0.
 */
export function shortMoney(view: DataView, from: number, end: number, out: Float64Array, at: number): number {
  const first = view.getInt32(from, true) ^ DIGITS
  const marks = noDigits(first)
  let length: number
  let yuan: number
  if (marks !== 0) {
    const bits = bitsBefore(marks)
    if (bits === 0) return 0
    length = bits >> 3
    yuan = fourDigits(first << (32 - bits))
  } else {
    const second = view.getInt32(from + 4, true) ^ DIGITS
    const bits = bitsBefore(noDigits(second))
    if (bits < 0) return 0
    length = 4 + (bits >> 3)
    yuan = fourDigits(first)
    if (bits === 8) yuan = yuan * 10 + (second & 15)
    else if (bits === 16) yuan = yuan * 100 + (second & 15) * 10 + ((second >>> 8) & 15)
    else if (bits === 24) yuan = yuan * 1000 + fourDigits(second << 8)
  }
  const tail = view.getInt32(from + length, true)
  const tens = ((tail >>> 8) & 255) - 48
  const ones = ((tail >>> 16) & 255) - 48
  if ((tail & 255) !== 46 || tail >>> 24 !== end || tens >>> 0 > 9 || ones >>> 0 > 9) return 0
  out[at] = yuan * 100 + tens * 10 + ones
  return length + 3
}

/** Where the first byte below 45 stands, `from` or later: the comma and all that can end a cell are below, most else above. */
export function lowByte(view: DataView, from: number): number {
  for (let p = from; ; p += 4) {
    const word = view.getInt32(p, true)
    const marks = (word - 0x2d2d2d2d) & ~word & HIGH_BITS
    if (marks !== 0) return p + (bitsBefore(marks) >> 3)
  }
}
