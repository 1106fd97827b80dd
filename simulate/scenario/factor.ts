import { Decimal } from '../../numbers/index.ts'

/** An exact factor n / d; d is a power of ten. */
export interface Factor {
  readonly n: number
  readonly d: number
  readonly exact: Decimal
}

/** A decimal as a quotient of doubles. */
export function factorOf(exact: Decimal): Factor {
  const d = 10 ** Math.max(exact.decimalPlaces(), 0)
  return { n: exact.times(d).toNumber(), d, exact }
}

/** A non-negative integer times a factor, rounded half up, exactly. */
export function times(value: number, { n, d, exact }: Factor): number {
  const twice = 2 * value * n + d
  // A quotient of integers below 2^53 never rounds across an integer; larger products go through decimals.
  if (twice < Number.MAX_SAFE_INTEGER && d < 1e15) return Math.floor(twice / (2 * d))
  return exact.times(value).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber()
}
