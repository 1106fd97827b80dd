import type { Clearing } from '../../simulate/settle/cycle.ts'

/** What a unit's cash must be, by the docstring of `Clearing`. */
export const cashOf = (one: Clearing): number =>
  one.payable -
  one.lostDeposit +
  one.carriedIn -
  one.carriedOut +
  one.advanceAfter -
  one.advanceBefore +
  one.workingCapitalAfter -
  one.workingCapitalBefore
