import { UNIT_SEPARATOR } from './opcodes.ts'

const LF = 10
const VT = 11
const CR = 13
const SPACE = 32
const QUOTE = 34

export interface Unquoted {
  /** Bytes written to the output; its last byte is LF unless it is 0. */
  readonly length: number
  /** Position up to which the input is used up. */
  readonly used: number
}

export interface UnquoteOptions {
  readonly delimiter: number
  /** Width of the header. */
  readonly columns: number
  /** Whether the input ends the file: an unfinished row at the end is then complete. */
  readonly last: boolean
  /** Bytes after which an open quote is a stray one. */
  readonly longest: number
  /** Rows at most; default all. */
  readonly rows?: number
  /** Called for a line whose quotes cannot be right; `linesBefore` counts the lines of this call before it. */
  readonly bad: (from: number, to: number, linesBefore: number) => void
}

/** Whether a part holds a quote, or a byte that the quote stage gives a meaning of its own. */
export function needsUnquoting(bytes: Uint8Array, from: number, to: number): boolean {
  // A `Buffer` looks for a byte many times faster than an array does.
  const part = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
  return part.includes(QUOTE) || part.includes(UNIT_SEPARATOR) || part.includes(VT)
}

/** Bytes that mark separators and line breaks cannot stand for themselves. */
function plain(byte: number): number {
  return byte === UNIT_SEPARATOR || byte === VT ? SPACE : byte
}

/**
 * The quote stage: rewrites whole rows so that the scanner needs to know nothing of quotes. Cells are separated by
 * UNIT_SEPARATOR, a line break inside a cell becomes VT. A row that spans lines and does not have the header's width
 * is taken for a stray quote: its first line is reported as bad, and reading goes on with the next line.
 *
 * @param bytes whole lines from `from` to `to`
 * @param output at least as long as the input part plus 24
 */
export function unquote(
  bytes: Uint8Array,
  from: number,
  to: number,
  output: Uint8Array,
  options: UnquoteOptions,
): Unquoted {
  const { delimiter, columns, last, longest, rows = Number.POSITIVE_INFINITY, bad } = options
  let write = 0
  let p = from
  let lines = 0
  for (let row = 0; row < rows && p < to; row++) {
    // The scanner takes a CR without LF for the end of a row, and so for a line.
    let loneReturns = 0
    const rowStart = p
    const rowWrite = write
    let cells = 1
    let breaks = 0
    let firstBreak = -1
    let cellStart = true
    let quoted = false
    let complete = false
    // A text that goes on behind its closing quote: harmless in one line, the mark of a stray quote over several.
    let closed = false
    let malformed = false
    while (p < to) {
      const b = bytes[p]!
      if (quoted) {
        if (b === QUOTE) {
          if (bytes[p + 1] === QUOTE && p + 1 < to) {
            output[write++] = QUOTE
            p += 2
            continue
          }
          quoted = false
          closed = true
        } else if (b === LF) {
          if (firstBreak < 0) firstBreak = p + 1
          breaks++
          output[write++] = VT
        } else if (b !== CR) output[write++] = plain(b)
        p++
        if (p - rowStart > longest) break
        continue
      }
      if (closed && b !== delimiter && b !== LF && b !== CR) malformed = true
      closed = false
      if (b === QUOTE && cellStart) {
        quoted = true
        cellStart = false
      } else if (b === delimiter) {
        output[write++] = UNIT_SEPARATOR
        cells++
        cellStart = true
      } else if (b === LF) {
        output[write++] = LF
        p++
        complete = true
        break
      } else {
        if (b === CR && bytes[p + 1] !== LF) loneReturns++
        output[write++] = plain(b)
        cellStart = false
      }
      p++
    }
    if (!complete && !last && to - rowStart <= longest) return { length: rowWrite, used: rowStart }
    if (!complete && !quoted) output[write++] = LF
    const stray = quoted || (breaks > 0 && (cells !== columns || malformed))
    if (stray) {
      // A blank line in its place keeps the count of lines.
      write = rowWrite
      output[write++] = LF
      const end = firstBreak < 0 ? p : firstBreak
      bad(rowStart, end, lines)
      p = end
      lines++
    } else lines += breaks + loneReturns + 1
  }
  return { length: write, used: p }
}
