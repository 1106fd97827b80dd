import { readTable, type Table, type TableRow } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import { createDictionary, type Dictionary, type DictionaryEntry } from './dictionary.ts'
import { type DictionarySource, writeDictionary } from './library.ts'

export interface DictionaryImport {
  /** Tab-separated list with the columns `code` and `name`. */
  readonly list: string
  /** Tab-separated changes of a later edition: `system`, `change` (added or removed), `code`, `name`; default none. */
  readonly changes?: string
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
  const code = column(list, 'code')
  const name = column(list, 'name')
  for (const row of list.rows) {
    const entry = { code: cell(row, code), name: cell(row, name) }
    if (entry.code === '' || entries.has(entry.code)) throw badRow(list, row, entry.code)
    entries.set(entry.code, entry)
  }
  if (options.changes !== undefined) applyChanges(entries, readTable(options.changes, '\t'), options.system)
  const dictionary = createDictionary(options.system, entries.values())
  writeDictionary(dictionary, options, options.out)
  return dictionary
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

function column(table: Table, title: string): number {
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

function cell(row: TableRow, index: number): string {
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
