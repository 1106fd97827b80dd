import { readTable, type Table, type TableRow } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import { createDictionary, type Dictionary, type DictionaryEntry } from './dictionary.ts'
import { type DictionarySource, loadDictionary, writeDictionary } from './library.ts'

export interface DictionaryImport {
  /**
   * Tab-separated list with the columns `code` and `name`; a crosswalk with a column `from` will do as a list without
   * names.
   */
  readonly list: string
  /** Tab-separated changes of a later edition: `system`, `change` (added or removed), `code`, `name`; default none. */
  readonly changes?: string
  /** Tab-separated list with a column `code`: the grey codes (灰码); default none. */
  readonly grey?: string
  /** Crosswalk whose `from` codes come in, without names, where the list lacks them; default none. */
  readonly crosswalk?: string
  /** Id of a dictionary whose names are not to be written again; default none. */
  readonly namesFrom?: string
  /** Id of the code system, e.g. `icd10-yb-2.0`; changes of other systems are left aside. */
  readonly system: string
  readonly name: Text
  readonly source: DictionarySource
  /** Folder to write. */
  readonly out: string
}

/**
 * Makes a dictionary folder from a published list and the changes of a later edition: additions come in, removed codes
 * stay readable and are marked as withdrawn.
 */
export function importDictionary(options: DictionaryImport): Dictionary {
  const entries = new Map<string, DictionaryEntry>()
  const list = readTable(options.list, '\t')
  const bare = !list.header.includes('code') && list.header.includes('from')
  const code = column(list, bare ? 'from' : 'code')
  const name = bare ? undefined : column(list, 'name')
  for (const row of list.rows) {
    const entry = { code: cell(row, code), name: name === undefined ? '' : cell(row, name) }
    if (entry.code === '' || entries.has(entry.code)) throw badRow(list, row, entry.code)
    entries.set(entry.code, entry)
  }
  if (options.changes !== undefined) applyChanges(entries, readTable(options.changes, '\t'), options.system)
  if (options.crosswalk !== undefined) addConvertible(entries, readTable(options.crosswalk, '\t'))
  if (options.grey !== undefined) markGrey(entries, readTable(options.grey, '\t'))
  const known = options.namesFrom === undefined ? undefined : loadDictionary(options.namesFrom)
  if (known !== undefined) for (const entry of entries.values()) entries.set(entry.code, named(entry, known))
  const dictionary = createDictionary(options.system, entries.values())
  writeDictionary(dictionary, options, options.out)
  return dictionary
}

/** A code without a name takes the one that reading the list back will give it. */
function named(entry: DictionaryEntry, known: Dictionary): DictionaryEntry {
  return entry.name === '' ? { ...entry, name: known.names[known.ids.get(entry.code) ?? 0]! } : entry
}

function addConvertible(entries: Map<string, DictionaryEntry>, table: Table): void {
  const from = column(table, 'from')
  for (const row of table.rows) {
    const code = cell(row, from)
    if (!entries.has(code)) entries.set(code, { code, name: '' })
  }
}

function markGrey(entries: Map<string, DictionaryEntry>, table: Table): void {
  const code = column(table, 'code')
  for (const row of table.rows) {
    const entry = entries.get(cell(row, code))
    if (entry !== undefined) {
      entries.set(entry.code, { ...entry, grey: true })
      continue
    }
    throw new Fault({
      code: 'DIC-006',
      at: { file: table.file, line: row.line },
      what: {
        zh: `灰码 ${cell(row, code)} 不在编码表中。`,
        en: `The grey code ${cell(row, code)} is not in the list.`,
      },
      fix: { zh: '请使用与编码表同一版本的灰码表。', en: 'Take the grey list of the same edition.' },
    })
  }
}

function applyChanges(entries: Map<string, DictionaryEntry>, table: Table, system: string): void {
  const [ofSystem, change, code, name] = ['system', 'change', 'code', 'name'].map(title => column(table, title))
  for (const row of table.rows) {
    if (cell(row, ofSystem!) !== system) continue
    const entry = { code: cell(row, code!), name: cell(row, name!) }
    const kind = cell(row, change!)
    const known = entries.get(entry.code)
    if (kind === 'added' && known === undefined) entries.set(entry.code, entry)
    else if (kind === 'removed' && known !== undefined) entries.set(entry.code, { ...known, withdrawn: true })
    else {
      throw new Fault({
        code: 'DIC-006',
        at: { file: table.file, line: row.line },
        what: { zh: `“${kind} ${entry.code}”与编码表不符。`, en: `"${kind} ${entry.code}" does not fit the list.` },
        fix: {
          zh: 'added 只能增加表中没有的编码，removed 只能停用表中已有的编码。',
          en: 'added takes a code that the list lacks, removed one that it has.',
        },
      })
    }
  }
}

export function column(table: Table, title: string): number {
  const index = table.header.indexOf(title)
  if (index >= 0) return index
  throw new Fault({
    code: 'DIC-005',
    at: { file: table.file, line: 1, field: title },
    what: { zh: `缺少列 ${title}。`, en: `The column ${title} is missing.` },
    fix: {
      zh: `表头是：${table.header.join('、')}。请改正列名，列之间用制表符分隔。`,
      en: `The header is: ${table.header.join(', ')}. Correct the column names and separate columns by tabs.`,
    },
  })
}

export function cell(row: TableRow, index: number): string {
  return row.cells[index]!.trim()
}

function badRow(table: Table, row: TableRow, code: string): Fault {
  return new Fault({
    code: 'DIC-007',
    at: { file: table.file, line: row.line, field: 'code' },
    what:
      code === ''
        ? { zh: '编码为空。', en: 'The code is empty.' }
        : { zh: `编码 ${code} 出现两次。`, en: `The code ${code} stands twice.` },
    fix: { zh: '每个编码应有一行且只有一行。', en: 'Give every code one line and only one.' },
  })
}
