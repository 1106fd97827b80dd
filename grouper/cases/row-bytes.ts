import { csvCell } from '../../files/index.ts'
import type { CaseBatch } from './batch.ts'

/**
 * Rows of a result file: the id of a case, then pieces of text that many rows share. They are written by words of four
 * bytes, up to 64 bytes too many, which what comes next writes over.
 */
export interface RowBytes {
  bytes: Uint8Array
  view: DataView
  /** Bytes written. */
  length: number
}

/** Texts to be copied into rows many times, by number from 1; 0 is the empty text. */
export interface Pieces {
  count: number
  words: Int32Array
  /** First word and number of bytes, by number of the piece. */
  places: Int32Array
}

const HIGH_BITS = 0x80808080
/** More than any id takes besides its own bytes, quotes included, and the line number that stands for none. */
const MORE = 32
/** Longer ids and pieces are no plain ones. */
const LONGEST_ID = 32
const LONGEST_PIECE = 64
/** Rows whose ids are looked through at a time. */
const STEP = 1024

/** 1 for a first byte with which a formula may begin; full-width signs begin with 0xef. */
const FORMULA = new Uint8Array(256)
for (const byte of [61, 43, 45, 64, 0xef]) FORMULA[byte] = 1

const decoder = new TextDecoder()
const encoder = new TextEncoder()

export function createRowBytes(): RowBytes {
  const bytes = new Uint8Array(1 << 20)
  return { bytes, view: new DataView(bytes.buffer), length: 0 }
}

export function createPieces(): Pieces {
  return { count: 1, words: new Int32Array(1 << 12), places: new Int32Array(1 << 9) }
}

/** Adds a text and returns its number. */
export function addPiece(pieces: Pieces, text: string): number {
  const { count } = pieces
  const bytes = encoder.encode(text)
  const first = pieces.places[count * 2 - 2]! + ((pieces.places[count * 2 - 1]! + 3) >> 2)
  // Whole pieces are copied, whatever their length.
  pieces.words = atLeast(pieces.words, first + ((bytes.length + LONGEST_PIECE) >> 2) + 1)
  pieces.places = atLeast(pieces.places, count * 2 + 2)
  pieces.places[count * 2] = first
  pieces.places[count * 2 + 1] = bytes.length
  new Uint8Array(pieces.words.buffer).set(bytes, first * 4)
  pieces.count++
  return count
}

function atLeast(words: Int32Array, length: number): Int32Array {
  if (length <= words.length) return words
  const larger = new Int32Array(Math.max(length, words.length * 2))
  larger.set(words)
  return larger
}

/**
 * Writes the rows of a batch and returns their bytes, valid until the next call.
 *
 * @param picks numbers of the pieces that stand behind the id, `parts` of them a row
 */
export function writeRows(
  rows: RowBytes,
  batch: CaseBatch,
  pieces: Pieces,
  picks: Int32Array,
  parts: number,
): Uint8Array {
  const { count, idStart, idBytes } = batch
  const ids = new DataView(idBytes.buffer, idBytes.byteOffset, idBytes.byteLength)
  // Quotes may double an id.
  ensureBytes(rows, (idStart[count]! - idStart[0]!) * 2 + count * MORE + piecesBytes(pieces, picks, count * parts))
  rows.length = 0
  for (let row = 0; row < count; ) {
    const end = Math.min(count, row + STEP)
    const plain = !hasMarks(ids, idStart[row]!, idStart[end]!)
    while (row < end) {
      if (plain) row = plainRows(rows, ids, idStart, pieces, picks, parts, row, end)
      if (row < end) anyRow(rows, batch, pieces, picks, parts, row++)
    }
  }
  return rows.bytes.subarray(0, rows.length)
}

function ensureBytes(rows: RowBytes, more: number): void {
  const length = more + LONGEST_PIECE
  if (length <= rows.bytes.length) return
  rows.bytes = new Uint8Array(Math.max(length, rows.bytes.length * 2))
  rows.view = new DataView(rows.bytes.buffer)
}

function piecesBytes({ places }: Pieces, picks: Int32Array, count: number): number {
  let bytes = 0
  for (let k = 0; k < count; k++) bytes += places[picks[k]! * 2 + 1]!
  return bytes
}

