import { Fault } from '../../messages/index.ts'
import { type Amendment, KEY_FIELDS, type RowChange } from './amendment.ts'
import { type HeaderRow, type TableName, titlesOf } from './columns.ts'
import { foldBlanks, foldRule, foldWidth } from './lexer.ts'
import { rawCellOf, type SourceTable, type SourceTables } from './tables.ts'
import type { AmendmentRecord } from './types.ts'

/** Tables in which one code may have several rows: alternative conditions of an ADRG and their leaves. */
const REPEATABLE: ReadonlySet<TableName> = new Set(['ADRG', 'DRG'])

/** Tables with amendments carried out, and the record of what was done. */
export interface Amended {
  readonly tables: SourceTables
  readonly records: readonly AmendmentRecord[]
}

/**
 * Carries amendments out, in order. A change that finds nothing to change is a fault: the table may be of a later
 * edition that already has it, and then the amendment is to be dropped, not to be passed over in silence.
 */
export function amendTables(tables: SourceTables, amendments: readonly Amendment[]): Amended {
  const rows = new Map<TableName, RowStore>()
  const records = amendments.map(({ reason, source, changes }) => {
    const done = { added: 0, removed: 0, replaced: 0 }
    for (const change of changes) {
      let store = rows.get(change.table)
      if (store === undefined) {
        store = storeOf(tables[change.table])
        rows.set(change.table, store)
      }
      done[carryOut(tables[change.table], store, change)]++
    }
    return { reason, ...(source === undefined ? {} : { source }), ...done }
  })
  const amended = Object.fromEntries(
    [...rows].map(([name, { all }]) => [name, { ...tables[name], rows: all.filter(row => row !== undefined) }]),
  )
  return { tables: { ...tables, ...amended }, records }
}

/** The rows of a table with an index over their keys; a removed row leaves a hole. */
interface RowStore {
  readonly all: (HeaderRow | undefined)[]
  readonly byKey: Map<string, number[]>
}

function storeOf(table: SourceTable): RowStore {
  const store: RowStore = { all: [], byKey: new Map() }
  for (const row of table.rows) put(store, table, row)
  return store
}

function put(store: RowStore, table: SourceTable, row: HeaderRow): void {
  const key = keyOf(table, field => rawCellOf(table, row, field))
  const found = store.byKey.get(key)
  if (found === undefined) store.byKey.set(key, [store.all.length])
  else found.push(store.all.length)
  store.all.push(row)
}

function keyOf(table: SourceTable, cell: (field: string) => string): string {
  return KEY_FIELDS[table.table].map(field => comparable(field, cell(field))).join('\t')
}

function carryOut(table: SourceTable, store: RowStore, change: RowChange): 'added' | 'removed' | 'replaced' {
  const { action, where, row, at } = change
  if (action === 'add') {
    const key = keyOf(table, field => row.get(field) ?? '')
    const present = (store.byKey.get(key) ?? []).some(index => store.all[index] !== undefined)
    if (present && !REPEATABLE.has(table.table)) throw nothingToDo(table, change)
    put(store, table, { line: 0, cells: cellsOf(table, withKind(table, store, row), [], change), origin: at })
    return 'added'
  }
  const found = (store.byKey.get(keyOf(table, field => where.get(field) ?? '')) ?? []).filter(index => {
    const one = store.all[index]
    return one !== undefined && matches(table, one, where)
  })
  if (found.length === 0) throw nothingToDo(table, change)
  if (found.length > 1 && REPEATABLE.has(table.table)) throw severalRows(table, found.length, change)
  for (const index of found) {
    const old = store.all[index]!
    if (action === 'remove') {
      store.all[index] = undefined
      continue
    }
    if (matches(table, old, row)) throw nothingToDo(table, change)
    store.all[index] = { line: old.line, cells: cellsOf(table, row, old.cells, change), origin: at }
  }
  return action === 'remove' ? 'removed' : 'replaced'
}

function matches(table: SourceTable, row: HeaderRow, wanted: ReadonlyMap<string, string>): boolean {
  return [...wanted].every(
    ([field, text]) => comparable(field, rawCellOf(table, row, field)) === comparable(field, text),
  )
}

/** Cells are compared as the import reads them. */
function comparable(field: string, text: string): string {
  if (field === 'rule') return foldRule(text)
  if (field === 'name') return foldBlanks(text)
  return foldWidth(foldBlanks(text)).replaceAll(' ', '')
}

function cellsOf(
  table: SourceTable,
  row: ReadonlyMap<string, string>,
  before: readonly string[],
  change: RowChange,
): readonly string[] {
  const cells = [...before]
  for (const [field, text] of row) {
    const index = table.header.at.get(field)
    if (index === undefined) throw noColumn(table, field, change)
    while (cells.length <= index) cells.push('')
    cells[index] = text
  }
  return cells
}

/** An added code takes the type of its set, which nobody should have to repeat. */
function withKind(table: SourceTable, store: RowStore, row: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (table.table !== '集合' || row.has('kind') || !table.header.at.has('kind')) return row
  const set = comparable('set', row.get('set')!)
  const sibling = store.all.find(one => one !== undefined && comparable('set', rawCellOf(table, one, 'set')) === set)
  return sibling === undefined ? row : new Map(row).set('kind', rawCellOf(table, sibling, 'kind'))
}

function nameOf(table: SourceTable, change: RowChange): string {
  const fields = change.action === 'add' ? change.row : change.where
  return KEY_FIELDS[table.table].map(field => fields.get(field) ?? '').join(' ')
}

function nothingToDo(table: SourceTable, change: RowChange): Fault {
  const name = nameOf(table, change)
  const text = {
    add: [`${name} 已在 ${table.table} 表中`, `The table ${table.table} already has ${name}`],
    remove: [`${table.table} 表中没有这样的行 ${name}`, `The table ${table.table} has no such row ${name}`],
    replace: [
      `${table.table} 表中没有这样的行 ${name}，或其内容已是如此`,
      `The table ${table.table} has no such row ${name}, or it already reads so`,
    ],
  }[change.action]
  return new Fault({
    code: 'AMD-004',
    at: change.at,
    what: { zh: `${text[0]}。`, en: `${text[1]}.` },
    fix: {
      zh: '请核对编码；若原表已改正，请从修订文件中删去这一条。',
      en: 'Check the codes; if the table has been corrected since, take this out of the amendments.',
    },
  })
}

function severalRows(table: SourceTable, rows: number, change: RowChange): Fault {
  const name = nameOf(table, change)
  return new Fault({
    code: 'AMD-005',
    at: change.at,
    what: {
      zh: `${name} 在 ${table.table} 表中有 ${rows} 行。`,
      en: `${name} has ${rows} rows in the table ${table.table}.`,
    },
    fix: {
      zh: '请再写一列（例如规则原文）说明是哪一行。',
      en: 'Give a further column, for instance the rule as it stands, to say which row is meant.',
    },
  })
}

function noColumn(table: SourceTable, field: string, change: RowChange): Fault {
  const title = titlesOf(table.table).get(field)!
  return new Fault({
    code: 'AMD-006',
    at: change.at,
    what: {
      zh: `要导入的 ${table.table} 表没有“${title}”这一列。`,
      en: `The table ${table.table} to import has no column "${title}".`,
    },
    fix: { zh: '请在原表中补上该列，或去掉这一项。', en: 'Add the column to the table, or leave this out.' },
  })
}
