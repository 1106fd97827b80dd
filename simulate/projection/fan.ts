import { at, createDraws, type Fen, normal } from '../../numbers/index.ts'
import type { Budget } from '../budget/parts.ts'
import type { Policy } from '../policy/policy.ts'
import { baseOf, poolTerms } from '../settle/claims.ts'
import { dividePool } from '../settle/pool.ts'
import type { PoolSettlement, Settlement } from '../settle/region.ts'
import {
  accountsOf,
  budgetsOf,
  close,
  incomesOf,
  type Level,
  type Money,
  paidOf,
  poolOf,
  type Scheme,
  type YearFacts,
} from './account.ts'
import type { ProjectionConfig } from './config.ts'

/** One scheme in one year. Projected money in whole fen. */
export interface YearRow {
  readonly year: number
  readonly insurance: string
  readonly insured: number
  /** Cases, and the cost of a case, as multiples of the start. */
  readonly cases: number
  readonly cost: number
  readonly budget: Fen
  /** Yuan per point; null for a pool without points. */
  readonly pointValue: number | null
  readonly income: Fen
  readonly spending: Fen
  readonly balance: Fen
  /** balance / (spending / 12). */
  readonly months: number
  readonly level: Level
}

type Range = readonly [low: number, high: number]

/** The middle 90 % and 50 % of drawn paths. */
export interface Fan {
  readonly year: number
  readonly insurance: string
  readonly pointValue: { readonly wide: Range; readonly half: Range } | null
  readonly months: { readonly wide: Range; readonly half: Range }
  /** Share of the paths whose fund is red. */
  readonly red: number
}

/** A year as it is expected: what drawn paths vary. */
export interface Year extends YearFacts {
  readonly heads: ReadonlyMap<string, number>
  readonly settlement: Settlement
  readonly policy: Policy
  /** Of what is paid in money, the amounts that do not follow costs. */
  readonly setMoney: Money
}

const [USE, COST, INCOME] = [1, 2, 3] as const

/** Drawn paths: use, cost and income stray a little more every year; pools are divided by what is expected of them. */
export function fansOf(
  rows: readonly YearRow[],
  years: readonly Year[],
  budgets: readonly Budget[],
  start: Settlement,
  config: ProjectionConfig,
  schemeOf: (insurance: string) => Scheme,
): Fan[] {
  const draws = createDraws(config.seed)
  const { uncertainty } = config
  const values = rows.map(() => new Float64Array(config.runs))
  const months = rows.map(() => new Float64Array(config.runs))
  const bases = years.map(basesOf)
  for (let run = 0; run < config.runs; run++) {
    const accounts = accountsOf(budgets, start, config, schemeOf)
    const draw = (t: number, name: number): number => {
      const words = at(draws, run, t, name, 0)
      return normal(words[0]!, words[1]!)
    }
    let [use, price, luck] = [1, 1, 1]
    let row = 0
    for (const [t, year] of years.entries()) {
      if (t > 0) {
        use *= Math.exp(uncertainty.use * draw(t, USE))
        price *= Math.exp(uncertainty.cost * draw(t, COST))
        luck *= Math.exp(uncertainty.income * draw(t, INCOME))
      }
      const incomes = incomesOf(accounts, year.heads, t, config, luck)
      const expected = new Map(accounts.map(({ insurance }, i) => [insurance, rows[row + i]!.budget]))
      const drawn = budgetsOf(accounts, year, incomes, t, config, use * price)
      // Under a rate the fund pays for every case; in a pool the budget, less what the year leaves to it.
      const isRate = year.settlement.method === 'rate'
      const pools = isRate
        ? []
        : year.settlement.pools.map((pool, i) =>
            drawnPool(year, pool, { drawn, expected, use, price, base: bases[t]![i]! }),
          )
      const paid = isRate ? paidOf(year.settlement, expected) : paidOf({ ...year.settlement, pools }, drawn)
      for (const account of accounts) {
        const { insurance } = account
        values[row]![run] = poolOf({ pools }, insurance)?.pointValue?.toNumber() ?? 0
        const inpatient = paid.get(insurance)! * (isRate ? use : 1)
        close(account, { t, income: incomes.get(insurance)!, inpatient, config })
        months[row]![run] = account.months
        row++
      }
    }
  }
  return rows.map(({ year, insurance, pointValue }, i) => {
    const { red } = config.warning[schemeOf(insurance)]
    return {
      year,
      insurance,
      pointValue: pointValue === null ? null : spreadOf(values[i]!),
      months: spreadOf(months[i]!),
      red: months[i]!.reduce((n, value) => n + (value < red ? 1 : 0), 0) / config.runs,
    }
  })
}

/** How a year strayed from what was expected. */
interface Drawn {
  readonly drawn: Money
  readonly expected: Money
  readonly use: number
  readonly price: number
  /** Base points of an elastic rate where use is a multiple of what was expected, 1e-4. */
  readonly base: (use: number) => number
}

/** Base points of each pool as a function of use: hospitals with a base of their own earn no more base points than points. */
function basesOf({ settlement, policy }: Year): readonly Drawn['base'][] {
  const { hospitals, units, pools } = settlement
  const codes = hospitals.map(({ hospital }) => hospital.code)
  return pools.map(({ insurances }) => {
    const base = baseOf(policy, insurances, codes)
    if (base === null) return () => 0
    if (typeof base === 'number') return () => base
    const points = new Map<string, number>()
    for (const unit of units)
      if (insurances.includes(unit.insurance)) points.set(unit.hospital, (points.get(unit.hospital) ?? 0) + unit.points)
    const own = codes.map(code => points.get(code) ?? 0)
    return use => base.reduce((all, one, h) => all + Math.min(one, Math.round(own[h]! * use)), 0)
  })
}

/**
 * A pool whose cases, costs and budget strayed, divided as pools are: by the floor, ceiling, rounding and elastic rate of
 * its policy. What else a year leaves to the fund stays as expected.
 */
function drawnPool(
  { policy, setMoney }: Year,
  pool: PoolSettlement,
  { drawn, expected, use, price, base }: Drawn,
): PoolSettlement {
  const { insurances, payRatio } = pool
  const sum = (of: Money): number => insurances.reduce((all, code) => all + (of.get(code) ?? 0), 0)
  const was = sum(expected)
  const budget = Math.round(was > 0 ? (pool.budget * sum(drawn)) / was : pool.budget)
  const set = Math.min(sum(setMoney), pool.paid)
  const claim = {
    points: Math.round(pool.points * use),
    paid: Math.round(((pool.paid - set) * price + set) * use),
    cost: 0,
    patient: Math.round(pool.patient * use * price),
    fund: 0,
    basePoints: base(use),
  }
  const divided = dividePool(budget, [claim], { ...poolTerms(policy, insurances), payRatio, ratioLevel: 'region' })
  const share = payRatio?.toNumber() ?? 1
  return { ...pool, pointValue: divided.pointValue, residual: pool.residual + (divided.held - pool.held) * share }
}

function spreadOf(values: Float64Array): { wide: Range; half: Range } {
  const sorted = values.slice().sort()
  const place = (q: number): number => sorted[Math.round(q * (sorted.length - 1))]!
  return { wide: [place(0.05), place(0.95)], half: [place(0.25), place(0.75)] }
}
