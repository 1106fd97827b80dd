import { Decimal } from '../numbers/index.ts'
import type { PaymentColumn, PaymentRow, PaymentTable } from './payment-table.ts'

/** A reason why rows of a standard are priced otherwise than weight × coefficient × rate. */
export interface PricingException {
  /** Rows that it is for: a flag of the row, or groups. */
  readonly flag?: string
  readonly groups?: readonly string[]
  /** `ownRate`: the rows have a rate of their own, the same in all of them; `unexplained`: they are left out. */
  readonly rule: 'ownRate' | 'unexplained'
  /** Why, as the table or its rule says. */
  readonly reason: string
}

/** The rate that one column of standards implies. */
export interface ImpliedRate {
  readonly column: PaymentColumn
  readonly rows: number
  /** Every rate in [from, to] explains every row within the printed digits; null where none does. */
  readonly rate: { readonly from: Decimal; readonly to: Decimal } | null
  /** Lines that the rate of the most rows does not explain. */
  readonly unexplained: readonly number[]
  /** The same of the rows of each exception with a rate of its own. */
  readonly exceptions: readonly { readonly reason: string; readonly rows: number; readonly rate: ImpliedRate['rate'] }[]
}

interface Interval {
  readonly line: number
  readonly from: Decimal
  readonly to: Decimal
}

/**
 * The rates that a table's standards, and mean costs, imply: standard / (weight × coefficient), each an interval by the printed digits
 * (a weight printed to 0.01 leaves room for half of that). A table of one rate has an intersection that is not empty.
 *
 * @param slack relative tolerance for standards computed with more digits than the table prints
 */
export function impliedRates(
  table: PaymentTable,
  exceptions: readonly PricingException[] = [],
  slack: Decimal = new Decimal('5e-9'),
): ImpliedRate[] {
  const weightStep = stepOf(table.rows.map(row => row.weight))
  return table.columns.flatMap((column, at): ImpliedRate[] => {
    if (column.kind !== 'standard' && column.kind !== 'meanCost') return []
    const factorAt = table.columns.findIndex(
      one =>
        one.kind === 'coefficient' &&
        one.level === column.level &&
        (one.insurance === '' || one.insurance === column.insurance),
    )
    const step = stepOf(table.rows.map(row => row.values[at]!))
    const interval = (row: PaymentRow): Interval | undefined => {
      const standard = row.values[at]!
      if (standard === null || row.weight === null) return undefined
      const factor = (factorAt < 0 ? null : row.values[factorAt]!) ?? new Decimal(1)
      const [w, s] = [weightStep.div(2), step.div(2)]
      const from = standard.minus(s).div(row.weight.plus(w)).div(factor)
      const to = standard
        .plus(s)
        .div(Decimal.max(row.weight.minus(w), weightStep.div(1000)))
        .div(factor)
      return { line: row.line, from: from.times(new Decimal(1).minus(slack)), to: to.times(slack.plus(1)) }
    }
    const exceptionOf = (row: PaymentRow): PricingException | undefined =>
      exceptions.find(
        one => (one.flag !== undefined && row.flags.includes(one.flag)) || one.groups?.includes(row.group) === true,
      )
    const ordinary = table.rows.filter(row => exceptionOf(row) === undefined).flatMap(row => interval(row) ?? [])
    const own = exceptions.flatMap(one => {
      if (one.rule !== 'ownRate') return []
      const rows = table.rows.filter(row => exceptionOf(row) === one).flatMap(row => interval(row) ?? [])
      return rows.length === 0 ? [] : [{ reason: one.reason, rows: rows.length, rate: common(rows) }]
    })
    return [{ column, rows: ordinary.length, rate: common(ordinary), unexplained: outliers(ordinary), exceptions: own }]
  })
}

/** One unit of the last digit that a column prints. */
function stepOf(values: readonly (Decimal | null)[]): Decimal {
  return new Decimal(10).pow(-Math.max(0, ...values.map(one => one?.decimalPlaces() ?? 0)))
}

function common(intervals: readonly Interval[]): ImpliedRate['rate'] {
  if (intervals.length === 0) return null
  const from = Decimal.max(...intervals.map(one => one.from))
  const to = Decimal.min(...intervals.map(one => one.to))
  return from.gt(to) ? null : { from, to }
}

/** Lines whose interval does not hold the rate that lies in the most intervals. */
function outliers(intervals: readonly Interval[]): number[] {
  const ends = intervals.flatMap(one => [
    { at: one.from, step: 1 },
    { at: one.to, step: -1 },
  ])
  ends.sort((a, b) => a.at.cmp(b.at) || b.step - a.step)
  let [depth, deepest, rate] = [0, 0, new Decimal(0)]
  for (const { at, step } of ends) {
    depth += step
    if (depth > deepest) [deepest, rate] = [depth, at]
  }
  return intervals.filter(one => rate.lt(one.from) || rate.gt(one.to)).map(one => one.line)
}
