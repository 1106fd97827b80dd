import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { home, say } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import { cited, readOver } from '../cited.ts'
import { placeIn } from '../place.ts'
import { stackedFile } from '../scenario/scenario.ts'
import type { Where } from '../scenario/where.ts'

/** One age band at the start; shares and rates as numbers, since a projection is no settlement. */
export interface Band {
  readonly from: number
  /** Last age of the band; null: open. */
  readonly to: number | null
  readonly male: number
  readonly female: number
  /** Deaths and discharges per person and year. */
  readonly mortality: number
  readonly use: number
  readonly employees: number
  readonly residents: number
}

/** Months payable below which a fund is red or orange, and above which it holds too much. */
export interface WarningLevels {
  readonly red: number
  readonly orange: number
  readonly excess: number
}

/** How some cases grow otherwise than the region: on top of its growth, each year. */
export interface Trend {
  readonly where: Where
  readonly use: number
  readonly cost: number
}

/** What befalls some cases in some years: an epidemic, a price round. Factors on the year as it would be. */
export interface Event {
  readonly title: Text
  readonly from: number
  /** Last year; null: for good. */
  readonly to: number | null
  readonly where: Where
  readonly volume: number
  readonly cost: number
}

/** A scenario that comes into force: its file, and the first year in which it holds. */
export interface Reform {
  readonly from: number
  readonly scenario: string
}

/** How weights follow costs. */
export interface Refresh {
  /** Weights are derived anew every so many years; 0: never. */
  readonly every: number
  /** The last year whose cases enter the weights of year t is t − lag. */
  readonly lag: number
  /** Time weights of the years that enter, oldest first. */
  readonly years: readonly number[]
}

/** How the budget of a year follows from that of the year before. */
export interface BudgetRule {
  /** `growth`: times 1 + g; `income`: the same share of income; `cost`: as the cases' cost, at most 1 + g. */
  readonly rule: 'growth' | 'income' | 'cost'
  readonly growth: number
  /** Where the fund held fewer months at the end of the year before, the budget grows by no more than this. */
  readonly brake: { readonly employees: number; readonly residents: number; readonly growth: number } | null
}

/** How a region goes on; see `policies/projection-default.yaml` for units and sources. */
export interface ProjectionConfig {
  readonly id: string
  readonly title: Text
  readonly years: number
  readonly population: { readonly births: number; readonly bands: readonly Band[] }
  readonly useGrowth: number
  readonly costGrowth: number
  /** Insurances whose fund is that of residents; all others are employees'. */
  readonly residents: readonly string[]
  readonly weights: Refresh
  readonly trends: readonly Trend[]
  readonly events: readonly Event[]
  readonly reforms: readonly Reform[]
  readonly budget: BudgetRule
  readonly inpatientShare: number
  readonly otherGrowth: number
  readonly income: { readonly start: number; readonly wageGrowth: number; readonly headGrowth: number }
  readonly balance: { readonly months: Readonly<Record<'employees' | 'residents', number>> }
  readonly warning: Readonly<Record<'employees' | 'residents', WarningLevels>>
  readonly uncertainty: { readonly use: number; readonly cost: number; readonly income: number }
  readonly runs: number
  readonly seed: number
}

const word = z.string().min(1)
const number = z
  .string({
    error: say('数字请写成带引号的小数，如 "0.03"', 'A number is written as a decimal in quotes, such as "0.03"'),
  })
  .regex(/^-?\d+(\.\d+)?$/, say('请写成 "0.03" 这样的小数', 'Write a decimal such as "0.03"'))
  .transform(Number)
const rate = cited(
  number.refine(
    value => value > -1 && value <= 1,
    say('须在 -1 与 1 之间', 'Must lie between -1 and 1'),
  ) as unknown as z.ZodType<number>,
)
const share = number.refine(value => value >= 0 && value <= 1, say('须在 0 与 1 之间', 'Must lie between 0 and 1'))
const positive = number.refine(value => value > 0, say('须大于 0', 'Must be greater than 0'))
const count = z.int().min(0)
const levels = z
  .strictObject({ red: positive, orange: positive, excess: positive })
  .refine(
    one => one.red <= one.orange && one.orange <= one.excess,
    say('red、orange、excess 须依次增大', 'red, orange and excess must rise'),
  )

