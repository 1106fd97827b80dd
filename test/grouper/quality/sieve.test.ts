import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CODE_FIELDS, type Comparator, type Condition } from '../../../grouper/quality/condition.ts'
import { compileCondition } from '../../../grouper/quality/evaluate.ts'
import { FACT_NAMES } from '../../../grouper/quality/facts.ts'
import { createSieve, gateOf, suspects } from '../../../grouper/quality/sieve.ts'
import { spansOf } from '../../../grouper/quality/span.ts'

const WORDS = 2
const LISTS: ReadonlyMap<string, number> = new Map(Array.from({ length: 40 }, (_, list) => [`L${list}`, list]))
const FACTS = FACT_NAMES.slice(0, 4)
const NUMBERS = [0, 1, 2, 5, 0.3, -1]

const fact = fc.constantFrom(...FACTS)
const number = fc.constantFrom(...NUMBERS)
const cmp = fc.constantFrom<Comparator>('=', '!=', '<', '<=', '>', '>=')
const { condition } = fc.letrec<{ condition: Condition }>(tie => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ op: fc.constant('compare' as const), left: fact, cmp, right: fc.oneof(number, fact) }),
    fc.record({ op: fc.constant('missing' as const), fact }),
    fc.record({
      op: fc.constant('in' as const),
      field: fc.constantFrom(...CODE_FIELDS),
      lists: fc.uniqueArray(fc.constantFrom(...LISTS.keys()), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ op: fc.constant('not' as const), arg: tie('condition') }),
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      args: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}))
const row = fc.record({
  values: fc
    .array(fc.oneof(number, fc.constant(Number.NaN), fc.double({ noNaN: true })), { minLength: 4, maxLength: 4 })
    .map(some => Float64Array.from(FACT_NAMES, (_, i) => some[i] ?? Number.NaN)),
  bits: fc
    .array(fc.nat({ max: 11 }), { maxLength: 3 })
    .chain(at =>
      fc.array(fc.nat({ max: 31 }), { minLength: at.length, maxLength: at.length }).map(bit => ({ at, bit })),
    )
    .map(({ at, bit }) => {
      const bits = new Int32Array(CODE_FIELDS.length * WORDS)
      at.forEach((word, i) => {
        bits[word]! |= 1 << bit[i]!
      })
      return bits
    }),
})

it('suspects every rule whose condition holds, whatever the other rules are', () => {
  fc.assert(
    fc.property(fc.array(condition, { minLength: 1, maxLength: 70 }), row, (conditions, one) => {
      const sieve = createSieve(conditions.map(condition => gateOf(condition, LISTS, WORDS)))
      const out = new Int32Array(sieve.width)
      suspects(sieve, one, out)
      conditions.forEach((condition, rule) => {
        if (!compileCondition(condition, LISTS, WORDS)(one)) return
        expect((out[rule >> 5]! << (rule & 31)) & 0x80000000).not.toBe(0)
      })
    }),
    { numRuns: 2_000 },
  )
})

it('gives the spans of a condition on one fact exactly', () => {
  const { only } = fc.letrec<{ only: Condition }>(tie => ({
    only: fc.oneof(
      { maxDepth: 4 },
      fc.record({ op: fc.constant('compare' as const), left: fc.constant(FACTS[0]!), cmp, right: number }),
      fc.record({ op: fc.constant('missing' as const), fact: fc.constant(FACTS[0]!) }),
      fc.record({ op: fc.constant('not' as const), arg: tie('only') }),
      fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        args: fc.array(tie('only'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }))
  fc.assert(
    fc.property(only, row, (condition, one) => {
      const { spans, missing } = spansOf(condition)!
      const value = one.values[0]!
      const within = Number.isNaN(value) ? missing : spans.some(([low, high]) => value >= low && value <= high)
      expect(within).toBe(compileCondition(condition, LISTS, WORDS)(one))
    }),
    { numRuns: 5_000 },
  )
})
