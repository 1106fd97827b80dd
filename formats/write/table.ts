import { fileSink, type Sink, type TextEncoding } from '../../files/index.ts'
import type { Lang } from '../../messages/index.ts'
import type { Cell, TableColumn } from './column.ts'
import { csvTable } from './csv.ts'
import { jsonLinesTable } from './json-lines.ts'
import { parquetTable } from './parquet.ts'
import { xlsxTable } from './xlsx.ts'

/** Forms in which tables are written. */
export type TableFormat = 'csv' | 'xlsx' | 'parquet' | 'jsonl'

export const TABLE_FORMATS: readonly TableFormat[] = ['csv', 'xlsx', 'parquet', 'jsonl']

export interface TableOptions {
  readonly format: TableFormat
  /** Language of headers and notes. */
  readonly lang: Lang
  /** Headers of CSV and XLSX: for people (default) or the keys; the other forms always have the keys. */
  readonly header?: 'title' | 'key'
  /** Encoding of CSV; default UTF-8 with BOM. */
  readonly encoding?: TextEncoding
  /** XLSX: name of the sheet (default by language), or the sheet of each row, such as its month. */
  readonly sheet?: string | ((row: readonly Cell[]) => string)
  /** XLSX: rows of a sheet, its header included, before a further one follows; default 1,048,576, the most there can be. */
  readonly rowsPerSheet?: number
  /**
   * What identifies the run (scheme, hash, version …), as pairs of name and value: a sheet of its own in XLSX, metadata
   * in Parquet; CSV and JSON Lines have no place for it. It must hold no time: the same input gives the same bytes.
   */
  readonly notes?: readonly (readonly [string, string])[]
}

/** A table being written: aside, and in its place only once it is whole. Memory does not hold the rows. */
export interface TableWriter {
  /** One row, as many cells as there are columns. */
  row(cells: readonly Cell[]): void
  finish(): void
  /** Leaves no trace. */
  abort(): void
}

/** Opens a table for writing, in a file or where else a sink leads. */
export function openTable(target: string | Sink, columns: readonly TableColumn[], options: TableOptions): TableWriter {
  const [sink, file] = typeof target === 'string' ? [fileSink(target), target] : [target, undefined]
  const write = { csv: csvTable, xlsx: xlsxTable, parquet: parquetTable, jsonl: jsonLinesTable }[options.format]
  const writer = write(sink, columns, options, file)
  return {
    ...writer,
    row(cells) {
      if (cells.length !== columns.length) {
        throw new RangeError(`a row has ${cells.length} cells, the table has ${columns.length} columns`)
      }
      writer.row(cells)
    },
  }
}

/** Writes a whole table at once. */
export function writeTable(
  file: string,
  columns: readonly TableColumn[],
  rows: Iterable<readonly Cell[]>,
  options: TableOptions,
): void {
  const table = openTable(file, columns, options)
  try {
    for (const row of rows) table.row(row)
    table.finish()
  } catch (error) {
    table.abort()
    throw error
  }
}

/** The format that a file name asks for by its ending; undefined where it asks for none. */
export function formatOfName(file: string): TableFormat | undefined {
  const ending = file.slice(file.lastIndexOf('.') + 1).toLowerCase()
  return TABLE_FORMATS.find(format => format === ending)
}
