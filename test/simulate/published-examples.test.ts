import { describe, expect, test } from 'vitest'
import { readTable } from '../../files/index.ts'
import { Decimal, formatFen } from '../../numbers/index.ts'
import { type CasePayment, payCase } from '../../simulate/settle/case-payment.ts'
import { clearHospital } from '../../simulate/settle/cycle.ts'
import { hospitalIndices, monthsPayable, rateInterval, spendOfSchemes } from '../../simulate/settle/indices.ts'
import { dividePool } from '../../simulate/settle/pool.ts'
import { hasReference, reference } from '../reference.ts'
import { caseOf, policyOf, readJson } from './examples.ts'

type Texts = Readonly<Record<string, string>>
interface Example {
  readonly id: string
  readonly kind: string
  // biome-ignore lint/suspicious/noExplicitAny: the inputs differ by kind; each kind below reads its own.
  readonly inputs: any
  readonly expected: Readonly<Record<string, unknown>> & { readonly tolerance: Texts }
}

const yuan = (text: string): number => new Decimal(text).times(100).toNumber()
const money = (fen: ArrayLike<number>, keys: readonly string[]): Texts =>
  Object.fromEntries(keys.map((key, i) => [key, formatFen(fen[i] ?? 0)]))
const shown = (value: unknown): unknown => (Decimal.isDecimal(value) ? value.toFixed() : value)

/** §0.4: round to the decimals printed, then the difference must not exceed the tolerance. */
function near(actual: unknown, expected: unknown, tolerance: Texts, field: string): void {
  if (typeof expected === 'object' && expected !== null) {
    for (const [key, value] of Object.entries(expected))
      near((actual as Record<string, unknown>)[key], value, tolerance, `${field}.${key}`)
    return
  }
  if (typeof expected !== 'string' || !/^-?\d+(\.\d+)?$/.test(expected)) {
    expect(shown(actual), field).toBe(expected)
    return
  }
  const rounded = new Decimal(String(shown(actual))).toDecimalPlaces(expected.split('.')[1]?.length ?? 0)
  const allowed = tolerance[field.split('.')[0] ?? ''] ?? tolerance['*'] ?? '0'
  const difference = rounded.minus(expected).abs()
  expect(difference.lte(allowed), `${field}: expected ${expected}, found ${rounded}`).toBe(true)
}

function paid(inputs: Example['inputs']): CasePayment {
  const given = inputs.case
  const policy = policyOf(inputs.pack)
  const one = caseOf({
    weight: given.rw === undefined ? null : new Decimal(given.rw),
    coefficient: new Decimal(given.coefficient ?? '1'),
    cost: yuan(given.cost),
    los: given.los === undefined ? null : Number(given.los),
    status: given.groupStatus === 'ambiguous' ? 1 : given.groupStatus === 'ungrouped' ? 2 : 0,
  })
  return payCase(policy, one, {
    meanCost: null,
    pointValue: inputs.pointValue === undefined ? null : new Decimal(inputs.pointValue),
  })
}

/** Standards and cut-offs of a group under every price of a table, through the function that pays cases. */
function standards(inputs: Example['inputs']): Record<string, Record<string, Decimal>> {
  const rates: Texts =
    typeof inputs.rate === 'string'
      ? Object.fromEntries(Object.keys(inputs.coefficient).map(key => [key, inputs.rate]))
      : inputs.rate
  const result: Record<string, Record<string, Decimal>> = { standard: {}, lowCutoff: {}, highCutoff: {} }
  for (const key of Object.keys(rates)) {
    const level = /level(\w+)/.exec(key)?.[1] ?? inputs.hospitalLevel ?? '3'
    const insurance = key.endsWith('resident') ? '390' : '310'
    const policy = policyOf({
      method: 'rate',
      rate: rates,
      ratioBase: 'rateRw',
      ...(inputs.lowThreshold ? { low: { threshold: inputs.lowThreshold, op: '<', formula: 'L1' } } : {}),
      ...(inputs.highLimit ? { high: { limit: inputs.highLimit, op: '>', formula: 'H0' } } : {}),
      ...(inputs.isBaseGroup ? { base: { mode: 'rateOfLevel', value: '1', list: [inputs.groupCode] } } : {}),
    })
    const one = caseOf({
      group: inputs.groupCode,
      weight: new Decimal(inputs.rw),
      coefficient: new Decimal(inputs.coefficient?.[key] ?? '1'),
      level,
      insurance,
    })
    const payment = payCase(policy, one, { meanCost: null, pointValue: null })
    result.standard![key] = payment.standard ?? new Decimal(0)
    for (const { class: name, yuan: bound } of payment.cutoffs) result[`${name}Cutoff`]![key] = bound
  }
  return result
}

