import type { Text } from '../../messages/index.ts'
import type { Fen } from '../../numbers/index.ts'
import { type ClaimTable, claimsOf } from '../settle/claims.ts'
import { CLASSES, classNumber } from '../settle/classes.ts'
import { type Ledger, type LedgerPart, splitCells } from '../settle/ledger.ts'
import { type Claim, dividePool, type PoolShares, type PoolTerms, share } from '../settle/pool.ts'
import type { PartCases, PartDocument } from './document.ts'
import { partsOf } from './waterfall.ts'

/** The budget of one insurance: the agreed amount and what is set apart inside it. */
export interface Budget {
  readonly insurance: string
  /** Budget of case-based payment, fen. */
  readonly fund: Fen
  readonly within?: readonly PartDocument[]
}

/** A part of a budget settled. `amount = Σ due + toPool + residual`, fen. */
export interface PartSettlement {
  readonly insurance: string
  readonly id: string
  readonly title: Text
  /** How it pays; a reserve pays nothing here. */
  readonly pays: PartDocument['pays'] | 'reserve'
  readonly amount: Fen
  readonly cases: number
  readonly points: number
  readonly pointValue: PoolShares['pointValue']
  readonly due: Fen
  /** What the pool gets of the rest (+) or gives to the part (−). */
  readonly toPool: Fen
  /** What stays with the fund (+), or what the fund adds (−); for a reserve the whole amount. */
  readonly residual: Fen
}

/** A part with its own ledger, and its amounts by hospital in the order of the claims. */
export interface PartDivision {
  readonly settlement: PartSettlement
  readonly cells: LedgerPart
  /** Positions of the insurances that it pays. */
  readonly columns: readonly number[]
  readonly basis: 'points' | 'fund' | 'cost'
  readonly gross: Float64Array
  readonly net: Float64Array
  readonly due: Float64Array
}

/** A ledger with its parts set apart. */
export interface DividedParts {
  /** What is left for the pools; the ledger itself where nothing is set apart. */
  readonly main: LedgerPart | null
  readonly parts: readonly PartDivision[]
  readonly reserves: readonly PartSettlement[]
  /** Budgets of the pools: less what is set apart, with what parts give back. */
  readonly budgets: readonly { readonly insurance: string; readonly fund: Fen }[]
}

/** A part that pays some cases, with its amount and the insurances that it pays. */
export interface PayingPart {
  readonly insurance: string
  readonly part: PartDocument
  readonly amount: Fen
  readonly columns: readonly number[]
}

/** The parts of all budgets before it is known what they pay, and what they leave to the pools. */
export interface PartPlan {
  readonly paying: readonly PayingPart[]
  readonly reserves: readonly PartSettlement[]
  readonly funds: ReadonlyMap<string, Fen>
}

/** Sets the parts of all budgets apart; `insurances` are those of the cases. */
export function planParts(insurances: readonly string[], budgets: readonly Budget[]): PartPlan {
  const reserves: PartSettlement[] = []
  const paying: PayingPart[] = []
  const funds = new Map<string, Fen>()
  for (const { insurance, fund, within } of budgets) {
    const { parts, pool } = partsOf(fund, within ?? [])
    funds.set(insurance, pool)
    const columns = insurances.flatMap((code, s) => (code === insurance ? [s] : []))
    for (const { part, amount } of parts) {
      if (part.cases === null) reserves.push(reserveOf(insurance, part, amount))
      else paying.push({ insurance, part, amount, columns })
    }
  }
  return { paying, reserves, funds }
}

/** The cells of each paying part, and at the end those that are left; null where nothing is set apart. */
export function cutParts(ledger: Ledger, { paying }: PartPlan): readonly LedgerPart[] | null {
  if (paying.length === 0) return null
  const find = partFinder(ledger, paying)
  const { cells, insurances, months } = ledger
  const partOf = new Uint16Array(cells.group.length)
  for (let row = 0; row + 1 < cells.start.length; row++) {
    const unit = Math.floor(row / months.length)
    const [h, s] = [Math.floor(unit / insurances.length), unit % insurances.length]
    for (let cell = cells.start[row]!; cell < cells.start[row + 1]!; cell++)
      partOf[cell] = find(h, s, cells.group[cell]!, cells.class[cell]!)
  }
  return splitCells(ledger, partOf, paying.length + 1)
}

/** A part with what it pays by hospital. */
export type PaidPart = Pick<PartDivision, 'basis' | 'gross' | 'net' | 'due'> &
  Pick<PartSettlement, 'pointValue' | 'residual' | 'toPool'>

