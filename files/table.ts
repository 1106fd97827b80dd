import { readFileSync } from 'node:fs'
import { Fault } from '../messages/index.ts'
import { unreadable } from './access.ts'
import { decodeText } from './encoding.ts'

/** A small table of texts, held whole: side files (scheme tables, hospitals, weights), never cases. */
export interface Table {
  readonly file: string
  readonly header: readonly string[]
  readonly rows: readonly TableRow[]
}

export interface TableRow {
  /** Line in the file on which the row begins, from 1. */
  readonly line: number
  /** As many cells as the header has; a short row is filled with ''. */
  readonly cells: readonly string[]
}

/** Reads a CSV (or, with `separator` tab, TSV) file: UTF-8 with or without BOM or GB18030, quotes doubled, any line ending. */
export function readTable(file: string, separator: ',' | '\t' = ','): Table {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  return parseTable(decodeText(bytes, file), file, separator)
}

/** Parses the text of a table; the first line is the header. */
export function parseTable(text: string, file: string, separator: ',' | '\t' | ';' = ','): Table {
  const records: { line: number; cells: string[] }[] = []
  let line = 1
  let cells: string[] = []
  let cell = ''
  let began = 1
  let at = 0
  const close = (): void => {
    cells.push(cell)
    cell = ''
    if (cells.length > 1 || cells[0] !== '') records.push({ line: began, cells })
    cells = []
  }
  while (at < text.length) {
    const c = text[at]!
    if (c === '"' && cell === '') {
      const from = line
      at++
      for (;;) {
        const end = text.indexOf('"', at)
        if (end < 0) {
          throw new Fault({
            code: 'FIL-003',
            at: { file, line: from, column: cells.length + 1 },
            what: { zh: '引号没有闭合。', en: 'A quote is opened and never closed.' },
            fix: { zh: '请补上引号，单元格内的引号写两次。', en: 'Close it; write a quote inside a cell twice.' },
          })
        }
        const part = text.slice(at, end)
        for (const character of part) if (character === '\n') line++
        cell += part
        at = end + 1
        if (text[at] !== '"') break
        cell += '"'
        at++
      }
    } else if (c === separator) {
      cells.push(cell)
      cell = ''
      at++
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[at + 1] === '\n') at++
      at++
      close()
      line++
      began = line
    } else {
      cell += c
      at++
    }
  }
  if (cell !== '' || cells.length > 0) close()
  const [head, ...body] = records
  if (head === undefined) {
    throw new Fault({
      code: 'FIL-004',
      at: { file },
      what: { zh: '文件是空的。', en: 'The file is empty.' },
      fix: { zh: '第一行应为表头。', en: 'Its first line must be the header.' },
    })
  }
  const header = head.cells.map(name => name.trim())
  const rows = body.map(record => {
    if (record.cells.length > header.length) {
      throw new Fault({
        code: 'FIL-005',
        at: { file, line: record.line },
        what: {
          zh: `该行有 ${record.cells.length} 列，表头只有 ${header.length} 列。`,
          en: `The row has ${record.cells.length} cells, the header has ${header.length}.`,
        },
        fix: { zh: '含分隔符的单元格请加引号。', en: 'Quote cells that hold the separator.' },
      })
    }
    while (record.cells.length < header.length) record.cells.push('')
    return record
  })
  return { file, header, rows }
}
