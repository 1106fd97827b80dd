import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quantile, squareSum, sum } from '../../weights/moments.ts'
import { deviationOf, variationOf } from '../../weights/statistics.ts'
import { decimal } from './cases.ts'

test('type-7 quantiles: R gives 3.25 and 7.75 for quantile(1:10) at .25 and .75', () => {
  const ten = Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(quantile(ten, decimal('0.25')).toString()).toBe('3.25')
  expect(quantile(ten, decimal('0.75')).toString()).toBe('7.75')
  expect(quantile(ten, decimal('0')).toString()).toBe('1')
  expect(quantile(ten, decimal('1')).toString()).toBe('10')
  expect(quantile(Float64Array.of(7), decimal('0.4')).toString()).toBe('7')
})

test('sums of squares are exact for any integer cost', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat(), { maxLength: 40 }), fc.integer({ min: 1, max: 90 }), (few, times) => {
      const costs = Array.from({ length: times }, () => few).flat()
      const exact = costs.reduce((all, cost) => all + BigInt(cost) ** 2n, 0n)
      expect(squareSum(Float64Array.from(costs))).toBe(exact)
    }),
  )
})

test('a sum that leaves the exact range is refused', () => {
  expect(() => sum(Float64Array.of(Number.MAX_SAFE_INTEGER, 1))).toThrow(RangeError)
})

test('standard deviation with n - 1', () => {
  // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares about it 32.
  const moments = { n: 8, sum: 40, squares: 232n }
  expect(deviationOf(moments)?.pow(2).toFixed(20)).toBe(decimal('32').div(7).toFixed(20))
  expect(variationOf({ n: 2, sum: 4, squares: 16n })?.toFixed(10)).toBe(decimal('2').sqrt().toFixed(10))
  expect(deviationOf({ n: 1, sum: 40, squares: 1600n })).toBeUndefined()
})
