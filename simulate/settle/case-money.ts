import type { GroupedCases } from '../../weights/index.ts'
import { CLASSES } from './classes.ts'
import { BASES, type Division } from './division.ts'
import { part } from './fund-share.ts'
import type { SummedValues } from './ledger.ts'
import { type CaseOrder, orderCases } from './ledger-kernel.ts'
import { share } from './pool.ts'
import { total } from './spread.ts'

/** Money of every case, fen, in the order of the cases; zero outside the pool and for hospitals that were not asked for. */
export interface CaseMoney {
  readonly gross: Float64Array
  /** Fund due, before a negative year is floored. */
  readonly net: Float64Array
}

const POINTS = BASES.indexOf('points')

/**
 * The last step of a division, on demand: the money of each cell over its cases by largest remainder, so that the cases
 * of a department, doctor or day add up to what the ledger says. `hospital` limits it to one.
 */
export function caseMoney(
  division: Division,
  cases: GroupedCases,
  values: SummedValues,
  patientShare: 'subtract' | 'ratio',
  hospital?: string,
  { start, order }: CaseOrder = orderCases(cases),
): CaseMoney {
  const { ledger, money, basis } = division
  const { cells } = ledger
  const out = { gross: new Float64Array(cases.count), net: new Float64Array(cases.count) }
  const perHospital = ledger.insurances.length * ledger.months.length
  const next = new Int32Array(ledger.groups.length * CLASSES.length).fill(-1)
  let longest = 0
  for (let row = 0; row + 1 < start.length; row++) longest = Math.max(longest, start[row + 1]! - start[row]!)
  const own = new Uint32Array(longest)
  for (let row = 0; row + 1 < start.length; row++) {
    if (hospital !== undefined && ledger.hospitals[Math.floor(row / perHospital)] !== hospital) continue
    dealRow(ledger, row, cases, values.class, order.subarray(start[row]!, start[row + 1]!), next, own)
    let at = 0
    for (let cell = cells.start[row]!; cell < cells.start[row + 1]!; cell++) {
      const from = at
      at += cells.sums.cases[cell]!
      if (cells.sums.outside[cell]! > 0) continue
      if (at - from === 1) {
        // Most cells of a month hold one case: what the cell has is the case's.
        const i = own[from]!
        const [gross, net] = [money.gross[cell]!, money.net[cell]!]
        const isPoints = basis[cell] === POINTS
        const isPaid = isPoints ? values.points[i]! > 0 || values.paid[i]! > 0 : net !== 0
        out.gross[i] = isPoints ? (isPaid ? gross : 0) : net + cases.patient[i]!
        out.net[i] = !isPoints
          ? net
          : patientShare === 'subtract'
            ? out.gross[i]! - cases.patient[i]!
            : isPaid
              ? net
              : 0
        continue
      }
      const members = own.subarray(from, at)
      const column = (from: Float64Array): Float64Array => {
        const picked = new Float64Array(members.length)
        for (let k = 0; k < picked.length; k++) picked[k] = from[members[k]!]!
        return picked
      }
      const patient = column(cases.patient)
      const [gross, net] = [money.gross[cell]!, money.net[cell]!]
      const kind = BASES[basis[cell]!]!
      if (kind === 'points') {
        const paid = column(values.paid)
        const onPoints = share(gross - total(paid, 0, paid.length), column(values.points))
        const each = onPoints.map((value, k) => value + paid[k]!)
        const own = (value: number, k: number): number => {
          const i = members[k]!
          return values.fundShare == null
            ? value
            : part(value - paid[k]!, values.fundShare.points[i]!, values.points[i]!) + values.fundShare.paid[i]!
        }
        const parts = each.map(own)
        const basis = parts.some(value => value > 0) ? parts : each
        const due = patientShare === 'subtract' ? each.map((value, k) => value - patient[k]!) : share(net, basis)
        members.forEach((i, k) => {
          out.gross[i] = each[k]!
          out.net[i] = due[k]!
        })
      } else {
        const due = share(net, column(kind === 'fund' ? cases.fund : cases.cost))
        members.forEach((i, k) => {
          out.net[i] = due[k]!
          out.gross[i] = due[k]! + patient[k]!
        })
      }
    }
  }
  return out
}

/** Puts the cases of a row into `own` in the order of its cells; `next` has a place for every slot, and is left at −1. */
function dealRow(
  { cells }: Division['ledger'],
  row: number,
  { group }: GroupedCases,
  classOf: Uint8Array,
  order: Uint32Array,
  next: Int32Array,
  own: Uint32Array,
): void {
  const [first, last] = [cells.start[row]!, cells.start[row + 1]!]
  let at = 0
  for (let cell = first; cell < last; cell++) {
    next[cells.group[cell]! * CLASSES.length + cells.class[cell]!] = at
    at += cells.sums.cases[cell]!
  }
  let isWhole = at === order.length
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!
    const slot = group[i]! * CLASSES.length + classOf[i]!
    const place = next[slot]!
    isWhole &&= place >= 0
    own[place] = i
    next[slot] = place + 1
  }
  at = 0
  for (let cell = first; cell < last; cell++) {
    const slot = cells.group[cell]! * CLASSES.length + cells.class[cell]!
    at += cells.sums.cases[cell]!
    isWhole &&= next[slot] === at
    next[slot] = -1
  }
  if (!isWhole) throw new Error('these are not the cases of the ledger')
}
