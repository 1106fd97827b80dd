import { join } from 'node:path'
import type { Fault, Place } from '../../messages/index.ts'
import type { Dictionary } from '../codes/dictionary.ts'
import { codesOf, coverOf } from './cover.ts'
import { PACK_FILES, readText } from './layout.ts'
import { type Listing, listingFault, readListings, writeListings } from './listing.ts'
import {
  groupComplications,
  LIST_COMMENTS,
  type ListFile,
  NO_TABLE,
  type PackLists,
  requireKind,
  requireLevel,
} from './pack-lists.ts'
import type { CodeKind, CodeSet, Complication, Scheme } from './types.ts'

/*
 * An overlay's list files hold only what differs from the base. Items carry a mark: `+` codes that come in, `-` codes
 * that go. A head with a mark (`-OP_X procedure`) is a list that goes as a whole. In complications.txt `+` codes are new
 * or change to the level and table of the head, and under `removed -` stand those that are no longer complications.
 */

type Dictionaries = Readonly<Record<CodeKind, Dictionary>>
type Head = Pick<Listing, 'head' | 'items'>

const REMOVED = 'removed'

/** The list files of an overlay; a list file without change has no text. */
export function listChangeTexts(base: Scheme, scheme: Scheme): Partial<Record<ListFile, string>> {
  const heads: Record<ListFile, Head[]> = {
    sets: setChanges(base, scheme),
    complications: complicationChanges(base, scheme),
    exclusions: exclusionChanges(base, scheme),
    barred: listChange(['principal'], base.barredPrincipal, scheme.barredPrincipal, base.diagnoses, scheme.diagnoses),
  }
  const texts: Partial<Record<ListFile, string>> = {}
  for (const [file, changed] of Object.entries(heads) as [ListFile, Head[]][]) {
    if (changed.length === 0) continue
    texts[file] = writeListings(`${LIST_COMMENTS[file]}; + added, - removed against ${base.manifest.id}`, changed)
  }
  return texts
}

/** The lists of the base with an overlay's changes carried out; `dictionary` holds the overlay's own local codes. */
export function applyListChanges(base: Scheme, folder: string, dictionary: Dictionaries): PackLists {
  const known: Known = { base: { diagnosis: base.diagnoses, procedure: base.procedures }, own: dictionary }
  return {
    sets: applySets(base.sets, listingsOf(folder, 'sets', 2), known),
    complications: applyComplications(base.complications, listingsOf(folder, 'complications', 2), known),
    exclusions: applyExclusions(base.exclusions, listingsOf(folder, 'exclusions', 1), known),
    barredPrincipal: applyBarred(base.barredPrincipal, listingsOf(folder, 'barred', 1), known),
  }
}

/** Codes that go are of the base's dictionary, codes that come of the overlay's: their local codes differ. */
interface Known {
  readonly base: Dictionaries
  readonly own: Dictionaries
}

function setChanges(base: Scheme, scheme: Scheme): Head[] {
  const heads: Head[] = []
  for (const { id, kind } of base.sets.values()) {
    if (scheme.sets.get(id)?.kind !== kind) heads.push({ head: [`-${id}`, kind], items: [] })
  }
  for (const { id, kind, codes } of scheme.sets.values()) {
    const old = base.sets.get(id)
    const before = old?.kind === kind ? old.codes : undefined
    const [from, to] = kind === 'diagnosis' ? [base.diagnoses, scheme.diagnoses] : [base.procedures, scheme.procedures]
    heads.push(...listChange([id, kind], before, codes, from, to))
  }
  return heads
}

function exclusionChanges(base: Scheme, scheme: Scheme): Head[] {
  const gone = [...base.exclusions.keys()].filter(id => !scheme.exclusions.has(id))
  const heads: Head[] = gone.map(id => ({ head: [`-${id}`], items: [] }))
  for (const [id, codes] of scheme.exclusions) {
    heads.push(...listChange([id], base.exclusions.get(id), codes, base.diagnoses, scheme.diagnoses))
  }
  return heads
}

function complicationChanges(base: Scheme, scheme: Scheme): Head[] {
  const gone = [...base.complications.keys()].filter(code => !scheme.complications.has(code))
  const changed = [...scheme.complications].filter(([code, { level, table }]) => {
    const old = base.complications.get(code)
    return old?.level !== level || old.table !== table
  })
  const heads: Head[] = [...groupComplications(changed)].map(([head, codes]) => {
    return { head: head.split(' '), items: marked('+', coverOf(codes, scheme.diagnoses)) }
  })
  if (gone.length > 0) heads.unshift({ head: [REMOVED, NO_TABLE], items: marked('-', coverOf(gone, base.diagnoses)) })
  return heads
}

