import { isAscii, isUtf8 } from 'node:buffer'
import { seenEncoding } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { type CaseField, planColumns } from './columns.ts'
import { OPS, UNIT_SEPARATOR } from './opcodes.ts'
import type { CaseSource } from './source.ts'
import type { TextBuffer } from './text-buffer.ts'

/** Encoding of a case file; `auto` decides from its first block. */
export type Encoding = 'auto' | 'utf-8' | 'gb18030'

const LF = 10
const COMMA = 44
const TAB = 9

/** A column of a file: header text and field (undefined = not used). */
export interface Column {
  readonly header: string
  readonly field: CaseField | undefined
}

/** What the head of a case file says. */
export interface CaseTable {
  readonly encoding: Exclude<Encoding, 'auto'>
  readonly columns: readonly Column[]
  readonly delimiter: number
  /** Opcode of the scanner by column. */
  readonly ops: Uint8Array
}

/** Fields that a reader may leave aside: texts that grouping does not use. */
const LABEL_FIELDS: ReadonlySet<CaseField> = new Set(['hospital', 'insurance', 'month', 'department', 'doctor'])

/** Which label columns are read. Without the hospital's name it still tells ids apart. */
export type LabelChoice = 'all' | 'hospital' | 'none'

export interface TableOptions {
  readonly encoding: Encoding
  readonly labels: LabelChoice
}

/** Reads the header line off the buffer: encoding, delimiter, columns. */
export function openTable(file: string, text: TextBuffer, options: TableOptions): CaseTable {
  if (text.length === 0) throw emptyFile(file)
  const encoding = options.encoding === 'auto' ? detectEncoding(text.bytes.subarray(0, text.length)) : options.encoding
  if (encoding === 'gb18030') text.transcode()
  const end = text.bytes.subarray(0, text.length).indexOf(LF)
  const line = new TextDecoder().decode(text.bytes.subarray(0, end)).replace(/\r+$/, '')
  // Of a case store `planColumns` says what it is.
  const isBinary = text.bytes.subarray(0, end < 0 ? text.length : end).some(byte => byte < TAB)
  if (isBinary && !line.startsWith('DZC1')) throw notText(file)
  if (line.includes('\r')) throw loneReturns(file)
  text.drop(end + 1)
  const tab = line.includes('\t') && !line.includes(',')
  const header = line.split(tab ? '\t' : ',').map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))
  const plan = planColumns(header, file)
  return {
    encoding,
    delimiter: tab ? TAB : COMMA,
    ops: Uint8Array.from(plan, field => opOf(field, options.labels)),
    columns: header.map((name, i) => ({ header: name, field: plan[i] })),
  }
}

/** The table that a source of another form makes of its cases. */
export function sourceTable({ encoding, columns }: CaseSource, labels: LabelChoice): CaseTable {
  const ops = Uint8Array.from(columns, column => opOf(column.field, labels))
  return { encoding, columns, ops, delimiter: UNIT_SEPARATOR }
}

function opOf(field: CaseField | undefined, labels: LabelChoice): number {
  if (field === undefined) return OPS.skip
  if (labels === 'all' || !LABEL_FIELDS.has(field)) return OPS[field]
  if (field !== 'hospital') return OPS.skip
  return labels === 'hospital' ? OPS.hospital : OPS.hospitalKey
}

/** The fault for a file of cases without a byte. */
export function emptyFile(file: string): Fault {
  return new Fault({
    code: 'CAS-003',
    at: { file },
    what: { zh: '文件是空的。', en: 'The file is empty.' },
    fix: { zh: '第一行应为表头。', en: 'Its first line must be the header.' },
  })
}

function notText(file: string): Fault {
  return new Fault({
    code: 'CAS-009',
    at: { file, line: 1 },
    what: { zh: '这不是文本文件。', en: 'This is no text file.' },
    fix: {
      zh: '请给出 CSV、XLSX、Parquet 或 JSON 文件；其他文件请用原来的软件打开后另存为其中之一。',
      en: 'Give a CSV, XLSX, Parquet or JSON file; open another one in its own program and save it as one of them.',
    },
  })
}

function loneReturns(file: string): Fault {
  return new Fault({
    code: 'CAS-008',
    at: { file, line: 1 },
    what: {
      zh: '表头行中有回车符（CR），文件的换行符不是 LF 或 CRLF。',
      en: 'The header line holds a CR: the lines do not end with LF or CRLF.',
    },
    fix: { zh: '请把文件另存为 LF 或 CRLF 换行。', en: 'Save the file with LF or CRLF line ends.' },
  })
}

/** What the header shows, where it is not ASCII; else what the rows of the first block show. */
function detectEncoding(sample: Uint8Array): 'utf-8' | 'gb18030' {
  if (isUtf8(sample)) return seenEncoding(sample).encoding
  const header = sample.subarray(0, sample.indexOf(LF) + 1)
  if (!isAscii(header)) return isUtf8(header) ? 'utf-8' : 'gb18030'
  return seenEncoding(sample.subarray(0, sample.lastIndexOf(LF) + 1)).encoding
}