function region(inputs: Example['inputs']): Record<string, unknown> {
  const keys = Object.keys(inputs.points)
  const isRace = inputs.revenuePool !== undefined
  const claims = keys.map(key => ({
    points: new Decimal(inputs.points[key])
      .times(inputs.multiplier?.[key] ?? '1')
      .times(10_000)
      .toNumber(),
    paid: 0,
    cost: yuan(inputs.actualCost?.[key] ?? '0'),
    patient: yuan(inputs.patientPayments?.[key] ?? '0'),
    fund: 0,
  }))
  const terms = {
    method: 'points',
    patientShare: isRace ? 'subtract' : inputs.patientShare,
    payRatio: inputs.ratio === undefined ? null : new Decimal(inputs.ratio),
    negativeDue: 'net',
  } as const
  const pool = dividePool(yuan(inputs.fundBudget ?? inputs.revenuePool), claims, terms)
  const clearings = keys.map((key, i) =>
    clearHospital(key, pool.due[i] ?? 0, [{ month: 'year', amount: yuan(inputs.provisionalFund?.[key] ?? '0') }], {
      theta: new Decimal(inputs.prepayRatio ?? '0'),
      deposit: new Decimal(0),
      depositReturn: new Decimal(1),
      advanceMonths: new Decimal(0),
    }),
  )
  const before = isRace
    ? dividePool(
        yuan(inputs.revenuePool),
        keys.map((key, i) => ({ ...claims[i]!, points: yuan(inputs.points[key]) * 100 })),
        terms,
      )
    : pool
  const share = (now: Decimal | number, then: Decimal | number): Decimal => new Decimal(now).minus(then).div(then)
  return {
    pointValue: pool.pointValue,
    pointValueChange: share(pool.pointValue ?? 0, before.pointValue ?? 1),
    gross: money(pool.gross, keys),
    revenue: money(pool.gross, keys),
    revenueChange: Object.fromEntries(keys.map((key, i) => [key, share(pool.gross[i] ?? 0, before.gross[i] ?? 1)])),
    fundDue: money(pool.due, keys),
    sumFundDue: formatFen(pool.due.reduce((sum, value) => sum + value, 0)),
    prepaid: money(
      clearings.map(clearing => clearing.prepaid),
      keys,
    ),
    finalPayment: money(
      clearings.map(clearing => clearing.final),
      keys,
    ),
    surplus: money(
      keys.map((_, i) => (pool.gross[i] ?? 0) - (claims[i]?.cost ?? 0)),
      keys,
    ),
  }
}

function interval(inputs: Example['inputs']): Record<string, unknown> {
  const steps = { weight: new Decimal(inputs.rwStep), standard: new Decimal(inputs.standardStep) }
  if (inputs.rw !== undefined) {
    const [rateFrom, rateTo] = rateInterval(new Decimal(inputs.rw), new Decimal(inputs.standard), steps)
    return { rateFrom, rateTo }
  }
  const table = readTable(reference('settlement', 'payment-tables', `${inputs.table}.csv`))
  const [rw, standard] = ['RW', '支付标准'].map(name => table.header.indexOf(name)) as [number, number]
  const priced = table.rows.filter(({ cells }) => /^\d/.test(cells[rw] ?? '') && /^\d/.test(cells[standard] ?? ''))
  expect(priced).toHaveLength(Number(inputs.rows))
  const all = priced.map(({ cells }) =>
    rateInterval(new Decimal(cells[rw] ?? ''), new Decimal(cells[standard] ?? ''), steps),
  )
  const rateFrom = Decimal.max(...all.map(([from]) => from))
  const rateTo = Decimal.min(...all.map(([, to]) => to))
  return { rateFrom, rateTo, isEmpty: rateFrom.gt(rateTo) }
}

const CHECKS: Readonly<Record<string, (inputs: Example['inputs']) => Record<string, unknown>>> = {
  'published-standard': standards,
  'published-cutoffs': standards,
  'rate-interval': interval,
  'region-base': region,
  'point-race': region,
  'case-rule': inputs => {
    const payment = paid(inputs)
    return { ...payment, points: payment.equivalent, pay: formatFen(payment.pay ?? 0) }
  },
  scale: inputs => {
    const policy = policyOf({ method: 'points', scale: inputs.scale, avgCost: '1', ratioBase: 'avgRw' })
    const one = caseOf({ weight: new Decimal(inputs.rw), coefficient: new Decimal(inputs.coefficient) })
    const payment = payCase(policy, one, { meanCost: null, pointValue: new Decimal(inputs.pointValue) })
    return { points: payment.equivalent, pay: formatFen(payment.pay ?? 0) }
  },
  'report-arithmetic': inputs => {
    const figures = Object.fromEntries(Object.entries(inputs as Texts).map(([key, text]) => [key, new Decimal(text)]))
    return { ...hospitalIndices(figures as unknown as Parameters<typeof hospitalIndices>[0]) }
  },
  'fund-months': inputs => {
    const [income, spend, balance] = [inputs.income, inputs.spend, inputs.balance].map(text => new Decimal(text)) as [
      Decimal,
      Decimal,
      Decimal,
    ]
    const months = [new Decimal(inputs.monthsEmployee), new Decimal(inputs.monthsResident)] as const
    const [employee, resident] = spendOfSchemes(balance, spend, months)
    return {
      yearSurplus: income.minus(spend),
      monthsAll: monthsPayable(balance, spend),
      impliedSpendEmployee: employee,
      impliedSpendResident: resident,
      impliedBalanceEmployee: months[0].times(employee).div(12),
      impliedBalanceResident: months[1].times(resident).div(12),
    }
  },
}

describe.skipIf(!hasReference())('worked examples of the settlement reference', () => {
  const examples = hasReference() ? (readJson(reference('settlement', 'examples-dev.json')) as Example[]) : []
  test.each(examples.map(example => [example.id, example] as const))('%s', (_, { kind, inputs, expected }) => {
    const check = CHECKS[kind]
    if (check === undefined) throw new Error(`no check for kind ${kind}`)
    const { tolerance, ...fields } = expected
    near(check(inputs), fields, tolerance, '')
    for (const [field, value] of Object.entries(fields)) near(check(inputs)[field], value, tolerance, field)
  })
})
