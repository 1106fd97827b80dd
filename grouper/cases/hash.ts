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

/**
 * Writes a 64-bit hash to `out[at]` and `out[at + 1]`: two chains with different constants, each one-to-one in every
 * word, so that ids which differ in one word only never fall together. The second half is never 0.
 */
export function hashId(out: Int32Array, at: number, view: DataView, from: number, to: number): void {
  out[at] = 0
  out[at + 1] = 0
  hashMore(out, at, view, from, to)
}

/** Mixes a further text into a hash that `hashId` wrote. */
export function hashMore(out: Int32Array, at: number, view: DataView, from: number, to: number): void {
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
