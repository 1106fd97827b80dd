/** Local times of day as minutes since 1970-01-01 00:00; NaN where a text is none. */

const DAY = 1440

/** Days from 1970-01-01 to a date, NaN for one that does not exist. */
export function dayOf(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > monthDays(year, month)) return Number.NaN
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

function monthDays(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Year, month and day of a day, as one number YYYYMMDD. */
export function dateNumber(day: number): number {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return year * 10_000 + month * 100 + (dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1)
}

/** Dates that stand for no date. */
const NO_DATES: ReadonlySet<number> = new Set([dayOf(1, 1, 1), dayOf(1900, 1, 1), dayOf(9999, 12, 31)])

const PARTED =
  /^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[T\s]*(\d{1,2})(?:[:时](\d{1,2}))?分?(?:[:.]?\d{0,2}秒?(?:\.\d+)?)?)?Z?$/
const SOLID = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(?:\d{2}(?:\.?\d{1,3})?)?)?$/
/** Days between 1899-12-30, where spreadsheets begin, and 1970-01-01. */
const SERIAL = 25_569

/**
 * A date or time in any of the ways that exports write it: `2024-03-08`, `2024/3/8 9:05`, `20240308`, `2024.03.08`,
 * `2024年3月8日`, `20240308093000`, `2024-03-08T24:00`, or a spreadsheet's count of days from 20000 to 60000.
 *
 * @returns minutes since 1970-01-01 00:00, NaN where the text is no date or says that there is none
 */
export function parseTime(text: string): number {
  const fast = parseIso(text)
  if (fast !== undefined) return fast
  const parts = PARTED.exec(text) ?? SOLID.exec(text)
  if (parts !== null) {
    const [year, month, day, hour, minute] = parts.slice(1, 6).map(part => Number(part ?? 0))
    return timeOf(dayOf(year!, month!, day!), hour!, minute!)
  }
  if (/^\d{5}(\.\d+)?$/.test(text)) {
    const serial = Number(text)
    if (serial >= 20_000 && serial <= 60_000) return Math.round((serial - SERIAL) * DAY)
  }
  return Number.NaN
}

/** `YYYY-MM-DD` or `YYYY-MM-DD HH:MM…`, without a regular expression; undefined where the text is of another shape. */
function parseIso(text: string): number | undefined {
  const { length } = text
  if (length !== 10 && length !== 16 && length !== 19) return undefined
  const between = text.charCodeAt(4)
  if ((between !== 45 && between !== 47) || text.charCodeAt(7) !== between) return undefined
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  if (year < 0 || month < 0 || day < 0) return undefined
  if (length === 10) return timeOf(dayOf(year, month, day), 0, 0)
  const gap = text.charCodeAt(10)
  if ((gap !== 32 && gap !== 84) || text.charCodeAt(13) !== 58) return undefined
  const hour = digits(text, 11, 13)
  const minute = digits(text, 14, 16)
  if (hour < 0 || minute < 0) return undefined
  return timeOf(dayOf(year, month, day), hour, minute)
}

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** 24:00 is the next day; a time that does not exist makes no date. */
function timeOf(day: number, hour: number, minute: number): number {
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0) || NO_DATES.has(day)) return Number.NaN
  return day * DAY + hour * 60 + minute
}

/** Whole days of a time. */
export function dayOfTime(minutes: number): number {
  return Math.floor(minutes / DAY)
}

/** Completed years from one day to a later one. */
export function yearsBetween(from: number, to: number): number {
  const [a, b] = [dateNumber(from), dateNumber(to)]
  return Math.floor((b - a) / 10_000)
}

/** `YYYY-MM` of a time. */
export function monthText(minutes: number): string {
  const date = dateNumber(dayOfTime(minutes))
  return `${String(Math.floor(date / 10_000)).padStart(4, '0')}-${String(Math.floor(date / 100) % 100).padStart(2, '0')}`
}

/** A settlement month however it is written (`2025-03`, `202503`, `2025年3月`, a date) as `YYYY-MM`; the text otherwise. */
export function parseMonth(text: string): string {
  if (/^\d{4}-\d{2}$/.test(text)) return text
  const parts = /^(\d{4})(?:[-/.年]?)(\d{1,2})月?$/.exec(text)
  if (parts !== null && Number(parts[2]) >= 1 && Number(parts[2]) <= 12)
    return `${parts[1]}-${parts[2]!.padStart(2, '0')}`
  const time = parseTime(text)
  return Number.isNaN(time) ? text : monthText(time)
}

/**
 * A stretch of time in minutes: `d/h/m`, `1天13小时24分`, or plain hours; NaN where it is none. Hours above 23 and
 * minutes above 59 are carried over.
 */
export function parseDuration(text: string): number {
  const parts = /^(\d+)\/(\d+)\/(\d+)$/.exec(text)
  if (parts !== null) return Number(parts[1]) * DAY + Number(parts[2]) * 60 + Number(parts[3])
  const words = /^(?:(\d+)天)?(?:(\d+)(?:小时|时))?(?:(\d+)(?:分钟|分))?$/.exec(text)
  if (words !== null && text !== '') {
    return Number(words[1] ?? 0) * DAY + Number(words[2] ?? 0) * 60 + Number(words[3] ?? 0)
  }
  return /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * 60) : Number.NaN
}
