import type { CoefficientTable, GroupedCases, Hospital, WeightTable } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'
import { addOnsOf } from './add-ons.ts'
import { classNumber } from './classes.ts'
import { compilePlan } from './compile-plan.ts'
import { type FundShares, fundShares } from './fund-share.ts'
import { groupFacts } from './group-facts.ts'
import { CERTAIN, exactValue, layOut, type Plan } from './plan.ts'
import { type PointColumns, placeCases, pointsKernel } from './points-kernel.ts'
import { acceptedCases } from './review.ts'
import { tracksOf } from './tracks.ts'
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
  const { plan, cell } = planFor(input)
  const cost = costWithoutItems(input)
  const out = { class: new Uint8Array(count), points: new Float64Array(count), paid: new Float64Array(count) }
  const open = new Uint32Array(count)
  const redone = pointsKernel(cost, cell, plan, 0, count, out, CERTAIN, open)
  for (let n = 0; n < redone; n++) closeValue(plan, cell, cost, open[n]!, out)
  const separate = apart(input, out)
  const byCase = input.policy.document.ratioLevel === 'case'
  return { ...out, separate, fundShare: byCase ? fundShares(input.cases, out) : null, redone }
}

/** Compiles the policy for the cells that the cases use, and the cell of every case. */
function planFor(input: ValueInput): { readonly plan: Plan; readonly cell: Uint32Array } {
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
  const cell = new Uint32Array(cases.count)
  const used = new Uint8Array(layout.plan.ordinaryCells + (tracks?.cells.length ?? 0))
  placeCases(cases, layout.plan, tracks?.track ?? null, 0, cases.count, cell, used)
  return { plan: compilePlan(planInput, layout, used, tracks?.cells), cell }
}

/** Computes one value that the kernel left open again, exactly. */
function closeValue(plan: Plan, cell: Uint32Array, cost: Float64Array, i: number, out: PointColumns): void {
  const line = plan.linesAt(plan.firstBand[cell[i]!]!).find(one => cost[i]! <= one.upTo)
  if (line === undefined) throw new Error(`case ${i} has no band`)
  const value = Math.min(Math.max(exactValue(line.exact, cost[i]!), 0), line.cap) * line.step
  out.points[i] = line.inMoney ? 0 : value
  out.paid[i] = line.inMoney ? value : line.fixed
}

/** The cost that counts for every case: what items take out of the ratio is gone. */
function costWithoutItems({ cases, policy }: ValueInput): Float64Array {
  const { facts } = cases
  if (facts === undefined || policy.rules.addOn.size === 0) return cases.cost
  const cost = cases.cost.slice()
  for (let i = 0; i < cases.count; i++) {
    const mark = facts.marks[facts.mark[i]!]
    if (mark === undefined || mark.addOns.length === 0) continue
    cost[i] = cost[i]! - addOnsOf(policy, { cost: cost[i]!, detail: { addOns: mark.addOns } }, []).removed
  }
  return cost
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
