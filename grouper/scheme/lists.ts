import { Fault } from '../../messages/index.ts'
import { type Dictionary, type DictionaryEntry, extendDictionary } from '../codes/dictionary.ts'
import type { HeaderRow } from './columns.ts'
import { readComplications } from './complications.ts'
import { addFinding, type ImportLog } from './log.ts'
import { type Listed, nameOf, noteCleaned, noteForeign, noteRepeated, tally } from './names.ts'
import { noteRow } from './origin.ts'
import { cellOf, placeOf, type SourceTable, type SourceTables } from './tables.ts'
import type { CodeKind, CodeSet, Complication } from './types.ts'

/** The lists of a scheme and the dictionaries that hold all of their codes. */
export interface Lists {
  readonly sets: ReadonlyMap<string, CodeSet>
  readonly complications: ReadonlyMap<string, Complication>
  readonly exclusions: ReadonlyMap<string, readonly string[]>
  readonly diagnoses: Dictionary
  readonly procedures: Dictionary
}

type Dictionaries = Readonly<Record<CodeKind, Dictionary>>

/** Reads sets, complications and exclusion tables; codes beyond the dictionaries are kept and reported. */
export function readLists(tables: SourceTables, known: Dictionaries, log: ImportLog): Lists {
  const local: Record<CodeKind, Map<string, DictionaryEntry>> = { diagnosis: new Map(), procedure: new Map() }
  const note = (table: SourceTable, kind: CodeKind, codes: Iterable<Listed>): void => {
    noteForeign(table, known[kind], codes, local[kind], log)
  }

  const sets = new Map<string, CodeSet>()
  const setRows = groupRows(tables.集合, log)
  const listed: Record<CodeKind, Listed[]> = { diagnosis: [], procedure: [] }
  for (const [id, codes] of setRows) {
    const kind = kindOf(tables.集合, id, codes, log)
    if (kind === undefined) continue
    sets.set(id, noteRow({ id, kind, codes: codes.map(({ code }) => code).sort() }, codes[0]!.row.line))
    for (const one of codes) listed[kind].push(one)
  }
  note(tables.集合, 'diagnosis', listed.diagnosis)
  note(tables.集合, 'procedure', listed.procedure)

  const exclusionRows = groupRows(tables.排除表, log)
  const exclusions = new Map([...exclusionRows].map(([id, codes]) => [id, codes.map(({ code }) => code).sort()]))
  note(tables.排除表, 'diagnosis', [...exclusionRows.values()].flat())

  const complications = readComplications(tables.CC, exclusions, log)
  note(tables.CC, 'diagnosis', complications.rows)

  return {
    sets: byKey(sets),
    complications: byKey(complications.map),
    exclusions: byKey(exclusions),
    diagnoses: extendDictionary(known.diagnosis, local.diagnosis.values()),
    procedures: extendDictionary(known.procedure, local.procedure.values()),
  }
}

/** Codes by set id, without duplicates, in file order. */
function groupRows(table: SourceTable, log: ImportLog): Map<string, Listed[]> {
  const groups = new Map<string, Map<string, HeaderRow>>()
  const repeated = tally()
  for (const row of table.rows) {
    const id = nameOf(table, row, 'set', log)
    const code = nameOf(table, row, 'code', log)
    if (id === undefined || code === undefined) continue
    let group = groups.get(id)
    if (group === undefined) {
      group = new Map()
      groups.set(id, group)
    }
    if (group.has(code)) repeated.add(row)
    else group.set(code, row)
  }
  noteRepeated(table, repeated, log)
  noteCleaned(table, log)
  return new Map([...groups].map(([id, codes]) => [id, [...codes].map(([code, row]) => ({ code, row }))]))
}

/**
 * Whether a set holds diagnoses or procedures: by the words of its type column (诊断; 手术, 操作), and where that holds
 * only a type code (T005) or nothing, by its id (DI…, OP…).
 */
function kindOf(table: SourceTable, id: string, codes: readonly Listed[], log: ImportLog): CodeKind | undefined {
  const first = codes[0]!.row
  const kinds = new Map<CodeKind | undefined, HeaderRow>()
  for (const { row } of codes) {
    const kind = kindOfText(cellOf(table, row, 'kind'))
    if (!kinds.has(kind)) kinds.set(kind, row)
  }
  const [said, ...others] = [...kinds.keys()]
  if (others.length === 0 && said !== undefined) return said
  const byId = /^DI/i.test(id) ? 'diagnosis' : /^OP/i.test(id) ? 'procedure' : undefined
  const text = cellOf(table, first, 'kind')
  if (others.length === 0 && byId !== undefined) {
    addFinding(
      log,
      'note',
      'IMP-110',
      { table, row: first, field: 'kind', code: id },
      {
        zh: `类型“${text}”未写明诊断或手术操作，按编号视为${byId === 'diagnosis' ? '诊断' : '手术操作'}`,
        en: `the type "${text}" does not say diagnoses or procedures; by its id the set holds ${byId === 'diagnosis' ? 'diagnoses' : 'procedures'}`,
      },
    )
    return byId
  }
  log.faults.push(
    new Fault({
      code: 'IMP-007',
      at: placeOf(table, [...kinds.values()].at(-1)!, 'kind'),
      what: {
        zh: `集合 ${id} 是诊断还是手术操作不明确。`,
        en: `It is not clear whether the set ${id} holds diagnoses or procedures.`,
      },
      fix: {
        zh: '请在该集合的每一行写同一类型：诊断或手术操作。',
        en: 'Write the same type, 诊断 or 手术操作, in all rows of the set.',
      },
    }),
  )
  return undefined
}

function kindOfText(text: string): CodeKind | undefined {
  if (text.includes('诊断')) return 'diagnosis'
  return /手术|操作/.test(text) ? 'procedure' : undefined
}

function byKey<T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
