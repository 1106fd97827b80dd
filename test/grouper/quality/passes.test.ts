import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createBatch } from '../../../grouper/cases/batch.ts'
import { createLabels } from '../../../grouper/cases/labels.ts'
import { createGroupColumns, REASONS } from '../../../grouper/index.ts'
import type { CodeIndex } from '../../../grouper/quality/code-index.ts'
import { CODE_FIELDS, type Comparator, type Condition } from '../../../grouper/quality/condition.ts'
import { compileCondition } from '../../../grouper/quality/evaluate.ts'
import { FACT, FACT_NAMES } from '../../../grouper/quality/facts.ts'
import { isColumn } from '../../../grouper/quality/masks.ts'
import { createPasses, learnCodes } from '../../../grouper/quality/passes.ts'
import { fillRow } from '../../../grouper/quality/row.ts'
import { isAmong, spansOf } from '../../../grouper/quality/span.ts'

const WORDS = 2
const LISTS: ReadonlyMap<string, number> = new Map(Array.from({ length: 40 }, (_, list) => [`L${list}`, list]))
/** Those of columns, one that is the same in all cases, and two that no case has. */
const FACTS = [...FACT_NAMES.filter(isColumn), 'schemeUsesDischargeWay', 'stayDays', 'bornOnAdmission'] as const
const NUMBERS = [0, 1, 2, 5, 0.3, 28, 20_000]

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
/** Codes 0 … 29, of which 20 are in a dictionary; few of them, so that they are repeated. */
const CODES = 30

const lists = fc.array(fc.nat({ max: 39 }), { maxLength: 2 })
const kind = fc.record({ ofCodes: fc.array(lists, { minLength: CODES, maxLength: CODES }) })
const code = fc.constantFrom(0, 1, 1, 2, 2, 3, 19, 20, CODES - 1)
const one = fc.record({
  integers: fc.array(fc.constantFrom(-1, 0, 1, 2, 3, 5, 6, 28, 29, 30_000), { minLength: 4, maxLength: 4 }),
  bytes: fc.array(fc.constantFrom(0, 1, 2, 5, 9), { minLength: 2, maxLength: 2 }),
  cost: fc.constantFrom(-1, 0, 1, 5, 5.5, 20_000, 3e9),
  status: fc.nat({ max: 3 }),
  reason: fc.nat({ max: REASONS.length - 1 }),
  repaired: fc.nat({ max: 3 }),
  dx: fc.array(code, { maxLength: 6, size: 'max' }),
  px: fc.array(code, { maxLength: 4, size: 'max' }),
})

function indexOf(ofCodes: readonly (readonly number[])[]): CodeIndex {
  const bits = new Int32Array(CODES * WORDS)
  ofCodes.forEach((lists, id) => {
    for (const list of lists) bits[id * WORDS + (list >> 5)]! |= 1 << (list & 31)
  })
  const strays = { ...createLabels(), texts: Array.from({ length: 10 }, () => '') }
  const dictionary = { codes: [], grey: new Set<number>() } as unknown as CodeIndex['dictionary']
  return { dictionary, firstStray: 20, strays, words: WORDS, bits, matchers: [] }
}

it('asks every question whose answer is yes and is sure of no other, whatever the other questions are', () => {
  fc.assert(
    fc.property(
      fc.array(condition, { minLength: 1, maxLength: 70, size: 'max' }),
      fc.array(one, { minLength: 1, maxLength: 8, size: 'max' }),
      kind,
      kind,
      fc.constantFrom(0, 1),
      (conditions, cases, dxKind, pxKind, usesDischargeWay) => {
        const [dx, px] = [indexOf(dxKind.ofCodes), indexOf(pxKind.ofCodes)]
        const batch = createBatch(cases.length)
        const groups = createGroupColumns(cases.length)
        cases.forEach((given, i) => {
          ;[batch.age[i], batch.ageDays[i], batch.weight[i], batch.los[i]] = given.integers as [
            number,
            number,
            number,
            number,
          ]
          ;[batch.sex[i], batch.dischargeWay[i]] = given.bytes as [number, number]
          batch.cost[i] = given.cost
          groups.status[i] = given.status
          groups.reason[i] = given.reason
          batch.dx.set(given.dx, batch.dxStart[i]!)
          batch.dxStart[i + 1] = batch.dxStart[i]! + given.dx.length
          batch.px.set(given.px, batch.pxStart[i]!)
          batch.pxStart[i + 1] = batch.pxStart[i]! + given.px.length
        })
        batch.count = cases.length
        const repaired = Uint16Array.from(cases, given => given.repaired)
        const { passes, width } = createPasses(conditions, name => {
          if (name === 'schemeUsesDischargeWay') return usesDischargeWay
          return isColumn(name) ? 'column' : Number.NaN
        })
        const tests = conditions.map(condition => compileCondition(condition, LISTS, WORDS))
        const out = passes.map(pass => {
          learnCodes(pass, LISTS, dx, px)
          const bits = new Int32Array(cases.length)
          pass.kernel({ batch, groups, repaired }, 0, cases.length, bits)
          return bits
        })
        const row = {
          values: new Float64Array(FACT_NAMES.length).fill(Number.NaN),
          bits: new Int32Array(CODE_FIELDS.length * WORDS),
        }
        for (let i = 0; i < cases.length; i++) {
          fillRow({ dx, px, row, usesDischargeWay }, batch, groups, i)
          row.values[FACT.repairedCodes] = repaired[i]!
          tests.forEach((holds, question) => {
            const marked = (words: 'asked' | 'sure'): boolean =>
              passes.some((pass, p) =>
                Array.from({ length: 32 }, (_, bit) => bit).some(
                  bit =>
                    ((out[p]![i]! >>> bit) & 1) === 1 &&
                    ((pass[words][bit * width + (question >> 5)]! << (question & 31)) & 0x80000000) !== 0,
                ),
              )
            if (holds(row)) expect(marked('asked')).toBe(true)
            else expect(marked('sure')).toBe(false)
          })
        }
      },
    ),
    { numRuns: 150 },
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
  const value = fc.oneof(number, fc.constant(Number.NaN), fc.double({ noNaN: true }))
  fc.assert(
    fc.property(only, value, (condition, value) => {
      const row = { values: Float64Array.from(FACT_NAMES, () => Number.NaN), bits: new Int32Array(0) }
      row.values[FACT[FACTS[0]!]] = value
      expect(isAmong(spansOf(condition)!, value)).toBe(compileCondition(condition, LISTS, WORDS)(row))
    }),
    { numRuns: 5_000 },
  )
})
