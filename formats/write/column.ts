import type { Text } from '../../messages/index.ts'
import { formatFen } from '../../numbers/index.ts'

/** What the cells of a column are: text also for ids and codes, which a spreadsheet must not take for numbers. */
export type ColumnKind = 'text' | 'integer' | 'money' | 'decimal' | 'date' | 'datetime'

/** A column of a table to be written. */
export interface TableColumn {
  /** Name for programs: header of Parquet and JSON Lines. */
  readonly key: string
  /** Header for people. */
  readonly title: Text
  readonly kind: ColumnKind
  /** Decimals of a `decimal` column; default 4. */
  readonly digits?: number
}

/**
 * One cell. text: a string. integer: a number. money: whole fen. decimal: a decimal text, no longer than the column's
 * digits. date, datetime: `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM[:SS]`, local time. null and undefined: an empty cell.
 */
export type Cell = string | number | null | undefined

const DIGITS = 4

export function digitsOf(column: TableColumn): number {
  return column.digits ?? DIGITS
}

/** The cell as text, as CSV and JSON Lines have it; '' where it is empty. A value of another kind is a broken call. */
export function cellText(column: TableColumn, cell: Cell): string {
  if (cell === null || cell === undefined || cell === '') return ''
  switch (column.kind) {
    case 'text':
      return String(cell)
    case 'integer':
      if (typeof cell !== 'number' || !Number.isSafeInteger(cell)) throw wrongCell(column, 'an integer')
      return String(cell)
    case 'money':
      if (typeof cell !== 'number') throw wrongCell(column, 'whole fen')
      return formatFen(cell)
    case 'decimal':
      return fixed(column, String(cell))
    case 'date':
      if (!/^\d{4}-\d{2}-\d{2}$/.test(String(cell))) throw wrongCell(column, 'YYYY-MM-DD')
      return String(cell)
    case 'datetime':
      if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(String(cell))) throw wrongCell(column, 'YYYY-MM-DDTHH:MM')
      return String(cell)
  }
}

/** A decimal text with exactly the column's digits; it is never rounded here. */
function fixed(column: TableColumn, text: string): string {
  const parts = /^(-?\d+)(?:\.(\d+))?$/.exec(text)
  const digits = digitsOf(column)
  if (parts === null) throw wrongCell(column, 'a plain decimal')
  const fraction = (parts[2] ?? '').replace(/0+$/, '')
  if (fraction.length > digits) throw wrongCell(column, `at most ${digits} decimals`)
  return digits === 0 ? parts[1]! : `${parts[1]}.${fraction.padEnd(digits, '0')}`
}

function wrongCell(column: TableColumn, due: string): RangeError {
  return new RangeError(`column ${column.key} (${column.kind}) needs ${due}`)
}

/** Whole days from 1970-01-01 to a date `YYYY-MM-DD…`. */
export function epochDays(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / 86_400_000
}

/** Seconds of the day of a `YYYY-MM-DDTHH:MM[:SS]`. */
export function daySeconds(datetime: string): number {
  const [hours, minutes, seconds] = [11, 14, 17].map(at => Number(datetime.slice(at, at + 2) || '0'))
  return hours! * 3600 + minutes! * 60 + seconds!
}
