import { z } from 'zod'
import { say } from '../../files/index.ts'
import { citedThroughout } from '../cited.ts'
import {
  HIGH,
  type HighDocument,
  LINEAR_BANDS,
  type LinearBandDocument,
  LOW,
  type LowDocument,
  TAPER,
  type TaperDocument,
} from './bands-document.ts'
import { CASES, type CasesDocument } from './cases-document.ts'
import { COEFFICIENT, type CoefficientDocument } from './coefficient-document.ts'
import { conflicts } from './conflicts.ts'
import {
  APPRAISAL_SCHEMA,
  type AppraisalDocument,
  CONTROL_SCHEMA,
  type ControlDocument,
  CYCLE_SCHEMA,
  type CycleDocument,
  SHARING_SCHEMA,
  type SharingDocument,
} from './cycle-document.ts'
import { ENGINE, type EngineDocument } from './engine-document.ts'
import { parseExpression } from './expression.ts'
import {
  byFactor,
  byInsurance,
  byRate,
  date,
  fileName,
  label,
  type Numeral,
  type NumeralTable,
  positive,
  word,
} from './field.ts'
import { GROUP_MEANS, type GroupMeansDocument } from './group-means.ts'
import { MODIFIERS, type ModifiersDocument } from './modifiers-document.ts'
import { OUTLIERS, type OutlierDocument, outlierSets } from './outliers-document.ts'
import { JUMP_NAMES, RULES, type RuleDocument } from './rules-document.ts'

const RATIO_BASES = [
  'avgRw',
  'avgRwK',
  'rateRw',
  'rateRwK',
  'pvRw',
  'pvRwK',
  'groupMean',
  'levelStandard',
  'meanFactor',
] as const
type RatioBase = (typeof RATIO_BASES)[number]

/** A policy pack as written, checked, with values that carry their source reduced to the value. See docs/policy-format.md. */
export interface PolicyDocument extends CasesDocument, ModifiersDocument, EngineDocument {
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
  readonly method: 'points' | 'rate' | 'floating'
  /** What tables of weights hold and statements speak of: relative weights, or scores (分值), which are weights × scale. */
  readonly unit: 'weight' | 'score'
  readonly scale: Numeral | null
  readonly avgCost: Numeral | null
  readonly pointValue: Numeral | Readonly<Record<string, Numeral>> | null
  readonly rate: NumeralTable | null
  readonly ratioBase: RatioBase
  readonly low: LowDocument | null
  readonly taper: TaperDocument | null
  readonly high: HighDocument | null
  readonly linearBands: readonly LinearBandDocument[] | null
  /** Outlier rules of DIP in place of bands: the id of a rule set that ships with the package, or the rules. */
  readonly outliers: string | OutlierDocument | null
  /** Mean-cost factor (均次费用系数) for ratio base `meanFactor`, yuan per point. */
  readonly meanFactor: NumeralTable | { readonly file: string } | null
  /** Mean costs of earlier years (上年次均费用) by group, or by group and level, that ratio bases of means take first. */
  readonly groupMeans: GroupMeansDocument | null
  /** Code of the group for what is left (空白病组), which `outliers` may pay by a rule of its own. */
  readonly blankGroup: string | null
  readonly coefficient: CoefficientDocument
  readonly rules: readonly RuleDocument[]
  /** The pack says that a dearer case never earns less; `policy check` and the tests recompute it. */
  readonly monotone: boolean
  readonly documentedJumps: readonly { readonly at: 'low' | 'taper' | 'high'; readonly formula: string }[]
  readonly cycle: CycleDocument
  readonly appraisal: AppraisalDocument
  readonly control: ControlDocument | null
  readonly sharing: SharingDocument | null
}

const RATES_ERROR = say(
  '应为带引号的小数，或按等级和险种给出的映射',
  'Must be a decimal in quotes or a map by level and insurance',
)
const rates = z.union([positive, byRate], { error: RATES_ERROR })

const ruleSetId = z.string().superRefine((id, context) => {
  const known = [...outlierSets().keys()]
  if (!known.includes(id))
    context.addIssue({
      code: 'custom',
      message: say(`规则集有 ${known.join('、')}`, `There are the rule sets ${known.join(', ')}`),
    })
})

const shape = {
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, say('只用小写字母、数字和连字符', 'Use small letters, digits and hyphens')),
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
    .min(1, say('至少列出一份文件', 'Name at least one document')),
  scheme: word.nullable().default(null),
  method: z.enum(['points', 'rate', 'floating']),
  unit: z.enum(['weight', 'score']).default('weight'),
  scale: positive.nullable().default(null),
  avgCost: z
    .union([z.literal('fromData'), positive], {
      error: say('应为带引号的小数，或 fromData', 'Must be a decimal in quotes or fromData'),
    })
    .nullable()
    .default(null),
  pointValue: z
    .union([positive, byInsurance], {
      error: say('应为带引号的小数，或按险种给出的映射', 'Must be a decimal in quotes or a map by insurance'),
    })
    .nullable()
    .default(null),
  rate: rates.nullable().default(null),
  ratioBase: z.enum(RATIO_BASES),
  low: LOW.nullable().default(null),
  taper: TAPER.nullable().default(null),
  high: HIGH.nullable().default(null),
  linearBands: LINEAR_BANDS.nullable().default(null),
  outliers: z.union([ruleSetId, OUTLIERS]).nullable().default(null),
  meanFactor: z.union([positive, fileName, byFactor], { error: RATES_ERROR }).nullable().default(null),
  groupMeans: GROUP_MEANS.nullable().default(null),
  blankGroup: word.nullable().default(null),
  ...CASES,
  ...MODIFIERS,
  coefficient: COEFFICIENT,
  ...ENGINE,
  rules: RULES.default([]),
  monotone: z.boolean().default(false),
  documentedJumps: z
    .array(
      z.strictObject({
        at: z.enum(['low', 'taper', 'high']),
        formula: z
          .string()
          .refine(
            text => !('error' in parseExpression(text, JUMP_NAMES)),
            say('应为 w、k、L、a、b、d、l、q 的算式', 'Must be an expression over w, k, L, a, b, d, l, q'),
          ),
      }),
    )
    .default([]),
  cycle: CYCLE_SCHEMA,
  appraisal: APPRAISAL_SCHEMA,
  control: CONTROL_SCHEMA,
  sharing: SHARING_SCHEMA,
}

/** The schema of `policy.yaml`; it takes its own output again, so that a changed document can be checked anew. */
export const POLICY_SCHEMA: z.ZodType<PolicyDocument> = (
  citedThroughout(z.strictObject(shape)) as unknown as z.ZodType<PolicyDocument>
).superRefine((pack, context) => {
  for (const [field, message] of conflicts(pack)) context.addIssue({ code: 'custom', message, path: field.split('.') })
})
