import { isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { unreadable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { CODE_PADDING, type CodeTable } from '../codes/keyword.ts'
import type { PaddingTable } from '../codes/padding.ts'
import { type CaseBatch, createBatch, dropRows } from './batch.ts'
import { createLabels } from './labels.ts'
import { clearAbsent, OPS, UNIT_SEPARATOR } from './opcodes.ts'
import { needsUnquoting, unquote } from './quotes.ts'
import type { Reject } from './reject.ts'
import { createPace, type LabelSet, type Scan } from './scan.ts'
import { LONGEST_ROW, scanRows } from './scan-rows.ts'
import { createSeen, meetAll, type Seen } from './seen.ts'
import type { CaseSource } from './source.ts'
import { type CaseTable, type Column, type Encoding, type LabelChoice, openTable, sourceTable } from './table.ts'
import { TextBuffer } from './text-buffer.ts'

export interface ReadOptions {
  readonly dxTable: CodeTable
  readonly pxTable: CodeTable
  /** Reads procedure codes that lost their zeros in a spreadsheet; default: such codes are unknown. */
  readonly pxPadding?: PaddingTable | undefined
  /**
   * Called for a code that the table does not have as written, with the id found by repair or 0; gives the id to keep in
   * the batch. Rows that are rejected later are among the lines. Default: 0 stays.
   */
  readonly oddCode?: (id: number, isDx: boolean, text: Uint8Array, line: number) => number
  /** Default `auto`. */
  readonly encoding?: Encoding
  /** Whether a row whose id stood before is rejected (default) or kept. */
  readonly duplicates?: 'reject' | 'keep'
  /** Opens a file of another form than the simple case table; undefined leaves it to this reader. */
  readonly open?: ((file: string) => readonly CaseSource[] | undefined) | undefined
  /** Which of hospital, insurance, month, department and doctor are read; default all. Groups need none. */
  readonly labels?: LabelChoice
  /** Cases in a batch; default 32,768. Results do not depend on it. */
  readonly batchSize?: number
  /** Bytes read at a time; default 256 KiB. Results do not depend on it. */
  readonly blockSize?: number
  /** The batch is reused afterwards; `labels` are the texts of its label columns so far. A batch has the cases of one file. */
  readonly onBatch: (batch: CaseBatch, labels: LabelSet, file: string) => void
  /** Called once a file, before its first batch. */
  readonly onColumns?: (columns: readonly Column[]) => void
  readonly onReject?: (reject: Reject, file: string) => void
  /** Called with the bytes of the file that are done. */
  readonly onProgress?: (bytes: number) => void
}

/** Counts of a run; rows = cases + rejected. */
export interface Counters {
  /** Rows met, blank lines not counted. */
  rows: number
  rejected: number
  cases: number
  /** Codes that the dictionary does not have; codes found after repair (case, blanks). */
  unknownDx: number
  unknownPx: number
  repaired: number
  /** Procedure codes whose zeros a spreadsheet had dropped. */
  padded: number
}

/** What was read. */
export interface ReadSummary extends Readonly<Counters> {
  readonly labels: LabelSet
  /** Encoding found, by file. */
  readonly encodings: readonly Exclude<Encoding, 'auto'>[]
  /** Columns found, by file. */
  readonly columns: readonly (readonly Column[])[]
}

/** Default of `batchSize`. */
export const BATCH_SIZE = 32_768

/** Little enough to stay near the processor from one look at it to the next. */
const BLOCK = 1 << 18
/** Bytes that show the encoding and, nearly always, the whole header. */
export const HEAD: number = 4 << 20
/** A quote that is open for longer is a stray one. */
const LONGEST_QUOTED = 1 << 16
const LF = 10
const CR = 13

/** Reads case files one after another, in batches; the batch passed to `onBatch` is reused afterwards. */
export function readCases(files: readonly string[], options: ReadOptions): ReadSummary {
  const run = startReading(options)
  for (const file of files) readFile(run, file)
  return finishReading(run)
}

/** Reading under way, over all files of a run. */
export interface Reading {
  readonly options: ReadOptions
  readonly batch: CaseBatch
  readonly counters: Counters
  readonly labels: LabelSet
  /** Ids met so far; undefined where duplicates are kept. */
  readonly seen: Seen | undefined
  readonly tables: CaseTable[]
}

export function createCounters(): Counters {
  return { rows: 0, rejected: 0, cases: 0, unknownDx: 0, unknownPx: 0, repaired: 0, padded: 0 }
}

export function startReading(options: ReadOptions): Reading {
  return {
    options,
    batch: createBatch(options.batchSize ?? BATCH_SIZE),
    counters: createCounters(),
    labels: {
      hospital: createLabels(),
      insurance: createLabels(),
      month: createLabels(),
      department: createLabels(),
      doctor: createLabels(),
    },
    seen: options.duplicates === 'keep' ? undefined : createSeen(),
    tables: [],
  }
}

export function finishReading({ counters, labels, tables }: Reading): ReadSummary {
  return {
    ...counters,
    labels,
    encodings: tables.map(table => table.encoding),
    columns: tables.map(table => table.columns),
  }
}

/** The columns of a case file, from its header alone; of a file of another form, those that all its parts have. */
export function readColumns(file: string, open?: ReadOptions['open']): readonly Column[] {
  const sources = open?.(file)
  if (sources !== undefined) {
    const [first, ...others] = sources
    return first!.columns.filter(({ field }) => others.every(one => one.columns.some(other => other.field === field)))
  }
  const descriptor = openFile(file)
  try {
    const text = new TextBuffer()
    fillHead(descriptor, text, HEAD)
    return openTable(file, text, { encoding: 'auto', labels: 'all' }).columns
  } finally {
    closeSync(descriptor)
  }
}

/** Where to go on in a file whose first rows were read by others: at the begin of a row. */
export interface Resume {
  readonly position: number
  /** Line number of that row. */
  readonly line: number
}

/** Reads one file, or the rest of one. */
export function readFile(run: Reading, file: string, resume?: Resume): void {
  const sources = resume === undefined ? run.options.open?.(file) : undefined
  if (sources !== undefined) {
    for (const source of sources) readSource(run, source)
    return
  }
  const descriptor = openFile(file)
  try {
    const { blockSize } = run.options
    const block = Math.max(blockSize ?? BLOCK, 64)
    const text = new TextBuffer()
    let position = fillHead(descriptor, text, Math.max(blockSize ?? HEAD, 64))
    const table = openTable(file, text, {
      encoding: run.options.encoding ?? 'auto',
      labels: run.options.labels ?? 'all',
    })
    if (resume !== undefined) {
      text.drop(text.length)
      position = resume.position
    } else {
      run.tables.push(table)
      run.options.onColumns?.(table.columns)
    }
    clearAbsent(run.batch, table.ops)
    const scan = rowScanner(file, table, run, resume?.line ?? 2)
    let last = false
    scan(text, false)
    while (!last) {
      const got = readSync(descriptor, text.room(block), 0, block, position)
      position += got
      last = got === 0
      text.take(got, last)
      scan(text, last)
      run.options.onProgress?.(position)
      if (!last && text.length > LONGEST_ROW + HEAD) throw endlessRow(file)
    }
    flush(run, file)
  } finally {
    closeSync(descriptor)
  }
}

/** Reads the cases of a file of another form: what its reader makes of them are rows of the simple table. */
function readSource(run: Reading, source: CaseSource): void {
  const table = sourceTable(source, run.options.labels ?? 'all')
  run.tables.push(table)
  run.options.onColumns?.(table.columns)
  clearAbsent(run.batch, table.ops)
  const scan = rowScanner(source.name, table, run, 1)
  const text = new TextBuffer()
  for (let piece = source.read(); piece !== undefined; piece = source.read()) {
    const { length } = piece.text
    text.room(length).set(piece.text)
    text.take(length, false)
    for (const { file, ...reject } of piece.rejects) {
      run.counters.rows++
      run.counters.rejected++
      run.options.onReject?.(reject, file ?? source.name)
    }
    scan(text, false)
    run.options.onProgress?.(piece.position)
  }
  flush(run, source.name)
}

/** Opens a file for reading; a folder is none. */
export function openFile(file: string): number {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    throw unreadable(file, error)
  }
  if (!fstatSync(descriptor).isDirectory()) return descriptor
  closeSync(descriptor)
  throw unreadable(file, Object.assign(new Error(), { code: 'EISDIR' }))
}

/** Reads until the header line is whole (a block shows enough of the encoding) and returns the bytes read. */
export function fillHead(descriptor: number, text: TextBuffer, block: number): number {
  let position = 0
  for (;;) {
    const got = readSync(descriptor, text.room(block), 0, block, position)
    position += got
    text.take(got, got === 0)
    if (got === 0 || text.length > LONGEST_ROW || text.bytes.subarray(0, text.length).includes(LF)) return position
  }
}

function endlessRow(file: string): Fault {
  return new Fault({
    code: 'CAS-004',
    at: { file },
    what: { zh: '有一行超过 1 MiB。', en: 'A row is longer than 1 MiB.' },
    fix: { zh: '请检查文件的换行符和引号。', en: 'Check the line breaks and quotes of the file.' },
  })
}

/** Hands the batch over and empties it. */
function flush(run: Reading, file: string): void {
  const { batch, counters } = run
  if (batch.count === 0) return
  countBatch(counters, batch)
  run.options.onBatch(batch, run.labels, file)
  batch.count = 0
}

/** Adds the cases of a batch and their codes to the counts. */
export function countBatch(counters: Counters, { unknownDx, unknownPx, repaired, padded, count }: CaseBatch): void {
  counters.cases += count
  counters.unknownDx += sum(unknownDx, count)
  counters.unknownPx += sum(unknownPx, count)
  counters.repaired += sum(repaired, count)
  counters.padded += sum(padded, count)
}

/** A function of its own: code compiled during a loop is thrown away where it meets what stood behind the loop unseen. */
function sum(column: Uint16Array, count: number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += column[i]!
  return total
}

/** A function that scans the whole rows of a buffer and drops them. */
function rowScanner(
  file: string,
  table: CaseTable,
  run: Reading,
  line: number,
): (t: TextBuffer, last: boolean) => void {
  const { options, batch, counters, seen } = run
  const idColumn = table.ops.indexOf(OPS.id)
  let current: Uint8Array = new Uint8Array(0)
  let separator = table.delimiter
  let waiting: Reject[] = []
  const wait = (line: number, column: number, reason: Reject['reason'], row: Uint8Array): void => {
    waiting.push({ line, field: table.columns[column]?.header ?? '', reason, row: rowText(row, separator) })
  }
  const scan: Scan = {
    ops: table.ops,
    dxTable: options.dxTable,
    pxTable: options.pxTable,
    pxPadding: options.pxPadding,
    oddCode: options.oddCode,
    labels: run.labels,
    line,
    rows: 0,
    rejected: 0,
    pace: createPace(),
    reject: (reason, column, from, to) => wait(scan.line, column, reason, current.subarray(from, to)),
  }
  /** Rejects leave in the order of their lines, whatever found them. */
  const release = (): void => {
    if (waiting.length === 0) return
    waiting.sort((a, b) => a.line - b.line)
    const ready = waiting.filter(reject => reject.line < scan.line)
    for (const reject of ready) options.onReject?.(reject, file)
    waiting = waiting.slice(ready.length)
  }
  const dropDuplicates = (from: number): void => {
    if (seen === undefined || idColumn < 0) return
    const again = meetAll(seen, batch.ids, from, batch.count)
    for (const row of again) {
      const start = batch.offset[row]!
      wait(batch.line[row]!, idColumn, 'id-duplicate', current.subarray(start, lineEnd(current, start)))
    }
    scan.rejected += again.length
    dropRows(batch, again)
  }
  const scanAll = (bytes: Uint8Array, to: number, delimiter: number): void => {
    current = bytes
    separator = delimiter
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const checked = isUtf8(bytes.subarray(0, to))
    for (let p = 0; p < to; ) {
      const from = batch.count
      p = scanRows(scan, batch, bytes, view, p, to, delimiter, checked)
      dropDuplicates(from)
      release()
      if (batch.count === batch.capacity) flush(run, file)
    }
    counters.rows += scan.rows
    counters.rejected += scan.rejected
    scan.rows = 0
    scan.rejected = 0
  }
  let spare = new Uint8Array(0)
  return (text, last) => {
    const { bytes } = text
    const end = bytes.subarray(0, text.length).lastIndexOf(LF) + 1
    if (table.delimiter === UNIT_SEPARATOR || !needsUnquoting(bytes, 0, end)) {
      scanAll(bytes, end, table.delimiter)
      text.drop(end)
      return
    }
    if (spare.length < end + CODE_PADDING + 1) spare = new Uint8Array(end + CODE_PADDING + 1)
    separator = table.delimiter
    const { length, used } = unquote(bytes, 0, end, spare, {
      delimiter: table.delimiter,
      columns: table.ops.length,
      last,
      longest: LONGEST_QUOTED,
      bad: (from, to, linesBefore) => {
        scan.rows++
        scan.rejected++
        wait(scan.line + linesBefore, -1, 'open-quote', bytes.subarray(from, Math.min(to, lineEnd(bytes, from))))
      },
    })
    scanAll(spare, length, UNIT_SEPARATOR)
    text.drop(used)
  }
}

/** End of the line that begins at `from`, without its line break. */
export function lineEnd(bytes: Uint8Array, from: number): number {
  let end = bytes.indexOf(LF, from)
  while (end > from && bytes[end - 1] === CR) end--
  return end
}

/** A row as it stood in the file: the quote stage's separators are taken back. */
export function rowText(bytes: Uint8Array, separator: number): string {
  const row = new TextDecoder().decode(bytes)
  if (separator !== UNIT_SEPARATOR) return row
  return row
    .replaceAll('\v', '\n')
    .split('\u001f')
    .map(cell => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')
}
