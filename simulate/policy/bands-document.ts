import { z } from 'zod'
import { say } from '../../files/index.ts'
import { parseDecimal } from '../../numbers/index.ts'
import { anyNumeral, byInsurance, type Numeral, notNegative, positive, share, word } from './field.ts'
import { INSURANCE } from './insurance.ts'

export type LowFormula = 'L1' | 'L2' | 'L2k' | 'L3' | 'L5'
export type HighFormula = 'H0' | 'H1' | 'H2' | 'H3' | 'H4' | 'H5' | 'H6'
export type BandClass = 'ultraLow' | 'low' | 'taper' | 'normal' | 'high' | 'ultraHigh'

/** A limit: one number, or pairs [weight up to and including, limit], the last weight null. */
export type LimitDocument = Numeral | readonly (readonly [Numeral | null, Numeral])[]

/** A limit of the cost ratio, by weight band, by level or insurance, and apart for single groups. */
export interface LimitsDocument {
  readonly limit: Numeral | null
  readonly bands: Exclude<LimitDocument, Numeral> | null
  readonly byLevel: Readonly<Record<string, LimitDocument>> | null
  readonly byScheme: Readonly<Record<string, LimitDocument>> | null
  readonly byGroup: Readonly<Record<string, Numeral>> | null
}

export interface LowDocument extends Omit<LimitsDocument, 'limit' | 'byScheme'> {
  /** One number, or numbers by insurance; null where bands or byLevel say it. */
  readonly threshold: Numeral | Readonly<Record<string, Numeral>> | null
  readonly op: '<' | '<='
  readonly formula: LowFormula
  readonly timesK: boolean
  readonly share: Numeral | null
}

export interface TaperDocument {
  readonly upTo: Numeral
  readonly op: '<' | '<='
  readonly beta: Numeral
  readonly formula: 'L4'
}

export interface HighDocument extends LimitsDocument {
  readonly op: '>' | '>='
  readonly formula: HighFormula
  readonly a: Numeral | null
  readonly b: Numeral | null
  readonly d: Numeral | null
}

export interface LinearBandDocument {
  readonly class: BandClass
  readonly upTo: Numeral | null
  readonly op: '<' | '<='
  readonly alpha: Numeral
  readonly alphaK: Numeral
  readonly beta: Numeral
  readonly gamma: Numeral
  /** γκ·w·k², and parts that go with the ratio itself: ρ·r·w and ρκ·r·w·k. */
  readonly gammaK: Numeral
  readonly rho: Numeral
  readonly rhoK: Numeral
  readonly cap: 'base' | null
  readonly costPaid: boolean
  /** Whether an auxiliary coefficient multiplies what the band gives. */
  readonly auxiliary: boolean
  readonly flag: BandFlag | null
}

/** What has to happen to a case of a band beside its payment. */
export const BAND_FLAGS = ['watch', 'specialCaseReview', 'expertReview'] as const
export type BandFlag = (typeof BAND_FLAGS)[number]

const limitBands = z
  .array(z.tuple([positive.nullable(), positive]))
  .min(1)
  .refine(
    bands => bands.at(-1)?.[0] === null,
    say('最后一档不设权重上限（写 null）', 'The last band must have no upper weight (null)'),
  )
  .refine(
    bands =>
      bands
        .slice(0, -1)
        .every(([upTo], i) => upTo !== null && (i === 0 || parseDecimal(upTo)?.gt(bands[i - 1]?.[0] ?? '0'))),
    say('权重上限须逐档增大，只有最后一档为 null', 'Upper weights must rise; only the last one is null'),
  )
const limit = z.union([positive, limitBands], {
  error: say(
    '应为带引号的小数，或 [权重上限, 界限] 的列表',
    'Must be a decimal in quotes or a list of [upper weight, limit]',
  ),
})
const byLevel = z.record(word, limit).nullable().default(null)
const byGroup = z.record(word, positive).nullable().default(null)

