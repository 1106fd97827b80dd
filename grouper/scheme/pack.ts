import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { readDocument } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { type Dictionary, entriesOf, extendDictionary } from '../codes/dictionary.ts'
import { loadDictionary } from '../codes/library.ts'
import { append } from './append.ts'
import { codesOf, coverOf, rangesOf } from './cover.ts'
import { schemeHash } from './hash.ts'
import { PACK_FILES, readText } from './layout.ts'
import { listingFault, readListings, writeListings } from './listing.ts'
import { countsOf, type LocalCode, type PackManifest, packManifestSchema, provenanceOf } from './manifest.ts'
import { type ImportReport, reportText } from './report.ts'
import { readRows, rowTexts } from './rows.ts'
import type { CodeKind, CodeSet, Complication, Scheme, SchemeManifest } from './types.ts'

/** Stands for "no exclusion table" in complications.txt. */
const NO_TABLE = '-'

/** Writes a pack folder; the report, where there is one, goes beside it as import-report.txt. */
export function writePack(scheme: Scheme, report: ImportReport | undefined, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text)
  write(PACK_FILES.manifest, stringify(packManifestOf(scheme), { lineWidth: 120 }))

  const rows = rowTexts(scheme.mdcs)
  for (const table of ['mdc', 'adrg', 'drg'] as const) write(PACK_FILES[table], rows[table])

  const dictionary = { diagnosis: scheme.diagnoses, procedure: scheme.procedures }
  const sets = [...scheme.sets.values()].map(set => ({
    head: [set.id, set.kind],
    items: coverOf(set.codes, dictionary[set.kind]),
  }))
  write(PACK_FILES.sets, writeListings('集合 sets: id, kind', sets))
  const levels = [...groupComplications(scheme.complications)].map(([head, codes]) => {
    return { head: head.split(' '), items: coverOf(codes, scheme.diagnoses) }
  })
  write(
    PACK_FILES.complications,
    writeListings(`并发症/合并症 complications: level, exclusion table (${NO_TABLE} none)`, levels),
  )
  const exclusions = [...scheme.exclusions].map(([id, codes]) => ({
    head: [id],
    items: coverOf(codes, scheme.diagnoses),
  }))
  write(PACK_FILES.exclusions, writeListings('排除表 exclusion tables: id', exclusions))
  if (scheme.barredPrincipal.size > 0) {
    const items = coverOf([...scheme.barredPrincipal], scheme.diagnoses)
    write(
      PACK_FILES.barred,
      writeListings('不得作主要诊断 not allowed as principal diagnosis', [{ head: ['principal'], items }]),
    )
  } else rmSync(join(folder, PACK_FILES.barred), { force: true })
  if (report !== undefined) write(PACK_FILES.report, `${reportText(report, 'zh')}\n${reportText(report, 'en')}`)
}

/** Reads a pack folder; refuses one that was written against other dictionaries or whose content is not what it says. */
export function readPack(folder: string): Scheme {
  const file = join(folder, PACK_FILES.manifest)
  const pack = readDocument(file, packManifestSchema)
  const diagnoses = pinned(pack, 'diagnosis', file)
  const procedures = pinned(pack, 'procedure', file)
  const sets = readSets(folder, { diagnosis: diagnoses, procedure: procedures })
  const content: Omit<Scheme, 'hash'> = {
    manifest: manifestOf(pack),
    mdcs: readRows(folder, sets),
    sets,
    complications: readComplications(folder, diagnoses),
    exclusions: readExclusions(folder, diagnoses),
    barredPrincipal: readBarred(folder, diagnoses),
    diagnoses,
    procedures,
  }
  const hash = schemeHash(content)
  if (hash !== pack.hash) {
    throw new Fault({
      code: 'PCK-005',
      at: { file, field: 'hash' },
      what: {
        zh: `方案内容的哈希为 ${hash}，记录的是 ${pack.hash}。`,
        en: `The content has the hash ${hash}, the pack records ${pack.hash}.`,
      },
      fix: {
        zh: '若有意修改了方案，请把 hash 改为前一个值；否则请恢复原文件。',
        en: 'If the scheme was changed on purpose, write the first value as hash; otherwise restore the files.',
      },
    })
  }
  return { ...content, hash }
}

function packManifestOf(scheme: Scheme): PackManifest {
  const { id, name, codeSystem, newbornWeight, grey, source } = scheme.manifest
  const diagnosis = loadDictionary(codeSystem.diagnosis)
  const procedure = loadDictionary(codeSystem.procedure)
  const local = {
    ...localCodes('diagnosis', scheme.diagnoses, diagnosis),
    ...localCodes('procedure', scheme.procedures, procedure),
  }
  return {
    format: 1,
    id,
    name,
    codeSystem: {
      diagnosis: { id: diagnosis.id, sha256: diagnosis.hash },
      procedure: { id: procedure.id, sha256: procedure.hash },
    },
    ...(Object.keys(local).length === 0 ? {} : { localCodes: local }),
    newbornWeight,
    ...(grey === undefined ? {} : { grey }),
    source,
    counts: countsOf(scheme),
    hash: scheme.hash,
  }
}

