import { type Budget, cutParts, type PaidPart, type PartPlan, payParts, planParts } from '../budget/parts.ts'
import { CLAIM_KEYS, type ClaimTable, dividePools, type PoolDivision, poolTerms } from './claims.ts'
import type { DivisionTerms, Visitors } from './division.ts'
import type { Ledger } from './ledger.ts'

/** The claims of a region cut as its budgets are: parts in the order of `cutLedger`, and what is left for the pools. */
export interface ClaimTables {
  readonly main: ClaimTable
  readonly parts: readonly { readonly claims: ClaimTable; readonly isEmpty: boolean }[]
}

/** A ledger cut in the same way. */
export interface CutLedger {
  readonly main: Ledger
  readonly parts: readonly { readonly ledger: Ledger; readonly isEmpty: boolean }[]
}

/** What the tables of a region are due, by hospital, fen. */
export interface TableDivision {
  readonly pools: readonly PoolDivision[]
  readonly parts: readonly PaidPart[]
  readonly due: Float64Array
  readonly gross: Float64Array
  /** What stays with the fund, or what it adds (−): pools, parts and reserves. */
  readonly residual: number
}

/** Visitors who are paid as billed: a budget that pays just that, and comes after all others. */
export function asBilled(insurance: string, fund: number): Budget {
  return {
    insurance,
    fund,
    within: [
      {
        id: 'visitors',
        title: { zh: '异地参保人员（按账单）', en: 'Visitors, as billed' },
        size: { kind: 'share', value: '1', of: 'budget' },
        cases: { hospitals: null, groups: null, classes: null },
        pays: 'cost',
        capped: false,
        rest: 'fund',
      },
    ],
  }
}

/** The insurances of visitors who join a pool, with the one that they join; and of those who are paid as billed. */
export function visitorsOf(visitors: readonly Visitors[] = []): {
  readonly joined: ReadonlyMap<string, string>
  readonly apart: readonly string[]
} {
  return {
    joined: new Map(visitors.flatMap(one => (one.pool === 'joins' ? [[one.insurance, one.as] as const] : []))),
    apart: visitors.flatMap(one => (one.pool === 'apart' ? [one.insurance] : [])),
  }
}

/** The parts of a region's budgets, visitors who are paid as billed among them, whatever they bill. */
export function partPlan(insurances: readonly string[], { budgets, visitors }: DivisionTerms): PartPlan {
  return planParts(insurances, [...budgets, ...visitorsOf(visitors).apart.map(one => asBilled(one, 0))])
}

/** Cuts a ledger into the parts of the budgets and what is left for the pools. */
export function cutLedger(ledger: Ledger, terms: DivisionTerms): CutLedger {
  const cut = cutParts(ledger, partPlan(ledger.insurances, terms))
  if (cut === null) return { main: ledger, parts: [] }
  return {
    main: cut.at(-1)!.ledger,
    parts: cut.slice(0, -1).map(part => ({ ledger: part.ledger, isEmpty: part.at.length === 0 })),
  }
}

/** A table cut by insurance: for regions whose budgets hold no parts, so that only visitors are set apart. */
export function cutVisitors(table: ClaimTable, visitors: readonly Visitors[] = []): ClaimTables {
  const { apart } = visitorsOf(visitors)
  if (apart.length === 0) return { main: table, parts: [] }
  const width = table.insurances.length
  const only = (keeps: (insurance: string) => boolean): ClaimTable => ({
    ...table,
    ...Object.fromEntries(
      CLAIM_KEYS.map(key => [key, table[key].map((value, i) => (keeps(table.insurances[i % width]!) ? value : 0))]),
    ),
  })
  return {
    main: only(one => !apart.includes(one)),
    parts: apart.map(label => ({ claims: only(one => one === label), isEmpty: false })),
  }
}

/** Divides budgets over tables, as `divideLedger` does over a ledger: the same dues of every hospital, to the fen. */
export function divideTables(
  { main, parts }: ClaimTables,
  { policy, budgets, visitors }: DivisionTerms,
): TableDivision {
  const { joined, apart } = visitorsOf(visitors)
  const billed = (i: number): number => parts[parts.length - apart.length + i]!.claims.fund.reduce((a, b) => a + b, 0)
  const all = [...budgets, ...apart.map((one, i) => asBilled(one, billed(i)))]
  const due = new Float64Array(main.hospitals.length)
  const gross = new Float64Array(main.hospitals.length)
  let residual = 0
  const add = (from: { readonly due: Float64Array; readonly gross: Float64Array; readonly residual: number }): void => {
    residual += from.residual
    for (let h = 0; h < due.length; h++) {
      due[h]! += from.due[h]!
      gross[h]! += from.gross[h]!
    }
  }
  let left: readonly Budget[] = budgets
  let partsPaid: readonly PaidPart[] = []
  if (all.some(({ within }) => (within ?? []).length > 0)) {
    const plan = planParts(main.insurances, all)
    const paid = payParts(plan, parts, poolTerms(policy))
    for (const reserve of plan.reserves) residual += reserve.residual
    for (const part of paid.parts) add(part)
    left = paid.budgets
    partsPaid = paid.parts
  }
  const pools = dividePools(main, policy, left, joined).filter(
    ({ insurances }) => !insurances.every(code => apart.includes(code)),
  )
  for (const { shares } of pools) add(shares)
  return { pools, parts: partsPaid, due, gross, residual }
}
