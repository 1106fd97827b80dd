import {
  type CoefficientTable,
  type GroupedCases,
  type Hospital,
  NO_STAY,
  type WeightTable,
} from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'
import { type ClaimTable, orderOf } from '../settle/claims.ts'
import { poolClasses } from '../settle/classes.ts'
import { groupFacts } from '../settle/group-facts.ts'
import { CERTAIN, compilePlan, layOut } from '../settle/plan.ts'
import { setsApart } from '../settle/tracks.ts'
import { markStretches, type SortedCases, sumSorted, type UnitSums } from './sorted-kernel.ts'

/** Which stays a policy takes out of the groups; cases must be sorted anew when it changes. */
export function stayRule({ stay }: Policy): string {
  return stay === null ? '' : `${stay.shortMax} ${stay.longMin}`
}

/** Sorts cases once, so that many rules can be tried on them without visiting each case. Columns are shared buffers. */
export function sortCases(cases: GroupedCases, { stay }: Policy): SortedCases {
  const { count, status, group, hospital, insurance, los, cost, patient, fund } = cases
  const isStay = (i: number): number =>
    stay !== null && status[i] === 0 && los[i] !== NO_STAY && (los[i]! <= stay.shortMax || los[i]! >= stay.longMin)
      ? 1
      : 0
  const wide = cases.hospitals.length * cases.insurances.length
  // One number a stretch: below 2^53 for any region.
  const key = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const rules = (isStay(i) * 4 + status[i]!) * cases.groups.length + group[i]!
    key[i] = rules * wide + hospital[i]! * cases.insurances.length + insurance[i]!
  }
  const order = orderByKey(key, cost, count)
  const starts: number[] = []
  for (let n = 0; n < count; n++) if (n === 0 || key[order[n]!] !== key[order[n - 1]!]) starts.push(n)
  const first = starts.map(n => order[n]!)
  const before = (column: Float64Array): Float64Array => {
    const out = shared(count + 1)
    for (let n = 0; n < count; n++) out[n + 1] = out[n]! + column[order[n]!]!
    return out
  }
  const sorted = shared(count)
  for (let n = 0; n < count; n++) sorted[n] = cost[order[n]!]!
  return {
    start: Uint32Array.from([...starts, count]),
    status: Uint8Array.from(first, i => status[i]!),
    group: Uint16Array.from(first, i => group[i]!),
    hospital: Uint16Array.from(first, i => hospital[i]!),
    insurance: Uint16Array.from(first, i => insurance[i]!),
    stay: Uint8Array.from(first, isStay),
    cost: sorted,
    costBefore: before(cost),
    patientBefore: before(patient),
    fundBefore: before(fund),
  }
}

function shared(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * 8))
}

/** Positions in order of key, then of cost: cases are dealt to their keys, and each key's cases sorted by cost. */
function orderByKey(key: Float64Array, cost: Float64Array, count: number): Uint32Array {
  const place = new Map<number, number>()
  for (let i = 0; i < count; i++) place.set(key[i]!, (place.get(key[i]!) ?? 0) + 1)
  const keys = Float64Array.from(place.keys()).sort()
  const ends = new Uint32Array(keys.length + 1)
  for (const [k, one] of keys.entries()) {
    ends[k + 1] = ends[k]! + place.get(one)!
    place.set(one, k)
  }
  const next = ends.slice()
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const k = place.get(key[i]!)!
    order[next[k]!] = i
    next[k]!++
  }
  for (let k = 0; k < keys.length; k++) order.subarray(ends[k], ends[k + 1]).sort((a, b) => cost[a]! - cost[b]!)
  return order
}

/** Whether all cases of a stretch are paid by one rule: no rule asks for facts of the single case, no item comes on top. */
export function isUniform(policy: Policy, { facts }: GroupedCases): boolean {
  return !setsApart(policy) && facts?.marks.some(mark => mark.addOns.length > 0) !== true
}

/** What the claims of a region depend on besides the sorted cases. */
export interface ClaimInput {
  readonly cases: GroupedCases
  readonly policy: Policy
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  readonly hospitals: readonly Hospital[]
  /** Insurances by whose prices the cases are valued, in the order of the cases' own. */
  readonly priced: readonly string[]
}

/** The claims of sorted cases under a policy: equal to those of the ledger, to the last unit. */
export function claimsOfSorted(sorted: SortedCases, input: ClaimInput): ClaimTable {
  const { cases, policy } = input
  const byCode = new Map(input.hospitals.map(one => [one.code, one]))
  const hospitals = cases.hospitals.map(code => byCode.get(code)!)
  const facts = groupFacts(cases, hospitals, policy)
  const planInput = { ...input, hospitals, parents: cases.parents, insurances: input.priced, facts }
  const layout = layOut(planInput)
  const used = new Uint8Array(layout.plan.ordinaryCells)
  markStretches(sorted, layout.plan, used)
  const plan = compilePlan(planInput, layout, used)
  const width = cases.insurances.length
  const column = (): Float64Array => new Float64Array(cases.hospitals.length * width)
  const sums: UnitSums = { points: column(), paid: column(), cost: column(), patient: column(), fund: column() }
  sumSorted(sorted, plan, poolClasses(policy), CERTAIN, sums)
  const order = orderOf(cases.hospitals)
  const ordered = (from: Float64Array): Float64Array =>
    from.map((_, i) => from[order[Math.floor(i / width)]! * width + (i % width)]!)
  return {
    hospitals: order.map(h => cases.hospitals[h]!),
    insurances: cases.insurances,
    points: ordered(sums.points),
    paid: ordered(sums.paid),
    cost: ordered(sums.cost),
    patient: ordered(sums.patient),
    fund: ordered(sums.fund),
  }
}
