import { Decimal } from './decimal.ts'

/** Points (点数) are integers of 1e-4 point, kept in a double. */
export type Points = number

/** Units in one point. */
export const POINT_UNIT = 10_000

/** Points as a decimal with four digits: 1234500 → "123.4500". */
export function formatPoints(points: Points): string {
  if (!Number.isSafeInteger(points)) throw new RangeError(`not an exact number of points: ${points}`)
  const size = Math.abs(points)
  const tail = String(size % POINT_UNIT).padStart(4, '0')
  return `${points < 0 ? '-' : ''}${Math.floor(size / POINT_UNIT)}.${tail}`
}

/** A decimal number of points rounded half up to 1e-4. */
export function roundPoints(points: Decimal): Points {
  return points.times(POINT_UNIT).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber()
}
