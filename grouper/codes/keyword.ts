import type { Dictionary } from './dictionary.ts'

/** Longest code in bytes; diagnosis codes of 医保版 2.0 have at most 18. */
export const CODE_BYTES = 20

/** Bytes that a buffer must hold behind the last field, because a look-up reads whole words. */
export const CODE_PADDING = 24

const WORDS = CODE_BYTES / 4
const HEAD = 2
const TAIL = WORDS - HEAD

/**
 * A dictionary as a hash table over the bytes of codes: no string is made to look a code up. A code is five 32-bit
 * words; slots hold ids, 0 is empty. Backed by `SharedArrayBuffer`, so that threads share it.
 */
export interface CodeTable {
  readonly slots: Uint16Array
  /** The first two words of every id, then the last three of every id: most codes need only the first. */
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
    const words = [0, 4, 8, 12, 16].map(at => view.getInt32(at, true)) as [number, number, number, number, number]
    keys.set(words.slice(0, HEAD), id * HEAD)
    keys.set(words.slice(HEAD), size * HEAD + id * TAIL)
    let slot = hash(...words) & (slotCount - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (slotCount - 1)
    slots[slot] = id
  }
  return { slots, keys, size }
}

function hashHead(w0: number, w1: number): number {
  return avalanche(Math.imul(w0, 0x9e3779b1) ^ Math.imul(w1, 0x85ebca6b))
}

/** Equal to `hashHead` where the last words are zero. */
function hash(w0: number, w1: number, w2: number, w3: number, w4: number): number {
  const head = Math.imul(w0, 0x9e3779b1) ^ Math.imul(w1, 0x85ebca6b)
  return avalanche(head ^ Math.imul(w2, 0xc2b2ae35) ^ Math.imul(w3, 0x27d4eb2f) ^ Math.imul(w4, 0x165667b1))
}

function avalanche(h: number): number {
  const mixed = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}

/** Id of the code in bytes `from` … `to` of `view`, or 0. The view must be readable 24 bytes beyond `to`. */
export function findCode(table: CodeTable, view: DataView, from: number, to: number): number {
  const length = to - from
  const { slots, keys } = table
  const last = slots.length - 1
  if (length >= 8) return length > CODE_BYTES ? 0 : findLong(table, view, from, length)
  if (length <= 0) return 0
  let w0 = view.getInt32(from, true)
  let w1 = 0
  if (length > 4) w1 = view.getInt32(from + 4, true) & mask(length - 4)
  else w0 &= mask(length)
  let slot = hashHead(w0, w1) & last
  for (;;) {
    const id = slots[slot]!
    if (id === 0) return 0
    // The eighth byte is zero, so a key that is equal here is as short.
    if (keys[id * 2] === w0 && keys[id * 2 + 1] === w1) return id
    slot = (slot + 1) & last
  }
}

function findLong(table: CodeTable, view: DataView, from: number, length: number): number {
  const { slots, keys, size } = table
  const w0 = view.getInt32(from, true)
  const w1 = view.getInt32(from + 4, true)
  const w2 = length > 8 ? view.getInt32(from + 8, true) & mask(length - 8) : 0
  const w3 = length > 12 ? view.getInt32(from + 12, true) & mask(length - 12) : 0
  const w4 = length > 16 ? view.getInt32(from + 16, true) & mask(length - 16) : 0
  const last = slots.length - 1
  let slot = hash(w0, w1, w2, w3, w4) & last
  for (;;) {
    const id = slots[slot]!
    if (id === 0) return 0
    if (keys[id * 2] === w0 && keys[id * 2 + 1] === w1) {
      const tail = size * HEAD + id * TAIL
      if (keys[tail] === w2 && keys[tail + 1] === w3 && keys[tail + 2] === w4) return id
    }
    slot = (slot + 1) & last
  }
}

/** Keeps the first bytes (1 or more; 4 and more keep all) of a little-endian word. */
function mask(bytes: number): number {
  return bytes >= 4 ? -1 : (1 << (bytes * 8)) - 1
}
