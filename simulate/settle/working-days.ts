import { z } from 'zod'
import { home, readDocument, say } from '../../files/index.ts'

const DAY = 86_400_000

const monthDay = z
  .string()
  .regex(/^\d{2}-\d{2}(\.\.\d{2}-\d{2})?$/, say('应为 01-28 或 01-28..02-04', 'Must be 01-28 or 01-28..02-04'))

const SCHEMA = z.strictObject({
  years: z.array(
    z.strictObject({
      year: z.int(),
      off: z.array(monthDay),
      work: z.array(monthDay),
      confidence: z.enum(['P', 'R', 'S', 'C', 'A']),
      source: z.string(),
    }),
  ),
})

/** Which days are worked: weekdays, less public holidays, and the weekends that make up for them. */
interface Calendar {
  readonly years: ReadonlySet<number>
  readonly off: ReadonlySet<string>
  readonly work: ReadonlySet<string>
}

let shipped: Calendar | undefined

function calendar(): Calendar {
  if (shipped !== undefined) return shipped
  const { years } = readDocument(home('policies', 'workdays.yaml'), SCHEMA)
  const dates = (pick: 'off' | 'work'): Set<string> =>
    new Set(years.flatMap(one => one[pick].flatMap(span => spanOf(one.year, span))))
  shipped = { years: new Set(years.map(one => one.year)), off: dates('off'), work: dates('work') }
  return shipped
}

function spanOf(year: number, span: string): string[] {
  const [first = '', last = first] = span.split('..')
  const [from, to] = [timeOf(`${year}-${first}`), timeOf(`${year}-${last}`)]
  return Array.from({ length: (to - from) / DAY + 1 }, (_, i) => dateOf(from + i * DAY))
}

/** Milliseconds of a date at UTC; no clock is asked. */
function timeOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`)
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** The date so many working days after another (YYYY-MM-DD), and whether the public holidays on the way are known. */
export function workingDaysAfter(date: string, days: number): { readonly date: string; readonly isCertain: boolean } {
  const { years, off, work } = calendar()
  let time = timeOf(date)
  let isCertain = true
  for (let left = days; left > 0; ) {
    time += DAY
    const day = dateOf(time)
    const weekday = new Date(time).getUTCDay()
    if (!years.has(Number(day.slice(0, 4)))) isCertain = false
    if (work.has(day) || (weekday !== 0 && weekday !== 6 && !off.has(day))) left--
  }
  return { date: dateOf(time), isCertain }
}

/** The last day of a month (YYYY-MM). */
export function lastDay(month: string): string {
  return dateOf(timeOf(`${nextMonth(month)}-01`) - DAY)
}

/** The month after another (YYYY-MM). */
export function nextMonth(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}
