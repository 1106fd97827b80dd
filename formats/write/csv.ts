import iconv from 'iconv-lite'
import { csvCell, type Sink } from '../../files/index.ts'
import { cellText, type TableColumn } from './column.ts'
import type { TableOptions, TableWriter } from './table.ts'

/** Characters collected before they are encoded and written. */
const PIECE = 1 << 16

/**
 * CSV for spreadsheets: UTF-8 with or without BOM, or GB18030; CRLF, text that would run as a formula made harmless. GB18030 has
 * every character of Unicode, so nothing is lost in it.
 */
export function csvTable(sink: Sink, columns: readonly TableColumn[], options: TableOptions): TableWriter {
  const encode = options.encoding === 'gb18030' ? (text: string) => iconv.encode(text, 'gb18030') : Buffer.from
  let piece = (options.encoding ?? 'utf-8-bom') === 'utf-8-bom' ? '\ufeff' : ''
  const line = (cells: readonly string[]): void => {
    piece += `${cells.join(',')}\r\n`
    if (piece.length < PIECE) return
    sink.write(encode(piece))
    piece = ''
  }
  line(columns.map(({ key, title }) => csvCell(options.header === 'key' ? key : title[options.lang])))
  return {
    row: cells => line(columns.map((column, i) => csvCell(cellText(column, cells[i])))),
    finish() {
      sink.write(encode(piece))
      sink.finish()
    },
    abort: () => sink.abort(),
  }
}
