import { parseAge, parseInfantAge } from './age.ts'
import { cleanText, plainNumber } from './clean.ts'
import { blame, type Draft, timeOf } from './draft.ts'
import type { RawCase } from './field.ts'
import { addNote } from './note.ts'
import { dayOfTime, yearsBetween } from './time.ts'

const MOST_WEIGHT = 9999

/**
 * Age in years and days, from the dates where they are there.
 *
 * @param admit minutes of the admission
 * @returns days of an age under one year
 */
export function putAge(draft: Draft, raw: RawCase, admit: number): number | undefined {
  const { cells, notes, rules } = draft
  const born = timeOf(draft, raw, 'birthDate')
  const given = cleanText(raw.one.age)
  const parsed = given === '' ? undefined : parseAge(given)
  const known = !(Number.isNaN(born) || Number.isNaN(admit))
  if (known && dayOfTime(born) <= dayOfTime(admit)) {
    const years = yearsBetween(dayOfTime(born), dayOfTime(admit))
    const days = dayOfTime(admit) - dayOfTime(born)
    const differs = parsed?.years !== undefined && parsed.years !== years
    if (differs) addNote(notes, 'age-differs', raw.line)
    cells.age = String(years)
    cells.ageDays = years === 0 ? String(days) : ''
    return years === 0 ? days : undefined
  }
  if (known) addNote(notes, 'date-order', raw.line)
  // A text that is no age goes on as it stands: the scanner says what is wrong with it.
  cells.age = parsed?.years === undefined ? given : String(parsed.years)
  const infant = cleanText(raw.one.infantAge)
  const isInfant = parsed?.years === 0 || given === ''
  if (infant === '' || infant === '0' || !isInfant) {
    cells.ageDays = parsed?.years === 0 ? (parsed.days === undefined ? infant : String(parsed.days)) : ''
    if (cells.age === '' && infant === '0') cells.age = '0'
    return cells.ageDays === '' ? undefined : Number(cells.ageDays)
  }
  const days = parseInfantAge(infant, rules.infantAgeUnit)
  if (days === undefined) {
    blame(draft, 'age-ambiguous', 'infantAge')
    return undefined
  }
  // Days of a whole life in the column of infants say nothing of an infant.
  cells.age = days > 366 ? String(Math.floor(days / 365.25)) : '0'
  cells.ageDays = days > 366 ? '' : String(days)
  return days > 366 ? undefined : days
}

/** The weight of a newborn in grams. `days` is its age. */
export function putWeight(draft: Draft, raw: RawCase, days: number | undefined): void {
  const { cells, notes, rules } = draft
  const field = rules.newbornWeight === 'birth' ? 'weight' : 'admitWeight'
  cells.weight = ''
  if (raw.many[field].length === 0) return
  const weights: string[] = []
  for (const cell of raw.many[field]) {
    for (const part of cleanText(cell).split(/[,;|、/]+|\s+/)) {
      const clean = plainNumber(cleanText(part).replace(/(kg|千克|公斤)$/i, ''))
      if (clean !== '' && !/^0+(\.0*)?$/.test(clean)) weights.push(clean)
    }
  }
  const [first] = weights
  if (first === undefined) return
  if (weights.length > 1) addNote(notes, 'several-babies', raw.line)
  const isNewborn = cells.age === '0' || cells.age === ''
  if (!isNewborn || (days !== undefined && days >= 29)) {
    addNote(notes, 'mother-weight', raw.line)
    return
  }
  const number = Number(first)
  if (Number.isNaN(number)) cells.weight = first
  else if (rules.weightUnit === 'kg' || (rules.weightUnit === 'auto' && number < 20)) {
    addNote(notes, 'kilograms', raw.line)
    cells.weight = String(Math.round(number * 1000))
  } else if (rules.weightUnit === 'auto' && number < 100) blame(draft, 'weight-ambiguous', field)
  else cells.weight = String(Math.round(number))
  if (Number(cells.weight) > MOST_WEIGHT) cells.weight = '99999'
}
