import { z } from 'zod'
import { home, say } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { cited, readOver } from '../cited.ts'

/** How uncertain a year is; see `policies/uncertainty-default.yaml`. Spreads are standard deviations of logarithms. */
export interface UncertaintySettings {
  readonly id: string
  readonly title: Text
  readonly replicates: number
  readonly seed: number
  readonly counts: boolean
  readonly volume: { readonly region: Decimal; readonly level: Decimal; readonly hospital: Decimal }
  readonly cost: { readonly region: Decimal; readonly hospital: Decimal }
  readonly mix: { readonly group: Decimal }
  readonly weights: boolean
  /** For published weights: error of a weight without an interval; standard errors in half of one with it. */
  readonly publishedWeights: { readonly error: Decimal; readonly halfWidth: Decimal }
  readonly review: { readonly low: Decimal; readonly high: Decimal; readonly ratio: Decimal }
}

const word = z.string().min(1)
const decimal = z
  .string({
    error: say('数字请写成带引号的小数，如 "0.05"', 'A number is written as a decimal in quotes, such as "0.05"'),
  })
  .regex(/^\d+(\.\d+)?$/, say('请写成 "0.05" 这样的小数', 'Write a decimal such as "0.05"'))
  .transform(text => new Decimal(text))
const spread = cited(
  decimal.refine(
    value => value.lte(1),
    say('离散程度不能大于 1', 'A spread above 1 is no longer a spread'),
  ) as unknown as z.ZodType<Decimal>,
)
const share = cited(
  decimal.refine(
    value => value.lte(1),
    say('须在 0 与 1 之间', 'Must lie between 0 and 1'),
  ) as unknown as z.ZodType<Decimal>,
)

const SCHEMA: z.ZodType<UncertaintySettings> = z.strictObject({
  id: word,
  title: z.strictObject({ zh: word, en: word }),
  replicates: z.int().min(10).max(10_000_000),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  counts: cited(z.boolean()),
  volume: z.strictObject({ region: spread, level: spread, hospital: spread }),
  cost: z.strictObject({ region: spread, hospital: spread }),
  mix: z.strictObject({ group: spread }),
  weights: cited(z.boolean()),
  publishedWeights: z.strictObject({
    error: spread,
    halfWidth: cited(
      decimal.refine(value => value.gt(0), say('应大于 0', 'Must be greater than 0')) as unknown as z.ZodType<Decimal>,
    ),
  }),
  review: z
    .strictObject({ low: share, high: share, ratio: cited(decimal as unknown as z.ZodType<Decimal>) })
    .refine(({ low, high }) => low.lte(high), say('low 不能大于 high', 'low must not exceed high')),
}) as unknown as z.ZodType<UncertaintySettings>

/** The settings of a file, complete with the defaults for what it does not name; without a file the defaults. */
export function readUncertainty(file?: string): UncertaintySettings {
  return readOver(home('policies', 'uncertainty-default.yaml'), file, SCHEMA)
}
