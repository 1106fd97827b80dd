import { z } from 'zod'
import { parseDecimal } from '../../numbers/index.ts'
import {
  APPRAISAL_SCHEMA,
  type AppraisalDocument,
  CYCLE_SCHEMA,
  type CycleDocument,
  SHARING_SCHEMA,
  type SharingDocument,
} from './cycle-document.ts'
import { parseExpression } from './expression.ts'
import { leaf } from './field.ts'
import { INSURANCE, RATE_KEY } from './insurance.ts'

/** A decimal as written in a file: "0.4". */
type Numeral = string

type RatioBase = 'avgRw' | 'avgRwK' | 'rateRw' | 'rateRwK' | 'pvRw' | 'pvRwK'
export type LowFormula = 'L1' | 'L2' | 'L2k' | 'L3' | 'L5'
export type HighFormula = 'H0' | 'H1' | 'H2' | 'H3' | 'H4' | 'H5' | 'H6'
export type BandClass = 'ultraLow' | 'low' | 'taper' | 'normal' | 'high' | 'ultraHigh'

/** A high limit: one number, or pairs [weight up to and including, limit], the last weight null. */
export type LimitDocument = Numeral | readonly (readonly [Numeral | null, Numeral])[]

/** How a case without a normal group is paid: share of its cost, a fixed weight, or a mode. */
export interface SpecialDocument {
  readonly costShare?: Numeral | undefined
  readonly weight?: Numeral | undefined
  readonly mode?: 'ownWeight' | 'low' | 'zero' | 'outside' | undefined
}

interface LinearBandDocument {
  readonly class: BandClass
  readonly upTo: Numeral | null
  readonly op: '<' | '<='
  readonly alpha: Numeral
  readonly alphaK: Numeral
  readonly beta: Numeral
  readonly gamma: Numeral
  readonly cap: 'base' | null
  readonly costPaid: boolean
}

/** A policy pack as written, checked, with `{value, confidence, source}` reduced to the value. See docs/policy-format.md. */
export interface PolicyDocument {
  readonly id: string
  readonly version: string | null
  readonly title: { readonly zh: string; readonly en: string }
  readonly validFrom: string
  readonly validTo: string | null
  readonly policyBasis: readonly {
    readonly document: string
    readonly number?: string | undefined
    readonly article?: string | undefined
    readonly confidence?: string | undefined
  }[]
  readonly scheme: string | null
  readonly method: 'points' | 'rate'
  readonly scale: Numeral | null
  readonly avgCost: Numeral | null
  readonly pointValue: Numeral | Readonly<Record<string, Numeral>> | null
  readonly rate: Numeral | Readonly<Record<string, Numeral>> | null
  readonly ratioBase: RatioBase
  readonly low: {
    readonly threshold: Numeral | Readonly<Record<string, Numeral>>
    readonly op: '<' | '<='
    readonly formula: LowFormula
    readonly timesK: boolean
    readonly share: Numeral | null
  } | null
  readonly taper: {
    readonly upTo: Numeral
    readonly op: '<' | '<='
    readonly beta: Numeral
    readonly formula: 'L4'
  } | null
  readonly high: {
    readonly limit: Numeral | null
    readonly bands: Exclude<LimitDocument, Numeral> | null
    readonly byLevel: Readonly<Record<string, LimitDocument>> | null
    readonly byScheme: Readonly<Record<string, LimitDocument>> | null
    readonly byGroup: Readonly<Record<string, Numeral>> | null
    readonly op: '>' | '>='
    readonly formula: HighFormula
    readonly a: Numeral | null
    readonly b: Numeral | null
    readonly d: Numeral | null
  } | null
  readonly linearBands: readonly LinearBandDocument[] | null
  readonly special: {
    readonly ungrouped: SpecialDocument | null
    readonly ambiguous: SpecialDocument | null
    readonly invalid: SpecialDocument
  }
  readonly los: {
    readonly short: Numeral | null
    readonly shortOp: '<' | '<='
    readonly long: Numeral | null
    readonly longOp: '>' | '>='
    readonly mode: 'ffs' | 'outside'
  } | null
  readonly unstable: { readonly mode: 'actualPoints' | 'ffs' | 'standard' }
  readonly base: {
    readonly mode: 'k' | 'capK' | 'rateOfLevel'
    readonly value: Numeral
    readonly list: readonly string[] | { readonly file: string }
  } | null
  readonly coefficient: {
    readonly kind: 'none' | 'level' | 'groupLevel' | 'hospital'
    readonly table:
      | Readonly<Record<string, Numeral | Readonly<Record<string, Numeral>>>>
      | { readonly file: string }
      | null
  }
  readonly documentedJumps: readonly { readonly at: 'low' | 'taper' | 'high'; readonly formula: string }[]
  readonly cycle: CycleDocument
  readonly appraisal: AppraisalDocument
  readonly sharing: SharingDocument | null
  readonly patientShare: 'subtract' | 'ratio'
  readonly payRatio: Numeral | null
  readonly negativeDue: 'net' | 'floorZero'
  readonly pools: 'perScheme' | 'joint'
}

