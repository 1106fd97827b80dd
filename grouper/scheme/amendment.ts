import { Fault, type Place, type Text } from '../../messages/index.ts'
import { fieldOf, type TableName, titlesOf } from './columns.ts'

/** Texts of a row by our column names. */
export type Fields = ReadonlyMap<string, string>

/** One row to add, to remove, or to replace in part. */
export interface RowChange {
  readonly action: 'add' | 'remove' | 'replace'
  readonly table: TableName
  /** Which row: what it has in these columns; empty for an added row. */
  readonly where: Fields
  /** The cells of the added row, or the new cells of the replaced one. */
  readonly row: Fields
  /** Where the amendment file says so. */
  readonly at: Place
}

/** Changes that have one reason. */
export interface Amendment {
  readonly reason: Text
  readonly source?: string
  readonly changes: readonly RowChange[]
}

/** Columns that tell the rows of a table apart. */
export const KEY_FIELDS: Readonly<Record<TableName, readonly string[]>> = {
  MDC: ['code'],
  ADRG: ['code'],
  DRG: ['code'],
  集合: ['set', 'code'],
  CC: ['code'],
  排除表: ['set', 'code'],
}

/** A row by header texts; a list stands for as many rows. */
export type Cells = Readonly<Record<string, string | readonly string[]>>

/** An amendment; one text stands for both languages. */
export function amendmentOf(
  reason: string | Text,
  source: string | undefined,
  changes: readonly RowChange[],
): Amendment {
  return {
    reason: typeof reason === 'string' ? { zh: reason, en: reason } : reason,
    ...(source === undefined ? {} : { source }),
    changes,
  }
}

/** Cells by our column names; a list of values gives one row for each of them. */
export function fieldsOf(table: TableName, cells: Cells, at: Place): Fields[] {
  let rows: Map<string, string>[] = [new Map()]
  for (const [title, value] of Object.entries(cells)) {
    const field = fieldOf(table, title)
    if (field === undefined) {
      throw new Fault({
        code: 'AMD-001',
        at,
        what: { zh: `${table} 表没有列“${title}”。`, en: `The table ${table} has no column "${title}".` },
        fix: {
          zh: `可用的列：${[...titlesOf(table).values()].join('、')}。`,
          en: `Its columns are ${[...titlesOf(table).values()].join(', ')}.`,
        },
      })
    }
    const values = typeof value === 'string' ? [value] : value
    rows = rows.flatMap(row => values.map(one => new Map(row).set(field, one)))
  }
  return rows
}

/** The fields of a row that names its key columns; a fault when it does not. */
export function keyed(table: TableName, fields: Fields, at: Place): Fields {
  const missing = KEY_FIELDS[table].filter(field => (fields.get(field) ?? '') === '')
  if (missing.length === 0) return fields
  const titles = missing.map(field => titlesOf(table).get(field)!)
  throw new Fault({
    code: 'AMD-002',
    at,
    what: {
      zh: `没有写明 ${titles.join('、')}，不知道是 ${table} 表的哪一行。`,
      en: `${titles.join(', ')} is not given; it is not clear which row of the table ${table} is meant.`,
    },
    fix: { zh: '请补上。', en: 'Add it.' },
  })
}
