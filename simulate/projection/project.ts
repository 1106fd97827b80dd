import { at, createDraws, type Fen, normal, POINT_UNIT } from '../../numbers/index.ts'
import type { Settlement } from '../settle/region.ts'
import type { ProjectionConfig } from './config.ts'
import { insured, nextYear, startingPopulation } from './population.ts'

/** Where a scheme's fund stands. */
export type Level = 'red' | 'orange' | 'green' | 'excess'

/** One scheme in one year. Projected money in whole fen. */
export interface YearRow {
  readonly year: number
  readonly insurance: string
  readonly insured: number
  /** Cases as a multiple of the start. */
  readonly cases: number
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

/** A projection as expected, and the middle 90 % of drawn paths of point value and months. */
export interface Projection {
  readonly rows: readonly YearRow[]
  readonly fans: readonly {
    readonly year: number
    readonly insurance: string
    readonly pointValue: readonly [low: number, high: number] | null
    readonly months: readonly [low: number, high: number]
  }[]
}

/** The scheme of an insurance: 390 residents, all others employees. */
function schemeOf(insurance: string): 'employees' | 'residents' {
  return insurance === '390' ? 'residents' : 'employees'
}

/**
 * Projects a settled region: the population ages, use and costs grow, the budget follows its rule, the fund earns and
 * spends. Weights are calibrated every year, so that points follow the cases; patients' part of the cost stays.
 * PV_t = (B_t + U_t − money off the top_t) / points_t. Only pools of one insurance are projected.
 */
export function project(settlement: Settlement, firstYear: number, config: ProjectionConfig): Projection {
  const expected = pathOf(settlement, firstYear, config, () => 0)
  const draws = createDraws(config.seed)
  const runs = Array.from({ length: config.runs }, (_, run) =>
    pathOf(settlement, firstYear, config, (year, name) => {
      const words = at(draws, run, year, name, 0)
      return normal(words[0]!, words[1]!)
    }),
  )
  return {
    rows: expected,
    fans: expected.map(({ year, insurance, pointValue }, i) => ({
      year,
      insurance,
      pointValue: pointValue === null ? null : middle(runs.map(run => run[i]!.pointValue ?? 0)),
      months: middle(runs.map(run => run[i]!.months)),
    })),
  }
}

const [USE, COST, INCOME] = [1, 2, 3] as const

function pathOf(
  { pools }: Settlement,
  firstYear: number,
  config: ProjectionConfig,
  draw: (year: number, name: number) => number,
): YearRow[] {
  const { population, uncertainty, income: financing, budget: rule } = config
  let people = startingPopulation(population)
  const own = pools.filter(pool => pool.insurances.length === 1 && pool.budget > 0)
  const state = own.map(pool => {
    const spending = pool.budget / config.inpatientShare
    const start = insured(people, population.bands, schemeOf(pool.insurances[0]!))
    return {
      pool,
      start,
      budget: pool.budget,
      other: spending - pool.budget,
      income: spending * financing.start,
      balance: (spending / 12) * config.balance.months[schemeOf(pool.insurances[0]!)],
    }
  })
  const rows: YearRow[] = []
  let [use, price, luck] = [1, 1, 1]
  for (let t = 0; t <= config.years; t++) {
    if (t > 0) {
      people = nextYear(people, population)
      use *= (1 + config.useGrowth) * Math.exp(uncertainty.use * draw(t, USE))
      price *= (1 + config.costGrowth) * Math.exp(uncertainty.cost * draw(t, COST))
      luck *= Math.exp(uncertainty.income * draw(t, INCOME))
    }
    for (const one of state) {
      const insurance = one.pool.insurances[0]!
      const scheme = schemeOf(insurance)
      const now = insured(people, population.bands, scheme)
      const cases = one.start.discharges > 0 ? (now.discharges / one.start.discharges) * use : use
      const heads = one.start.persons > 0 ? now.persons / one.start.persons : 1
      const growth = scheme === 'employees' ? financing.wageGrowth : financing.headGrowth
      const income = one.income * heads * (1 + growth) ** t * luck
      const budget = rule.rule === 'growth' ? one.budget * (1 + rule.growth) ** t : one.budget * (income / one.income)
      const spending = budget + one.other * (1 + config.otherGrowth) ** t
      // The first year is the one that was settled: its balance stands at its end.
      if (t > 0) one.balance += income - spending
      const { patient, paid, points, pointValue } = one.pool
      const money = budget + (patient - paid) * cases * price
      const months = spending > 0 ? one.balance / (spending / 12) : 0
      rows.push({
        year: firstYear + t,
        insurance,
        insured: Math.round(now.persons),
        cases,
        budget: Math.round(budget),
        pointValue: pointValue === null ? null : (Math.max(money, 0) / 100 / (points * cases)) * POINT_UNIT,
        income: Math.round(income),
        spending: Math.round(spending),
        balance: Math.round(one.balance),
        months,
        // A fund at a border stands on its upper side, whatever the last digit of a double says.
        level: levelOf(Number(months.toFixed(9)), config.warning[scheme]),
      })
    }
  }
  return rows
}

/** The level of a fund by its months payable. */
export function levelOf(months: number, { red, orange, excess }: ProjectionConfig['warning']['employees']): Level {
  return months < red ? 'red' : months < orange ? 'orange' : months > excess ? 'excess' : 'green'
}

function middle(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (q: number): number => sorted[Math.round(q * (sorted.length - 1))]!
  return [place(0.05), place(0.95)]
}
