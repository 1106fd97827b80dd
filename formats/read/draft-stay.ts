import { cleanText, plainNumber } from './clean.ts'
import { cellOf, type Draft } from './draft.ts'
import type { RawCase } from './field.ts'
import { addNote } from './note.ts'
import { dayOfTime, parseDuration, parseTime } from './time.ts'

/** Days of the stay, from the dates where they are missing. Times are minutes. */
export function putStay({ cells, notes }: Draft, raw: RawCase, admit: number, discharge: number): void {
  const given = plainNumber(cleanText(raw.one.los))
  const days = dayOfTime(discharge) - dayOfTime(admit)
  if (days < 0) addNote(notes, 'date-order', raw.line)
  const computed = days >= 0 ? Math.max(days, 1) : Number.NaN
  if (given === '' && !Number.isNaN(computed)) {
    addNote(notes, 'stay-computed', raw.line)
    cells.los = String(computed)
  } else if (/^0+(\.0*)?$/.test(given)) {
    addNote(notes, 'stay-zero', raw.line)
    cells.los = '1'
  } else {
    cells.los = given
    if (!Number.isNaN(computed) && Number(given) !== computed) addNote(notes, 'stay-differs', raw.line)
  }
}

/** Whole hours of intensive care. */
export function putIcu(draft: Draft, raw: RawCase): void {
  const { cells, notes } = draft
  cells.icuHours = plainNumber(cellOf(draft, raw, 'icuHours'))
  const { icuBegin, icuEnd } = raw.many
  if (cells.icuHours !== '' || icuBegin.length === 0) return
  let minutes = 0
  for (let i = 0; i < icuBegin.length; i++) {
    const [begin, end] = [cleanText(icuBegin[i]!), cleanText(icuEnd[i] ?? '')]
    // A stay that only says how long it was has no begin.
    const length = begin === '' ? parseDuration(end) : parseTime(end) - parseTime(begin)
    if (begin === '' && end === '') continue
    if (Number.isNaN(length) || length < 0) addNote(notes, 'bad-date', raw.line)
    else minutes += length
  }
  cells.icuHours = minutes === 0 ? '' : String(Math.floor(minutes / 60))
}