const words = z.array(word).min(1).optional()
const where = z.strictObject({ hospital: words, level: words, group: words, insurance: words, month: words })
const growth = number.refine(value => value > -1 && value <= 1, say('须在 -1 与 1 之间', 'Must lie between -1 and 1'))
const factor = number.refine(value => value >= 0, say('不能为负数', 'Must be zero or more'))
const year = z.int().min(1990).max(2200)

const SCHEMA: z.ZodType<ProjectionConfig> = z.strictObject({
  id: word,
  title: z.strictObject({ zh: word, en: word }),
  years: z.int().min(1).max(50),
  population: z.strictObject({
    births: cited(z.number().min(0).max(100)),
    bands: z
      .array(
        z.strictObject({
          from: count, to: count.nullable(), male: count, female: count, mortality: share, use: number, employees: share, residents: share,
        }),
      )
      .min(2)
      .refine(
        bands => bands.every((band, i) => (i === bands.length - 1 ? band.to === null : band.to !== null && band.to + 1 === bands[i + 1]!.from)),
        'Bands must follow one another; only the last one is open (to: null)',
      )
      .refine(bands => bands.every(band => band.employees + band.residents <= 1), say('参保比例之和不能超过 1', 'Shares insured must not exceed 1')),
  }),
  useGrowth: rate,
  costGrowth: rate,
  residents: z.array(word),
  weights: z.strictObject({
    every: cited(z.int().min(0).max(50)),
    lag: cited(z.int().min(0).max(20)),
    years: cited(z.array(factor).min(1).max(10).refine(list => list.some(one => one > 0), say('至少一个权重须大于 0', 'One weight must be greater than 0'))),
  }),
  trends: z.array(z.strictObject({ where, use: growth.default(0), cost: growth.default(0) })),
  events: z.array(
    z
      .strictObject({
        title: z.strictObject({ zh: word, en: word }), from: year, to: year.nullable().default(null), where: where.default({}),
        volume: factor.default(1), cost: positive.default(1),
      })
      .refine(one => one.to === null || one.to >= one.from, { message: say('to 不能早于 from', 'to must not lie before from'), path: ['to'] }),
  ),
  reforms: z.array(z.strictObject({ from: year, scenario: word })),
  budget: z.strictObject({
    rule: cited(z.enum(['growth', 'income', 'cost'])),
    growth: rate,
    brake: z.strictObject({ employees: number, residents: number, growth }).nullable(),
  }),
  inpatientShare: cited(share.refine(value => value > 0, say('须大于 0', 'Must be greater than 0')) as unknown as z.ZodType<number>),
  otherGrowth: rate,
  income: z.strictObject({ start: cited(positive as unknown as z.ZodType<number>), wageGrowth: rate, headGrowth: rate }),
  balance: z.strictObject({ months: z.strictObject({ employees: number, residents: number }) }),
  warning: z.strictObject({ employees: levels, residents: levels }),
  uncertainty: z.strictObject({ use: rate, cost: rate, income: rate }),
  runs: z.int().min(1).max(1_000_000),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
}) as unknown as z.ZodType<ProjectionConfig> // biome-ignore format: bands in one line

/**
 * The projection of a file, complete with the defaults for what it does not name; without a file the defaults. Scenarios
 * of reforms become paths: files beside it, or shipped ones.
 */
export function readProjection(file?: string): ProjectionConfig {
  const config = readOver(home('policies', 'projection-default.yaml'), file, SCHEMA)
  const folder = dirname(resolve(file ?? home('policies', 'projection-default.yaml')))
  const reforms = config.reforms.map(({ from, scenario }, i) => {
    const found = stackedFile(scenario, folder)
    if (found === undefined) throw noScenario(file ?? '', i, scenario)
    return { from, scenario: found }
  })
  return { ...config, reforms }
}

function noScenario(file: string, i: number, name: string): Fault {
  return new Fault({
    code: 'PRJ-001',
    at: placeIn(file, ['reforms', i, 'scenario']),
    what: { zh: `找不到情景“${name}”。`, en: `There is no scenario "${name}".` },
    fix: {
      zh: '请写同一文件夹中的情景文件名，或内置情景的名称（dianzhi scenario list）。',
      en: 'Name a scenario file of the same folder, or a shipped one (dianzhi scenario list).',
    },
  })
}
