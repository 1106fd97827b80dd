import type { Fen } from '../../numbers/index.ts'
import { CLEARING_SUMS, type Clearing } from './cycle.ts'
import type { Settlement } from './region.ts'

/**
 * What became of the money of a year, fen. `agreed = due + residual`;
 * `payable = due + appraisal + control − deductions + sharing`; `agreed = payable + kept − lostDeposit`;
 * `cash = payable − lostDeposit + (carriedIn − carriedOut) + (advanceAfter − advanceBefore) + (workingCapitalAfter −
 * workingCapitalBefore)`.
 */
export interface FundAccount extends Readonly<Record<(typeof CLEARING_SUMS)[number], Fen>> {
  /** Agreed budgets, with what visitors bring. */
  readonly agreed: Fen
  /** Of these not due to anybody: reserves, floors, gaps (−). */
  readonly residual: Fen
  /** Paid out in the year: months, advances, working capital and final payments. */
  readonly cash: Fen
  /** What stays with the fund once all is settled; negative: what it adds to the budgets. */
  readonly kept: Fen
}

/** The account of a cleared region. */
export function fundAccount(settlement: Settlement, clearings: readonly Clearing[]): FundAccount {
  const sums = Object.fromEntries(
    CLEARING_SUMS.map(key => [key, clearings.reduce((all, one) => all + one[key], 0)]),
  ) as Record<(typeof CLEARING_SUMS)[number], Fen>
  const { pools, parts } = settlement
  const agreed =
    pools.reduce((all, one) => all + one.budget, 0) + parts.reduce((all, one) => all + one.amount - one.toPool, 0)
  const residual = [...pools, ...parts].reduce((all, one) => all + one.residual, 0)
  return {
    ...sums,
    agreed,
    residual,
    cash: sums.prepaid + sums.advance + sums.workingCapital + sums.final,
    kept: agreed - sums.payable + sums.lostDeposit,
  }
}
