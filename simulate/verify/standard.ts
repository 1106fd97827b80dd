import { z } from 'zod'
import { say } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import { Decimal, formatFen } from '../../numbers/index.ts'
import type { Policy } from '../policy/policy.ts'
import type { CaseInput } from '../settle/case-input.ts'
import { payCase } from '../settle/case-payment.ts'
import { policyOf } from './case.ts'
import { type Answer, ExampleProblem } from './example.ts'
import { numeral, numerals, readInputs } from './inputs.ts'

const prices = z.union([numeral, numerals], {
  error: say(
    '须为带引号的小数，或按级别和险种分列的小数',
    'a decimal in quotes, or a map of them by level and insurance',
  ),
})

const STANDARD = z.strictObject({
  table: z.string().optional(),
  groupCode: z.string(),
  groupName: z.string().optional(),
  rw: numeral,
  hospitalLevel: z.string().optional(),
  rate: prices,
  coefficient: prices.optional(),
  isBaseGroup: z.boolean().default(false),
  baseGroupRule: z.string().optional(),
  lowThreshold: numeral.optional(),
  highLimit: numeral.optional(),
})

type Standard = z.output<typeof STANDARD>

/**
 * Payment standards and cut-offs of a group, `w × k × R` for each price of a published table, through the function that
 * pays cases. A price is known by its key (`level3`, `resident`, `level3.employee`, or any name of the table).
 */
export function standardAnswer(inputs: unknown, expected: Readonly<Record<string, unknown>>): Answer {
  const given = readInputs(inputs, STANDARD)
  const standard: Record<string, Decimal> = {}
  const [lowCutoff, highCutoff]: [Record<string, Decimal>, Record<string, Decimal>] = [{}, {}]
  const statement: Text[] = []
  for (const key of keysOf(given, expected)) {
    const price = priceFor(given, key)
    const policy = standardPolicy(given, price)
    const one = standardCase(given, coefficientFor(given, key))
    const payment = payCase(policy, one, { meanCost: null, pointValue: null })
    if (payment.standard !== null) standard[key] = payment.standard
    for (const { class: name, yuan } of payment.cutoffs) {
      if (name === 'low') lowCutoff[key] = yuan
      if (name === 'high') highCutoff[key] = yuan
    }
    const [w, k, pay] = [given.rw, payment.coefficient, formatFen(payment.pay ?? 0)]
    statement.push({
      zh: `${key}：权重 ${w} × 系数 ${k} × 费率 ${price} 元，支付 ${pay} 元。`,
      en: `${key}: weight ${w} × coefficient ${k} × rate ${price} yuan, pays ${pay} yuan.`,
    })
  }
  const fields = { standard, lowCutoff, highCutoff }
  return { fields: mapped(fields, (value, name) => scalar(value, expected[name])), statement }
}

/** What an example states without a key is the only price of its table. */
function scalar(prices: Readonly<Record<string, Decimal>>, expected: unknown): unknown {
  const [only, ...more] = Object.values(prices)
  return typeof expected === 'string' && more.length === 0 ? only : prices
}

const mapped = <T>(of: Readonly<Record<string, T>>, to: (value: T, name: string) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, to(value, name)]))

/** The prices asked for: those of the table, and combinations that the expected values name. */
function keysOf(given: Standard, expected: Readonly<Record<string, unknown>>): string[] {
  const asked = Object.values(expected).flatMap(value =>
    typeof value === 'object' && value !== null ? Object.keys(value) : [],
  )
  const listed = [given.rate, given.coefficient ?? {}].flatMap(one => (typeof one === 'string' ? [] : Object.keys(one)))
  const keys = [...new Set(asked)].filter(key => key !== '*' && !['standard', 'lowCutoff', 'highCutoff'].includes(key))
  return keys.length > 0 ? keys : listed.length > 0 ? [...new Set(listed)] : ['all']
}

/** The value of a map for a key: the key itself, else the one of its parts that the map has. */
function pick(map: string | Readonly<Record<string, string>>, key: string): string | undefined {
  if (typeof map === 'string') return map
  return (
    map[key] ??
    key
      .split('.')
      .map(part => map[part])
      .find(value => value !== undefined)
  )
}

const LEVEL_RATE = /^rate of (\S+) at every level$/i
const ONE_COEFFICIENT = /^coefficient (\d+(?:\.\d+)?) at every level$/i

function priceFor(given: Standard, key: string): string {
  const rule = given.isBaseGroup ? LEVEL_RATE.exec(given.baseGroupRule ?? '') : null
  const price = pick(given.rate, rule?.[1] ?? key)
  if (price !== undefined) return price
  throw new ExampleProblem({
    zh: `inputs.rate 中没有 ${rule?.[1] ?? key} 的费率。`,
    en: `inputs.rate has no rate for ${rule?.[1] ?? key}.`,
  })
}

function coefficientFor(given: Standard, key: string): Decimal {
  const rule = given.isBaseGroup ? given.baseGroupRule : undefined
  const fixed = rule === undefined ? null : ONE_COEFFICIENT.exec(rule)
  if (rule !== undefined && fixed === null && !LEVEL_RATE.test(rule)) {
    throw new ExampleProblem({
      zh: `不认识 baseGroupRule“${rule}”；可写 rate of level1 at every level 或 coefficient 1.02 at every level。`,
      en: `baseGroupRule "${rule}" is not known; it may say "rate of level1 at every level" or "coefficient 1.02 at every level".`,
    })
  }
  if (fixed !== null) return new Decimal(fixed[1] ?? '1')
  if (given.coefficient === undefined) return new Decimal(1)
  const value = pick(given.coefficient, key)
  if (value !== undefined) return new Decimal(value)
  throw new ExampleProblem({
    zh: `inputs.coefficient 中没有 ${key} 的系数。`,
    en: `inputs.coefficient has no coefficient for ${key}.`,
  })
}

function standardPolicy({ lowThreshold, highLimit }: Standard, rate: string): Policy {
  const fields = {
    method: 'rate',
    rate,
    ratioBase: 'rateRwK',
    ...(lowThreshold === undefined ? {} : { low: { threshold: lowThreshold, op: '<', formula: 'L1' } }),
    ...(highLimit === undefined ? {} : { high: { limit: highLimit, op: '>', formula: 'H0' } }),
  }
  return policyOf(fields, 'inputs')
}

/** A normal case of the group: its payment is the standard, whatever it costs. */
function standardCase(given: Standard, coefficient: Decimal): CaseInput {
  return {
    group: given.groupCode,
    parent: given.groupCode.slice(0, 3),
    status: 0,
    weight: new Decimal(given.rw),
    stable: true,
    coefficient,
    level: given.hospitalLevel ?? '3',
    insurance: '310',
    cost: 100,
    los: null,
  }
}
