import { readSync } from 'node:fs'
import { CODE_PADDING } from '../codes/keyword.ts'

const LF = 10
/** Bytes read at a time behind a chunk, to find the end of its last row. */
const STEP = 1 << 16

/** The rows that begin in a range of bytes of a file. */
export interface Chunk {
  readonly bytes: Uint8Array
  /** The rows in `bytes`; the last byte before `to` is LF, and 32 bytes beyond are readable. */
  readonly from: number
  readonly to: number
  /** Position in the file of `bytes[0]`. */
  readonly position: number
  /** Whether the last row was read to its end. */
  readonly whole: boolean
}

/** Where rows are to be read from, as byte positions of a file. */
export interface Range {
  readonly from: number
  readonly to: number
}

/**
 * Reads the rows whose first byte lies in a range, whole, unless the last one goes on for more than
 * `longest` bytes behind it. `from` is at least 1: a row begins at `from` if the byte before it is LF.
 *
 * @param space memory that may be used again, if it is large enough
 */
export function readChunk(descriptor: number, range: Range, longest: number, space?: Uint8Array): Chunk {
  const position = range.from - 1
  const inside = range.to - position
  let bytes = space !== undefined && space.length >= roomFor(inside) ? space : new Uint8Array(roomFor(inside))
  let length = fill(descriptor, bytes, 0, inside, position)
  if (length < inside) throw new RangeError('the file has become shorter')
  const from = indexOf(bytes, LF, 0, length) + 1
  if (from === 0 || from === length) return { bytes, from: length, to: length, position, whole: true }
  while (bytes[length - 1] !== LF) {
    if (length - inside > longest) return { bytes, from, to: length, position, whole: false }
    if (roomFor(length) > bytes.length) {
      const larger = new Uint8Array(bytes.length + STEP * 16)
      larger.set(bytes.subarray(0, length))
      bytes = larger
    }
    const got = fill(descriptor, bytes, length, STEP, position + length)
    const end = indexOf(bytes, LF, length, length + got)
    if (end >= 0) length = end + 1
    else {
      length += got
      if (got === 0) bytes[length++] = LF
    }
  }
  return { bytes, from, to: length, position, whole: true }
}

/** The row that begins at a position, without its line break. */
export function readRow(descriptor: number, position: number): Uint8Array {
  let bytes = new Uint8Array(STEP)
  for (let length = 0; ; ) {
    const got = readSync(descriptor, bytes, length, bytes.length - length, position + length)
    const end = indexOf(bytes, LF, length, length + got)
    length += got
    if (end >= 0 || got === 0) {
      const row = bytes.subarray(0, end < 0 ? length : end)
      return row.at(-1) === 13 ? row.subarray(0, -1) : row
    }
    if (length < bytes.length) continue
    const larger = new Uint8Array(bytes.length * 2)
    larger.set(bytes)
    bytes = larger
  }
}

function roomFor(length: number): number {
  return length + STEP + CODE_PADDING + 1
}

/** Reads `size` bytes, or up to the end of the file, and returns their number. */
function fill(descriptor: number, bytes: Uint8Array, at: number, size: number, position: number): number {
  let done = 0
  while (done < size) {
    const got = readSync(descriptor, bytes, at + done, size - done, position + done)
    if (got === 0) break
    done += got
  }
  return done
}

/** A `Buffer` looks for a byte many times faster than an array does. */
function indexOf(bytes: Uint8Array, byte: number, from: number, to: number): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).indexOf(byte)
  return at < 0 ? -1 : at + from
}
