import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readDocument } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import { checkScheme } from '../check/check.ts'
import { loadDictionary } from '../codes/library.ts'
import { amendTables } from './amend.ts'
import { readAmendments } from './amendments.ts'
import { checkCells } from './cells.ts'
import { TABLE_NAMES } from './columns.ts'
import { schemeHash } from './hash.ts'
import { readLists } from './lists.ts'
import { addFinding, type ImportLog, throwFaults } from './log.ts'
import {
  amendmentsOf,
  countsOf,
  type ImportManifest,
  importManifestSchema,
  provenanceOf,
  SCHEME_ID,
  type SchemeCounts,
} from './manifest.ts'
import type { ImportReport } from './report.ts'
import { readSheets } from './sheets.ts'
import { codeCellOf, readTables, type SourceTables } from './tables.ts'
import { LEAF_PATTERNS, type LeafPatterns, readTree } from './tree.ts'
import type { Provenance, Scheme, SchemeManifest } from './types.ts'

/** Each option goes before the same key of the folder's manifest. */
export interface ImportOptions {
  /** Id of the scheme; default the manifest's. */
  readonly id?: string
  /** Default the manifest's, else the id. */
  readonly name?: Text
  /** Default the manifest's, else 医保版 2.0. */
  readonly codeSystem?: SchemeManifest['codeSystem']
  /** Default the manifest's, else birth. */
  readonly newbornWeight?: SchemeManifest['newbornWeight']
  readonly source?: Provenance
  /** Manifest file; default `manifest.yaml` in the folder, where there is one. */
  readonly manifest?: string
  /** Amendment files, carried out after those of the manifest. */
  readonly amend?: readonly string[]
  /** Id of the scheme against which the pack is to be written as an overlay; default the manifest's, else none. */
  readonly extends?: string
  /** Which DRG codes mean "ambiguous" and "not grouped"; default the official workbook's. */
  readonly leaves?: LeafPatterns
}

export interface Imported {
  readonly scheme: Scheme
  readonly report: ImportReport
  /** The scheme against which the pack is to be written; absent for a whole pack. */
  readonly extends?: string
}

const CODE_SYSTEM: SchemeManifest['codeSystem'] = { diagnosis: 'icd10-yb-2.0', procedure: 'icd9cm3-yb-2.0' }

/** Imports a scheme from a folder with the official workbook's six tables as CSV files. */
export function importTables(folder: string, options: ImportOptions = {}): Imported {
  return importScheme(readTables(folder), manifestFor(join(folder, 'manifest.yaml'), options), options)
}

/** Imports a scheme from a workbook in the official layout; the manifest of `X.xlsx` is `X.yaml` beside it. */
export async function importWorkbook(file: string, options: ImportOptions = {}): Promise<Imported> {
  const tables = await readSheets(file)
  return importScheme(tables, manifestFor(manifestBeside(file), options), options)
}

/** Imports a scheme from a workbook or a folder of tables. */
export async function importSource(path: string, options: ImportOptions = {}): Promise<Imported> {
  return isFile(path) ? await importWorkbook(path, options) : importTables(path, options)
}

/** Where the manifest of a workbook stands: `X.yaml` beside `X.xlsx`. */
export function manifestBeside(workbook: string): string {
  return `${workbook.replace(/\.xlsx$/i, '')}.yaml`
}

/** A manifest with its amendment files, their paths resolved. */
interface Given {
  readonly manifest: ImportManifest
  readonly amendmentFiles: readonly string[]
}

