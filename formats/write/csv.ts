import { csvCell, encodedSink, type Sink } from '../../files/index.ts'
import { cellText, type TableColumn } from './column.ts'
import type { TableOptions, TableWriter } from './table.ts'

/** CSV for spreadsheets: UTF-8 with or without BOM, or GB18030; CRLF, text that would run as a formula made harmless. */
export function csvTable(sink: Sink, columns: readonly TableColumn[], options: TableOptions): TableWriter {
  const out = encodedSink(sink, options.encoding ?? 'utf-8-bom')
  const line = (cells: readonly string[]): void => out.write(`${cells.join(',')}\r\n`)
  line(columns.map(({ key, title }) => csvCell(options.header === 'key' ? key : title[options.lang])))
  return {
    row: cells => line(columns.map((column, i) => csvCell(cellText(column, cells[i])))),
    finish: () => out.finish(),
    abort: () => out.abort(),
  }
}