/** Whether there is a control character, a quote or a comma among bytes. */
function hasMarks(view: DataView, from: number, to: number): boolean {
  let marks = 0
  let p = from
  for (; p + 4 <= to; p += 4) {
    const word = view.getInt32(p, true)
    const quotes = word ^ 0x22222222
    const commas = word ^ 0x2c2c2c2c
    marks |= ((word - 0x20202020) & ~word) | ((quotes - 0x01010101) & ~quotes) | ((commas - 0x01010101) & ~commas)
  }
  for (; p < to; p++) {
    const byte = view.getUint8(p)
    if (byte < 32 || byte === 34 || byte === 44) return true
  }
  return (marks & HIGH_BITS) !== 0
}

/**
 * Writes rows up to one that is not plain, which is returned: without an id, with a long one or one like a formula, or with
 * a long piece. One loop without calls and without loops in it: so the engine keeps what it knows of the arrays.
 */
function plainRows(
  rows: RowBytes,
  ids: DataView,
  idStart: Uint32Array,
  { words, places }: Pieces,
  picks: Int32Array,
  parts: number,
  from: number,
  to: number,
): number {
  const { view } = rows
  const room = ids.byteLength - LONGEST_ID
  const last = to * parts
  let at = rows.length
  let begin = at
  let row = from
  let idTo = idStart[from]!
  let part = 0
  for (let k = from * parts; k < last; k++) {
    const place = picks[k]! * 2
    const word = places[place]!
    const length = places[place + 1]!
    if (part === 0) {
      const idFrom = idTo
      idTo = idStart[row + 1]!
      begin = at
      if ((idTo - idFrom - 1) >>> 0 >= LONGEST_ID || idFrom > room || FORMULA[ids.getUint8(idFrom)] !== 0) break
      view.setInt32(at, ids.getInt32(idFrom, true), true)
      view.setInt32(at + 4, ids.getInt32(idFrom + 4, true), true)
      view.setInt32(at + 8, ids.getInt32(idFrom + 8, true), true)
      view.setInt32(at + 12, ids.getInt32(idFrom + 12, true), true)
      if (idTo - idFrom > 16) {
        view.setInt32(at + 16, ids.getInt32(idFrom + 16, true), true)
        view.setInt32(at + 20, ids.getInt32(idFrom + 20, true), true)
        view.setInt32(at + 24, ids.getInt32(idFrom + 24, true), true)
        view.setInt32(at + 28, ids.getInt32(idFrom + 28, true), true)
      }
      at += idTo - idFrom
    }
    view.setInt32(at, words[word]!, true)
    view.setInt32(at + 4, words[word + 1]!, true)
    view.setInt32(at + 8, words[word + 2]!, true)
    view.setInt32(at + 12, words[word + 3]!, true)
    if (length > 16) {
      view.setInt32(at + 16, words[word + 4]!, true)
      view.setInt32(at + 20, words[word + 5]!, true)
      view.setInt32(at + 24, words[word + 6]!, true)
      view.setInt32(at + 28, words[word + 7]!, true)
      if (length > 32) {
        if (length > LONGEST_PIECE) break
        view.setInt32(at + 32, words[word + 8]!, true)
        view.setInt32(at + 36, words[word + 9]!, true)
        view.setInt32(at + 40, words[word + 10]!, true)
        view.setInt32(at + 44, words[word + 11]!, true)
        view.setInt32(at + 48, words[word + 12]!, true)
        view.setInt32(at + 52, words[word + 13]!, true)
        view.setInt32(at + 56, words[word + 14]!, true)
        view.setInt32(at + 60, words[word + 15]!, true)
      }
    }
    at += length
    part++
    if (part === parts) {
      part = 0
      row++
      begin = at
    }
  }
  rows.length = begin
  return row
}

/** Writes any row. */
function anyRow(
  rows: RowBytes,
  batch: CaseBatch,
  { words, places }: Pieces,
  picks: Int32Array,
  parts: number,
  row: number,
): void {
  const { bytes } = rows
  const texts = new Uint8Array(words.buffer)
  let at = rows.length + encoder.encodeInto(csvCell(idText(batch, row)), bytes.subarray(rows.length)).written
  for (let k = row * parts; k < (row + 1) * parts; k++) {
    const place = picks[k]! * 2
    const first = places[place]! * 4
    bytes.set(texts.subarray(first, first + places[place + 1]!), at)
    at += places[place + 1]!
  }
  rows.length = at
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
