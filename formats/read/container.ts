import { isAscii } from 'node:buffer'
import { closeSync, readSync } from 'node:fs'
import { type SeenEncoding, seenEncoding } from '../../files/index.ts'
import { openFile } from '../../grouper/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import type { Container } from './plan.ts'

/** The first bytes of a file and what they show. */
export interface FileHead {
  readonly container: Container
  readonly encoding: 'utf-8' | 'gb18030'
  /** How that was seen. */
  readonly evidence: readonly Text[]
  /** The text of the first block, without what may be cut off at its end; '' for files that are no text. */
  readonly text: string
  /** Whether the block is the whole file. */
  readonly isWhole: boolean
}

const BLOCK = 1 << 20

/** Looks at the begin of a file: what it is, and in which encoding. */
export function readHead(file: string, encoding: 'auto' | 'utf-8' | 'gb18030'): FileHead {
  const descriptor = openFile(file)
  try {
    const block = new Uint8Array(BLOCK)
    const length = fill(descriptor, block, 0)
    const bytes = block.subarray(0, length)
    const isWhole = length < BLOCK
    const binary = binaryKind(file, bytes)
    if (binary !== undefined) return { ...binary, encoding: 'utf-8', text: '', isWhole }
    const cut = isWhole ? bytes : bytes.subarray(0, bytes.lastIndexOf(10) + 1 || length)
    const found = encoding === 'auto' ? encodingOf(descriptor, cut, isWhole) : { encoding, evidence: ASKED }
    const text = new TextDecoder(found.encoding).decode(cut)
    const json = isJson(text)
    return {
      container: json ? 'json' : 'csv',
      encoding: found.encoding,
      evidence: [json ? JSON_TEXT : CSV_TEXT, found.evidence],
      text,
      isWhole,
    }
  } finally {
    closeSync(descriptor)
  }
}

const CSV_TEXT: Text = { zh: '文本表格（CSV）', en: 'a table as text (CSV)' }
const JSON_TEXT: Text = { zh: 'JSON：以 { 或 [ 开头', en: 'JSON: it begins with { or [' }
const ASKED: Text = { zh: '编码：由选项指定', en: 'encoding: as asked for' }

function fill(descriptor: number, block: Uint8Array, position: number): number {
  let length = 0
  while (length < block.length) {
    const got = readSync(descriptor, block, length, block.length - length, position + length)
    if (got === 0) break
    length += got
  }
  return length
}

function binaryKind(
  file: string,
  bytes: Uint8Array,
): { readonly container: Container; readonly evidence: readonly Text[] } | undefined {
  if (/\.sql$/i.test(file)) {
    return { container: 'duckdb', evidence: [{ zh: '由 DuckDB 执行的查询', en: 'a query for DuckDB' }] }
  }
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  if (head.startsWith('PK\u0003\u0004')) {
    return {
      container: 'xlsx',
      evidence: [{ zh: 'XLSX 工作簿：以 PK 开头', en: 'an XLSX workbook: it begins with PK' }],
    }
  }
  if (head.startsWith('PAR1')) {
    return { container: 'parquet', evidence: [{ zh: 'Parquet：以 PAR1 开头', en: 'Parquet: it begins with PAR1' }] }
  }
  if (head.slice(8, 12) === 'DUCK') {
    return { container: 'duckdb', evidence: [{ zh: 'DuckDB 数据库', en: 'a DuckDB database' }] }
  }
  const other: [string, Text, Text?][] = [
    [
      '\u00d0\u00cf\u0011\u00e0',
      { zh: '旧格式（.xls）或设有密码的工作簿', en: 'a workbook of the old format (.xls), or one with a password' },
    ],
    ['\u001f\u008b', { zh: 'gzip 压缩文件', en: 'a gzip archive' }],
    ['\u0028\u00b5\u002f\u00fd', { zh: 'zstd 压缩文件', en: 'a zstd archive' }],
    ['\u00ff\u00fe', { zh: 'UTF-16 文本', en: 'text in UTF-16' }],
    ['\u00fe\u00ff', { zh: 'UTF-16 文本', en: 'text in UTF-16' }],
    ['<?xml', XML, FROM_XML],
    ['\u00ef\u00bb\u00bf<?xml', XML, FROM_XML],
    ['<INFO', XML, FROM_XML],
    ['%PDF', { zh: 'PDF 文件', en: 'a PDF file' }],
  ]
  const kind = other.find(([magic]) => head.startsWith(magic))
  if (kind === undefined) return undefined
  throw new Fault({
    code: 'FMT-001',
    at: { file },
    what: { zh: `不能直接读取：${kind[1].zh}。`, en: `It cannot be read as it is: ${kind[1].en}.` },
    fix: kind[2] ?? {
      zh: '请另存为 CSV（UTF-8）、XLSX 或 Parquet，压缩文件请先解压。',
      en: 'Save it as CSV (UTF-8), XLSX or Parquet; unpack archives first.',
    },
  })
}