function manifestFor(beside: string, options: ImportOptions): Given {
  const file = options.manifest ?? beside
  const read = options.manifest !== undefined || existsSync(file)
  const manifest = read ? readDocument(file, importManifestSchema) : {}
  const named = (manifest.amend ?? []).map(name => join(dirname(file), name))
  return { manifest, amendmentFiles: [...named, ...(options.amend ?? [])] }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** Imports a scheme from tables whatever they were read from. */
export function importScheme(source: SourceTables, given: Given, options: ImportOptions = {}): Imported {
  const named = resolve(given.manifest, options)
  const known = {
    diagnosis: loadDictionary(named.codeSystem.diagnosis),
    procedure: loadDictionary(named.codeSystem.procedure),
  }
  const { tables, records } = amendTables(source, given.amendmentFiles.flatMap(readAmendments))
  const manifest: SchemeManifest = {
    ...named,
    ...amendmentsOf([...(given.manifest.amendments ?? []), ...records]),
  }
  const log: ImportLog = { findings: [], faults: [] }
  checkCells(tables, known.procedure, log)
  const { sets, complications, exclusions, diagnoses, procedures } = readLists(tables, known, log)
  const mdcs = readTree(tables, sets, options.leaves ?? LEAF_PATTERNS, log)
  throwFaults(log)

  const content = {
    manifest,
    mdcs,
    sets,
    complications,
    exclusions,
    barredPrincipal: new Set(given.manifest.barredPrincipal ?? []),
    diagnoses,
    procedures,
  }
  const scheme: Scheme = { ...content, hash: schemeHash(content) }
  noteOrder(tables, log)
  noteCounts(source, given.manifest.counts, log)
  const base = options.extends ?? given.manifest.extends
  const report: ImportReport = {
    id: manifest.id,
    tables: TABLE_NAMES.map(name => {
      const { file, sheet, header, rows } = source[name]
      return {
        table: name,
        file: basename(file),
        ...(sheet === undefined ? {} : { sheet }),
        headerLine: header.line,
        columns: header.columns,
        rows: rows.length,
      }
    }),
    amendments: manifest.amendments ?? [],
    counts: countsOf(scheme),
    findings: [...log.findings, ...checkScheme(scheme)],
  }
  return { scheme, report, ...(base === undefined ? {} : { extends: base }) }
}

function resolve(given: ImportManifest, options: ImportOptions): SchemeManifest {
  const id = options.id ?? given.id
  if (id === undefined || !SCHEME_ID.test(id)) {
    throw new Fault({
      code: 'IMP-011',
      at: { field: 'id' },
      what:
        id === undefined
          ? { zh: '方案没有编号。', en: 'The scheme has no id.' }
          : { zh: `方案编号“${id}”不合规。`, en: `"${id}" cannot be the id of a scheme.` },
      fix: {
        zh: '请用 --id 或 manifest.yaml 的 id 给出，只用小写字母、数字、- 和 .，例如 chs-drg-2.0。',
        en: 'Give it with --id or as id in manifest.yaml: lower-case letters, digits, - and ., for instance chs-drg-2.0.',
      },
    })
  }
  const { name = id, source } = given
  return {
    id,
    name: options.name ?? (typeof name === 'string' ? { zh: name, en: name } : name),
    codeSystem: options.codeSystem ?? given.codeSystem ?? CODE_SYSTEM,
    newbornWeight: options.newbornWeight ?? given.newbornWeight ?? 'birth',
    ...(given.grey === undefined ? {} : { grey: given.grey }),
    source: options.source ?? sourceOf(source, given.note),
  }
}

function sourceOf(source: ImportManifest['source'], note: string | undefined): Provenance {
  const facts = typeof source === 'object' ? source : { title: source ?? 'not stated' }
  return provenanceOf(note === undefined ? facts : { ...facts, note })
}

function noteOrder(tables: SourceTables, log: ImportLog): void {
  for (const name of ['MDC', 'ADRG', 'DRG'] as const) {
    if (tables[name].header.at.has('order')) continue
    addFinding(
      log,
      'note',
      'IMP-111',
      { table: tables[name] },
      {
        zh: '没有排序列，按文件中的先后顺序',
        en: 'no order column; rows are tried as they stand',
      },
    )
  }
}

/** Compares rows with the counts that the manifest promises: a table cut short shows here. */
function noteCounts(tables: SourceTables, promised: SchemeCounts | undefined, log: ImportLog): void {
  if (promised === undefined) return
  const compare = (table: keyof SourceTables, key: keyof SchemeCounts, found: number): void => {
    if (found === promised[key]) return
    addFinding(
      log,
      'warning',
      'IMP-109',
      { table: tables[table] },
      {
        zh: `manifest.yaml 记录 ${key} 为 ${promised[key]}，实际读到 ${found}`,
        en: `manifest.yaml promises ${promised[key]} for ${key}, ${found} were read`,
      },
    )
  }
  const sets = new Set(tables.集合.rows.map(row => codeCellOf(tables.集合, row, 'set'))).size
  compare('MDC', 'mdc', tables.MDC.rows.length)
  compare('ADRG', 'adrg', tables.ADRG.rows.length)
  compare('DRG', 'drg', tables.DRG.rows.length)
  compare('集合', 'sets', sets)
  compare('集合', 'setRows', tables.集合.rows.length)
  compare('CC', 'cc', tables.CC.rows.length)
  compare('排除表', 'exclusions', tables.排除表.rows.length)
}
