import type { Fen } from '../../numbers/index.ts'
import { part } from './fund-share.ts'
import type { Ledger } from './ledger.ts'
import type { PoolTerms } from './pool.ts'
import { share } from './pool.ts'

/** Money of every cell of a ledger, in fen; months, groups, classes, hospitals and insurances are sums of it. */
export interface CellMoney {
  /** Points times point value, plus what is paid in money. */
  readonly gross: Float64Array
  /** Fund due, before a negative year is floored. */
  readonly net: Float64Array
}

/** The cells of one hospital and insurance: first and end. */
export function cellsOf(ledger: Ledger, hospital: number, insurance: number): readonly [from: number, to: number] {
  const { start } = ledger.cells
  const row = (hospital * ledger.insurances.length + insurance) * ledger.months.length
  return [start[row]!, start[row + ledger.months.length]!]
}

/** No money yet. */
export function noMoney(ledger: Ledger): CellMoney {
  const size = ledger.cells.group.length
  return { gross: new Float64Array(size), net: new Float64Array(size) }
}

/**
 * Spreads a hospital's amounts of one pool over its insurances, months, groups and classes, each step by largest
 * remainder, so that every level adds up. The steps are nested: a month is within a fen of its own share.
 */
export function spreadPoints(
  ledger: Ledger,
  hospital: number,
  columns: readonly number[],
  amounts: { readonly gross: Fen; readonly net: Fen },
  terms: PoolTerms,
  money: CellMoney,
): void {
  const { sums } = ledger.cells
  const ranges = columns.map(insurance => cellsOf(ledger, hospital, insurance))
  const paid = ranges.reduce((all, [from, to]) => all + total(sums.paid, from, to), 0)
  const onPoints = share(
    amounts.gross - paid,
    ranges.map(([from, to]) => total(sums.points, from, to)),
  )
  for (const [i, insurance] of columns.entries()) {
    down(ledger, hospital, insurance, onPoints[i] ?? 0, sums.points, money.gross)
    const [from, to] = ranges[i]!
    for (let cell = from; cell < to; cell++) money.gross[cell]! += sums.paid[cell]!
  }
  if (terms.patientShare === 'subtract') {
    for (const [from, to] of ranges) {
      for (let cell = from; cell < to; cell++) money.net[cell] = money.gross[cell]! - sums.patient[cell]!
    }
    return
  }
  const own = terms.ratioLevel === 'case' ? fundBasis(ledger, ranges, money.gross) : money.gross
  // Where every part rounds to nothing the gross decides.
  const basis = ranges.some(([from, to]) => total(own, from, to) > 0) ? own : money.gross
  const net = share(
    amounts.net,
    ranges.map(([from, to]) => total(basis, from, to)),
  )
  for (const [i, insurance] of columns.entries()) {
    down(ledger, hospital, insurance, net[i] ?? 0, basis, money.net)
  }
}

/** The fund's part of every cell by the shares of its own cases, fen; what is paid on points by those of the points. */
function fundBasis(
  { cells: { sums, group } }: Ledger,
  ranges: readonly (readonly [from: number, to: number])[],
  gross: Float64Array,
): Float64Array {
  const out = new Float64Array(group.length)
  for (const [from, to] of ranges)
    for (let cell = from; cell < to; cell++)
      out[cell] =
        part(gross[cell]! - sums.paid[cell]!, sums.fundPoints[cell]!, sums.points[cell]!) + sums.fundPaid[cell]!
  return out
}

/** Spreads a hospital's fund due on the billed amounts or the cost; the gross is the due and what patients pay. */
export function spreadDue(
  ledger: Ledger,
  hospital: number,
  columns: readonly number[],
  due: Fen,
  basis: 'fund' | 'cost',
  money: CellMoney,
): void {
  const { sums } = ledger.cells
  const ranges = columns.map(insurance => cellsOf(ledger, hospital, insurance))
  const parts = share(
    due,
    ranges.map(([from, to]) => total(sums[basis], from, to)),
  )
  for (const [i, insurance] of columns.entries()) {
    down(ledger, hospital, insurance, parts[i] ?? 0, sums[basis], money.net)
    const [from, to] = ranges[i]!
    for (let cell = from; cell < to; cell++) money.gross[cell] = money.net[cell]! + sums.patient[cell]!
  }
}

/** From one hospital and insurance to its months, and from each month to its cells. */
function down(
  ledger: Ledger,
  hospital: number,
  insurance: number,
  amount: Fen,
  basis: Float64Array,
  out: Float64Array,
): void {
  const { start } = ledger.cells
  const width = ledger.months.length
  const row = (hospital * ledger.insurances.length + insurance) * width
  const monthly = share(
    amount,
    ledger.months.map((_, m) => total(basis, start[row + m]!, start[row + m + 1]!)),
  )
  for (let m = 0; m < width; m++) {
    const [from, to] = [start[row + m]!, start[row + m + 1]!]
    if (from < to) out.set(share(monthly[m]!, basis.subarray(from, to)), from)
  }
}

/** Sum of a part of a column. */
export function total(column: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += column[i]!
  return sum
}
