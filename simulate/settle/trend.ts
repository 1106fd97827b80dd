import { apportion, type Decimal } from '../../numbers/index.ts'
import type { Policy } from '../policy/policy.ts'
import { poolTerms } from './claims.ts'
import { dividePool } from './pool.ts'
import type { PoolSettlement, Settlement } from './region.ts'

/** Point value that a month alone would have: shows the race over the year. Yuan per point; null without points. */
export interface MonthValue {
  readonly insurances: readonly string[]
  readonly month: string
  readonly pointValue: Decimal | null
}

/**
 * Point values by pool and month, as if each month had the same part of the budget and of an elastic rate's base points:
 * every month is divided as the year is, with its share of the fund in the ratio convention, and with the floor, ceiling,
 * rounding and elastic rate of `policy`. Empty for pools paid by rate.
 */
export function monthValues(settlement: Settlement, policy: Policy): readonly MonthValue[] {
  const months = [...new Set(settlement.months.map(row => row.month))].sort()
  return settlement.pools.flatMap(pool => {
    if (pool.pointValue === null || months.length === 0) return []
    const parts = (amount: number): ArrayLike<number> => apportion(amount, months.map(() => 1)) // biome-ignore format: one line
    const [budgets, bases] = [parts(pool.budget), parts(pool.elastic?.fixedPoints ?? 0)]
    return months.map((month, m) => monthValue(settlement, policy, pool, month, [budgets[m]!, bases[m]!]))
  })
}

function monthValue(
  settlement: Settlement,
  policy: Policy,
  { insurances, payRatio }: PoolSettlement,
  month: string,
  [budget, basePoints]: readonly [number, number],
): MonthValue {
  const claim = { points: 0, paid: 0, cost: 0, patient: 0, fund: 0, basePoints }
  for (const row of settlement.months) {
    if (row.month !== month || !insurances.includes(row.insurance)) continue
    for (const key of ['points', 'paid', 'cost', 'patient', 'fund'] as const) claim[key] += row[key]
  }
  const { pointValue } = dividePool(budget, [claim], { ...poolTerms(policy, insurances), payRatio })
  return { insurances, month, pointValue }
}