/** The low class (低倍率). */
export const LOW: z.ZodType<LowDocument> = z
  .strictObject({
    threshold: z
      .union([positive, byInsurance], {
        error: say('应为带引号的小数，或按险种给出的映射', 'Must be a decimal in quotes or a map by insurance'),
      })
      .nullable()
      .default(null),
    bands: limitBands.nullable().default(null),
    byLevel,
    byGroup,
    op: z.enum(['<', '<=']),
    formula: z.enum(['L1', 'L2', 'L2k', 'L3', 'L5']),
    timesK: z.boolean().default(false),
    share: share.nullable().default(null),
  })
  .refine(
    low => [low.threshold, low.bands, low.byLevel].filter(value => value !== null).length === 1,
    say('threshold、bands 和 byLevel 只能且必须写一个', 'Give exactly one of threshold, bands and byLevel'),
  )
  .refine(low => low.formula !== 'L5' || low.share !== null, {
    error: say('公式 L5 需要 share', 'Formula L5 needs share'),
    path: ['share'],
  })

/** The class between low and normal. */
export const TAPER: z.ZodType<TaperDocument> = z.strictObject({
  upTo: positive,
  op: z.enum(['<', '<=']),
  beta: notNegative,
  formula: z.literal('L4'),
})

/** The high class (高倍率). */
export const HIGH: z.ZodType<HighDocument> = z
  .strictObject({
    limit: positive.nullable().default(null),
    bands: limitBands.nullable().default(null),
    byLevel,
    byScheme: z.record(z.string().regex(INSURANCE), limit).nullable().default(null),
    byGroup,
    op: z.enum(['>', '>=']),
    formula: z.enum(['H0', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6']),
    a: anyNumeral.nullable().default(null),
    b: anyNumeral.nullable().default(null),
    d: anyNumeral.nullable().default(null),
  })
  .refine(
    high => [high.limit, high.bands, high.byLevel, high.byScheme].filter(value => value !== null).length === 1,
    say('limit、bands、byLevel 和 byScheme 只能且必须写一个', 'Give exactly one of limit, bands, byLevel and byScheme'),
  )
  .refine(high => high.formula !== 'H4' || (high.a !== null && high.b !== null), {
    error: say('公式 H4 需要 a 和 b', 'Formula H4 needs a and b'),
    path: ['formula'],
  })
  .refine(high => high.formula !== 'H5' || high.d !== null, {
    error: say('公式 H5 需要 d', 'Formula H5 needs d'),
    path: ['formula'],
  })

const linearBand = z.strictObject({
  class: z.enum(['ultraLow', 'low', 'taper', 'normal', 'high', 'ultraHigh']),
  upTo: positive.nullable(),
  op: z.enum(['<', '<=']).default('<='),
  alpha: anyNumeral.default('0'),
  alphaK: anyNumeral.default('0'),
  beta: anyNumeral.default('0'),
  gamma: anyNumeral.default('0'),
  gammaK: anyNumeral.default('0'),
  rho: anyNumeral.default('0'),
  rhoK: anyNumeral.default('0'),
  cap: z.literal('base').nullable().default(null),
  costPaid: z.boolean().default(false),
  auxiliary: z.boolean().default(true),
  flag: z.enum(BAND_FLAGS).nullable().default(null),
})

/** Bands in canonical form, in place of low, taper and high. */
export const LINEAR_BANDS: z.ZodType<readonly LinearBandDocument[]> = z
  .array(linearBand)
  .min(1)
  .refine(
    bands => bands.every((band, i) => (band.upTo === null) === (i === bands.length - 1)),
    say('最后一档且只有最后一档的 upTo 为 null', 'The last band, and only it, has upTo null'),
  )
  .refine(
    bands => bands.slice(1, -1).every((band, i) => parseDecimal(band.upTo ?? '')?.gt(bands[i]?.upTo ?? '0') === true),
    say('倍率上限须逐档增大', 'Upper ratios must rise'),
  )
