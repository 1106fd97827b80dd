import type { Dictionary } from './dictionary.ts'

/** Longest code in bytes; diagnosis codes of 医保版 2.0 have at most 18. */
export const CODE_BYTES = 20

/** Bytes that a buffer must hold behind the last field, because a look-up reads whole words. */
export const CODE_PADDING = 24

const WORDS = CODE_BYTES / 4

/**
 * A dictionary as a hash table over the bytes of codes: no string is made to look a code up. A code is five 32-bit
 * words; slots hold ids, 0 is empty. Backed by `SharedArrayBuffer`, so that threads share it.
 */
export interface CodeTable {
  readonly slots: Uint16Array
  /** Five words an id. */
  readonly keys: Int32Array
  /** Number of ids, 0 included. */
  readonly size: number
}

/** Builds the table of a dictionary, or of any list whose entry 0 is ''. */
export function codeTable(dictionary: Pick<Dictionary, 'codes'>): CodeTable {
  const size = dictionary.codes.length
  const slotCount = 1 << Math.ceil(Math.log2(size * 2.5 + 16))
  const slots = new Uint16Array(new SharedArrayBuffer(slotCount * 2))
  const keys = new Int32Array(new SharedArrayBuffer(size * WORDS * 4))
  const buffer = new Uint8Array(CODE_PADDING + CODE_BYTES)
  const view = new DataView(buffer.buffer)
  const encoder = new TextEncoder()
  for (let id = 1; id < size; id++) {
    const bytes = encoder.encode(dictionary.codes[id]!)
    if (bytes.length > CODE_BYTES) throw new RangeError(`code of ${bytes.length} bytes: ${dictionary.codes[id]}`)
    buffer.fill(0)
    buffer.set(bytes)
    const base = id * WORDS
    for (let w = 0; w < WORDS; w++) keys[base + w] = view.getInt32(w * 4, true)
    let slot = hash(keys[base]!, keys[base + 1]!, keys[base + 2]!, keys[base + 3]!, keys[base + 4]!) & (slotCount - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (slotCount - 1)
    slots[slot] = id
  }
  return { slots, keys, size }
}

function hash(w0: number, w1: number, w2: number, w3: number, w4: number): number {
  let h = Math.imul(w0, 0x9e3779b1) ^ Math.imul(w1, 0x85ebca6b)
  h ^= Math.imul(w2, 0xc2b2ae35) ^ Math.imul(w3, 0x27d4eb2f) ^ Math.imul(w4, 0x165667b1)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return h ^ (h >>> 13)
}

/** Id of the code in bytes `from` … `to` of `view`, or 0. The view must be readable 24 bytes beyond `to`. */
export function findCode(table: CodeTable, view: DataView, from: number, to: number): number {
  const length = to - from
  if (length <= 0 || length > CODE_BYTES) return 0
  let w0 = view.getInt32(from, true)
  let w1 = 0
  let w2 = 0
  let w3 = 0
  let w4 = 0
  if (length <= 4) {
    w0 &= mask(length)
  } else {
    w1 = view.getInt32(from + 4, true)
    if (length <= 8) {
      w1 &= mask(length - 4)
    } else {
      w2 = view.getInt32(from + 8, true)
      if (length <= 12) {
        w2 &= mask(length - 8)
      } else {
        w3 = view.getInt32(from + 12, true)
        if (length <= 16) {
          w3 &= mask(length - 12)
        } else {
          w4 = view.getInt32(from + 16, true) & mask(length - 16)
        }
      }
    }
  }
  const { slots, keys } = table
  const last = slots.length - 1
  let slot = hash(w0, w1, w2, w3, w4) & last
  for (;;) {
    const id = slots[slot]!
    if (id === 0) return 0
    const base = id * 5
    if (
      keys[base] === w0 &&
      keys[base + 1] === w1 &&
      keys[base + 2] === w2 &&
      keys[base + 3] === w3 &&
      keys[base + 4] === w4
    ) {
      return id
    }
    slot = (slot + 1) & last
  }
}

/** Keeps the first `bytes` (1 to 4) bytes of a little-endian word. */
function mask(bytes: number): number {
  return bytes === 4 ? -1 : (1 << (bytes * 8)) - 1
}
