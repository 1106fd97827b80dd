import { isBranch } from './path.ts'

/** A stretch of months, both ends included, as YYYY-MM. */
export interface Period {
  readonly from: string
  readonly to: string
  /** Whether it has no end of its own: a later period of the same parameter then ends it. */
  readonly open: boolean
}

const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * The months that a key means: `2026` a year, `2026-03-01` from then on, `2026-03-01.2026-05-31` an interval.
 * Undefined for other texts, and for days that do not begin or end a month, since cases are settled by the month.
 */
export function parsePeriod(text: string): Period | undefined {
  if (/^\d{4}$/.test(text)) return { from: `${text}-01`, to: `${text}-12`, open: false }
  const parts = /^(\d{4})-(\d\d)-01(?:\.(\d{4})-(\d\d)-(\d\d))?$/.exec(text)
  if (parts === null || !isMonth(parts[2])) return undefined
  const from = `${parts[1]}-${parts[2]}`
  if (parts[3] === undefined) return { from, to: '9999-12', open: true }
  if (!isMonth(parts[4])) return undefined
  const to = `${parts[3]}-${parts[4]}`
  const month = Number(parts[4])
  const last = month === 2 && !isLeap(Number(parts[3])) ? 28 : MONTH_LENGTHS[month - 1]
  return to < from || Number(parts[5]) !== last ? undefined : { from, to, open: false }
}

function isMonth(text: string | undefined): boolean {
  return text !== undefined && text >= '01' && text <= '12'
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Whether a value is written by period: a map whose keys look like years or dates. */
export function isDated(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isBranch(value)) return false
  const keys = Object.keys(value)
  return keys.length > 0 && keys.every(key => /^\d{4}(-\d\d-\d\d(\.\d{4}-\d\d-\d\d)?)?$/.test(key))
}

/** What is wrong with the periods of a dated value: a key that is none, or two that overlap; undefined: nothing. */
export function periodProblem(value: Readonly<Record<string, unknown>>): string | undefined {
  const keys = Object.keys(value)
  const wrong = keys.find(key => parsePeriod(key) === undefined)
  if (wrong !== undefined) return wrong
  const sorted = inOrder(value)
  const clash = sorted.findIndex(({ period }, i) => {
    const before = sorted[i - 1]?.period
    return before !== undefined && (period.from === before.from || (!before.open && period.from <= before.to))
  })
  return clash < 0 ? undefined : sorted[clash]!.key
}

/** The value of a month; undefined where no period holds it. A plain value holds always. */
export function valueIn(value: unknown, month: string): unknown {
  if (!isDated(value)) return value
  return inOrder(value).findLast(({ period }) => period.from <= month && month <= period.to)?.value
}

function inOrder(value: Readonly<Record<string, unknown>>): { key: string; period: Period; value: unknown }[] {
  return Object.entries(value)
    .flatMap(([key, one]) => {
      const period = parsePeriod(key)
      return period === undefined ? [] : [{ key, period, value: one }]
    })
    .sort((a, b) => (a.period.from < b.period.from ? -1 : a.period.from > b.period.from ? 1 : 0))
}
