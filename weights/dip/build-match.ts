import { compileDipBook, createDipColumns, DIP_REASONS, type DipCatalogue, groupDipBatch } from '../../grouper/index.ts'
import type { BuildCases, CaseSource } from './build-cases.ts'

/** Position of a case in no group. */
export const NO_GROUP_NUMBER = 65_535

/** What a catalogue makes of all cases of a source. */
export interface Matched {
  /** Position of the group in the catalogue, or `NO_GROUP_NUMBER`. */
  readonly group: Uint16Array
  /** 1: the principal diagnosis is missing or unknown; 2: it is on the exclusion list. */
  readonly state: Uint8Array
  /** Cases that rows fit equally well. */
  readonly ties: number
}

/** Groups all cases of a source under a catalogue. */
export function matchCases(catalogue: DipCatalogue, source: CaseSource, cases: Pick<BuildCases, 'count'>): Matched {
  // Marks of cases are no part of their group, and cost time to compile.
  const book = compileDipBook({ ...catalogue, lists: { ...catalogue.lists, tags: [] } })
  const position = new Map(catalogue.groups.map(({ code }, g) => [code, g]))
  const place = Uint16Array.from(book.leaves, leaf => position.get(leaf.code) ?? NO_GROUP_NUMBER)
  const stateOf = Uint8Array.from(DIP_REASONS, reason =>
    reason.startsWith('principal') ? 1 : reason === 'diagnosis-excluded' ? 2 : 0,
  )
  const group = new Uint16Array(cases.count)
  const state = new Uint8Array(cases.count)
  let ties = 0
  let columns = createDipColumns(0)
  let from = 0
  source.each(
    batch => {
      if (columns.leaf.length < batch.count) columns = createDipColumns(batch.count)
      groupDipBatch(book, batch, columns)
      for (let i = 0; i < batch.count; i++) {
        group[from + i] = place[columns.leaf[i]!]!
        state[from + i] = stateOf[columns.reason[i]!]!
        if (columns.tieCount[i]! > 0) ties++
      }
      from += batch.count
    },
    () => {},
  )
  return { group, state, ties }
}
