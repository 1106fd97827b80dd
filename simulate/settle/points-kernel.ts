import { type GroupedCases, NO_STAY } from '../../weights/index.ts'
import { type Plan, ROW } from './plan.ts'

/** The case columns that the kernel reads. */
export type PointCases = Pick<GroupedCases, 'group' | 'status' | 'hospital' | 'insurance' | 'los' | 'cost'>

/** Results, one entry a case: class, points in 1e-4, money in fen; both amounts are integers. */
export interface PointColumns {
  readonly class: Uint8Array
  readonly points: Float64Array
  readonly paid: Float64Array
}

/** Marks the ordinary cells into which the cases from `from` up to `to` fall; those with a track fall into none. */
export function markCells(
  cases: PointCases,
  plan: Omit<Plan, 'firstBand' | 'bands' | 'exact'>,
  track: Uint32Array | null,
  from: number,
  to: number,
  used: Uint8Array,
): void {
  const { group, status, hospital, insurance, los } = cases
  const { groups, columns, insurances, rowOf, columnOf, stayRow, shortMax, longMin } = plan
  for (let i = from; i < to; i++) {
    if (track !== null && track[i]! > 0) continue
    let row = rowOf[status[i]! * groups + group[i]!]!
    if (stayRow >= 0 && status[i] === 0 && los[i] !== NO_STAY && (los[i]! <= shortMax || los[i]! >= longMin))
      row = stayRow
    used[(row * columns + columnOf[hospital[i]!]!) * insurances + insurance[i]!] = 1
  }
}

/**
 * Classes and values of the cases from `from` up to `to`. A value that the doubles cannot round with certainty is left
 * NaN for the exact pass; returns how many there are.
 */
export function pointsKernel(
  cases: PointCases,
  plan: Plan,
  track: Uint32Array | null,
  from: number,
  to: number,
  out: PointColumns,
  certain: number,
): number {
  const { group, status, hospital, insurance, los, cost } = cases
  const { groups, columns, insurances, rowOf, columnOf, stayRow, shortMax, longMin, firstBand, ordinaryCells } = plan
  const { upTo, rows } = plan.bands
  const { class: outClass, points, paid } = out
  let open = 0
  for (let i = from; i < to; i++) {
    const kind = status[i]!
    let row = rowOf[kind * groups + group[i]!]!
    if (stayRow >= 0 && kind === 0 && los[i] !== NO_STAY && (los[i]! <= shortMax || los[i]! >= longMin)) row = stayRow
    let cell = (row * columns + columnOf[hospital[i]!]!) * insurances + insurance[i]!
    if (track !== null && track[i]! > 0) cell = ordinaryCells + track[i]! - 1
    let b = firstBand[cell]!
    const c = cost[i]!
    while (c > upTo[b]!) b++
    const at = b * ROW
    const y = rows[at]! * c + rows[at + 1]!
    const whole = Math.floor(y)
    const part = y - whole - 0.5
    let value = part >= 0 ? whole + 1 : whole
    if ((part < certain && part > -certain) || c > rows[at + 4]!) {
      value = Number.NaN
      open++
    } else if (value < 0) value = 0
    else if (value > rows[at + 2]!) value = rows[at + 2]!
    value *= rows[at + 3]!
    outClass[i] = rows[at + 7]!
    const isMoney = rows[at + 6] === 1
    points[i] = isMoney ? 0 : value
    paid[i] = isMoney ? value : rows[at + 5]!
  }
  return open
}

/** Band of one case, by the same search as the kernel. */
export function bandOf(cases: PointCases, plan: Plan, track: Uint32Array | null, i: number): number {
  let row = plan.rowOf[cases.status[i]! * plan.groups + cases.group[i]!]!
  const los = cases.los[i]!
  const isOutside = los !== NO_STAY && (los <= plan.shortMax || los >= plan.longMin)
  if (plan.stayRow >= 0 && cases.status[i] === 0 && isOutside) row = plan.stayRow
  let cell = (row * plan.columns + plan.columnOf[cases.hospital[i]!]!) * plan.insurances + cases.insurance[i]!
  if (track !== null && track[i]! > 0) cell = plan.ordinaryCells + track[i]! - 1
  let b = plan.firstBand[cell]!
  while (cases.cost[i]! > plan.bands.upTo[b]!) b++
  return b
}
