import { Fault } from '../../messages/index.ts'
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

/** A row that may be the header: titles above it are passed over. */
export interface HeaderRow {
  readonly line: number
  readonly cells: readonly string[]
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
export function findHeader(table: TableName, candidates: Iterable<HeaderRow>, file: string): Header {
  let best: { row: HeaderRow; header: Header } | undefined
  for (const row of candidates) {
    const header = matchHeader(table, row)
    if (header.columns.length > (best?.header.columns.length ?? 0)) best = { row, header }
  }
  const missing = Object.entries(WANTED[table])
    .filter(([field, { required }]) => required !== false && best?.header.at.has(field) !== true)
    .map(([, { titles }]) => titles.join('/'))
  if (best !== undefined && missing.length === 0) return best.header
  const found = (best?.row.cells ?? []).map(cell => foldBlanks(cell)).filter(cell => cell !== '')
  throw new Fault({
    code: 'IMP-002',
    at: { file, ...(best === undefined ? {} : { line: best.row.line }) },
    what: {
      zh: `${table} 表缺少列 ${missing.join('、')}${found.length === 0 ? '' : `；该行为：${found.join('、')}`}。`,
      en: `The table ${table} lacks the column ${missing.join(', ')}${found.length === 0 ? '' : `; the row has: ${found.join(', ')}`}.`,
    },
    fix: { zh: '请按官方配置工作簿的表头命名各列。', en: 'Name the columns as the official workbook does.' },
  })
}

function matchHeader(table: TableName, row: HeaderRow): Header {
  const titles = row.cells.map(cell => foldWidth(foldBlanks(cell)).replaceAll(' ', '').toUpperCase())
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
