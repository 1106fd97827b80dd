import { Fault } from '../../messages/index.ts'
import type { Dictionary, DictionaryEntry } from '../codes/dictionary.ts'
import type { HeaderRow } from './columns.ts'
import { foldBlanks, foldWidth } from './lexer.ts'
import { addFinding, type ImportLog } from './log.ts'
import { cellOf, codeCellOf, placeOf, rawCellOf, type SourceTable } from './tables.ts'

/** A code in a list with the row that it came from. */
export interface Listed {
  readonly code: string
  readonly row: HeaderRow
}

/** The code or id of a row; a fault when it is empty or cannot be written in a list. */
export function nameOf(table: SourceTable, row: HeaderRow, field: string, log: ImportLog): string | undefined {
  const name = codeCellOf(table, row, field)
  if (name === '') {
    log.faults.push(
      new Fault({
        code: 'IMP-003',
        at: placeOf(table, row, field),
        what: { zh: '单元格为空。', en: 'The cell is empty.' },
        fix: { zh: '请填写编码，或删除整行。', en: 'Write the code or delete the row.' },
      }),
    )
    return undefined
  }
  if (/[~#]|\.\./.test(name)) {
    log.faults.push(
      new Fault({
        code: 'IMP-013',
        at: placeOf(table, row, field),
        what: { zh: `“${name}”不是编码：含有 ~、# 或“..”。`, en: `"${name}" is no code: it holds ~, # or "..".` },
        fix: { zh: '请写完整的编码，每行一个。', en: 'Write whole codes, one a row.' },
      }),
    )
    return undefined
  }
  const parts = foldWidth(cellOf(table, row, field)).split(/[ ,;]+/)
  if (parts.length > 1 && parts.every(part => WHOLE_CODE.test(part))) {
    log.faults.push(
      new Fault({
        code: 'IMP-018',
        at: placeOf(table, row, field),
        what: {
          zh: `一个单元格里有 ${parts.length} 个编码：${parts.join('、')}。`,
          en: `One cell holds ${parts.length} codes: ${parts.join(', ')}.`,
        },
        fix: { zh: '请拆成多行，每行一个编码。', en: 'Write them in rows of their own, one code a row.' },
      }),
    )
    return undefined
  }
  return name
}

/** The beginning that every code of every edition has: a rubric and its decimals. */
const WHOLE_CODE = /^(?:[A-Z]\d{2}|\d{2})\.[\dx]/

/** Reports codes beyond the dictionary and adds them to `local`; counts withdrawn ones. */
export function noteForeign(
  table: SourceTable,
  dictionary: Dictionary,
  codes: Iterable<Listed>,
  local: Map<string, DictionaryEntry>,
  log: ImportLog,
): void {
  const foreign = new Map<string, { row: HeaderRow; rows: number }>()
  const withdrawn = tally()
  for (const { code, row } of codes) {
    const id = dictionary.ids.get(code)
    if (id !== undefined) {
      if (dictionary.withdrawn.has(id)) withdrawn.add(row)
      continue
    }
    const seen = foreign.get(code)
    if (seen === undefined) foreign.set(code, { row, rows: 1 })
    else seen.rows++
  }
  for (const [code, { row, rows }] of foreign) {
    if (!local.has(code)) local.set(code, { code, name: cellOf(table, row, 'name') })
    const inside = codeInside(code, dictionary)
    addFinding(
      log,
      'warning',
      'IMP-103',
      { table, row, field: 'code', code },
      {
        zh: `不在字典 ${dictionary.id} 中（${rows} 行），作为本方案的编码保留${inside === undefined ? '' : `；是否应为 ${inside}？`}`,
        en: `not in the dictionary ${dictionary.id} (${rows} rows), kept as a code of this scheme${inside === undefined ? '' : `; did you mean ${inside}?`}`,
      },
    )
  }
  if (withdrawn.count > 0) {
    addFinding(
      log,
      'note',
      'IMP-113',
      { table, row: withdrawn.first!, field: 'code' },
      {
        zh: `${withdrawn.count} 行使用了后一版已停用的编码，首行如左`,
        en: `${withdrawn.count} rows use codes that a later edition withdrew, the first is this one`,
      },
    )
  }
}

/** A code of the dictionary that stands after other text in the cell (`常R83.300`). */
function codeInside(text: string, dictionary: Dictionary): string | undefined {
  for (let from = 1; from < text.length; from++) {
    const tail = text.slice(from)
    if (dictionary.ids.has(tail)) return tail
  }
  return undefined
}

/** How many rows, and the first of them. */
export interface Tally {
  count: number
  first: HeaderRow | undefined
  add(row: HeaderRow): void
}

/** A tally of none. */
export function tally(): Tally {
  return {
    count: 0,
    first: undefined,
    add(row: HeaderRow): void {
      this.first ??= row
      this.count++
    },
  }
}

/** Says how many duplicate rows were dropped. */
export function noteRepeated(table: SourceTable, repeated: Tally, log: ImportLog): void {
  if (repeated.count === 0) return
  addFinding(
    log,
    'note',
    'IMP-102',
    { table, row: repeated.first! },
    {
      zh: `去掉 ${repeated.count} 行重复，首行如左`,
      en: `${repeated.count} duplicate rows dropped, the first is this one`,
    },
  )
}

/** Says how many code cells held blanks inside or full-width forms. */
export function noteCleaned(table: SourceTable, log: ImportLog): void {
  const cleaned = tally()
  for (const row of table.rows) {
    if (codeCellOf(table, row, 'code') !== foldBlanks(rawCellOf(table, row, 'code'))) cleaned.add(row)
  }
  if (cleaned.count === 0) return
  addFinding(
    log,
    'note',
    'IMP-112',
    { table, row: cleaned.first!, field: 'code' },
    {
      zh: `${cleaned.count} 个编码含空格或全角字符，已去掉，首行如左`,
      en: `${cleaned.count} codes held blanks or full-width characters, which were removed; the first is this one`,
    },
  )
}
