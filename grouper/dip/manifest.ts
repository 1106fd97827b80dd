import { z } from 'zod'
import { SCHEME_ID } from '../scheme/manifest.ts'
import { OFFICIAL_DIALECT } from './expression.ts'
import { DIP_LAYERS, type Dialect, type DipCatalogue, type DipMatching, type TieStep } from './types.ts'

/** The matching rules of the national 3.0 scheme, with the project's conventions where it is silent. */
export const NATIONAL_MATCHING: DipMatching = {
  mainOperation: 'first',
  droppedOperation: 'skip',
  limitedOperation: 'skip',
  auxiliaryFallback: 'blank-row',
  conservativeFallback: 'none',
  shortOperations: 'exact',
  tieRule: ['most-conditions', 'most-operations', 'narrowest', 'highest-score'],
  comprehensive: 'none',
  comprehensiveBy: 'main',
  intervention: 4,
}

const TIE_STEPS: readonly TieStep[] = [
  'most-conditions',
  'most-operations',
  'narrowest',
  'highest-score',
  'closest-cost',
]

/** How many of each a catalogue has. */
export interface DipCounts {
  readonly XQ: number
  readonly BX: number
  readonly FZ: number
  readonly JC: number
  readonly ZH: number
  readonly excludedDiagnoses: number
  readonly excludedOperations: number
  /** Rows of grassroots, TCM, bed-day and day-surgery lists. */
  readonly tags: number
  readonly drugResistant: number
  readonly properties: number
}

/** The counts of a catalogue. */
export function dipCountsOf({ groups, lists }: Pick<DipCatalogue, 'groups' | 'lists'>): DipCounts {
  const [XQ, BX, FZ, JC, ZH] = DIP_LAYERS.map(layer => groups.filter(group => group.layer === layer).length) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return {
    XQ,
    BX,
    FZ,
    JC,
    ZH,
    excludedDiagnoses: lists.excludedDiagnoses.size,
    excludedOperations: lists.excludedOperations.size,
    tags: lists.tags.length,
    drugResistant: lists.drugResistant.size,
    properties: lists.properties.size,
  }
}

const count = z.int().min(0)
export const dipCounts: z.ZodType<DipCounts> = z.strictObject({
  XQ: count,
  BX: count,
  FZ: count,
  JC: count,
  ZH: count,
  excludedDiagnoses: count,
  excludedOperations: count,
  tags: count,
  drugResistant: count,
  properties: count,
})

/** Matching rules as a file gives them: what is left out is as in the national scheme. */
export interface MatchingFacts {
  readonly mainOperation?: DipMatching['mainOperation'] | undefined
  readonly droppedOperation?: DipMatching['droppedOperation'] | undefined
  readonly limitedOperation?: DipMatching['limitedOperation'] | undefined
  readonly auxiliaryFallback?: DipMatching['auxiliaryFallback'] | undefined
  readonly conservativeFallback?: DipMatching['conservativeFallback'] | undefined
  readonly shortOperations?: DipMatching['shortOperations'] | undefined
  readonly tieRule?: TieStep[] | undefined
  readonly comprehensive?: DipMatching['comprehensive'] | undefined
  readonly comprehensiveBy?: DipMatching['comprehensiveBy'] | undefined
  readonly intervention?: DipMatching['intervention'] | undefined
  readonly blankGroup?: string | undefined
}

export const matchingSchema: z.ZodType<MatchingFacts> = z.strictObject({
  mainOperation: z.enum(['first', 'any']).optional(),
  droppedOperation: z.enum(['skip', 'conservative']).optional(),
  limitedOperation: z.enum(['skip', 'conservative']).optional(),
  auxiliaryFallback: z.enum(['blank-row', 'none']).optional(),
  conservativeFallback: z.enum(['core', 'none']).optional(),
  shortOperations: z.enum(['exact', 'children']).optional(),
  tieRule: z
    .array(z.enum(TIE_STEPS))
    .refine(steps => new Set(steps).size === steps.length, 'write every step once')
    .optional(),
  comprehensive: z.enum(['none', 'formed', 'listed']).optional(),
  comprehensiveBy: z.enum(['main', 'highest']).optional(),
  intervention: z.union([z.literal(3), z.literal(4)]).optional(),
  blankGroup: z.string().min(1).optional(),
})

/** Whole matching rules from those given. */
export function matchingOf(facts: MatchingFacts | undefined): DipMatching {
  const given = Object.entries(facts ?? {}).filter(([, value]) => value !== undefined)
  return { ...NATIONAL_MATCHING, ...Object.fromEntries(given) }
}

/** The rules that differ from the national ones, as a file gives them. */
export function matchingFacts(matching: DipMatching): MatchingFacts {
  const differs = Object.entries(matching).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(NATIONAL_MATCHING[key as keyof DipMatching]),
  )
  return Object.fromEntries(differs)
}

export const dialectSchema: z.ZodType<Dialect> = z.strictObject({
  and: z.string().min(1).max(1),
  or: z.string().max(1),
})

/** `Provenance` as zod gives it. */
export interface SourceFacts {
  readonly title: string
  readonly edition?: string | undefined
  readonly date?: string | undefined
  readonly link?: string | undefined
  readonly note?: string | undefined
}

export const dipId: z.ZodType<string> = z
  .string()
  .regex(SCHEME_ID, 'write lower-case letters, digits, "-" and ".", e.g. dip-3.0-sample')
export const text: z.ZodType<{ readonly zh: string; readonly en: string }> = z.strictObject({
  zh: z.string().min(1),
  en: z.string().min(1),
})
export const provenance: z.ZodType<SourceFacts> = z.strictObject({
  title: z.string().min(1),
  edition: z.string().optional(),
  date: z.string().optional(),
  link: z.string().optional(),
  note: z.string().optional(),
})

/** `catalogue.yaml` of a pack. */
export interface DipPackManifest {
  /** Version of the pack format. */
  readonly format: 1
  readonly id: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly edition: string
  /** Dictionaries that the catalogue is written against. */
  readonly codeSystem: Record<'diagnosis' | 'procedure', { readonly id: string; readonly sha256: string }>
  readonly source: SourceFacts
  readonly matching?: MatchingFacts | undefined
  readonly dialect?: Dialect | undefined
  readonly counts: DipCounts
  /** `DipCatalogue.hash`. */
  readonly hash: string
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'write a SHA-256 as 64 hexadecimal digits')
const dictionary = z.strictObject({ id: z.string(), sha256 })

export const dipPackSchema: z.ZodType<DipPackManifest> = z.strictObject({
  format: z.literal(1),
  id: dipId,
  name: text,
  edition: z.string().min(1),
  codeSystem: z.strictObject({ diagnosis: dictionary, procedure: dictionary }),
  source: provenance,
  matching: matchingSchema.optional(),
  dialect: dialectSchema.optional(),
  counts: dipCounts,
  hash: sha256,
})

/** A dialect for a file: none where it is the official one. */
export function dialectFacts(dialect: Dialect): { dialect?: Dialect } {
  const official = dialect.and === OFFICIAL_DIALECT.and && dialect.or === OFFICIAL_DIALECT.or
  return official ? {} : { dialect }
}
