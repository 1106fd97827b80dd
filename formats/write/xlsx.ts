import { columnLetters, fileSink, type Sink } from '../../files/index.ts'
import { Fault, type Lang } from '../../messages/index.ts'
import { type Cell, cellText, daySeconds, epochDays, type TableColumn } from './column.ts'
import type { TableOptions, TableWriter } from './table.ts'
import { packageParts, STYLES, sheetHead, sheetTail, styleOf, xmlText } from './xlsx-parts.ts'
import { writeZip, type ZipPart, zipPart } from './zip.ts'

/** Rows that a sheet may have, its header included. */
const MOST_ROWS = 1_048_576
/** Characters that a cell may have. */
const LONGEST_TEXT = 32_767
const LONGEST_NAME = 31
const PIECE = 1 << 18
/** 1970-01-01 as a spreadsheet counts days. */
const EPOCH = 25_569

interface OpenSheet {
  readonly name: string
  readonly columns: readonly TableColumn[]
  readonly part: ZipPart
  /** Widths of the columns; undefined once they are written, with the first piece. */
  widths: number[] | undefined
  rows: number
  piece: string
}

/** A workbook being written: sheets are opened by name and packed as rows come. */
interface OpenWorkbook {
  open(name: string, columns: readonly TableColumn[], head: readonly string[]): OpenSheet
  put(sheet: OpenSheet, cells: readonly Cell[]): void
  finish(lang: Lang, notes: TableOptions['notes']): void
  abort(): void
}

function openWorkbook(sink: Sink, file: string | undefined): OpenWorkbook {
  const sheets: OpenSheet[] = []
  const open: OpenWorkbook['open'] = (wanted, columns, head) => {
    const part = zipPart(`xl/worksheets/sheet${sheets.length + 1}.xml`)
    const name = freeName(
      wanted,
      sheets.map(sheet => sheet.name),
    )
    const widths = columns.map((column, i) => leastWidth(column, head[i]!))
    const sheet: OpenSheet = { name, columns, part, widths, rows: 1, piece: '' }
    sheet.piece += `<row r="1" ht="30" customHeight="1">${head.map((text, i) => textCell(`${columnLetters(i)}1`, STYLES.header, text)).join('')}</row>`
    sheets.push(sheet)
    return sheet
  }
  const write = (sheet: OpenSheet): void => {
    if (sheet.widths !== undefined) sheet.part.write(Buffer.from(sheetHead(sheet.widths)))
    sheet.widths = undefined
    sheet.part.write(Buffer.from(sheet.piece))
    sheet.piece = ''
  }
  const put: OpenWorkbook['put'] = (sheet, cells) => {
    sheet.rows++
    const { widths } = sheet
    const written = sheet.columns.map((column, i) => {
      const text = cellText(column, cells[i])
      if (widths !== undefined) widths[i] = Math.max(widths[i]!, widthOf(column, text))
      return cellXml(column, text, `${columnLetters(i)}${sheet.rows}`, file)
    })
    sheet.piece += `<row r="${sheet.rows}">${written.join('')}</row>`
    if (sheet.piece.length >= PIECE) write(sheet)
  }
  return {
    open,
    put,
    finish(lang, notes) {
      if (notes !== undefined) {
        const [title, head] = lang === 'zh' ? ['说明', ['项目', '内容']] : ['Notes', ['Item', 'Content']]
        const sheet = open(title as string, NOTE_COLUMNS, head as string[])
        for (const note of notes) put(sheet, note)
      }
      const packed = sheets.map(sheet => {
        sheet.piece += sheetTail(sheet.columns.length, sheet.rows)
        write(sheet)
        return sheet.part.end()
      })
      const others = packageParts(
        sheets.map(({ name, columns: { length }, rows }) => ({ name, columns: length, rows })),
      )
      const parts = others.map(([name, text]) => {
        const part = zipPart(name)
        part.write(Buffer.from(text))
        return part.end()
      })
      writeZip(sink, [...parts, ...packed])
      sink.finish()
    },
    abort: () => sink.abort(),
  }
}

/**
 * An XLSX workbook: ids and codes as text cells, money as numbers with two decimals, real dates, columns as wide as the
 * first cells ask for, header frozen and filtered, a sheet a month where asked for, a further sheet behind a full one.
 * Sheets are packed as rows come.
 */
export function xlsxTable(
  sink: Sink,
  columns: readonly TableColumn[],
  options: TableOptions,
  file: string | undefined,
): TableWriter {
  const book = openWorkbook(sink, file)
  const current = new Map<string, OpenSheet>()
  const header = headerOf(columns, options)
  const mostRows = Math.min(options.rowsPerSheet ?? MOST_ROWS, MOST_ROWS)
  const nameOf = options.sheet ?? { zh: '数据', en: 'Data' }[options.lang]
  const sheetNamed = (wanted: string): OpenSheet => {
    let sheet = current.get(wanted)
    if (sheet === undefined || sheet.rows === mostRows) {
      sheet = book.open(wanted, columns, header)
      current.set(wanted, sheet)
    }
    return sheet
  }
  return {
    row: cells => book.put(sheetNamed(typeof nameOf === 'string' ? nameOf : nameOf(cells)), cells),
    finish() {
      // A workbook without a sheet is none: an empty table still has its header.
      if (current.size === 0) sheetNamed(typeof nameOf === 'string' ? nameOf : '-')
      book.finish(options.lang, options.notes)
    },
    abort: book.abort,
  }
}

