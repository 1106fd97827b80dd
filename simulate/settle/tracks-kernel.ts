import { type GroupedCases, NO_STAY } from '../../weights/index.ts'

/** The track of a case of which more than columns has to be asked. */
export const ASK = 0xffff_ffff
/** No age band. */
export const NO_BAND = 65_535
/** Ages beyond count as this one: years of a life, and days of its first year, stay below. */
export const OLDEST = 400

/** What of a group sets its cases apart: volume caps by date, per diem, long stays. */
export const GROUP = { byDate: 1, perDiem: 2, longStay: 4 } as const

/** The rules that set cases apart, as columns and bounds. */
export interface TrackTables {
  /** By group: bits of `GROUP`. */
  readonly group: Uint8Array
  /** By department, 1: paid by the day. */
  readonly department: Uint8Array
  /** By way of discharge, 1: early where the stay is at most `earlyMost`. */
  readonly early: Uint8Array
  readonly earlyMost: number
  readonly perDiemFrom: number
  readonly longStayFrom: number
  /** Stays outside have a row of their own; −1 and Infinity: no such rule. */
  readonly shortMax: number
  readonly longMin: number
  /** First age band by years + 1 and by days + 1; place 0 is an unknown age. */
  readonly years: Uint16Array
  readonly days: Uint16Array
  /** Tracks of cases that only their age sets apart: `((band * columns + column) * insurances + insurance) * groups + group`. */
  readonly byAge: Uint32Array
  readonly columnOf: Uint16Array
  readonly columns: number
}

/**
 * The tracks of the cases from `from` up to `to` whose columns tell them: 0 for ordinary cases and plain stays, those of
 * `byAge` for cases that only their age sets apart, `ASK` for all others.
 */
export function trackKernel(
  cases: GroupedCases,
  tables: TrackTables,
  accepted: Uint8Array | null,
  from: number,
  to: number,
  track: Uint32Array,
): void {
  const { group, status, los, dischargeWay, hospital, insurance, groups, insurances } = cases
  const mark = cases.facts?.mark ?? null
  const department = cases.facts?.department ?? null
  const age = cases.facts?.age ?? null
  const ageDays = cases.facts?.ageDays ?? null
  const { earlyMost, perDiemFrom, longStayFrom, shortMax, longMin, years, days, byAge, columnOf, columns } = tables
  const { group: ofGroup, department: ofDepartment, early } = tables
  const width = groups.length
  const schemes = insurances.length
  for (let i = from; i < to; i++) {
    const g = group[i]!
    const stay = los[i]!
    const known = stay !== NO_STAY
    const bits = ofGroup[g]!
    let asks =
      (bits & GROUP.byDate) !== 0 || (mark !== null && mark[i] !== 0) || (accepted !== null && accepted[i] === 1)
    if (known && stay <= earlyMost && early[dischargeWay[i]!] === 1) asks = true
    if (known && stay >= perDiemFrom && status[i] !== 3) {
      if (department !== null && ofDepartment[department[i]!] === 1) asks = true
      if ((bits & GROUP.perDiem) !== 0) asks = true
    }
    if (known && stay >= longStayFrom && (bits & GROUP.longStay) !== 0) asks = true
    let found = 0
    if (asks) found = ASK
    else if (age !== null && ageDays !== null && status[i] === 0 && !(known && (stay <= shortMax || stay >= longMin))) {
      const band = Math.min(years[Math.min(age[i]!, OLDEST) + 1]!, days[Math.min(ageDays[i]!, OLDEST) + 1]!)
      if (band !== NO_BAND) {
        const at = ((band * columns + columnOf[hospital[i]!]!) * schemes + insurance[i]!) * width + g
        const place = at < byAge.length ? byAge[at]! : 0
        found = place === 0 ? ASK : place
      }
    }
    track[i] = found
  }
}
