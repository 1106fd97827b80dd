import { parseTable, type TableRow } from '../../files/index.ts'
import { Fault, type Place } from '../../messages/index.ts'
import {
  type Amendment,
  amendmentOf,
  type Cells,
  type Fields,
  fieldsOf,
  KEY_FIELDS,
  keyed,
  type RowChange,
} from './amendment.ts'
import { TABLE_NAMES, type TableName } from './columns.ts'
import { foldBlanks } from './lexer.ts'

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

/** Reads amendments from the text of a CSV table; rows of one reason and source are one amendment. */
export function readAmendmentTable(text: string, file: string): Amendment[] {
  const { header, rows } = parseTable(text, file)
  const titles = header.map(foldBlanks)
  const at = new Map<string, number>()
  for (const [name, wanted] of Object.entries(CSV_COLUMNS)) {
    const index = titles.findIndex(title => (wanted as readonly string[]).includes(title))
    if (index >= 0) at.set(name, index)
    else if (name !== 'source') throw badCell({ file, line: 1, field: wanted[0] }, '', wanted)
  }
  const cellIn = (row: TableRow, name: string): string => foldBlanks(row.cells[at.get(name) ?? -1] ?? '')
  const grouped = new Map<string, { reason: string; source: string; changes: RowChange[] }>()
  for (const row of rows) {
    const place = (name: keyof typeof CSV_COLUMNS): Place => ({ file, line: row.line, field: CSV_COLUMNS[name][0] })
    const action = ACTIONS[cellIn(row, 'action')]
    if (action === undefined) throw badCell(place('action'), cellIn(row, 'action'), Object.keys(ACTIONS))
    const table = TABLE_NAMES.find(name => name === cellIn(row, 'table'))
    if (table === undefined) throw badCell(place('table'), cellIn(row, 'table'), TABLE_NAMES)
    const [reason, source] = [cellIn(row, 'reason'), cellIn(row, 'source')]
    if (reason === '') throw badCell(place('reason'), '', ['原表漏列', 'missing in the table'])
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
    return amendmentOf(reason, source === '' ? undefined : source, changes)
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
