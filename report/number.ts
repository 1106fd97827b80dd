import type { Lang } from '../messages/index.ts'
import { Decimal, type Fen, formatFen, type Points, parseDecimal } from '../numbers/index.ts'

/** What stands where there is no number. */
export const NO_NUMBER = '–'

/** Commas between thousands of a plain decimal; both languages write them so. */
function grouped(decimal: string): string {
  const [whole, fraction] = decimal.split('.')
  const marked = whole!.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? marked : `${marked}.${fraction}`
}

/** value / unit with `decimals` digits, half up (away from zero), exact. */
function quotient(value: bigint, unit: bigint, decimals: number): string {
  const scale = 10n ** BigInt(decimals)
  const size = value < 0n ? -value : value
  const rounded = (2n * size * scale + unit) / (2n * unit)
  const digits = String(rounded).padStart(decimals + 1, '0')
  const cut = digits.length - decimals
  const text = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`
  return grouped(value < 0n && rounded !== 0n ? `-${text}` : text)
}

function exact(value: number): bigint {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an exact integer: ${value}`)
  return BigInt(value)
}

/** Fen as yuan: 123456789 → "1,234,567.89". */
export function yuanText(fen: Fen): string {
  return grouped(formatFen(fen))
}

/** Fen as ten thousand yuan (万元): 123456789 → "123.46". */
export function wanYuanText(fen: Fen, decimals = 2): string {
  return quotient(exact(fen), 1_000_000n, decimals)
}

/** Fen with the unit that suits the size: 123456789 → "123.46万元" or "¥1.23M". */
export function moneyText(fen: Fen, lang: Lang): string {
  const value = exact(fen)
  const size = value < 0n ? -value : value
  // A unit begins half a last digit below itself, so that 99,999,999.99 yuan is 1.00亿元 and not 10,000.00万元.
  const reaches = (unit: bigint, below: bigint): boolean => size >= unit - below / 200n
  if (lang === 'zh') {
    if (reaches(10_000_000_000n, 1_000_000n)) return `${quotient(value, 10_000_000_000n, 2)}亿元`
    if (size >= 1_000_000n) return `${quotient(value, 1_000_000n, 2)}万元`
    return `${yuanText(fen)}元`
  }
  const sign = fen < 0 ? '-' : ''
  if (reaches(100_000_000_000n, 100_000_000n)) return `${sign}¥${quotient(size, 100_000_000_000n, 2)}bn`
  if (size >= 100_000_000n) return `${sign}¥${quotient(size, 100_000_000n, 2)}M`
  return `${sign}¥${yuanText(Math.abs(fen))}`
}

/** Points (1e-4): 12345678 → "1,234.57". */
export function pointsText(points: Points, decimals = 2): string {
  return quotient(exact(points), 10_000n, decimals)
}

/** An integer: 1234567 → "1,234,567". */
export function countText(count: number): string {
  return quotient(exact(count), 1n, 0)
}

/** A decimal string rounded half up: ("1234.5678", 2) → "1,234.57". */
export function decimalText(value: string, decimals: number): string {
  const decimal = parseDecimal(value)
  if (decimal === undefined) throw new RangeError(`not a plain decimal: ${value}`)
  return grouped(unsigned(decimal.toFixed(decimals, Decimal.ROUND_HALF_UP)))
}

/** A share as percent: ("0.12345", 2) → "12.35%". */
export function percentText(share: string, decimals = 2): string {
  const decimal = parseDecimal(share)
  if (decimal === undefined) throw new RangeError(`not a plain decimal: ${share}`)
  return `${grouped(unsigned(decimal.times(100).toFixed(decimals, Decimal.ROUND_HALF_UP)))}%`
}

/** part / whole as percent, exact for integers: (1, 3) → "33.33%"; a dash when the whole is zero. */
export function percentOf(part: number, whole: number, decimals = 2): string {
  if (whole === 0) return NO_NUMBER
  const sign = whole < 0 ? -1n : 1n
  return `${quotient(exact(part) * 100n * sign, exact(whole) * sign, decimals)}%`
}

/** No minus before a zero. */
function unsigned(text: string): string {
  return /^-[0.]*$/.test(text) ? text.slice(1) : text
}

interface Unit {
  /** Least size that is written in this unit. */
  readonly from: number
  readonly size: number
  readonly suffix: string
}

const UNITS: Readonly<Record<Lang, readonly Unit[]>> = {
  zh: [
    { from: 0, size: 1, suffix: '' },
    { from: 1e4, size: 1e4, suffix: '万' },
    { from: 1e8, size: 1e8, suffix: '亿' },
  ],
  en: [
    { from: 0, size: 1, suffix: '' },
    { from: 1e4, size: 1e3, suffix: 'k' },
    { from: 1e6, size: 1e6, suffix: 'M' },
    { from: 1e9, size: 1e9, suffix: 'bn' },
  ],
}

function unitOf(size: number, lang: Lang): Unit {
  const units = UNITS[lang]
  let chosen = units[0]!
  for (const unit of units) if (size >= unit.from - chosen.size / 2) chosen = unit
  return chosen
}

/** A double without the noise of its last digits: 0.1 + 0.2 → "0.3". */
function clean(value: number): string {
  return String(Number(value.toPrecision(12)))
}

function fixed(value: number, decimals: number): string {
  return grouped(unsigned(value.toFixed(decimals)))
}

/**
 * A number of a picture in few digits: 12345678 → "1,235万" or "12.3M". With `decimals` it is written in full with so
 * many digits, below the first unit.
 */
export function shortText(value: number, lang: Lang, decimals?: number): string {
  const size = Math.abs(value)
  const unit = unitOf(size, lang)
  const scaled = value / unit.size
  if (unit.size === 1 && decimals !== undefined) return fixed(value, decimals)
  if (size < 1) return grouped(String(Number(value.toPrecision(3))))
  const digits = Math.abs(scaled) >= 99.95 ? 0 : Math.abs(scaled) >= 9.995 ? 1 : 2
  return `${grouped(String(Number(scaled.toFixed(digits))))}${unit.suffix}`
}

/** A number of a picture in full, for the table behind it. */
export function fullText(value: number, decimals?: number): string {
  return decimals === undefined ? grouped(clean(value)) : fixed(value, decimals)
}

/**
 * Labels of one axis: all in one unit, the largest in which the least tick is a whole number (5,000 and not 0.5万), with as
 * many digits as the finest needs.
 */
export function tickTexts(ticks: readonly number[], lang: Lang): string[] {
  const sizes = ticks.map(Math.abs).filter(size => size > 0)
  const least = Math.min(...sizes)
  const unit =
    UNITS[lang].findLast(
      ({ from, size }) => from <= Math.max(0, ...sizes) && Number.isInteger(Number(clean(least / size))),
    ) ?? UNITS[lang][0]!
  const scaled = ticks.map(tick => Number(clean(tick / unit.size)))
  const decimals = Math.max(0, ...scaled.map(value => Math.min(8, String(value).split('.')[1]?.length ?? 0)))
  return scaled.map(value => (value === 0 ? '0' : `${fixed(value, decimals)}${unit.suffix}`))
}
