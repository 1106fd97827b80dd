import {
  compileDipBook,
  createDipColumns,
  DIP_REASONS,
  type DipBook,
  type DipCatalogue,
  type DipColumns,
  groupDipBatch,
} from '../../grouper/index.ts'
import { type Profiles, profilesBetween, profilesOf } from './profiles.ts'

/** Position of a profile in no group. */
export const NO_GROUP_NUMBER = 65_535

/** What a catalogue makes of the profiles of all cases. */
export interface Matched {
  /** Position of the group in the catalogue, or `NO_GROUP_NUMBER`. */
  readonly group: Uint16Array
  /** 1: the principal diagnosis is missing or unknown; 2: it is on the exclusion list. */
  readonly state: Uint8Array
}

/** Profiles that are grouped at a time. */
const STEP = 1 << 16

/** A catalogue compiled without the marks of cases, which cost time and decide no group but where core rows go before grassroots ones. */
function bookOf(catalogue: DipCatalogue): { readonly book: DipBook; readonly place: Uint16Array } {
  const { lists, manifest } = catalogue
  const tags = manifest.matching.tieRule.includes('type-order') ? lists.tags : []
  const book = compileDipBook({ ...catalogue, lists: { ...lists, tags } })
  const position = new Map(catalogue.groups.map(({ code }, g) => [code, g]))
  return { book, place: Uint16Array.from(book.leaves, leaf => position.get(leaf.code) ?? NO_GROUP_NUMBER) }
}

/** Groups all profiles under a catalogue, and tells whether rows tie for any of them. */
export function matchProfiles(catalogue: DipCatalogue, profiles: Profiles): Matched & { readonly hasTies: boolean } {
  const { book, place } = bookOf(catalogue)
  const stateOf = Uint8Array.from(DIP_REASONS, reason =>
    reason.startsWith('principal') ? 1 : reason === 'diagnosis-excluded' ? 2 : 0,
  )
  const group = new Uint16Array(profiles.count)
  const state = new Uint8Array(profiles.count)
  const columns = createDipColumns(Math.min(STEP, profiles.count))
  let hasTies = false
  for (let from = 0; from < profiles.count; from += STEP) {
    const to = Math.min(from + STEP, profiles.count)
    groupDipBatch(book, profilesBetween(profiles, from, to), columns)
    for (let k = from; k < to; k++) {
      group[k] = place[columns.leaf[k - from]!]!
      state[k] = stateOf[columns.reason[k - from]!]!
      if (columns.tieCount[k - from]! > 0) hasTies = true
    }
  }
  return { group, state, hasTies }
}

/**
 * Groups some profiles anew under a catalogue. Where it has fewer rows than before, only the profiles of rows that are gone
 * need it: a case whose row is still there keeps it, since that row was preferred to others that are left.
 */
export function matchAgain(catalogue: DipCatalogue, profiles: Profiles, picks: Uint32Array, group: Uint16Array): void {
  const { book, place } = bookOf(catalogue)
  const columns: DipColumns = createDipColumns(Math.min(STEP, picks.length))
  for (let from = 0; from < picks.length; from += STEP) {
    const some = picks.subarray(from, from + STEP)
    groupDipBatch(book, profilesOf(profiles, some), columns)
    for (let k = 0; k < some.length; k++) group[some[k]!] = place[columns.leaf[k]!]!
  }
}
