import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { decodeUtf8, home, readDocument, readTable, unreadable, writeText } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import type { Dictionary } from './dictionary.ts'
import { cell, column } from './import.ts'
import { type DictionarySource, loadDictionary, sourceSchema } from './library.ts'

/** A published table from the codes of one dictionary to those of another; only what changes is kept. */
export interface Crosswalk {
  /** Ids of the dictionaries. */
  readonly from: string
  readonly to: string
  /** Codes that do not stay as they are; '' where the table has no target. */
  readonly targets: ReadonlyMap<string, string>
}

/** What `manifest.yaml` beside `pairs.tsv` says. */
export interface CrosswalkManifest {
  /** The dictionaries that the pairs are valid for. */
  readonly from: { readonly id: string; readonly sha256: string }
  readonly to: { readonly id: string; readonly sha256: string }
  readonly source: DictionarySource
  readonly counts: {
    /** Rows of the published table. */
    readonly codes: number
    /** Codes with another target than themselves. */
    readonly changed: number
    /** Targets that the dictionary lacks: such a conversion is reported as failed. */
    readonly missingTargets: number
    /** Codes of the dictionary that the table does not cover. */
    readonly uncovered: number
  }
  /** SHA-256 of `pairs.tsv`. */
  readonly sha256: string
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const pinned = z.strictObject({ id: z.string(), sha256 })
const manifestSchema: z.ZodType<CrosswalkManifest> = z.strictObject({
  from: pinned,
  to: pinned,
  source: sourceSchema,
  counts: z.strictObject({ codes: z.int(), changed: z.int(), missingTargets: z.int(), uncovered: z.int() }),
  sha256,
})

const FILES = { pairs: 'pairs.tsv', manifest: 'manifest.yaml' }
const HEADER = 'from\tto'

export interface CrosswalkImport {
  /** Tab-separated table with the columns `from` and `to`, one row a code. */
  readonly table: string
  readonly from: Dictionary
  readonly to: Dictionary
  readonly source: DictionarySource
  /** Folder to write. */
  readonly out: string
}

/** Makes a crosswalk folder from a published table: pairs that change, valid against the two dictionaries. */
export function importCrosswalk(options: CrosswalkImport): CrosswalkManifest {
  const { from, to } = options
  const table = readTable(options.table, '\t')
  const [source, target] = [column(table, 'from'), column(table, 'to')]
  const pairs = new Map<string, string>()
  for (const row of table.rows) {
    const code = cell(row, source)
    if (pairs.has(code) || !from.ids.has(code)) throw badPair(table.file, row.line, code, from.id, pairs.has(code))
    pairs.set(code, cell(row, target))
  }
  const lines: string[] = []
  const counts = { codes: pairs.size, changed: 0, missingTargets: 0, uncovered: 0 }
  for (const code of from.codes.slice(1)) {
    const found = pairs.get(code) ?? ''
    if (found === '') counts.uncovered++
    else {
      if (found !== code) counts.changed++
      if (!to.ids.has(found)) counts.missingTargets++
    }
    if (found !== code) lines.push(`${code}\t${found}`)
  }
  const text = `${[HEADER, ...lines].join('\n')}\n`
  const manifest: CrosswalkManifest = {
    from: { id: from.id, sha256: from.hash },
    to: { id: to.id, sha256: to.hash },
    source: options.source,
    counts,
    sha256: hashOf(text),
  }
  writeText(join(options.out, FILES.pairs), text)
  writeText(join(options.out, FILES.manifest), stringify(manifest, { lineWidth: 120 }))
  return manifest
}

function badPair(file: string, line: number, code: string, system: string, twice: boolean): Fault {
  return new Fault({
    code: 'CRW-001',
    at: { file, line, field: 'from' },
    what: twice
      ? { zh: `编码 ${code} 有两个对应编码。`, en: `The code ${code} has two targets.` }
      : { zh: `编码 ${code} 不在 ${system} 中。`, en: `The code ${code} is not in ${system}.` },
    fix: twice
      ? {
          zh: '每个编码只能转换为一个编码，请删除其中一行。',
          en: 'A code converts to one code; remove one of the rows.',
        }
      : {
          zh: '请先用 dianzhi codes import --crosswalk 把对照表中的编码加入字典。',
          en: 'Bring the codes of the crosswalk into the dictionary first: dianzhi codes import --crosswalk.',
        },
  })
}

/** The manifest of a crosswalk folder. */
export function readCrosswalkManifest(folder: string): CrosswalkManifest {
  return readDocument(join(folder, FILES.manifest), manifestSchema)
}

/** Reads a crosswalk folder and makes sure that it is the published one, written against the dictionaries we have. */
export function readCrosswalk(folder: string): Crosswalk {
  const manifest = readCrosswalkManifest(folder)
  const file = join(folder, FILES.pairs)
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  const text = decodeUtf8(bytes, file)
  for (const [what, found, recorded] of [
    [FILES.pairs, hashOf(text), manifest.sha256],
    [manifest.from.id, loadDictionary(manifest.from.id).hash, manifest.from.sha256],
    [manifest.to.id, loadDictionary(manifest.to.id).hash, manifest.to.sha256],
  ] as const) {
    if (found !== recorded) throw otherHash(file, what, found, recorded)
  }
  const targets = new Map<string, string>()
  for (const line of text.split('\n').slice(1, -1)) {
    const tab = line.indexOf('\t')
    targets.set(line.slice(0, tab), line.slice(tab + 1))
  }
  return { from: manifest.from.id, to: manifest.to.id, targets }
}

function otherHash(file: string, what: string, found: string, recorded: string): Fault {
  return new Fault({
    code: 'CRW-002',
    at: { file },
    what: {
      zh: `${what} 的哈希为 ${found}，manifest.yaml 记录的是 ${recorded}。`,
      en: `${what} has the hash ${found}, manifest.yaml records ${recorded}.`,
    },
    fix: {
      zh: '请恢复原文件，或用 dianzhi codes import-crosswalk 重新导入。',
      en: 'Restore the file or import the table again with dianzhi codes import-crosswalk.',
    },
  })
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Folders of the crosswalks that ship with the package. */
export function listCrosswalks(): string[] {
  const folder = home('schemes', 'codes', 'crosswalks')
  return readdirSync(folder)
    .filter(id => existsSync(join(folder, id, FILES.manifest)))
    .sort()
    .map(id => join(folder, id))
}
