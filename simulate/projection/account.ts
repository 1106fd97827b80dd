import { formatFen } from '../../numbers/index.ts'
import type { Budget } from '../budget/parts.ts'
import type { PoolSettlement, Settlement } from '../settle/region.ts'
import type { BudgetRule, ProjectionConfig, WarningLevels } from './config.ts'

/** Where a scheme's fund stands. */
export type Level = 'red' | 'orange' | 'green' | 'excess'

/** Fen by insurance. */
export type Money = ReadonlyMap<string, number>

export type Scheme = 'employees' | 'residents'

/** What decides the budget of an insurance in a year; fen. */
export interface BudgetFacts {
  /** Budget of the year before, before any reform of it. */
  readonly before: number
  /** Budget and income of the start; income of this year. */
  readonly start: number
  readonly startIncome: number
  readonly income: number
  /** Cost of the cases this year over that of the year before. */
  readonly costGrowth: number
  /** Months payable at the end of the year before. */
  readonly months: number
}

/** The budget of a year by its rule. */
export function budgetOf({ rule, growth, brake }: BudgetRule, scheme: Scheme, facts: BudgetFacts): number {
  const { before, start, startIncome, income, costGrowth, months } = facts
  const wanted =
    rule === 'income'
      ? start * (income / startIncome)
      : before * (rule === 'growth' ? 1 + growth : Math.min(1 + growth, costGrowth))
  if (brake === null || months >= brake[scheme]) return wanted
  return Math.min(wanted, before * (1 + brake.growth))
}

/** Income of a scheme in year t: heads as they are, employees by wages, residents by the amount a head. */
export function incomeOf(
  start: number,
  scheme: Scheme,
  heads: number,
  t: number,
  { income }: Pick<ProjectionConfig, 'income'>,
): number {
  return start * heads * (1 + (scheme === 'employees' ? income.wageGrowth : income.headGrowth)) ** t
}

/** Months payable: balance over the spending of a month. */
export function monthsOf(balance: number, spending: number): number {
  return spending > 0 ? balance / (spending / 12) : 0
}

/** The level of a fund by its months payable. */
export function levelOf(months: number, { red, orange, excess }: WarningLevels): Level {
  return months < red ? 'red' : months < orange ? 'orange' : months > excess ? 'excess' : 'green'
}

/** The account of an insurance, carried from year to year. */
export interface Account {
  readonly insurance: string
  readonly scheme: Scheme
  readonly start: number
  readonly startIncome: number
  readonly other: number
  /** The budget as its rule has it, before reforms. */
  ruled: number
  balance: number
  months: number
  cost: number
}

/** What the budgets of a year depend on besides income. */
export interface YearFacts {
  /** Budget under the reforms in force over the budget without, by insurance. */
  readonly budgetFactor: ReadonlyMap<string, number>
  /** Cost of all cases by insurance, fen. */
  readonly cost: Money
}

/** The funds at the start: budgets, income, other spending and balances as the configuration has them. */
export function accountsOf(
  budgets: readonly Budget[],
  start: Settlement,
  config: ProjectionConfig,
  schemeOf: (insurance: string) => Scheme,
): Account[] {
  const paid = paidOf(start, new Map(budgets.map(({ insurance, fund }) => [insurance, fund])))
  return budgets
    .filter(({ fund }) => fund > 0)
    .map(({ insurance, fund }) => {
      const scheme = schemeOf(insurance)
      // A budget that pays nothing, without cases, says at least how large its fund is.
      const inpatient = paid.get(insurance)! > 0 ? paid.get(insurance)! : fund
      const spending = inpatient / config.inpatientShare
      return {
        insurance,
        scheme,
        start: fund,
        startIncome: spending * config.income.start,
        other: spending - inpatient,
        ruled: fund,
        balance: (spending / 12) * config.balance.months[scheme],
        months: config.balance.months[scheme],
        cost: 0,
      }
    })
}

export function poolOf({ pools }: Pick<Settlement, 'pools'>, insurance: string): PoolSettlement | undefined {
  return pools.find(pool => pool.insurances.includes(insurance))
}

/**
 * What the fund pays of each insurance's budget: all but what pools and parts leave to it, or take beyond the budget. A
 * joint pool leaves to its insurances in proportion to their budgets. Over all insurances it is what hospitals are due.
 */
export function paidOf({ pools, parts }: Settlement, budgets: Money): Money {
  const left = new Map<string, number>()
  for (const { insurances, residual } of pools) {
    const all = insurances.reduce((sum, code) => sum + (budgets.get(code) ?? 0), 0)
    for (const code of insurances) left.set(code, all > 0 ? (residual * (budgets.get(code) ?? 0)) / all : 0)
  }
  for (const { insurance, residual } of parts) left.set(insurance, (left.get(insurance) ?? 0) + residual)
  return new Map([...budgets].map(([code, budget]) => [code, budget - (left.get(code) ?? 0)]))
}

export function incomesOf(
  accounts: readonly Account[],
  heads: ReadonlyMap<string, number>,
  t: number,
  config: ProjectionConfig,
  luck = 1,
): Money {
  return new Map(
    accounts.map(({ insurance, scheme, startIncome }) => [
      insurance,
      incomeOf(startIncome, scheme, heads.get(insurance)!, t, config) * luck,
    ]),
  )
}

/** Budgets of a year in fen; the first year has those that were settled. */
export function budgetsOf(
  accounts: readonly Account[],
  { budgetFactor, cost }: YearFacts,
  incomes: Money,
  t: number,
  config: ProjectionConfig,
  luck = 1,
): Money {
  return new Map(
    accounts.map(account => {
      const { insurance, scheme, start, startIncome } = account
      const spent = (cost.get(insurance) ?? 0) * luck
      if (t > 0) {
        account.ruled = budgetOf(config.budget, scheme, {
          before: account.ruled,
          start,
          startIncome,
          income: incomes.get(insurance)!,
          costGrowth: account.cost > 0 ? spent / account.cost : 1,
          months: account.months,
        })
      }
      account.cost = spent
      return [insurance, account.ruled * (budgetFactor.get(insurance) ?? 1)]
    }),
  )
}

/** Closes a year: what the fund spent, its balance and months. The balance of the first year stands at its end. */
export function close(
  account: Account,
  { t, income, inpatient, config }: { t: number; income: number; inpatient: number; config: ProjectionConfig },
): number {
  const spending = inpatient + account.other * (1 + config.otherGrowth) ** t
  if (t > 0) account.balance += income - spending
  account.months = monthsOf(account.balance, spending)
  return spending
}

/** A budget with another amount; amounts that are set apart inside it grow alike, shares as they are. */
export function grownBudget(budget: Budget, fund: number): Budget {
  const factor = fund / budget.fund
  if (budget.within === undefined || factor === 1) return { ...budget, fund: Math.round(fund) }
  const grown = budget.within.map(part => {
    const { size } = part
    if (size.kind !== 'amount') return part
    return { ...part, size: { ...size, value: formatFen(Math.round(Number(size.value) * 100 * factor)) } }
  })
  return { ...budget, fund: Math.round(fund), within: grown }
}
