import { z } from 'zod'
import { home, readDocument, say } from '../../files/index.ts'
import { parseDecimal } from '../../numbers/index.ts'
import { BAND_FLAGS, type BandFlag } from './bands-document.ts'
import type { Numeral } from './field.ts'

/** What DIP compares the cost of a case with (倍率的分母). */
export type OutlierReference = 'levelStandard' | 'groupMean' | 'meanFactor'

/** One band of the cost ratio: f(r) = slope·r + constant + perCoefficient·k, times k and a where they count. */
interface OutlierBandDocument {
  readonly class: 'low' | 'normal' | 'high' | 'extreme'
  readonly upTo: Numeral | null
  readonly op: '<' | '<='
  readonly slope: Numeral
  readonly constant: Numeral
  readonly perCoefficient: Numeral
  /** Whether the institution coefficient k multiplies the score. */
  readonly institution: boolean
  /** Whether the auxiliary coefficient a does. */
  readonly auxiliary: boolean
  readonly flag: BandFlag | null
}

/** How a place scores cases whose cost is far from that of their group (费用异常). */
export interface OutlierDocument {
  readonly title: { readonly zh: string; readonly en: string }
  readonly source: string
  readonly confidence: 'O' | 'O-draft' | 'P' | 'C'
  readonly reference: OutlierReference
  /** Tried in order. */
  readonly bands: readonly OutlierBandDocument[]
  /** A group without a score: its bill is paid. Null where the rules are silent. */
  readonly noScore: 'payBill' | null
  /** Factor on RW × cost / group mean in the group for what is left (空白病组); null where there is none. */
  readonly blankGroup: { readonly factor: Numeral } | null
}

const decimal = z
  .string()
  .refine(
    text => parseDecimal(text) !== undefined,
    say('请写成带引号的十进制数，如 "0.5"', 'write a decimal in quotes, such as "0.5"'),
  )

const band = z.strictObject({
  class: z.enum(['low', 'normal', 'high', 'extreme']),
  upTo: decimal.nullable().default(null),
  op: z.enum(['<', '<=']).default('<='),
  slope: decimal.default('0'),
  constant: decimal.default('0'),
  perCoefficient: decimal.default('0'),
  institution: z.boolean().default(true),
  auxiliary: z.boolean().default(true),
  flag: z.enum(BAND_FLAGS).nullable().default(null),
})

const bands = z
  .array(band)
  .min(1)
  .refine(
    all => all.every(({ upTo }, i) => (upTo === null) === (i === all.length - 1)),
    say('除最后一档外都须写 upTo，最后一档不写', 'every band but the last needs upTo, and the last has none'),
  )
  .refine(
    all => all.every(({ upTo }, i) => i === 0 || upTo === null || parseDecimal(upTo)?.gt(all[i - 1]?.upTo ?? '0')),
    say('各档须按 upTo 从小到大排列', 'bands must stand in ascending order of upTo'),
  )

/** A rule set, in a file of them or in a policy pack itself. */
export const OUTLIERS: z.ZodType<OutlierDocument> = z.strictObject({
  title: z.strictObject({ zh: z.string(), en: z.string() }),
  source: z.string(),
  confidence: z.enum(['O', 'O-draft', 'P', 'C']),
  reference: z.enum(['levelStandard', 'groupMean', 'meanFactor']),
  bands,
  noScore: z.literal('payBill').nullable().default(null),
  blankGroup: z.strictObject({ factor: decimal }).nullable().default(null),
})

const FILE = z.strictObject({ ruleSets: z.record(z.string(), OUTLIERS) })

let shipped: ReadonlyMap<string, OutlierDocument> | undefined

/** The rule sets that ship with the package by id (`policies/dip-outliers.yaml`). */
export function outlierSets(): ReadonlyMap<string, OutlierDocument> {
  shipped ??= new Map(Object.entries(readDocument(home('policies', 'dip-outliers.yaml'), FILE).ruleSets))
  return shipped
}
