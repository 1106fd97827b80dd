import { Fault, type Place } from '../../messages/index.ts'

/** A named list in a pack's text file: a head line, then its items on indented lines. */
export interface Listing {
  /** Words of the head line, e.g. `['DI_B00', 'diagnosis']`. */
  readonly head: readonly string[]
  readonly items: readonly string[]
  /** Line of the head, from 1. */
  readonly line: number
}

const WIDTH = 120

/** Lists as text: each begins at the margin, its items follow on lines of at most 120 characters with two blanks before. */
export function writeListings(comment: string, listings: Iterable<Pick<Listing, 'head' | 'items'>>): string {
  const lines = [`# ${comment}`]
  for (const { head, items } of listings) {
    lines.push(head.join(' '))
    let line = ' '
    for (const item of items) {
      if (line.length + 1 + item.length > WIDTH && line !== ' ') {
        lines.push(line)
        line = ' '
      }
      line += ` ${item}`
    }
    if (line !== ' ') lines.push(line)
  }
  return `${lines.join('\n')}\n`
}

/** Reads lists back; `words` is the number of words in a head line. */
export function readListings(text: string, file: string, words: number): Listing[] {
  const listings: { head: string[]; items: string[]; line: number }[] = []
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!.trimEnd()
    if (line === '' || line.startsWith('#')) continue
    const parts = line.split(' ').filter(part => part !== '')
    const open = listings.at(-1)
    if (line.startsWith(' ') && open !== undefined) {
      for (const part of parts) open.items.push(part)
    } else if (!line.startsWith(' ') && parts.length === words) {
      listings.push({ head: parts, items: [], line: index + 1 })
    } else {
      throw listingFault(
        { file, line: index + 1 },
        `表头应有 ${words} 个词，编码行以两个空格开头`,
        `a head line has ${words} words, a line of codes begins with two blanks`,
      )
    }
  }
  return listings
}

/** The fault for a line of a list file that does not fit. */
export function listingFault(at: Place, zh: string, en: string): Fault {
  return new Fault({
    code: 'PCK-002',
    at,
    what: { zh: `该行不符合清单格式：${zh}。`, en: `The line does not fit the list format: ${en}.` },
    fix: { zh: '请对照 docs/scheme-format.md 改正。', en: 'Correct it as docs/scheme-format.md shows.' },
  })
}
