import { NO_LABEL, NO_STAY } from './grouped.ts'

/** Reasons of screening, by position; 1 to 3 are the statuses of grouping. */
export const USED = 0
export const WITHOUT_COST = 4
export const OTHER_INSURANCE = 5
export const OUTSIDE_YEARS = 6
export const BELOW_COST = 7
export const LONG_STAY = 8
export const SCREEN_COUNT = 9

/** Why each case takes no part, `USED` where it does; counts by reason. */
export function screenCases(
  columns: {
    readonly count: number
    readonly status: Uint8Array
    readonly cost: Float64Array
    readonly los: Uint16Array
    readonly insurance: Uint16Array
    readonly month: Uint16Array
  },
  /** By position of insurance and month, the last place being that of cases without a label: 1 takes part. */
  insurances: Uint8Array,
  months: Uint8Array,
  leastCost: number,
  longestStay: number,
  reason: Uint8Array,
  counts: Uint32Array,
): void {
  const { count, status, cost, los, insurance, month } = columns
  const [lastInsurance, lastMonth] = [insurances.length - 1, months.length - 1]
  for (let i = 0; i < count; i++) {
    let why = status[i]!
    if (why === USED) {
      if (!(cost[i]! > 0)) why = WITHOUT_COST
      else if (insurances[Math.min(insurance[i]!, lastInsurance)] === 0) why = OTHER_INSURANCE
      else if (months[Math.min(month[i]!, lastMonth)] === 0) why = OUTSIDE_YEARS
      else if (cost[i]! < leastCost) why = BELOW_COST
      else if (los[i]! > longestStay && los[i] !== NO_STAY) why = LONG_STAY
    }
    reason[i] = why
    counts[why]!++
  }
}

/** Year of each case by its month: position in the list of years. */
export function yearsOfCases(month: Uint16Array, yearOfMonth: Uint8Array, count: number, year: Uint8Array): void {
  const last = yearOfMonth.length - 1
  for (let i = 0; i < count; i++) year[i] = yearOfMonth[Math.min(month[i]!, last)]!
}

/** c · factor / 10,000, half up to a whole fen; exact, as products stay below 2^53. */
export function scaleFen(fen: number, factor: number): number {
  return Math.floor((fen * factor + 5_000) / 10_000)
}

/** Costs times the factor of their year (integer of 1e-4). */
export function scaleCosts(
  cost: Float64Array,
  factorOfYear: Float64Array,
  year: Uint8Array,
  scaled: Float64Array,
): void {
  for (let i = 0; i < scaled.length; i++) {
    const factor = factorOfYear[year[i]!]!
    scaled[i] = factor === 10_000 || !(cost[i]! > 0) ? cost[i]! : scaleFen(cost[i]!, factor)
  }
}

/** Start of each cell (group × year) in a list of costs ordered by cell. */
export function countCells(
  group: Uint16Array,
  year: Uint8Array,
  years: number,
  reason: Uint8Array,
  starts: Uint32Array,
): void {
  for (let i = 0; i < reason.length; i++) if (reason[i] === USED) starts[group[i]! * years + year[i]! + 1]!++
  for (let c = 1; c < starts.length; c++) starts[c]! += starts[c - 1]!
}

/** Puts the cost of each case that takes part into its cell's part of `costs`; moves `next` from starts to ends. */
export function gatherCosts(
  group: Uint16Array,
  year: Uint8Array,
  years: number,
  reason: Uint8Array,
  cost: Float64Array,
  next: Uint32Array,
  costs: Float64Array,
): void {
  for (let i = 0; i < reason.length; i++) {
    if (reason[i] === USED) costs[next[group[i]! * years + year[i]!]!++] = cost[i]!
  }
}

/**
 * Number and total cost of the kept cases of each hospital and group: position hospital × groups + group.
 * A case is kept when its cost lies in the range [low, high] of its cell (group × year), both in fen; one without a
 * hospital (`NO_LABEL`) has no place in the table.
 */
export function cubeOfKept(
  columns: {
    readonly group: Uint16Array
    readonly hospital: Uint16Array
    readonly year: Uint8Array
    readonly reason: Uint8Array
    readonly cost: Float64Array
  },
  years: number,
  low: Float64Array,
  high: Float64Array,
  numbers: Uint32Array,
  sums: Float64Array,
): void {
  const { group, hospital, year, reason, cost } = columns
  const width = low.length / years
  for (let i = 0; i < reason.length; i++) {
    if (reason[i] !== USED || hospital[i] === NO_LABEL) continue
    const g = group[i]!
    const c = cost[i]!
    const at = g * years + year[i]!
    if (c < low[at]! || c > high[at]!) continue
    const cell = hospital[i]! * width + g
    numbers[cell]!++
    sums[cell]! += c
  }
}

/** Sorts the costs of the cells [first, last), ascending within each cell, and takes their logarithms. */
export function sortCells(
  costs: Float64Array,
  logs: Float64Array,
  starts: Uint32Array,
  first: number,
  last: number,
): void {
  for (let c = first; c < last; c++) costs.subarray(starts[c]!, starts[c + 1]!).sort()
  for (let i = starts[first]!; i < starts[last]!; i++) logs[i] = Math.log(costs[i]!)
}

/** Puts lists of ascending costs, one behind another, into one ascending list: `next` and `ends` are their bounds. */
export function mergeCosts(costs: Float64Array, next: Uint32Array, ends: Uint32Array, merged: Float64Array): void {
  for (let i = 0; i < merged.length; i++) {
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (let t = 0; t < next.length; t++) {
      if (next[t] === ends[t] || costs[next[t]!]! >= least) continue
      least = costs[next[t]!]!
      best = t
    }
    merged[i] = least
    next[best]!++
  }
}