/** The codes that a scheme uses and its dictionary lacks; no key when there are none. */
function localCodes(kind: CodeKind, used: Dictionary, pinned: Dictionary): Partial<Record<CodeKind, LocalCode[]>> {
  if (used === pinned) return {}
  const beyond = entriesOf(used).filter(({ code }) => !pinned.ids.has(code))
  return { [kind]: beyond.map(({ code, name }) => ({ code, name })) }
}

function manifestOf(pack: PackManifest): SchemeManifest {
  return {
    id: pack.id,
    name: pack.name,
    codeSystem: { diagnosis: pack.codeSystem.diagnosis.id, procedure: pack.codeSystem.procedure.id },
    newbornWeight: pack.newbornWeight,
    ...(pack.grey === undefined ? {} : { grey: pack.grey }),
    source: provenanceOf(pack.source),
  }
}

/** The dictionary that the pack was written against, with the pack's local codes. */
function pinned(pack: PackManifest, kind: CodeKind, file: string): Dictionary {
  const { id, sha256 } = pack.codeSystem[kind]
  const dictionary = loadDictionary(id)
  if (dictionary.hash !== sha256) {
    throw new Fault({
      code: 'PCK-004',
      at: { file, field: `codeSystem.${kind}.sha256` },
      what: {
        zh: `方案按字典 ${id}（${sha256}）编写，现有的字典是 ${dictionary.hash}；前缀和区间会展开成别的编码。`,
        en: `The pack was written against ${id} (${sha256}), the dictionary here is ${dictionary.hash}; prefixes and runs would stand for other codes.`,
      },
      fix: {
        zh: '请用 dianzhi scheme import 从原表重新导入，或安装方案所用的字典版本。',
        en: 'Import the source tables again with dianzhi scheme import, or install the dictionary that the pack was written against.',
      },
    })
  }
  return extendDictionary(dictionary, pack.localCodes?.[kind] ?? [])
}

function readSets(folder: string, dictionary: Record<CodeKind, Dictionary>): ReadonlyMap<string, CodeSet> {
  const sets = new Map<string, CodeSet>()
  const file = join(folder, PACK_FILES.sets)
  for (const listing of readListings(readText(file), file, 2)) {
    const [id, kind] = listing.head as [string, string]
    const at = { file, line: listing.line, field: id }
    if (kind !== 'diagnosis' && kind !== 'procedure') {
      throw listingFault(
        at,
        `类型应为 diagnosis 或 procedure，不是 ${kind}`,
        `the kind is diagnosis or procedure, not ${kind}`,
      )
    }
    if (sets.has(id)) throw twice(at, id)
    sets.set(id, { id, kind, codes: codesOf(listing.items, dictionary[kind], at) })
  }
  return sets
}

function readComplications(folder: string, diagnoses: Dictionary): ReadonlyMap<string, Complication> {
  const byId: (Complication | undefined)[] = Array.from({ length: diagnoses.codes.length }, () => undefined)
  const file = join(folder, PACK_FILES.complications)
  for (const listing of readListings(readText(file), file, 2)) {
    const [level, table] = listing.head as [string, string]
    const at = { file, line: listing.line, field: listing.head.join(' ') }
    if (level !== 'MCC' && level !== 'CC') {
      throw listingFault(at, `级别应为 MCC 或 CC，不是 ${level}`, `the level is MCC or CC, not ${level}`)
    }
    const complication: Complication = { level, table: table === NO_TABLE ? '' : table }
    for (const [first, last] of rangesOf(listing.items, diagnoses, at)) {
      for (let id = first; id <= last; id++) {
        if (byId[id] !== undefined) throw twice(at, diagnoses.codes[id]!)
        byId[id] = complication
      }
    }
  }
  const complications = new Map<string, Complication>()
  byId.forEach((complication, id) => {
    if (complication !== undefined) complications.set(diagnoses.codes[id]!, complication)
  })
  return complications
}

function readExclusions(folder: string, diagnoses: Dictionary): ReadonlyMap<string, readonly string[]> {
  const exclusions = new Map<string, readonly string[]>()
  const file = join(folder, PACK_FILES.exclusions)
  for (const { head, items, line } of readListings(readText(file), file, 1)) {
    const id = head[0]!
    const at = { file, line, field: id }
    if (exclusions.has(id)) throw twice(at, id)
    exclusions.set(id, codesOf(items, diagnoses, at))
  }
  return exclusions
}

function readBarred(folder: string, diagnoses: Dictionary): ReadonlySet<string> {
  const file = join(folder, PACK_FILES.barred)
  const text = readText(file, true)
  return new Set(readListings(text, file, 1).flatMap(({ items, line }) => codesOf(items, diagnoses, { file, line })))
}

/** Codes by `level table`, MCC before CC, tables in the order of their first code. */
function groupComplications(complications: ReadonlyMap<string, Complication>): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const wanted of ['MCC', 'CC'] as const) {
    for (const [code, { level, table }] of complications) {
      if (level === wanted) append(groups, `${level} ${table === '' ? NO_TABLE : table}`, code)
    }
  }
  return groups
}

function twice(at: { file: string; line?: number; field?: string }, id: string): Fault {
  return listingFault(at, `${id} 出现两次`, `${id} stands twice`)
}
