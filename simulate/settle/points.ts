import type { CoefficientTable, GroupedCases, Hospital, WeightTable } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'
import { CERTAIN, compilePlan, exactValue, layOut, type Plan } from './plan.ts'
import { bandOf, markCells, type PointColumns, pointsKernel } from './points-kernel.ts'

/** What every case of a region earns. */
export interface CaseValues extends PointColumns {
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
}

/** Compiles the policy for the cells that the cases use. */
function planFor(input: ValueInput): Plan {
  const { cases } = input
  const planInput = { ...input, parents: cases.parents, insurances: cases.insurances }
  const layout = layOut(planInput)
  const used = new Uint8Array(layout.rows.length * layout.plan.columns * layout.plan.insurances)
  markCells(cases, layout.plan, 0, cases.count, used)
  return compilePlan(planInput, layout, used)
}

/** Class, points and money of every case; equal to `payCase` on each of them. */
export function valueCases(input: ValueInput): CaseValues {
  const { cases } = input
  const plan = planFor(input)
  const { count } = cases
  const out = { class: new Uint8Array(count), points: new Float64Array(count), paid: new Float64Array(count) }
  const redone = pointsKernel(cases, plan, 0, count, out, CERTAIN)
  if (redone > 0) closeOpenValues(input, plan, out)
  return { ...out, redone }
}

function closeOpenValues({ cases }: ValueInput, plan: Plan, out: PointColumns): void {
  for (const column of [out.points, out.paid]) {
    for (let i = column.findIndex(Number.isNaN); i >= 0 && i < cases.count; i++) {
      if (!Number.isNaN(column[i])) continue
      const band = bandOf(cases, plan, i)
      const line = plan.exact[band]
      const cap = plan.bands.cap[band] ?? Number.POSITIVE_INFINITY
      if (line === undefined) throw new Error(`case ${i} has no band`)
      column[i] = Math.min(Math.max(exactValue(line, cases.cost[i] ?? 0), 0), cap)
    }
  }
}
