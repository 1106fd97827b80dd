import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { readDocument } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import type { Finding } from '../scheme/finding.ts'
import { type ImportLog, throwFaults } from '../scheme/log.ts'
import { provenanceOf, SCHEME_ID } from '../scheme/manifest.ts'
import type { FoundColumn } from '../scheme/report.ts'
import type { Provenance } from '../scheme/types.ts'
import { aliasesWith, type HeaderAliases, headerAliases } from './aliases.ts'
import { createCatalogue } from './catalogue.ts'
import { checkCatalogue } from './check.ts'
import { readGroups } from './group-rows.ts'
import { noGroups, noRows, noteCounts, noteForeignCodes, noteUnread, refuseUnreadOperations } from './import-notes.ts'
import { type GivenLists, givenLists, type ListGatherer, newLists, readListTable } from './list-rows.ts'
import { type DipCounts, dipCounts, dipCountsOf, dipId, provenance, type SourceFacts, text } from './manifest.ts'
import {
  type DialectFacts,
  dialectOf,
  dialectSchema,
  type MatchingFacts,
  matchingOf,
  matchingSchema,
} from './matching.ts'
import type { RowContext } from './row-reader.ts'
import { type DipTable, readSources, type SourceSheet, tablesOf } from './source.ts'
import type { DipCatalogue, DipGroup, DipManifest } from './types.ts'

/** The manifest of an import; every key is optional. */
export interface DipImportManifest {
  readonly id?: string | undefined
  readonly name?: string | { readonly zh: string; readonly en: string } | undefined
  readonly edition?: string | undefined
  readonly codeSystem?: { readonly diagnosis: string; readonly procedure: string } | undefined
  readonly source?: string | SourceFacts | undefined
  readonly matching?: MatchingFacts | undefined
  readonly dialect?: DialectFacts | undefined
  /** Header texts of the source's own, by our names for columns. */
  readonly headers?: HeaderAliases | undefined
  /** Further files of the source, relative to the manifest. */
  readonly tables?: readonly string[] | undefined
  /** Names of groups by code, where the tables have none. */
  readonly names?: Readonly<Record<string, string>> | undefined
  /** Lists that the tables lack. */
  readonly lists?: GivenLists | undefined
  /** Compared with what is read. */
  readonly counts?: DipCounts | undefined
}

export const dipImportManifestSchema: z.ZodType<DipImportManifest> = z.strictObject({
  id: dipId.optional(),
  name: z.union([z.string().min(1), text]).optional(),
  edition: z.string().min(1).optional(),
  codeSystem: z.strictObject({ diagnosis: z.string(), procedure: z.string() }).optional(),
  source: z.union([z.string(), provenance]).optional(),
  matching: matchingSchema.optional(),
  dialect: dialectSchema.optional(),
  headers: headerAliases.optional(),
  tables: z.array(z.string().min(1)).optional(),
  names: z.record(z.string(), z.string()).optional(),
  lists: givenLists.optional(),
  counts: dipCounts.optional(),
})

/** Each option goes before the same key of the manifest. */
export interface DipImportOptions {
  readonly id?: string
  /** Manifest file; default `manifest.yaml` in the folder, or `X.yaml` beside the file X, where there is one. */
  readonly manifest?: string
}

/** A table as it was read. */
export interface DipTableReport {
  readonly table: string
  readonly kind: string
  readonly file: string
  readonly headerLine: number
  readonly columns: readonly FoundColumn[]
  readonly rows: number
}

/** What an import found and wants looked at. */
export interface DipImportReport {
  readonly id: string
  readonly tables: readonly DipTableReport[]
  readonly counts: DipCounts
  readonly findings: readonly Finding[]
}

export interface ImportedCatalogue {
  readonly catalogue: DipCatalogue
  readonly report: DipImportReport
}

/**
 * Imports a catalogue from the official workbook or a city's tables (a workbook, a folder of CSV files, one CSV file, or
 * a JSON document of rows). Throws one fault, or IMP-012 with all there are.
 */
export async function importCatalogue(path: string, options: DipImportOptions = {}): Promise<ImportedCatalogue> {
  const beside = manifestBeside(path)
  const file = options.manifest ?? beside
  const given = options.manifest !== undefined || existsSync(file) ? readDocument(file, dipImportManifestSchema) : {}
  const further = (given.tables ?? []).map(name => join(dirname(file), name))
  return importTables(await readSources([path, ...further]), given, { ...options, file: path })
}