/** Parts of the rule family that packs may know and this version cannot do: refused by name, never ignored. */
const NOT_YET = [
  'review', 'perDiem', 'longStay', 'earlyDeath', 'age', 'auxiliary', 'daySurgery', 'tcm', 'addOn', 'readmission',
  'redirect', 'volumeCap', 'elastic', 'reclassifyAtYearEnd', 'ratioLevel',
] as const // biome-ignore format: one list

const anyNumeral = z
  .string({ error: 'A number is written as a decimal in quotes, such as "0.4"' })
  .refine(text => parseDecimal(text) !== undefined, 'A number is written as a plain decimal, such as "0.4"')
const notNegative = anyNumeral.refine(text => parseDecimal(text)?.isNegative() !== true, 'Must not be negative')
const positive = anyNumeral.refine(text => parseDecimal(text)?.gt(0) !== false, 'Must be greater than zero')
const share = notNegative.refine(text => parseDecimal(text)?.lte(1) !== false, 'Must lie between 0 and 1')
const days = anyNumeral.refine(text => /^\d{1,4}$/.test(text), 'Must be a whole number of days, such as "60"')
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'Must be a date such as 2025-01-01')
const word = z.string().min(1)
const label = z.strictObject({ zh: word, en: word })

const byInsurance = z.record(
  z.string().regex(INSURANCE, 'Use employee, resident or the three digits of the insurance'),
  positive,
)
const byRate = z.record(z.string().regex(RATE_KEY, 'Use level3, employee, 310 or level3.employee'), positive)

const limitBands = z
  .array(z.tuple([positive.nullable(), positive]))
  .min(1)
  .refine(bands => bands.at(-1)?.[0] === null, 'The last band must have no upper weight (null)')
  .refine(
    bands =>
      bands
        .slice(0, -1)
        .every(([upTo], i) => upTo !== null && (i === 0 || parseDecimal(upTo)?.gt(bands[i - 1]?.[0] ?? '0'))),
    'Upper weights must rise; only the last one is null',
  )
const limit = z.union([positive, limitBands], {
  error: 'Must be a decimal in quotes or a list of [upper weight, limit]',
})

const special = z
  .strictObject({
    costShare: leaf(notNegative).optional(),
    weight: leaf(positive).optional(),
    mode: leaf(z.enum(['ownWeight', 'low', 'zero', 'outside'])).optional(),
  })
  .refine(
    one => Object.values(one).filter(value => value !== undefined).length === 1,
    'Give exactly one of costShare, weight and mode',
  )

const linearBand = z.strictObject({
  class: leaf(z.enum(['ultraLow', 'low', 'taper', 'normal', 'high', 'ultraHigh'])),
  upTo: leaf(positive.nullable()),
  op: leaf(z.enum(['<', '<='])).default('<='),
  alpha: leaf(anyNumeral).default('0'),
  alphaK: leaf(anyNumeral).default('0'),
  beta: leaf(anyNumeral).default('0'),
  gamma: leaf(anyNumeral).default('0'),
  cap: leaf(z.literal('base').nullable()).default(null),
  costPaid: leaf(z.boolean()).default(false),
})

const fileName = z.strictObject({ file: word })
const codes = z.array(word)

