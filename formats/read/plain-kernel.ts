import type { RowCells } from './row-kernel.ts'
import { dateNumber, dayOf } from './time.ts'

/**
 * The hot loop for the rows of wide tables that hold nothing unusual: their cells are copied as bytes, no text is made.
 * A row with anything else is left to the assembler, which gives the same for plain rows too.
 */

/** What is done with a cell. */
export const PLAIN = {
  other: 0,
  copy: 1,
  sex: 2,
  age: 3,
  infantAge: 4,
  birth: 5,
  admit: 6,
  discharge: 7,
  los: 8,
  digit: 9,
  code: 10,
  money: 11,
  mapped: 12,
  ignored: 13,
  part: 14,
} as const

export interface PlainPlan {
  /** By place in the plan: what is done, and the output column that takes the cell, -1 where none does. */
  readonly ops: Uint8Array
  readonly columns: Int8Array
  /** Output columns in all, and those of age, days, stay, month, diagnoses and procedures; -1 where there is none. */
  readonly width: number
  readonly age: number
  readonly days: number
  readonly month: number
  readonly mapped: number
  readonly dx: number
  readonly px: number
  /** By place in the plan: whether a code is the principal one. */
  readonly isMain: Uint8Array
  /** Values of mapped cells, by the number of their one or two bytes; others leave the row to the assembler. */
  readonly values: ReadonlyMap<number, Uint8Array>
}

const UNIT_SEPARATOR = 31
const LF = 10
const BAR = 124
const MOST_CODES = 128

const froms = new Int32Array(64)
const tos = new Int32Array(64)
const codeAt = new Int32Array(MOST_CODES)
const codeEnd = new Int32Array(MOST_CODES)
/** By output column: the sum of its parts in fen, -1 where it has none. */
const sums = new Float64Array(64)

/**
 * Writes a row to `out` at `at` and returns the position behind it, or -1 where the row is not plain. `out` has room for
 * the row twice over.
 */
export function copyPlain(plan: PlainPlan, bytes: Uint8Array, cells: RowCells, out: Uint8Array, at: number): number {
  const { ops, columns, isMain } = plan
  froms.fill(-1, 0, plan.width)
  sums.fill(-1, 0, plan.width)
  let [born, admit, discharge, age, los, mapped] = [-1, -1, -1, -1, -1, -1]
  let dxCount = 0
  let mainDx = false
  let pxCount = 0
  let mainPx = false
  // Diagnoses from the front, procedures from the back.
  for (let i = 0; i < cells.count; i++) {
    const k = cells.column[i]!
    const from = cells.from[i]!
    const to = cells.to[i]!
    switch (ops[k]!) {
      case PLAIN.copy:
        if (!isPlainText(bytes, from, to)) return -1
        break
      case PLAIN.sex:
        if (to !== from + 1 || (bytes[from] !== 49 && bytes[from] !== 50)) return -1
        break
      case PLAIN.age:
        age = digits(bytes, from, to)
        if (age < 0) return -1
        continue
      case PLAIN.birth:
        born = dayAt(bytes, from, to)
        if (born < 0) return -1
        continue
      case PLAIN.admit:
        admit = dayAt(bytes, from, to)
        if (admit < 0) return -1
        continue
      case PLAIN.discharge:
        discharge = dayAt(bytes, from, to)
        if (discharge < 0) return -1
        continue
      case PLAIN.los:
        los = digits(bytes, from, to)
        if (los <= 0) return -1
        break
      case PLAIN.digit:
        if (digits(bytes, from, to) < 0) return -1
        break
      case PLAIN.money:
        if (fenAt(bytes, from, to) < 0) return -1
        break
      case PLAIN.part: {
        const fen = fenAt(bytes, from, to)
        if (fen < 0) return -1
        const column = columns[k]!
        if (column >= 0) sums[column] = Math.max(sums[column]!, 0) + fen
        continue
      }
      case PLAIN.mapped:
        mapped = to === from + 1 ? bytes[from]! : to === from + 2 ? bytes[from]! * 256 + bytes[from + 1]! : 0
        if (!plan.values.has(mapped)) return -1
        break
      case PLAIN.code: {
        for (let p = from; p < to; p++) if (!isCodeByte(bytes[p]!)) return -1
        const isDx = columns[k] === plan.dx
        const first = isDx ? 0 : MOST_CODES - pxCount
        const last = isDx ? dxCount : MOST_CODES
        for (let c = first; c < last; c++) if (isSame(bytes, codeAt[c]!, codeEnd[c]!, from, to)) return -1
        if (dxCount + pxCount === MOST_CODES) return -1
        const slot = isDx ? dxCount++ : MOST_CODES - ++pxCount
        codeAt[slot] = from
        codeEnd[slot] = to
        if (isMain[k] === 1) {
          // The principal code stands first: where it does not, the assembler puts it there.
          if ((isDx ? dxCount : pxCount) > 1) return -1
          if (isDx) mainDx = true
          else mainPx = true
        }
        continue
      }
      case PLAIN.ignored:
      case PLAIN.infantAge:
        continue
      default:
        return -1
    }
    const column = columns[k]!
    if (column < 0) continue
    froms[column] = from
    tos[column] = to
  }
  if (born < 0 || admit < born || discharge < admit || !mainDx || (pxCount > 0 && !mainPx)) return -1
  if (los !== Math.max(discharge - admit, 1)) return -1
  const a = dateNumber(born - SHIFT)
  const b = dateNumber(admit - SHIFT)
  const years = ((b - a) / 10_000) | 0
  if (age >= 0 && age !== years) return -1
  let p = at
  for (let column = 0; column < plan.width; column++) {
    if (column > 0) out[p++] = UNIT_SEPARATOR
    if (column === plan.age) p = putNumber(out, p, years)
    else if (column === plan.days) {
      if (years === 0) p = putNumber(out, p, admit - born)
    } else if (column === plan.month) p = putMonth(out, p, dateNumber(discharge - SHIFT))
    else if (column === plan.dx || column === plan.px) {
      const isDx = column === plan.dx
      const count = isDx ? dxCount : pxCount
      for (let c = 0; c < count; c++) {
        if (c > 0) out[p++] = BAR
        const slot = isDx ? c : MOST_CODES - 1 - c
        for (let q = codeAt[slot]!; q < codeEnd[slot]!; q++) out[p++] = bytes[q]!
      }
    } else if (sums[column]! >= 0) p = putYuan(out, p, sums[column]!)
    else if (froms[column]! >= 0) {
      const value = column === plan.mapped ? plan.values.get(mapped) : undefined
      if (value !== undefined) for (let q = 0; q < value.length; q++) out[p++] = value[q]!
      else for (let q = froms[column]!; q < tos[column]!; q++) out[p++] = bytes[q]!
    }
  }
  out[p++] = LF
  return p
}

