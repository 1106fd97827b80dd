import { Decimal as Base } from 'decimal.js'

/**
 * Exact decimals of 40 digits, half up. A private constructor: decimal.js keeps precision in shared state.
 * Only at the edges (rates, point values, one case explained), never in a loop over cases.
 */
export const Decimal: typeof Base = Base.clone({
  precision: 40,
  rounding: Base.ROUND_HALF_UP,
  toExpNeg: -40,
  toExpPos: 40,
})
export type Decimal = Base

const FORM = /^[+-]?\d+(\.\d+)?$/

/** The decimal written in `text` ("12.50"), or undefined when it is not a plain decimal (no exponent, no thousands mark). */
export function parseDecimal(text: string): Decimal | undefined {
  return FORM.test(text) ? new Decimal(text) : undefined
}
