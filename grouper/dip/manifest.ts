import { z } from 'zod'
import { say } from '../../files/index.ts'
import { SCHEME_ID } from '../scheme/manifest.ts'
import { OFFICIAL_DIALECT } from './expression.ts'
import { type DialectFacts, dialectSchema, type MatchingFacts, matchingSchema } from './matching.ts'
import { DIP_LAYERS, type Dialect, type DipCatalogue } from './types.ts'

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
  .regex(
    SCHEME_ID,
    say(
      '请用小写字母、数字、“-”和“.”，如 dip-3.0-sample',
      'write lower-case letters, digits, "-" and ".", e.g. dip-3.0-sample',
    ),
  )
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
  readonly dialect?: DialectFacts | undefined
  readonly counts: DipCounts
  /** `DipCatalogue.hash`. */
  readonly hash: string
}

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, say('请写 64 位十六进制的 SHA-256', 'write a SHA-256 as 64 hexadecimal digits'))
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
