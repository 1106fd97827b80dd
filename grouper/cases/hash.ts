import * as words from './digits.ts'

// Constants of this module become constants of the compiled code; imported ones do not.
const { DIGITS, fourDigits, noDigits } = words

/**
 * Hashes of short texts by 32-bit words, as `codes/keyword.ts` reads codes: no string is made. Texts are read from a
 * view that is readable four bytes beyond them.
 */

/** Word `offset / 4` of a text that ends at `to`: little-endian, zero beyond the end. */
export function wordAt(view: DataView, at: number, to: number): number {
  const word = view.getInt32(at, true)
  const left = to - at
  return left >= 4 ? word : word & ((1 << (left * 8)) - 1)
}

/** A 32-bit hash for tables of labels. */
export function hashText(view: DataView, from: number, to: number): number {
  let h = (to - from) | 0
  for (let p = from; p < to; p += 4) {
    h = Math.imul(h ^ wordAt(view, p, to), 0x9e3779b1)
    h ^= h >>> 15
  }
  return finish(h)
}

/** Words that tell an id: two of the hash of its series, and its number there. */
export const ID_WORDS = 3

/** Digits are read by eight bytes at the most: so a number keeps below 2^30. */
const MOST_DIGITS = 8

/** The number that the last `digits` bytes of a word make, all of it where they are four or more. */
const lastDigits = (word: number, digits: number): number =>
  digits <= 0 ? 0 : fourDigits(digits >= 4 ? word : word & (-1 << (32 - digits * 8)))

/**
 * Writes what tells an id to `out[at]` …: its last digits, eight at the most, are its number (-1 where it has none), and
 * what stands before them and their count are its series: a state of 64 bits of two chains with different constants, each
 * one-to-one in every word. It depends on the bytes of the id alone, wherever they lie.
 */
export function identify(out: Int32Array, at: number, view: DataView, from: number, to: number): void {
  let digits = 0
  let number = 0
  if (to >= MOST_DIGITS) {
    const high = view.getInt32(to - 8, true) ^ DIGITS
    const low = view.getInt32(to - 4, true) ^ DIGITS
    const last = Math.clz32(noDigits(low)) >>> 3
    digits = Math.min(last < 4 ? last : 4 + (Math.clz32(noDigits(high)) >>> 3), to - from)
    number = lastDigits(high, digits - 4) * 10_000 + lastDigits(low, digits)
  } else {
    for (let p = from; p < to; p++) {
      const digit = view.getUint8(p) - 48
      const isDigit = digit >>> 0 <= 9
      number = isDigit ? number * 10 + digit : 0
      digits = isDigit ? digits + 1 : 0
    }
  }
  out[at] = digits
  out[at + 1] = 0
  out[at + 2] = digits > 0 ? number : -1
  belongTo(out, at, view, from, to - digits)
}

/** Mixes a further text, such as the hospital's, into the series of an id that `identify` wrote. */
export function belongTo(out: Int32Array, at: number, view: DataView, from: number, to: number): void {
  let a = out[at]! ^ (to - from)
  let b = out[at + 1]! ^ ~(to - from)
  for (let p = from; p < to; p += 4) {
    const word = wordAt(view, p, to)
    a = Math.imul(a ^ word, 0xcc9e2d51)
    a = (a << 15) | (a >>> 17)
    b = Math.imul(b ^ word, 0x85ebca6b)
    b = (b << 13) | (b >>> 19)
  }
  out[at] = a
  out[at + 1] = b
}

/** Spreads a word of a state over all its bits, one-to-one. */
export function finish(h: number): number {
  let mixed = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return mixed ^ (mixed >>> 16)
}
