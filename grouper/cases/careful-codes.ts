import { type CodeTable, findCode } from '../codes/keyword.ts'
import { type PaddingTable, padCode } from '../codes/padding.ts'
import { type CaseBatch, MOST_CODES } from './batch.ts'
import { UNIT_SEPARATOR } from './opcodes.ts'
import { CODE_TOO_LONG, TOO_MANY_CODES } from './problem.ts'
import { repairCode } from './repair.ts'
import type { Scan } from './scan.ts'

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const COMMA = 44
const SEMICOLON = 59
const BAR = 124

/** Longest piece between separators that can still be a code with a slip in it. */
const LONGEST_PIECE = 64

// Classes of a byte in a column of codes.
const SEPARATOR = 1
const END = 2

/** Class of every byte in a column of codes, by delimiter of cells. */
function stopTable(delimiter: number): Uint8Array {
  const stops = new Uint8Array(256)
  for (const byte of [BAR, SEMICOLON, SPACE, COMMA]) stops[byte] = SEPARATOR
  for (const byte of [delimiter, LF, CR]) stops[byte] = END
  return stops
}

const STOPS_COMMA = stopTable(COMMA)
const STOPS_TAB = stopTable(TAB)
const STOPS_UNIT = stopTable(UNIT_SEPARATOR)

/** Class of every byte in a column of codes: 0 unless it ends a code. */
export function stopsFor(delimiter: number): Uint8Array {
  return delimiter === COMMA ? STOPS_COMMA : delimiter === TAB ? STOPS_TAB : STOPS_UNIT
}

/** Codes of one kind: where they are looked up and where they go. */
export interface CodeColumn {
  readonly isDx: boolean
  readonly table: CodeTable
  readonly padding: PaddingTable | undefined
  readonly oddCode: Scan['oddCode']
  codes: Uint16Array
  readonly starts: Uint32Array
  readonly unknown: Uint16Array
  readonly repaired: Uint16Array
  readonly padded: Uint16Array
  readonly lines: Uint32Array
  /** The first problem met in the row. */
  problem: number
}

export function codeColumn(scan: Scan, batch: CaseBatch, isDx: boolean): CodeColumn {
  return {
    isDx,
    table: isDx ? scan.dxTable : scan.pxTable,
    padding: isDx ? undefined : scan.pxPadding,
    oddCode: scan.oddCode,
    codes: isDx ? batch.dx : batch.px,
    starts: isDx ? batch.dxStart : batch.pxStart,
    unknown: isDx ? batch.unknownDx : batch.unknownPx,
    repaired: batch.repaired,
    padded: batch.padded,
    lines: batch.line,
    problem: 0,
  }
}

/** Reads a cell of codes at `from` and returns its end. A function of its own: its loop needs the registers. */
export function scanCodes(
  column: CodeColumn,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  stops: Uint8Array,
  row: number,
  principal: boolean,
): number {
  const { table, codes, starts, isDx } = column
  const first = starts[row]!
  let end = starts[row + 1]!
  let p = from
  let stop = stops[bytes[p]!]!
  let lost = false
  if (principal) {
    // The first slot is empty and others follow.
    if (stop === SEPARATOR && bytes[p] !== SPACE) {
      if (isDx) {
        while (stops[bytes[p]!] !== END) p++
        return p
      }
      codes[end++] = 0
    }
  } else if (end === first) {
    // Without a principal code the others must not move up.
    if (isDx) lost = true
    else if (stop !== END && bytes[p]! > CR) codes[end++] = 0
  }
  for (;;) {
    const piece = p
    while (stop === 0) stop = stops[bytes[++p]!]!
    if (p > piece) {
      let code = findCode(table, view, piece, p)
      if (code === 0) code = secondLook(column, bytes, piece, p, row)
      if (end - first >= MOST_CODES) {
        if (column.problem === 0) column.problem = TOO_MANY_CODES
      } else if (!lost) codes[end++] = code
    }
    if (stop === END) break
    stop = stops[bytes[++p]!]!
  }
  starts[row + 1] = end
  return p
}

/** A code that the dictionary does not have as written: found after repair, by its value as a number, or counted as unknown. */
function secondLook(column: CodeColumn, bytes: Uint8Array, from: number, to: number, row: number): number {
  if (to - from > LONGEST_PIECE) {
    if (column.problem === 0) column.problem = CODE_TOO_LONG
    return 0
  }
  const { isDx, padding, oddCode } = column
  let code = repairCode(column.table, bytes, from, to, isDx)
  let counts = column.repaired
  if (code === 0) {
    if (padding !== undefined) code = padCode(padding, bytes, from, to)
    counts = code > 0 ? column.padded : column.unknown
  }
  counts[row] = counts[row]! + 1
  return oddCode === undefined ? code : oddCode(code, isDx, bytes.subarray(from, to), column.lines[row]!)
}
