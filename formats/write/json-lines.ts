import type { Sink } from '../../files/index.ts'
import { cellText, type TableColumn } from './column.ts'
import type { TableWriter } from './table.ts'

const PIECE = 1 << 16

/** One JSON object a line, keyed by column; integers as numbers, money and decimals as exact texts, null where empty. */
export function jsonLinesTable(sink: Sink, columns: readonly TableColumn[]): TableWriter {
  const keys = columns.map(({ key }) => `${JSON.stringify(key)}:`)
  let piece = ''
  return {
    row(cells) {
      const fields = columns.map((column, i) => {
        const text = cellText(column, cells[i])
        const value = text === '' ? 'null' : column.kind === 'integer' ? text : JSON.stringify(text)
        return keys[i]! + value
      })
      piece += `{${fields.join(',')}}\n`
      if (piece.length < PIECE) return
      sink.write(piece)
      piece = ''
    },
    finish() {
      sink.write(piece)
      sink.finish()
    },
    abort: () => sink.abort(),
  }
}