/** What parts pay for their claims, and the budgets of the pools with what the parts give back. */
export function payParts(
  { paying, funds }: PartPlan,
  tables: readonly { readonly claims: ClaimTable; readonly isEmpty: boolean }[],
  terms: PoolTerms,
): { readonly parts: readonly PaidPart[]; readonly budgets: DividedParts['budgets'] } {
  const left = new Map(funds)
  const parts = paying.map(({ insurance, part, amount, columns }, i): PaidPart => {
    const divided = dividePart(tables[i]!, columns, part, amount, terms)
    const rest = amount - sum(divided.due)
    const isPool = part.rest === 'pool'
    if (isPool) left.set(insurance, (left.get(insurance) ?? 0) + rest)
    return { ...divided, toPool: isPool ? rest : 0, residual: isPool ? 0 : rest }
  })
  return { parts, budgets: [...left].map(([insurance, fund]) => ({ insurance, fund })) }
}

/** Settles the parts of all budgets; a case belongs to the first part that names it, else to its pool. */
export function divideParts(ledger: Ledger, budgets: readonly Budget[], terms: PoolTerms): DividedParts {
  const plan = planParts(ledger.insurances, budgets)
  const split = cutParts(ledger, plan)
  const tables = plan.paying.map((_, i) => ({
    claims: claimsOf(split![i]!.ledger),
    isEmpty: split![i]!.at.length === 0,
  }))
  const paid = payParts(plan, tables, terms)
  const parts = plan.paying.map(({ insurance, part, amount, columns }, i): PartDivision => {
    const cells = split![i]!
    const { toPool, residual, pointValue, ...divided } = paid.parts[i]!
    const { sums } = cells.ledger.cells
    const settlement: PartSettlement = {
      insurance,
      id: part.id,
      title: part.title,
      pays: part.pays,
      amount,
      cases: sum(sums.cases),
      points: sum(sums.points),
      pointValue,
      due: sum(divided.due),
      toPool,
      residual,
    }
    return { settlement, cells, columns, ...divided }
  })
  return { main: split?.at(-1) ?? null, parts, reserves: plan.reserves, budgets: paid.budgets }
}

function reserveOf(insurance: string, { id, title }: PartDocument, amount: Fen): PartSettlement {
  return {
    insurance,
    id,
    title,
    pays: 'reserve',
    amount,
    cases: 0,
    points: 0,
    pointValue: null,
    due: 0,
    toPool: 0,
    residual: amount,
  }
}

type Divided = Pick<PartDivision, 'basis' | 'gross' | 'net' | 'due'> & Pick<PartSettlement, 'pointValue'>

function dividePart(
  { claims, isEmpty }: { readonly claims: ClaimTable; readonly isEmpty: boolean },
  columns: readonly number[],
  { pays, capped }: PartDocument,
  amount: Fen,
  terms: PoolTerms,
): Divided {
  const width = claims.insurances.length
  const of = (key: keyof Omit<Claim, 'basePoints'>, h: number): number =>
    columns.reduce((all, s) => all + (claims[key]?.[h * width + s] ?? 0), 0)
  const list = claims.hospitals.map(
    (_, h): Claim => ({
      points: of('points', h),
      paid: of('paid', h),
      cost: of('cost', h),
      patient: of('patient', h),
      fund: of('fund', h),
      fundPoints: of('fundPoints', h),
      fundPaid: of('fundPaid', h),
    }),
  )
  if (pays === 'points') {
    // A share for the ratio convention cannot be taken from a part without cases.
    if (isEmpty) return nothing(list.length)
    return { basis: 'points', ...dividePool(amount, list, terms) }
  }
  const basis = pays === 'cost' ? 'fund' : 'cost'
  const billed = list.reduce((all, one) => all + one.fund, 0)
  const money = pays === 'capitation' || (capped && billed > amount) ? amount : billed
  const due = share(
    money,
    list.map(one => one[basis]),
  )
  return { basis, due, net: due, gross: due.map((value, h) => value + list[h]!.patient), pointValue: null }
}

function nothing(hospitals: number): Divided {
  const none = new Float64Array(hospitals)
  return { basis: 'points', due: none, net: none, gross: none, pointValue: null }
}

/** Finds the first part that names a case, by hospital, insurance, group and class; the number of parts where none does. */
export function partFinder(
  { hospitals, insurances, groups, parents }: Pick<Ledger, 'hospitals' | 'insurances' | 'groups' | 'parents'>,
  paying: readonly PayingPart[],
): (hospital: number, insurance: number, group: number, classOf: number) => number {
  const tests = paying.map(({ part, columns }) => {
    const cases: PartCases = part.cases!
    const named = (list: readonly string[] | null, code: string): boolean => list === null || list.includes(code)
    const classes = cases.classes?.map(classNumber)
    return {
      hospital: hospitals.map(code => named(cases.hospitals, code)),
      insurance: insurances.map((_, s) => columns.includes(s)),
      group: groups.map((code, g) => named(cases.groups, code) || (cases.groups?.includes(parents[g]!) ?? false)),
      class: CLASSES.map((_, one) => classes === undefined || classes.includes(one)),
    }
  })
  return (h, s, g, one) => {
    const found = tests.findIndex(test => test.hospital[h] && test.insurance[s] && test.group[g] && test.class[one])
    return found < 0 ? tests.length : found
  }
}

function sum(values: Float64Array): number {
  return values.reduce((all, value) => all + value, 0)
}
