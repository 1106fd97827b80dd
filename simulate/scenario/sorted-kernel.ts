/** Cases in order of (rule, hospital, insurance, cost), cut into stretches of equal rules. Columns are shared buffers. */
export interface SortedCases {
  /** First case of each stretch, and their number at the end. */
  readonly start: Uint32Array
  readonly status: Uint8Array
  /** Group whose rules hold: the own one unless a rule puts the case elsewhere. */
  readonly group: Uint16Array
  readonly hospital: Uint16Array
  readonly insurance: Uint16Array
  /** 1: stays that are too short or too long by the rule that the cases were sorted under. */
  readonly stay: Uint8Array
  /** What sets the cases of a stretch apart: 0 nothing, else 1 + position in `apart`. */
  readonly track: Uint32Array
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

/** Stretches of sorted cases: ends, cell of their rules, unit that they count for. */
export interface Stretches {
  readonly from: Uint32Array
  readonly to: Uint32Array
  readonly cell: Uint32Array
  readonly unit: Uint32Array
}

/** The cost bands of cells, those of one cell side by side in order of cost. */
export interface CellBands {
  /** First band of each cell, and their number at the end. */
  readonly first: Uint32Array
  /** Highest cost in fen that belongs to the band; Infinity for the last one of a cell. */
  readonly upTo: Float64Array
  /** Value in steps: slope · cost + intercept, rounded half up, at most `cap`, times `step`. */
  readonly slope: Float64Array
  readonly intercept: Float64Array
  /** Sums of the absolute terms of slope and intercept: errors are at most 2^-49 of them. */
  readonly slopeSize: Float64Array
  readonly interceptSize: Float64Array
  readonly cap: Float64Array
  readonly step: Float64Array
  /** 1: the value is money in fen, 0: points in 1e-4. */
  readonly inMoney: Uint8Array
  readonly class: Uint8Array
}

/** Relative error of slope · cost + intercept: 2^-49 of its constants, 2^-53 of each of two roundings. */
const ERROR = 2 ** -48

/**
 * Adds the points and the money of stretches to their units, exactly as the points kernel values their cases one by one:
 * the boundary of a band is found by bisection, a flat band counts its cases, a band that pays the cost takes the
 * difference of two sums, and only the cases of sloping bands are visited. A value that doubles cannot round with
 * certainty is asked of `exact`. Cost, patient and fund of cases outside the pool (`inside` 0) are taken out of the units.
 */
export function sumStretches(
  sorted: SortedCases,
  stretches: Stretches,
  bands: CellBands,
  inside: Uint8Array,
  exact: (band: number, cost: number) => number,
  out: UnitSums,
): void {
  const { cost, costBefore, patientBefore, fundBefore } = sorted
  const { from: starts, to: ends, cell, unit } = stretches
  const { first, upTo, slope, intercept, slopeSize, interceptSize, cap, step, inMoney, class: bandClass } = bands
  const { points, paid, cost: costs, patient, fund } = out
  for (let k = 0; k < starts.length; k++) {
    const end = ends[k]!
    const u = unit[k]!
    const dearest = cost[end - 1]!
    let b = first[cell[k]!]!
    for (let from = starts[k]!; from < end; b++) {
      const limit = upTo[b]!
      let to = end
      if (dearest > limit) {
        if (cost[from]! > limit) continue
        // First case above the limit; the one at `from` is not.
        let low = from + 1
        let high = end - 1
        while (low < high) {
          const middle = (low + high) >>> 1
          if (cost[middle]! > limit) high = middle
          else low = middle + 1
        }
        to = low
      }
      if (inside[bandClass[b]!] === 0) {
        costs[u]! -= costBefore[to]! - costBefore[from]!
        patient[u]! -= patientBefore[to]! - patientBefore[from]!
        fund[u]! -= fundBefore[to]! - fundBefore[from]!
        from = to
        continue
      }
      let sum = 0
      const steep = slope[b]!
      const begin = intercept[b]!
      const most = cap[b]!
      if (steep === 0) {
        sum = begin < 0 ? 0 : Math.min(begin, most) * (to - from)
      } else if (steep === 1 && begin === 0 && most === Number.POSITIVE_INFINITY) {
        sum = costBefore[to]! - costBefore[from]!
      } else {
        const unsure = (slopeSize[b]! * cost[to - 1]! + interceptSize[b]!) * ERROR
        for (let i = from; i < to; i++) {
          const c = cost[i]!
          const y = steep * c + begin
          const whole = Math.floor(y)
          const part = y - whole - 0.5
          let value = part >= 0 ? whole + 1 : whole
          if (part <= unsure && part >= -unsure) value = exact(b, c)
          if (value > most) value = most
          if (value > 0) sum += value
        }
      }
      sum *= step[b]!
      if (inMoney[b] === 1) paid[u]! += sum
      else points[u]! += sum
      from = to
    }
  }
}

/** Adds cost, patient and fund of all cases to their units. */
export function sumBills(sorted: SortedCases, width: number, out: UnitSums): void {
  const { start, hospital, insurance, costBefore, patientBefore, fundBefore } = sorted
  const { cost, patient, fund } = out
  for (let k = 0; k < hospital.length; k++) {
    const u = hospital[k]! * width + insurance[k]!
    const from = start[k]!
    const to = start[k + 1]!
    cost[u]! += costBefore[to]! - costBefore[from]!
    patient[u]! += patientBefore[to]! - patientBefore[from]!
    fund[u]! += fundBefore[to]! - fundBefore[from]!
  }
}
