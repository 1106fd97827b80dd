import { closeSync, readSync } from 'node:fs'
import { fillHead, openFile, TextBuffer } from '../../grouper/index.ts'

/** A JSON value of a file as text, with the line on which it begins. */
export interface JsonValue {
  readonly line: number
  readonly text: string
  /** Whether the file ends within it. */
  readonly isCut: boolean
  /** Bytes of the file read so far. */
  readonly position: number
}

const BLOCK = 4 << 20
/** A message may be as long as this; more is a file that is not what it seems. */
const LONGEST = 256 << 20
const LF = 10
const QUOTE = 34
const COMMA = 44
const SLASH = 47
const BACKSLASH = 92
const OPEN_LIST = 91
const CLOSE_LIST = 93
const OPEN = 123
const CLOSE = 125

/**
 * The values of a JSON file one after another, without holding the file: of an array its items, of JSON Lines the lines,
 * of texts one behind another each. What stands between values (commas, comments, blanks) is passed over.
 */
export function* jsonValues(file: string, encoding: 'utf-8' | 'gb18030'): Generator<JsonValue> {
  const descriptor = openFile(file)
  try {
    const text = new TextBuffer()
    let position = fillHead(descriptor, text, BLOCK)
    if (encoding === 'gb18030') text.transcode()
    const decoder = new TextDecoder()
    let line = 1
    /** JSON Lines: every value ends with its line, also one that was cut. */
    let lines = hasLines(text.bytes, text.length) ? true : undefined
    let ended = false
    for (;;) {
      let p = 0
      for (;;) {
        const found = nextValue(text.bytes, p, text.length, lines === true)
        for (let i = p; i < found.from; i++) if (text.bytes[i] === LF) line++
        p = found.from
        if (found.to < 0) break
        yield { line, text: decoder.decode(text.bytes.subarray(found.from, found.to)), isCut: false, position }
        for (let i = found.from; i < found.to; i++) if (text.bytes[i] === LF) line++
        lines ??= !text.bytes.subarray(found.from, found.to).includes(LF)
        p = found.to
      }
      text.drop(p)
      if (ended || text.length > LONGEST) break
      const got = readSync(descriptor, text.room(BLOCK), 0, BLOCK, position)
      position += got
      ended = got === 0
      text.take(got, ended)
    }
    if (text.length > 0 && decoder.decode(text.bytes.subarray(0, text.length)).trim() !== '') {
      yield { line, text: '', isCut: true, position }
    }
  } finally {
    closeSync(descriptor)
  }
}

/** Whether the first two lines begin with a value each: then no value goes on behind its line. */
function hasLines(bytes: Uint8Array, length: number): boolean {
  const at = lineEndOf(bytes, 0, length)
  const [first, second] = [bytes[0] === 0xef ? bytes[3] : bytes[0], bytes[at + 1]]
  return at > 0 && at + 1 < length && first === second && (first === OPEN || first === QUOTE)
}

/**
 * The next object or text from `p`; `to` is -1 where it is not whole. A list is entered: its brackets are passed over,
 * so that its items count. `from` is where the next search may begin.
 */
function nextValue(
  bytes: Uint8Array,
  p: number,
  end: number,
  lines: boolean,
): { readonly from: number; readonly to: number } {
  while (p < end) {
    const b = bytes[p]!
    if (b === OPEN || b === QUOTE) return { from: p, to: endOfValue(bytes, p, end, lines) }
    if (b === SLASH && (bytes[p + 1] === SLASH || bytes[p + 1] === 42)) {
      const after = endOfComment(bytes, p, end)
      if (after < 0) return { from: p, to: -1 }
      p = after
      continue
    }
    const passes =
      b <= 32 || b === COMMA || b === OPEN_LIST || b === CLOSE_LIST || b >= 0xef || b === 0xbb || b === 0xbf
    if (passes) p++
    else {
      // Something that is no JSON: to the end of its line, as one value that cannot be read.
      const to = lineEndOf(bytes, p, end)
      return { from: p, to }
    }
  }
  return { from: end, to: -1 }
}

function lineEndOf(bytes: Uint8Array, p: number, end: number): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, end).indexOf(LF, p)
  return at < 0 ? -1 : at
}

function endOfComment(bytes: Uint8Array, p: number, end: number): number {
  if (bytes[p + 1] === SLASH) {
    const at = lineEndOf(bytes, p, end)
    return at < 0 ? -1 : at + 1
  }
  for (let i = p + 2; i + 1 < end; i++) if (bytes[i] === 42 && bytes[i + 1] === SLASH) return i + 2
  return -1
}

function endOfValue(bytes: Uint8Array, from: number, end: number, lines: boolean): number {
  let depth = 0
  let p = from
  while (p < end) {
    const b = bytes[p]!
    if (b === QUOTE) {
      p++
      while (p < end && bytes[p] !== QUOTE) {
        if (lines && bytes[p] === LF) return p
        p += bytes[p] === BACKSLASH ? 2 : 1
      }
      if (p >= end) return -1
      if (depth === 0) return p + 1
    } else if (lines && b === LF) return p
    else if (b === OPEN || b === OPEN_LIST) depth++
    else if (b === CLOSE || b === CLOSE_LIST) {
      depth--
      if (depth === 0) return p + 1
    } else if (b === SLASH && (bytes[p + 1] === SLASH || bytes[p + 1] === 42)) {
      const after = endOfComment(bytes, p, end)
      if (after < 0) return -1
      p = after
      continue
    }
    p++
  }
  return -1
}
