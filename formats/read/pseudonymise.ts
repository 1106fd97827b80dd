import { csvRow, type Sink } from '../../files/index.ts'
import type { Encoding } from '../../grouper/index.ts'
import { Fault } from '../../messages/index.ts'
import { cleanText } from './clean.ts'
import { readDelimited } from './delimited.ts'
import { detect, type Found } from './detect.ts'
import type { Header } from './header.ts'
import { knownColumn } from './header.ts'
import { jsonValues } from './json-values.ts'
import { messageLayouts, plainHeader } from './layout.ts'
import type { Mapping } from './mapping.ts'
import { parseJson } from './message.ts'
import type { PlannedColumn, TablePlan } from './plan.ts'
import { type Pseudonyms, shiftBirth, shiftText } from './pseudonym.ts'
import { rowsOf } from './rows-of.ts'
import { tableRows } from './side-rows.ts'

export interface PseudonymiseOptions {
  readonly encoding: Encoding
  readonly mapping: Mapping
  readonly pseudonyms: Pseudonyms
}

/** What was done to a file. */
export interface Pseudonymised {
  readonly rows: number
  /** Columns or keys whose content was left out, and those that were written. */
  readonly dropped: number
  readonly kept: number
}

/** Fields whose cells are replaced by keyed hashes. */
const IDS: ReadonlySet<string> = new Set(['id', 'settleId', 'person', 'doctor'])

/**
 * Writes a file of cases without what identifies persons: ids as keyed hashes, dates shifted by person, and no column
 * that no layout knows. A table stays a table with its headers (CSV), messages become one JSON object a line.
 */
export async function pseudonymise(file: string, sink: Sink, options: PseudonymiseOptions): Promise<Pseudonymised> {
  const found = detect(file, options.mapping, options.encoding)
  const [side] = found.sides
  const isRows = side !== undefined && side.columns.length > 0
  if (found.head.container === 'json' && !isRows) return messages(found, sink, options.pseudonyms)
  const { header } = found
  const plan = found.plans[0]
  if (header === undefined || plan === undefined) {
    if (isRows) return sideTable(side, sink, options.pseudonyms)
    throw new Fault({
      code: 'FMT-006',
      at: { file },
      what: { zh: '没有认出任何表头。', en: 'No header was recognised.' },
      fix: { zh: '请用 --map 指明各列。', en: 'Say what columns mean with --map.' },
    })
  }
  return table(plan, header, options, sink)
}

/** One column of a table and what is done with it. */
interface Treated extends PlannedColumn {
  readonly how: 'keep' | 'hash' | 'drop' | 'birth'
}

async function table(
  plan: TablePlan,
  header: Header,
  { pseudonyms, mapping }: PseudonymiseOptions,
  sink: Sink,
): Promise<Pseudonymised> {
  const treated = header.row.cells.map((cell, index): Treated => {
    const known = knownColumn(header.layout, cell.trim())
    const asked = mapping.columns?.[cell.trim()]
    const field = asked ?? known?.field ?? ''
    const isKnown = known !== undefined || asked !== undefined
    const how = IDS.has(field)
      ? 'hash'
      : !isKnown || known?.isPrivate === true
        ? 'drop'
        : field === 'birthDate'
          ? 'birth'
          : 'keep'
    return { index, header: cell, field, how }
  })
  const whole = { ...plan, columns: treated }
  const at = (field: string): number => treated.findIndex(column => column.field === field)
  const [person, id, admission] = [at('person'), at('id'), at('admitTime')]
  let rows = 0
  const write = (cells: readonly string[]): void => {
    rows++
    const days = pseudonyms.shiftOf(cleanText(cells[person] ?? '') || cleanText(cells[id] ?? ''))
    sink.write(
      csvRow(
        treated.map(({ how, field }, i) => treat(how, field, cells[i] ?? '', days, cells[admission] ?? '', pseudonyms)),
      ),
    )
  }
  sink.write(`\ufeff${csvRow(header.row.cells)}`)
  if (plan.container === 'csv') for (const _ of readDelimited(whole, { row: write, bad() {} }));
  else for await (const row of await rowsOf(whole)) write(row.cells)
  const dropped = treated.filter(column => column.how === 'drop').length
  return { rows, dropped, kept: treated.length - dropped }
}

