import { columnLetters } from '../../files/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import type { HeaderRow } from '../scheme/columns.ts'
import type { ImportLog } from '../scheme/log.ts'
import { cellOf, placeOf } from '../scheme/tables.ts'
import type { Aliases, DipColumn } from './aliases.ts'
import type { DipTable } from './source.ts'
import type { Dialect, TagRow } from './types.ts'

/** What rows are read with. */
export interface RowContext {
  readonly aliases: Aliases
  readonly dialect: Dialect
  /** Names of groups by code, for tables without them. */
  readonly names: Readonly<Record<string, string>>
  readonly intervention: 3 | 4
  /** Where marks go that rows of groups give by their type. */
  readonly tags: TagRow[]
  readonly log: ImportLog
}

/** A row under reading. */
export interface RowReader extends RowContext {
  readonly table: DipTable
  readonly row: HeaderRow
}

/** The fault for a cell that cannot be read. */
export function badCell(reader: RowReader, column: DipColumn, fix: Text, part?: string): Fault {
  const { table, row } = reader
  const found = part ?? cellOf(table, row, column)
  return new Fault({
    code: 'DIP-014',
    at: placeOf(table, row, column),
    what:
      found === ''
        ? { zh: '单元格为空，或其中有空的一项。', en: 'The cell is empty, or a part of it is.' }
        : { zh: `无法读取“${found}”。`, en: `"${found}" cannot be read.` },
    fix,
  })
}

/** Whether the cell of a row is a number or date of the workbook. */
export function isNumber({ table, row }: RowReader, column: DipColumn): boolean {
  const index = table.header.at.get(column)
  return index !== undefined && row.kinds?.has(index) === true
}

/** The fault for a cell of codes that is a number. */
export function notText(reader: RowReader, column: DipColumn): Fault {
  const { table, row } = reader
  return new Fault({
    code: 'DIP-015',
    at: placeOf(table, row, column),
    what: {
      zh: `单元格是数字或日期 ${cellOf(table, row, column)}，不是文本，编码的零已丢失。`,
      en: `The cell holds the number or date ${cellOf(table, row, column)}, not text: zeros of the code are lost.`,
    },
    fix: {
      zh: `请把 ${columnLetters(table.header.at.get(column) ?? 0)} 列设为“文本”格式，按原发布的编码重新填写。`,
      en: `Format column ${columnLetters(table.header.at.get(column) ?? 0)} as text and write the codes again as published.`,
    },
  })
}
