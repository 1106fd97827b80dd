import { NO_LABEL } from './grouped.ts'

/** Reasons of screening, by position: used, ambiguous, not grouped, invalid, without a cost. */
export const SCREEN_COUNT = 5

/** Start of each group in a list of costs ordered by group, and the count of cases by reason of screening. */
export function countGroups(
  group: Uint16Array,
  status: Uint8Array,
  cost: Float64Array,
  count: number,
  starts: Uint32Array,
  screened: Uint32Array,
): void {
  for (let i = 0; i < count; i++) {
    const reason = status[i]! !== 0 ? status[i]! : cost[i]! > 0 ? 0 : 4
    screened[reason]!++
    if (reason === 0) starts[group[i]! + 1]!++
  }
  for (let g = 1; g < starts.length; g++) starts[g]! += starts[g - 1]!
}

/** Puts the cost of each screened case into its group's part of `costs`; moves `next` from starts to ends. */
export function gatherCosts(
  group: Uint16Array,
  status: Uint8Array,
  cost: Float64Array,
  count: number,
  next: Uint32Array,
  costs: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const c = cost[i]!
    if (status[i]! === 0 && c > 0) costs[next[group[i]!]!++] = c
  }
}

/**
 * Number and total cost of the kept cases of each hospital and group: position hospital × groups + group.
 * A case is kept when its cost lies in its group's range [low, high], both in fen; one without a hospital (`NO_LABEL`) has
 * no place in the table.
 */
export function cubeOfKept(
  columns: {
    readonly group: Uint16Array
    readonly status: Uint8Array
    readonly hospital: Uint16Array
    readonly cost: Float64Array
    readonly count: number
  },
  low: Float64Array,
  high: Float64Array,
  numbers: Uint32Array,
  sums: Float64Array,
): void {
  const { group, status, hospital, cost, count } = columns
  const width = low.length
  for (let i = 0; i < count; i++) {
    const g = group[i]!
    const c = cost[i]!
    if (status[i]! !== 0 || !(c > 0) || c < low[g]! || c > high[g]!) continue
    if (hospital[i] === NO_LABEL) continue
    const cell = hospital[i]! * width + g
    numbers[cell]!++
    sums[cell]! += c
  }
}
