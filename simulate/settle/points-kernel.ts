import { type GroupedCases, NO_STAY } from '../../weights/index.ts'
import { type Layout, type Plan, ROW } from './plan.ts'

/** The case columns that the kernels read. */
export type PointCases = Pick<GroupedCases, 'group' | 'status' | 'hospital' | 'insurance' | 'los' | 'cost'>

/** Results, one entry a case: class, points in 1e-4, money in fen; both amounts are integers. */
export interface PointColumns {
  readonly class: Uint8Array
  readonly points: Float64Array
  readonly paid: Float64Array
}

/** The cell of every case from `from` up to `to`; marks in `used` those that occur. Tracks have the cells behind the others. */
export function placeCases(
  cases: PointCases,
  plan: Layout['plan'],
  track: Uint32Array | null,
  from: number,
  to: number,
  out: Uint32Array,
  used: Uint8Array,
): void {
  const { group, status, hospital, insurance, los } = cases
  const { groups, columns, insurances, rowOf, columnOf, stayRow, shortMax, longMin, ordinaryCells } = plan
  for (let i = from; i < to; i++) {
    let row = rowOf[status[i]! * groups + group[i]!]!
    if (stayRow >= 0 && status[i] === 0 && los[i] !== NO_STAY && (los[i]! <= shortMax || los[i]! >= longMin))
      row = stayRow
    let cell = (row * columns + columnOf[hospital[i]!]!) * insurances + insurance[i]!
    if (track !== null && track[i]! > 0) cell = ordinaryCells + track[i]! - 1
    out[i] = cell
    used[cell] = 1
  }
}

/**
 * Classes and values of the cases from `from` up to `to`, whose cells stand in `cell`. A value that the doubles cannot round
 * with certainty is left for the exact pass: such cases are listed in `open`; returns how many there are. Nothing in the
 * loop depends on which band a cost falls into, or on which side of a half its value lies: a processor cannot foresee either.
 */
export function pointsKernel(
  cost: Float64Array,
  cell: Uint32Array,
  { firstBand, bands }: Plan,
  from: number,
  to: number,
  out: PointColumns,
  certain: number,
  open: Uint32Array,
): number {
  const { upTo, rows, most } = bands
  const { class: outClass, points, paid } = out
  const edge = 0.5 - certain
  let left = 0
  for (let i = from; i < to; i++) {
    const first = firstBand[cell[i]!]!
    const c = cost[i]!
    let b = first
    for (let k = 1; k < most; k++) b += +(c > upTo[first + k - 1]!)
    if (most === 0) while (c > upTo[b]!) b++
    const at = b * ROW
    const y = rows[at]! * c + rows[at + 1]!
    let value = Math.floor(y + 0.5)
    const off = y - value
    if (off >= edge || off <= -edge || c > rows[at + 3]!) open[left++] = i
    if (value < 0) value = 0
    if (value > rows[at + 2]!) value = rows[at + 2]!
    points[i] = value * rows[at + 4]!
    paid[i] = value * rows[at + 5]! + rows[at + 6]!
    outClass[i] = rows[at + 7]!
  }
  return left
}
