import { type Atom, atoms } from '../scheme/atoms.ts'
import type { Expr } from '../scheme/types.ts'
import { AGES, KEYS, SEXES } from './layout.ts'
import { isProcedure, type Known, type Range, residue } from './residue.ts'

/** A rank as far as its being open goes: the rules of its MDC and its own, and what masks leave of the two to a program. */
export interface Rank {
  readonly gate: Expr
  readonly rule: Expr
  readonly rest: Expr
}

export interface Candidates {
  readonly start: Int32Array
  readonly entries: Int32Array
  readonly residues: Int32Array
}

/** By the bits of a key, from 1 on: without a sex no case comes so far. */
const OF_SEX: readonly Range[] = [
  { least: 1, most: 1 },
  { least: 2, most: 2 },
  { least: 9, most: 9 },
]

/**
 * Lists of (mask, word, sure, at) by key, each ended by a mask of 0; see `RuleBook.candidates`. Facts come one after
 * another, each looked at only by the rules that ask for it; equal lists are kept once.
 */
export function candidateLists(
  classes: number,
  memberOf: (classId: number) => (sets: readonly string[]) => boolean,
  ranks: readonly Rank[],
  triggered: Int32Array,
  dayCut: number,
  programOf: (rule: Expr) => number,
): Candidates {
  const start = new Int32Array(classes * KEYS)
  const lists = runs()
  const residues = runs()
  const written = new Map<readonly State[], { quiet: number; pulled: number }>()
  const write = (key: number, states: readonly State[]): void => {
    let at = written.get(states)
    if (at === undefined) {
      const [quiet, pulled] = [triggered, undefined].map(closed =>
        lists.add(listOf(states, closed, programOf, residues.add)),
      )
      at = { quiet: quiet!, pulled: pulled! }
      written.set(states, at)
    }
    start[key] = at.quiet
    start[key + 2] = at.pulled
  }
  const all = refine(
    ranks.map((rank, number) => ({
      number,
      ...rank,
      asks: new Set([rank.gate, rank.rule].flatMap(atoms).flatMap(factsOf)),
    })),
    {},
  )
  for (const px of [0, 1]) {
    const ofPx = px === 0 ? refine(all, { bare: true }, 'procedure') : all
    for (let k = 0; k < classes; k++) {
      written.clear()
      const ofClass = refine(ofPx, { ZYZD: memberOf(k) }, 'code')
      agesOf(dayCut).forEach((known, age) => {
        const ofAge = refine(ofClass, known, 'age')
        OF_SEX.forEach((XB, i) => {
          write(k * KEYS + (i + 1) * SEXES + age * AGES + px, refine(ofAge, { XB }, 'sex'))
        })
      })
    }
  }
  return { start, entries: lists.all(), residues: residues.all() }
}

/** What is known by the age bits of a key. */
function agesOf(dayCut: number): readonly Known[] {
  const infant = { least: 0, most: 0 }
  return [
    { NL: { least: 1, most: Infinity }, XSRTL: null },
    { NL: infant, XSRTL: { least: 0, most: dayCut } },
    { NL: infant, XSRTL: { least: dayCut + 1, most: Infinity } },
    { NL: infant, XSRTL: null },
  ]
}

type Fact = 'code' | 'age' | 'procedure' | 'sex'

/** Facts that a condition asks for. */
function factsOf(atom: Atom): readonly Fact[] {
  switch (atom.op) {
    case 'in':
    case 'length':
      return atom.fields.flatMap((field): Fact[] =>
        isProcedure(field) ? ['procedure'] : field === 'ZYZD' ? ['code'] : [],
      )
    case 'compare':
      return atom.scalar === 'NL' || atom.scalar === 'XSRTL' ? ['age'] : atom.scalar === 'XB' ? ['sex'] : []
    default:
      return []
  }
}

/** A rank that is not closed, with what is left of its rules. */
interface State extends Rank {
  readonly number: number
  /** What its rules ask for. */
  readonly asks: ReadonlySet<Fact>
}

/** The ranks that a fact leaves open; without a fact, those that are open at all. */
function refine(states: readonly State[], known: Known, fact?: Fact): readonly State[] {
  if (fact !== undefined && !states.some(({ asks }) => asks.has(fact))) return states
  const gates = new Map<Expr, Expr>()
  const gateOf = (gate: Expr): Expr => {
    const left = gates.get(gate) ?? residue(gate, known)
    gates.set(gate, left)
    return left
  }
  return states.flatMap((state): State[] => {
    if (fact !== undefined && !state.asks.has(fact)) return [state]
    const gate = gateOf(state.gate)
    if (gate.op === 'never') return []
    const rule = residue(state.rule, known)
    if (rule.op === 'never') return []
    return [{ ...state, gate, rule, rest: residue(state.rest, known) }]
  })
}

function listOf(
  states: readonly State[],
  closed: Int32Array | undefined,
  programOf: (rule: Expr) => number,
  residuesAt: (programs: readonly number[]) => number,
): number[] {
  const list: number[] = []
  for (let from = 0; from < states.length; ) {
    const word = states[from]!.number >> 5
    let [open, sure, to] = [0, 0, from]
    const programs: number[] = []
    for (; to < states.length && states[to]!.number >> 5 === word; to++) {
      const { number, rest } = states[to]!
      const bit = 1 << (31 - (number & 31))
      if (closed !== undefined && (closed[word]! & bit) !== 0) continue
      open |= bit
      if (rest.op === 'always') sure |= bit
      else programs.push(programOf(rest))
    }
    if (open !== 0) list.push(open, word, sure, residuesAt(programs))
    from = to
  }
  list.push(0)
  return list
}

/** Runs of numbers one behind the other; an equal run stands where the first of its kind does. */
function runs(): { add(run: readonly number[]): number; all(): Int32Array } {
  const places = new Map<string, number>()
  const all: number[] = []
  return {
    add(run) {
      const name = run.join()
      let at = places.get(name)
      if (at === undefined) {
        at = all.length
        places.set(name, at)
        all.push(...run)
      }
      return at
    },
    all: () => Int32Array.from(all),
  }
}
