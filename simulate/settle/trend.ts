import { apportion, Decimal, POINT_UNIT } from '../../numbers/index.ts'
import type { PoolSettlement, Settlement } from './region.ts'

/** Point value that a month alone would have: shows the race over the year. Yuan per point; null without points. */
export interface MonthValue {
  readonly insurances: readonly string[]
  readonly month: string
  readonly pointValue: Decimal | null
}

/**
 * Point values by pool and month, as if each month had the same part of the budget:
 * `PV_m = (B / months + U_m − paid_m) / points_m`, in the ratio convention `B / (months · ρ)` in place of `B / months + U_m`.
 * Empty for pools paid by rate.
 */
export function monthValues(settlement: Settlement): readonly MonthValue[] {
  const months = [...new Set(settlement.months.map(row => row.month))].sort()
  return settlement.pools.flatMap(pool => {
    if (pool.pointValue === null || months.length === 0) return []
    const budgets = apportion(
      pool.budget,
      months.map(() => 1),
    )
    return months.map((month, m) => monthValue(settlement, pool, month, budgets[m]!))
  })
}

function monthValue(settlement: Settlement, pool: PoolSettlement, month: string, budget: number): MonthValue {
  let points = 0
  let patient = 0
  let paid = 0
  for (const row of settlement.months) {
    if (row.month !== month || !pool.insurances.includes(row.insurance)) continue
    points += row.points
    patient += row.patient
    paid += row.paid
  }
  const total = pool.payRatio === null ? new Decimal(budget).plus(patient) : new Decimal(budget).div(pool.payRatio)
  return {
    insurances: pool.insurances,
    month,
    pointValue: points === 0 ? null : total.minus(paid).times(POINT_UNIT).div(points).div(100),
  }
}
