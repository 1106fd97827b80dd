import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { decodeUtf8, parseDocumentText, parseTable, type TableRow, unreadable } from '../../files/index.ts'
import { Fault, type Place, type Text } from '../../messages/index.ts'
import { fieldOf, TABLE_NAMES, type TableName, titlesOf } from './columns.ts'
import { foldBlanks } from './lexer.ts'

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
type Cells = Readonly<Record<string, string | readonly string[]>>

interface AmendmentFile {
  readonly amendments: readonly {
    readonly reason: string | Text
    readonly source?: string | undefined
    readonly add?: Partial<Record<TableName, readonly Cells[] | undefined>> | undefined
    readonly remove?: Partial<Record<TableName, readonly Cells[] | undefined>> | undefined
    readonly replace?:
      | Partial<Record<TableName, readonly { readonly where: Cells; readonly with: Cells }[] | undefined>>
      | undefined
  }[]
}

// A number would lose its zeros (47.0100), so that only text is taken; an order may be written as a number.
const cell = z.union([z.string(), z.number().transform(String), z.array(z.string()).min(1)])
const cells = z.record(z.string(), cell)

function byTable<T>(row: z.ZodType<T>): z.ZodType<Partial<Record<TableName, readonly T[] | undefined>>> {
  const rows = z.array(row).min(1).optional()
  return z.strictObject({ MDC: rows, ADRG: rows, DRG: rows, 集合: rows, CC: rows, 排除表: rows })
}

const fileSchema: z.ZodType<AmendmentFile> = z.strictObject({
  amendments: z.array(
    z.strictObject({
      reason: z.union([z.string().min(1), z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })]),
      source: z.string().min(1).optional(),
      add: byTable<Cells>(cells).optional(),
      remove: byTable<Cells>(cells).optional(),
      replace: byTable<{ where: Cells; with: Cells }>(z.strictObject({ where: cells, with: cells })).optional(),
    }),
  ),
})

/** Reads an amendment file: YAML, or a CSV table with the columns 操作, 表, 理由, 来源 and those of the official tables. */
export function readAmendments(file: string): Amendment[] {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  const text = decodeUtf8(bytes, file)
  return /\.csv$/i.test(file) ? readCsv(text, file) : readYaml(text, file)
}

function readYaml(text: string, file: string): Amendment[] {
  return parseDocumentText(text, file, fileSchema).amendments.map(({ reason, source, ...actions }, index) => {
    const changes: RowChange[] = []
    const place = (action: string, table: string, row: number): Place => {
      return { file, field: `amendments.${index}.${action}.${table}.${row}` }
    }
    for (const table of TABLE_NAMES) {
      for (const [row, replaced] of (actions.replace?.[table] ?? []).entries()) {
        const at = place('replace', table, row)
        for (const where of fieldsOf(table, replaced.where, at)) {
          for (const cells of fieldsOf(table, replaced.with, at)) {
            changes.push({ action: 'replace', table, where: keyed(table, where, at), row: cells, at })
          }
        }
      }
      for (const [row, removed] of (actions.remove?.[table] ?? []).entries()) {
        const at = place('remove', table, row)
        for (const where of fieldsOf(table, removed, at)) {
          changes.push({ action: 'remove', table, where: keyed(table, where, at), row: new Map(), at })
        }
      }
      for (const [row, added] of (actions.add?.[table] ?? []).entries()) {
        const at = place('add', table, row)
        for (const cells of fieldsOf(table, added, at)) {
          changes.push({ action: 'add', table, where: new Map(), row: keyed(table, cells, at), at })
        }
      }
    }
    return amendment(reason, source, changes)
  })
}

const ACTIONS: Readonly<Record<string, RowChange['action']>> = {
  add: 'add',
  增: 'add',
  增加: 'add',
  remove: 'remove',
  删: 'remove',
  删除: 'remove',
  replace: 'replace',
  改: 'replace',
  替换: 'replace',
}

