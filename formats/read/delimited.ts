import { isUtf8 } from 'node:buffer'
import { closeSync, readSync } from 'node:fs'
import { fillHead, needsUnquoting, openFile, TextBuffer, UNIT_SEPARATOR, unquote } from '../../grouper/index.ts'
import type { TablePlan } from './plan.ts'
import { createRowCells, findCells, gapsOf, type RowCells } from './row-kernel.ts'

const BLOCK = 4 << 20
const LF = 10
const CR = 13
const VT = 11
/** Bytes readable behind a block, as the quote stage asks for. */
const PADDING = 25
/** A quote that is open for longer is a stray one. */
const LONGEST_QUOTED = 1 << 16

/** What a reader of rows does with each of them. */
export interface RowTaker {
  /** A row: its cells in the order of the plan, '' where there is none; the list is used again. */
  row(cells: readonly string[], line: number, width: number): void
  /** A row by its bytes, in the places of `plan.columns`; false where it is to come as texts. */
  plain?(bytes: Uint8Array, cells: RowCells, line: number): boolean
  bad(line: number, reason: 'encoding' | 'open-quote' | 'too-many-columns'): void
}

/** Reads the rows of a CSV file, block by block, as the generator is asked for them; gives the bytes that are done. */
export function* readDelimited(plan: TablePlan, taker: RowTaker): Generator<number> {
  const descriptor = openFile(plan.file)
  try {
    const text = new TextBuffer()
    let position = fillHead(descriptor, text, BLOCK)
    if (plan.encoding === 'gb18030') text.transcode()
    let ended = false
    const more = (): void => {
      const got = readSync(descriptor, text.room(BLOCK), 0, BLOCK, position)
      position += got
      ended = got === 0
      text.take(got, ended)
    }
    for (let line = 1; line < plan.firstLine && !(ended && text.length === 0); ) {
      const end = text.bytes.subarray(0, text.length).indexOf(LF) + 1
      text.drop(end === 0 ? text.length : end)
      if (end > 0) line++
      else more()
    }
    const scan = rowReader(plan, taker)
    for (;;) {
      text.drop(scan(text.bytes, text.length, ended))
      yield position
      if (ended) return
      more()
    }
  } finally {
    closeSync(descriptor)
  }
}

/** A function that reads the whole rows of a buffer and returns the bytes used. */
function rowReader(plan: TablePlan, taker: RowTaker): (bytes: Uint8Array, length: number, last: boolean) => number {
  // The kernel goes from left to right; the plan may have another order.
  const columns = plan.columns.map(({ index }, place) => ({ index, place })).sort((a, b) => a.index - b.index)
  const places = Int32Array.from(columns, column => column.place)
  const gaps = gapsOf(
    columns.map(column => column.index),
    plan.width,
  )
  const found = createRowCells(columns.length)
  const cells: string[] = columns.map(() => '')
  /** Slots in another order than that of the file, and gaps between them, are for texts. */
  const inOrder = columns.every(({ place }, i) => place === i)
  const { plain } = taker
  const isPlain = (bytes: Uint8Array, at: number): boolean =>
    inOrder && plain !== undefined && found.width === plan.width && plain(bytes, found, at)
  let line = plan.firstLine
  let spare = new Uint8Array(0)

  const scan = (bytes: Uint8Array, to: number, delimiter: number): void => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const checked = isUtf8(bytes.subarray(0, to))
    for (let p = 0; p < to; ) {
      const start = p
      if (bytes[p] === LF || (bytes[p] === CR && bytes[p + 1] === LF)) {
        p += bytes[p] === LF ? 1 : 2
        line++
        continue
      }
      p = findCells(bytes, p, delimiter, gaps, found)
      const { count, width, column, from, to: ends } = found
      if (!checked && !isUtf8(bytes.subarray(start, p))) taker.bad(line, 'encoding')
      else if (width > plan.width && !emptyBehind(bytes, start, p, delimiter, plan.width)) {
        taker.bad(line, 'too-many-columns')
      } else if (!isPlain(bytes, line)) {
        for (let i = 0; i < count; i++) cells[places[column[i]!]!] = buffer.toString('utf8', from[i]!, ends[i]!)
        taker.row(cells, line, width)
        for (let i = 0; i < count; i++) cells[places[column[i]!]!] = ''
      }
      line++
      if (delimiter === UNIT_SEPARATOR) for (let k = start; k < p; k++) if (bytes[k] === VT) line++
    }
  }

  return (bytes, length, last) => {
    const end = Buffer.from(bytes.buffer, bytes.byteOffset, length).lastIndexOf(LF) + 1
    if (!needsUnquoting(bytes, 0, end)) {
      scan(bytes, end, plan.delimiter)
      return end
    }
    if (spare.length < end + PADDING) spare = new Uint8Array(end + PADDING)
    const { length: written, used } = unquote(bytes, 0, end, spare, {
      delimiter: plan.delimiter,
      columns: plan.width,
      last,
      longest: LONGEST_QUOTED,
      bad: (_, __, before) => taker.bad(line + before, 'open-quote'),
    })
    scan(spare, written, UNIT_SEPARATOR)
    return used
  }
}

/** Cells behind the last column of the header do no harm where they are empty. */
function emptyBehind(bytes: Uint8Array, from: number, to: number, delimiter: number, width: number): boolean {
  let column = 0
  for (let p = from; p < to; p++) {
    const b = bytes[p]!
    if (b === delimiter) column++
    else if (column >= width && b !== LF && b !== CR && b !== 32) return false
  }
  return true
}
