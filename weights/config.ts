import { z } from 'zod'
import { home, readDocument } from '../files/index.ts'
import type { Text } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'

export type TrimMethod = 'none' | 'sd' | 'lnsd' | 'iqr' | 'percentile' | 'multiple'
export type UnstableMode = 'ownWeight' | 'noWeight' | 'shrunk' | 'parent' | 'placeholderOne'

/** Which costs of a group are kept; only the parameters of `method` count. */
export interface TrimConfig {
  readonly method: TrimMethod
  /** Keep mean ± z·SD. */
  readonly sd: { readonly z: Decimal }
  /** The same on ln cost. */
  readonly lnsd: { readonly z: Decimal }
  /** Keep Q1 − a·IQR to Q3 + b·IQR. */
  readonly iqr: { readonly a: Decimal; readonly b: Decimal }
  /** Keep between two percentiles, 0 to 100. */
  readonly percentile: { readonly low: Decimal; readonly high: Decimal }
  /** Keep between two multiples of the centre. */
  readonly multiple: {
    readonly low: Decimal
    readonly high: Decimal
    readonly centre: 'mean' | 'median' | 'geometricMean'
  }
  /** Passes at most. */
  readonly iterate: number
  /** Groups with fewer cases are not trimmed. */
  readonly minCases: number
  /** A pass that would take the cut share above this is not made. */
  readonly maxShare: Decimal
}

/** How coefficients are derived. */
export interface CoefficientConfig {
  readonly kind: 'none' | 'level' | 'groupLevel'
  /** `levelMean`: mean cost of the level / regional mean. `levelIndex`: Σc / Σ(w·A) over the level. */
  readonly index: 'levelMean' | 'levelIndex'
  /** n0 in z = n / (n + n0): how far a group's coefficient at a level is drawn to that of the level, cases. */
  readonly shrinkN0: Decimal
  readonly min: Decimal
  readonly max: Decimal
  readonly decimals: number
}

/** How weights are derived; defaults and their sources stand in `policies/weights-default.yaml`. */
export interface WeightConfig {
  readonly id: string
  readonly title: Text
  readonly method: 'mean'
  readonly trim: TrimConfig
  /** Regional mean cost over the kept cases or over all cases. */
  readonly denominator: 'keptCases' | 'allCases'
  /** A stable group has at least this many kept cases … */
  readonly nMin: number
  /** … and a CV below this. */
  readonly cvMax: Decimal
  readonly unstableMode: UnstableMode
  /** n0 in z = n / (n + n0), cases. */
  readonly shrinkN0: Decimal
  readonly decimals: number
  readonly calibrate: boolean
  /** Points of weight 1. */
  readonly scale: number
  readonly coefficient: CoefficientConfig
}

const META = new Set(['value', 'unit', 'label', 'source', 'confidence'])

/** A value that stands alone or carries unit, label, source and confidence, which are dropped. */
function cited<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess((raw, context) => {
    if (typeof raw !== 'object' || raw === null || !('value' in raw)) return raw
    const keys = Object.keys(raw).filter(key => !META.has(key))
    if (keys.length > 0) context.addIssue({ code: 'unrecognized_keys', keys, input: raw })
    return raw.value
  }, schema)
}

/** A decimal: text ("1.5"), or a number as YAML writes it (1.5). */
const decimal = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?$/, 'write a decimal such as "1.5"')])
  .transform(value => new Decimal(value))
const positive = decimal.refine(value => value.gt(0), 'must be greater than 0')
const notNegative = decimal.refine(value => value.gte(0), 'must not be negative')
const percent = decimal.refine(value => value.gte(0) && value.lte(100), 'must be from 0 to 100')
const digits = z.int().min(0).max(12)

const FIELDS = {
  id: z.string(),
  title: z.strictObject({ zh: z.string(), en: z.string() }),
  method: cited(z.enum(['mean'])),
  denominator: cited(z.enum(['keptCases', 'allCases'])),
  nMin: cited(z.int().min(1)),
  cvMax: cited(positive),
  unstableMode: cited(z.enum(['ownWeight', 'noWeight', 'shrunk', 'parent', 'placeholderOne'])),
  shrinkN0: cited(notNegative),
  decimals: cited(digits),
  calibrate: cited(z.boolean()),
  scale: cited(z.int().min(1)),
}
const TRIM = {
  method: cited(z.enum(['none', 'sd', 'lnsd', 'iqr', 'percentile', 'multiple'])),
  iterate: cited(z.int().min(1)),
  minCases: cited(z.int().min(0)),
  maxShare: cited(notNegative.refine(value => value.lte(1), 'must be from 0 to 1')),
}
const SD = { z: cited(positive) }
const IQR = { a: cited(notNegative), b: cited(notNegative) }
const PERCENTILE = { low: cited(percent), high: cited(percent) }
const MULTIPLE = {
  low: cited(notNegative),
  high: cited(positive),
  centre: cited(z.enum(['mean', 'median', 'geometricMean'])),
}
const COEFFICIENT = {
  kind: cited(z.enum(['none', 'level', 'groupLevel'])),
  index: cited(z.enum(['levelMean', 'levelIndex'])),
  shrinkN0: cited(notNegative),
  min: cited(notNegative),
  max: cited(positive),
  decimals: cited(digits),
}

const complete: z.ZodType<WeightConfig> = z.strictObject({
  ...FIELDS,
  trim: z.strictObject({
    ...TRIM,
    sd: z.strictObject(SD),
    lnsd: z.strictObject(SD),
    iqr: z.strictObject(IQR),
    percentile: z.strictObject(PERCENTILE).refine(({ low, high }) => low.lt(high), 'low must be below high'),
    multiple: z.strictObject(MULTIPLE).refine(({ low, high }) => low.lt(high), 'low must be below high'),
  }),
  coefficient: z.strictObject(COEFFICIENT).refine(({ min, max }) => min.lte(max), 'min must not exceed max'),
})

type Tree = { readonly [key: string]: unknown }

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Decimal.isDecimal(value)
}

/** `over` laid on `base`: mappings merge, everything else, and a cited value as a whole, is replaced. */
function overlay(base: Tree, over: Tree): Tree {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    merged[key] = isTree(value) && isTree(below) && !('value' in value) ? overlay(below, value) : value
  }
  return merged
}

/**
 * The configuration in `file`, complete with the defaults for what it does not name; without `file` the defaults.
 * A fault names file, line and field.
 */
export function readWeightConfig(file?: string): WeightConfig {
  const source = home('policies', 'weights-default.yaml')
  if (file === undefined) return readDocument(source, complete)
  const defaults = readDocument(source, z.record(z.string(), z.unknown()))
  const whole: z.ZodType<WeightConfig> = z.preprocess(own => (isTree(own) ? overlay(defaults, own) : own), complete)
  return readDocument(file, whole)
}
