import type { Dictionary } from './dictionary.ts'

/** Longest code in bytes; diagnosis codes of 医保版 2.0 have at most 18. */
export const CODE_BYTES = 20

/** Bytes that a buffer must hold behind the last field, because a look-up reads whole words. */
export const CODE_PADDING = 24

/** Words of a key: the first four bytes, the next four of a code longer than eight, the last four, the length. */
const KEY = 4
/** Further words of a code longer than twelve bytes: bytes 8 to 11, and 12 to 15. */
const TAIL = 2
const HEAD_BYTES = 12

/**
 * A dictionary as a hash table over the bytes of codes: no string is made to look a code up. Slots hold ids, 0 is empty.
 * First and last word overlap in a short code, so that seven bytes, as most codes have, are two words and no mask.
 * Backed by `SharedArrayBuffer`, so that threads share it.
 */
export interface CodeTable {
  readonly slots: Uint16Array
  /** Keys by id. */
  readonly keys: Int32Array
  /** By id what the keys of long codes leave out. */
  readonly tails: Int32Array
}

const tables = new WeakMap<readonly string[], CodeTable>()

/** The table of a dictionary, or of any list whose entry 0 is ''; built once for a list. */
export function codeTable(dictionary: Pick<Dictionary, 'codes'>): CodeTable {
  const known = tables.get(dictionary.codes)
  if (known !== undefined) return known
  const table = buildTable(dictionary)
  tables.set(dictionary.codes, table)
  return table
}

function buildTable(dictionary: Pick<Dictionary, 'codes'>): CodeTable {
  const size = dictionary.codes.length
  const slotCount = 1 << Math.ceil(Math.log2(size * 2.5 + 16))
  const slots = new Uint16Array(new SharedArrayBuffer(slotCount * 2))
  const keys = new Int32Array(new SharedArrayBuffer(size * KEY * 4))
  const tails = new Int32Array(new SharedArrayBuffer(size * TAIL * 4))
  const buffer = new Uint8Array(CODE_PADDING + CODE_BYTES)
  const view = new DataView(buffer.buffer)
  const encoder = new TextEncoder()
  for (let id = 1; id < size; id++) {
    const bytes = encoder.encode(dictionary.codes[id]!)
    const { length } = bytes
    if (length > CODE_BYTES) throw new RangeError(`code of ${length} bytes: ${dictionary.codes[id]}`)
    buffer.set(bytes)
    const [first, second, last] = [firstWord(view, 0, length), secondWord(view, 0, length), lastWord(view, 0, length)]
    keys.set([first, second, last, length], id * KEY)
    if (length > HEAD_BYTES) tails.set([view.getInt32(8, true), fourthWord(view, 0, length)], id * TAIL)
    let slot = hash(first, second, last, length) & (slotCount - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (slotCount - 1)
    slots[slot] = id
  }
  return { slots, keys, tails }
}

/** Id of the code in bytes `from` … `to` of `view`, or 0. The view must be readable 24 bytes beyond `to`. */
export function findCode({ slots, keys, tails }: CodeTable, view: DataView, from: number, to: number): number {
  const length = to - from
  if (length <= 0 || length > CODE_BYTES) return 0
  const first = firstWord(view, from, length)
  const second = secondWord(view, from, length)
  const last = lastWord(view, from, length)
  const mask = slots.length - 1
  let slot = hash(first, second, last, length) & mask
  for (;;) {
    const id = slots[slot]!
    if (id === 0) return 0
    const key = id * KEY
    if (
      keys[key] === first &&
      keys[key + 2] === last &&
      keys[key + 1] === second &&
      keys[key + 3] === length &&
      (length <= HEAD_BYTES || hasTail(tails, id, view, from, length))
    )
      return id
    slot = (slot + 1) & mask
  }
}

function hasTail(tails: Int32Array, id: number, view: DataView, from: number, length: number): boolean {
  const tail = id * TAIL
  return tails[tail] === view.getInt32(from + 8, true) && tails[tail + 1] === fourthWord(view, from, length)
}

/** All of a code of up to four bytes. */
function firstWord(view: DataView, from: number, length: number): number {
  const word = view.getInt32(from, true)
  return length >= 4 ? word : word & ((1 << (length * 8)) - 1)
}

/** 0 where the first and the last word leave nothing out. */
function secondWord(view: DataView, from: number, length: number): number {
  return view.getInt32(from + 4, true) & ((8 - length) >> 31)
}

function lastWord(view: DataView, from: number, length: number): number {
  return length >= 4 ? view.getInt32(from + length - 4, true) : 0
}

function fourthWord(view: DataView, from: number, length: number): number {
  return length > 16 ? view.getInt32(from + 12, true) : 0
}

function hash(first: number, second: number, last: number, length: number): number {
  const head = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(last, 0xc2b2ae35) ^ length
  const mixed = Math.imul(head ^ (head >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}
