import { CODE_FIELDS, type CodeFieldName, type Condition } from './condition.ts'
import type { Row } from './evaluate.ts'
import { type Span, spansOf } from './span.ts'

/** A test that is cheap: a word of list bits that meets a mask, a fact within two bounds (included), or a missing one. */
type Atom =
  | { readonly kind: 'lists'; readonly word: number; readonly mask: number }
  | { readonly kind: 'fact'; readonly fact: number; readonly span: Span }
  | { readonly kind: 'missing'; readonly fact: number }

/** Atoms of which one must hold for a condition to hold; undefined where that cannot be said. */
export type Gate = readonly Atom[] | undefined

/** The gate of a condition. An `and` takes the gate of one part, lists before facts because they are rarer. */
export function gateOf(condition: Condition, lists: ReadonlyMap<string, number>, words: number): Gate {
  const one = spansOf(condition)
  if (one !== undefined) {
    const { fact, spans, missing } = one
    const atoms = spans.map((span): Atom => ({ kind: 'fact', fact, span }))
    return missing ? [...atoms, { kind: 'missing', fact }] : atoms
  }
  switch (condition.op) {
    case 'and': {
      const gates = condition.args.map(arg => gateOf(arg, lists, words)).filter(gate => gate !== undefined)
      return gates.find(gate => gate.every(atom => atom.kind === 'lists')) ?? gates[0]
    }
    case 'or': {
      const gates = condition.args.map(arg => gateOf(arg, lists, words))
      return gates.includes(undefined) ? undefined : gates.flatMap(gate => gate!)
    }
    case 'in':
      return listAtoms(condition.field, condition.lists, lists, words)
    default:
      return undefined
  }
}

function listAtoms(
  field: CodeFieldName,
  names: readonly string[],
  lists: ReadonlyMap<string, number>,
  words: number,
): Atom[] {
  const masks = new Map<number, number>()
  for (const name of names) {
    const list = lists.get(name)!
    const word = CODE_FIELDS.indexOf(field) * words + (list >> 5)
    masks.set(word, (masks.get(word) ?? 0) | (1 << (list & 31)))
  }
  return [...masks].map(([word, mask]) => ({ kind: 'lists', word, mask }))
}

/** The gates of all rules as columns, so that the few rules that a case may break are found with no call per rule. */
export interface Sieve {
  /** Words of list bits that some gate asks for, with the bits asked for. */
  readonly words: Int32Array
  readonly masks: Int32Array
  /** By word and bit (`word's position * 32 + bit`): the rules that ask for it, `width` words of rule bits each. */
  readonly rulesOfBit: Int32Array
  /** Bounds of facts, each with the one rule that asks for it. */
  readonly facts: Int32Array
  readonly lows: Float64Array
  readonly highs: Float64Array
  readonly rules: Int32Array
  /** Facts that may be missing, each with the one rule that asks for it. */
  readonly missing: Int32Array
  readonly missingRules: Int32Array
  /** Rules without a gate, as rule bits. */
  readonly ungated: Int32Array
  /** Words of rule bits; rule r is bit 31 - r % 32 of word r / 32. */
  readonly width: number
}

export function createSieve(gates: readonly Gate[]): Sieve {
  const width = Math.ceil(gates.length / 32)
  const atoms = gates.flatMap((gate, rule) => (gate ?? []).map(atom => ({ ...atom, rule })))
  const onLists = atoms.filter(atom => atom.kind === 'lists')
  const onFacts = atoms.filter(atom => atom.kind === 'fact')
  const onMissing = atoms.filter(atom => atom.kind === 'missing')
  const words = [...new Set(onLists.map(atom => atom.word))]
  const masks = new Int32Array(words.length)
  const rulesOfBit = new Int32Array(words.length * 32 * width)
  for (const { word, mask, rule } of onLists) {
    const at = words.indexOf(word)
    masks[at]! |= mask
    for (let bit = 0; bit < 32; bit++) {
      if (((mask >>> bit) & 1) === 1) setRule(rulesOfBit, (at * 32 + bit) * width, rule)
    }
  }
  const ungated = new Int32Array(width)
  gates.forEach((gate, rule) => {
    if (gate === undefined) setRule(ungated, 0, rule)
  })
  return {
    words: Int32Array.from(words),
    masks,
    rulesOfBit,
    facts: Int32Array.from(onFacts, atom => atom.fact),
    lows: Float64Array.from(onFacts, atom => atom.span[0]),
    highs: Float64Array.from(onFacts, atom => atom.span[1]),
    rules: Int32Array.from(onFacts, atom => atom.rule),
    missing: Int32Array.from(onMissing, atom => atom.fact),
    missingRules: Int32Array.from(onMissing, atom => atom.rule),
    ungated,
    width,
  }
}

function setRule(bits: Int32Array, at: number, rule: number): void {
  bits[at + (rule >> 5)]! |= 0x80000000 >>> (rule & 31)
}

/** Sets the bits of the rules that a case may break. Nearly every case breaks none: here checking spends its time. */
export function suspects(sieve: Sieve, { values, bits }: Row, out: Int32Array): void {
  const { words, masks, rulesOfBit, facts, lows, highs, rules, missing, missingRules, ungated, width } = sieve
  for (let w = 0; w < width; w++) out[w] = ungated[w]!
  for (let k = 0; k < words.length; k++) {
    let hit = bits[words[k]!]! & masks[k]!
    while (hit !== 0) {
      const bit = 31 - Math.clz32(hit)
      hit &= ~(1 << bit)
      for (let w = 0; w < width; w++) out[w]! |= rulesOfBit[(k * 32 + bit) * width + w]!
    }
  }
  for (let k = 0; k < facts.length; k++) {
    const value = values[facts[k]!]!
    if (value >= lows[k]! && value <= highs[k]!) setRule(out, 0, rules[k]!)
  }
  for (let k = 0; k < missing.length; k++) {
    if (Number.isNaN(values[missing[k]!]!)) setRule(out, 0, missingRules[k]!)
  }
}
