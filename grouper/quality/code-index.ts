import { createLabels, type Labels, labelOf } from '../cases/labels.ts'
import type { Conversion } from '../codes/conversion.ts'
import type { Dictionary } from '../codes/dictionary.ts'
import type { CodeReading } from '../codes/reading.ts'
import { asksDiagnosis } from '../drg/interpret.ts'
import type { Expr, Scheme } from '../scheme/types.ts'
import { BUILT_IN_LISTS, type QualityList } from './rules.ts'

/**
 * Codes of one kind with the lists they are in, as bits. Codes that no dictionary has get ids of their own, so that
 * findings can name them and lists can match them: `firstStray`, `firstStray + 1` …
 */
export interface CodeIndex {
  readonly dictionary: Dictionary
  readonly firstStray: number
  readonly strays: Labels
  /** Words of bits a code. */
  readonly words: number
  /** Lists of a code: `bits[id * words + (list >> 5)] >>> (list & 31) & 1`. */
  bits: Int32Array
  readonly matchers: readonly Matcher[]
}

/** Whether a code is in a list; `id` is 0 for a code that the dictionary lacks. */
type Matcher = (code: string, id: number) => boolean

/** Position of each list in the bits; the same for both kinds. */
export function listPositions(lists: readonly QualityList[]): ReadonlyMap<string, number> {
  return new Map([...BUILT_IN_LISTS, ...lists.map(list => list.id)].map((id, position) => [id, position]))
}

/** The index of one kind of codes over a scheme's dictionary. */
export function createCodeIndex(
  scheme: Scheme,
  reading: CodeReading,
  kind: QualityList['kind'],
  lists: readonly QualityList[],
): CodeIndex {
  const isDx = kind === 'diagnosis'
  const dictionary = isDx ? scheme.diagnoses : scheme.procedures
  const foreign = (isDx ? reading.dx : reading.px)?.from.codes.length ?? 0
  const matchers = [
    (_: string, id: number) => id === 0,
    (_: string, id: number) => dictionary.grey.has(id),
    ...lists.map(list => (list.kind === kind ? matcherOf(scheme, list) : () => false)),
  ]
  const words = Math.ceil(matchers.length / 32)
  const firstStray = Math.max(dictionary.codes.length, foreign)
  const bits = new Int32Array((firstStray + 256) * words)
  // Diagnoses have no empty places: 0 is a code that could not even be given an id.
  if (isDx) setBits(bits, words, 0, matchers, '', 0)
  for (let id = 1; id < dictionary.codes.length; id++) setBits(bits, words, id, matchers, dictionary.codes[id]!, id)
  return { dictionary, firstStray, strays: createLabels(), words, bits, matchers }
}

function setBits(
  bits: Int32Array,
  words: number,
  at: number,
  matchers: readonly Matcher[],
  code: string,
  id: number,
): void {
  matchers.forEach((matches, list) => {
    if (matches(code, id)) bits[at * words + (list >> 5)]! |= 1 << (list & 31)
  })
}

function matcherOf(scheme: Scheme, list: QualityList): Matcher {
  const pattern = list.pattern === undefined ? undefined : new RegExp(list.pattern)
  const codes = new Set(list.codes)
  if (list.mdc !== undefined) {
    const without = new Set(list.without === undefined ? [] : principalsOf(scheme, list.without))
    for (const code of principalsOf(scheme, list.mdc)) if (!without.has(code)) codes.add(code)
  }
  return code => codes.has(code) || pattern?.test(code) === true
}

/** The principal diagnoses that the rule of an MDC lists; `*` stands for every MDC. */
function principalsOf(scheme: Scheme, mdc: string): string[] {
  const rules = scheme.mdcs.filter(({ code, rule }) => (mdc === '*' ? asksDiagnosis(rule.expr) : code === mdc))
  const sets = new Set(rules.flatMap(({ rule }) => principalSets(rule.expr)))
  return [...sets].flatMap(id => scheme.sets.get(id)?.codes ?? [])
}

function principalSets(expr: Expr): readonly string[] {
  if (expr.op === 'and' || expr.op === 'or') return expr.args.flatMap(principalSets)
  return expr.op === 'in' && expr.fields.includes('ZYZD') ? expr.sets : []
}

/** The id of a code that no dictionary has; 0 when there are too many. */
export function strayId(index: CodeIndex, bytes: Uint8Array, from: number, to: number): number {
  const known = index.strays.texts.length
  // Labels are read by words: four bytes more than the text.
  const text = new DataView(new ArrayBuffer(to - from + 4))
  new Uint8Array(text.buffer).set(bytes.subarray(from, to))
  const label = labelOf(index.strays, text, 0, to - from)
  const id = index.firstStray + label
  if (label <= 0 || id > 65_535) return 0
  if (label === known) {
    const { words } = index
    if ((id + 1) * words > index.bits.length) {
      const larger = new Int32Array(index.bits.length * 2)
      larger.set(index.bits)
      index.bits = larger
    }
    setBits(index.bits, words, id, index.matchers, index.strays.texts[label]!, 0)
  }
  return id
}

/** The conversion with the codes whose target is missing kept as codes of no dictionary, so that findings name them. */
export function namingFailures(index: CodeIndex, conversion: Conversion | undefined): Conversion | undefined {
  if (conversion === undefined) return undefined
  const target = conversion.target.slice()
  const encoder = new TextEncoder()
  for (let id = 1; id < target.length; id++) {
    if (target[id] !== 0) continue
    const code = encoder.encode(conversion.from.codes[id])
    target[id] = strayId(index, code, 0, code.length)
  }
  return { ...conversion, target }
}

/** The text of a code by its id; '' for an empty place. */
export function codeText(index: CodeIndex, id: number): string {
  return id < index.firstStray ? (index.dictionary.codes[id] ?? '') : index.strays.texts[id - index.firstStray]!
}
