import type { GroupedCases } from '../../weights/index.ts'
import type { FundShares } from './fund-share.ts'
import type { PointColumns } from './points-kernel.ts'

/**
 * Places of one cell while it is summed: cases, outside, points, paid, cost, patient, fund, fundPoints, fundPaid. What
 * every case adds to fills one cache line; the last ones only a rule by each case's own share of the fund touches.
 */
export const STRIDE = 16

/** Cases in the order of their rows; `start[row]` to `start[row + 1] - 1` are the places of a row in `order`. */
export interface CaseOrder {
  readonly start: Uint32Array
  readonly order: Uint32Array
}

/** Sorts cases by `(hospital, insurance, month)`, counting; cases of one row keep their order. */
export function orderCases(cases: GroupedCases): CaseOrder {
  const { count, hospital, insurance, month } = cases
  const schemes = cases.insurances.length
  const width = cases.months.length
  const rows = cases.hospitals.length * schemes * width
  const start = new Uint32Array(rows + 1)
  for (let i = 0; i < count; i++) start[(hospital[i]! * schemes + insurance[i]!) * width + month[i]! + 1]!++
  for (let row = 0; row < rows; row++) start[row + 1]! += start[row]!
  const next = start.slice(0, rows)
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[next[(hospital[i]! * schemes + insurance[i]!) * width + month[i]!]!++] = i
  return { start, order }
}

/**
 * The first cell of each row, and the number of cells at the end: a row has one for each group and class that occurs in it.
 * Counted before they are made, because columns of millions of cells that grow leave as much memory behind as they take.
 */
export function cellStarts(
  cases: GroupedCases,
  classOf: Uint8Array,
  classes: number,
  { start, order }: CaseOrder,
): Uint32Array {
  const { group } = cases
  const cells = new Uint32Array(start.length)
  /** By group and class: one more than the row that met it last. */
  const last = new Uint32Array(cases.groups.length * classes)
  let count = 0
  for (let row = 0; row + 1 < start.length; row++) {
    for (let k = start[row]!; k < start[row + 1]!; k++) {
      const i = order[k]!
      const slot = group[i]! * classes + classOf[i]!
      if (last[slot] === row + 1) continue
      last[slot] = row + 1
      count++
    }
    cells[row + 1] = count
  }
  return cells
}

/**
 * Sums the cases `order[from] … order[to - 1]` by `group * classes + class` into `out`, `STRIDE` places a slot, and lists
 * the slots met in `met`; returns how many. Exact: all addends are integers, and sums stay below 2^53.
 */
export function addCases(
  cases: GroupedCases,
  values: PointColumns & { readonly fundShare?: FundShares | null },
  inside: Uint8Array,
  classes: number,
  order: Uint32Array,
  from: number,
  to: number,
  out: Float64Array,
  met: Uint32Array,
): number {
  const { group, cost, patient, fund } = cases
  const { class: classOf, points, paid, fundShare } = values
  let slots = 0
  for (let k = from; k < to; k++) {
    const i = order[k]!
    const slot = group[i]! * classes + classOf[i]!
    const at = slot * STRIDE
    if (out[at] === 0) met[slots++] = slot
    out[at]! += 1
    if (inside[classOf[i]!] === 0) {
      out[at + 1]! += 1
      continue
    }
    out[at + 2]! += points[i]!
    out[at + 3]! += paid[i]!
    out[at + 4]! += cost[i]!
    out[at + 5]! += patient[i]!
    out[at + 6]! += fund[i]!
    if (fundShare == null) continue
    out[at + 7]! += fundShare.points[i]!
    out[at + 8]! += fundShare.paid[i]!
  }
  return slots
}

/** Adds a column of cells to the table of their keys: `key[cell]` is the place. */
export function addByKey(column: Float64Array, key: Uint32Array, out: Float64Array): void {
  for (let cell = 0; cell < column.length; cell++) out[key[cell]!]! += column[cell]!
}
