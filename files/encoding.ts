import { isAscii, isUtf8 } from 'node:buffer'
import { Fault, type Text } from '../messages/index.ts'

/** The encoding that a text is seen to be in, and its lines with other than ASCII: all, and those that are not UTF-8. */
export interface SeenEncoding {
  readonly encoding: 'utf-8' | 'gb18030'
  readonly all: number
  readonly bad: number
}

/**
 * Sees whether a text, or whole lines of it, is UTF-8 (with BOM or without) or GB18030. A few damaged lines do not make a text
 * GB18030: more than half of all lines must not be UTF-8, or, where most are ASCII, more than half of the others, and most
 * of these must be GB18030 with a cell that begins with it, as words do and damage does not.
 */
export function seenEncoding(bytes: Uint8Array): SeenEncoding {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  if (isUtf8(bytes)) return { encoding: !hasMark && isUtf8ByChance(bytes) ? 'gb18030' : 'utf-8', all: 0, bad: 0 }
  let [lines, all, bad, words] = [0, 0, 0, 0]
  for (let from = 0; from < bytes.length; ) {
    const at = bytes.indexOf(10, from)
    const end = at < 0 ? bytes.length : at
    const line = bytes.subarray(from, end)
    lines++
    if (!isAscii(line)) {
      all++
      if (!isUtf8(line)) {
        bad++
        if (hasGb18030Word(line)) words++
      }
    }
    from = end + 1
  }
  const isGb18030 = bad * 2 > lines || (bad * 2 > all && words * 2 > bad)
  return { encoding: !hasMark && isGb18030 ? 'gb18030' : 'utf-8', all, bad }
}

function hasGb18030Word(line: Uint8Array): boolean {
  try {
    const text = new TextDecoder('gb18030', { fatal: true }).decode(line)
    return /(^|[,;|\t"])[^\0-\x7f]/.test(text)
  } catch {
    return false
  }
}

/** Scripts of the characters that UTF-8 writes in two bytes; marks are those that stand above a letter. */
const SCRIPTS: readonly RegExp[] = [
  /\p{Script=Latin}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Arabic}/u,
  /\p{M}/u,
]

/**
 * Whether GB18030 is UTF-8 by chance: 女 and 一院 have the bytes of Ů and һԺ. Taken for that are only texts without any
 * Chinese in UTF-8 (three bytes a character) and without any word of three letters, where letters of two scripts stand
 * together, or a letter alone that is neither Greek nor of Western Europe.
 */
function isUtf8ByChance(bytes: Uint8Array): boolean {
  if (isAscii(bytes) || bytes.some(byte => byte >= 0xe0)) return false
  const text = new TextDecoder().decode(bytes)
  const runs = text.match(/(?<![A-Za-z\u0080-\u07ff])[\u0080-\u07ff]+(?![A-Za-z\u0080-\u07ff])/g) ?? []
  const scriptsIn = (run: string): number => SCRIPTS.filter(script => script.test(run)).length
  if (runs.some(run => run.length > 2 && scriptsIn(run) === 1)) return false
  return runs.some(run => (run.length === 1 ? /[\u0100-\u036f\u0400-\u07ff]/.test(run) : scriptsIn(run) > 1))
}

/** UTF-8 text of `bytes` without BOM; a fault when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw notText(file, { zh: '文件不是 UTF-8 编码。', en: 'The file is not UTF-8.' })
  }
}

/** Text of a whole table without BOM: UTF-8, or GB18030 as spreadsheets in China save CSV; a fault when it is neither. */
export function decodeText(bytes: Uint8Array, file: string): string {
  const { encoding, bad, all } = seenEncoding(bytes)
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw notText(
      file,
      encoding === 'utf-8' && bad * 2 <= all
        ? {
            zh: `文件是 UTF-8，但含汉字的 ${all} 行中有 ${bad} 行损坏。`,
            en: `The file is UTF-8, but ${bad} of the ${all} lines with Chinese are damaged.`,
          }
        : { zh: '文件既不是 UTF-8 也不是 GB18030 编码。', en: 'The file is neither UTF-8 nor GB18030.' },
    )
  }
}

function notText(file: string, what: Text): Fault {
  return new Fault({
    code: 'FIL-002',
    at: { file },
    what,
    fix: { zh: '请另存为 UTF-8（例如 CSV UTF-8）。', en: 'Save it as UTF-8 (for instance "CSV UTF-8").' },
  })
}
