import { z } from 'zod'
import { home, readDocument } from '../../files/index.ts'
import { foldTitle } from '../scheme/columns.ts'

/** Kinds of tables beside those of groups. */
export const LIST_KINDS = [
  'excludedDiagnoses',
  'excludedOperations',
  'grassroots',
  'tcm',
  'bed-day',
  'day-surgery',
  'drugResistant',
  'properties',
  'comprehensive',
] as const
export type TableKind = 'groups' | (typeof LIST_KINDS)[number]

/** Our names for the columns of DIP tables. */
export const DIP_COLUMNS = [
  'layer',
  'sequence',
  'code',
  'name',
  'type',
  'dx',
  'dxName',
  'main',
  'mainName',
  'related',
  'relatedName',
  'merged',
  'mergedName',
  'otherDx',
  'otherDxName',
  'degree',
  'area',
  'resistant',
  'resistantNote',
  'age',
  'weight',
  'note',
  'property',
  'level',
  'category',
  'number',
  'numberName',
  'minDays',
  'origin',
  'score',
  'meanCost',
  'meanDays',
  'factor',
  'relatedCost',
] as const
export type DipColumn = (typeof DIP_COLUMNS)[number]

/** The texts by which tables, columns and values of DIP catalogues are known: `schemes/dip-tables.yaml`. */
export interface Aliases {
  readonly tables: Readonly<Record<string, { readonly names: string[]; readonly marks?: DipColumn[] | undefined }>>
  readonly columns: Readonly<Record<DipColumn, string[]>>
  readonly values: {
    readonly layer: Readonly<Record<string, string[]>>
    readonly property: Readonly<Record<string, string[]>>
    readonly level: Readonly<Record<string, string[]>>
    readonly grassroots: string[]
    readonly yes: string[]
    readonly no: string[]
    readonly degree: Readonly<Record<string, string[]>>
    readonly origin: Readonly<Record<string, string[]>>
    readonly conservative: string[]
    readonly anyDiagnosis: string[]
    readonly anyPosition: string[]
  }
}

const texts = z.array(z.string().min(1)).min(1)
const named = z.record(z.string(), texts)
const schema: z.ZodType<Aliases> = z.strictObject({
  tables: z.record(
    z.enum(LIST_KINDS),
    z.strictObject({ names: texts, marks: z.array(z.enum(DIP_COLUMNS)).optional() }),
  ),
  columns: z.record(z.enum(DIP_COLUMNS), texts),
  values: z.strictObject({
    layer: named,
    property: named,
    level: named,
    grassroots: texts,
    yes: texts,
    no: texts,
    degree: named,
    origin: named,
    conservative: texts,
    anyDiagnosis: texts,
    anyPosition: texts,
  }),
})

/** More header texts for columns, as a manifest gives them; they go before the usual ones. */
export type HeaderAliases = Partial<Record<DipColumn, string[]>>

export const headerAliases: z.ZodType<HeaderAliases> = z.partialRecord(z.enum(DIP_COLUMNS), texts)

let known: Aliases | undefined

/** The aliases that ship with the package, and those that a manifest adds. */
export function aliasesWith(added: HeaderAliases = {}): Aliases {
  known ??= readDocument(home('schemes', 'dip-tables.yaml'), schema)
  const columns = { ...known.columns }
  for (const column of DIP_COLUMNS) columns[column] = [...(added[column] ?? []), ...columns[column]]
  return { ...known, columns }
}

/** The value that a cell text stands for; undefined where it is none of them. */
export function aliasValue(values: Readonly<Record<string, readonly string[]>>, cell: string): string | undefined {
  const wanted = foldTitle(cell)
  return Object.entries(values).find(([, aliases]) => aliases.some(alias => foldTitle(alias) === wanted))?.[0]
}

/** Whether a cell text is one of the aliases. */
export function isAlias(aliases: readonly string[], cell: string): boolean {
  const wanted = foldTitle(cell)
  return aliases.some(alias => foldTitle(alias) === wanted)
}
