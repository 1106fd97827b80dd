import type { Baseline } from '../scenario/run.ts'
import type { Ledger } from '../settle/ledger.ts'
import { divideRegion, type HospitalRow } from '../settle/region.ts'
import {
  accountsOf,
  budgetsOf,
  close,
  grownBudget,
  incomesOf,
  levelOf,
  paidOf,
  poolOf,
  type Scheme,
} from './account.ts'
import { moneyOf, setMoneyOf, yearLedger } from './cells.ts'
import type { ProjectionConfig } from './config.ts'
import { type Fan, fansOf, type Year, type YearRow } from './fan.ts'
import { createGrounds, type Reforming } from './ledgers.ts'
import { insured, nextYear, type Population, startingPopulation } from './population.ts'

/** One hospital in one year: its row of the year's settlement. */
export interface HospitalYear
  extends Pick<HospitalRow, 'hospital' | 'cases' | 'cost' | 'points' | 'gross' | 'due' | 'surplus'> {
  readonly year: number
}

/** The weight of a group in one year over its weight at the start under the same scheme. */
export interface WeightYear {
  readonly year: number
  readonly group: string
  readonly index: number
}

/** A projection as expected, and drawn paths around it. */
export interface Projection {
  readonly rows: readonly YearRow[]
  readonly fans: readonly Fan[]
  readonly hospitals: readonly HospitalYear[]
  /** Groups with cases, in every year in which weights moved. */
  readonly weights: readonly WeightYear[]
}

/**
 * Projects a settled region: the population ages, use and costs grow, weights follow costs with a lag, reforms come into
 * force, the budget follows its rule, the fund earns and spends. Every year is divided by the region's own rules, so that
 * hospitals' dues add up to the budget to the fen; the first year is the settlement itself. Classes of cases stay as they
 * are within their groups.
 */
export function project(
  baseline: Baseline,
  firstYear: number,
  config: ProjectionConfig,
  reforms: readonly Reforming[] = [],
): Projection {
  const { input, settlement: start } = baseline
  const people = populations(config)
  const schemeOf = (insurance: string): Scheme => (config.residents.includes(insurance) ? 'residents' : 'employees')
  const { insurances } = baseline.valued.ledger
  const casesOf = (insurance: string, t: number): number => {
    const [was, is] = [people[0]!, people[Math.max(t, 0)]!].map(one =>
      insured(one, config.population.bands, schemeOf(insurance)),
    )
    return (was!.discharges > 0 ? is!.discharges / was!.discharges : 1) * (1 + config.useGrowth) ** t
  }
  const grounds = createGrounds(baseline, firstYear, config, reforms, t => ({
    t,
    year: firstYear + t,
    cases: insurances.map(insurance => casesOf(insurance, t)),
    price: (1 + config.costGrowth) ** t,
  }))
  const accounts = accountsOf(input.budgets, start, config, schemeOf)
  const rows: YearRow[] = []
  let first: Record<'cost' | 'cases', ReadonlyMap<string, number>> = { cost: new Map(), cases: new Map() }
  const years: Year[] = []
  const hospitals: HospitalYear[] = []
  const weights: WeightYear[] = []
  for (let t = 0; t <= config.years; t++) {
    const { ledger: ground, policy, budget: budgetFactor } = grounds.at(t)
    const index = grounds.weights(t)
    const ledger = yearLedger(ground, grounds.factors(t), index, moneyOf(policy))
    const cost = sumOf(ledger, 'cost')
    const cases = sumOf(ledger, 'cases')
    if (t === 0) first = { cost, cases }
    const heads = new Map(
      accounts.map(({ insurance, scheme }) => {
        const [was, is] = [people[0]!, people[t]!].map(one => insured(one, config.population.bands, scheme).persons)
        return [insurance, was! > 0 ? is! / was! : 1]
      }),
    )
    const factors = { budgetFactor, heads, cost }
    const incomes = incomesOf(accounts, heads, t, config)
    const budgets = budgetsOf(accounts, factors, incomes, t, config)
    const divided = input.budgets.map(one => grownBudget(one, budgets.get(one.insurance) ?? one.fund))
    const settlement = divideRegion(ledger, { ...input, policy, budgets: divided })
    const year = firstYear + t
    years.push({ ...factors, settlement, policy, setMoney: setMoneyOf(ledger, moneyOf(policy)) })
    const paid = paidOf(settlement, budgets)
    for (const account of accounts) {
      const { insurance, scheme } = account
      const pool = poolOf(settlement, insurance)
      const budget = budgets.get(insurance)!
      const inpatient = paid.get(insurance)!
      const income = incomes.get(insurance)!
      const spending = close(account, { t, income, inpatient, config })
      const times = (key: 'cost' | 'cases'): number => {
        const was = first[key].get(insurance) ?? 0
        return was > 0 ? ({ cost, cases }[key].get(insurance) ?? 0) / was : 1
      }
      rows.push({
        year,
        insurance,
        insured: Math.round(insured(people[t]!, config.population.bands, scheme).persons),
        cases: times('cases'),
        cost: times('cases') > 0 ? times('cost') / times('cases') : 1,
        budget: Math.round(budget),
        pointValue: pool?.pointValue?.toNumber() ?? null,
        income: Math.round(income),
        spending: Math.round(spending),
        balance: Math.round(account.balance),
        months: account.months,
        // A fund at a border stands on its upper side, whatever the last digit of a double says.
        level: levelOf(Number(account.months.toFixed(9)), config.warning[scheme]),
      })
    }
    hospitals.push(...settlement.hospitals.map(({ hospital, cases, cost: own, points, gross, due, surplus }) => ({
      year, hospital, cases, cost: own, points, gross, due, surplus,
    }))) // biome-ignore format: one row
    const treated = new Set(settlement.groups.map(({ group }) => group))
    for (const [g, group] of ground.groups.entries()) {
      if (treated.has(group) && index.some(value => Math.abs(value - 1) > 1e-12))
        weights.push({ year, group, index: index[g]! })
    }
  }
  return { rows, fans: fansOf(rows, years, input.budgets, start, config, schemeOf), hospitals, weights }
}

function populations(config: ProjectionConfig): Population[] {
  const list = [startingPopulation(config.population)]
  for (let t = 1; t <= config.years; t++) list.push(nextYear(list[t - 1]!, config.population))
  return list
}

/** Cases, or their cost in fen, by insurance. */
function sumOf({ hospitals, insurances, months, byMonth }: Ledger, key: 'cost' | 'cases'): ReadonlyMap<string, number> {
  const sums = new Float64Array(insurances.length)
  for (let unit = 0; unit < hospitals.length * insurances.length; unit++) {
    const from = unit * months.length
    for (let m = from; m < from + months.length; m++) sums[unit % insurances.length]! += byMonth[key][m]!
  }
  return new Map(insurances.map((code, s) => [code, sums[s]!]))
}
