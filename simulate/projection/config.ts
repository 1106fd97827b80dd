import { z } from 'zod'
import { home } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import { cited, readOver } from '../cited.ts'

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

/** How a region goes on; see `policies/projection-default.yaml` for units and sources. */
export interface ProjectionConfig {
  readonly id: string
  readonly title: Text
  readonly years: number
  readonly population: { readonly births: number; readonly bands: readonly Band[] }
  readonly useGrowth: number
  readonly costGrowth: number
  readonly budget: { readonly rule: 'growth' | 'income'; readonly growth: number }
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
  .string({ error: 'A number is written as a decimal in quotes, such as "0.03"' })
  .regex(/^-?\d+(\.\d+)?$/, 'Write a decimal such as "0.03"')
  .transform(Number)
const rate = cited(
  number.refine(value => value > -1 && value <= 1, 'Must lie between -1 and 1') as unknown as z.ZodType<number>,
)
const share = number.refine(value => value >= 0 && value <= 1, 'Must lie between 0 and 1')
const positive = number.refine(value => value > 0, 'Must be greater than 0')
const count = z.int().min(0)
const levels = z
  .strictObject({ red: positive, orange: positive, excess: positive })
  .refine(one => one.red <= one.orange && one.orange <= one.excess, 'red, orange and excess must rise')

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
      .refine(bands => bands.every(band => band.employees + band.residents <= 1), 'Shares insured must not exceed 1'),
  }),
  useGrowth: rate,
  costGrowth: rate,
  budget: z.strictObject({ rule: cited(z.enum(['growth', 'income'])), growth: rate }),
  inpatientShare: cited(share.refine(value => value > 0, 'Must be greater than 0') as unknown as z.ZodType<number>),
  otherGrowth: rate,
  income: z.strictObject({ start: cited(positive as unknown as z.ZodType<number>), wageGrowth: rate, headGrowth: rate }),
  balance: z.strictObject({ months: z.strictObject({ employees: number, residents: number }) }),
  warning: z.strictObject({ employees: levels, residents: levels }),
  uncertainty: z.strictObject({ use: rate, cost: rate, income: rate }),
  runs: z.int().min(1).max(1_000_000),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
}) as unknown as z.ZodType<ProjectionConfig> // biome-ignore format: bands in one line

/** The projection of a file, complete with the defaults for what it does not name; without a file the defaults. */
export function readProjection(file?: string): ProjectionConfig {
  return readOver(home('policies', 'projection-default.yaml'), file, SCHEMA)
}
