import { z } from 'zod'
import { home, readDocument, say } from '../files/index.ts'

const LEVELS = ['3', '2', '1'] as const

/** Hospital level. */
export type Level = (typeof LEVELS)[number]

/** From and to. */
export type Range = readonly [number, number]

const share = z.number().min(0).max(1)
const positive = z.number().positive()
const count = z.int().min(1)
const byLevel = z.strictObject({ '3': z.number(), '2': z.number(), '1': z.number() })
const range = z
  .tuple([positive, positive])
  .refine(([from, to]) => from <= to, say('起点不能大于终点', 'from must not exceed to'))
const shareRange = z
  .tuple([share, share])
  .refine(([from, to]) => from <= to, say('起点不能大于终点', 'from must not exceed to'))
const pattern = z.string().refine(text => {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}, 'must be a regular expression')
const months = z.array(positive).length(12)

/** Kinds of faults of coding or entry, in the order of their numbers in the kernel. */
export const ERROR_KINDS = [
  'withdrawnCode',
  'unknownCode',
  'lowerCase',
  'emptySlot',
  'sexMismatch',
  'weightMissing',
  'weightInKilograms',
] as const
export type ErrorKind = (typeof ERROR_KINDS)[number]

/** What each parameter may be; what it means, its unit and its source stand in `policies/synthetic-region.yaml`. */
export interface RegionParameters {
  readonly year: number
  readonly hospitals: number
  readonly levelHospitals: Readonly<Record<Level, number>>
  readonly levelCases: Readonly<Record<Level, number>>
  readonly hospitalSigma: number
  readonly levelCost: Readonly<Record<Level, number>>
  readonly hospitalCostSigma: number
  readonly levelComplexity: Readonly<Record<Level, number>>
  readonly meanCost: number
  /** Growth of the mean cost from year to year. */
  readonly costGrowth: number
  /** Invented pairs of diagnosis and operation in a DIP region. */
  readonly dipPatterns: number
  readonly weightQuantiles: readonly Range[]
  readonly anchors: readonly { readonly pattern: string; readonly weight: number }[]
  readonly kindEffect: Readonly<Record<'surgical' | 'operation' | 'medical', number>>
  readonly severityEffect: number
  readonly mdcSigma: number
  readonly adrgSigma: number
  readonly leafSigma: number
  readonly groupSigma: number
  readonly extremeRarity: number
  readonly surplus: readonly { readonly pattern: string; readonly factor: number }[]
  readonly severityVolume: number
  readonly ambiguousShare: number
  readonly notGroupedShare: number
  readonly specialities: readonly {
    readonly name: string
    readonly level: Level
    readonly pattern: string
    readonly factor: number
    /** Volume against a general hospital of the level. */
    readonly size: number
  }[]
  readonly sigma: Range
  readonly wideShare: number
  readonly wideMostWeight: number
  readonly wideSigma: Range
  readonly highShare: number
  readonly highMultiple: Range
  readonly lowShare: number
  readonly lowMultiple: Range
  readonly losMedian: number
  readonly losSigma: number
  readonly losWeight: number
  readonly losCost: number
  readonly otherDiagnoses: number
  readonly otherDispersion: number
  readonly otherAge: number
  readonly otherMost: number
  readonly otherCodes: string
  readonly comorbidities: string
  readonly otherProcedures: string
  readonly noProcedure: number
  readonly oneProcedure: number
  readonly mostProcedures: number
  readonly ages: readonly {
    readonly pattern: string
    readonly mean: number
    readonly sd: number
    readonly from: number
    readonly to: number
  }[]
  readonly months: readonly number[]
  readonly winter: { readonly pattern: string; readonly months: readonly number[] }
  readonly discharge: readonly number[]
  readonly employees: number
  readonly levelEmployees: Readonly<Record<Level, number>>
  readonly patientShare: Readonly<Record<'310' | '390', Range>>
  readonly budgetShare: number
  readonly errors: number
  readonly errorKinds: Readonly<Record<ErrorKind, number>>
}

