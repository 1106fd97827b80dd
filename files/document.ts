import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { Fault, type Place } from '../messages/index.ts'
import { unreadable } from './access.ts'
import { nodesAlong } from './cited.ts'
import { decodeUtf8 } from './encoding.ts'
import { issueOf } from './issue.ts'

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
    throw notYaml({ file, line, column: col }, error.message)
  }
  let value: unknown
  try {
    value = document.toJS()
  } catch (problem) {
    // An alias without its anchor, or one that would grow without end.
    throw notYaml({ file }, problem instanceof Error ? problem.message : String(problem))
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
  if (unknown.length > 0) {
    throw new Fault({
      code: 'DOC-003',
      at,
      what: { zh: `未知字段 ${unknown.join('、')}。`, en: `Unknown key ${unknown.join(', ')}.` },
      fix: { zh: '请删除它，或改为文档中列出的字段名。', en: 'Remove it or use a key that the documentation lists.' },
    })
  }
  throw new Fault({
    code: 'DOC-002',
    at,
    what: { zh: `内容不符合要求：${message.zh}。`, en: `${message.en}.` },
    fix: { zh: '请按文档改正该字段。', en: 'Correct the field as documented.' },
  })
}

function notYaml(at: Place, message: string): Fault {
  return new Fault({
    code: 'DOC-001',
    at,
    what: { zh: `不是合法的 YAML：${firstLine(message)}。`, en: `Not valid YAML: ${firstLine(message)}.` },
    fix: { zh: '请检查缩进、引号和冒号。', en: 'Check indentation, quotes and colons.' },
  })
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/[.:]$/, '')
}
