import { Decimal } from '../../numbers/index.ts'
import type { Policy } from '../policy/policy.ts'
import { type Clearing, yearOf } from './cycle.ts'
import { deadlinesOf, type PayBy } from './deadlines.ts'
import type { Settlement } from './region.ts'

/** By when a year is to be paid and cleared, and how much of the money the months have left to the clearing. */
export interface ClearingOutlook {
  /** First and last month with the last day of paying them. */
  readonly months: readonly (PayBy & { readonly month: string })[]
  readonly clearBy: string | null
  /** What the months left of the payable money, as a share of it; null while months are open or nothing is payable. */
  readonly share: Decimal | null
  readonly target: Decimal | null
}

/** The outlook of a settled region; null without a month. */
export function clearingOutlook(
  settlement: Settlement,
  clearings: readonly Clearing[],
  policy: Policy,
): ClearingOutlook | null {
  const year = yearOf(settlement)
  if (year === null) return null
  const { payBy, clearBy, clearingShare } = deadlinesOf(policy.document.cycle, year)
  const months = [...new Set(settlement.months.map(row => row.month))].sort()
  const ends = [...new Set([months[0]!, months.at(-1)!])]
  const payable = clearings.reduce((all, one) => all + one.payable, 0)
  const prepaid = clearings.reduce((all, one) => all + one.prepaid, 0)
  const isOpen = clearings.some(one => one.state === 'open')
  return {
    months: ends.map(month => ({ month, ...payBy(month) })),
    clearBy,
    share: isOpen || payable <= 0 ? null : new Decimal(payable - prepaid).div(payable),
    target: clearingShare,
  }
}
