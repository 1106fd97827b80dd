import type { Cell, CellLine } from './cell.ts'
import { combine, type Pieces, whole } from './piecewise.ts'
import { floor, integer, minus, negative, over } from './ratio.ts'

/** Elastic rate by cost kind: the set amount of the group is paid in money, what the case is worth beyond it by points. */
export function withFixedAmount(cell: Cell, pieces: Pieces<CellLine>): Pieces<CellLine> {
  const { fixedAmounts } = cell.policy.rules
  const amount = cell.status === 0 ? (fixedAmounts?.get(cell.group) ?? fixedAmounts?.get(cell.parent)) : undefined
  if (amount === undefined) return pieces
  return combine(pieces, whole(null), line =>
    line.byGroup && line.unit === 'worth' ? splitAt(line, amount) : whole(line),
  )
}

/** A worth up to `amount` fen is money; beyond it the amount is, and the rest stays a worth. */
function splitAt(one: CellLine, amount: number): Pieces<CellLine> {
  const yuan = over(integer(amount), integer(100))
  const { slope, start } = one.line
  const below: CellLine = { ...one, unit: 'money' }
  const above: CellLine = {
    ...one,
    line: { slope, start: minus(start, yuan) },
    cap: one.cap === null ? null : minus(one.cap, yuan),
    fixed: amount,
  }
  if (one.cap !== null && minus(one.cap, yuan).n <= 0n) return whole(below)
  const room = minus(yuan, start)
  if (slope.n === 0n) return whole(room.n >= 0n ? below : above)
  const meets = over(room, slope)
  const last = { upTo: Number.POSITIVE_INFINITY }
  if (slope.n > 0n) {
    const upTo = Number(floor(meets))
    return upTo < 0
      ? whole(above)
      : [
          { upTo, value: below },
          { ...last, value: above },
        ]
  }
  const upTo = Number(-floor(negative(meets))) - 1
  return upTo < 0
    ? whole(below)
    : [
        { upTo, value: above },
        { ...last, value: below },
      ]
}
