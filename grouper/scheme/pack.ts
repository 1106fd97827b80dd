import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { readDocument, writeText } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { type Dictionary, entriesOf, extendDictionary } from '../codes/dictionary.ts'
import { loadDictionary } from '../codes/library.ts'
import { schemeHash } from './hash.ts'
import { PACK_FILES } from './layout.ts'
import {
  amendmentsOf,
  countsOf,
  type LocalCode,
  type PackManifest,
  packManifestSchema,
  provenanceOf,
} from './manifest.ts'
import { applyListChanges, listChangeTexts } from './overlay-lists.ts'
import { applyRowChanges, rowChangeTexts } from './overlay-rows.ts'
import { listTexts, type PackLists, readPackLists } from './pack-lists.ts'
import { type ImportReport, reportText } from './report.ts'
import { ROW_HEADERS, ROW_TABLES, readRows, rowCells, treeOf, tsvText } from './rows.ts'
import { folderOf } from './shelf.ts'
import type { CodeKind, Mdc, Scheme, SchemeManifest } from './types.ts'

/**
 * Writes a pack folder; the report, where there is one, goes beside it as import-report.txt. With `base` the pack is an
 * overlay: its files hold only what differs from that scheme.
 */
export function writePack(scheme: Scheme, report: ImportReport | undefined, folder: string, base?: Scheme): void {
  if (base !== undefined) refuseBase(scheme, base)
  const write = (name: keyof typeof PACK_FILES, text: string | undefined): void => {
    const file = join(folder, PACK_FILES[name])
    if (text === undefined) rmSync(file, { force: true })
    else writeText(file, text)
  }
  write('manifest', stringify(packManifestOf(scheme, base), { lineWidth: 120 }))
  const rows = base === undefined ? rowTexts(scheme.mdcs) : rowChangeTexts(base.mdcs, scheme.mdcs)
  const lists = base === undefined ? listTexts(scheme) : listChangeTexts(base, scheme)
  for (const table of ROW_TABLES) write(table, rows[table])
  for (const list of ['sets', 'complications', 'exclusions', 'barred'] as const) write(list, lists[list])
  if (report !== undefined) write('report', `${reportText(report, 'zh')}\n${reportText(report, 'en')}`)
}

function rowTexts(mdcs: readonly Mdc[]): Record<(typeof ROW_TABLES)[number], string> {
  const rows = rowCells(mdcs)
  const text = (table: keyof typeof rows): string => tsvText(ROW_HEADERS[table], rows[table])
  return { mdc: text('mdc'), adrg: text('adrg'), drg: text('drg') }
}

/**
 * Reads a pack folder, an overlay together with the schemes that it builds on; refuses one that was written against
 * other dictionaries or another base, or whose content is not what it says.
 */
export function readPack(folder: string): Scheme {
  return readWithin(folder, [])
}

/** `trail`: the overlays that led here, so that a circle is seen. */
function readWithin(folder: string, trail: readonly string[]): Scheme {
  const file = join(folder, PACK_FILES.manifest)
  const pack = readDocument(file, packManifestSchema)
  const diagnoses = pinned(pack, 'diagnosis', file)
  const procedures = pinned(pack, 'procedure', file)
  const dictionary = { diagnosis: diagnoses, procedure: procedures }
  let lists: PackLists
  let mdcs: readonly Mdc[]
  if (pack.extends === undefined) {
    lists = readPackLists(folder, dictionary)
    mdcs = treeOf(readRows(folder), lists.sets)
  } else {
    const base = readBase(pack.extends, folder, [...trail, pack.id])
    lists = applyListChanges(base, folder, dictionary)
    mdcs = treeOf(applyRowChanges(base, folder), lists.sets)
  }
  const content: Omit<Scheme, 'hash'> = { manifest: manifestOf(pack), mdcs, ...lists, diagnoses, procedures }
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

/** The scheme that an overlay builds on. */
function readBase(wanted: { id: string; hash: string }, folder: string, trail: readonly string[]): Scheme {
  const at = { file: join(folder, PACK_FILES.manifest), field: 'extends' }
  const found = folderOf(wanted.id, folder)
  if (trail.includes(wanted.id) || found === undefined) {
    throw new Fault({
      code: 'PCK-010',
      at: { ...at, field: 'extends.id' },
      what:
        found === undefined
          ? { zh: `没有基础方案 ${wanted.id}。`, en: `There is no base scheme ${wanted.id}.` }
          : {
              zh: `方案互为基础：${[...trail, wanted.id].join(' → ')}。`,
              en: `Schemes build on each other in a circle: ${[...trail, wanted.id].join(' → ')}.`,
            },
      fix: {
        zh: '请写内置方案的编号，或把基础方案包放在同一文件夹下、以编号为名。',
        en: 'Give the id of a built-in scheme, or put the base pack beside this one in a folder named by its id.',
      },
    })
  }
  const base = readWithin(found, trail)
  if (base.hash !== wanted.hash) {
    throw new Fault({
      code: 'PCK-011',
      at: { ...at, field: 'extends.hash' },
      what: {
        zh: `本方案包基于 ${wanted.id}（${wanted.hash}）编写，现有的是 ${base.hash}。`,
        en: `This overlay was written against ${wanted.id} (${wanted.hash}), the one here is ${base.hash}.`,
      },
      fix: {
        zh: '请从原表重新导入：dianzhi scheme import … --extends，或安装编写时的基础方案。',
        en: 'Import the source tables again with dianzhi scheme import … --extends, or install the base it was written against.',
      },
    })
  }
  return base
}

/** An overlay must be in the codes of its base, and cannot be its own. */
function refuseBase(scheme: Scheme, base: Scheme): void {
  const [a, b] = [scheme.manifest, base.manifest]
  const same = a.codeSystem.diagnosis === b.codeSystem.diagnosis && a.codeSystem.procedure === b.codeSystem.procedure
  if (same && a.id !== b.id) return
  throw new Fault({
    code: 'PCK-012',
    at: { field: 'extends' },
    what: same
      ? { zh: `方案 ${a.id} 不能以自己为基础。`, en: `The scheme ${a.id} cannot be its own base.` }
      : {
          zh: `${a.id} 与基础方案 ${b.id} 使用不同的编码体系。`,
          en: `${a.id} and its base ${b.id} are in different code systems.`,
        },
    fix: same
      ? { zh: '请换一个编号（--id）。', en: 'Give the scheme another id with --id.' }
      : { zh: '请去掉 --extends，写成完整的方案包。', en: 'Leave out --extends and write a whole pack.' },
  })
}

function packManifestOf(scheme: Scheme, base: Scheme | undefined): PackManifest {
  const { id, name, codeSystem, newbornWeight, grey, source, amendments } = scheme.manifest
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
    ...amendmentsOf(amendments),
    ...(base === undefined ? {} : { extends: { id: base.manifest.id, hash: base.hash } }),
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
    ...amendmentsOf(pack.amendments),
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
