import { basename } from 'node:path'
import { z } from 'zod'
import { home, readDocument, say } from '../files/index.ts'
import { COST_BUCKETS } from '../grouper/index.ts'
import { Decimal } from '../numbers/index.ts'
import type { WeightConfig } from './config.ts'

const META = new Set(['value', 'unit', 'label', 'source', 'confidence'])

/** A value that stands alone or carries unit, label, source and confidence, which are dropped. */
export function cited<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess((raw, context) => {
    if (typeof raw !== 'object' || raw === null || !('value' in raw)) return raw
    const keys = Object.keys(raw).filter(key => !META.has(key))
    if (keys.length > 0) context.addIssue({ code: 'unrecognized_keys', keys, input: raw })
    return raw.value
  }, schema)
}

/** A decimal: text ("1.5"), or a number as YAML writes it (1.5). */
export const decimal: z.ZodType<Decimal, string | number> = z
  .union([
    z.number(),
    z.string().regex(/^\d+(\.\d+)?$/, say('请写成 "1.5" 这样的十进制数', 'write a decimal such as "1.5"')),
  ])
  .transform(value => new Decimal(value))
const positive = decimal.refine(value => value.gt(0), say('必须大于 0', 'must be greater than 0'))
const notNegative = decimal.refine(value => value.gte(0), say('不能为负', 'must not be negative'))
const percent = decimal.refine(
  value => value.gte(0) && value.lte(100),
  say('必须在 0 到 100 之间', 'must be from 0 to 100'),
)
const share = decimal.refine(value => value.gt(0) && value.lt(1), say('必须在 0 和 1 之间', 'must lie between 0 and 1'))
const digits = z.int().min(0).max(12)
const year = z.string().regex(/^\d{4}$/, say('请写成 "2024" 这样的年份', 'write a year such as "2024"'))
/** Four decimals at most: costs in fen times the factor stay exact. */
const index = positive.refine(
  value => value.decimalPlaces() <= 4 && value.lt(100),
  say('最多 4 位小数，且小于 100', 'at most 4 decimals, below 100'),
)
const codes = z.array(z.string().min(1))
const text = z.strictObject({ zh: z.string(), en: z.string() })

const band = z.strictObject({ upTo: positive.nullable(), high: positive })
const bands = z.array(band).refine(
  list => {
    const inner = list.slice(0, -1)
    const rising = inner.every((one, i) => one.upTo !== null && (i === 0 || one.upTo.gt(inner[i - 1]!.upTo!)))
    return rising && (list.length === 0 || list.at(-1)!.upTo === null)
  },
  say('各档须从小到大，最后一档写 upTo: null', 'bands rise, and the last one has upTo: null'),
)

const TRIM = z.strictObject({
  method: cited(z.enum(['none', 'sd', 'lnsd', 'iqr', 'percentile', 'multiple'])),
  scope: cited(z.enum(['group', 'groupYear'])),
  sd: z.strictObject({ z: cited(positive) }),
  lnsd: z.strictObject({ z: cited(positive) }),
  iqr: z.strictObject({ a: cited(notNegative), b: cited(notNegative) }),
  percentile: z
    .strictObject({ low: cited(percent), high: cited(percent) })
    .refine(({ low, high }) => low.lt(high), say('low 必须小于 high', 'low must be below high')),
  multiple: z
    .strictObject({
      low: cited(notNegative),
      high: cited(positive),
      centre: cited(z.enum(['mean', 'median', 'geometricMean'])),
      bands: cited(bands),
    })
    .refine(
      ({ low, high, bands }) => [high, ...bands.map(one => one.high)].every(one => low.lt(one)),
      say('low 必须小于 high', 'low must be below high'),
    ),
  iterate: cited(z.int().min(1)),
  minCases: cited(z.int().min(0)),
  maxShare: cited(notNegative.refine(value => value.lte(1), say('必须在 0 到 1 之间', 'must be from 0 to 1'))),
})

const YEARS = z.strictObject({
  factors: cited(z.union([z.array(positive), z.record(year, positive)])),
  reading: cited(z.enum(['weightedTotals', 'meanOfMeans'])),
  priceIndex: cited(z.record(year, index)),
})

const structure = z.partialRecord(z.enum([...COST_BUCKETS, 'other']), notNegative).refine(
  shares =>
    Object.keys(shares).length === 0 ||
    Object.values(shares)
      .reduce((a, b) => a.plus(b), new Decimal(0))
      .eq(1),
  say('目标占比之和必须为 1', 'the target shares must add up to 1'),
)

const ADJUSTMENT = z.strictObject({
  id: z.string().min(1),
  title: text.optional(),
  groups: codes.min(1),
  factor: cited(positive),
  held: z.boolean().default(true),
  source: z.string().optional(),
  confidence: z.string().optional(),
})

const PART = z
  .strictObject({
    index: z.string().min(1),
    title: text.optional(),
    against: z.enum(['none', 'peers']).default('none'),
    age: z.int().min(0).max(150).nullable().default(null),
    from: cited(notNegative).default(new Decimal(0)),
    first: cited(notNegative).default(new Decimal(0)),
    step: cited(positive),
    add: cited(notNegative),
    cap: cited(z.record(z.string(), notNegative)),
    source: z.string().optional(),
    confidence: z.string().optional(),
  })
  .refine(
    ({ index, age }) => (index === 'youngShare' || index === 'oldShare') === (age !== null),
    say(
      'youngShare 和 oldShare 须写 age，其他指标不能写',
      'youngShare and oldShare need age, other indices must not have it',
    ),
  )