/** The change of one list; none when nothing changed and the base has the list. */
function listChange(
  head: readonly string[],
  before: Iterable<string> | undefined,
  after: Iterable<string>,
  from: Dictionary,
  to: Dictionary,
): Head[] {
  const [old, now] = [new Set(before), new Set(after)]
  const items = [
    ...marked(
      '-',
      coverOf(
        [...old].filter(code => !now.has(code)),
        from,
      ),
    ),
    ...marked(
      '+',
      coverOf(
        [...now].filter(code => !old.has(code)),
        to,
      ),
    ),
  ]
  return items.length === 0 && before !== undefined ? [] : [{ head, items }]
}

function marked(mark: '+' | '-', items: readonly string[]): string[] {
  return items.map(item => mark + item)
}

/** A list of changes with its place. */
interface PlacedListing extends Listing {
  readonly at: Place
}

function listingsOf(folder: string, name: ListFile, words: number): PlacedListing[] {
  const file = join(folder, PACK_FILES[name])
  return readListings(readText(file, true), file, words).map(listing => {
    return { ...listing, at: { file, line: listing.line, field: listing.head.join(' ') } }
  })
}

function applySets(
  base: ReadonlyMap<string, CodeSet>,
  listings: readonly PlacedListing[],
  known: Known,
): ReadonlyMap<string, CodeSet> {
  const sets = new Map(base)
  for (const listing of listings) {
    const [name, kind] = listing.head as [string, string]
    requireKind(kind, listing.at)
    if (name.startsWith('-')) {
      if (sets.get(name.slice(1))?.kind !== kind) throw absent(listing.at, name.slice(1))
      sets.delete(name.slice(1))
    } else {
      const codes = changed(sets.get(name)?.codes ?? [], listing, known, kind)
      sets.set(name, { id: name, kind, codes })
    }
  }
  return byKey(sets)
}

function applyExclusions(
  base: ReadonlyMap<string, readonly string[]>,
  listings: readonly PlacedListing[],
  known: Known,
): ReadonlyMap<string, readonly string[]> {
  const exclusions = new Map(base)
  for (const listing of listings) {
    const name = listing.head[0]!
    if (name.startsWith('-')) {
      if (!exclusions.delete(name.slice(1))) throw absent(listing.at, name.slice(1))
    } else exclusions.set(name, changed(exclusions.get(name) ?? [], listing, known, 'diagnosis'))
  }
  return byKey(exclusions)
}

function applyComplications(
  base: ReadonlyMap<string, Complication>,
  listings: readonly PlacedListing[],
  known: Known,
): ReadonlyMap<string, Complication> {
  const complications = new Map(base)
  for (const listing of listings) {
    const [level, table] = listing.head as [string, string]
    const { added, removed } = codesIn(listing, known, 'diagnosis')
    if (level === REMOVED) {
      if (added.length > 0) throw listingFault(listing.at, '这里只能用 -', 'only - is possible here')
      for (const code of removed) if (!complications.delete(code)) throw absent(listing.at, code)
      continue
    }
    requireLevel(level, listing.at)
    if (removed.length > 0) throw listingFault(listing.at, '这里只能用 +', 'only + is possible here')
    for (const code of added) complications.set(code, { level, table: table === NO_TABLE ? '' : table })
  }
  return byKey(complications)
}

function applyBarred(base: ReadonlySet<string>, listings: readonly PlacedListing[], known: Known): ReadonlySet<string> {
  let codes: readonly string[] = [...base]
  for (const listing of listings) codes = changed(codes, listing, known, 'diagnosis')
  return new Set(codes)
}

/** A list after its changes, sorted; what goes must be there and what comes must not. */
function changed(before: readonly string[], listing: PlacedListing, known: Known, kind: CodeKind): string[] {
  const codes = new Set(before)
  const { added, removed } = codesIn(listing, known, kind)
  for (const code of removed) if (!codes.delete(code)) throw absent(listing.at, code)
  for (const code of added) {
    if (codes.has(code)) throw listingFault(listing.at, `基础方案已有 ${code}`, `the base already has ${code}`)
    codes.add(code)
  }
  return [...codes].sort()
}

function codesIn({ items, at }: PlacedListing, known: Known, kind: CodeKind): { added: string[]; removed: string[] } {
  const plain = items.find(item => !/^[+-]/.test(item))
  if (plain !== undefined) {
    throw listingFault(at, `${plain} 前应有 + 或 -`, `${plain} must have + or - before it`)
  }
  const of = (mark: string): string[] => items.filter(item => item.startsWith(mark)).map(item => item.slice(1))
  return {
    added: codesOf(of('+'), known.own[kind], at),
    removed: codesOf(of('-'), known.base[kind], at),
  }
}

function absent(at: Place, name: string): Fault {
  return listingFault(at, `基础方案没有 ${name}`, `the base has no ${name}`)
}

function byKey<T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
}
