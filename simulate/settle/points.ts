import type { CoefficientTable, GroupedCases, Hospital, WeightTable } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'
import { addOnsOf } from './add-ons.ts'
import { classNumber } from './classes.ts'
import { type FundShares, fundShares } from './fund-share.ts'
import { groupFacts } from './group-facts.ts'
import { CERTAIN, compilePlan, exactValue, layOut, type Plan } from './plan.ts'
import { bandOf, markCells, type PointCases, type PointColumns, pointsKernel } from './points-kernel.ts'
import { acceptedCases } from './review.ts'
import { type Tracks, tracksOf } from './tracks.ts'
import type { CountedCases } from './volume-counts.ts'

/** What every case of a region earns. */
export interface CaseValues extends PointColumns {
  /** What lines outside the pool pay by case, fen: items and special cases that are funded apart; null where nothing is. */
  readonly separate: Float64Array | null
  /** Points and money times the fund's share of each bill; null unless `ratioLevel` is `case`. */
  readonly fundShare: FundShares | null
  /** How many values were computed a second time, exactly. */
  readonly redone: number
}

/** Inputs of a points run; `hospitals` are those of the cases, in the order of `cases.hospitals`. */
export interface ValueInput {
  readonly cases: GroupedCases
  readonly policy: Policy
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  readonly hospitals: readonly Hospital[]
  /** What volume caps count where that is not each of `cases` once. */
  readonly counted?: CountedCases | undefined
}

/** Class, points and money of every case; equal to `payCase` on each of them. */
export function valueCases(input: ValueInput): CaseValues {
  const { count } = input.cases
  const { plan, tracks } = planFor(input)
  const cases = withoutItems(input)
  const out = { class: new Uint8Array(count), points: new Float64Array(count), paid: new Float64Array(count) }
  const track = tracks?.track ?? null
  const redone = pointsKernel(cases, plan, track, 0, count, out, CERTAIN)
  if (redone > 0) closeOpenValues(cases, plan, track, out)
  const separate = apart(input, out)
  const byCase = input.policy.document.ratioLevel === 'case'
  return { ...out, separate, fundShare: byCase ? fundShares(input.cases, out) : null, redone }
}

/** Compiles the policy for the cells that the cases use. */
function planFor(input: ValueInput): { readonly plan: Plan; readonly tracks: Tracks | null } {
  const { cases, policy, hospitals } = input
  const facts = groupFacts(cases, hospitals, policy, input.counted)
  const planInput = { ...input, parents: cases.parents, insurances: cases.insurances, facts }
  const layout = layOut(planInput)
  const tracks = tracksOf({
    policy,
    cases,
    weights: input.weights,
    hospitals,
    columnOf: layout.plan.columnOf,
    columns: layout.plan.columns,
    accepted: acceptedCases(input),
  })
  const used = new Uint8Array(layout.plan.ordinaryCells)
  markCells(cases, layout.plan, tracks?.track ?? null, 0, cases.count, used)
  return { plan: compilePlan(planInput, layout, used, tracks?.cells), tracks }
}

function closeOpenValues(cases: PointCases, plan: Plan, track: Uint32Array | null, out: PointColumns): void {
  for (const column of [out.points, out.paid]) {
    for (let i = column.findIndex(Number.isNaN); i >= 0 && i < column.length; i++) {
      if (!Number.isNaN(column[i])) continue
      const band = bandOf(cases, plan, track, i)
      const line = plan.exact[band]
      const cap = plan.bands.cap[band] ?? Number.POSITIVE_INFINITY
      if (line === undefined) throw new Error(`case ${i} has no band`)
      column[i] = Math.min(Math.max(exactValue(line, cases.cost[i] ?? 0), 0), cap) * (plan.bands.step[band] ?? 1)
    }
  }
}

/** The cases with the cost that counts: what items take out of the ratio is gone. */
function withoutItems({ cases, policy }: ValueInput): PointCases {
  const { facts } = cases
  if (facts === undefined || policy.rules.addOn.size === 0) return cases
  const cost = cases.cost.slice()
  for (let i = 0; i < cases.count; i++) {
    const mark = facts.marks[facts.mark[i]!]
    if (mark === undefined || mark.addOns.length === 0) continue
    cost[i] = cost[i]! - addOnsOf(policy, { cost: cost[i]!, detail: { addOns: mark.addOns } }, []).removed
  }
  return { ...cases, cost }
}

/** Adds the items to what the cases earn, and takes out what is funded apart. */
function apart({ cases, policy }: ValueInput, out: PointColumns): Float64Array | null {
  const { facts } = cases
  const hasItems = facts?.marks.some(mark => mark.addOns.length > 0)
  const isApart = policy.rules.review?.fundedBy === 'separate'
  if (!hasItems && !isApart) return null
  const separate = new Float64Array(cases.count)
  const review = classNumber('review')
  for (let i = 0; i < cases.count; i++) {
    if (isApart && out.class[i] === review) {
      separate[i] = out.paid[i]!
      out.paid[i] = 0
    }
    const mark = facts?.marks[facts.mark[i]!]
    if (mark === undefined || mark.addOns.length === 0) continue
    const items = addOnsOf(policy, { cost: cases.cost[i]!, detail: { addOns: mark.addOns } }, [])
    out.points[i] = out.points[i]! + items.points
    out.paid[i] = out.paid[i]! + items.paid
    separate[i] = separate[i]! + items.separate
  }
  return separate
}
