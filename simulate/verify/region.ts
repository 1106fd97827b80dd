import { z } from 'zod'
import { say } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import { Decimal, type Fen, formatFen, POINT_UNIT, roundFen, roundPoints } from '../../numbers/index.ts'
import { clearHospital } from '../settle/cycle.ts'
import { type Claim, dividePool, type PoolShares, type PoolTerms } from '../settle/pool.ts'
import { type Answer, ExampleProblem } from './example.ts'
import { amount, amounts, decimal, fen, numeral, numerals, readInputs } from './inputs.ts'

const shares = z.record(z.string(), numeral)

const REGION = z.strictObject({
  scheme: z.string().optional(),
  fundBudget: amount,
  points: numerals,
  patientPayments: amounts.optional(),
  patientShare: z.enum(['subtract', 'ratio']).default('subtract'),
  ratioLevel: z
    .enum(['region', 'hospital'], {
      error: say('请写 region 或 hospital：算例没有病例', 'region or hospital: examples have no cases'),
    })
    .default('region'),
  ratio: numeral.optional(),
  ratios: numerals.optional(),
  closeRatio: z.boolean().default(true),
  pvMin: numeral.optional(),
  pvMax: numeral.optional(),
  pvDecimals: z.string().regex(/^\d$/, say('请写带引号的整数', 'a whole number in quotes')).optional(),
  pvRounding: z.enum(['halfUp', 'down', 'up']).default('halfUp'),
  elastic: z
    .strictObject({ basePoints: numerals, value: numeral.optional(), fixedShare: numeral.optional() })
    .optional(),
  negativeDue: z.enum(['net', 'floorZero']).default('net'),
  provisionalFund: amounts.optional(),
  prepayRatio: numeral.optional(),
  deposit: numeral.optional(),
  depositReturn: numeral.optional(),
  advanceMonths: numeral.optional(),
  actualCost: amounts.optional(),
})

/** Point value, gross, fund due, prepayment and clearing of a small region, through the division that settles regions. */
export function regionAnswer(inputs: unknown): Answer {
  const given = readInputs(inputs, REGION)
  const keys = hospitalsOf(
    given.points,
    given.patientPayments,
    given.provisionalFund,
    given.actualCost,
    given.ratios,
    given.elastic?.basePoints,
  )
  const claims = keys.map(key => claim(given.points[key], given.patientPayments?.[key], given.actualCost?.[key]))
  const pool = dividePool(fen(given.fundBudget), shared(keys, claims, given), termsOf(given))
  const clearings = keys.map((key, i) =>
    clearHospital(key, pool.due[i] ?? 0, [{ month: 'year', amount: fen(given.provisionalFund?.[key] ?? '0') }], {
      theta: decimal(given.prepayRatio),
      deposit: decimal(given.deposit),
      depositReturn: decimal(given.depositReturn, '1'),
      advanceMonths: decimal(given.advanceMonths),
    }),
  )
  const fields = {
    ...poolFields(pool, keys),
    prepaid: money(keys, i => clearings[i]?.prepaid ?? 0),
    finalPayment: money(keys, i => clearings[i]?.final ?? 0),
    surplus: money(keys, i => (pool.gross[i] ?? 0) - (claims[i]?.cost ?? 0)),
  }
  return { fields, statement: poolLines(pool) }
}

type GivenRegion = z.output<typeof REGION>

function termsOf(given: GivenRegion): PoolTerms {
  const number = (text: string | undefined): Decimal | null => (text === undefined ? null : decimal(text))
  const { pvMin, pvMax, pvDecimals, pvRounding, elastic } = given
  const isRuled = [pvMin, pvMax, pvDecimals].some(one => one !== undefined)
  return {
    method: 'points',
    patientShare: given.patientShare,
    payRatio: number(given.ratio),
    negativeDue: given.negativeDue,
    ratioLevel: given.ratioLevel,
    closeRatio: given.closeRatio,
    value: isRuled
      ? {
          min: number(pvMin),
          max: number(pvMax),
          decimals: pvDecimals === undefined ? null : Number(pvDecimals),
          rounding: pvRounding,
        }
      : undefined,
    elastic: elastic && { value: number(elastic.value), fixedShare: number(elastic.fixedShare) },
  }
}

/** Shares of the fund by hospital count as quotients only. */
const WHOLE = 10 ** 12

/** The claims as they are divided: with the base points and the shares of the fund that the example states. */
function shared(
  keys: readonly string[],
  claims: readonly Claim[],
  { ratioLevel, ratio, ratios, elastic }: GivenRegion,
): Claim[] {
  if (ratioLevel === 'hospital' && (ratio === undefined || ratios === undefined)) {
    throw new ExampleProblem({
      zh: 'ratioLevel 为 hospital 时须写 ratio（地区）和 ratios（各机构）。',
      en: 'ratioLevel hospital needs ratio (of the region) and ratios (of the hospitals).',
    })
  }
  return claims.map((claim, i) => {
    const key = keys[i]!
    return {
      ...claim,
      ...(ratios === undefined ? {} : { fund: roundFen(decimal(ratios[key]).times(WHOLE)), cost: WHOLE }),
      basePoints: roundPoints(decimal(elastic?.basePoints[key])),
    }
  })
}

