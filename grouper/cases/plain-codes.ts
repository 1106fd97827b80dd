import * as keyword from '../codes/keyword.ts'
import { type CodeTable, findCode, findPairs } from '../codes/keyword.ts'
import * as batch from './batch.ts'
import * as cuts from './plain-cuts.ts'

// Constants of this module become constants of the compiled loop; imported ones do not.
const { STEM_BYTES, BRANCH_BYTES } = keyword
const { MOST_CODES } = batch
const { ends, text } = cuts

/** Columns of codes of one kind: which they are, and where they are looked up. */
export interface CodeColumns {
  readonly isDx: boolean
  readonly columns: readonly number[]
  /** The column of the principal code, -1 for none. */
  readonly principal: number
  readonly table: CodeTable
}

/** Rows cut into cells: `at` is the place in `ends` of the first one, which becomes row `begin` of the batch. */
interface CutRows {
  readonly stride: number
  readonly at: number
  readonly begin: number
  /** Where the ids go. */
  readonly codes: Uint16Array
  readonly starts: Uint32Array
}

/** Class of every byte in a cell of codes: 0 unless it ends a code. An array of this module's own, for the compiled loop. */
const stops = new Uint8Array(256)
let given: Uint8Array | undefined

/** Bytes of a pair of dagger and asterisk with both codes at full length, and with the first one at the length of a stem. */
const PAIR_BYTES = 18
const SHORT_PAIR_BYTES = 14

/** After so many rows that have empty places or codes of other shapes, the others of a call are read code by code. */
const MOST_ODD_ROWS = 8

/**
 * Codes met of late, by a hash: three words of a code and its id, for two codes of the same hash. A few thousand codes make
 * nearly all of a region's cases, and lie here nearer to the processor than in the table. The first of the two is what
 * `hotCodes` looks at: it came early, so it is likely to come often. Nothing but speed depends on it.
 */
const HOT_BITS = 13
const HOT_WORDS = 8 << HOT_BITS
const SECOND = 4
/** One array for diagnoses and procedures: the compiled loop then knows where it lies. */
const hot = new Int32Array(HOT_WORDS * 2)
const owners: (CodeTable | undefined)[] = [undefined, undefined]

/** Where the codes of a table begin in `hot`; those of another table are forgotten. */
function hotOf(table: CodeTable, isDx: boolean): number {
  const own = isDx ? 0 : 1
  const begin = own * HOT_WORDS
  if (owners[own] !== table) hot.fill(0, begin, begin + HOT_WORDS)
  owners[own] = table
  return begin
}

/** Stands for the eighth byte of a code of seven: no text in UTF-8 has it. */
const NO_BYTE = 0xff000000

const hotSlot = (head: number, middle: number, tail: number): number => {
  const mixed = Math.imul(head, 0x9e3779b1) + Math.imul(middle, 0x85ebca6b) + Math.imul(tail, 0xc2b2ae35)
  return (mixed >>> (32 - HOT_BITS)) << 3
}

/** Codes and pairs that `hotCodes` left open, three words each: position in the list of ids, first byte, length. */
const MOST_MISSES = 4096
const misses = new Int32Array(MOST_MISSES * 3)
let missCount = 0
const pairs = new Int32Array(MOST_MISSES * 3)
let pairCount = 0

/**
 * Reads the codes of plain rows and returns how many rows it took: up to one with a list that begins with an empty place, or
 * with a code that the dictionary does not have as written.
 *
 * @param classes of bytes in a cell of codes, as `stopsFor` has them
 * @param rows number of rows
 */
export function codeColumns(
  kind: CodeColumns,
  classes: Uint8Array,
  at: number,
  stride: number,
  rows: number,
  codes: Uint16Array,
  starts: Uint32Array,
  begin: number,
): number {
  const hotBegin = hotOf(kind.table, kind.isDx)
  if (given !== classes) stops.set(classes)
  given = classes
  let row = 0
  for (let odd = 0; row < rows; odd++) {
    if (odd < MOST_ODD_ROWS) {
      const cut = { stride, at: at + row * stride, begin: begin + row, codes, starts }
      row += lookUp(kind, hotBegin, cut, hotCodes(kind, hotBegin, cut, rows - row))
      if (row === rows) break
    }
    if (!patientRow(kind, { stride, at: at + row * stride, begin: begin + row, codes, starts })) break
    row++
  }
  return row
}

/**
 * Reads codes of 7, 11, 14 and 18 bytes, as nearly all have, up to a row with another one; ids of those that were met of
 * late are written, the others noted. If a separator stands behind so many bytes and the dictionary has what is before it,
 * no byte of it need be looked at, because no code holds a separator.
 *
 * One loop without calls and without loops in it: so the engine keeps what it knows of the arrays in registers.
 */
