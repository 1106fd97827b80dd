import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { readTable } from '../../files/index.ts'
import { Decimal, parseDecimal } from '../../numbers/index.ts'
import { hospitalIndices, monthsPayable, rateInterval, spendOfSchemes } from '../settle/indices.ts'
import { type Answer, ExampleProblem } from './example.ts'
import { decimal, numeral, readInputs } from './inputs.ts'

const REPORT = z.strictObject({
  points: numeral,
  pointValue: numeral,
  totalCost: numeral,
  groupedCases: numeral,
  discharges: numeral,
  cmi: numeral,
  costPerWeight: numeral,
  losPerWeight: numeral,
  scale: numeral,
})

/** Arithmetic of a hospital's monthly report. */
export function reportAnswer(inputs: unknown): Answer {
  const given = readInputs(inputs, REPORT)
  const figures = {
    points: decimal(given.points),
    pointValue: decimal(given.pointValue),
    totalCost: decimal(given.totalCost),
    groupedCases: decimal(given.groupedCases),
    discharges: decimal(given.discharges),
    cmi: decimal(given.cmi),
    costPerWeight: decimal(given.costPerWeight),
    losPerWeight: decimal(given.losPerWeight),
    scale: decimal(given.scale),
  }
  return { fields: { ...hospitalIndices(figures) }, statement: [] }
}

const FUND = z.strictObject({
  income: numeral,
  spend: numeral,
  balance: numeral,
  unit: z.string().optional(),
  monthsEmployee: numeral.optional(),
  monthsResident: numeral.optional(),
})

/** Surplus and months payable of a fund; where the months of both schemes are given, what they imply. */
export function fundAnswer(inputs: unknown): Answer {
  const given = readInputs(inputs, FUND)
  const [income, spend, balance] = [decimal(given.income), decimal(given.spend), decimal(given.balance)]
  const fields: Record<string, unknown> = {
    yearSurplus: income.minus(spend),
    monthsAll: monthsPayable(balance, spend),
  }
  if (given.monthsEmployee !== undefined && given.monthsResident !== undefined) {
    const months = [decimal(given.monthsEmployee), decimal(given.monthsResident)] as const
    if (months[0].eq(months[1])) {
      throw new ExampleProblem({
        zh: '两个险种的可支付月数相同，无法拆分。',
        en: 'Both schemes can pay for the same number of months, so the sums cannot be split.',
      })
    }
    const [employee, resident] = spendOfSchemes(balance, spend, months)
    Object.assign(fields, {
      impliedSpendEmployee: employee,
      impliedSpendResident: resident,
      impliedBalanceEmployee: months[0].times(employee).div(12),
      impliedBalanceResident: months[1].times(resident).div(12),
    })
  }
  return { fields, statement: [] }
}

const INTERVAL = z.strictObject({
  table: z.string(),
  groupCode: z.string().optional(),
  groupName: z.string().optional(),
  rw: numeral.optional(),
  standard: numeral.optional(),
  rows: numeral.optional(),
  rwStep: numeral,
  standardStep: numeral,
  rule: z.string().optional(),
})

/** Rates that explain one published standard, or all of a table (`rows`: how many of its rows are priced). */
export function intervalAnswer(inputs: unknown, folders: readonly string[]): Answer {
  const given = readInputs(inputs, INTERVAL)
  const steps = { weight: decimal(given.rwStep), standard: decimal(given.standardStep) }
  if (given.rw !== undefined && given.standard !== undefined) {
    const [rateFrom, rateTo] = rateInterval(decimal(given.rw), decimal(given.standard), steps)
    return { fields: { rateFrom, rateTo, isEmpty: rateFrom.gt(rateTo) }, statement: [] }
  }
  const priced = pricedRows(tableFile(given.table, folders))
  if (given.rows !== undefined && !decimal(given.rows).eq(priced.length)) {
    throw new ExampleProblem({
      zh: `表 ${given.table} 有 ${priced.length} 行有权重和标准，示例写的是 ${given.rows} 行。`,
      en: `Table ${given.table} has ${priced.length} rows with weight and standard; the example says ${given.rows}.`,
    })
  }
  const all = priced.map(([weight, standard]) => rateInterval(weight, standard, steps))
  const rateFrom = Decimal.max(...all.map(([from]) => from))
  const rateTo = Decimal.min(...all.map(([, to]) => to))
  return { fields: { rateFrom, rateTo, isEmpty: rateFrom.gt(rateTo) }, statement: [] }
}

const WEIGHT = /^(RW|权重|初始权重|weight)$/
const STANDARD = /^(支付标准.*|standard)$/

function pricedRows(file: string): readonly (readonly [Decimal, Decimal])[] {
  const { header, rows } = readTable(file)
  const [weight, standard] = [WEIGHT, STANDARD].map(name => header.findIndex(title => name.test(title.trim())))
  if (weight === undefined || standard === undefined || weight < 0 || standard < 0) {
    throw new ExampleProblem({
      zh: `${file} 没有权重列或支付标准列。`,
      en: `${file} has no column of weights (RW) or of standards (支付标准).`,
    })
  }
  return rows.flatMap(({ cells }) => {
    const [w, s] = [parseDecimal(cells[weight]?.trim() ?? ''), parseDecimal(cells[standard]?.trim() ?? '')]
    return w?.gt(0) === true && s?.gt(0) === true ? [[w, s] as const] : []
  })
}

/** The table `<name>.csv`, beside the examples or in `payment-tables` there or in a folder above. */
function tableFile(name: string, folders: readonly string[]): string {
  for (const start of folders) {
    for (let folder = resolve(start); ; folder = dirname(folder)) {
      const found = [join(folder, `${name}.csv`), join(folder, 'payment-tables', `${name}.csv`)].find(existsSync)
      if (found !== undefined) return found
      if (dirname(folder) === folder) break
    }
  }
  throw new ExampleProblem({
    zh: `找不到表 ${name}.csv；请放在示例文件旁（或其 payment-tables 文件夹中），或用 --tables 指明文件夹。`,
    en: `Table ${name}.csv is not at hand: put it beside the examples (or in payment-tables there), or name its folder with --tables.`,
  })
}
