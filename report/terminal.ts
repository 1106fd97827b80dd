import { styleText } from 'node:util'
import { columns, fit, pad } from './columns.ts'
import { checkGrid, type Grid } from './grid.ts'

export interface TerminalOptions {
  /** Bold header and dim rule; default false. */
  readonly color?: boolean
  /** Largest width in columns; default unlimited. Text columns are cut to meet it, numbers never. */
  readonly width?: number
}

/** What of a stream decides how it is written to. */
export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  hasColors?(): boolean
}

/** Colour and width on a terminal, neither in a file or a pipe; `NO_COLOR` is heeded by `hasColors`. */
export function terminalOptions(stream: Terminal): TerminalOptions {
  if (stream.isTTY !== true) return {}
  const color = stream.hasColors?.() ?? false
  return stream.columns === undefined ? { color } : { color, width: stream.columns }
}

const GAP = '  '
const NARROWEST = 6

// Names come from files: an escape sequence or a change of direction in one must not reach the terminal.
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu

/** The text on one line, without control characters. */
export function plainLine(text: string): string {
  return text.replace(UNSAFE, ' ')
}

/** A table for the terminal, lines ending in LF: header, rule, rows. CJK characters count as two columns. */
export function terminalTable(grid: Grid, options: TerminalOptions = {}): string {
  checkGrid(grid)
  const header = grid.columns.map(column => plainLine(column.title))
  const rows = grid.rows.map(row => row.map(plainLine))
  const natural = header.map((title, c) => rows.reduce((most, row) => Math.max(most, columns(row[c]!)), columns(title)))
  const numeric = grid.columns.map(column => column.align === 'right')
  const widths = options.width === undefined ? natural : narrowed(natural, numeric, options.width)

  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, c) => pad(numeric[c] ? cell : fit(cell, widths[c]!), widths[c]!, numeric[c] ? 'right' : 'left'))
      .join(GAP)
      .trimEnd()
  const style = (format: 'bold' | 'dim', text: string): string =>
    options.color === true ? styleText(format, text, { validateStream: false }) : text
  const rule = widths.map(width => '─'.repeat(width)).join(GAP)
  return `${[style('bold', line(header)), style('dim', rule), ...rows.map(line)].join('\n')}\n`
}

/** Takes columns away from the widest text column, one by one, until the table fits or every text column is narrow. */
function narrowed(natural: readonly number[], numeric: readonly boolean[], width: number): number[] {
  const widths = [...natural]
  let excess = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1) - width
  while (excess > 0) {
    let widest = -1
    for (const [c, each] of widths.entries()) {
      if (!numeric[c] && each > NARROWEST && each > (widths[widest] ?? 0)) widest = c
    }
    if (widest < 0) break
    widths[widest]! -= 1
    excess -= 1
  }
  return widths
}
