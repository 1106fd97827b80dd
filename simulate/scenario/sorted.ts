import { type GroupedCases, type Hospital, NO_STAY } from '../../weights/index.ts'
import { perDiemRules } from '../policy/per-diem-document.ts'
import type { Policy } from '../policy/policy.ts'
import type { ValueInput } from '../settle/points.ts'
import { acceptedCases } from '../settle/review.ts'
import { setsApart, type TrackCell, tracksOf } from '../settle/tracks.ts'
import { deal, orderByAmount } from './sort-kernel.ts'
import type { SortedCases } from './sorted-kernel.ts'

/** Cases of one group and status that a rule sets apart in one way. */
export type Apart = Pick<TrackCell, 'group' | 'status' | 'variant'>

/** Cases sorted once, and what the rules set apart among them. */
export interface SortedRegion {
  readonly sorted: SortedCases
  readonly apart: readonly Apart[]
}

/** Which stays a policy takes out of the groups; cases must be sorted anew when it changes. */
function stayRule({ stay }: Policy): string {
  return stay === null ? '' : `${stay.shortMax} ${stay.longMin}`
}

/** The cost bands of a policy: cases need not be sorted anew when they change. */
const BANDS: ReadonlySet<string> = new Set(['low', 'taper', 'high', 'linearBands'])

/**
 * What the order of sorted cases depends on: the rule for stays; where rules set cases apart, whatever in them decides
 * which cases these are; where cases are reviewed, everything but the cost bands, since the standard of a case decides.
 */
export function sortKey(policy: Policy, tables: () => string): string {
  if (!setsApart(policy)) return stayRule(policy)
  const { document: all } = policy
  if (all.review !== null)
    return `${JSON.stringify(Object.entries(all).filter(([key]) => !BANDS.has(key)))}\n${tables()}`
  const {
    perDiem,
    longStay,
    earlyDeath,
    daySurgery,
    readmission,
    redirect,
    age,
    tcm,
    auxiliary,
    base,
    volumeCap,
    rules,
  } = all
  // Prices and factors of a rule are left out: they decide what a case earns, not which cases it concerns.
  return JSON.stringify([
    stayRule(policy),
    perDiemRules(perDiem).map(one => [
      one.groups, one.departments, one.marked, one.match, one.levels, one.classes, one.insurances, one.from, one.to,
    ]), // biome-ignore format: one list
    longStay && [longStay.groups, longStay.from],
    earlyDeath,
    daySurgery && [daySurgery.mode, Object.keys(daySurgery.weights ?? {})],
    readmission && [readmission.days, readmission.exempt],
    redirect.map(({ id, group, to }) => [id, group, to]),
    age.map(({ from, to, unit }) => [from, to, unit]),
    tcm?.standards,
    all.provisionalWeights,
    tcm !== null,
    auxiliary?.except,
    base?.marked,
    volumeCap.map(({ group, cut }) => [group, cut]),
    rules,
  ])
}

/** Sorts cases once, so that many rules can be tried on them without visiting each case. Columns are shared buffers. */
export function sortCases(input: ValueInput): SortedRegion {
  const { cases, policy } = input
  const { stay } = policy
  const { count, status, group, hospital, insurance, los, cost, patient, fund } = cases
  const width = cases.insurances.length
  const tracks = tracksOf({
    policy,
    cases,
    weights: input.weights,
    hospitals: input.hospitals,
    columnOf: new Uint16Array(cases.hospitals.length),
    columns: 1,
    accepted: acceptedCases(input),
  })
  const isStay = (i: number): number =>
    stay !== null && status[i] === 0 && los[i] !== NO_STAY && (los[i]! <= stay.shortMax || los[i]! >= stay.longMin)
      ? 1
      : 0
  const ordinary = 8 * cases.groups.length
  const key = new Uint32Array(count)
  for (let i = 0; i < count; i++) key[i] = hospital[i]! * width + insurance[i]!
  const byUnit = deal(orderByAmount(cost, count), key, cases.hospitals.length * width)
  for (let i = 0; i < count; i++) {
    const track = tracks?.track[i] ?? 0
    key[i] = track > 0 ? ordinary + track - 1 : (isStay(i) * 4 + status[i]!) * cases.groups.length + group[i]!
  }
  const order = deal(byUnit, key, ordinary + (tracks?.cells.length ?? 0))
  const starts: number[] = []
  for (let n = 0; n < count; n++) {
    const [one, before] = [order[n]!, n === 0 ? -1 : order[n - 1]!]
    if (
      n === 0 ||
      key[one] !== key[before] ||
      hospital[one] !== hospital[before] ||
      insurance[one] !== insurance[before]
    )
      starts.push(n)
  }
  const size = starts.length
  const at = (n: number): number => order[starts[n]!]!
  const apart = (n: number): Apart | undefined => tracks?.cells[(tracks.track[at(n)] ?? 0) - 1]
  const before = (column: Float64Array): Float64Array => {
    const out = columns.doubles(count + 1)
    let sum = 0
    for (let n = 0; n < count; n++) {
      sum += column[order[n]!]!
      out[n + 1] = sum
    }
    return out
  }
  const sorted = columns.doubles(count)
  for (let n = 0; n < count; n++) sorted[n] = cost[order[n]!]!
  return {
    sorted: {
      start: columns.words(size + 1, n => starts[n] ?? count),
      status: columns.bytes(size, n => apart(n)?.status ?? status[at(n)]!),
      group: columns.halves(size, n => apart(n)?.group ?? group[at(n)]!),
      hospital: columns.halves(size, n => hospital[at(n)]!),
      insurance: columns.halves(size, n => insurance[at(n)]!),
      stay: columns.bytes(size, n => isStay(at(n))),
      track: columns.words(size, n => tracks?.track[at(n)] ?? 0),
      cost: sorted,
      costBefore: before(cost),
      patientBefore: before(patient),
      fundBefore: before(fund),
    },
    apart: (tracks?.cells ?? []).map(({ group: g, status: s, variant }) => ({ group: g, status: s, variant })),
  }
}

/** Columns over shared buffers, so that threads read the same ones. */
const columns = {
  bytes: (length: number, at: (n: number) => number): Uint8Array => {
    const out = new Uint8Array(new SharedArrayBuffer(length))
    for (let n = 0; n < length; n++) out[n] = at(n)
    return out
  },
  halves: (length: number, at: (n: number) => number): Uint16Array => {
    const out = new Uint16Array(new SharedArrayBuffer(length * 2))
    for (let n = 0; n < length; n++) out[n] = at(n)
    return out
  },
  words: (length: number, at: (n: number) => number): Uint32Array => {
    const out = new Uint32Array(new SharedArrayBuffer(length * 4))
    for (let n = 0; n < length; n++) out[n] = at(n)
    return out
  },
  doubles: (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(length * 8)),
}

/**
 * Whether sums over stretches are all that the claims need: no item comes on top of a single case, no set amount besides its
 * points, and its own share of the fund does not count.
 */
export function isSummable({ facts }: GroupedCases, { rules, document }: Policy): boolean {
  if (rules.fixedAmounts !== null || document.ratioLevel === 'case') return false
  return facts?.marks.some(mark => mark.addOns.length > 0) !== true
}

/** The hospitals of cases, in the order of the cases' own list. */
export function listed({
  cases,
  hospitals,
}: {
  readonly cases: GroupedCases
  readonly hospitals: readonly Hospital[]
}): readonly Hospital[] {
  const byCode = new Map(hospitals.map(one => [one.code, one]))
  return cases.hospitals.map(code => byCode.get(code)!)
}
