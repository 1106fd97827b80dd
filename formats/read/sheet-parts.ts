import { isDateFormat } from 'hucre'
import { entryBytes, entryText, type ZipEntry, zipEntries } from './zip-entry.ts'

/** What is needed to read one sheet of a workbook. */
export interface SheetParts {
  readonly entry: ZipEntry
  readonly shared: readonly string[]
  /** Whether the cells of a format are dates, by format. */
  readonly dates: readonly boolean[]
  readonly is1904: boolean
}

/** Bytes within which the rows of a sheet begin. */
const HEAD = 1 << 20

/** The parts of a workbook for one sheet; undefined where it is put together otherwise than spreadsheets do. */
export async function openSheet(file: string, sheet: number): Promise<SheetParts | undefined> {
  const entries = zipEntries(file)
  const text = async (name: string): Promise<string> => {
    const entry = entries?.get(name)
    return entry === undefined ? '' : entryText(entry)
  }
  const workbook = await text('xl/workbook.xml')
  const relations = new Map(
    tags(await text('xl/_rels/workbook.xml.rels'), 'Relationship').map(tag => [attribute(tag, 'Id'), tag]),
  )
  const id = /\s\w+:id\s*=\s*["']([^"']*)["']/i.exec(tags(workbook, 'sheet')[sheet] ?? '')?.[1] ?? ''
  const entry = entries?.get(partName(relations.get(id)))
  if (entry === undefined || !(await isPlain(entry))) return undefined
  const partOf = (type: string): string =>
    partName([...relations.values()].find(tag => attribute(tag, 'Type').endsWith(`/${type}`)))
  return {
    entry,
    shared: sharedTexts(await text(partOf('sharedStrings'))),
    dates: dateFormats(await text(partOf('styles'))),
    is1904: /^(1|true)$/.test(attribute(tags(workbook, 'workbookPr')[0] ?? '', 'date1904')),
  }
}

/** Whether the names of a sheet have no prefix; its root stands at its begin. */
async function isPlain(entry: ZipEntry): Promise<boolean> {
  let head = ''
  for await (const piece of entryBytes(entry)) {
    head += piece.toString('latin1')
    if (head.length > HEAD || head.includes('sheetData')) break
  }
  return head.includes('<sheetData')
}

function partName(relation = ''): string {
  const target = attribute(relation, 'Target')
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`
}

/** The opening tags of a name. */
function tags(xml: string, name: string): string[] {
  return xml.match(new RegExp(`<${name}(\\s[^>]*)?>`, 'g')) ?? []
}

function attribute(tag: string, name: string): string {
  return decode(new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1] ?? '')
}

/** Texts that cells share; how characters are read (phonetic runs) is none of them. */
function sharedTexts(xml: string): string[] {
  return [...xml.matchAll(/<si(?:\s[^>]*)?(?:\/>|>(.*?)<\/si>)/gs)].map(([, inner = '']) => textIn(inner))
}

/** The texts within an element, one behind another. */
export function textIn(xml: string): string {
  // Nearly all have one text and nothing else.
  const [from, to] = [xml.indexOf('<t'), xml.indexOf('</t>')]
  if (from >= 0 && to > from && xml.indexOf('<t', from + 2) < 0 && !xml.includes('<rPh'))
    return withoutEscapes(decode(xml.slice(xml.indexOf('>', from) + 1, to)))
  const plain = xml.includes('<rPh') ? xml.replace(/<rPh.*?<\/rPh>/gs, '') : xml
  let text = ''
  for (const [, part = ''] of plain.matchAll(/<t(?:\s[^>]*)?>([^<]*)<\/t>/g)) text += part
  return withoutEscapes(decode(text))
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export function decode(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(#x[\da-f]+|#\d+|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 0x10_ffff ? whole : String.fromCodePoint(code)
  })
}

/** Characters that XML cannot hold stand as `_x000D_`. */
export function withoutEscapes(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([\da-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function dateFormats(xml: string): boolean[] {
  const codes = new Map(tags(xml, 'numFmt').map(tag => [attribute(tag, 'numFmtId'), attribute(tag, 'formatCode')]))
  const cells = /<cellXfs(?:\s[^>]*)?>(.*?)<\/cellXfs>/s.exec(xml)?.[1] ?? ''
  return tags(cells, 'xf').map(tag => {
    const id = attribute(tag, 'numFmtId')
    return isDateFormat(codes.get(id) ?? id)
  })
}
