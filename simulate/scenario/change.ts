import { z } from 'zod'
import { say } from '../../files/index.ts'
import { parseDecimal } from '../../numbers/index.ts'
import type { Where } from './where.ts'

/** A change of the cases themselves. Shares and factors are decimals in quotes. */
export type Change = { readonly where: Where } & (
  | {
      /** Number of cases times `factor`. */
      readonly kind: 'volume'
      readonly factor: string
    }
  | {
      /** Cost times 1 + share·(factor − 1): `share` is the part of the cost that the price concerns. */
      readonly kind: 'cost'
      readonly factor: string
      readonly share: string
    }
  | {
      /** What patients pay times `factor`, at most the cost; the fund's part is the rest. */
      readonly kind: 'patient'
      readonly factor: string
    }
  | {
      /** Length of stay times `factor`, at least one day. */
      readonly kind: 'stay'
      readonly factor: string
    }
  | {
      /** A share of the cases is coded into the next heavier (up) or lighter (down) group of the same ADRG. */
      readonly kind: 'coding'
      readonly share: string
      readonly to: 'up' | 'down'
    }
  | {
      /** A share of the cases becomes two stays, each with `cost` of the cost and half the days. */
      readonly kind: 'splitting'
      readonly share: string
      readonly cost: string
    }
  | {
      /** A share of the cases above `ratio` times the mean cost of their group is not admitted. */
      readonly kind: 'refusal'
      readonly share: string
      readonly ratio: string
    }
  | {
      /** A share of the cases goes to other hospitals, in proportion to what they treat, at `cost` of the cost. */
      readonly kind: 'transfer'
      readonly share: string
      readonly cost: string
      readonly to: { readonly hospital?: readonly string[] | undefined; readonly level?: readonly string[] | undefined }
    }
)

const numeral = z.string({
  error: say('数字请写成带引号的小数，如 "1.05"', 'A number is written as a decimal in quotes, such as "1.05"'),
})
/** A decimal that the kernels can multiply exactly: at most six digits behind the point. */
const decimal = numeral.refine(
  text => /^\d{1,6}(\.\d{1,6})?$/.test(text),
  say('须为小数，小数位不超过六位', 'Must be a decimal with at most six digits'),
)
const positive = decimal.refine(
  text => parseDecimal(text)?.gt(0) === true,
  say('须大于零', 'Must be greater than zero'),
)
const share = decimal.refine(
  text => parseDecimal(text)?.lte(1) === true,
  say('须在 0 与 1 之间', 'Must lie between 0 and 1'),
)
const words = z.array(z.string().min(1)).min(1).optional()
const where = z
  .strictObject({ hospital: words, level: words, group: words, insurance: words, month: words })
  .default({})
const to = z
  .strictObject({ hospital: words, level: words })
  .refine(
    one => one.hospital !== undefined || one.level !== undefined,
    say('请写明医疗机构或级别', 'Name hospitals or levels'),
  )

/** The schema of one change. */
export const CHANGE: z.ZodType<Change> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('volume'), where, factor: decimal }),
  z.strictObject({ kind: z.literal('cost'), where, factor: positive, share: share.default('1') }),
  z.strictObject({ kind: z.literal('patient'), where, factor: decimal }),
  z.strictObject({ kind: z.literal('stay'), where, factor: positive }),
  z.strictObject({ kind: z.literal('coding'), where, share, to: z.enum(['up', 'down']).default('up') }),
  z.strictObject({ kind: z.literal('splitting'), where, share, cost: share.default('0.55') }),
  z.strictObject({ kind: z.literal('refusal'), where, share, ratio: positive }),
  z.strictObject({ kind: z.literal('transfer'), where, share, cost: positive.default('1'), to }),
]) as unknown as z.ZodType<Change>
