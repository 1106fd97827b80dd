import { type ExactLine, exactValue, type Plan } from '../settle/plan.ts'

/** Cases in order of (status, group, hospital, insurance, cost), cut into stretches of equal rules. */
export interface SortedCases {
  /** First case of each stretch, and their number at the end. */
  readonly start: Uint32Array
  readonly status: Uint8Array
  readonly group: Uint16Array
  readonly hospital: Uint16Array
  readonly insurance: Uint16Array
  /** 1: stays that are too short or too long by the rule that the cases were sorted under. */
  readonly stay: Uint8Array
  /** Cost of each case, ascending within a stretch. */
  readonly cost: Float64Array
  /** Sums over the cases before each one, and over all at the end: exact integers. */
  readonly costBefore: Float64Array
  readonly patientBefore: Float64Array
  readonly fundBefore: Float64Array
}

/** Sums by `hospital * insurances + insurance`. */
export interface UnitSums {
  readonly points: Float64Array
  readonly paid: Float64Array
  readonly cost: Float64Array
  readonly patient: Float64Array
  readonly fund: Float64Array
}

/** Marks the cells of a plan that stretches fall into. */
export function markStretches(
  sorted: SortedCases,
  plan: Omit<Plan, 'firstBand' | 'bands' | 'exact'>,
  used: Uint8Array,
): void {
  const { status, group, hospital, insurance, stay } = sorted
  for (let k = 0; k < status.length; k++) {
    const row = stay[k] === 1 ? plan.stayRow : plan.rowOf[status[k]! * plan.groups + group[k]!]!
    used[(row * plan.columns + plan.columnOf[hospital[k]!]!) * plan.insurances + insurance[k]!] = 1
  }
}

/**
 * Adds the values of all cases to their units, exactly as the points kernel values them one by one: the boundary of a
 * band is found by bisection, a flat band counts its cases, a band that pays the cost takes the difference of two sums, and
 * only the cases of sloping bands are visited.
 */
export function sumSorted(sorted: SortedCases, plan: Plan, inside: Uint8Array, certain: number, out: UnitSums): void {
  const { start, status, group, hospital, insurance, stay, cost, costBefore, patientBefore, fundBefore } = sorted
  const { groups, columns, insurances, rowOf, columnOf, stayRow, firstBand, exact } = plan
  const { upTo, slope, intercept, cap, step, certainUpTo, inMoney, class: bandClass } = plan.bands
  const { points, paid, cost: costs, patient, fund } = out
  for (let k = 0; k < status.length; k++) {
    const row = stay[k] === 1 ? stayRow : rowOf[status[k]! * groups + group[k]!]!
    let b = firstBand[(row * columns + columnOf[hospital[k]!]!) * insurances + insurance[k]!]!
    const unit = hospital[k]! * insurances + insurance[k]!
    const end = start[k + 1]!
    for (let from = start[k]!; from < end; b++) {
      const limit = upTo[b]!
      let to = end
      if (cost[end - 1]! > limit) {
        // First case above the limit.
        let low = from
        let high = end - 1
        while (low < high) {
          const middle = (low + high) >>> 1
          if (cost[middle]! > limit) high = middle
          else low = middle + 1
        }
        to = low
      }
      if (to === from) continue
      if (inside[bandClass[b]!] === 1) {
        let sum = 0
        const steep = slope[b]!
        const begin = intercept[b]!
        const most = cap[b]!
        if (steep === 0) {
          const flat = begin < 0 ? 0 : Math.min(begin, most)
          sum = flat * (to - from)
        } else if (steep === 1 && begin === 0 && most === Number.POSITIVE_INFINITY) {
          sum = costBefore[to]! - costBefore[from]!
        } else {
          const sure = certainUpTo[b]!
          for (let i = from; i < to; i++) {
            const c = cost[i]!
            const y = steep * c + begin
            const whole = Math.floor(y)
            const part = y - whole - 0.5
            let value = part >= 0 ? whole + 1 : whole
            if ((part < certain && part > -certain) || c > sure) value = openValue(exact[b]!, c)
            if (value > most) value = most
            if (value > 0) sum += value
          }
        }
        sum *= step[b]!
        if (inMoney[b] === 1) paid[unit]! += sum
        else points[unit]! += sum
        costs[unit]! += costBefore[to]! - costBefore[from]!
        patient[unit]! += patientBefore[to]! - patientBefore[from]!
        fund[unit]! += fundBefore[to]! - fundBefore[from]!
      }
      from = to
    }
  }
}

function openValue(line: ExactLine, cost: number): number {
  return exactValue(line, cost)
}
