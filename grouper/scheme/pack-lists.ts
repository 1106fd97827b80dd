import { join } from 'node:path'
import type { Fault, Place } from '../../messages/index.ts'
import type { Dictionary } from '../codes/dictionary.ts'
import { append } from './append.ts'
import { codesOf, coverOf, rangesOf } from './cover.ts'
import { PACK_FILES, readText } from './layout.ts'
import { listingFault, readListings, writeListings } from './listing.ts'
import { noteRow } from './origin.ts'
import type { CodeKind, CodeSet, Complication, Scheme, Severity } from './types.ts'

/** The files of a pack that hold lists of codes. */
export type ListFile = 'sets' | 'complications' | 'exclusions' | 'barred'

/** The lists of a scheme. */
export type PackLists = Pick<Scheme, 'sets' | 'complications' | 'exclusions' | 'barredPrincipal'>

type Dictionaries = Readonly<Record<CodeKind, Dictionary>>

/** Stands for "no exclusion table" in complications.txt. */
export const NO_TABLE = '-'

/** What the first line of each list file says. */
export const LIST_COMMENTS: Readonly<Record<ListFile, string>> = {
  sets: '集合 sets: id, kind',
  complications: `并发症/合并症 complications: level, exclusion table (${NO_TABLE} none)`,
  exclusions: '排除表 exclusion tables: id',
  barred: '不得作主要诊断 not allowed as principal diagnosis',
}

/** The list files of a whole pack; one without content has no text. */
export function listTexts(scheme: Scheme): Partial<Record<ListFile, string>> {
  const { diagnoses } = scheme
  const dictionary = { diagnosis: diagnoses, procedure: scheme.procedures }
  const sets = [...scheme.sets.values()].map(set => ({
    head: [set.id, set.kind],
    items: coverOf(set.codes, dictionary[set.kind]),
  }))
  const levels = [...groupComplications(scheme.complications)].map(([head, codes]) => {
    return { head: head.split(' '), items: coverOf(codes, diagnoses) }
  })
  const exclusions = [...scheme.exclusions].map(([id, codes]) => ({ head: [id], items: coverOf(codes, diagnoses) }))
  const barred = [{ head: ['principal'], items: coverOf([...scheme.barredPrincipal], diagnoses) }]
  return {
    sets: writeListings(LIST_COMMENTS.sets, sets),
    complications: writeListings(LIST_COMMENTS.complications, levels),
    exclusions: writeListings(LIST_COMMENTS.exclusions, exclusions),
    ...(scheme.barredPrincipal.size === 0 ? {} : { barred: writeListings(LIST_COMMENTS.barred, barred) }),
  }
}

/** Reads the list files of a whole pack. */
export function readPackLists(folder: string, dictionary: Dictionaries): PackLists {
  return {
    sets: readSets(folder, dictionary),
    complications: readComplications(folder, dictionary.diagnosis),
    exclusions: readExclusions(folder, dictionary.diagnosis),
    barredPrincipal: readBarred(folder, dictionary.diagnosis),
  }
}

function readSets(folder: string, dictionary: Dictionaries): ReadonlyMap<string, CodeSet> {
  const sets = new Map<string, CodeSet>()
  const file = join(folder, PACK_FILES.sets)
  for (const listing of readListings(readText(file), file, 2)) {
    const [id, kind] = listing.head as [string, string]
    const at = { file, line: listing.line, field: id }
    requireKind(kind, at)
    if (sets.has(id)) throw twice(at, id)
    sets.set(id, noteRow({ id, kind, codes: codesOf(listing.items, dictionary[kind], at) }, listing.line))
  }
  return sets
}

function readComplications(folder: string, diagnoses: Dictionary): ReadonlyMap<string, Complication> {
  const byId: (Complication | undefined)[] = Array.from({ length: diagnoses.codes.length }, () => undefined)
  const file = join(folder, PACK_FILES.complications)
  for (const listing of readListings(readText(file), file, 2)) {
    const [level, table] = listing.head as [string, string]
    const at = { file, line: listing.line, field: listing.head.join(' ') }
    requireLevel(level, at)
    const complication: Complication = { level, table: table === NO_TABLE ? '' : table }
    for (const [first, last] of rangesOf(listing.items, diagnoses, at)) {
      for (let id = first; id <= last; id++) {
        if (byId[id] !== undefined) throw twice(at, diagnoses.codes[id]!)
        byId[id] = complication
      }
    }
  }
  const complications = new Map<string, Complication>()
  byId.forEach((complication, id) => {
    if (complication !== undefined) complications.set(diagnoses.codes[id]!, complication)
  })
  return complications
}

function readExclusions(folder: string, diagnoses: Dictionary): ReadonlyMap<string, readonly string[]> {
  const exclusions = new Map<string, readonly string[]>()
  const file = join(folder, PACK_FILES.exclusions)
  for (const { head, items, line } of readListings(readText(file), file, 1)) {
    const id = head[0]!
    const at = { file, line, field: id }
    if (exclusions.has(id)) throw twice(at, id)
    exclusions.set(id, codesOf(items, diagnoses, at))
  }
  return exclusions
}

function readBarred(folder: string, diagnoses: Dictionary): ReadonlySet<string> {
  const file = join(folder, PACK_FILES.barred)
  const text = readText(file, true)
  return new Set(readListings(text, file, 1).flatMap(({ items, line }) => codesOf(items, diagnoses, { file, line })))
}

/** Codes by `level table`, MCC before CC, tables in the order of their first code. */
export function groupComplications(complications: Iterable<readonly [string, Complication]>): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const wanted of ['MCC', 'CC'] as const) {
    for (const [code, { level, table }] of complications) {
      if (level === wanted) append(groups, `${level} ${table === '' ? NO_TABLE : table}`, code)
    }
  }
  return groups
}

/** A fault unless the head of a list says which kind of codes it holds. */
export function requireKind(kind: string, at: Place): asserts kind is CodeKind {
  if (kind === 'diagnosis' || kind === 'procedure') return
  throw listingFault(
    at,
    `类型应为 diagnosis 或 procedure，不是 ${kind}`,
    `the kind is diagnosis or procedure, not ${kind}`,
  )
}

/** A fault unless the head of a list says which level it has. */
export function requireLevel(level: string, at: Place): asserts level is Severity {
  if (level === 'MCC' || level === 'CC') return
  throw listingFault(at, `级别应为 MCC 或 CC，不是 ${level}`, `the level is MCC or CC, not ${level}`)
}

function twice(at: Place, id: string): Fault {
  return listingFault(at, `${id} 出现两次`, `${id} stands twice`)
}