function hotCodes(
  { columns, principal }: CodeColumns,
  hotBegin: number,
  { stride, at, begin, codes, starts }: CutRows,
  rows: number,
): number {
  missCount = 0
  pairCount = 0
  const last = columns.length - 1
  const room = codes.length - MOST_CODES
  let first = starts[begin]!
  let end = first
  let row = 0
  let k = 0
  let miss = 0
  let pair = 0
  let cell = at + columns[0]!
  let p = ends[cell]! + 1
  let to = ends[cell + 1]!
  if (first > room || (p !== to && columns[0] !== principal)) return 0
  for (;;) {
    if (p === to) {
      if (k < last) k++
      else {
        starts[begin + row + 1] = end
        row++
        if (row === rows || end > room || miss + pair > MOST_MISSES - MOST_CODES) break
        k = 0
        at += stride
        first = end
      }
      const column = columns[k]!
      cell = at + column
      p = ends[cell]! + 1
      to = ends[cell + 1]!
      if (p !== to && end === first && column !== principal) break
      continue
    }
    if (end - first >= MOST_CODES) break
    const head = text.getInt32(p, true)
    const second = text.getInt32(p + 4, true)
    const third = text.getInt32(p + 8, true)
    const short = stops[second >>> 24]!
    let length = PAIR_BYTES
    if ((short | stops[third >>> 24]!) !== 0) {
      // Seven bytes or eleven is as good as random: no jump depends on it. 0 for seven, -1 for eleven.
      const long = (short - 1) >> 31
      const middle = second | (~long & NO_BYTE)
      const tail = third & long & 0xffffff
      const slot = hotBegin + hotSlot(head, middle, tail)
      const code = hot[slot + 3]!
      length = STEM_BYTES + (long & (BRANCH_BYTES - STEM_BYTES))
      codes[end] = code
      if (hot[slot] !== head || hot[slot + 1] !== middle || hot[slot + 2] !== tail || code === 0) {
        misses[miss * 3] = end
        misses[miss * 3 + 1] = p
        misses[miss * 3 + 2] = length
        miss++
      }
    } else {
      if (stops[text.getUint8(p + PAIR_BYTES)] === 0) {
        length = SHORT_PAIR_BYTES
        if (stops[text.getUint8(p + SHORT_PAIR_BYTES)] === 0) break
      }
      pairs[pair * 3] = end
      pairs[pair * 3 + 1] = p
      pairs[pair * 3 + 2] = length
      pair++
    }
    end++
    p += length
    // A place after the last separator is empty, which the careful way passes over too.
    if (p < to) p++
    else if (p > to) break
  }
  missCount = miss
  pairCount = pair
  return row
}

/** Looks up what `hotCodes` left open of `rows` rows; returns how many have only codes of the dictionary. */
function lookUp({ table }: CodeColumns, hotBegin: number, { begin, codes, starts }: CutRows, rows: number): number {
  const end = starts[begin + rows]!
  findPairs(table, text, pairs, pairCount, codes)
  const open = Math.min(openCode(table, hotBegin, codes, end), openPair(table, codes, end))
  if (open === end) return rows
  let row = 0
  while (starts[begin + row + 1]! <= open) row++
  return row
}

/** Every so many times that a second code is met, it takes the place of the first: files change. */
const EXCHANGE = 15
let again = 0

function exchange(first: number): void {
  for (let k = first; k < first + SECOND; k++) {
    const word = hot[k]!
    hot[k] = hot[k + SECOND]!
    hot[k + SECOND] = word
  }
}

/** Looks up codes before `end` and keeps them at hand; the position of the first one that the dictionary does not have, or `end`. */
function openCode(table: CodeTable, hotBegin: number, codes: Uint16Array, end: number): number {
  for (let miss = 0; miss < missCount; miss++) {
    const place = misses[miss * 3]!
    if (place >= end) break
    const from = misses[miss * 3 + 1]!
    const length = misses[miss * 3 + 2]!
    const head = text.getInt32(from, true)
    const long = length === BRANCH_BYTES ? -1 : 0
    const middle = text.getInt32(from + 4, true) | (~long & NO_BYTE)
    const tail = text.getInt32(from + 8, true) & long & 0xffffff
    const first = hotBegin + hotSlot(head, middle, tail)
    const second = first + SECOND
    if (
      ((hot[second]! ^ head) | (hot[second + 1]! ^ middle) | (hot[second + 2]! ^ tail)) === 0 &&
      hot[second + 3] !== 0
    ) {
      codes[place] = hot[second + 3]!
      if ((++again & EXCHANGE) === 0) exchange(first)
      continue
    }
    const code = findCode(table, text, from, from + length)
    if (code === 0) return place
    codes[place] = code
    const slot = hot[first + 3] === 0 ? first : second
    hot[slot] = head
    hot[slot + 1] = middle
    hot[slot + 2] = tail
    hot[slot + 3] = code
  }
  return end
}

/** The same for pairs that `findPairs` did not find at once. */
function openPair(table: CodeTable, codes: Uint16Array, end: number): number {
  for (let pair = 0; pair < pairCount; pair++) {
    const place = pairs[pair * 3]!
    if (place >= end) break
    if (codes[place] !== 0) continue
    const from = pairs[pair * 3 + 1]!
    const code = findCode(table, text, from, from + pairs[pair * 3 + 2]!)
    if (code === 0) return place
    codes[place] = code
  }
  return end
}

/** Reads the codes of one row whatever their lengths; false where it is not plain. */
function patientRow({ columns, principal, table }: CodeColumns, { at, begin, codes, starts }: CutRows): boolean {
  const first = starts[begin]!
  let end = first
  if (first + MOST_CODES > codes.length) return false
  for (const column of columns) {
    const to = ends[at + column + 1]!
    let p = ends[at + column]! + 1
    if (p === to) continue
    // A list without its first code is left to the careful way; other empty places are passed over.
    if (stops[text.getUint8(p)] !== 0 || (end === first && column !== principal)) return false
    for (;;) {
      const from = p
      while (stops[text.getUint8(p)] === 0) p++
      if (p > from) {
        const code = findCode(table, text, from, p)
        if (code === 0 || end - first >= MOST_CODES) return false
        codes[end++] = code
      }
      if (p === to) break
      p++
    }
  }
  starts[begin + 1] = end
  return true
}
