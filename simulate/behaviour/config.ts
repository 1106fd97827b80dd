import { z } from 'zod'
import { home, say } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { cited, readOver } from '../cited.ts'

/** How hospitals respond; see `policies/behaviour-default.yaml` for meaning, unit and source of each value. */
export interface BehaviourConfig {
  readonly id: string
  readonly title: Text
  readonly players: 'all' | readonly string[]
  readonly cost: { readonly marginal: Decimal; readonly kappa: Decimal }
  readonly volume: { readonly min: Decimal; readonly max: Decimal }
  /** `eta: data`: from the weights of the cases' next heavier groups. */
  readonly upcoding: { readonly max: Decimal; readonly eta: Decimal | 'data' }
  readonly effort: { readonly max: Decimal; readonly psi: Decimal }
  readonly splitting: { readonly max: Decimal; readonly points: Decimal; readonly cost: Decimal }
  readonly refusal: { readonly max: Decimal; readonly ratio: Decimal }
  readonly audit: { readonly detection: Decimal; readonly fine: Decimal }
  readonly patientPayScales: boolean
  readonly solver: { readonly damping: Decimal; readonly eps: Decimal; readonly rounds: number }
}

const decimal = z
  .string({
    error: say('数字请写成带引号的小数，如 "0.6"', 'A number is written as a decimal in quotes, such as "0.6"'),
  })
  .regex(/^\d+(\.\d+)?$/, say('请写成 "0.6" 这样的小数', 'Write a decimal such as "0.6"'))
  .transform(text => new Decimal(text))
const number = cited(decimal as unknown as z.ZodType<Decimal>)
const positive = cited(
  decimal.refine(value => value.gt(0), say('须大于 0', 'Must be greater than 0')) as unknown as z.ZodType<Decimal>,
)
const share = cited(
  decimal.refine(
    value => value.lte(1),
    say('须在 0 与 1 之间', 'Must lie between 0 and 1'),
  ) as unknown as z.ZodType<Decimal>,
)
const step = cited(
  decimal.refine(
    value => value.gt(0) && value.lte(1),
    'Must lie above 0 and not above 1',
  ) as unknown as z.ZodType<Decimal>,
)
const word = z.string().min(1)

const SCHEMA: z.ZodType<BehaviourConfig> = z.strictObject({
  id: word,
  title: z.strictObject({ zh: word, en: word }),
  players: z.union([z.literal('all'), z.array(word).min(1)], {
    error: say('请写 all，或医疗机构编码的列表', 'Write all, or a list of hospital codes'),
  }),
  cost: z.strictObject({ marginal: positive, kappa: number }),
  volume: z
    .strictObject({ min: number, max: positive })
    .refine(
      ({ min, max }) => min.lte(1) && max.gte(1),
      say('min 不能大于 1，max 不能小于 1', 'min must not exceed 1, max must not lie below it'),
    ),
  upcoding: z.strictObject({
    max: share,
    eta: cited(
      z.union([z.literal('data'), decimal], {
        error: say('请写 data，或带引号的小数', 'Write data, or a decimal in quotes'),
      }),
    ) as z.ZodType<Decimal | 'data'>,
  }),
  effort: z.strictObject({ max: share, psi: number }),
  splitting: z.strictObject({ max: share, points: number, cost: number }),
  refusal: z.strictObject({ max: share, ratio: positive }),
  audit: z.strictObject({ detection: share, fine: number }),
  patientPayScales: cited(z.boolean()),
  solver: z.strictObject({ damping: step, eps: positive, rounds: cited(z.int().min(1).max(100_000)) }),
}) as unknown as z.ZodType<BehaviourConfig>

/** The behaviour of a file, complete with the defaults for what it does not name; without a file the defaults. */
export function readBehaviour(file?: string): BehaviourConfig {
  return readOver(home('policies', 'behaviour-default.yaml'), file, SCHEMA)
}
