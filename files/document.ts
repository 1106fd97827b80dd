import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { Fault, nearest, type Place, type Text } from '../messages/index.ts'
import { unreadable } from './access.ts'
import { nodesAlong } from './cited.ts'
import { decodeUtf8 } from './encoding.ts'
import { issueOf } from './issue.ts'
import { keysAt } from './known-keys.ts'

/** Reads a YAML file and checks it against a schema; the fault names file, line, column and field. */
export function readDocument<T>(file: string, schema: z.ZodType<T>): T {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  return parseDocumentText(decodeUtf8(bytes, file), file, schema)
}

/** The same for a text; `file` is for messages. */
export function parseDocumentText<T>(text: string, file: string, schema: z.ZodType<T>): T {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', strict: true })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    const en = firstLine(error.message).replace(/ at line \d+, column \d+$/, '')
    throw notYaml({ file, line, column: col }, { zh: inChinese(error.code, en), en })
  }
  let value: unknown
  try {
    value = document.toJS()
  } catch (problem) {
    // An alias without its anchor, or one that would grow without end.
    const en = firstLine(problem instanceof Error ? problem.message : String(problem))
    throw notYaml({ file }, { zh: en, en })
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const { unknown, message, ...issue } = issueOf(schema, value, result.error)
  const path = [...issue.path, ...unknown.slice(0, 1)]
  const field = path.join('.')
  // The place of the field, or of the nearest part above it that the file has.
  const node = nodesAlong(document, path).findLast(one => one.range)
  const { line, col: column } = lines.linePos(node?.range?.[0] ?? 0)
  const at = { file, line, column, ...(field === '' ? {} : { field }) }
  if (unknown.length > 0) throw unknownKeys(at, unknown, keysAt(schema, issue.path))
  const whole = path.length === 0
  throw new Fault({
    code: 'DOC-002',
    at,
    what: { zh: `内容不符合要求：${message.zh}。`, en: `${message.en}.` },
    fix: whole
      ? { zh: '请核对是否给错了文件。', en: 'See whether this is the file that was meant.' }
      : { zh: '请按文档改正该字段。', en: 'Correct the field as documented.' },
  })
}

/** So many unknown keys at the top of a file are those of a file of another kind. */
const STRANGE = 3
/** Keys that a message lists at most. */
const MOST = 24

function unknownKeys(at: Place, unknown: readonly string[], known: readonly string[]): Fault {
  const guess = unknown.length === 1 ? nearest(unknown[0]!, known) : undefined
  const more = known.length > MOST
  const shown = known.slice(0, MOST)
  const lead =
    guess !== undefined
      ? { zh: `是否应为 ${guess}？`, en: `Did you mean ${guess}? ` }
      : unknown.length >= STRANGE
        ? { zh: '请核对是否给错了文件。', en: 'See whether this is the file that was meant. ' }
        : { zh: '请删除或改正。', en: 'Remove or correct it. ' }
  return new Fault({
    code: 'DOC-003',
    at,
    what: { zh: `未知字段 ${unknown.join('、')}。`, en: `Unknown key ${unknown.join(', ')}.` },
    fix:
      known.length === 0
        ? { zh: `${lead.zh}字段见文档。`, en: `${lead.en}The documentation lists the keys.` }
        : {
            zh: `${lead.zh}此处可用的字段：${shown.join('、')}${more ? ' …' : ''}。`,
            en: `${lead.en}The keys here are ${shown.join(', ')}${more ? ' …' : ''}.`,
          },
  })
}

/** What is wrong with a YAML file, by the code of the library, in Chinese. */
const YAML_CHINESE: Readonly<Record<string, string>> = {
  BAD_ALIAS: '引用（*）没有对应的锚点（&）',
  BAD_INDENT: '缩进不对',
  BLOCK_AS_IMPLICIT_KEY: '冒号的位置不对，或缩进不对',
  DUPLICATE_KEY: '同一字段写了两次',
  MISSING_CHAR: '缺少引号、括号、逗号或冒号',
  MULTILINE_IMPLICIT_KEY: '冒号的位置不对，或引号没有闭合',
  MULTIPLE_DOCS: '有多个文档（---）',
  TAB_AS_INDENT: '缩进用了制表符，须用空格',
  UNEXPECTED_TOKEN: '有多余或错位的符号',
}

function inChinese(code: string, en: string): string {
  const end = /must (?:be sufficiently indented and )?end with an? (\S)$/.exec(en)?.[1]
  return end === undefined ? (YAML_CHINESE[code] ?? en) : `缺少右括号 ${end}`
}

function notYaml(at: Place, problem: Text): Fault {
  const kind = at.file?.toLowerCase().endsWith('.json') === true ? 'JSON' : 'YAML'
  return new Fault({
    code: 'DOC-001',
    at,
    what: { zh: `不是合法的 ${kind}：${problem.zh}。`, en: `Not valid ${kind}: ${problem.en}.` },
    fix: { zh: '请检查缩进、引号、括号和冒号。', en: 'Check indentation, quotes, brackets and colons.' },
  })
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/[.:]$/, '')
}
