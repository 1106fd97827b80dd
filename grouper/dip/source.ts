import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { decodeText, parseTable, readWorkbook, type SheetRow, unreadable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { foldTitle, type Header, type HeaderRow } from '../scheme/columns.ts'
import { foldBlanks } from '../scheme/lexer.ts'
import type { FoundColumn } from '../scheme/report.ts'
import type { HeadedTable } from '../scheme/tables.ts'
import { type Aliases, DIP_COLUMNS, type DipColumn, LIST_KINDS, type TableKind } from './aliases.ts'
import { rowsDocumentSheet } from './rows-document.ts'

/** One sheet of a source, or one of its CSV files. */
export interface SourceSheet {
  readonly file: string
  /** Name of the sheet; of a CSV file its own, without the extension. */
  readonly name: string
  /** Whether it is a sheet of a workbook. */
  readonly inWorkbook: boolean
  readonly rows: readonly SheetRow[]
}

/** A table of a source, its header found. */
export type DipTable = HeadedTable & {
  readonly kind: TableKind
  /** Titles of the header that no column is known by, each with its place. */
  readonly unread: readonly UnreadColumn[]
}

/** A column that is not read. */
export interface UnreadColumn {
  readonly title: string
  readonly index: number
}

/** More columns than any table has: a title above the header may have fewer cells than the rows below. */
const WIDEST = 200

/** Reads all sheets of a workbook, the CSV files of a folder, one CSV file, or the rows of a JSON document. */
export async function readSources(paths: readonly string[]): Promise<SourceSheet[]> {
  const sheets: SourceSheet[] = []
  for (const path of paths) sheets.push(...(await readSource(path)))
  return sheets
}

async function readSource(path: string): Promise<SourceSheet[]> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory() === true) {
    const files = readdirSync(path).filter(name => /\.(csv|tsv)$/i.test(name))
    return files.sort().map(name => readCsv(join(path, name)))
  }
  if (/\.xlsx$/i.test(path)) {
    const sheets = await readWorkbook(path)
    return sheets.map(({ name, rows }) => ({ file: path, name, inWorkbook: true, rows }))
  }
  if (/\.json$/i.test(path)) return [rowsDocumentSheet(path)]
  return [readCsv(path)]
}

function readCsv(file: string): SourceSheet {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  const text = decodeText(bytes, file)
  const separator = separatorOf(text)
  // A wide first line, so that titles above the header may be narrower than it; lines count one less.
  const { rows } = parseTable(`${separator.repeat(WIDEST)}\n${text}`, file, separator)
  return {
    file,
    name: basename(file).replace(/\.(csv|tsv|txt)$/i, ''),
    inWorkbook: false,
    rows: rows
      .map(({ line, cells }) => ({ line: line - 1, cells }))
      .filter(({ cells }) => cells.some(cell => foldBlanks(cell) !== '')),
  }
}

type Separator = ',' | '\t' | ';'

/** The separator that the first lines have most of. */
function separatorOf(text: string): Separator {
  const head = text.split('\n', 12).join('\n')
  const times = (sign: Separator): number => head.split(sign).length
  return (['\t', ';'] as const).reduce((best: Separator, sign) => (times(sign) > times(best) ? sign : best), ',')
}

/** Whether a path looks like the source of a DIP catalogue and not of a DRG scheme. */
export async function isDipSource(path: string): Promise<boolean> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory() === true) return !existsSync(join(path, 'MDC.csv')) && !existsSync(join(path, 'ADRG.csv'))
  if (/\.(csv|tsv|txt|json)$/i.test(path)) return true
  if (stat === undefined || !/\.xlsx$/i.test(path)) return false
  const names = (await readWorkbook(path)).map(({ name }) => foldTitle(name))
  return !names.includes('MDC') && !names.includes('ADRG')
}

/** The tables of a source, in order; sheets without any header are handed to `onAside`. */
export function tablesOf(
  sheets: readonly SourceSheet[],
  aliases: Aliases,
  onAside: (sheet: SourceSheet) => void,
): DipTable[] {
  const tables: DipTable[] = []
  for (const sheet of sheets) {
    const found = tablesOfSheet(sheet, aliases)
    if (found.length === 0) onAside(sheet)
    tables.push(...found)
  }
  return tables
}

/** Known titles that a row below a header must have to be another header. */
const SECOND_HEADER = 3

/** A sheet may hold several tables, one below the other, each under a header of its own. */
function tablesOfSheet(sheet: SourceSheet, aliases: Aliases): DipTable[] {
  const tables: { header: FoundHeader; rows: HeaderRow[] }[] = []
  for (const row of sheet.rows) {
    const header = headerIn(row, aliases)
    // Below a header one cell may happen to read like a title; a second header has several.
    const found = header !== undefined && (tables.length === 0 || header.columns.length >= SECOND_HEADER)
    if (found) tables.push({ header, rows: [] })
    else tables.at(-1)?.rows.push(row)
  }
  return tables.map(({ header, rows }) => {
    refuseShared(sheet, header)
    return {
      table: sheet.name,
      file: sheet.file,
      ...(sheet.inWorkbook ? { sheet: sheet.name } : {}),
      kind: kindOf(sheet.name, header, aliases),
      header,
      unread: header.unread,
      rows,
    }
  })
}

interface FoundHeader extends Header {
  readonly unread: readonly UnreadColumn[]
}

/** A row is a header when it has the title of a diagnosis, operation or category column. */
function headerIn(row: SheetRow, aliases: Aliases): FoundHeader | undefined {
  const titles = row.cells.map(foldTitle)
  const columns: FoundColumn[] = []
  const at = new Map<string, number>()
  for (const field of DIP_COLUMNS) {
    const title = aliases.columns[field].map(foldTitle).find(text => titles.includes(text))
    if (title === undefined) continue
    const index = titles.indexOf(title)
    at.set(field, index)
    columns.push({ field, header: foldBlanks(row.cells[index]!), column: index + 1 })
  }
  const keyed: DipColumn[] = ['dx', 'main', 'category']
  if (!keyed.some(field => at.has(field))) return undefined
  const known = new Set(at.values())
  const unread = row.cells
    .map((cell, index) => ({ title: foldBlanks(cell), index }))
    .filter(({ title, index }) => title !== '' && !known.has(index))
  return { line: row.line, columns, at, unread }
}

function kindOf(name: string, { at }: Header, aliases: Aliases): TableKind {
  const folded = foldTitle(name)
  for (const kind of LIST_KINDS) {
    if (aliases.tables[kind]?.names.some(text => folded.includes(foldTitle(text)))) return kind
  }
  // A table of groups may have the property of its operations too.
  if (at.has('dx') && (at.has('main') || at.has('code') || at.has('layer'))) return 'groups'
  return LIST_KINDS.find(kind => aliases.tables[kind]?.marks?.some(column => at.has(column))) ?? 'groups'
}

/** One column under two of our names: which of them is meant would be a guess. */
function refuseShared({ file, name }: SourceSheet, header: Header): void {
  const fields = new Map<number, string>()
  for (const [field, index] of header.at) {
    const other = fields.get(index)
    if (other !== undefined) {
      throw new Fault({
        code: 'DIP-012',
        at: { file, sheet: name, line: header.line, column: index + 1 },
        what: { zh: `同一列既是 ${other} 又是 ${field}。`, en: `One column means both ${other} and ${field}.` },
        fix: {
          zh: '请改正导入清单中 headers 的写法，每个表头只对应一个字段。',
          en: 'Correct the headers of the manifest: a title stands for one field.',
        },
      })
    }
    fields.set(index, field)
  }
}
