import { z } from 'zod'
import { home, readDocument, say } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import type { Decimal } from '../../numbers/index.ts'
import { cited, decimal } from '../schema.ts'

/** When an auxiliary class gets a coefficient in a group. */
export interface AuxiliaryGates {
  /** The group has more cases of the last year than this, a class more than that. */
  readonly n1: number
  readonly n2: number
  /** CV of the group at least. */
  readonly cvMin: Decimal
  /** Share by which the split lowers the CV at least. */
  readonly fall: Decimal
  /** Factor on `cvMin` and `fall` for loose types. */
  readonly loose: Decimal
  readonly decimals: number
}

/** How a local catalogue is formed; defaults and their sources stand in `policies/dip-build-default.yaml`. */
export interface BuildConfig {
  readonly id: string
  readonly title: Text
  readonly threshold: { readonly kind: 'fixed' | 'coverage'; readonly cases: number; readonly share: Decimal }
  /** Increase of the mean cost in percent that makes a related operation a group of its own; cases it is judged by. */
  readonly related: {
    readonly percent: Decimal
    readonly cases: number
    /** Most related operations of one local group. */
    readonly operations: number
    /** Share of its bill in percent that the related operations of a case have to cost; 0 = groups do not depend on the bill. */
    readonly ofBill: number
    /** National rows with related operations that add less: given up, or kept with a flag. */
    readonly national: 'drop' | 'flag'
  }
  /**
   * Whether subcategories become one category where operations and costs are alike: means differ by less than `percent`,
   * and at least this share of the cases has an operation that two subcategories of so many cases share.
   */
  readonly keys: {
    readonly merge: boolean
    readonly percent: Decimal
    readonly share: Decimal
    readonly cases: number
  }
  readonly comprehensive: {
    readonly form: boolean
    readonly cases: number
    readonly missingProperty: 'chapter' | 'medical'
  }
  readonly cv: { readonly max: Decimal; readonly action: 'flag' | 'drop' }
  readonly stability: { readonly replicates: number; readonly seed: number }
  readonly auxiliary: AuxiliaryGates
}

const share = decimal.refine(
  value => value.gt(0) && value.lte(1),
  say('必须大于 0 且不超过 1', 'must be above 0 and at most 1'),
)
const positive = decimal.refine(value => value.gt(0), say('必须大于 0', 'must be above 0'))
const count = z.int().min(1).max(1_000_000_000)

/** A block of which a region's file may name a part. */
const FIELDS = {
  threshold: { kind: cited(z.enum(['fixed', 'coverage'])), cases: cited(count), share: cited(share) },
  related: {
    percent: cited(decimal),
    cases: cited(count),
    operations: cited(z.int().min(0).max(4)),
    ofBill: cited(z.int().min(0).max(100)),
    national: cited(z.enum(['drop', 'flag'])),
  },
  keys: { merge: cited(z.boolean()), percent: cited(positive), share: cited(share), cases: cited(count) },
  comprehensive: {
    form: cited(z.boolean()),
    cases: cited(count),
    missingProperty: cited(z.enum(['chapter', 'medical'])),
  },
  cv: { max: cited(positive), action: cited(z.enum(['flag', 'drop'])) },
  stability: { replicates: cited(z.int().min(0).max(10_000)), seed: cited(z.int().min(0)) },
  auxiliary: {
    n1: cited(z.int().min(0)),
    n2: cited(z.int().min(0)),
    cvMin: cited(decimal),
    fall: cited(
      decimal.refine(
        value => value.gte(0) && value.lt(1),
        say('必须不小于 0 且小于 1', 'must be at least 0 and below 1'),
      ),
    ),
    loose: cited(share),
    decimals: cited(z.int().min(0).max(12)),
  },
}
const NAMES = { id: z.string(), title: z.strictObject({ zh: z.string(), en: z.string() }) }

const whole: z.ZodType<BuildConfig> = z.strictObject({
  ...NAMES,
  threshold: z.strictObject(FIELDS.threshold),
  related: z.strictObject(FIELDS.related),
  keys: z.strictObject(FIELDS.keys),
  comprehensive: z.strictObject(FIELDS.comprehensive),
  cv: z.strictObject(FIELDS.cv),
  stability: z.strictObject(FIELDS.stability),
  auxiliary: z.strictObject(FIELDS.auxiliary),
})

const part = z.strictObject({
  ...NAMES,
  threshold: z.strictObject(FIELDS.threshold).partial().default({}),
  related: z.strictObject(FIELDS.related).partial().default({}),
  keys: z.strictObject(FIELDS.keys).partial().default({}),
  comprehensive: z.strictObject(FIELDS.comprehensive).partial().default({}),
  cv: z.strictObject(FIELDS.cv).partial().default({}),
  stability: z.strictObject(FIELDS.stability).partial().default({}),
  auxiliary: z.strictObject(FIELDS.auxiliary).partial().default({}),
})

/** The configuration in `file`, complete with the defaults for what it does not name; without `file` the defaults. */
export function readBuildConfig(file?: string): BuildConfig {
  const base = readDocument(home('policies', 'dip-build-default.yaml'), whole)
  if (file === undefined) return base
  const own = readDocument(file, part)
  return {
    id: own.id,
    title: own.title,
    threshold: laid(base.threshold, own.threshold),
    related: laid(base.related, own.related),
    keys: laid(base.keys, own.keys),
    comprehensive: laid(base.comprehensive, own.comprehensive),
    cv: laid(base.cv, own.cv),
    stability: laid(base.stability, own.stability),
    auxiliary: laid(base.auxiliary, own.auxiliary),
  }
}

/** `over` on `base`, as far as it names anything. */
function laid<T extends object>(base: T, over: { readonly [K in keyof T]?: T[K] | undefined }): T {
  const named = Object.entries(over).filter(([, value]) => value !== undefined)
  return { ...base, ...Object.fromEntries(named) }
}
