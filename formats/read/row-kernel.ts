/**
 * The hot loops of wide tables: they find the wanted cells of a row and pass over all others without looking at them.
 */

const CR = 13
const QUOTE = 34
const MINUS = 45
const SLASH = 47
/** So many unwanted cells are looked at one by one, not counted. */
const FEW = 2

/** The wanted cells of one row that hold something. */
export interface RowCells {
  count: number
  /** Place in the plan, and bytes from … to of each; in the order of the plan. */
  readonly column: Int32Array
  readonly from: Int32Array
  readonly to: Int32Array
  /** Cells that the row has in all. */
  width: number
}

/** Which cells of a row are wanted: positions in the file, in their order, and the place of each in the plan. */
export interface WantedCells {
  /** Closed by a position that no row has. */
  readonly positions: Int32Array
  readonly places: Int32Array
  readonly delimiter: number
}

export function createRowCells(wanted: number): RowCells {
  const cells = Math.max(wanted, 1)
  return {
    count: 0,
    column: new Int32Array(cells),
    from: new Int32Array(cells),
    to: new Int32Array(cells),
    width: 0,
  }
}

export function wantedCells(columns: readonly { readonly index: number }[], delimiter: number): WantedCells {
  const sorted = columns.map(({ index }, place) => ({ index, place })).sort((a, b) => a.index - b.index)
  return {
    positions: Int32Array.of(...sorted.map(column => column.index), 0x7fff_ffff),
    places: Int32Array.from(sorted, column => column.place),
    delimiter,
  }
}

/**
 * Finds the cells of a row that holds no quotes, from `from` to its line break at `end`. Cells that say that there is
 * nothing are left out; pairs of `-` are passed over at once, and so that unwanted cells cost as much whatever they hold,
 * their separators are only counted, four bytes at a time.
 *
 * @param view of the same bytes, with three more of them readable behind `end`
 */
export function findCells(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  end: number,
  { positions, places, delimiter }: WantedCells,
  cells: RowCells,
): void {
  const twoDashes = (delimiter << 24) | (MINUS << 16) | (delimiter << 8) | MINUS
  const fourEmpty = Math.imul(delimiter, 0x0101_0101)
  const { column, from: starts, to: ends } = cells
  const last = end > from && bytes[end - 1] === CR ? end - 1 : end
  const lastWord = last - 4
  let p = from
  let at = 0
  let k = 0
  let next = positions[0]!
  let found = 0
  while (p < last) {
    while (next < at) next = positions[++k]!
    if (next - at > FEW) {
      let bits = 0
      for (; p <= lastWord; p += 4) {
        // A bit for each of four bytes that is a separator, exact: without a carry from byte to byte.
        const other = view.getInt32(p, true) ^ fourEmpty
        bits = ~(((other & 0x7f7f_7f7f) + 0x7f7f_7f7f) | other | 0x7f7f_7f7f) >>> 7
        const count = Math.imul(bits, 0x0101_0101) >>> 24
        if (at + count >= next) break
        at += count
      }
      if (p <= lastWord) {
        while (++at < next) bits &= bits - 1
        p += ((31 - Math.clz32(bits & -bits)) >>> 3) + 1
      } else while (p < last && at < next) if (bytes[p++] === delimiter) at++
      if (p === last) break
    }
    if (view.getInt32(p, true) === twoDashes) {
      p += 4
      at += 2
      continue
    }
    const start = p
    while (p < last && bytes[p] !== delimiter) p++
    if (at === next && !isNothing(bytes, start, p)) {
      column[found] = places[k]!
      starts[found] = start
      ends[found] = p
      found++
    }
    p++
    at++
  }
  // Behind a delimiter at the end stands one more cell.
  cells.width = p === last ? at + 1 : at
  cells.count = found
  inOrder(cells)
}

/**
 * Finds the cells of a row in which cells are quoted. Returns false where it takes more than passing over quotes: a quote
 * within a wanted cell, text behind a closing quote, a line break or no end within quotes.
 */
export function findQuotedCells(
  bytes: Uint8Array,
  from: number,
  end: number,
  { positions, places, delimiter }: WantedCells,
  cells: RowCells,
): boolean {
  const { column, from: starts, to: ends } = cells
  const last = end > from && bytes[end - 1] === CR ? end - 1 : end
  let p = from
  let at = 0
  let k = 0
  let found = 0
  for (;;) {
    while (positions[k]! < at) k++
    const wanted = positions[k] === at
    let start = p
    let stop: number
    if (bytes[p] === QUOTE && p < last) {
      start = ++p
      for (;;) {
        while (p < last && bytes[p] !== QUOTE) p++
        if (p === last) return false
        if (bytes[p + 1] !== QUOTE) break
        if (wanted) return false
        p += 2
      }
      stop = p++
      if (p < last && bytes[p] !== delimiter) return false
    } else {
      while (p < last && bytes[p] !== delimiter) p++
      stop = p
    }
    if (wanted && !isNothing(bytes, start, stop)) {
      column[found] = places[k]!
      starts[found] = start
      ends[found] = stop
      found++
    }
    at++
    if (p >= last) break
    p++
  }
  cells.width = at
  cells.count = found
  inOrder(cells)
  return true
}

/** Whether a cell is empty, or what forms write most for that: `-`, `--`, `/`, and `—` or `无` in either encoding. */
function isNothing(bytes: Uint8Array, from: number, to: number): boolean {
  const [a, b] = [bytes[from]!, bytes[from + 1]!]
  switch (to - from) {
    case 0:
      return true
    case 1:
      return a === MINUS || a === SLASH
    case 2:
      return (a === MINUS && b === MINUS) || (a === 0xa1 && b === 0xaa) || (a === 0xce && b === 0xde)
    case 3:
      return (
        (a === 0xe2 && b === 0x80 && bytes[from + 2] === 0x94) || (a === 0xe6 && b === 0x97 && bytes[from + 2] === 0xa0)
      )
    default:
      return false
  }
}

/** Sorts the cells by their place in the plan; nearly all stand in order already. */
function inOrder({ count, column, from, to }: RowCells): void {
  for (let i = 1; i < count; i++) {
    const place = column[i]!
    if (place > column[i - 1]!) continue
    const [start, stop] = [from[i]!, to[i]!]
    let j = i
    while (j > 0 && column[j - 1]! > place) {
      column[j] = column[j - 1]!
      from[j] = from[j - 1]!
      to[j] = to[j - 1]!
      j--
    }
    column[j] = place
    from[j] = start
    to[j] = stop
  }
}
