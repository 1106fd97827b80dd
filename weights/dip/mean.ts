import { Decimal } from '../../numbers/index.ts'

/** A number as it comes: counted, written or computed. */
export type Amount = Decimal | string | number

/** A mean as the exact quotient sum / cases, so that a score divides once and nothing is rounded on the way. */
export interface Mean {
  /** Sum of money, in any one unit. */
  readonly sum: Decimal
  /** Cases, or weighted cases; above zero. */
  readonly cases: Decimal
}

/** The mean of costs that were summed up; undefined without cases. */
export function meanOfSum(sum: Amount, cases: Amount): Mean | undefined {
  const n = new Decimal(cases)
  return n.gt(0) ? { sum: new Decimal(sum), cases: n } : undefined
}

/** An amount as a mean of one case. */
export function meanOfOne(amount: Amount): Mean {
  return { sum: new Decimal(amount), cases: new Decimal(1) }
}

/** The mean as a decimal of 40 digits. */
export function meanValue({ sum, cases }: Mean): Decimal {
  return sum.div(cases)
}
