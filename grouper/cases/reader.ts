import { isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { unreadable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { CODE_PADDING, type CodeTable } from '../codes/keyword.ts'
import type { PaddingTable } from '../codes/padding.ts'
import { type CaseBatch, createBatch } from './batch.ts'
import { type CaseField, planColumns } from './columns.ts'
import { createLabels } from './labels.ts'
import { unquote } from './quotes.ts'
import type { Reject } from './reject.ts'
import { type Counters, type LabelSet, OPS, type Scan, scanRows, UNIT_SEPARATOR } from './scan.ts'
import { createSeen, type Seen } from './seen.ts'
import { TextBuffer } from './text-buffer.ts'

/** Encoding of a case file; `auto` decides from its first block. */
export type Encoding = 'auto' | 'utf-8' | 'gb18030'

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
  /** Cases in a batch; default 32,768. Results do not depend on it. */
  readonly batchSize?: number
  /** Bytes read at a time; default 4 MiB. Results do not depend on it. */
  readonly blockSize?: number
  /** The batch is reused afterwards; `labels` are the texts of its label columns so far. */
  readonly onBatch: (batch: CaseBatch, labels: LabelSet) => void
  /** Called once a file, before its first batch. */
  readonly onColumns?: (columns: ReadSummary['columns'][number]) => void
  readonly onReject?: (reject: Reject, file: string) => void
  /** Called with the bytes of the file that are done. */
  readonly onProgress?: (bytes: number) => void
}

/** What was read: counts add up, rows = cases + rejected. */
export interface ReadSummary extends Counters {
  readonly cases: number
  readonly labels: LabelSet
  /** Encoding found, by file. */
  readonly encodings: readonly Exclude<Encoding, 'auto'>[]
  /** Columns found, by file: header text and field (undefined = not used). */
  readonly columns: readonly (readonly { readonly header: string; readonly field: CaseField | undefined }[])[]
}

const BLOCK = 4 << 20
const LONGEST_ROW = 1 << 20
/** A quote that is open for longer is a stray one. */
const LONGEST_QUOTED = 1 << 16
const LF = 10
const CR = 13
const QUOTE = 34

/** Reads case files one after another, in batches; the batch passed to `onBatch` is reused afterwards. */
export function readCases(files: readonly string[], options: ReadOptions): ReadSummary {
  const batch = createBatch(options.batchSize ?? 32_768)
  const counters: Counters = { rows: 0, rejected: 0, unknownDx: 0, unknownPx: 0, repaired: 0, padded: 0 }
  const labels: LabelSet = {
    hospital: createLabels(),
    insurance: createLabels(),
    month: createLabels(),
    department: createLabels(),
    doctor: createLabels(),
  }
  const seen = options.duplicates === 'keep' ? undefined : createSeen()
  const encodings: Exclude<Encoding, 'auto'>[] = []
  const columns: { header: string; field: CaseField | undefined }[][] = []
  let cases = 0
  const flush = (): void => {
    if (batch.count === 0) return
    cases += batch.count
    options.onBatch(batch, labels)
    batch.count = 0
  }
  for (const file of files) {
    const found = readFile(file, { options, batch, counters, labels, seen, flush })
    flush()
    encodings.push(found.encoding)
    columns.push(found.columns)
  }
  return { ...counters, cases, labels, encodings, columns }
}

interface Run {
  readonly options: ReadOptions
  readonly batch: CaseBatch
  readonly counters: Counters
  readonly labels: LabelSet
  readonly seen: Seen | undefined
  readonly flush: () => void
}

interface Found {
  readonly encoding: Exclude<Encoding, 'auto'>
  readonly columns: { header: string; field: CaseField | undefined }[]
}

function readFile(file: string, run: Run): Found {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    throw unreadable(file, error)
  }
  try {
    if (fstatSync(descriptor).isDirectory()) throw unreadable(file, Object.assign(new Error(), { code: 'EISDIR' }))
    return readOpen(file, descriptor, run)
  } finally {
    closeSync(descriptor)
  }
}

function readOpen(file: string, descriptor: number, run: Run): Found {
  const { options } = run
  const block = Math.max(options.blockSize ?? BLOCK, 64)
  const text = new TextBuffer()
  let position = 0
  let table: OpenTable | undefined
  let scanner: ((text: TextBuffer, last: boolean) => void) | undefined
  for (;;) {
    const room = text.room(block)
    const got = readSync(descriptor, room, 0, block, position)
    position += got
    const last = got === 0
    text.take(got, last)
    if (table === undefined || scanner === undefined) {
      // The header line must be whole before anything can be decided; a block shows enough of the encoding.
      if (text.length === 0 && last) throw emptyFile(file)
      if (text.bytes.subarray(0, text.length).indexOf(LF) < 0 && text.length <= LONGEST_ROW) continue
      table = openTable(file, text, options.encoding ?? 'auto')
      options.onColumns?.(table.columns)
      scanner = rowScanner(file, table, run)
    }
    scanner(text, last)
    options.onProgress?.(position)
    if (last) return table
    if (text.length > LONGEST_ROW + block) {
      throw new Fault({
        code: 'CAS-004',
        at: { file },
        what: { zh: '有一行超过 1 MiB。', en: 'A row is longer than 1 MiB.' },
        fix: { zh: '请检查文件的换行符和引号。', en: 'Check the line breaks and quotes of the file.' },
      })
    }
  }
}

