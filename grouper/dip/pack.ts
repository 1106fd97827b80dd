import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { readDocument, writeText } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { loadDictionary } from '../codes/library.ts'
import { readText } from '../scheme/layout.ts'
import { provenanceOf } from '../scheme/manifest.ts'
import { type PackRow, readTsv, tsvText } from '../scheme/rows.ts'
import { createCatalogue } from './catalogue.ts'
import { GROUP_HEADER, groupCells, readGroup } from './group-table.ts'
import {
  excludedOperationCells,
  LIST_HEADERS,
  propertyCells,
  readExcludedOperation,
  readProperty,
  readRelatedCost,
  readTag,
  relatedCostCells,
  tagCells,
} from './list-tables.ts'
import { type DipPackManifest, dialectFacts, dipCountsOf, dipPackSchema } from './manifest.ts'
import { dialectOf, matchingFacts, matchingOf } from './matching.ts'
import type { DipCatalogue, DipLists } from './types.ts'

/** The files of a catalogue's folder; the name of the first tells it from a DRG pack. */
export const DIP_FILES = {
  manifest: 'catalogue.yaml',
  groups: 'groups.tsv',
  excludedDiagnoses: 'excluded-diagnoses.txt',
  excludedOperations: 'excluded-operations.tsv',
  tags: 'tags.tsv',
  drugResistant: 'drug-resistant.txt',
  properties: 'properties.tsv',
  relatedCosts: 'related-costs.tsv',
  report: 'import-report.txt',
} as const

/** Whether a folder holds a catalogue. */
export function isDipPack(folder: string): boolean {
  return existsSync(join(folder, DIP_FILES.manifest))
}

/** Writes a catalogue's folder; a list without entries has no file. The report goes beside it as import-report.txt. */
export function writeDipPack(catalogue: DipCatalogue, folder: string, report?: string): void {
  const { groups, lists } = catalogue
  const write = (name: keyof typeof DIP_FILES, content: string | undefined): void => {
    const file = join(folder, DIP_FILES[name])
    if (content === undefined) rmSync(file, { force: true })
    else writeText(file, content)
  }
  write('manifest', stringify(packManifestOf(catalogue), { lineWidth: 120 }))
  write(
    'groups',
    tsvText(
      GROUP_HEADER,
      groups.map(group => groupCells({ ...group, source: group.source })),
    ),
  )
  write('excludedDiagnoses', codeLines(lists.excludedDiagnoses))
  write('drugResistant', codeLines(lists.drugResistant))
  write('excludedOperations', rowLines('excludedOperations', excludedOperationCells(lists)))
  write('tags', rowLines('tags', tagCells(lists)))
  write('properties', rowLines('properties', propertyCells(lists)))
  write('relatedCosts', rowLines('relatedCosts', relatedCostCells(groups)))
  if (report !== undefined) write('report', report)
}

function codeLines(codes: ReadonlySet<string>): string | undefined {
  return codes.size === 0 ? undefined : `${[...codes].sort().join('\n')}\n`
}

function rowLines(list: keyof typeof LIST_HEADERS, rows: readonly string[][]): string | undefined {
  return rows.length === 0 ? undefined : tsvText(LIST_HEADERS[list], rows)
}

function packManifestOf(catalogue: DipCatalogue): DipPackManifest {
  const { id, name, edition, codeSystem, source, matching, dialect } = catalogue.manifest
  const pin = (dictionary: string): { id: string; sha256: string } => {
    return { id: dictionary, sha256: loadDictionary(dictionary).hash }
  }
  const rules = matchingFacts(matching)
  return {
    format: 1,
    id,
    name,
    edition,
    codeSystem: { diagnosis: pin(codeSystem.diagnosis), procedure: pin(codeSystem.procedure) },
    source,
    ...(Object.keys(rules).length === 0 ? {} : { matching: rules }),
    ...dialectFacts(dialect),
    counts: dipCountsOf(catalogue),
    hash: catalogue.hash,
  }
}

/** Reads a catalogue's folder; refuses one whose dictionaries or content are not what it says (PCK-004, PCK-005). */
export function readDipPack(folder: string): DipCatalogue {
  const file = join(folder, DIP_FILES.manifest)
  const pack = readDocument(file, dipPackSchema)
  for (const kind of ['diagnosis', 'procedure'] as const) {
    const { id, sha256 } = pack.codeSystem[kind]
    const { hash } = loadDictionary(id)
    if (hash !== sha256) throw otherDictionary(file, `codeSystem.${kind}.sha256`, { id, hash, sha256 })
  }
  const costs = new Map(
    readTsv(join(folder, DIP_FILES.relatedCosts), LIST_HEADERS.relatedCosts, true).map(readRelatedCost),
  )
  const groups = readTsv(join(folder, DIP_FILES.groups), GROUP_HEADER)
    .map(readGroup)
    .map(group => {
      const relatedCost = costs.get(group.code)
      return relatedCost === undefined ? group : { ...group, figures: { ...group.figures, relatedCost } }
    })
  const catalogue = createCatalogue(
    {
      id: pack.id,
      name: pack.name,
      edition: pack.edition,
      codeSystem: { diagnosis: pack.codeSystem.diagnosis.id, procedure: pack.codeSystem.procedure.id },
      source: provenanceOf(pack.source),
      matching: matchingOf(pack.matching),
      dialect: dialectOf(pack.dialect, pack.matching?.style),
    },
    groups,
    readLists(folder),
  )
  if (catalogue.hash !== pack.hash) throw otherContent(file, catalogue.hash, pack.hash)
  return catalogue
}

function readLists(folder: string): DipLists {
  const codes = (name: 'excludedDiagnoses' | 'drugResistant'): ReadonlySet<string> => {
    const lines = readText(join(folder, DIP_FILES[name]), true).split('\n')
    return new Set(lines.map(line => line.trim()).filter(line => line !== ''))
  }
  const rows = (name: keyof typeof LIST_HEADERS): PackRow[] =>
    readTsv(join(folder, DIP_FILES[name]), LIST_HEADERS[name], true)
  const excluded = rows('excludedOperations').map(readExcludedOperation)
  return {
    excludedDiagnoses: codes('excludedDiagnoses'),
    excludedOperations: new Map(excluded.map(entry => [entry.code, entry])),
    tags: rows('tags').map(readTag),
    drugResistant: codes('drugResistant'),
    properties: new Map(rows('properties').map(readProperty)),
  }
}

function otherDictionary(file: string, field: string, found: { id: string; hash: string; sha256: string }): Fault {
  const { id, hash, sha256 } = found
  return new Fault({
    code: 'PCK-004',
    at: { file, field },
    what: {
      zh: `病种目录按字典 ${id}（${sha256}）编写，现有的字典是 ${hash}。`,
      en: `The catalogue was written against ${id} (${sha256}), the dictionary here is ${hash}.`,
    },
    fix: {
      zh: '请用 dianzhi scheme import 从原表重新导入，或安装目录所用的字典版本。',
      en: 'Import the source again with dianzhi scheme import, or install the dictionary that the catalogue was written against.',
    },
  })
}

function otherContent(file: string, hash: string, recorded: string): Fault {
  return new Fault({
    code: 'PCK-005',
    at: { file, field: 'hash' },
    what: {
      zh: `病种目录内容的哈希为 ${hash}，记录的是 ${recorded}。`,
      en: `The content has the hash ${hash}, the pack records ${recorded}.`,
    },
    fix: {
      zh: '若有意修改了目录，请把 hash 改为前一个值；否则请恢复原文件。',
      en: 'If the catalogue was changed on purpose, write the first value as hash; otherwise restore the files.',
    },
  })
}