const COEFFICIENT = z
  .strictObject({
    kind: cited(z.enum(['none', 'level', 'groupLevel', 'hospital', 'groupHospital', 'composite'])),
    index: cited(z.enum(['levelMean', 'levelIndex'])),
    shrinkN0: cited(notNegative),
    min: cited(notNegative),
    max: cited(positive),
    decimals: cited(digits),
    base: z.strictObject({ groups: cited(codes), value: cited(positive) }),
    normalise: cited(z.boolean()),
    composite: z.strictObject({
      basic: cited(z.record(z.string(), positive)),
      hospitals: cited(z.record(z.string(), positive)),
      parts: cited(z.array(PART)),
    }),
  })
  .refine(({ min, max }) => min.lte(max), say('min 不能大于 max', 'min must not exceed max'))

const complete: z.ZodType<WeightConfig> = z
  .strictObject({
    id: z.string(),
    title: text,
    method: cited(z.enum(['mean', 'benchmark', 'fixed'])),
    benchmark: cited(z.string()),
    fixedAmount: cited(notNegative),
    average: cited(z.enum(['arithmetic', 'geometric'])),
    insurances: cited(codes),
    tables: cited(z.enum(['pooled', 'perInsurance'])),
    years: YEARS,
    screen: z.strictObject({ minCost: cited(notNegative), maxStay: cited(z.int().min(0)) }),
    costStructure: cited(structure),
    trim: TRIM,
    denominator: cited(z.enum(['keptCases', 'allCases'])),
    nMin: cited(z.int().min(1)),
    cvMax: cited(positive),
    unstableMode: cited(z.enum(['ownWeight', 'noWeight', 'shrunk', 'parent', 'placeholderOne'])),
    shrinkN0: cited(notNegative),
    shrinkage: z.strictObject({
      method: cited(z.enum(['fixed', 'buhlmannStraub'])),
      apply: cited(z.enum(['unstable', 'all'])),
    }),
    emptyGroups: cited(z.array(z.enum(['lastYear', 'severity', 'parent']))),
    bootstrap: z.strictObject({
      replicates: cited(z.int().min(0).max(100_000)),
      level: cited(share),
      seed: cited(z.int().min(0)),
      interval: cited(z.enum(['studentised', 'percentile'])),
    }),
    driftMax: cited(notNegative),
    severityOrder: cited(
      z
        .array(z.tuple([z.string().length(1), z.string().length(1)]))
        .refine(acyclic, say('先后次序不能成环', 'the order must have no circle')),
    ),
    inversions: cited(z.enum(['report', 'pool'])),
    adjustments: cited(z.array(ADJUSTMENT)),
    locked: cited(codes),
    decimals: cited(digits),
    calibrate: cited(z.boolean()),
    scale: cited(z.int().min(1)),
    coefficient: COEFFICIENT,
  })
  .refine(({ method, benchmark }) => method !== 'benchmark' || benchmark !== '', {
    path: ['benchmark'],
    message: say('method 为 benchmark 时须写病组编码', 'method benchmark needs the code of a group'),
  })
  .refine(({ method, fixedAmount }) => method !== 'fixed' || fixedAmount.gt(0), {
    path: ['fixedAmount'],
    message: say('method 为 fixed 时定额须大于 0', 'method fixed needs an amount above 0'),
  })
  .refine(({ method, calibrate }) => method === 'mean' || !calibrate, {
    path: ['calibrate'],
    message: say(
      '基准病组或定额已规定权重 1，calibrate 须为 false',
      'a benchmark or fixed amount sets weight 1, so calibrate must be false',
    ),
  })

/** Whether no chain of pairs leads back to where it began. */
function acyclic(pairs: readonly (readonly [string, string])[]): boolean {
  const left = new Set(pairs.flat())
  for (let found = true; found && left.size > 0; ) {
    found = false
    for (const one of left) {
      if (pairs.some(([heavy, light]) => light === one && left.has(heavy))) continue
      left.delete(one)
      found = true
    }
  }
  return left.size === 0
}

type Tree = { readonly [key: string]: unknown }

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Decimal.isDecimal(value)
}

/** `over` laid on `base`: mappings merge, everything else, and a cited value as a whole, is replaced. */
function overlay(base: Tree, over: Tree): Tree {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    const whole = !isTree(value) || !isTree(below) || 'value' in value || 'value' in below
    merged[key] = whole ? value : overlay(below, value)
  }
  return merged
}

/**
 * The configuration in `file`, complete with the defaults for what it does not name; without `file` the defaults. One
 * that gives no id or title of its own is called as its file is.
 * A fault names file, line and field.
 */
export function readWeightConfig(file?: string): WeightConfig {
  const source = home('policies', 'weights-default.yaml')
  if (file === undefined) return readDocument(source, complete)
  const defaults = readDocument(source, z.record(z.string(), z.unknown()))
  const id = basename(file).replace(/\.[^.]*$/, '')
  const named = { ...defaults, id, title: { zh: id, en: id } }
  const whole: z.ZodType<WeightConfig> = z.preprocess(own => (isTree(own) ? overlay(named, own) : own), complete)
  return readDocument(file, whole)
}
