import { z } from 'zod'
import { say } from '../../files/index.ts'
import type { AmendmentRecord, Scheme, SchemeManifest } from './types.ts'

/** How many of each a scheme has; rows of MDC, ADRG and DRG as the tables have them. */
export interface SchemeCounts {
  readonly mdc: number
  readonly adrg: number
  readonly drg: number
  readonly sets: number
  /** Codes in sets. */
  readonly setRows: number
  readonly cc: number
  /** Codes in exclusion tables. */
  readonly exclusions: number
}

/** The counts of a scheme. */
export function countsOf(scheme: Omit<Scheme, 'hash'>): SchemeCounts {
  const adrgs = scheme.mdcs.flatMap(mdc => mdc.adrgs)
  const sum = (lists: Iterable<{ readonly length: number }>): number =>
    [...lists].reduce((n, list) => n + list.length, 0)
  return {
    mdc: scheme.mdcs.length,
    adrg: adrgs.length,
    drg: sum(adrgs.map(adrg => adrg.drgs)),
    sets: scheme.sets.size,
    setRows: sum([...scheme.sets.values()].map(set => set.codes)),
    cc: scheme.complications.size,
    exclusions: sum(scheme.exclusions.values()),
  }
}

/** Ids are folder names and stand in file names and columns. */
export const SCHEME_ID: RegExp = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/

/** `Provenance` as zod gives it. */
interface SourceFacts {
  readonly title: string
  readonly edition?: string | undefined
  readonly date?: string | undefined
  readonly link?: string | undefined
  readonly note?: string | undefined
}

const id = z
  .string()
  .regex(
    SCHEME_ID,
    say(
      '请用小写字母、数字、“-”和“.”，如 chs-drg-2.0',
      'write lower-case letters, digits, "-" and ".", e.g. chs-drg-2.0',
    ),
  )
const text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, say('请写 64 位十六进制的 SHA-256', 'write a SHA-256 as 64 hexadecimal digits'))
const counts = z.strictObject({
  mdc: z.int(),
  adrg: z.int(),
  drg: z.int(),
  sets: z.int(),
  setRows: z.int(),
  cc: z.int(),
  exclusions: z.int(),
})
const provenance: z.ZodType<SourceFacts> = z.strictObject({
  title: z.string().min(1),
  edition: z.string().optional(),
  date: z.string().optional(),
  link: z.string().optional(),
  note: z.string().optional(),
})
/** `AmendmentRecord` as zod gives it. */
interface AmendmentFacts {
  readonly reason: { readonly zh: string; readonly en: string }
  readonly source?: string | undefined
  readonly added: number
  readonly removed: number
  readonly replaced: number
}

const amendments: z.ZodType<AmendmentFacts[] | undefined> = z
  .array(
    z.strictObject({
      reason: text,
      source: z.string().optional(),
      added: z.int(),
      removed: z.int(),
      replaced: z.int(),
    }),
  )
  .optional()
const newbornWeight = z.enum(['birth', 'admission'])
const grey = z.enum(['report', 'refuse']).optional()

/** `manifest.yaml` beside the tables to import. */
export interface ImportManifest {
  readonly id?: string | undefined
  /** One text stands for both languages. */
  readonly name?: string | { readonly zh: string; readonly en: string } | undefined
  readonly codeSystem?: { readonly diagnosis: string; readonly procedure: string } | undefined
  readonly newbornWeight?: 'birth' | 'admission' | undefined
  /** What a grey code as principal diagnosis does; default `report`. */
  readonly grey?: 'report' | 'refuse' | undefined
  readonly source?: string | SourceFacts | undefined
  readonly note?: string | undefined
  /** Id of the scheme that the pack is written against, as an overlay; default none. */
  readonly extends?: string | undefined
  /** Amendment files, relative to the manifest; default none. */
  readonly amend?: readonly string[] | undefined
  /** Amendments that the tables already contain, as an export records them. */
  readonly amendments?: readonly AmendmentFacts[] | undefined
  /** Diagnoses that must not be principal. */
  readonly barredPrincipal?: readonly string[] | undefined
  /** Compared with what is read, before amendments. */
  readonly counts?: SchemeCounts | undefined
}

export const importManifestSchema: z.ZodType<ImportManifest> = z.strictObject({
  id: id.optional(),
  name: z.union([z.string().min(1), text]).optional(),
  codeSystem: z.strictObject({ diagnosis: z.string(), procedure: z.string() }).optional(),
  newbornWeight: newbornWeight.optional(),
  grey,
  source: z.union([z.string(), provenance]).optional(),
  note: z.string().optional(),
  extends: id.optional(),
  amend: z.array(z.string().min(1)).optional(),
  amendments,
  barredPrincipal: z.array(z.string().min(1)).optional(),
  counts: counts.optional(),
})

export interface LocalCode {
  readonly code: string
  readonly name: string
}

/** `scheme.yaml` of a pack. */
export interface PackManifest {
  /** Version of the pack format. */
  readonly format: 1
  readonly id: string
  readonly name: { readonly zh: string; readonly en: string }
  /** Dictionaries that the lists are written against. */
  readonly codeSystem: Record<'diagnosis' | 'procedure', { readonly id: string; readonly sha256: string }>
  /** Codes that the scheme uses and its dictionaries lack. */
  readonly localCodes?: Partial<Record<'diagnosis' | 'procedure', readonly LocalCode[] | undefined>> | undefined
  readonly newbornWeight: 'birth' | 'admission'
  readonly grey?: 'report' | 'refuse' | undefined
  readonly source: SourceFacts
  readonly amendments?: readonly AmendmentFacts[] | undefined
  /** An overlay: the other files hold only what differs from this scheme. */
  readonly extends?: { readonly id: string; readonly hash: string } | undefined
  /** Of the whole scheme, an overlay's base included. */
  readonly counts: SchemeCounts
  /** `Scheme.hash` of the whole scheme. */
  readonly hash: string
}

const dictionary = z.strictObject({ id: z.string(), sha256 })
const localCodes = z.array(z.strictObject({ code: z.string().min(1), name: z.string() })).optional()

export const packManifestSchema: z.ZodType<PackManifest> = z.strictObject({
  format: z.literal(1),
  id,
  name: text,
  codeSystem: z.strictObject({ diagnosis: dictionary, procedure: dictionary }),
  localCodes: z.strictObject({ diagnosis: localCodes, procedure: localCodes }).optional(),
  newbornWeight,
  grey,
  source: provenance,
  amendments,
  extends: z.strictObject({ id, hash: sha256 }).optional(),
  counts,
  hash: sha256,
})

/** The provenance without keys that are not set. */
export function provenanceOf(source: SourceFacts): SchemeManifest['source'] {
  const { title, edition, date, link, note } = source
  return {
    title,
    ...(edition === undefined ? {} : { edition }),
    ...(date === undefined ? {} : { date }),
    ...(link === undefined ? {} : { link }),
    ...(note === undefined ? {} : { note }),
  }
}

/** Amendment records without keys that are not set; no key at all when there are none. */
export function amendmentsOf(
  records: readonly AmendmentFacts[] | undefined,
): Pick<SchemeManifest, 'amendments'> | Record<string, never> {
  if (records === undefined || records.length === 0) return {}
  return {
    amendments: records.map(({ source, ...facts }): AmendmentRecord => {
      return source === undefined ? facts : { ...facts, source }
    }),
  }
}
