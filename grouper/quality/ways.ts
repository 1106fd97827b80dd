import type { CodeFieldName, Condition } from './condition.ts'
import { FACT_NAMES, type FactName } from './facts.ts'
import { common, isAmong, spansOf, type Values } from './span.ts'

/** One way in which a condition can hold: what must be so of facts and codes at the same time. */
export interface Way {
  /** Values that facts must have, by position of the fact. */
  readonly facts: ReadonlyMap<number, Values>
  /** A field of codes of which one must be in one of the lists; undefined where no code is asked for. */
  readonly codes: { readonly field: CodeFieldName; readonly lists: readonly string[] } | undefined
  /** Whether the condition holds wherever this does; else it is still to be asked. */
  readonly sure: boolean
}

/** What is known of a fact when rules are compiled: it is read from a column, has one value in all cases, or comes later. */
export type Known = (fact: FactName) => 'column' | 'later' | number

/** More ways than this are not told apart. */
const MOST_WAYS = 64

/** A way that says nothing. */
const ANY: Way = { facts: new Map(), codes: undefined, sure: false }

/** The ways in which a condition can hold; it holds in no other. None: it never holds. */
export function waysOf(condition: Condition, known: Known): readonly Way[] {
  const one = spansOf(condition)
  if (one !== undefined) {
    const value = known(FACT_NAMES[one.fact]!)
    if (value === 'later') return [ANY]
    if (value === 'column') return [{ ...ANY, facts: new Map([[one.fact, one]]), sure: true }]
    return isAmong(one, value) ? [{ ...ANY, sure: true }] : []
  }
  switch (condition.op) {
    case 'and':
      return condition.args.map(arg => waysOf(arg, known)).reduce(together)
    case 'or':
      return few(condition.args.flatMap(arg => waysOf(arg, known)))
    case 'in':
      return [{ ...ANY, codes: condition, sure: true }]
    case 'not':
      return denied(condition.arg, known)
    default:
      return [ANY]
  }
}

/** The ways in which a condition does not hold. That no code is in a list is left to be asked. */
function denied(condition: Condition, known: Known): readonly Way[] {
  const not = (arg: Condition): Condition => ({ op: 'not', arg })
  switch (condition.op) {
    case 'not':
      return waysOf(condition.arg, known)
    case 'and':
      return waysOf({ op: 'or', args: condition.args.map(not) }, known)
    case 'or':
      return waysOf({ op: 'and', args: condition.args.map(not) }, known)
    default:
      return [ANY]
  }
}

function together(some: readonly Way[], others: readonly Way[]): readonly Way[] {
  return few(some.flatMap(one => others.map(other => both(one, other))))
}

function both(one: Way, other: Way): Way {
  const facts = new Map(one.facts)
  for (const [fact, values] of other.facts) facts.set(fact, common(values, facts.get(fact) ?? values))
  const codes = one.codes ?? other.codes
  const asksTwice = one.codes !== undefined && other.codes !== undefined
  return { facts, codes, sure: one.sure && other.sure && !asksTwice }
}

function few(ways: readonly Way[]): readonly Way[] {
  return ways.length > MOST_WAYS ? [ANY] : ways
}

/** The condition that none of some facts is there. */
export function noneOf(positions: readonly number[]): Condition {
  return { op: 'and', args: positions.map(position => ({ op: 'missing', fact: FACT_NAMES[position]! })) }
}
