import { Decimal, type Fen, POINT_UNIT, roundFen } from '../../numbers/index.ts'
import type { Policy } from '../policy/policy.ts'
import { priceOf } from '../policy/policy.ts'
import type { MonthRow, Settlement } from './region.ts'

/** How the year is paid (§6.1). */
export interface CycleTerms {
  /** Share of the provisional amount that is paid each month (月度预拨比例). */
  readonly theta: Decimal
  /** Share held back as quality deposit (质量保证金), part of what theta leaves. */
  readonly deposit: Decimal
  /** Share of the deposit that is given back at clearing. */
  readonly depositReturn: Decimal
  /** Advance (预付金) in average months of the provisional amount. */
  readonly advanceMonths: Decimal
}

export interface MonthPayment {
  readonly month: string
  /** (points · PV0 + paid in money − patient payments), or times ρ; negative where patients paid more. */
  readonly provisional: Fen
  readonly paid: Fen
  readonly deposit: Fen
}

/** A hospital's year: prepaid by the month, cleared at the end. `Σ paid + advance + final = due − lost deposit`. */
export interface Clearing {
  readonly hospital: string
  readonly due: Fen
  readonly months: readonly MonthPayment[]
  readonly prepaid: Fen
  readonly advance: Fen
  /** The part of the deposit that is not given back. */
  readonly lostDeposit: Fen
  /** Paid at clearing; negative: the hospital pays back. */
  readonly final: Fen
}

/** Terms of a policy. */
export function cycleTerms(policy: Policy): CycleTerms {
  const { theta, deposit, depositReturn, advanceMonths } = policy.document.cycle
  return {
    theta: new Decimal(theta),
    deposit: new Decimal(deposit),
    depositReturn: new Decimal(depositReturn),
    advanceMonths: new Decimal(advanceMonths),
  }
}

/** Clears one hospital, given its provisional fund amounts by month and its due of the year. */
export function clearHospital(
  hospital: string,
  due: Fen,
  provisional: readonly { readonly month: string; readonly amount: Fen }[],
  terms: CycleTerms,
): Clearing {
  const months = provisional.map(({ month, amount }) => ({
    month,
    provisional: amount,
    paid: roundFen(terms.theta.times(amount)),
    deposit: roundFen(terms.deposit.times(amount)),
  }))
  const sum = (key: 'provisional' | 'paid' | 'deposit'): number => months.reduce((all, month) => all + month[key], 0)
  const prepaid = sum('paid')
  const advance = months.length === 0 ? 0 : roundFen(terms.advanceMonths.times(sum('provisional')).div(months.length))
  const lostDeposit = roundFen(new Decimal(1).minus(terms.depositReturn).times(sum('deposit')))
  return { hospital, due, months, prepaid, advance, lostDeposit, final: due - prepaid - advance - lostDeposit }
}

/**
 * Prepays and clears a settled region. A month is priced at the provisional point value of its insurance (`provisional`,
 * else the policy's year-start value); a rate needs none.
 */
export function clearRegion(
  settlement: Settlement,
  policy: Policy,
  provisional: ReadonlyMap<string, Decimal> = new Map(),
): readonly Clearing[] {
  const terms = cycleTerms(policy)
  const ratioOf = new Map(
    settlement.pools.flatMap(pool => pool.insurances.map(insurance => [insurance, pool.payRatio] as const)),
  )
  return settlement.hospitals.map(({ hospital, due }) => {
    const amounts = new Map<string, Fen>()
    for (const row of settlement.months) {
      if (row.hospital !== hospital.code) continue
      const price =
        settlement.method === 'rate'
          ? new Decimal(0)
          : (provisional.get(row.insurance) ??
            priceOf(policy, 'pointValue', { level: hospital.level, insurance: row.insurance }))
      const amount = provisionalAmount(row, price, ratioOf.get(row.insurance) ?? null)
      amounts.set(row.month, (amounts.get(row.month) ?? 0) + amount)
    }
    const months = [...amounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, amount]) => ({ month, amount }))
    return clearHospital(hospital.code, due, months, terms)
  })
}

function provisionalAmount(row: MonthRow, price: Decimal, payRatio: Decimal | null): Fen {
  const gross = price.times(100).times(row.points).div(POINT_UNIT).plus(row.paid)
  return roundFen(payRatio === null ? gross.minus(row.patient) : gross.times(payRatio))
}
