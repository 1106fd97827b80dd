import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { columnLetters, decodeText, parseTable, unreadable } from '../../files/index.ts'
import { Fault, type Place } from '../../messages/index.ts'
import { findHeader, type Header, type HeaderRow, TABLE_NAMES, type TableName } from './columns.ts'
import { foldBlanks, foldWidth } from './lexer.ts'

/** One of the six tables, its header found. A workbook reader gives the same, so that the import knows no file type. */
export interface SourceTable {
  readonly table: TableName
  /** File for messages; a workbook's is the same for all its sheets. */
  readonly file: string
  /** Sheet of a workbook. */
  readonly sheet?: string
  readonly header: Header
  /** Rows below the header; `line` counts from 1 in the file or sheet. */
  readonly rows: readonly HeaderRow[]
}

/** A table of whatever kind, its header found. */
export type HeadedTable = Omit<SourceTable, 'table'> & { readonly table: string }

/** The six tables of a scheme. */
export type SourceTables = Readonly<Record<TableName, SourceTable>>

/** Rows that may hold the header, titles above it included. */
export const TITLE_ROWS = 10

/** Reads the six CSV tables of a folder (`MDC.csv`, `ADRG.csv`, `DRG.csv`, `集合.csv`, `CC.csv`, `排除表.csv`). */
export function readTables(folder: string): SourceTables {
  const missing = TABLE_NAMES.filter(table => !existsSync(join(folder, `${table}.csv`)))
  if (missing.length > 0) throw missingTables(folder, missing)
  const tables = TABLE_NAMES.map(table => [table, readCsv(table, join(folder, `${table}.csv`))] as const)
  return Object.fromEntries(tables) as SourceTables
}

function missingTables(folder: string, missing: readonly string[]): Fault {
  let found: string[]
  try {
    found = readdirSync(folder).filter(name => name.endsWith('.csv'))
  } catch (error) {
    return unreadable(folder, error)
  }
  const names = missing.map(name => `${name}.csv`)
  return new Fault({
    code: 'IMP-001',
    at: { file: folder },
    what: {
      zh: `文件夹中缺少 ${names.join('、')}${found.length === 0 ? '' : `；现有 ${found.join('、')}`}。`,
      en: `The folder lacks ${names.join(', ')}${found.length === 0 ? '' : `; it has ${found.join(', ')}`}.`,
    },
    fix: {
      zh: '请把官方工作簿的六张表各存为同名的 CSV UTF-8 文件。',
      en: 'Save the six sheets of the official workbook as CSV UTF-8 files of the same names.',
    },
  })
}

function readCsv(table: TableName, file: string): SourceTable {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  const text = decodeText(bytes, file)
  const header = findHeader(table, headLines(text, file), { file })
  // Title rows become empty lines, which the table reader passes over: the lines keep their numbers.
  const rest = parseTable('\n'.repeat(header.line - 1) + dropLines(text, header.line - 1), file)
  const rows = rest.rows.filter(row => row.cells.some(cell => foldBlanks(cell) !== ''))
  return { table, file, header, rows }
}

function* headLines(text: string, file: string): Generator<HeaderRow> {
  const lines = text.split(/\r?\n/, TITLE_ROWS)
  for (let index = 0; index < lines.length; index++) {
    // An odd quote means that the line is not a whole row, hence no header.
    if (lines[index] === '' || lines[index]!.split('"').length % 2 === 0) continue
    yield { line: index + 1, cells: parseTable(lines[index]!, file).header }
  }
}

function dropLines(text: string, count: number): string {
  let from = 0
  for (let line = 0; line < count; line++) from = text.indexOf('\n', from) + 1
  return text.slice(from)
}

/** A cell by our column name, blanks folded; '' when the table has no such column. */
export function cellOf(table: HeadedTable, row: HeaderRow, field: string): string {
  return foldBlanks(rawCellOf(table, row, field))
}

/** The cell as the file has it. */
export function rawCellOf(table: HeadedTable, row: HeaderRow, field: string): string {
  const index = table.header.at.get(field)
  return index === undefined ? '' : (row.cells[index] ?? '')
}

/** A code cell: ASCII, without any blank (`A01.000 +G01*` is one code). */
export function codeCellOf(table: HeadedTable, row: HeaderRow, field: string): string {
  return foldWidth(cellOf(table, row, field)).replaceAll(' ', '')
}

/** Header text of a column, for messages. */
export function titleOf(table: HeadedTable, field: string): string {
  return table.header.columns.find(column => column.field === field)?.header ?? field
}

/** The place of a cell, for messages. */
export function placeOf(table: HeadedTable, row: HeaderRow, field: string): Place {
  const { file, sheet } = table
  const title = titleOf(table, field)
  if (row.origin !== undefined) return { ...row.origin, field: title }
  if (sheet === undefined) return { file, line: row.line, field: title }
  // In a spreadsheet a person looks for the cell: give its address beside the header text.
  const index = table.header.at.get(field)
  const cell = index === undefined ? '' : ` ${columnLetters(index)}${row.line}`
  return { file, sheet, line: row.line, field: `${title}${cell}` }
}
