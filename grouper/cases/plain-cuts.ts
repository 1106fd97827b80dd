import { type Machine, startMachine } from '../machine/machine.ts'
import { CUT_CODE } from './cut-code.ts'

/** Most cuts and rows at a time, so that text and cuts stay near the processor. */
const MOST_CUTS = 1 << 13
export const MOST_CUT_ROWS = 256

/** Bytes that the machine code takes at once. */
const STEP = 64
/** Its memory: the cuts, then a step that nothing is written to, the text that is cut, and a step of bytes that end no cell. */
const TEXT = 1 << 16
const MOST_TEXT = TEXT - 2 * STEP
const PAGES = 2
const NO_END = 255

/** Parameters as `assembly/cut.ts` has them. */
interface CutMachine extends Machine {
  cut(to: number, delimiter: number, lineEnd: number, columns: number, most: number): number
}

/** Undefined where the engine runs no such code (old processors): all rows are read the careful way then. */
const started = start()

function start(): { machine: CutMachine; ends: Int32Array; bytes: Uint8Array; text: DataView } | undefined {
  let machine: CutMachine
  try {
    machine = startMachine(CUT_CODE)
  } catch {
    return undefined
  }
  machine.memory.grow(PAGES)
  const { buffer } = machine.memory
  return {
    machine,
    ends: new Int32Array(buffer, 0, MOST_CUTS),
    bytes: new Uint8Array(buffer, TEXT, TEXT),
    text: new DataView(buffer, TEXT, TEXT),
  }
}

/**
 * The rows that are cut at the moment: a copy of their bytes, near the processor, with a step before it that may be read. All
 * of a thread lie in one memory.
 */
export const text: DataView = started?.text ?? new DataView(new ArrayBuffer(0))

/**
 * The cuts between their cells, as positions in `text`: `ends[row * (columns + 1)]` is the byte before a row, and behind it
 * come the ends of its cells. So a cell lies between two cuts that are neighbours.
 */
export const ends: Int32Array = started?.ends ?? new Int32Array(0)

/** Where the bytes stand that are position 0 in `text`, how many rows are cut, and how many of them are used up. */
export const cuts: { base: number; rows: number; used: number } = { base: 0, rows: 0, used: 0 }

/** Bytes that the rows cut last took: about as many as the next ones will. */
let span = MOST_TEXT

/**
 * Cuts rows from `from` on until `most` are cut, until `to`, or until one has another width or another line end; none that
 * is longer than what is cut at a time.
 *
 * @param bytes the byte before `to` is LF
 */
export function cutRows(
  bytes: Uint8Array,
  from: number,
  to: number,
  delimiter: number,
  lineEnd: number,
  columns: number,
  most: number,
): void {
  cuts.used = 0
  cuts.rows = 0
  const room = Math.min(most, MOST_CUT_ROWS, Math.floor((MOST_CUTS - 1) / (columns + 1)))
  if (started === undefined || room === 0) return
  const { machine, bytes: copy } = started
  cuts.base = from - STEP
  for (let length = span; cuts.rows === 0; length = MOST_TEXT) {
    const end = Math.min(to, from + length)
    copy.set(bytes.subarray(from, end), STEP)
    copy.fill(NO_END, end - cuts.base, end - cuts.base + STEP)
    cuts.rows = machine.cut(end - cuts.base, delimiter, lineEnd, columns, room)
    if (end === to || length === MOST_TEXT) break
  }
  const taken = ends[cuts.rows * (columns + 1)]! - STEP
  span = cuts.rows === 0 ? MOST_TEXT : Math.min(MOST_TEXT, taken + (taken >> 3) + STEP)
}
