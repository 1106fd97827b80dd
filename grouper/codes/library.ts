import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { decodeUtf8, home, readDocument, unreadable } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import { assembleDictionary, type Dictionary, entriesOf } from './dictionary.ts'
import { nearest } from './nearest.ts'

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
  readonly counts: { readonly codes: number; readonly withdrawn: number }
  /** `Dictionary.hash`: SHA-256 over codes and names. */
  readonly sha256: string
}

const manifestSchema: z.ZodType<DictionaryManifest> = z.strictObject({
  id: z.string(),
  name: z.strictObject({ zh: z.string(), en: z.string() }),
  source: z.strictObject({
    title: z.string(),
    edition: z.string(),
    date: z.string().optional(),
    link: z.string().optional(),
    licence: z.string(),
  }),
  counts: z.strictObject({ codes: z.int(), withdrawn: z.int() }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const HEADER = 'code\tname\tmark'
const WITHDRAWN = 'withdrawn'

/** Writes `codes.tsv` and `manifest.yaml` into a folder. */
export function writeDictionary(
  dictionary: Dictionary,
  about: Pick<DictionaryManifest, 'name' | 'source'>,
  folder: string,
): void {
  const manifest: DictionaryManifest = {
    id: dictionary.id,
    name: about.name,
    source: about.source,
    counts: { codes: dictionary.codes.length - 1, withdrawn: dictionary.withdrawn.size },
    sha256: dictionary.hash,
  }
  const lines = entriesOf(dictionary).map(entry => {
    return entry.withdrawn === true ? `${entry.code}\t${entry.name}\t${WITHDRAWN}` : `${entry.code}\t${entry.name}`
  })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'codes.tsv'), `${[HEADER, ...lines].join('\n')}\n`)
  writeFileSync(join(folder, 'manifest.yaml'), stringify(manifest, { lineWidth: 120 }))
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
  const dictionary = parseCodes(manifest.id, decodeUtf8(bytes, file), file)
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
function parseCodes(id: string, text: string, file: string): Dictionary {
  const codes = ['']
  const names = ['']
  const withdrawn = new Set<number>()
  let line = 2
  for (let from = text.indexOf('\n') + 1; from < text.length; line++) {
    const newline = text.indexOf('\n', from)
    const end = newline < 0 ? text.length : newline
    const tab = text.indexOf('\t', from)
    const mark = text.indexOf('\t', tab + 1)
    const marked = mark >= 0 && mark < end
    const code = text.slice(from, tab)
    if (tab < 0 || tab >= end || !(codes.at(-1)! < code) || (marked && text.slice(mark + 1, end) !== WITHDRAWN)) {
      throw new Fault({
        code: 'DIC-002',
        at: { file, line },
        what: {
          zh: '该行不是“编码、名称、标记”，或编码没有排在上一行之后。',
          en: 'The line is not "code, name, mark", or its code does not come after the one before.',
        },
        fix: {
          zh: '每行为：编码、制表符、名称，停用编码再加制表符和 withdrawn；按编码排序，每个编码一行。',
          en: 'Write code, tab, name, and for a withdrawn code another tab and withdrawn; sorted by code, one line a code.',
        },
      })
    }
    if (marked) withdrawn.add(codes.length)
    codes.push(code)
    names.push(text.slice(tab + 1, marked ? mark : end))
    from = end + 1
  }
  // The lines without header and marks are what the hash is over; writing them anew would take as long as reading.
  const lines = text.slice(text.indexOf('\n') + 1).replaceAll(`\t${WITHDRAWN}\n`, '\n')
  return assembleDictionary({ id, codes, names, withdrawn }, lines)
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
