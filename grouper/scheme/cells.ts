import type { CellKind } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import type { Dictionary } from '../codes/dictionary.ts'
import { type HeaderRow, TABLE_NAMES, titlesOf } from './columns.ts'
import type { ImportLog } from './log.ts'
import { placeOf, rawCellOf, type SourceTable, type SourceTables } from './tables.ts'

/** Columns whose cells are codes or ids: a spreadsheet that keeps them as numbers has lost their zeros. */
const CODE_FIELDS: ReadonlySet<string> = new Set(['code', 'set', 'adrg', 'mdc', 'table'])

const KIND_TEXT: Record<CellKind, Text> = {
  number: { zh: '数字', en: 'the number' },
  date: { zh: '日期', en: 'the date' },
  boolean: { zh: '逻辑值', en: 'the logical value' },
  error: { zh: '公式错误', en: 'the formula error' },
}

/**
 * Faults for tables without rows and for cells that a spreadsheet keeps as something other than text, one a column and
 * kind; `procedures` serves to guess the code that a number was.
 */
export function checkCells(tables: SourceTables, procedures: Dictionary, log: ImportLog): void {
  for (const name of TABLE_NAMES) {
    const table = tables[name]
    if (table.rows.length === 0 && name !== 'CC' && name !== '排除表') log.faults.push(withoutRows(table))
    for (const field of titlesOf(name).keys()) checkColumn(table, field, procedures, log)
  }
}

function checkColumn(table: SourceTable, field: string, procedures: Dictionary, log: ImportLog): void {
  const index = table.header.at.get(field)
  if (index === undefined) return
  const seen = new Map<CellKind, { row: HeaderRow; rows: number }>()
  for (const row of table.rows) {
    const kind = row.kinds?.get(index)
    if (kind === undefined || !isWrong(kind, field)) continue
    const before = seen.get(kind)
    if (before === undefined) seen.set(kind, { row, rows: 1 })
    else before.rows++
  }
  for (const [kind, { row, rows }] of seen) log.faults.push(notText(table, row, field, kind, rows, procedures))
}

/** A rule may be the number 1 or 0, an order is one, a name may look like one; an error is wrong everywhere. */
function isWrong(kind: CellKind, field: string): boolean {
  if (kind === 'error') return true
  if (kind === 'number') return CODE_FIELDS.has(field)
  return CODE_FIELDS.has(field) || field === 'rule'
}

function notText(
  table: SourceTable,
  row: HeaderRow,
  field: string,
  kind: CellKind,
  rows: number,
  procedures: Dictionary,
): Fault {
  const cell = rawCellOf(table, row, field)
  const meant = kind === 'number' && field === 'code' ? codeOfNumber(Number(cell), procedures) : undefined
  const more: Text =
    rows === 1 ? { zh: '', en: '' } : { zh: `（该列共 ${rows} 处）`, en: ` (${rows} cells of this column)` }
  return new Fault({
    code: 'IMP-017',
    at: placeOf(table, row, field),
    what: {
      zh: `单元格是${KIND_TEXT[kind].zh} ${cell}，不是文本${more.zh}。`,
      en: `The cell holds ${KIND_TEXT[kind].en} ${cell}, not text${more.en}.`,
    },
    fix:
      kind === 'error'
        ? { zh: '请改正公式，或填写文本。', en: 'Correct the formula or write the text.' }
        : {
            zh: `${meant === undefined ? '' : `是否应为 ${meant}？`}请将该列设为“文本”格式，按原发布的编码重新填写，保留首尾的零。`,
            en: `${meant === undefined ? '' : `Did you mean ${meant}? `}Format the column as text and write the codes again as published, zeros included.`,
          },
  })
}

/** The one procedure code that has this value as a number. */
function codeOfNumber(value: number, procedures: Dictionary): string | undefined {
  const same = procedures.codes.filter(code => /^\d+\.\d+$/.test(code) && Number(code) === value)
  return same.length === 1 ? same[0] : undefined
}

function withoutRows(table: SourceTable): Fault {
  const { file, sheet, header } = table
  return new Fault({
    code: 'IMP-016',
    at: { file, ...(sheet === undefined ? {} : { sheet }), line: header.line },
    what: { zh: `${table.table} 表只有表头，没有数据行。`, en: `The table ${table.table} has a header and no rows.` },
    fix: {
      zh: '请核对文件是否完整，筛选或隐藏的行是否未复制。',
      en: 'Check that the file is whole and that filtered or hidden rows were copied too.',
    },
  })
}
