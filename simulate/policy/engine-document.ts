import { z } from 'zod'
import { say } from '../../files/index.ts'
import { parseDecimal } from '../../numbers/index.ts'
import {
  byInsurance,
  byRate,
  fileName,
  type GroupList,
  groupList,
  type Numeral,
  type NumeralTable,
  notNegative,
  positive,
  share,
  word,
} from './field.ts'

/** One number, or numbers by insurance. */
type ByInsurance = Numeral | Readonly<Record<string, Numeral>>

/** The elastic rate (弹性费率, §3.6) in its three forms. */
export type ElasticDocument =
  | {
      /** Listed severe groups are paid at a fixed rate, the others by points. */
      readonly by: 'severity'
      readonly groups: GroupList
      readonly rate: NumeralTable
    }
  | {
      /** Points up to the base are paid at a preset value or from a share of the pool, extra points from what is left. */
      readonly by: 'volume'
      /** Base points: by insurance for the region, or a table by hospital and insurance. */
      readonly basePoints: Readonly<Record<string, Numeral>> | { readonly file: string }
      /** Read from the file: by hospital and insurance, joined by a line break. */
      readonly hospitalPoints: Readonly<Record<string, Numeral>> | null
      readonly value: ByInsurance | null
      readonly fixedShare: Numeral | null
    }
  | {
      /** Drugs and consumables are paid by a set amount of the group in money, services by points. */
      readonly by: 'costKind'
      /** Yuan by group or ADRG. */
      readonly amounts: Readonly<Record<string, Numeral>> | { readonly file: string }
    }

/** How the pools are divided: everything that the value of a case does not depend on, but for `elastic`. */
export interface EngineDocument {
  readonly patientShare: 'subtract' | 'ratio'
  readonly payRatio: Numeral | null
  /** Whose share of the fund counts in the ratio convention. */
  readonly ratioLevel: 'region' | 'hospital' | 'case'
  readonly closeRatio: boolean
  readonly negativeDue: 'net' | 'floorZero'
  readonly pools: 'perScheme' | 'joint'
  /** Floor and ceiling of the point value, yuan per point. */
  readonly pvMin: ByInsurance | null
  readonly pvMax: ByInsurance | null
  readonly pvDecimals: '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | null
  readonly pvRounding: 'halfUp' | 'down' | 'up'
  readonly elastic: ElasticDocument | null
  /** Classes are decided again by the final point value; it matters to ratios against the point value only. */
  readonly reclassifyAtYearEnd: boolean
}

const rates = z.union([positive, byRate], {
  error: say(
    '应为带引号的小数，或按等级和险种给出的映射',
    'Must be a decimal in quotes or a map by level and insurance',
  ),
})
const values = z.union([positive, byInsurance], {
  error: say('应为带引号的小数，或按险种给出的映射', 'Must be a decimal in quotes or a map by insurance'),
})
const amounts = z.union([fileName, z.record(word, notNegative)], {
  error: say(
    '请按病组写，或写 {file: …}，含 group、amount 两列',
    'Must be a map by group, or {file: …} with columns group and amount',
  ),
})

const severity = z.strictObject({
  by: z.literal('severity'),
  groups: groupList,
  rate: rates,
})

const volume = z
  .strictObject({
    by: z.literal('volume'),
    basePoints: z.union([fileName, byInsurance], {
      error: say(
        '请按险种写，或写 {file: …}，含 hospital、insurance、points 三列',
        'Must be a map by insurance, or {file: …} with columns hospital, insurance and points',
      ),
    }),
    hospitalPoints: z.record(word, notNegative).nullable().default(null),
    value: values.nullable().default(null),
    fixedShare: share.nullable().default(null),
  })
  .refine(one => (one.value === null) !== (one.fixedShare === null), {
    error: say(
      'value（元/点）和 fixedShare（基金池的份额）须写且只写一个',
      'Give exactly one of value (yuan per point) and fixedShare (share of the pool)',
    ),
    path: ['value'],
  })

const costKind = z.strictObject({ by: z.literal('costKind'), amounts })

/** `by` decides the form, so that a mistake is told of that form alone; without it the form is `severity`. */
const elastic = z.preprocess(
  node => (typeof node === 'object' && node !== null && !('by' in node) ? { by: 'severity', ...node } : node),
  z.discriminatedUnion('by', [severity, volume, costKind], {
    error: say('by 须为 severity、volume 或 costKind', 'by is one of severity, volume and costKind'),
  }),
)

/** The fields of `EngineDocument`. */
export const ENGINE: { readonly [key in keyof EngineDocument]: z.ZodType<EngineDocument[key]> } = {
  patientShare: z.enum(['subtract', 'ratio']).default('subtract'),
  payRatio: share
    .refine(text => parseDecimal(text)?.isZero() !== true, say('应大于零', 'Must be greater than zero'))
    .nullable()
    .default(null),
  ratioLevel: z.enum(['region', 'hospital', 'case']).default('region'),
  closeRatio: z.boolean().default(true),
  negativeDue: z.enum(['net', 'floorZero']).default('net'),
  pools: z.enum(['perScheme', 'joint']).default('perScheme'),
  pvMin: values.nullable().default(null),
  pvMax: values.nullable().default(null),
  pvDecimals: z.enum(['0', '1', '2', '3', '4', '5', '6', '7', '8']).nullable().default(null),
  pvRounding: z.enum(['halfUp', 'down', 'up']).default('halfUp'),
  elastic: elastic.nullable().default(null) as unknown as z.ZodType<EngineDocument['elastic']>,
  reclassifyAtYearEnd: z.boolean().default(false),
}
