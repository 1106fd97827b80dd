import { serialToDate } from 'hucre'
import type { FileRow } from './rows-of.ts'
import { CELL_TYPE, type CellTaker, scanSheetRows } from './sheet-kernel.ts'
import { decode, type SheetParts, textIn, withoutEscapes } from './sheet-parts.ts'
import { entryBytes } from './zip-entry.ts'

export type CellValue = string | number | boolean | Date | null

/**
 * The wanted cells of the rows of a sheet, as the library for spreadsheets gives them: memory holds one row. Rows without
 * any content are left out.
 *
 * @param wanted columns in the order in which cells are given
 */
export async function* sheetRows(
  parts: SheetParts,
  wanted: readonly number[],
  firstLine: number,
  textOf: (value: CellValue) => string,
): AsyncGenerator<FileRow> {
  const places = new Int32Array(Math.max(...wanted, 0) + 1).fill(-1)
  wanted.forEach((column, place) => {
    places[column] = place
  })
  const every = Int32Array.from({ length: 16_384 }, (_, column) => column)
  let rows: FileRow[] = []
  let cells: string[] = wanted.map(() => '')
  let holdsAny = false
  const put: CellTaker['cell'] = (place, type, style, bytes, from, to) => {
    const text = textOf(cellValue(parts, type, style, bytes, from, to))
    if (text === '') return
    if (place < cells.length) cells[place] = text
    holdsAny = true
  }
  let buffer: Buffer = Buffer.alloc(0)
  const taker: CellTaker = {
    cell: put,
    row(line, isMore, from, to) {
      // Whether cells that nobody asked for hold something is only looked at where all others are empty.
      if (!holdsAny && isMore)
        scanSheetRows(buffer, from, to, every, { cell: (_, ...rest) => put(cells.length, ...rest), row() {} }, 0)
      if (holdsAny && line >= firstLine) {
        rows.push({ line, cells })
        cells = wanted.map(() => '')
      } else cells.fill('')
      holdsAny = false
    },
  }
  let line = 0
  let tail = ''
  for await (const piece of entryBytes(parts.entry)) {
    buffer = buffer.length === 0 ? piece : Buffer.concat([buffer, piece])
    const end = buffer.lastIndexOf('</row>') + 6
    if (end > 5) {
      line = scanSheetRows(buffer, 0, end, places, taker, line)
      yield* rows
      rows = []
      buffer = buffer.subarray(end)
    }
    tail = buffer.subarray(-64).toString('latin1')
  }
  if (!tail.includes('</worksheet>')) throw new Error('the sheet has no end')
}

/** The value of a cell from its content, such as `<v>12</v>`. */
function cellValue(
  { shared, dates, is1904 }: SheetParts,
  type: number,
  style: number,
  bytes: Buffer,
  from: number,
  to: number,
): CellValue {
  if (type === CELL_TYPE.inline) return textIn(bytes.toString('utf8', from, to))
  const content = bytes.toString('utf8', from, to)
  const at = content.indexOf('<v')
  if (at < 0) return null
  const begin = content.indexOf('>', at) + 1
  const end = content.indexOf('</v>', begin)
  if (end < 0) return null
  const raw = content.slice(begin, end)
  switch (type) {
    case CELL_TYPE.shared:
      return shared[Number(raw)] ?? null
    case CELL_TYPE.formula:
      return withoutEscapes(decode(raw))
    case CELL_TYPE.boolean:
      return raw === '1' || raw.toLowerCase() === 'true'
    case CELL_TYPE.error:
      return decode(raw)
    default: {
      const number = raw === '' ? Number.NaN : Number(raw)
      if (Number.isNaN(number)) return decode(raw) || null
      return dates[style] === true ? serialToDate(number, is1904) : number
    }
  }
}
