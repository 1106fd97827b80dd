import { isUtf8 } from 'node:buffer'
import { closeSync, readSync } from 'node:fs'
import { fillHead, openFile, TextBuffer, UNIT_SEPARATOR, unquote } from '../../grouper/index.ts'
import type { TablePlan } from './plan.ts'
import { createRowCells, findCells, findQuotedCells, type RowCells, wantedCells } from './row-kernel.ts'

const BLOCK = 1 << 18
const LF = 10
const CR = 13
const VT = 11
const QUOTE = 34
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
    // GB18030 is not transcoded: none of its characters holds a byte that separates cells or lines.
    const text = new TextBuffer()
    let position = fillHead(descriptor, text, BLOCK)
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
  const { delimiter, width, encoding } = plan
  const wanted = wantedCells(plan.columns, delimiter)
  const unquoted = { ...wanted, delimiter: UNIT_SEPARATOR }
  const found = createRowCells(plan.columns.length)
  const cells: string[] = plan.columns.map(() => '')
  const { plain } = taker
  let line = plan.firstLine
  let spare = new Uint8Array(0)

  /** Hands over the row whose cells were found. */
  const take = (bytes: Uint8Array, buffer: Buffer, isRaw: boolean): void => {
    if (plain !== undefined && found.width === width && plain(bytes, found, line)) return
    const { count, column, from, to } = found
    for (let i = 0; i < count; i++) cells[column[i]!] = cellText(buffer, from[i]!, to[i]!, encoding, isRaw)
    taker.row(cells, line, found.width)
    for (let i = 0; i < count; i++) cells[column[i]!] = ''
  }

  /** A row whose quotes have to be taken out, and the lines that it goes over; the bytes used, 0 where it is not whole. */
  const takeUnquoted = (bytes: Uint8Array, from: number, to: number, last: boolean): number => {
    if (spare.length < to - from + PADDING) spare = new Uint8Array(to - from + PADDING)
    let isBad = false
    const { length, used } = unquote(bytes, from, to, spare, {
      delimiter,
      columns: width,
      last,
      longest: LONGEST_QUOTED,
      rows: 1,
      bad() {
        isBad = true
        taker.bad(line, 'open-quote')
      },
    })
    if (length === 0) return 0
    if (isBad || length === 1) {
      line++
      return used - from
    }
    const end = length - 1
    findCells(spare, new DataView(spare.buffer), 0, end, unquoted, found)
    if (encoding === 'utf-8' && !isUtf8(spare.subarray(0, end))) taker.bad(line, 'encoding')
    else if (found.width > width && !emptyBehind(spare, 0, end, UNIT_SEPARATOR, width))
      taker.bad(line, 'too-many-columns')
    else take(spare, Buffer.from(spare.buffer), false)
    line++
    for (let k = 0; k < end; k++) if (spare[k] === VT) line++
    return used - from
  }

  return (bytes, length, last) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const to = buffer.subarray(0, length).lastIndexOf(LF) + 1
    const isChecked = encoding === 'gb18030' || isUtf8(bytes.subarray(0, to))
    let quote = nextQuote(buffer, 0, to)
    for (let p = 0; p < to; ) {
      const end = buffer.indexOf(LF, p)
      if (end === p || (end === p + 1 && bytes[p] === CR)) {
        p = end + 1
        line++
        continue
      }
      if (quote < p) quote = nextQuote(buffer, p, to)
      let isFound = true
      if (quote > end) findCells(bytes, view, p, end, wanted, found)
      else isFound = findQuotedCells(bytes, p, end, wanted, found) && found.width <= width
      if (!isFound) {
        const used = takeUnquoted(bytes, p, to, last)
        if (used === 0) return p
        p += used
        continue
      }
      if (!isChecked && !isUtf8(bytes.subarray(p, end))) taker.bad(line, 'encoding')
      else if (found.width > width && !emptyBehind(bytes, p, end, delimiter, width)) taker.bad(line, 'too-many-columns')
      else take(bytes, buffer, true)
      line++
      p = end + 1
    }
    return to
  }
}

/** Where the next quote stands; behind all rows where there is none. */
function nextQuote(buffer: Buffer, from: number, to: number): number {
  const at = buffer.indexOf(QUOTE, from)
  return at < 0 || at > to ? to : at
}

const gb18030 = new TextDecoder('gb18030')

/** The text of a cell. Before the quote stage its marks of separators and line breaks are mere blanks. */
function cellText(buffer: Buffer, from: number, to: number, encoding: TablePlan['encoding'], isRaw: boolean): string {
  let [isAsciiOnly, isMarked] = [true, false]
  for (let p = from; p < to; p++) {
    const b = buffer[p]!
    if (b > 127) isAsciiOnly = false
    else if (b === UNIT_SEPARATOR || b === VT) isMarked = isRaw
  }
  const text = isAsciiOnly
    ? buffer.toString('latin1', from, to)
    : encoding === 'utf-8'
      ? buffer.toString('utf8', from, to)
      : gb18030.decode(buffer.subarray(from, to))
  return isMarked ? text.replaceAll(MARKS, ' ') : text
}

const MARKS = new RegExp(`[${String.fromCharCode(UNIT_SEPARATOR, VT)}]`, 'g')

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