function emptyFile(file: string): Fault {
  return new Fault({
    code: 'CAS-003',
    at: { file },
    what: { zh: '文件是空的。', en: 'The file is empty.' },
    fix: { zh: '第一行应为表头。', en: 'Its first line must be the header.' },
  })
}

interface OpenTable extends Found {
  readonly delimiter: number
  readonly ops: Uint8Array
}

/** Reads the header line off the buffer: encoding, delimiter, columns. */
function openTable(file: string, text: TextBuffer, wanted: Encoding): OpenTable {
  const encoding = wanted === 'auto' ? detectEncoding(text.bytes.subarray(0, text.length)) : wanted
  if (encoding === 'gb18030') text.transcode()
  const end = text.bytes.subarray(0, text.length).indexOf(LF)
  const line = new TextDecoder().decode(text.bytes.subarray(0, end)).replace(/\r$/, '')
  text.drop(end + 1)
  const tab = line.includes('\t') && !line.includes(',')
  const header = line.split(tab ? '\t' : ',').map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))
  const plan = planColumns(header, file)
  return {
    encoding,
    delimiter: tab ? 9 : 44,
    ops: Uint8Array.from(plan, field => OPS[field ?? 'skip']),
    columns: header.map((name, i) => ({ header: name, field: plan[i] })),
  }
}

/**
 * UTF-8 unless the header says otherwise; below an ASCII header, unless more than half of all lines are not UTF-8. Some
 * damaged lines do not make a file GB18030: they are rejected, and `--encoding` can say otherwise.
 */
function detectEncoding(sample: Uint8Array): 'utf-8' | 'gb18030' {
  if (isUtf8(sample)) return 'utf-8'
  let lines = 0
  let bad = 0
  for (let from = 0; from < sample.length; ) {
    const end = sample.indexOf(LF, from)
    if (end < 0) break
    const line = sample.subarray(from, end)
    const valid = isUtf8(line)
    if (from === 0 && line.some(byte => byte > 127)) return valid ? 'utf-8' : 'gb18030'
    lines++
    if (!valid) bad++
    from = end + 1
  }
  return bad * 2 > lines ? 'gb18030' : 'utf-8'
}

/** A function that scans the whole rows of a buffer and drops them. */
function rowScanner(file: string, table: OpenTable, run: Run): (text: TextBuffer, last: boolean) => void {
  const { options, batch, flush } = run
  const decoder = new TextDecoder()
  let current: Uint8Array = new Uint8Array(0)
  let separator = table.delimiter
  const rejected = (line: number, column: number, reason: Reject['reason'], row: Uint8Array): void => {
    const field = column < 0 ? '' : (table.columns[column]?.header ?? '')
    options.onReject?.({ line, field, reason, row: rowText(decoder.decode(row), separator) }, file)
  }
  const scan: Scan = {
    ops: table.ops,
    dxTable: options.dxTable,
    pxTable: options.pxTable,
    pxPadding: options.pxPadding,
    labels: run.labels,
    seen: run.seen,
    oddCode:
      options.oddCode && ((id, isDx, from, to) => options.oddCode!(id, isDx, current.subarray(from, to), scan.line)),
    counters: run.counters,
    line: 2,
    reject: (reason, column, from, to) => rejected(scan.line, column, reason, current.subarray(from, to)),
  }
  const scanAll = (bytes: Uint8Array, to: number, delimiter: number): void => {
    current = bytes
    separator = delimiter
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const checked = isUtf8(bytes.subarray(0, to))
    for (let p = 0; p < to; ) {
      p = scanRows(scan, batch, bytes, view, p, to, delimiter, checked)
      if (batch.count === batch.capacity) flush()
    }
  }
  let spare = new Uint8Array(0)
  return (text, last) => {
    const { bytes } = text
    const end = bytes.subarray(0, text.length).lastIndexOf(LF) + 1
    if (bytes.subarray(0, end).indexOf(QUOTE) < 0) {
      scanAll(bytes, end, table.delimiter)
      text.drop(end)
      return
    }
    if (spare.length < end + CODE_PADDING + 1) spare = new Uint8Array(end + CODE_PADDING + 1)
    const { length, used } = unquote(bytes, 0, end, spare, {
      delimiter: table.delimiter,
      columns: table.ops.length,
      last,
      longest: LONGEST_QUOTED,
      bad: (from, to, linesBefore) => {
        run.counters.rows++
        run.counters.rejected++
        separator = table.delimiter
        rejected(scan.line + linesBefore, -1, 'open-quote', bytes.subarray(from, lineEnd(bytes, from, to)))
      },
    })
    scanAll(spare, length, UNIT_SEPARATOR)
    text.drop(used)
  }
}

/** End of a line without its line break. */
function lineEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to
  while (end > from && (bytes[end - 1] === LF || bytes[end - 1] === CR)) end--
  return end
}

/** A row as it stood in the file: the quote stage's separators are taken back. */
function rowText(row: string, separator: number): string {
  if (separator !== UNIT_SEPARATOR) return row
  return row
    .replaceAll('\v', '\n')
    .split('\u001f')
    .map(cell => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')
}
