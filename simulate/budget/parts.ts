import type { Text } from '../../messages/index.ts'
import type { Fen } from '../../numbers/index.ts'
import { type ClaimTable, claimsOf } from '../settle/claims.ts'
import { classNumber } from '../settle/classes.ts'
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

/** Settles the parts of all budgets; a case belongs to the first part that names it, else to its pool. */
export function divideParts(ledger: Ledger, budgets: readonly Budget[], terms: PoolTerms): DividedParts {
  const reserves: PartSettlement[] = []
  const paying: { insurance: string; part: PartDocument; amount: Fen; columns: number[] }[] = []
  const funds = new Map<string, Fen>()
  for (const { insurance, fund, within } of budgets) {
    const { parts, pool } = partsOf(fund, within ?? [])
    funds.set(insurance, pool)
    const columns = ledger.insurances.flatMap((code, s) => (code === insurance ? [s] : []))
    for (const { part, amount } of parts) {
      if (part.cases === null) reserves.push(reserveOf(insurance, part, amount))
      else paying.push({ insurance, part, amount, columns })
    }
  }
  if (paying.length === 0) return { main: null, parts: [], reserves, budgets: listOf(funds) }
  const partOf = partOfCells(
    ledger,
    paying.map(({ part, columns }) => ({ cases: part.cases!, columns })),
  )
  const split = splitCells(ledger, partOf, paying.length + 1)
  const parts = paying.map(({ insurance, part, amount, columns }, i) => {
    const cells = split[i]!
    const divided = dividePart(cells, claimsOf(cells.ledger), columns, part, amount, terms)
    const due = sum(divided.due)
    const rest = amount - due
    const isPool = part.rest === 'pool'
    if (isPool) funds.set(insurance, (funds.get(insurance) ?? 0) + rest)
    const settlement: PartSettlement = {
      insurance,
      id: part.id,
      title: part.title,
      pays: part.pays,
      amount,
      cases: sum(cells.ledger.cells.sums.cases),
      points: sum(cells.ledger.cells.sums.points),
      pointValue: divided.pointValue,
      due,
      toPool: isPool ? rest : 0,
      residual: isPool ? 0 : rest,
    }
    return { settlement, cells, columns, ...divided }
  })
  return { main: split.at(-1)!, parts, reserves, budgets: listOf(funds) }
}

function listOf(funds: ReadonlyMap<string, Fen>): DividedParts['budgets'] {
  return [...funds].map(([insurance, fund]) => ({ insurance, fund }))
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
  cells: LedgerPart,
  claims: ClaimTable,
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
    if (cells.at.length === 0) return nothing(list.length)
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

/** For each cell the position of the first part that names it; `parts.length` where none does. */
function partOfCells(
  { cells, hospitals, insurances, months, groups, parents }: Ledger,
  parts: readonly { readonly cases: PartCases; readonly columns: readonly number[] }[],
): Uint16Array {
  const tests = parts.map(({ cases, columns }) => {
    const named = (list: readonly string[] | null, code: string): boolean => list === null || list.includes(code)
    const classes = cases.classes?.map(classNumber)
    return {
      hospital: hospitals.map(code => named(cases.hospitals, code)),
      insurance: insurances.map((_, s) => columns.includes(s)),
      group: groups.map((code, g) => named(cases.groups, code) || (cases.groups?.includes(parents[g]!) ?? false)),
      class: (one: number): boolean => classes === undefined || classes.includes(one),
    }
  })
  const out = new Uint16Array(cells.group.length).fill(parts.length)
  for (let row = 0; row + 1 < cells.start.length; row++) {
    const unit = Math.floor(row / months.length)
    const [h, s] = [Math.floor(unit / insurances.length), unit % insurances.length]
    for (const [p, test] of tests.entries()) {
      if (!test.hospital[h] || !test.insurance[s]) continue
      for (let cell = cells.start[row]!; cell < cells.start[row + 1]!; cell++) {
        if (out[cell] === parts.length && test.group[cells.group[cell]!] && test.class(cells.class[cell]!))
          out[cell] = p
      }
    }
  }
  return out
}

function sum(values: Float64Array): number {
  return values.reduce((all, value) => all + value, 0)
}
