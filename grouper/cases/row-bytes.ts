import { csvCell } from '../../files/index.ts'
import type { CaseBatch } from './batch.ts'

/** Bytes of result rows under way. They are written by words of four bytes: up to three too many, which the next ones write over. */
export interface RowBytes {
  bytes: Uint8Array
  view: DataView
}

const HIGH_BITS = 0x80808080
/** More than any id takes besides its own bytes, quotes included, and the line number that stands for none. */
const MORE = 32

const decoder = new TextDecoder()
const encoder = new TextEncoder()

export function createRowBytes(): RowBytes {
  const bytes = new Uint8Array(1 << 20)
  return { bytes, view: new DataView(bytes.buffer) }
}

/** Bytes to be copied into rows many times. */
export function piece(text: string): DataView {
  const bytes = encoder.encode(text)
  const padded = new Uint8Array(bytes.length + 3)
  padded.set(bytes)
  return new DataView(padded.buffer)
}

/** Makes room behind `at` for the id of a row and `more` bytes. */
export function ensureBytes(rows: RowBytes, at: number, { idStart }: CaseBatch, row: number, more: number): void {
  // Quotes may double the id.
  const end = at + (idStart[row + 1]! - idStart[row]!) * 2 + MORE + more
  if (end <= rows.bytes.length) return
  const larger = new Uint8Array(Math.max(end, rows.bytes.length * 2))
  larger.set(rows.bytes.subarray(0, at))
  rows.bytes = larger
  rows.view = new DataView(larger.buffer)
}

/** Writes a piece and returns its end. */
export function putPiece({ view }: RowBytes, at: number, text: DataView): number {
  const length = text.byteLength - 3
  for (let k = 0; k < length; k += 4) view.setInt32(at + k, text.getInt32(k, true), true)
  return at + length
}

/** The id bytes of a batch as `putId` reads them. */
export function idView({ idBytes }: CaseBatch): DataView {
  return new DataView(idBytes.buffer, idBytes.byteOffset, idBytes.byteLength)
}

/** Writes the id of a row, or its line number where the file has no ids, and returns the end. */
export function putId(rows: RowBytes, at: number, batch: CaseBatch, ids: DataView, row: number): number {
  const from = batch.idStart[row]!
  const length = batch.idStart[row + 1]! - from
  if (length === 0 || from + length + 3 > ids.byteLength) return putText(rows, at, batch, row)
  let marks = 0
  for (let k = 0; k < length; k += 4) {
    const word = ids.getInt32(from + k, true)
    marks |= marksOf(word, length - k)
    rows.view.setInt32(at + k, word, true)
  }
  const first = ids.getUint8(from)
  // What begins like a formula; full-width signs begin with 0xef.
  const formula = first === 61 || first === 43 || first === 45 || first === 64 || first === 0xef
  return marks !== 0 || formula ? putText(rows, at, batch, row) : at + length
}

/** Not 0 where one of the first `length` bytes of a word is a control character, a quote or a comma. */
function marksOf(word: number, length: number): number {
  // Letters stand for what is behind the text.
  const own = length >= 4 ? word : (word & ((1 << (length * 8)) - 1)) | (0x61616161 << (length * 8))
  const quotes = own ^ 0x22222222
  const commas = own ^ 0x2c2c2c2c
  const low = (own - 0x20202020) & ~own
  return (low | ((quotes - 0x01010101) & ~quotes) | ((commas - 0x01010101) & ~commas)) & HIGH_BITS
}

function putText({ bytes }: RowBytes, at: number, batch: CaseBatch, row: number): number {
  return at + encoder.encodeInto(csvCell(idText(batch, row)), bytes.subarray(at)).written
}

/** The id of a row as text; the line number where the file has no ids. */
export function idText(batch: CaseBatch, row: number): string {
  const from = batch.idStart[row]!
  const to = batch.idStart[row + 1]!
  if (from === to) return String(batch.line[row])
  let text = ''
  for (let k = from; k < to; k++) {
    const byte = batch.idBytes[k]!
    if (byte > 127) return decoder.decode(batch.idBytes.subarray(from, to))
    text += String.fromCharCode(byte)
  }
  return text
}
