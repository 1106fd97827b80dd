import { z } from 'zod'
import { home, readDocument } from '../../files/index.ts'
import { Decimal } from '../../numbers/index.ts'
import type { CycleDocument } from '../policy/cycle-document.ts'
import { lastDay, nextMonth, workingDaysAfter } from './working-days.ts'

const origin = { confidence: z.enum(['P', 'R', 'S', 'C', 'A']), source: z.string() }
const SCHEMA = z.strictObject({
  settleWorkingDays: z.strictObject({ value: z.int().positive(), unit: z.string(), ...origin }),
  clearing: z.array(
    z.strictObject({
      from: z.int(),
      by: z.string().regex(/^\d{2}-\d{2}$/),
      share: z.string().nullable(),
      ...origin,
    }),
  ),
})
type Limits = z.output<typeof SCHEMA>

let shipped: Limits | undefined

/** Until when a month is to be paid, and whether the public holidays on the way are known. */
export interface PayBy {
  readonly date: string
  readonly isCertain: boolean
}

/** The dates of a year and the share of the money that it means to leave to clearing. */
export interface Deadlines {
  /** Last day (YYYY-MM-DD) of paying a month (YYYY-MM): working days after the deadline of its claims. */
  payBy(month: string): PayBy
  /** Last day of the clearing; null where neither the pack nor the national limits name one. */
  readonly clearBy: string | null
  readonly clearingShare: Decimal | null
}

/** The deadlines of a fiscal year under a pack, else the national ones (`policies/national-limits.yaml`). */
export function deadlinesOf(
  { settleWorkingDays, claimDay, clearBy, clearingShare }: CycleDocument,
  year: number,
): Deadlines {
  shipped ??= readDocument(home('policies', 'national-limits.yaml'), SCHEMA)
  const { settleWorkingDays: national, clearing } = shipped
  const days = settleWorkingDays === null ? national.value : Number(settleWorkingDays)
  const row = clearing.findLast(one => one.from <= year)
  const by = clearBy === null ? row?.by : typeof clearBy === 'string' ? clearBy : inYear(clearBy, year)?.by
  const share =
    clearingShare === null
      ? row?.share
      : typeof clearingShare === 'string'
        ? clearingShare
        : inYear(clearingShare, year)?.share
  return {
    payBy: month => workingDaysAfter(claimDay === null ? lastDay(month) : `${nextMonth(month)}-${claimDay}`, days),
    clearBy: by === undefined ? null : `${year + 1}-${by}`,
    clearingShare: share == null ? null : new Decimal(share),
  }
}

function inYear<T extends { readonly from: string }>(rows: readonly T[], year: number): T | undefined {
  return rows.findLast(one => Number(one.from) <= year)
}