const shape = {
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use small letters, digits and hyphens'),
  version: z.string().nullable().default(null),
  title: label,
  validFrom: date,
  validTo: date.nullable().default(null),
  policyBasis: z
    .array(
      z.strictObject({
        document: word,
        number: word.optional(),
        article: word.optional(),
        confidence: z.enum(['P', 'R', 'S', 'C', 'A']).optional(),
      }),
    )
    .min(1, 'Name at least one document'),
  scheme: leaf(word.nullable()).default(null),
  method: leaf(z.enum(['points', 'rate'])),
  scale: leaf(positive.nullable()).default(null),
  avgCost: leaf(
    z.union([z.literal('fromData'), positive], { error: 'Must be a decimal in quotes or fromData' }).nullable(),
  ).default(null),
  pointValue: leaf(
    z.union([positive, byInsurance], { error: 'Must be a decimal in quotes or a map by insurance' }).nullable(),
  ).default(null),
  rate: leaf(
    z.union([positive, byRate], { error: 'Must be a decimal in quotes or a map by level and insurance' }).nullable(),
  ).default(null),
  ratioBase: leaf(z.enum(['avgRw', 'avgRwK', 'rateRw', 'rateRwK', 'pvRw', 'pvRwK'])),
  low: z
    .strictObject({
      threshold: leaf(z.union([positive, byInsurance], { error: 'Must be a decimal in quotes or a map by insurance' })),
      op: leaf(z.enum(['<', '<='])),
      formula: leaf(z.enum(['L1', 'L2', 'L2k', 'L3', 'L5'])),
      timesK: leaf(z.boolean()).default(false),
      share: leaf(share.nullable()).default(null),
    })
    .refine(low => low.formula !== 'L5' || low.share !== null, { error: 'Formula L5 needs share', path: ['share'] })
    .nullable()
    .default(null),
  taper: z
    .strictObject({
      upTo: leaf(positive),
      op: leaf(z.enum(['<', '<='])),
      beta: leaf(notNegative),
      formula: leaf(z.literal('L4')),
    })
    .nullable()
    .default(null),
  high: z
    .strictObject({
      limit: leaf(positive.nullable()).default(null),
      bands: leaf(limitBands.nullable()).default(null),
      byLevel: leaf(z.record(word, limit).nullable()).default(null),
      byScheme: leaf(z.record(z.string().regex(INSURANCE), limit).nullable()).default(null),
      byGroup: leaf(z.record(word, positive).nullable()).default(null),
      op: leaf(z.enum(['>', '>='])),
      formula: leaf(z.enum(['H0', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6'])),
      a: leaf(anyNumeral.nullable()).default(null),
      b: leaf(anyNumeral.nullable()).default(null),
      d: leaf(anyNumeral.nullable()).default(null),
    })
    .refine(
      high => [high.limit, high.bands, high.byLevel, high.byScheme].filter(value => value !== null).length === 1,
      'Give exactly one of limit, bands, byLevel and byScheme',
    )
    .refine(high => high.formula !== 'H4' || (high.a !== null && high.b !== null), {
      error: 'Formula H4 needs a and b',
      path: ['formula'],
    })
    .refine(high => high.formula !== 'H5' || high.d !== null, { error: 'Formula H5 needs d', path: ['formula'] })
    .nullable()
    .default(null),
  linearBands: z
    .array(linearBand)
    .min(1)
    .refine(
      bands => bands.every((band, i) => (band.upTo === null) === (i === bands.length - 1)),
      'The last band, and only it, has upTo null',
    )
    .refine(
      bands => bands.slice(1, -1).every((band, i) => parseDecimal(band.upTo ?? '')?.gt(bands[i]?.upTo ?? '0') === true),
      'Upper ratios must rise',
    )
    .nullable()
    .default(null),
  special: z
    .strictObject({
      ungrouped: special.nullable().default(null),
      ambiguous: special.nullable().default(null),
      invalid: special.default({ mode: 'outside' }),
    })
    .default({ ungrouped: null, ambiguous: null, invalid: { mode: 'outside' } }),
  los: z
    .strictObject({
      short: leaf(days.nullable()).default(null),
      shortOp: leaf(z.enum(['<', '<='])).default('<='),
      long: leaf(days.nullable()).default(null),
      longOp: leaf(z.enum(['>', '>='])).default('>='),
      mode: leaf(z.enum(['ffs', 'outside'])).default('ffs'),
    })
    .nullable()
    .default(null),
  unstable: z
    .strictObject({
      mode: leaf(
        z.enum(['actualPoints', 'ffs', 'standard'], { error: 'Supported are actualPoints, ffs and standard' }),
      ),
    })
    .default({ mode: 'standard' }),
  base: z
    .strictObject({
      mode: leaf(z.enum(['k', 'capK', 'rateOfLevel'])),
      value: leaf(positive),
      list: leaf(z.union([codes, fileName])),
    })
    .nullable()
    .default(null),
  coefficient: z
    .strictObject({
      kind: leaf(z.enum(['none', 'level', 'groupLevel', 'hospital'])),
      table: leaf(
        z.union([fileName, z.record(word, z.union([positive, z.record(word, positive)]))]).nullable(),
      ).default(null),
    })
    .default({ kind: 'none', table: null }),
  documentedJumps: z
    .array(
      z.strictObject({
        at: z.enum(['low', 'taper', 'high']),
        formula: z
          .string()
          .refine(text => parseExpression(text) !== undefined, 'Must be an expression over w, k, L, a, b, d, l'),
      }),
    )
    .default([]),
  cycle: CYCLE_SCHEMA,
  appraisal: APPRAISAL_SCHEMA,
  sharing: SHARING_SCHEMA,
  patientShare: leaf(z.enum(['subtract', 'ratio'])).default('subtract'),
  payRatio: leaf(
    share.refine(text => parseDecimal(text)?.isZero() !== true, 'Must be greater than zero').nullable(),
  ).default(null),
  negativeDue: leaf(z.enum(['net', 'floorZero'])).default('net'),
  pools: leaf(z.enum(['perScheme', 'joint'])).default('perScheme'),
  ...Object.fromEntries(
    NOT_YET.map(key => [
      key,
      z.undefined({ error: `"${key}" is not supported yet; it is refused so that it is not ignored` }).optional(),
    ]),
  ),
}

/** Checks that concern several fields; each names the field to change. */
function* conflicts(pack: PolicyDocument): Generator<[field: string, message: string]> {
  if (pack.method === 'rate') {
    if (pack.rate === null) yield ['rate', 'Method rate needs rate']
    if (pack.scale !== null) yield ['scale', 'Method rate has no scale']
    if (pack.avgCost !== null) yield ['avgCost', 'Method rate has no avgCost']
    if (!pack.ratioBase.startsWith('rate')) yield ['ratioBase', 'Method rate takes rateRw or rateRwK']
  } else {
    if (pack.rate !== null) yield ['rate', 'Method points has no rate']
    if (pack.ratioBase.startsWith('rate')) yield ['ratioBase', 'rateRw and rateRwK need method rate']
    if (pack.ratioBase.startsWith('pv') && pack.pointValue === null)
      yield ['ratioBase', 'pvRw and pvRwK need pointValue']
    if (pack.base?.mode === 'rateOfLevel') yield ['base', 'rateOfLevel needs method rate']
  }
  if (pack.linearBands !== null && (pack.low ?? pack.taper ?? pack.high) !== null) {
    yield ['linearBands', 'linearBands replaces low, taper and high; give one or the other']
  }
  if (pack.ratioBase.startsWith('pv') && pack.high?.formula === 'H4')
    yield ['high', 'H4 with pvRw or pvRwK is not supported yet']
  const asLow = Object.entries(pack.special).find(([, rule]) => rule?.mode === 'low')
  if (asLow !== undefined && !['L1', 'L2', 'L2k'].includes(pack.low?.formula ?? '')) {
    yield [`special.${asLow[0]}`, 'Mode low needs low.formula L1, L2 or L2k: the others need a weight']
  }
  const ladder = [...lowThresholds(pack), ...(pack.taper === null ? [] : [pack.taper.upTo])]
  const first = limits(pack).sort((a, b) => Number(a) - Number(b))[0]
  if (first !== undefined && ladder.some(value => parseDecimal(value)?.gt(first))) {
    yield ['high', `The smallest high limit, ${first}, lies below the low threshold or the taper`]
  }
  if (pack.taper !== null && lowThresholds(pack).some(value => parseDecimal(value)?.gt(pack.taper?.upTo ?? '0'))) {
    yield ['taper', 'The taper ends below the low threshold']
  }
}

function lowThresholds(pack: PolicyDocument): string[] {
  if (pack.low === null) return []
  return typeof pack.low.threshold === 'string' ? [pack.low.threshold] : Object.values(pack.low.threshold)
}

function limits(pack: PolicyDocument): string[] {
  if (pack.high === null) return []
  const { limit: one, bands, byLevel, byScheme, byGroup } = pack.high
  const all = [one, bands, ...Object.values(byLevel ?? {}), ...Object.values(byScheme ?? {})].filter(
    value => value !== null,
  )
  return [
    ...all.flatMap(value => (typeof value === 'string' ? [value] : value.map(([, size]) => size))),
    ...Object.values(byGroup ?? {}),
  ]
}

/** The schema of `policy.yaml`; it takes its own output again, so that a changed document can be checked anew. */
export const POLICY_SCHEMA: z.ZodType<PolicyDocument> = (
  z.strictObject(shape) as unknown as z.ZodType<PolicyDocument>
).superRefine((pack, context) => {
  for (const [field, message] of conflicts(pack)) context.addIssue({ code: 'custom', message, path: field.split('.') })
})
