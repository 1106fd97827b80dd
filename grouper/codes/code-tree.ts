/**
 * Codes of the usual shapes as a tree of numbers, small enough to stay near the processor: a stem of four bytes, a digit
 * or `x`, and two digits (`A01.002`, `I10.x00`, `47.0100`), alone or with `x` and three digits (`A01.000x001`).
 * All arrays are backed by `SharedArrayBuffer`, so that threads share them.
 */
export interface CodeTree {
  /**
   * `HEAD` words a slot, by a hash: the first four bytes of stems. Then in halves of words, by fifth byte (0 … 9, x), where
   * the row begins in `cells`; it ends where the next one begins. In an empty slot all rows are empty.
   */
  readonly heads: Int32Array
  /** The same memory. */
  readonly starts: Uint16Array
  /** By sixth and seventh byte as a number: id of the stem (0: no code by itself), and << 16 the number of its branch. */
  readonly cells: Int32Array
  /** Where a branch begins in `leaves`; it ends where the next one begins. Branch 0 is empty. */
  readonly branches: Int32Array
  /** Ids by the number behind the stem's `x`; 0 is none. */
  readonly leaves: Uint16Array
}

const SHAPE = /^([ -~]{4})([0-9x])(\d\d)(?:x(\d{3}))?$/

/** Words of a slot: 32 bytes, so that a slot lies in one line of the processor's memory. */
const HEAD = 8
/** The rows of a head: of ten digits and of x. */
const ROWS = 11
const X_ROW = 10
const X = 120
const ZERO = 48
/** Most cells, and most branches. */
const MOST = 0xffff

/** Makes the tree of a list of codes by id; calls `odd` for each code that has another shape or no room. */
export function codeTree(codes: readonly string[], odd: (code: string, id: number) => void): CodeTree {
  const heads = new Map<string, number[][]>()
  const branches: number[][] = [[]]
  let size = 0
  codes.forEach((code, id) => {
    if (id === 0) return
    const [, head, fifth, two, leaf] = SHAPE.exec(code) ?? []
    const rows = heads.get(head!) ?? Array.from({ length: ROWS }, (): number[] => [])
    const row = rows[fifth === 'x' ? X_ROW : Number(fifth)]
    const at = Number(two)
    const more = row === undefined ? 0 : Math.max(0, at + 1 - row.length)
    if (row === undefined || size + more > MOST || branches.length > MOST) {
      odd(code, id)
      return
    }
    heads.set(head!, rows)
    size += more
    while (row.length <= at) row.push(0)
    if (leaf === undefined) row[at] = row[at]! | id
    else {
      if (row[at]! >>> 16 === 0) row[at] = row[at]! | ((branches.push([]) - 1) << 16)
      branches[row[at]! >>> 16]![Number(leaf)] = id
    }
  })
  return { ...layHeads(heads), ...layBranches(branches) }
}

function layHeads(heads: ReadonlyMap<string, readonly (readonly number[])[]>): Omit<CodeTree, 'branches' | 'leaves'> {
  const slots = 2 << Math.ceil(Math.log2(heads.size + 1))
  const words = sharedWords(slots * HEAD)
  const starts = startsOf(words)
  const cells: number[] = []
  for (const [head, rows] of heads) {
    const first = [0, 1, 2, 3].reduce((word, k) => word | (head.charCodeAt(k) << (k * 8)), 0)
    let slot = hash(first) & (slots - 1)
    while (words[slot * HEAD] !== 0) slot = (slot + 1) & (slots - 1)
    words[slot * HEAD] = first
    rows.forEach((row, k) => {
      starts[slot * HEAD * 2 + 2 + k] = cells.length
      cells.push(...row)
    })
    starts[slot * HEAD * 2 + 2 + ROWS] = cells.length
  }
  return { heads: words, starts, cells: sharedWords(cells.length, cells) }
}

/** The starts of rows in the memory of heads. */
export function startsOf(heads: Int32Array): Uint16Array {
  return new Uint16Array(heads.buffer, heads.byteOffset, heads.length * 2)
}

function layBranches(branches: readonly (readonly number[])[]): Pick<CodeTree, 'branches' | 'leaves'> {
  const starts = sharedWords(branches.length + 1)
  branches.forEach((ids, branch) => {
    starts[branch + 1] = starts[branch]! + ids.length
  })
  const leaves = new Uint16Array(new SharedArrayBuffer(starts.at(-1)! * 2))
  branches.forEach((ids, branch) => {
    leaves.set(
      Array.from(ids, id => id ?? 0),
      starts[branch],
    )
  })
  return { branches: starts, leaves }
}

function sharedWords(length: number, values: readonly number[] = []): Int32Array {
  const array = new Int32Array(new SharedArrayBuffer(length * 4))
  array.set(values)
  return array
}

function hash(first: number): number {
  const mixed = Math.imul(first, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

/**
 * The cell of a stem: its id in the low half, its branch in the high one; 0 where there is none. It takes the arrays of
 * the tree one by one, so that a loop can keep them at hand.
 *
 * @param first the first four bytes of the code as a little-endian word
 * @param second the next four, of which the last is not looked at
 */
export function cellOf(
  heads: Int32Array,
  starts: Uint16Array,
  cells: Int32Array,
  first: number,
  second: number,
): number {
  const fifth = second & 255
  const tens = ((second >>> 8) & 255) - ZERO
  const ones = ((second >>> 16) & 255) - ZERO
  const row = fifth === X ? X_ROW : fifth - ZERO
  if ((row >>> 0 > 9 && fifth !== X) || tens >>> 0 > 9 || ones >>> 0 > 9) return 0
  const mask = heads.length - 1
  let head = Math.imul(hash(first), HEAD) & mask
  while (heads[head] !== first) {
    if (heads[head] === 0) return 0
    head = (head + HEAD) & mask
  }
  const start = head * 2 + 2 + row
  const cell = starts[start]! + tens * 10 + ones
  return cell < starts[start + 1]! ? cells[cell]! : 0
}

/**
 * The id at a branch of a stem's cell; 0 where there is none.
 *
 * @param third the bytes behind the stem's `x` as a little-endian word, of which the last is not looked at
 */
export function leafOf(branches: Int32Array, leaves: Uint16Array, cell: number, third: number): number {
  const hundreds = (third & 255) - ZERO
  const tens = ((third >>> 8) & 255) - ZERO
  const ones = ((third >>> 16) & 255) - ZERO
  if (hundreds >>> 0 > 9 || tens >>> 0 > 9 || ones >>> 0 > 9) return 0
  const branch = cell >>> 16
  const leaf = branches[branch]! + hundreds * 100 + tens * 10 + ones
  return leaf < branches[branch + 1]! ? leaves[leaf]! : 0
}