const CSV_COLUMNS = {
  action: ['操作', 'action'],
  table: ['表', 'table'],
  reason: ['理由', '原因', 'reason'],
  source: ['来源', '依据', 'source'],
} as const

function readCsv(text: string, file: string): Amendment[] {
  const { header, rows } = parseTable(text, file)
  const titles = header.map(foldBlanks)
  const at = new Map<string, number>()
  for (const [name, wanted] of Object.entries(CSV_COLUMNS)) {
    const index = titles.findIndex(title => (wanted as readonly string[]).includes(title))
    if (index >= 0) at.set(name, index)
    else if (name !== 'source') throw badCell({ file, line: 1, field: wanted[0] }, '', wanted)
  }
  const text4 = (row: TableRow, name: string): string => foldBlanks(row.cells[at.get(name) ?? -1] ?? '')
  const grouped = new Map<string, { reason: string; source: string; changes: RowChange[] }>()
  for (const row of rows) {
    const place = (name: keyof typeof CSV_COLUMNS): Place => ({ file, line: row.line, field: CSV_COLUMNS[name][0] })
    const action = ACTIONS[text4(row, 'action')]
    if (action === undefined) throw badCell(place('action'), text4(row, 'action'), Object.keys(ACTIONS))
    const table = TABLE_NAMES.find(name => name === text4(row, 'table'))
    if (table === undefined) throw badCell(place('table'), text4(row, 'table'), TABLE_NAMES)
    const [reason, source] = [text4(row, 'reason'), text4(row, 'source')]
    if (reason === '') throw badCell(place('reason'), '', ['OP_BJ1: 83.9800x001 …'])
    const own = new Set(at.values())
    const filled: Record<string, string> = {}
    for (const [index, title] of titles.entries()) {
      if (!own.has(index) && foldBlanks(row.cells[index]!) !== '') filled[title] = row.cells[index]!
    }
    const key = `${reason}\t${source}`
    const group = grouped.get(key) ?? { reason, source, changes: [] }
    grouped.set(key, group)
    group.changes.push(changeOf(action, table, filled, { file, line: row.line }))
  }
  return [...grouped.values()].map(({ reason, source, changes }) => {
    return amendment(reason, source === '' ? undefined : source, changes)
  })
}

/** In a table the key columns say which row is meant, and the other cells of a replaced row are the new ones. */
function changeOf(action: RowChange['action'], table: TableName, filled: Cells, at: Place): RowChange {
  const [fields] = fieldsOf(table, filled, at)
  const all = keyed(table, fields!, at)
  if (action === 'add') return { action, table, where: new Map(), row: all, at }
  if (action === 'remove') return { action, table, where: all, row: new Map(), at }
  const keys = KEY_FIELDS[table]
  const part = (wanted: boolean): Fields => new Map([...all].filter(([field]) => keys.includes(field) === wanted))
  return { action, table, where: part(true), row: part(false), at }
}

function amendment(reason: string | Text, source: string | undefined, changes: RowChange[]): Amendment {
  return {
    reason: typeof reason === 'string' ? { zh: reason, en: reason } : reason,
    ...(source === undefined ? {} : { source }),
    changes,
  }
}

/** Cells by our column names; a list of values gives one row for each of them. */
function fieldsOf(table: TableName, cells: Cells, at: Place): Fields[] {
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

function keyed(table: TableName, fields: Fields, at: Place): Fields {
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

function badCell(at: Place, found: string, wanted: readonly string[]): Fault {
  return new Fault({
    code: 'AMD-003',
    at,
    what:
      found === ''
        ? { zh: '修订表缺少这一项。', en: 'The amendment table lacks this.' }
        : { zh: `“${found}”无法识别。`, en: `"${found}" is not known.` },
    fix: { zh: `请填写，例如：${wanted.join('、')}。`, en: `Write it, for instance: ${wanted.join(', ')}.` },
  })
}
