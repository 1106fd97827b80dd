import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { decodeUtf8, home, readDocument, unreadable, writeText } from '../../files/index.ts'
import { Fault, nearest, type Text } from '../../messages/index.ts'
import { assembleDictionary, type Dictionary, entriesOf } from './dictionary.ts'

/** Where a dictionary comes from. */
export interface DictionarySource {
  readonly title: string
  readonly edition: string
  readonly date?: string | undefined
  readonly link?: string | undefined
  readonly licence: string
}

/** What `manifest.yaml` beside `codes.tsv` says. */
export interface DictionaryManifest {
  readonly id: string
  readonly name: Text
  readonly source: DictionarySource
  /** Dictionary whose name a code keeps where the list has none; default: such a code has no name. */
  readonly namesFrom?: string | undefined
  readonly counts: { readonly codes: number; readonly withdrawn: number; readonly grey: number }
  /** `Dictionary.hash`: SHA-256 over codes and names. */
  readonly sha256: string
}

export const sourceSchema: z.ZodType<DictionarySource> = z.strictObject({
  title: z.string(),
  edition: z.string(),
  date: z.string().optional(),
  link: z.string().optional(),
  licence: z.string(),
})

const manifestSchema: z.ZodType<DictionaryManifest> = z.strictObject({
  id: z.string(),
  name: z.strictObject({ zh: z.string(), en: z.string() }),
  source: sourceSchema,
  namesFrom: z.string().optional(),
  counts: z.strictObject({ codes: z.int(), withdrawn: z.int(), grey: z.int() }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const HEADER = 'code\tname\tmark'
const MARKS = ['withdrawn', 'grey'] as const

/** Writes `codes.tsv` and `manifest.yaml` into a folder. */
export function writeDictionary(
  dictionary: Dictionary,
  about: Pick<DictionaryManifest, 'name' | 'source' | 'namesFrom'>,
  folder: string,
): void {
  const { namesFrom } = about
  const manifest: DictionaryManifest = {
    id: dictionary.id,
    name: about.name,
    source: about.source,
    ...(namesFrom === undefined ? {} : { namesFrom }),
    counts: {
      codes: dictionary.codes.length - 1,
      withdrawn: dictionary.withdrawn.size,
      grey: dictionary.grey.size,
    },
    sha256: dictionary.hash,
  }
  const known = namesFrom === undefined ? undefined : loadDictionary(namesFrom)
  const lines = entriesOf(dictionary).map(entry => {
    const name = known !== undefined && nameIn(known, entry.code) === entry.name ? '' : entry.name
    const marks = MARKS.filter(mark => entry[mark] === true)
    return [entry.code, name, ...marks].join('\t')
  })
  writeText(join(folder, 'codes.tsv'), `${[HEADER, ...lines].join('\n')}\n`)
  writeText(join(folder, 'manifest.yaml'), stringify(manifest, { lineWidth: 120 }))
}

/** The manifest of a dictionary folder. */
export function readDictionaryManifest(folder: string): DictionaryManifest {
  return readDocument(join(folder, 'manifest.yaml'), manifestSchema)
}

/** Reads a dictionary folder and makes sure that it is the list its manifest names. */
export function readDictionary(folder: string): Dictionary {
  const manifest = readDictionaryManifest(folder)
  const file = join(folder, 'codes.tsv')
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  const dictionary = parseCodes(manifest, decodeUtf8(bytes, file), file)
  if (dictionary.hash !== manifest.sha256) {
    throw new Fault({
      code: 'DIC-003',
      at: { file },
      what: {
        zh: `编码表的内容哈希为 ${dictionary.hash}，manifest.yaml 记录的是 ${manifest.sha256}。`,
        en: `The list has the content hash ${dictionary.hash}, manifest.yaml records ${manifest.sha256}.`,
      },
      fix: {
        zh: '请恢复原文件，或用 dianzhi codes import 重新导入。',
        en: 'Restore the file or import the list again with dianzhi codes import.',
      },
    })
  }
  return dictionary
}

// Our own format has no quotes and is sorted, so that one pass over the text gives the columns: a third of the time.
function parseCodes(manifest: DictionaryManifest, text: string, file: string): Dictionary {
  const codes = ['']
  const names = ['']
  const marked = { withdrawn: new Set<number>(), grey: new Set<number>() }
  let line = 2
  for (let from = text.indexOf('\n') + 1; from < text.length; line++) {
    const newline = text.indexOf('\n', from)
    const end = newline < 0 ? text.length : newline
    const tab = text.indexOf('\t', from)
    const code = text.slice(from, tab)
    if (tab < 0 || tab >= end || !(codes.at(-1)! < code)) throw badLine(file, line)
    const second = text.indexOf('\t', tab + 1)
    const hasMark = second >= 0 && second < end
    if (hasMark) {
      for (const mark of text.slice(second + 1, end).split('\t')) {
        if (mark !== 'withdrawn' && mark !== 'grey') throw badLine(file, line)
        marked[mark].add(codes.length)
      }
    }
    codes.push(code)
    names.push(text.slice(tab + 1, hasMark ? second : end))
    from = end + 1
  }
  const columns = { id: manifest.id, codes, names, ...marked }
  if (manifest.namesFrom !== undefined) {
    const known = loadDictionary(manifest.namesFrom)
    for (let id = 1; id < codes.length; id++) names[id] ||= nameIn(known, codes[id]!)
    return assembleDictionary(
      columns,
      codes
        .map((code, id) => `${code}\t${names[id]}\n`)
        .slice(1)
        .join(''),
    )
  }
  // The lines without header and marks are what the hash is over; writing them anew would take as long as reading.
  const lines = text.slice(text.indexOf('\n') + 1).replace(/\t(?:withdrawn|grey)(?=[\t\n])/g, '')
  return assembleDictionary(columns, lines)
}

function nameIn(dictionary: Dictionary, code: string): string {
  return dictionary.names[dictionary.ids.get(code) ?? 0]!
}

function badLine(file: string, line: number): Fault {
  return new Fault({
    code: 'DIC-002',
    at: { file, line },
    what: {
      zh: '该行不是“编码、名称、标记”，或编码没有排在上一行之后。',
      en: 'The line is not "code, name, mark", or its code does not come after the one before.',
    },
    fix: {
      zh: '每行为：编码、制表符、名称，停用编码再加制表符和 withdrawn，灰码再加制表符和 grey；按编码排序，每个编码一行。',
      en: 'Write code, tab, name, for a withdrawn code another tab and withdrawn, for a grey code another tab and grey; sorted by code, one line a code.',
    },
  })
}

/** Ids of the dictionaries that ship with the package. */
export function listDictionaries(): string[] {
  const folder = home('schemes', 'codes')
  return readdirSync(folder)
    .filter(id => existsSync(join(folder, id, 'codes.tsv')))
    .sort()
}

const loaded = new Map<string, Dictionary>()

/** A dictionary that ships with the package, read once a process. */
export function loadDictionary(id: string): Dictionary {
  const known = loaded.get(id)
  if (known !== undefined) return known
  const ids = listDictionaries()
  if (!ids.includes(id)) {
    const near = nearest(id, ids)
    throw new Fault({
      code: 'DIC-004',
      at: { field: id },
      what: { zh: `没有编码体系 ${id}。`, en: `There is no code system ${id}.` },
      fix: {
        zh: `${near === undefined ? '' : `是否应为 ${near}？`}可用的有：${ids.join('、')}。`,
        en: `${near === undefined ? '' : `Did you mean ${near}? `}Known: ${ids.join(', ')}.`,
      },
    })
  }
  const dictionary = readDictionary(home('schemes', 'codes', id))
  loaded.set(id, dictionary)
  return dictionary
}
