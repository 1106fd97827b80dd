import { type CodeTree, cellOf, codeTree, leafOf, startsOf } from './code-tree.ts'
import type { Dictionary } from './dictionary.ts'

/** Longest code in bytes; diagnosis codes of 医保版 2.0 have at most 18. */
export const CODE_BYTES = 20

/** Bytes that a buffer must hold behind the last field, because codes are read by words. */
export const CODE_PADDING = 32

/** Bytes of a stem, and of a stem with a branch, as `code-tree.ts` has them. */
export const STEM_BYTES = 7
export const BRANCH_BYTES = 11
/** The byte between them. */
export const BRANCH_MARK = 120

/** Words of a key: three from the begin of a code, two up to its end, its length. */
const KEY = 6
/** Shorter codes are read with zeros behind their end, and have no last words. */
const LONG = 12

/**
 * A dictionary over the bytes of codes: no string is made to look a code up. Nearly all codes are in the tree; those of
 * other shapes, such as pairs of dagger and asterisk, in a hash table. Backed by `SharedArrayBuffer`, so that threads
 * share it.
 */
export interface CodeTable {
  readonly tree: CodeTree
  /** Position in `ids` and `keys`; 0 is an empty slot. */
  readonly slots: Uint16Array
  readonly keys: Int32Array
  readonly ids: Uint16Array
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
  const odd: (readonly [string, number])[] = []
  const tree = codeTree(dictionary.codes, (code, id) => odd.push([code, id]))
  const slots = new Uint16Array(new SharedArrayBuffer(4 << Math.ceil(Math.log2(odd.length * 2 + 2))))
  const keys = new Int32Array(new SharedArrayBuffer((odd.length + 1) * KEY * 4))
  const ids = new Uint16Array(new SharedArrayBuffer((odd.length + 1) * 2))
  const buffer = new Uint8Array(CODE_PADDING + CODE_BYTES)
  const view = new DataView(buffer.buffer)
  const mask = slots.length - 1
  odd.forEach(([code, id], k) => {
    const bytes = new TextEncoder().encode(code)
    const { length } = bytes
    if (length > CODE_BYTES) throw new RangeError(`code of ${length} bytes: ${code}`)
    buffer.fill(0).set(bytes)
    const long = length >= LONG
    const words = [0, 4, 8, long ? length - 8 : LONG, long ? length - 4 : LONG].map(at => view.getInt32(at, true))
    keys.set([...words, length], (k + 1) * KEY)
    ids[k + 1] = id
    let slot = hash(words[0]!, words[1]!, words[2]!, words[4]!) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = k + 1
  })
  return { tree, slots, keys, ids }
}

/** The arrays of a table by name, to be kept as sections of a shared buffer. */
export function tableSections(
  kind: 'dx' | 'px',
  { tree, ...odd }: CodeTable,
): Record<string, Int32Array | Uint16Array> {
  return Object.fromEntries(Object.entries({ ...tree, ...odd }).map(([name, array]) => [`${kind}.${name}`, array]))
}

/** The table whose sections `words` and `shorts` find. */
export function openTable(
  kind: 'dx' | 'px',
  words: (name: string) => Int32Array,
  shorts: (name: string) => Uint16Array,
): CodeTable {
  const heads = words(`${kind}.heads`)
  return {
    tree: {
      heads,
      starts: startsOf(heads),
      cells: words(`${kind}.cells`),
      branches: words(`${kind}.branches`),
      leaves: shorts(`${kind}.leaves`),
    },
    slots: shorts(`${kind}.slots`),
    keys: words(`${kind}.keys`),
    ids: shorts(`${kind}.ids`),
  }
}

/** Id of the code in bytes `from` … `to` of `view`, or 0. The view must be readable 20 bytes beyond `to`. */
export function findCode(table: CodeTable, view: DataView, from: number, to: number): number {
  const length = to - from
  if (length === STEM_BYTES || (length === BRANCH_BYTES && view.getUint8(from + STEM_BYTES) === BRANCH_MARK)) {
    const { heads, starts, cells, branches, leaves } = table.tree
    const cell = cellOf(heads, starts, cells, view.getInt32(from, true), view.getInt32(from + 4, true))
    const id = length === STEM_BYTES ? cell & 0xffff : leafOf(branches, leaves, cell, view.getInt32(from + 8, true))
    if (id !== 0) return id
  }
  return findOdd(table, view, from, to)
}

/** Id of a code that the tree does not have. */
function findOdd({ slots, keys, ids }: CodeTable, view: DataView, from: number, to: number): number {
  const length = to - from
  if (length <= 0 || length > CODE_BYTES) return 0
  const long = length >= LONG
  const first = long ? view.getInt32(from, true) : wordAt(view, from, to)
  const second = long ? view.getInt32(from + 4, true) : wordAt(view, from + 4, to)
  const third = long ? view.getInt32(from + 8, true) : wordAt(view, from + 8, to)
  const fourth = long ? view.getInt32(to - 8, true) : 0
  const last = long ? view.getInt32(to - 4, true) : 0
  const mask = slots.length - 1
  let slot = hash(first, second, third, last) & mask
  for (;;) {
    const found = slots[slot]!
    if (found === 0) return 0
    const key = found * KEY
    if (
      keys[key] === first &&
      keys[key + 1] === second &&
      keys[key + 2] === third &&
      keys[key + 3] === fourth &&
      keys[key + 4] === last &&
      keys[key + 5] === length
    )
      return ids[found]!
    slot = (slot + 1) & mask
  }
}

/**
 * Ids of codes of 12 to 20 bytes that stand at the first place of their hash, 0 for others. A loop without calls: so the
 * engine keeps what it knows of the arrays in registers.
 *
 * @param list three words a code: its position in `out`, its first byte, its length
 */
export function findPairs(
  { slots, keys, ids }: CodeTable,
  view: DataView,
  list: Int32Array,
  count: number,
  out: Uint16Array,
): void {
  const mask = slots.length - 1
  for (let k = 0; k < count * 3; k += 3) {
    const from = list[k + 1]!
    const length = list[k + 2]!
    const first = view.getInt32(from, true)
    const second = view.getInt32(from + 4, true)
    const third = view.getInt32(from + 8, true)
    const fourth = view.getInt32(from + length - 8, true)
    const last = view.getInt32(from + length - 4, true)
    const found = slots[hash(first, second, third, last) & mask]!
    const key = found * KEY
    const head = (keys[key]! ^ first) | (keys[key + 1]! ^ second) | (keys[key + 2]! ^ third)
    const tail = (keys[key + 3]! ^ fourth) | (keys[key + 4]! ^ last) | (keys[key + 5]! ^ length)
    out[list[k]!] = (head | tail) === 0 ? ids[found]! : 0
  }
}

/** The four bytes at `at`; zero from `to` on. */
function wordAt(view: DataView, at: number, to: number): number {
  const left = to - at
  return left >= 4 ? view.getInt32(at, true) : left <= 0 ? 0 : view.getInt32(at, true) & ((1 << (left * 8)) - 1)
}

const hash = (first: number, second: number, third: number, last: number): number => {
  const head = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)
  const tail = Math.imul(third, 0xc2b2ae35) ^ Math.imul(last, 0x27d4eb2f)
  const mixed = Math.imul(head ^ tail ^ (head >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}