/** One sheet of a workbook of several tables. */
export interface TableSheet {
  readonly name: string
  readonly columns: readonly TableColumn[]
  readonly rows: Iterable<readonly Cell[]>
}

/** Writes several tables as the sheets of one XLSX workbook; a table of more rows than a sheet holds goes on in another. */
export function writeSheets(
  file: string,
  sheets: readonly TableSheet[],
  options: Pick<TableOptions, 'lang' | 'header' | 'notes' | 'rowsPerSheet'>,
): void {
  const book = openWorkbook(fileSink(file), file)
  const mostRows = Math.min(options.rowsPerSheet ?? MOST_ROWS, MOST_ROWS)
  try {
    for (const { name, columns, rows } of sheets) {
      const header = headerOf(columns, options)
      let sheet = book.open(name, columns, header)
      for (const row of rows) {
        if (row.length !== columns.length) {
          throw new RangeError(`a row of ${name} has ${row.length} cells, the table has ${columns.length} columns`)
        }
        if (sheet.rows === mostRows) sheet = book.open(name, columns, header)
        book.put(sheet, row)
      }
    }
    book.finish(options.lang, options.notes)
  } catch (error) {
    book.abort()
    throw error
  }
}

function headerOf(columns: readonly TableColumn[], { header, lang }: Pick<TableOptions, 'header' | 'lang'>): string[] {
  return columns.map(({ key, title }) => (header === 'key' ? key : title[lang]))
}

const NOTE_COLUMNS: readonly TableColumn[] = [
  { key: 'item', title: { zh: '项目', en: 'Item' }, kind: 'text' },
  { key: 'content', title: { zh: '内容', en: 'Content' }, kind: 'text' },
]

function cellXml(column: TableColumn, text: string, place: string, file: string | undefined): string {
  if (text === '') return ''
  const style = styleOf(column)
  switch (column.kind) {
    case 'text':
      if (text.length > LONGEST_TEXT) throw longText(file, place)
      return textCell(place, style, text)
    case 'date':
      return `<c r="${place}" s="${style}"><v>${epochDays(text) + EPOCH}</v></c>`
    case 'datetime':
      return `<c r="${place}" s="${style}"><v>${epochDays(text) + EPOCH + daySeconds(text) / 86_400}</v></c>`
    default:
      return `<c r="${place}" s="${style}"><v>${text}</v></c>`
  }
}

function textCell(place: string, style: number, text: string): string {
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`
}

/** Widest column in characters, CJK counted as two: longer texts are cut by the next cell. */
const WIDEST = 40
/** Characters that the sign of the filter and the edges of a cell take. */
const FILTER = 4
const EDGES = 2

function leastWidth(column: TableColumn, header: string): number {
  const least = { text: 10, integer: 8, money: 13, decimal: 11, date: 11, datetime: 17 }[column.kind]
  return Math.min(Math.max(textWidth(header) + FILTER, least), WIDEST)
}

/** Width that shows a cell whole; narrower ones would show ### for a number. Dates are all as wide as their column is. */
function widthOf(column: TableColumn, text: string): number {
  if (column.kind === 'date' || column.kind === 'datetime') return 0
  // Money has a sign behind every three digits of yuan.
  const signs = column.kind === 'money' ? Math.floor(Math.max(text.length - 4, 0) / 3) : 0
  return Math.min(textWidth(text) + signs + EDGES, WIDEST)
}

function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += character > '\u2e7f' ? 2 : 1
  return width
}

/** A name that the workbook does not have yet, of characters that sheet names may have. */
function freeName(wanted: string, taken: readonly string[]): string {
  const clean = wanted.replace(/[[\]:*?/\\]/g, '-').replace(/^'+|'+$/g, '') || '-'
  const used = new Set(taken.map(name => name.toLowerCase()))
  for (let n = 1; ; n++) {
    const ending = n === 1 ? '' : ` (${n})`
    const name = clean.slice(0, LONGEST_NAME - ending.length) + ending
    if (!used.has(name.toLowerCase())) return name
  }
}

function longText(file: string | undefined, place: string): Fault {
  return new Fault({
    code: 'TAB-001',
    at: { ...(file === undefined ? {} : { file }), field: place },
    what: {
      zh: `单元格超过 ${LONGEST_TEXT} 个字符，XLSX 放不下。`,
      en: `A cell has more than ${LONGEST_TEXT} characters, which XLSX cannot hold.`,
    },
    fix: { zh: '请改用 CSV、Parquet 或 JSONL。', en: 'Write CSV, Parquet or JSONL instead.' },
  })
}
