import { Decimal } from './decimal.ts'

/**
 * Money is an integer number of fen (分, 0.01 yuan), kept in a double: exact up to 2^53 fen, 90 thousand billion yuan.
 * Columns of money are `Float64Array`s that hold integers only.
 */
export type Fen = number

const YUAN = /^([+-]?)(\d{1,13})(?:\.(\d{1,2})0*)?$/

/** Yuan as written ("8800", "8800.5", "-12.34") to fen; undefined when it is not money or has parts of a fen. */
export function parseYuan(text: string): Fen | undefined {
  const parts = YUAN.exec(text)
  if (parts === null) return undefined
  const fen = Number(parts[2]) * 100 + Number((parts[3] ?? '').padEnd(2, '0'))
  return parts[1] === '-' && fen !== 0 ? -fen : fen
}

/** Fen as yuan with two decimals: 880000 → "8800.00". */
export function formatFen(fen: Fen): string {
  if (!Number.isSafeInteger(fen)) throw new RangeError(`not an exact amount in fen: ${fen}`)
  const size = Math.abs(fen)
  const cents = String(size % 100).padStart(2, '0')
  return `${fen < 0 ? '-' : ''}${Math.floor(size / 100)}.${cents}`
}

/** A decimal number of fen rounded half up to whole fen. */
export function roundFen(fen: Decimal): Fen {
  return fen.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber()
}
