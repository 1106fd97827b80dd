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

/** As many digits as keep a number below 2^30. */
const MOST_DIGITS = 9

/**
 * Writes what tells an id to `out[at]` …: its last digits, nine at the most, are its number (-1 where it has none), and
 * what stands before them and their count are its series, a 64-bit hash of two chains with different constants, each
 * one-to-one in every word. The second word is never 0.
 */
export function identify(out: Int32Array, at: number, view: DataView, from: number, to: number): void {
  const least = Math.max(from, to - MOST_DIGITS)
  let p = to
  let number = 0
  let unit = 1
  while (p > least) {
    const digit = view.getUint8(p - 1) - 48
    if (digit < 0 || digit > 9) break
    number += digit * unit
    unit *= 10
    p--
  }
  out[at] = to - p
  out[at + 1] = 0
  out[at + 2] = p < to ? number : -1
  belongTo(out, at, view, from, p)
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
  out[at] = finish(a)
  out[at + 1] = finish(b) || 1
}

function finish(h: number): number {
  let mixed = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return mixed ^ (mixed >>> 16)
}
