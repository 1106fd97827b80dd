import type { CaseBatch } from './batch.ts'
import { carefulRows } from './careful.ts'
import { plainRows } from './plain.ts'
import { cuts } from './plain-cuts.ts'
import type { Scan } from './scan.ts'

/** Bytes that a row may have at the most. */
export const LONGEST_ROW: number = 1 << 20

/**
 * Most rows of one call, and of each of the first calls: in a long first call the engine would compile the loop half-way,
 * before it has seen what stands behind it, and would leave that code by a deoptimisation at the end of every further call.
 */
const MOST_ROWS = 1024
const FIRST_ROWS = 16
const FIRST_CALLS = 512
/** Calls of this thread so far; nothing but speed depends on it. */
let calls = 0

/** Of so many rows the share is taken that the plain way leaves to the careful one. */
const SAMPLE = 256
/** Where more are left than this, so many rows are read the careful way before the plain one is tried again. */
const MOST_LEFT = 32
const PAUSE = 4096

/**
 * Reads rows from `from` until `to`, until the batch is full or `MOST_ROWS` are read, and returns the position reached.
 * A row that is not plain is read again the careful way, so that checks and messages are those of one scanner only.
 *
 * @param bytes whole rows up to `to`, the last byte being LF; readable 32 bytes beyond
 * @param view the same memory
 * @param delimiter comma or tab as in the file, or UNIT_SEPARATOR behind the quote stage
 * @param checked whether all of it is known to be UTF-8
 */
export function scanRows(
  scan: Scan,
  batch: CaseBatch,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  to: number,
  delimiter: number,
  checked: boolean,
): number {
  const { pace } = scan
  const most = calls++ < FIRST_CALLS ? FIRST_ROWS : MOST_ROWS
  const full = Math.min(batch.capacity, batch.count + most)
  // What is cut belongs to these bytes, which the next call may not have.
  cuts.rows = 0
  cuts.used = 0
  let p = from
  while (p < to && batch.count < full) {
    if (!checked || pace.careful > 0) {
      const before = scan.rows
      p = carefulRows(scan, batch, bytes, view, p, to, delimiter, checked, most)
      pace.careful -= scan.rows - before
      return p
    }
    const before = batch.count
    p = plainRows(scan, batch, bytes, p, to, delimiter, full)
    pace.met += batch.count - before
    if (p === to || batch.count === full) break
    p = carefulRows(scan, batch, bytes, view, p, to, delimiter, checked, 1)
    pace.met++
    pace.left++
    if (pace.met < SAMPLE) continue
    if (pace.left > MOST_LEFT) pace.careful = PAUSE
    pace.met = 0
    pace.left = 0
  }
  return p
}
