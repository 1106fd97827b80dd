import type { CellKind } from '../../files/index.ts'
import { Fault, type Place } from '../../messages/index.ts'
import { foldBlanks, foldWidth } from './lexer.ts'
import type { FoundColumn } from './report.ts'

/** The six tables of the official workbook, by sheet name. */
export const TABLE_NAMES = ['MDC', 'ADRG', 'DRG', '集合', 'CC', '排除表'] as const
export type TableName = (typeof TABLE_NAMES)[number]

/** A column that we look for: the header texts it may have, first choice first. */
interface Wanted {
  readonly titles: readonly string[]
  /** Default true. */
  readonly required?: boolean
}

const WANTED: Readonly<Record<TableName, Readonly<Record<string, Wanted>>>> = {
  MDC: {
    code: { titles: ['MDC编码'] },
    name: { titles: ['MDC名称'] },
    rule: { titles: ['MDC规则'] },
    order: { titles: ['排序'], required: false },
  },
  ADRG: {
    code: { titles: ['ADRG编码', 'ADRG'] },
    name: { titles: ['ADRG名称'] },
    rule: { titles: ['ADRG规则'] },
    mdc: { titles: ['所属MDC编码', '所属MDC'] },
    order: { titles: ['MDC内排序', '排序'], required: false },
  },
  DRG: {
    code: { titles: ['DRG', 'DRG编码'] },
    name: { titles: ['DRG名称'] },
    rule: { titles: ['DRG规则'] },
    adrg: { titles: ['所属ADRG编码', '所属ADRG'] },
    mdc: { titles: ['所属MDC编码', '所属MDC'], required: false },
    order: { titles: ['排序'], required: false },
  },
  集合: {
    set: { titles: ['集合编号'] },
    code: { titles: ['ICD编码'] },
    name: { titles: ['ICD名称'], required: false },
    kind: { titles: ['类型编号', '类型'], required: false },
  },
  CC: {
    code: { titles: ['疾病编码', 'ICD编码'] },
    name: { titles: ['疾病名称', 'ICD名称'], required: false },
    table: { titles: ['排除表'] },
    level: { titles: ['类型', '类型编号'] },
  },
  排除表: {
    set: { titles: ['集合编号'] },
    code: { titles: ['ICD编码'] },
    name: { titles: ['ICD名称'], required: false },
  },
}

/** A row of a table as it was read; one of the first is the header, titles above it are passed over. */
export interface HeaderRow {
  /** Line in the file or row in the sheet, from 1; 0 for a row that an amendment added. */
  readonly line: number
  readonly cells: readonly string[]
  /** Cells of a sheet that are not text, by position. */
  readonly kinds?: ReadonlyMap<number, CellKind>
  /** The place in an amendment file that this row comes from. */
  readonly origin?: Place
}

/** Where the columns of a table stand. */
export interface Header {
  readonly line: number
  readonly columns: readonly FoundColumn[]
  /** Position of a column in a row from 0, by our name; absent when the table lacks it. */
  readonly at: ReadonlyMap<string, number>
}

/**
 * Finds the header among the first rows of a table by its texts, never by position, so that title rows, empty columns
 * and other orders do not matter; a fault when a required column is missing.
 */
export function findHeader(table: TableName, candidates: Iterable<HeaderRow>, at: Place): Header {
  let best: { row: HeaderRow; header: Header } | undefined
  for (const row of candidates) {
    const header = matchHeader(table, row)
    if (header.columns.length > (best?.header.columns.length ?? 0)) best = { row, header }
  }
  const missing = Object.entries(WANTED[table])
    .filter(([field, { required }]) => required !== false && best?.header.at.has(field) !== true)
    .map(([, { titles }]) => titles.join('/'))
  if (best !== undefined && missing.length === 0) {
    refuseRepeated(table, best.row, at)
    return best.header
  }
  const found = (best?.row.cells ?? []).map(cell => foldBlanks(cell)).filter(cell => cell !== '')
  throw new Fault({
    code: 'IMP-002',
    at: { ...at, ...(best === undefined ? {} : { line: best.row.line }) },
    what: {
      zh: `${table} 表缺少列 ${missing.join('、')}${found.length === 0 ? '' : `；该行为：${found.join('、')}`}。`,
      en: `The table ${table} lacks the column ${missing.join(', ')}${found.length === 0 ? '' : `; the row has: ${found.join(', ')}`}.`,
    },
    fix: { zh: '请按官方配置工作簿的表头命名各列。', en: 'Name the columns as the official workbook does.' },
  })
}

/** Our name for a column of a table by its header text, as any accepted alias; undefined when the table has none. */
export function fieldOf(table: TableName, title: string): string | undefined {
  const wanted = foldTitle(title)
  return Object.entries(WANTED[table]).find(([, { titles }]) => titles.includes(wanted))?.[0]
}

/** The header texts of a table as the official workbook has them, by our names. */
export function titlesOf(table: TableName): ReadonlyMap<string, string> {
  return new Map(Object.entries(WANTED[table]).map(([field, { titles }]) => [field, titles[0]!]))
}

/** A header text or sheet name for comparison: without blanks, ASCII, upper case. */
export function foldTitle(text: string): string {
  return foldWidth(foldBlanks(text)).replaceAll(' ', '').toUpperCase()
}

/** Two columns of one title: which of them is meant would be a guess. */
function refuseRepeated(table: TableName, row: HeaderRow, at: Place): void {
  const titles = row.cells.map(foldTitle)
  for (const [index, title] of titles.entries()) {
    const first = titles.indexOf(title)
    if (title === '' || first === index || fieldOf(table, title) === undefined) continue
    throw new Fault({
      code: 'IMP-015',
      at: { ...at, line: row.line, field: title },
      what: {
        zh: `表头“${title}”出现在第 ${first + 1} 列和第 ${index + 1} 列。`,
        en: `The header "${title}" stands in column ${first + 1} and in column ${index + 1}.`,
      },
      fix: { zh: '请删除或改名其中一列。', en: 'Delete or rename one of the two columns.' },
    })
  }
}

function matchHeader(table: TableName, row: HeaderRow): Header {
  const titles = row.cells.map(foldTitle)
  const columns: FoundColumn[] = []
  const at = new Map<string, number>()
  for (const [field, wanted] of Object.entries(WANTED[table])) {
    const title = wanted.titles.find(text => titles.includes(text))
    if (title === undefined) continue
    const index = titles.indexOf(title)
    at.set(field, index)
    columns.push({ field, header: foldBlanks(row.cells[index]!), column: index + 1 })
  }
  return { line: row.line, columns, at }
}