/** Plain ASCII, and Chinese characters of UTF-8 that have one form only (U+4000 to U+9FFF). */
function isPlainText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let p = from; p < to; p++) {
    const b = bytes[p]!
    if (isPlainByte(b)) continue
    if (b < 0xe4 || b > 0xe9) return false
    p += 2
  }
  return true
}

/** Printable ASCII that nothing has to be cleaned from; E would be a lost number, `_` and `'` marks of spreadsheets. */
function isPlainByte(b: number): boolean {
  return (b >= 48 && b <= 57) || (b >= 65 && b <= 90 && b !== 69) || (b >= 97 && b <= 122 && b !== 101)
}

function isCodeByte(b: number): boolean {
  return (b >= 48 && b <= 57) || (b >= 65 && b <= 90) || (b >= 97 && b <= 122) || b === 46 || b === 43 || b === 42
}

function isSame(bytes: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  if (aEnd - a !== bEnd - b) return false
  for (let i = 0; i < aEnd - a; i++) if (bytes[a + i] !== bytes[b + i]) return false
  return true
}

function digits(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 5) return -1
  let value = 0
  for (let p = from; p < to; p++) {
    const digit = bytes[p]! - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** Fen of an amount in yuan, of digits with at most two decimals; -1 for anything else. */
function fenAt(bytes: Uint8Array, from: number, to: number): number {
  let p = from
  let fen = 0
  for (; p < to && bytes[p]! >= 48 && bytes[p]! <= 57; p++) fen = fen * 10 + (bytes[p]! - 48)
  if (p === from || p - from > 11) return -1
  if (p === to) return fen * 100
  if (bytes[p] !== 46 || to - p > 3 || to - p < 2) return -1
  const [tenth, hundredth] = [bytes[p + 1]! - 48, to - p === 3 ? bytes[p + 2]! - 48 : 0]
  if (tenth < 0 || tenth > 9 || hundredth < 0 || hundredth > 9) return -1
  return fen * 100 + tenth * 10 + hundredth
}

/** Days of `YYYY-MM-DD`, alone or before a time `HH:MM[:SS]`; -1 for anything else, in days of SHIFT before 1970. */
function dayAt(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from
  if ((length !== 10 && length !== 16 && length !== 19) || bytes[from + 4] !== 45 || bytes[from + 7] !== 45) return -1
  const year = digits(bytes, from, from + 4)
  const month = digits(bytes, from + 5, from + 7)
  const day = digits(bytes, from + 8, from + 10)
  if (year < 1000 || month < 0 || day < 0) return -1
  if (length > 10) {
    const hour = digits(bytes, from + 11, from + 13)
    const minute = digits(bytes, from + 14, from + 16)
    if (bytes[from + 10] !== 32 || bytes[from + 13] !== 58 || hour < 0 || hour > 23 || minute < 0 || minute > 59)
      return -1
  }
  if (year === 1900 || year === 9999) return -1
  const days = dayOf(year, month, day)
  return Number.isNaN(days) ? -1 : days + SHIFT
}

/** Days are counted from long before 1970 here, so that -1 is free. */
const SHIFT = 1_000_000

function putNumber(out: Uint8Array, at: number, value: number): number {
  let p = at
  if (value >= 100) out[p++] = 48 + ((value / 100) | 0)
  if (value >= 10) out[p++] = 48 + (((value / 10) | 0) % 10)
  out[p++] = 48 + (value % 10)
  return p
}

/** Fen as yuan with two decimals. */
function putYuan(out: Uint8Array, at: number, fen: number): number {
  let digits = 3
  for (let rest = 1000; rest <= fen; rest *= 10) digits++
  let rest = fen
  for (let p = at + digits; p >= at; p--) {
    if (p === at + digits - 2) {
      out[p] = 46
      continue
    }
    out[p] = 48 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  return at + digits + 1
}

/** `YYYY-MM` of a date as a number. */
function putMonth(out: Uint8Array, at: number, date: number): number {
  let rest = (date / 100) | 0
  for (const p of [6, 5]) {
    out[at + p] = 48 + (rest % 10)
    rest = (rest / 10) | 0
  }
  out[at + 4] = 45
  for (const p of [3, 2, 1, 0]) {
    out[at + p] = 48 + (rest % 10)
    rest = (rest / 10) | 0
  }
  return at + 7
}
