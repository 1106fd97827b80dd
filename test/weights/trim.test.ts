import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TrimMethod } from '../../weights/index.ts'
import { trim } from '../../weights/trim.ts'
import { decimal, trimWith } from './cases.ts'

const costsOf = (...costs: number[]): Float64Array => Float64Array.from(costs).sort()

/** 1 … 9 and one far above: Q1 = 3.25, Q3 = 7.75, IQR = 4.5 (type 7). */
const TEN = costsOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 100)

describe('each method on data small enough to check by hand', () => {
  test('none keeps all', () => {
    expect(trim(TEN, trimWith({ method: 'none' }))).toEqual({ from: 0, to: 10, passes: 0 })
  })

  test('quartile ranges: 7.75 + 1.5 · 4.5 = 14.5', () => {
    expect(trim(TEN, trimWith({ method: 'iqr' }))).toEqual({ from: 0, to: 9, passes: 1 })
  })

  test('quartile ranges: a case on a limit stays', () => {
    // Of 0, 4, 8, 12, x the quartiles are 4 and 12, so the upper limit with b = 1 is 20.
    const iqr = { a: decimal('1'), b: decimal('1') }
    expect(trim(costsOf(1, 4, 8, 12, 20), trimWith({ method: 'iqr', iqr })).to).toBe(5)
    expect(trim(costsOf(1, 4, 8, 12, 21), trimWith({ method: 'iqr', iqr })).to).toBe(4)
  })

  test('standard deviations: mean 14.5, SD 30.16, z = 2 cuts above 74.8', () => {
    const sd = { z: decimal('2') }
    expect(trim(TEN, trimWith({ method: 'sd', sd }))).toEqual({ from: 0, to: 9, passes: 1 })
    expect(trim(TEN, trimWith({ method: 'sd', sd: { z: decimal('3') } })).to).toBe(10)
  })

  test('standard deviations: a case exactly on the limit stays', () => {
    // Of 1, 2, 3 the mean is 2 and the SD is 1.
    expect(trim(costsOf(1, 2, 3), trimWith({ method: 'sd', sd: { z: decimal('1') } }))).toMatchObject({
      from: 0,
      to: 3,
    })
    expect(trim(costsOf(1, 2, 3), trimWith({ method: 'sd', sd: { z: decimal('0.99') } }))).toMatchObject({
      from: 1,
      to: 2,
    })
  })

  test('logarithms: powers of ten are symmetric', () => {
    // ln of 1, 10, 100, 1000, 10000: mean 2 ln 10, SD 1.58 ln 10.
    const powers = costsOf(1, 10, 100, 1000, 10000)
    expect(trim(powers, trimWith({ method: 'lnsd', lnsd: { z: decimal('1') } }))).toMatchObject({ from: 1, to: 4 })
    expect(trim(powers, trimWith({ method: 'lnsd', lnsd: { z: decimal('1.3') } }))).toMatchObject({ from: 0, to: 5 })
  })

  test('percentiles: of 0 … 100 the 2.5th and 97.5th are 2.5 and 97.5', () => {
    const costs = Float64Array.from({ length: 101 }, (_, i) => i + 1)
    expect(trim(costs, trimWith({ method: 'percentile' }))).toMatchObject({ from: 3, to: 98 })
  })

  test('multiples of the mean, the median and the geometric mean', () => {
    const multiple = { low: decimal('0.4'), high: decimal('3') }
    // Mean 14.5: 5.8 … 43.5. Median 5.5: 2.2 … 16.5. Geometric mean 5.65: 2.26 … 16.9.
    const kept = (centre: 'mean' | 'median' | 'geometricMean') =>
      trim(TEN, trimWith({ method: 'multiple', multiple: { ...multiple, centre, bands: [] } }))
    expect(kept('mean')).toMatchObject({ from: 5, to: 9 })
    expect(kept('median')).toMatchObject({ from: 2, to: 9 })
    expect(kept('geometricMean')).toMatchObject({ from: 2, to: 9 })
  })
})

test('a second pass sees the data without what the first one cut', () => {
  // Mean 106.6, SD 314: 1000 goes. Then mean 7.3, SD 8.8: 30 goes. The quartiles see both at once.
  const costs = costsOf(1, 2, 3, 4, 5, 6, 7, 8, 30, 1000)
  expect(trim(costs, trimWith({ method: 'iqr', iterate: 1 })).to).toBe(8)
  const sd = { z: decimal('2') }
  expect(trim(costs, trimWith({ method: 'sd', sd, iterate: 1 }))).toMatchObject({ to: 9, passes: 1 })
  expect(trim(costs, trimWith({ method: 'sd', sd, iterate: 2 }))).toMatchObject({ to: 8, passes: 2 })
})

test('small groups and groups that would lose too much are left alone', () => {
  expect(trim(TEN, trimWith({ method: 'iqr', minCases: 11 })).to).toBe(10)
  expect(trim(TEN, trimWith({ method: 'iqr', minCases: 10 })).to).toBe(9)
  expect(trim(TEN, trimWith({ method: 'iqr', maxShare: decimal('0.1') })).to).toBe(9)
  expect(trim(TEN, trimWith({ method: 'iqr', maxShare: decimal('0.09') })).to).toBe(10)
})

const METHODS: TrimMethod[] = ['none', 'sd', 'lnsd', 'iqr', 'percentile', 'multiple']
const costs = fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 60 })

describe('invariants', () => {
  test('the mean of the kept cases lies within their range, and no group is emptied (V10)', () => {
    fc.assert(
      fc.property(costs, fc.constantFrom(...METHODS), fc.integer({ min: 1, max: 9 }), (list, method, iterate) => {
        const sorted = Float64Array.from(list).sort()
        const { from, to } = trim(sorted, trimWith({ method, iterate }))
        expect(from).toBeLessThan(to)
        const kept = [...sorted.subarray(from, to)]
        const mean = kept.reduce((all, cost) => all + cost, 0) / kept.length
        expect(mean).toBeGreaterThanOrEqual(kept[0]! * (1 - 1e-12))
        expect(mean).toBeLessThanOrEqual(kept.at(-1)! * (1 + 1e-12))
      }),
    )
  })

  test('iterating reaches a fixed point (V10)', () => {
    fc.assert(
      fc.property(costs, fc.constantFrom(...METHODS), (list, method) => {
        const sorted = Float64Array.from(list).sort()
        const config = trimWith({ method, iterate: 1000 })
        const { from, to } = trim(sorted, config)
        const again = trim(sorted.slice(from, to), config)
        expect(again).toEqual({ from: 0, to: to - from, passes: 0 })
      }),
    )
  })

  test('costs that are all equal are never cut', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom(...METHODS),
        (cost, n, method) => {
          expect(trim(new Float64Array(n).fill(cost), trimWith({ method }))).toEqual({ from: 0, to: n, passes: 0 })
        },
      ),
    )
  })

  test('scaling all costs by an integer cuts the same cases', () => {
    fc.assert(
      fc.property(costs, fc.integer({ min: 2, max: 1000 }), fc.constantFrom(...METHODS), (list, factor, method) => {
        const sorted = Float64Array.from(list).sort()
        const config = trimWith({ method })
        expect(
          trim(
            sorted.map(cost => cost * factor),
            config,
          ),
        ).toEqual(trim(sorted, config))
      }),
    )
  })
})
