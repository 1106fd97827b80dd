import { type Budget, divideParts, type PartSettlement } from '../budget/parts.ts'
import type { Policy } from '../policy/policy.ts'
import { claimsOf, dividePools, orderOf, poolTerms } from './claims.ts'
import type { Ledger } from './ledger.ts'
import type { PoolShares } from './pool.ts'
import { type CellMoney, cellsOf, noMoney, spreadDue, spreadPoints, total } from './spread.ts'
import { asBilled, visitorsOf } from './table-division.ts'

/** Patients insured elsewhere, whom the cases name by an insurance of their own. */
export interface Visitors {
  /** The insurance as the cases write it. */
  readonly insurance: string
  /** The insurance scheme of this region by whose prices their cases are valued. */
  readonly as: string
  /** `joins`: their points share that scheme's pool, which grows by what their bills charge to the fund; `apart`: paid as billed. */
  readonly pool: 'joins' | 'apart'
}

/** A pool with its insurances: one scheme, or all of them. */
export interface PoolSettlement extends Omit<PoolShares, 'gross' | 'net' | 'due'> {
  readonly insurances: readonly string[]
}

/** A ledger with its money down to the cell. Fen. */
export interface Division {
  readonly ledger: Ledger
  readonly pools: readonly PoolSettlement[]
  readonly parts: readonly PartSettlement[]
  readonly money: CellMoney
  /** What each cell's money was divided on: points, billed amounts or cost; positions in `BASES`. */
  readonly basis: Uint8Array
  /** Fund due by unit (hospital and insurance), after a negative year was floored. */
  readonly due: Float64Array
}

/** The bases of `Division.basis`. */
export const BASES = ['points', 'fund', 'cost'] as const

/** What a division depends on besides the ledger. */
export interface DivisionTerms {
  readonly policy: Policy
  readonly budgets: readonly Budget[]
  readonly visitors?: readonly Visitors[] | undefined
}

/** Divides the budgets over a ledger: parts first, then the pools, region → hospital → insurance → month → cell. */
export function divideLedger(ledger: Ledger, { policy, budgets, visitors = [] }: DivisionTerms): Division {
  // Without insurances: rules on the point value hold for pools, not for parts of a budget.
  const terms = poolTerms(policy)
  const order = orderOf(ledger.hospitals)
  const { joined, apart } = visitorsOf(visitors)
  const split = divideParts(
    ledger,
    [...budgets, ...apart.map(label => asBilled(label, billedFor(ledger, label)))],
    terms,
  )
  const money = noMoney(ledger)
  const basis = new Uint8Array(money.gross.length)
  const due = new Float64Array(ledger.hospitals.length * ledger.insurances.length)
  const width = ledger.insurances.length

  /** Sets the due of a hospital's units from what a pool spread over its cells; a floored year is due to none of them. */
  const settle = (
    from: Ledger,
    spread: CellMoney,
    hospital: number,
    columns: readonly number[],
    floored: boolean,
  ): void => {
    if (floored) return
    for (const s of columns) due[hospital * width + s]! += total(spread.net, ...cellsOf(from, hospital, s))
  }
  /** Puts the money of a part's cells in their places. */
  const place = (at: Uint32Array | null, spread: CellMoney, kind: number): void => {
    if (at === null) {
      money.gross.set(spread.gross)
      money.net.set(spread.net)
      return
    }
    for (let cell = 0; cell < at.length; cell++) {
      money.gross[at[cell]!] = spread.gross[cell]!
      money.net[at[cell]!] = spread.net[cell]!
      basis[at[cell]!] = kind
    }
  }

  const main = split.main?.ledger ?? ledger
  const spread = noMoney(main)
  const pools: PoolSettlement[] = []
  for (const { insurances, columns, shares } of dividePools(claimsOf(main), policy, split.budgets, joined)) {
    if (insurances.every(code => apart.includes(code))) continue
    const { gross, net, due: dues, ...pool } = shares
    pools.push({ ...pool, insurances })
    for (const [i, h] of order.entries()) {
      spreadPoints(main, h, columns, { gross: gross[i]!, net: net[i]! }, terms, spread)
      settle(main, spread, h, columns, dues[i] !== net[i])
    }
  }
  place(split.main?.at ?? null, spread, 0)
  for (const { cells, columns, basis: kind, gross, net, due: dues } of split.parts) {
    const own = noMoney(cells.ledger)
    for (const [i, h] of order.entries()) {
      if (kind === 'points') spreadPoints(cells.ledger, h, columns, { gross: gross[i]!, net: net[i]! }, terms, own)
      else spreadDue(cells.ledger, h, columns, dues[i]!, kind, own)
      settle(cells.ledger, own, h, columns, dues[i] !== net[i])
    }
    place(cells.at, own, BASES.indexOf(kind))
  }
  const parts = [...split.parts.map(part => part.settlement), ...split.reserves]
  return { ledger, pools, parts, money, basis, due }
}

/** What is billed for visitors, fen. */
function billedFor(ledger: Ledger, insurance: string): number {
  const column = ledger.insurances.indexOf(insurance)
  if (column < 0) return 0
  return ledger.hospitals.reduce((all, _, h) => all + total(ledger.cells.sums.fund, ...cellsOf(ledger, h, column)), 0)
}
