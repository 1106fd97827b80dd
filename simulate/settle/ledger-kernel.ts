import type { GroupedCases } from '../../weights/index.ts'
import type { PointColumns } from './points-kernel.ts'

/**
 * Places of one cell: cases, outside, points, paid, cost, patient, fund, and one unused. Side by side they fill one
 * cache line, so that a case touches one line of each table and not seven.
 */
export const STRIDE = 8

/**
 * Adds every case to the places of the cell `unit * width + key[i]`. Exact: all addends are integers, and sums stay
 * below 2^53.
 */
export function addSums(
  cases: GroupedCases,
  values: PointColumns,
  inside: Uint8Array,
  key: Uint8Array | Uint16Array,
  width: number,
  out: Float64Array,
): void {
  const { count, hospital, insurance, cost, patient, fund } = cases
  const { class: classOf, points, paid } = values
  const schemes = cases.insurances.length
  for (let i = 0; i < count; i++) {
    const at = ((hospital[i]! * schemes + insurance[i]!) * width + key[i]!) * STRIDE
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
  }
}

/** One place of every cell as a column. */
export function columnAt(table: Float64Array, place: number): Float64Array {
  const column = new Float64Array(table.length / STRIDE)
  for (let cell = 0; cell < column.length; cell++) column[cell] = table[cell * STRIDE + place]!
  return column
}

/** Counts cases by unit, month and class. */
export function addClasses(cases: GroupedCases, classOf: Uint8Array, width: number, out: Float64Array): void {
  const { count, hospital, insurance, month } = cases
  const schemes = cases.insurances.length
  const months = cases.months.length
  for (let i = 0; i < count; i++) {
    out[((hospital[i]! * schemes + insurance[i]!) * months + month[i]!) * width + classOf[i]!]! += 1
  }
}
