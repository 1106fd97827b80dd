import type { Comparator, Condition } from './condition.ts'
import { FACT, type FactName } from './facts.ts'

/** Values of a fact: spans with both bounds included, and whether a missing value is one of them. */
export interface Values {
  readonly spans: readonly Span[]
  readonly missing: boolean
}

/** The values of one fact for which a condition holds. */
export interface Spans extends Values {
  readonly fact: number
}

export type Span = readonly [low: number, high: number]

/** The spans of a condition that asks for nothing but one fact; undefined for any other. */
export function spansOf(condition: Condition): Spans | undefined {
  switch (condition.op) {
    case 'in':
      return undefined
    case 'missing':
      return { fact: FACT[condition.fact as FactName], spans: [], missing: true }
    case 'compare': {
      if (typeof condition.right !== 'number') return undefined
      return { fact: FACT[condition.left as FactName], spans: BOUNDS[condition.cmp](condition.right), missing: false }
    }
    case 'not': {
      const inner = spansOf(condition.arg)
      return inner === undefined ? undefined : { fact: inner.fact, spans: rest(inner.spans), missing: !inner.missing }
    }
    default: {
      const parts = condition.args.map(spansOf)
      const { fact } = parts[0] ?? {}
      if (fact === undefined || parts.some(part => part?.fact !== fact)) return undefined
      const known = parts.map(part => part!)
      const missing = known.map(part => part.missing)
      if (condition.op === 'or')
        return { fact, spans: known.flatMap(part => part.spans), missing: missing.includes(true) }
      // All of them hold where none of the rests does.
      return { fact, spans: rest(known.flatMap(part => rest(part.spans))), missing: !missing.includes(false) }
    }
  }
}

/** The values that are among both. */
export function common(a: Values, b: Values): Values {
  return { spans: rest([...rest(a.spans), ...rest(b.spans)]), missing: a.missing && b.missing }
}

/** Whether a value is among some; NaN is a missing one. */
export function isAmong({ spans, missing }: Values, value: number): boolean {
  return Number.isNaN(value) ? missing : spans.some(([low, high]) => value >= low && value <= high)
}

/** The values at which spans begin, and those right after their ends: between two of them nothing changes. */
export function changesOf({ spans }: Values): number[] {
  return spans
    .flatMap(([low, high]) => [low, high === MOST ? MOST : beside(high, 1)])
    .filter(value => value !== LEAST && value !== MOST)
}

const { NEGATIVE_INFINITY: LEAST, POSITIVE_INFINITY: MOST } = Number

const BOUNDS: Readonly<Record<Comparator, (right: number) => readonly Span[]>> = {
  '=': right => [[right, right]],
  '!=': right => rest([[right, right]]),
  '<': right => [[LEAST, beside(right, -1)]],
  '<=': right => [[LEAST, right]],
  '>': right => [[beside(right, 1), MOST]],
  '>=': right => [[right, MOST]],
}

/** The spans between and around some spans. */
function rest(spans: readonly Span[]): Span[] {
  const between: Span[] = []
  let low = LEAST
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    if (from > low) between.push([low, beside(from, -1)])
    if (to === MOST) return between
    low = Math.max(low, beside(to, 1))
  }
  between.push([low, MOST])
  return between
}

/** The next number in binary below (-1) or above (1) another. */
function beside(value: number, direction: 1 | -1): number {
  if (value === 0) return direction * Number.MIN_VALUE
  const bits = new BigInt64Array(1)
  const number = new Float64Array(bits.buffer)
  number[0] = value
  bits[0] = bits[0]! + BigInt(value > 0 ? direction : -direction)
  return number[0]!
}
