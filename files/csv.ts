import type { TextEncoding } from './encoded-sink.ts'
import { fileSink, writeInto } from './sink.ts'

/** A cell for a CSV file: quoted where needed, and a text that a spreadsheet would run as a formula is made harmless. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) && !/^-(\d+(\.\d+)?)?$/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One row of a CSV file with its LF. */
export function csvRow(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\n`
}

/** A CSV text with LF endings. */
export function csvText(header: readonly string[], rows: Iterable<readonly (string | number)[]>): string {
  const lines = [csvRow(header)]
  for (const row of rows) lines.push(csvRow(row))
  return lines.join('')
}

/** Writes a CSV file row by row: of a table of a million rows no text is made as a whole. */
export function writeCsv(
  file: string,
  header: readonly string[],
  rows: Iterable<readonly (string | number)[]>,
  encoding?: TextEncoding,
): void {
  writeInto(fileSink(file, encoding), sink => {
    sink.write(csvRow(header))
    for (const row of rows) sink.write(csvRow(row))
  })
}