const XML: Text = { zh: 'XML 文件', en: 'an XML file' }

/** Settlement lists as XML are those of older systems; their blocks are published nowhere, the columns in them are. */
const FROM_XML: Text = {
  zh: '请向系统导出 4101 或 4103 报文（JSON）；没有时用 Excel 或 WPS 打开该 XML（数据→自 XML），另存为 XLSX：清单各列（QDLSH、JBDM、NL_S 等）按拼音名识别，其余用 --map 指明。',
  en: 'Ask the system for its 4101 or 4103 messages (JSON). Where it has none, open the XML in Excel or WPS (Data, From XML) and save it as XLSX: the columns of settlement lists (QDLSH, JBDM, NL_S …) are known by their pinyin names, others are named with --map.',
}

function isJson(text: string): boolean {
  const begin = text.replace(/^\ufeff/, '').replace(/^(\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '')
  return /^[{[]/.test(begin) || /^"\s*[{[]\s*\\"/.test(begin)
}

/** BOM, else strict UTF-8, else GB18030; of a text of ASCII the first byte that is none decides, wherever it stands. */
function encodingOf(
  descriptor: number,
  head: Uint8Array,
  isWhole: boolean,
): { readonly encoding: 'utf-8' | 'gb18030'; readonly evidence: Text } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) {
    return { encoding: 'utf-8', evidence: { zh: '编码：UTF-8（有 BOM）', en: 'encoding: UTF-8 (by its BOM)' } }
  }
  let sample = head
  let block: Uint8Array | undefined
  for (let position = BLOCK; isAscii(sample); position += BLOCK) {
    if (isWhole) return { encoding: 'utf-8', evidence: { zh: '编码：纯 ASCII', en: 'encoding: ASCII only' } }
    block ??= new Uint8Array(BLOCK)
    const length = fill(descriptor, block, position)
    if (length === 0) return { encoding: 'utf-8', evidence: { zh: '编码：纯 ASCII', en: 'encoding: ASCII only' } }
    sample = block.subarray(0, length)
    const end = sample.lastIndexOf(10) + 1
    // A character may be cut at both ends.
    if (length === BLOCK && end > 0) sample = sample.subarray(sample.indexOf(10) + 1, end)
  }
  const seen = seenEncoding(sample)
  return { encoding: seen.encoding, evidence: evidenceOf(seen) }
}

function evidenceOf({ encoding, bad, all }: SeenEncoding): Text {
  if (encoding === 'utf-8') {
    return bad === 0
      ? { zh: '编码：UTF-8（严格校验通过）', en: 'encoding: UTF-8 (strictly valid)' }
      : // They are rejected one by one.
        { zh: `编码：UTF-8（${all} 行中有 ${bad} 行损坏）`, en: `encoding: UTF-8 (${bad} of ${all} lines are damaged)` }
  }
  return bad === 0
    ? {
        zh: '编码：GB18030（按 UTF-8 读只有零散的外文字母）',
        en: 'encoding: GB18030 (as UTF-8 it holds odd foreign letters only)',
      }
    : {
        zh: `编码：GB18030（${all} 行含汉字的行中 ${bad} 行不是 UTF-8）`,
        en: `encoding: GB18030 (${bad} of ${all} lines with Chinese are not UTF-8)`,
      }
}
