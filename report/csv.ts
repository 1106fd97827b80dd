import { csvCell } from '../files/index.ts'

/**
 * A CSV file for spreadsheets: UTF-8 with BOM and CRLF, formulas made harmless. Money, weights and points are passed
 * as decimal texts; undefined is an empty cell.
 */
export function csvExport(header: readonly string[], rows: Iterable<readonly (string | number | undefined)[]>): string {
  const lines = [header.map(csvCell).join(',')]
  for (const row of rows) {
    lines.push(row.map(cell).join(','))
    if (row.length !== header.length) {
      throw new RangeError(`row ${lines.length - 1} has ${row.length} cells, the header has ${header.length}`)
    }
  }
  return `\ufeff${lines.join('\r\n')}\r\n`
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`not a number for a cell: ${value}`)
  return csvCell(value)
}
