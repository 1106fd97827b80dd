import { at, createDraws, type Fen, normal, POINT_UNIT } from '../../numbers/index.ts'
import type { Budget } from '../budget/parts.ts'
import type { PoolSettlement, Settlement } from '../settle/region.ts'
import {
  accountsOf,
  budgetsOf,
  close,
  incomesOf,
  type Level,
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
      const drawn = budgetsOf(accounts, year, incomes, t, config, use * price)
      for (const account of accounts) {
        const { insurance } = account
        const pool = poolOf(year.settlement, insurance)
        const budget = drawn.get(insurance)!
        values[row]![run] = drawnValue(pool, drawn, { use, price })
        // Under a rate the fund pays for every case; in a pool it pays the budget.
        const isRate = year.settlement.method === 'rate'
        const inpatient = isRate ? paidOf(year.settlement, insurance, rows[row]!.budget) * use : budget
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

/** The point value of a pool whose cases and costs strayed; yuan per point, 0 where nothing is left. */
function drawnValue(
  pool: PoolSettlement | undefined,
  budgets: ReadonlyMap<string, number>,
  { use, price }: { readonly use: number; readonly price: number },
): number {
  if (pool === undefined || pool.pointValue === null) return 0
  const agreed = pool.insurances.reduce((sum, code) => sum + (budgets.get(code) ?? 0), 0)
  const total =
    pool.payRatio === null ? agreed + pool.patient * use * price : (pool.total * agreed) / Math.max(pool.budget, 1)
  const money = total - pool.paid * use * price
  return (Math.max(money, 0) / 100 / (pool.points * use)) * POINT_UNIT
}

function spreadOf(values: Float64Array): { wide: Range; half: Range } {
  const sorted = values.slice().sort()
  const place = (q: number): number => sorted[Math.round(q * (sorted.length - 1))]!
  return { wide: [place(0.05), place(0.95)], half: [place(0.25), place(0.75)] }
}