const VALUES: { readonly [K in keyof RegionParameters]: z.ZodType<RegionParameters[K]> } = {
  year: z.int().min(2000).max(2100),
  hospitals: count.max(999),
  levelHospitals: byLevel,
  levelCases: byLevel,
  hospitalSigma: z.number().min(0),
  levelCost: byLevel,
  hospitalCostSigma: z.number().min(0),
  levelComplexity: byLevel,
  meanCost: positive,
  costGrowth: z.number().min(-0.5).max(1),
  dipPatterns: z.int().min(0).max(20_000),
  weightQuantiles: z
    .array(z.tuple([share, positive]))
    .min(2)
    .refine(
      list =>
        list[0]![0] === 0 &&
        list.at(-1)![0] === 1 &&
        list.every((row, i) => i === 0 || (row[0] > list[i - 1]![0] && row[1] >= list[i - 1]![1])),
      'must rise from share 0 to share 1',
    ),
  anchors: z.array(z.strictObject({ pattern, weight: positive })),
  kindEffect: z.strictObject({ surgical: z.number(), operation: z.number(), medical: z.number() }),
  severityEffect: z.number(),
  mdcSigma: z.number().min(0),
  adrgSigma: z.number().min(0),
  leafSigma: z.number().min(0),
  groupSigma: z.number().min(0),
  extremeRarity: z.number().min(0),
  surplus: z.array(z.strictObject({ pattern, factor: positive })),
  severityVolume: positive,
  ambiguousShare: share,
  notGroupedShare: share,
  specialities: z.array(
    z.strictObject({ name: z.string(), level: z.enum(LEVELS), pattern, factor: positive, size: positive }),
  ),
  sigma: range,
  wideShare: share,
  wideMostWeight: positive,
  wideSigma: range,
  highShare: share,
  highMultiple: range,
  lowShare: share,
  lowMultiple: range,
  losMedian: positive,
  losSigma: z.number().min(0),
  losWeight: z.number(),
  losCost: z.number().min(-1).max(1),
  otherDiagnoses: positive,
  otherDispersion: positive,
  otherAge: z.number().min(0),
  otherMost: count.max(40),
  otherCodes: pattern,
  comorbidities: pattern,
  otherProcedures: pattern,
  noProcedure: share,
  oneProcedure: share,
  mostProcedures: count.max(40),
  ages: z
    .array(z.strictObject({ pattern, mean: positive, sd: positive, from: z.int().min(1), to: z.int().max(95) }))
    .refine(
      list => list.at(-1)?.pattern === '',
      say('最后一个 pattern 须为空：它用于其余所有病组', 'the last pattern must be empty: it serves all other groups'),
    ),
  months,
  winter: z.strictObject({ pattern, months }),
  discharge: z.array(share).length(5),
  employees: share,
  levelEmployees: byLevel,
  patientShare: z.strictObject({ '310': shareRange, '390': shareRange }),
  budgetShare: positive,
  errors: share,
  errorKinds: z.strictObject(
    Object.fromEntries(ERROR_KINDS.map(kind => [kind, z.number().min(0)])) as Record<ErrorKind, z.ZodNumber>,
  ),
}

function described<T>(value: z.ZodType<T>): z.ZodType<T> {
  return z
    .strictObject({
      value,
      unit: z.string(),
      zh: z.string(),
      en: z.string(),
      source: z.string(),
      confidence: z.enum(['P', 'R', 'S', 'C']),
    })
    .transform(entry => entry.value)
}

const schema = z.strictObject({
  id: z.string(),
  title: z.strictObject({ zh: z.string(), en: z.string() }),
  parameters: z.strictObject(
    Object.fromEntries(Object.entries(VALUES).map(([name, value]) => [name, described(value as z.ZodType)])),
  ) as unknown as z.ZodType<RegionParameters>,
})

/** The parameters in `file`, by default those that ship; a file must give every one of them. */
export function readRegionParameters(file: string = home('policies', 'synthetic-region.yaml')): RegionParameters {
  return readDocument(file, schema).parameters
}