const RACE = z
  .strictObject({
    revenuePool: amount.optional(),
    fundBudget: amount.optional(),
    patientPayments: amounts.optional(),
    points: numerals,
    multiplier: shares,
    patientPayScales: z.boolean().default(false),
  })
  .refine(
    race => (race.revenuePool === undefined) !== (race.fundBudget === undefined),
    'give revenuePool or fundBudget',
  )
  .refine(
    race => !race.patientPayScales || race.patientPayments !== undefined,
    'patientPayScales needs patientPayments',
  )

/** The same pool before and after hospitals change their volume (冲点). */
export function raceAnswer(inputs: unknown): Answer {
  const given = readInputs(inputs, RACE)
  const keys = hospitalsOf(given.points, given.multiplier, given.patientPayments)
  const paidByPatients = Object.values(given.patientPayments ?? {}).reduce((sum, text) => sum + fen(text), 0)
  // A pool that is given as a whole already holds what the patients pay.
  const budget = given.fundBudget === undefined ? fen(given.revenuePool ?? '0') - paidByPatients : fen(given.fundBudget)
  const terms: PoolTerms = { method: 'points', patientShare: 'subtract', payRatio: null, negativeDue: 'net' }
  const divide = (races: boolean): PoolShares =>
    dividePool(
      budget,
      keys.map(key => {
        const factor = races ? decimal(given.multiplier[key], '1') : new Decimal(1)
        return claim(given.points[key], given.patientPayments?.[key], undefined, factor, given.patientPayScales)
      }),
      terms,
    )
  const [before, after] = [divide(false), divide(true)]
  const fields = {
    ...poolFields(after, keys),
    revenue: money(keys, i => after.gross[i] ?? 0),
    pointValueBefore: before.pointValue,
    pointValueChange: change(after.pointValue ?? 0, before.pointValue ?? 0),
    revenueChange: Object.fromEntries(keys.map((key, i) => [key, change(after.gross[i] ?? 0, before.gross[i] ?? 0)])),
  }
  return { fields, statement: [...poolLines(before), ...poolLines(after)] }
}

/** Hospitals of an example in order of their codes; every list must name the same or fewer than the points. */
function hospitalsOf(points: Readonly<Record<string, string>>, ...others: (object | undefined)[]): string[] {
  const keys = Object.keys(points).sort()
  const stranger = others.flatMap(one => Object.keys(one ?? {})).find(key => !keys.includes(key))
  if (stranger === undefined) return keys
  throw new ExampleProblem({
    zh: `${stranger} 没有点数（inputs.points）。`,
    en: `${stranger} has no points (inputs.points).`,
  })
}

function claim(
  points: string | undefined,
  patient: string | undefined,
  cost: string | undefined,
  factor: Decimal = new Decimal(1),
  patientScales: boolean = false,
): Claim {
  const paid = fen(patient ?? '0')
  return {
    points: roundPoints(decimal(points).times(factor)),
    paid: 0,
    cost: fen(cost ?? '0'),
    patient: patientScales ? roundFen(factor.times(paid)) : paid,
    fund: 0,
  }
}

function poolFields(pool: PoolShares, keys: readonly string[]): Record<string, unknown> {
  return {
    pointValue: pool.pointValue,
    gross: money(keys, i => pool.gross[i] ?? 0),
    fundDue: money(keys, i => pool.due[i] ?? 0),
    sumFundDue: formatFen(pool.due.reduce((sum, value) => sum + value, 0)),
    residual: formatFen(pool.residual),
    held: formatFen(pool.held),
    fixedValue: pool.elastic?.fixedValue,
    extraValue: pool.elastic?.extraValue,
  }
}

function money(keys: readonly string[], of: (i: number) => Fen): Record<string, string> {
  return Object.fromEntries(keys.map((key, i) => [key, formatFen(of(i))]))
}

function change(now: Decimal | number, then: Decimal | number): Decimal {
  return new Decimal(now).minus(then).div(then)
}

function poolLines({ total, points, pointValue }: PoolShares): Text[] {
  const [money, all] = [formatFen(total), new Decimal(points).div(POINT_UNIT)]
  const value = pointValue?.toDecimalPlaces(6) ?? '–'
  return [
    {
      zh: `池总额 ${money} 元 ÷ 总点数 ${all} = 点值 ${value} 元。`,
      en: `Pool of ${money} yuan ÷ ${all} points = ${value} yuan per point.`,
    },
  ]
}
