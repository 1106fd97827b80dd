import type { CaseField, SourcePiece } from '../../grouper/index.ts'
import { cleanText } from './clean.ts'
import type { RawCase, SingleField } from './field.ts'
import { addNote, type Notes } from './note.ts'
import type { ReadingRules, SourcePlan } from './plan.ts'
import { parseTime } from './time.ts'

export type SourceReject = SourcePiece['rejects'][number]

/** A case while it is put together of what its file has; one object serves all cases. */
export interface Draft {
  readonly rules: ReadingRules
  readonly notes: Notes
  /** Cells of the simple table. */
  readonly cells: Partial<Record<CaseField, string>>
  /** The first thing that makes the case unreadable, and the header of the column to blame. */
  problem: SourceReject['reason'] | undefined
  blamed: string
  readonly headers: ReadonlyMap<string, string>
}

export function createDraft({ rules, columns }: SourcePlan, notes: Notes): Draft {
  const headers = new Map(columns.toReversed().map(column => [column.field, column.header]))
  return { rules, notes, cells: {}, problem: undefined, blamed: '', headers }
}

/** Says that a case cannot be read; what was said first counts. */
export function blame(draft: Draft, reason: SourceReject['reason'], field: string): void {
  if (draft.problem !== undefined) return
  draft.problem = reason
  draft.blamed = draft.headers.get(field) ?? field
}

/** The text of a cell by the rules of its file. */
export function cellOf({ rules }: Draft, raw: RawCase, field: SingleField): string {
  const clean = cleanText(raw.one[field])
  return clean === '' ? '' : (rules.values[field]?.[clean] ?? clean)
}

/** Minutes of a time; NaN where there is none. */
export function timeOf({ notes }: Draft, raw: RawCase, field: SingleField): number {
  const clean = cleanText(raw.one[field])
  if (clean === '') return Number.NaN
  const time = parseTime(clean)
  if (Number.isNaN(time) && !/^(0001|1900|9999)\D?/.test(clean)) addNote(notes, 'bad-date', raw.line)
  return time
}
