/** The first rows of a table, as texts. */
export interface TableSample {
  /** Position of the sheet, and its name; '' where there are none. */
  readonly sheet: number
  readonly name: string
  readonly rows: readonly SampleRow[]
}

export interface SampleRow {
  /** Line of the file, or row of the sheet. */
  readonly line: number
  readonly cells: readonly string[]
  /** Where the next row begins: characters of the text of CSV, 0 for other files. */
  readonly end: number
}

/** Rows of a sample. */
export const SAMPLE_ROWS = 200

/** The character between cells of a text: that which its first line has most. */
export function delimiterOf(text: string): ',' | ';' | '\t' {
  const line = text.slice(0, Math.max(text.indexOf('\n'), 0) || text.length).replace(/"[^"]*"/g, '')
  const counted = ([',', '\t', ';'] as const).map(mark => [mark, line.split(mark).length] as const)
  return counted.reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}

/** The first rows of a CSV text; quotes doubled, any line ending; a quote that is never closed ends its line. */
export function sampleRows(text: string, delimiter: string, most: number): SampleRow[] {
  const rows: SampleRow[] = []
  let at = text.startsWith('\ufeff') ? 1 : 0
  let line = 1
  while (at < text.length && rows.length < most) {
    const cells: string[] = []
    const began = line
    for (;;) {
      const quoted = text[at] === '"' ? /"((?:[^"]|"")*)"/y : undefined
      if (quoted !== undefined) quoted.lastIndex = at
      const match = quoted?.exec(text)
      if (match) {
        cells.push(match[1]!.replaceAll('""', '"'))
        line += match[0].split('\n').length - 1
        at += match[0].length
      }
      const stop = nextStop(text, at, delimiter)
      if (match === undefined || match === null) cells.push(text.slice(at, stop).replace(/\r$/, ''))
      at = stop + 1
      if (text[stop] !== delimiter) break
    }
    line++
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: began, cells, end: Math.min(at, text.length) })
  }
  return rows
}

function nextStop(text: string, from: number, delimiter: string): number {
  const line = text.indexOf('\n', from)
  const cell = text.indexOf(delimiter, from)
  const end = line < 0 ? text.length : line
  return cell < 0 || cell > end ? end : cell
}

/** A text with its content hidden: letters A, digits 9, Chinese characters 汉; it can be shown to anybody. */
export function shapeOf(text: string): string {
  const shape = text
    .replace(/\d/g, '9')
    .replace(/[A-Za-z]/g, 'A')
    .replace(/[^\p{ASCII}]/gu, '汉')
  return shape.length > 16 ? `${shape.slice(0, 15)}…` : shape
}
