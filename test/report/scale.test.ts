import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extent, linearScale, logScale } from '../../report/scale.ts'

describe('linearScale', () => {
  test.each([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, 0.3, [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]],
    [52.3, 61.9, [52, 54, 56, 58, 60, 62]],
    [-1651, 2240, [-2000, -1500, -1000, -500, 0, 500, 1000, 1500, 2000, 2500]],
    [0, 2_345_678_900, [0, 5e8, 1e9, 1.5e9, 2e9, 2.5e9]],
    [-3, -3, [-3.3, -3.2, -3.1, -3, -2.9, -2.8, -2.7]],
    [0, 0, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [1e-7, 6e-7, [1e-7, 2e-7, 3e-7, 4e-7, 5e-7, 6e-7]],
  ])('from %d to %d', (min, max, ticks) => {
    expect(linearScale(min, max).ticks).toEqual(ticks)
  })
  test('covers its range with few round ticks, whatever the range', () => {
    const number = fc.double({ min: -1e300, max: 1e300, noNaN: true })
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [min, max] = extent([a, b])
        const scale = linearScale(min, max)
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2)
        expect(scale.ticks.length).toBeLessThanOrEqual(12)
        for (const value of [min, max, ...scale.ticks]) {
          expect(scale.at(value)).toBeGreaterThanOrEqual(-1e-6)
          expect(scale.at(value)).toBeLessThanOrEqual(1 + 1e-6)
        }
      }),
    )
  })
  test('refuses what is not a range', () => {
    expect(() => linearScale(Number.NaN, 1)).toThrow(new RangeError('not a range of numbers: NaN to 1'))
    expect(() => linearScale(2, 1)).toThrow(RangeError)
    expect(() => linearScale(0, Number.POSITIVE_INFINITY)).toThrow(RangeError)
  })
})

describe('logScale', () => {
  test.each([
    [1, 100, [1, 2, 5, 10, 20, 50, 100]],
    [3, 40, [2, 5, 10, 20, 50]],
    [7, 7, [5, 10]],
    [10, 10, [10, 20]],
    [1, 17_437, [1, 10, 100, 1000, 10_000]],
    [1e-6, 1e6, [1e-6, 1e-4, 1e-2, 1, 100, 1e4, 1e6]],
  ])('from %d to %d', (min, max, ticks) => {
    const scale = logScale(min, max)
    expect(scale.ticks).toEqual(ticks)
    expect(scale.at(min)).toBeGreaterThanOrEqual(0)
    expect(scale.at(max)).toBeLessThanOrEqual(1)
  })
  test('equal ratios are equal distances', () => {
    const { at } = logScale(1, 100)
    expect(at(1)).toBe(0)
    expect(at(10)).toBe(0.5)
    expect(at(100)).toBe(1)
  })
  test('refuses zero', () => {
    expect(() => logScale(0, 10)).toThrow(new RangeError('a logarithmic scale needs positive numbers, found 0'))
  })
})
