import { Fault, type Place } from '../../messages/index.ts'
import type { Dictionary } from '../codes/dictionary.ts'

/*
 * A cover writes a list of codes against a pinned dictionary:
 *   A01~      every code of the dictionary that begins with A01
 *   a..b      every code of the dictionary from a to b
 *   A01.000   the code itself
 * It says exactly the list, no code more or less; `*` and `+` occur inside codes and are no marks.
 */

const PREFIX_MARK = '~'
const RUN_MARK = '..'

/** `A01.000~` is a rubric that people know; a prefix inside the local extension (`A01.000x0~`) is not. */
const LONGEST_PREFIX = 7

/** The cover of codes, all of them in the dictionary; items in code order. */
export function coverOf(codes: readonly string[], dictionary: Dictionary): string[] {
  const ids = [
    ...new Set(
      codes.map(code => {
        const id = dictionary.ids.get(code)
        if (id === undefined) throw new Error(`cover: ${code} is not in the dictionary ${dictionary.id}`)
        return id
      }),
    ),
  ].sort((a, b) => a - b)
  const items: string[] = []
  for (let from = 0; from < ids.length; ) {
    let to = from
    while (ids[to + 1] === ids[to]! + 1) to++
    writeRun(ids[from]!, ids[to]!, dictionary, items)
    from = to + 1
  }
  return items
}

/** The codes of a cover, sorted, without duplicates; `at` is the place of the cover, for messages. */
export function codesOf(items: readonly string[], dictionary: Dictionary, at: Place = {}): string[] {
  const { codes } = dictionary
  const found: string[] = []
  for (const [first, last] of rangesOf(items, dictionary, at)) {
    for (let id = first; id <= last; id++) found.push(codes[id]!)
  }
  return found
}

/** The cover as ranges of ids, first and last, ascending and apart. */
export function rangesOf(items: readonly string[], dictionary: Dictionary, at: Place = {}): [number, number][] {
  const ranges = items.map(item => rangeOf(item, dictionary, at))
  // What the writer writes is in order; only a list edited by hand needs the rest.
  if (ranges.every(([first], index) => index === 0 || first > ranges[index - 1]![1])) return ranges
  ranges.sort(([a], [b]) => a - b)
  const merged: [number, number][] = []
  for (const range of ranges) {
    const before = merged.at(-1)
    if (before !== undefined && range[0] <= before[1]) before[1] = Math.max(before[1], range[1])
    else merged.push(range)
  }
  return merged
}

/** Writes the run of ids `first`..`last` by the items that take the fewest characters. */
function writeRun(first: number, last: number, dictionary: Dictionary, items: string[]): void {
  const { codes } = dictionary
  const pieces: { first: number; last: number; text: string }[] = []
  for (let id = first; id <= last; ) {
    const piece = widest(id, last, codes)
    pieces.push({ first: id, ...piece })
    id = piece.last + 1
  }
  // cheapest[i]: fewest characters for pieces i..; a step takes one piece or joins several into one run.
  const cheapest = Array.from({ length: pieces.length + 1 }, () => 0)
  const step = Array.from({ length: pieces.length }, () => 0)
  for (let i = pieces.length - 1; i >= 0; i--) {
    cheapest[i] = pieces[i]!.text.length + 1 + cheapest[i + 1]!
    step[i] = i
    const head = codes[pieces[i]!.first]!.length + 3
    for (let j = i + 1; j < pieces.length; j++) {
      const cost = head + codes[pieces[j]!.last]!.length + cheapest[j + 1]!
      if (cost >= cheapest[i]!) continue
      cheapest[i] = cost
      step[i] = j
    }
  }
  for (let i = 0; i < pieces.length; i = step[i]! + 1) {
    const end = step[i]!
    items.push(end === i ? pieces[i]!.text : codes[pieces[i]!.first]! + RUN_MARK + codes[pieces[end]!.last]!)
  }
}

/** The shortest prefix whose codes begin at `id` and end by `limit`, or the code alone. */
function widest(id: number, limit: number, codes: readonly string[]): { last: number; text: string } {
  const code = codes[id]!
  for (let length = 1; length <= Math.min(code.length, LONGEST_PREFIX); length++) {
    const prefix = code.slice(0, length)
    if (codes[id - 1]!.startsWith(prefix)) continue
    const last = lastWith(prefix, id, codes)
    if (last <= limit && last > id) return { last, text: prefix + PREFIX_MARK }
  }
  return { last: id, text: code }
}

/** Id of the last code that begins with `prefix`, given one that does. */
function lastWith(prefix: string, id: number, codes: readonly string[]): number {
  let low = id
  let high = codes.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (codes[middle]!.startsWith(prefix)) low = middle
    else high = middle
  }
  return low
}

/** Id of the first code that is not before `text`. */
function firstFrom(text: string, codes: readonly string[]): number {
  let low = 0
  let high = codes.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (codes[middle]! < text) low = middle
    else high = middle
  }
  return high
}

function rangeOf(item: string, dictionary: Dictionary, at: Place): [number, number] {
  const { codes, ids } = dictionary
  if (item.endsWith(PREFIX_MARK)) {
    const prefix = item.slice(0, -1)
    const first = firstFrom(prefix, codes)
    if (codes[first]?.startsWith(prefix) === true) return [first, lastWith(prefix, first, codes)]
  }
  const dots = item.indexOf(RUN_MARK)
  const first = ids.get(dots < 0 ? item : item.slice(0, dots))
  const last = dots < 0 ? first : ids.get(item.slice(dots + RUN_MARK.length))
  if (first !== undefined && last !== undefined && first <= last) return [first, last]
  throw new Fault({
    code: 'PCK-003',
    at,
    what: {
      zh: `“${item}”在字典 ${dictionary.id} 中没有对应的编码。`,
      en: `"${item}" stands for no code of the dictionary ${dictionary.id}.`,
    },
    fix: {
      zh: '请写字典中的编码、前缀加 ~，或“起始..结束”；字典外的编码登记在 scheme.yaml 的 localCodes。',
      en: 'Write a code of the dictionary, a prefix with ~, or "first..last"; list codes beyond the dictionary in scheme.yaml under localCodes.',
    },
  })
}
