import * as batch from './batch.ts'
import * as digits from './digits.ts'
import * as opcodes from './opcodes.ts'
import * as cuts from './plain-cuts.ts'

// Constants of this module become constants of the compiled loops; imported ones do not, nor do functions declared by name.
const { MISSING } = batch
const { DIGITS, fourDigits, noDigits } = digits
const { SHORT_YUAN } = opcodes
const { ends, text } = cuts

/**
 * Columns of numbers in plain rows, read by words of four bytes. The cuts of the first row are `ends` from `at` on (see
 * `plain-cuts.ts`), a row has `stride` of them. Each function returns how many rows it took: those before the first that
 * is not plain.
 */

const DOT = 46
/** Most digits of an integer. */
const MOST_DIGITS = 9
const POWERS = [1, 10, 100]

/** By number of digits before the dot: the bytes of the last word before it, and of the word before that, which are digits. */
const LOW = new Int32Array([0, 0xff000000, 0xffff0000, 0xffffff00, -1, -1, -1, -1, -1])
const HIGH = new Int32Array([0, 0, 0, 0, 0, 0xff000000, 0xffff0000, 0xffffff00, -1])

/** Integers up to `limit` from row `begin` of `out` on; `MISSING` for an empty cell. */
export function integerColumn(
  at: number,
  stride: number,
  rows: number,
  limit: number,
  out: Int32Array,
  begin: number,
): number {
  for (let row = 0; row < rows; row++, at += stride) {
    const from = ends[at]! + 1
    const length = ends[at + 1]! - from
    let value = MISSING
    if (length > 0) {
      if (length <= 4) {
        const digits = (text.getInt32(from, true) ^ DIGITS) << (32 - length * 8)
        if (noDigits(digits) !== 0) return row
        value = fourDigits(digits)
      } else {
        if (length > MOST_DIGITS) return row
        value = 0
        for (let p = from; p < from + length; p++) {
          const digit = text.getUint8(p) - 48
          if (digit >>> 0 > 9) return row
          value = value * 10 + digit
        }
      }
      if (value > limit) return row
    }
    out[begin + row] = value
  }
  return rows
}

/** Amounts in fen from row `begin` of `out` on, each row `step` further; `MISSING` for an empty cell. */
export function moneyColumn(
  at: number,
  stride: number,
  rows: number,
  out: Float64Array,
  begin: number,
  step: number,
): number {
  let place = begin
  for (let row = 0; row < rows; row++, at += stride, place += step) {
    const from = ends[at]! + 1
    const length = ends[at + 1]! - from
    const digits = length - 3
    if (length === 0) {
      out[place] = MISSING
      continue
    }
    if (digits > 0 && digits <= SHORT_YUAN) {
      const dot = from + digits
      const tail = text.getInt32(dot, true)
      const tens = ((tail >>> 8) & 255) - 48
      const ones = ((tail >>> 16) & 255) - 48
      // How many digits there are is as good as random: no jump depends on it.
      const low = (text.getInt32(dot - 4, true) ^ DIGITS) & LOW[digits]!
      const high = (text.getInt32(dot - 8, true) ^ DIGITS) & HIGH[digits]!
      const odd = noDigits(low) | noDigits(high)
      if (odd === 0 && (tail & 255) === DOT && tens >>> 0 <= 9 && ones >>> 0 <= 9) {
        out[place] = (fourDigits(high) * 10_000 + fourDigits(low)) * 100 + tens * 10 + ones
        continue
      }
    }
    const fen = looseFen(from, from + length)
    if (fen < 0) return row
    out[place] = fen
  }
  return rows
}

/** Fen of up to seven digits with fewer than two decimals or none, such as 12, 12. and 12.5; -1 for other texts. */
function looseFen(from: number, to: number): number {
  let fen = 0
  let dot = to
  for (let p = from; p < to; p++) {
    const digit = text.getUint8(p) - 48
    if (digit + 48 === DOT && dot === to) dot = p
    else if (digit >>> 0 > 9 || p - from > SHORT_YUAN + 2) return -1
    else fen = fen * 10 + digit
  }
  const decimals = Math.max(0, to - dot - 1)
  return dot === from || dot - from > SHORT_YUAN || decimals > 2 ? -1 : fen * POWERS[2 - decimals]!
}

/** Sex as 1, 2, 男 or 女, from row `begin` of `out` on. */
export function sexColumn(at: number, stride: number, rows: number, out: Uint8Array, begin: number): number {
  for (let row = 0; row < rows; row++, at += stride) {
    const from = ends[at]! + 1
    const length = ends[at + 1]! - from
    const word = text.getInt32(from, true)
    const sex = length === 1 ? word & 0xff : length === 3 ? word & 0xffffff : 0
    if (sex === 49 || sex === 0xb794e7) out[begin + row] = 1
    else if (sex === 50 || sex === 0xb3a5e5) out[begin + row] = 2
    else return row
  }
  return rows
}