function treat(
  how: Treated['how'],
  field: string,
  cell: string,
  days: number,
  admission: string,
  names: Pseudonyms,
): string {
  if (how === 'drop' || cell === '') return ''
  if (how === 'hash') return names.id(field, cleanText(cell))
  if (how === 'birth') return shiftBirth(cleanText(cell), cleanText(admission), days)
  // Serial numbers pass for dates only where a date is due; here any column may hold one.
  return /^\d{1,7}(\.\d+)?$/.test(cell) ? cell : shiftText(cell, days)
}

/**
 * A table of diagnoses and the like: the settlement id is hashed, what is no fact of the node is left out, and times are
 * shifted by the stay, as the person is not known; how long they lie apart stays.
 */
function sideTable(plan: TablePlan, sink: Sink, names: Pseudonyms): Pseudonymised {
  sink.write(`\ufeff${csvRow(plan.columns.map(column => column.header))}`)
  const keyAt = plan.columns.findIndex(column => column.field === 'settleId')
  let rows = 0
  for (const { cells } of tableRows(plan)) {
    rows++
    const days = names.shiftOf(cleanText(cells[keyAt] ?? ''))
    const treated = plan.columns.map(({ field }, i) => {
      if (IDS.has(field)) return names.id(field, cleanText(cells[i]!))
      return field === 'begin' || field === 'end' ? shiftText(cells[i]!, days) : cells[i]!
    })
    sink.write(csvRow(treated))
  }
  return { rows, dropped: plan.width - plan.columns.length, kept: plan.columns.length }
}

/** Keys of messages that are written, by what they hold; all others are left out. */
function messageKeys(): {
  readonly ids: ReadonlyMap<string, string>
  readonly kept: ReadonlySet<string>
  readonly births: ReadonlySet<string>
} {
  const ids = new Map<string, string>()
  const kept = new Set<string>(['infno', 'input', 'output'])
  const births = new Set<string>()
  for (const { nodes } of messageLayouts()) {
    for (const node of Object.values(nodes)) {
      for (const name of node.names) kept.add(name)
      for (const [field, keys] of Object.entries(node.fields)) {
        for (const key of keys) {
          kept.add(key)
          if (node === nodes.stay && IDS.has(field)) ids.set(key, field)
          if (field === 'birthDate') births.add(key)
        }
      }
    }
  }
  return { ids, kept, births }
}

type Tree = Readonly<Record<string, unknown>>

function messages(found: Found, sink: Sink, names: Pseudonyms): Pseudonymised {
  const { ids, kept, births } = messageKeys()
  let [rows, dropped] = [0, 0]
  const first = (value: unknown, wanted: (key: string) => boolean): string => {
    if (typeof value !== 'object' || value === null) return ''
    for (const [key, item] of Object.entries(value)) {
      if (wanted(plainHeader(key)) && (typeof item === 'string' || typeof item === 'number') && item !== '')
        return String(item)
      const inner = first(item, wanted)
      if (inner !== '') return inner
    }
    return ''
  }
  const treatTree = (value: unknown, key: string, days: number, admission: string): unknown => {
    if (Array.isArray(value)) return value.map(item => treatTree(item, key, days, admission))
    if (typeof value === 'object' && value !== null) {
      const out: Record<string, unknown> = {}
      for (const [name, item] of Object.entries(value as Tree)) {
        const plain = plainHeader(name)
        if (kept.has(plain)) out[name] = treatTree(item, plain, days, admission)
        else dropped++
      }
      return out
    }
    const text = String(value ?? '')
    const kind = ids.get(key)
    if (kind !== undefined) return names.id(kind, text)
    if (births.has(key)) return shiftBirth(text, admission, days)
    return typeof value === 'string' && !/^\d{1,7}(\.\d+)?$/.test(text) ? shiftText(text, days) : value
  }
  const [person, id, admit] = ['person', 'id', 'admitTime'].map(
    field => new Set(messageLayouts().flatMap(({ nodes }) => nodes.stay.fields[field] ?? [])),
  )
  const write = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) write(item)
      return
    }
    rows++
    const who = first(value, key => person!.has(key)) || first(value, key => id!.has(key))
    const admission = first(value, key => admit!.has(key))
    sink.write(`${JSON.stringify(treatTree(value, '', names.shiftOf(who), admission))}\n`)
  }
  for (const { text, isCut } of jsonValues(found.file, found.head.encoding)) {
    const value = isCut ? undefined : parseJson(text)
    if (value !== undefined) write(value)
  }
  return { rows, dropped, kept: kept.size }
}
