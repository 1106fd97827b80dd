import { expect, it } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { type WeightTable, weightEffect } from '../../weights/index.ts'

const table = (weights: Readonly<Record<string, string | null>>): WeightTable => ({
  groups: Object.keys(weights),
  weight: Object.values(weights).map(weight => (weight === null ? null : new Decimal(weight))),
  stable: Object.keys(weights).map(() => true),
  meanCost: 1,
  meanCostExact: new Decimal(1),
})

it('looks each group up in the table of its own scheme, and leaves cases without a weight out of both sums', () => {
  const a = table({ AA19: '2.5', BB11: '1.2', BB15: null })
  // The same code is another group in B.
  const b = table({ AA19: '0.8', AA29: '2.6', BB11: '1.1' })
  const moves = [
    { a: { drg: 'AA19' }, b: { drg: 'AA29' }, cases: 10 },
    { a: { drg: 'BB11' }, b: { drg: 'AA19' }, cases: 5 },
    { a: { drg: 'BB15' }, b: { drg: 'BB11' }, cases: 3 },
    { a: { drg: 'BB11' }, b: { drg: '0000' }, cases: 2 },
  ]
  const effect = weightEffect(moves, a, b)
  expect(effect.moves.map(move => move.effect?.toFixed() ?? null)).toEqual(['1', '-2', null, null])
  expect([effect.cases, effect.withoutWeight]).toEqual([15, 5])
  expect([effect.before.toFixed(), effect.after.toFixed()]).toEqual(['31', '30'])
})