/** Imports a catalogue from sheets wherever they were read; `file` is for messages. */
export function importTables(
  sheets: readonly SourceSheet[],
  given: DipImportManifest,
  options: DipImportOptions & { readonly file: string },
): ImportedCatalogue {
  const manifest = manifestOf(given, options)
  const log: ImportLog = { findings: [], faults: [] }
  const aliases = aliasesWith(given.headers)
  const tables = tablesOf(sheets, aliases, sheet => {
    log.findings.push({
      code: 'DIP-109',
      severity: 'note',
      place: { table: sheet.name },
      text: { zh: '没有认得的表头，未读取', en: 'no header that is known; not read' },
    })
  })
  if (!tables.some(({ kind }) => kind === 'groups')) throw noGroups(options.file, sheets)
  refuseUnreadOperations(tables, log)
  const lists = newLists(given.lists, { file: options.manifest ?? options.file, log })
  const context: RowContext = {
    aliases,
    tags: lists.tags,
    dialect: manifest.dialect,
    names: given.names ?? {},
    intervention: manifest.matching.intervention,
    log,
  }
  const groups = readTables(tables, context, lists)
  throwFaults(log)
  if (groups.length === 0) throw noRows(options.file)
  noteUnread(tables, aliases, log)
  const catalogue = createCatalogue(manifest, groups, lists)
  noteForeignCodes(catalogue, tables, log)
  const counts = dipCountsOf(catalogue)
  noteCounts(given.counts, counts, log)
  return {
    catalogue,
    report: {
      id: manifest.id,
      tables: tables.map(({ table, kind, file: from, header, rows }) => {
        return {
          table,
          kind,
          file: basename(from),
          headerLine: header.line,
          columns: header.columns,
          rows: rows.length,
        }
      }),
      counts,
      findings: [...log.findings, ...checkCatalogue(catalogue)],
    },
  }
}

/** Where the manifest of a source stands unless it is named. */
export function manifestBeside(path: string): string {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return folder ? join(path, 'manifest.yaml') : `${path.replace(/\.[^.]+$/, '')}.yaml`
}

/** Groups first by table and row; sequence numbers that a table lacks go on behind the highest given. */
function readTables(tables: readonly DipTable[], context: RowContext, lists: ListGatherer): DipGroup[] {
  let last = 0
  for (const table of tables) {
    const at = table.header.at.get('sequence')
    if (at === undefined || (table.kind !== 'groups' && table.kind !== 'comprehensive')) continue
    for (const { cells } of table.rows) last = Math.max(last, Number(cells[at]) || 0)
  }
  const next = (): number => ++last
  const groups: DipGroup[] = []
  for (const table of tables) {
    if (table.kind === 'groups') groups.push(...readGroups(table, context, next))
    else readListTable(table, context, lists, { groups, next })
  }
  return groups
}

function manifestOf(given: DipImportManifest, options: DipImportOptions): DipManifest {
  const id = options.id ?? given.id
  if (id === undefined || !SCHEME_ID.test(id)) {
    throw new Fault({
      code: 'IMP-011',
      at: { field: 'id' },
      what:
        id === undefined
          ? { zh: '病种目录没有编号。', en: 'The catalogue has no id.' }
          : { zh: `编号“${id}”不合规。`, en: `"${id}" cannot be the id of a catalogue.` },
      fix: {
        zh: '请用 --id 或导入清单的 id 给出，只用小写字母、数字、- 和 .，例如 dip-ganzhou-2024。',
        en: 'Give it with --id or as id in the manifest: lower-case letters, digits, - and ., for instance dip-ganzhou-2024.',
      },
    })
  }
  const { name = id, source } = given
  const facts: Provenance = provenanceOf(typeof source === 'object' ? source : { title: source ?? 'not stated' })
  return {
    id,
    name: typeof name === 'string' ? { zh: name, en: name } : name,
    edition: given.edition ?? '3.0',
    codeSystem: given.codeSystem ?? { diagnosis: 'icd10-yb-2.0', procedure: 'icd9cm3-yb-2.0' },
    source: facts,
    matching: matchingOf(given.matching),
    dialect: dialectOf(given.dialect, given.matching?.style),
  }
}
