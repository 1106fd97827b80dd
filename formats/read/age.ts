/** In which unit the age of infants is written; `auto` finds it out where dates or the writing tell. */
export type InfantAgeUnit = 'day' | 'month' | 'month-fraction' | 'auto'

/** An age as its cell says it. */
export interface GivenAge {
  /** Completed years; undefined where the cell does not tell. */
  readonly years?: number | undefined
  /** Days, of an infant. */
  readonly days?: number | undefined
}

/** Months count 30 days, as in the form `N M/30` of 卫医政发〔2011〕84号. */
const MONTH = 30

/**
 * An age with a unit in it: `3岁`, `2月`, `3月15天`, `15天`, `2Y`, `5M`, `15D`, `7小时` (no day yet); a number counts years,
 * 0.5 is less than one. Undefined where the text is none of these.
 */
export function parseAge(text: string): GivenAge | undefined {
  if (/^\d{1,3}$/.test(text)) return { years: Number(text) }
  if (/^\d{1,3}\.\d+$/.test(text)) return { years: Math.floor(Number(text)) }
  const parts =
    /^(?:(\d{1,3})(?:岁|周岁|y))?(?:(\d{1,2})(?:个月|月|m))?(?:(\d{1,3})(?:天|日|d))?(?:\d{1,2}(?:小时|时|h))?(?:\d{1,2}分钟?)?$/i.exec(
      text,
    )
  if (parts === null || text === '') return undefined
  const [, years, months, days] = parts
  if (years !== undefined && years !== '0') return { years: Number(years) }
  const all = Number(months ?? 0) * MONTH + Number(days ?? 0)
  return months !== undefined && Number(months) >= 12
    ? { years: Math.floor(Number(months) / 12) }
    : { years: 0, days: all }
}

/** Days of an infant by the cell of its own; undefined where the unit cannot be told. */
export function parseInfantAge(text: string, unit: InfantAgeUnit): number | undefined {
  const fraction = /^(\d{1,2})\s+(\d{1,2})\/30$/.exec(text) ?? /^()(\d{1,2})\/30$/.exec(text)
  if (fraction !== null) return Number(fraction[1] || 0) * MONTH + Number(fraction[2])
  const worded = /^[\d.]+$/.test(text) ? undefined : parseAge(text)
  if (worded !== undefined) return worded.days ?? (worded.years === undefined ? undefined : worded.years * 365)
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined
  const value = Number(text)
  if (unit === 'day') return Math.floor(value)
  if (unit === 'month' || unit === 'month-fraction') return Math.round(value * MONTH)
  return Number.isInteger(value) && value >= 13 && value <= 365 ? value : undefined
}
