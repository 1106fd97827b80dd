import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  apportion,
  at,
  createDraws,
  Decimal,
  formatFen,
  formatPoints,
  normal,
  parseDecimal,
  parseYuan,
  roundPoints,
  unit,
} from '../../numbers/index.ts'

describe('fen', () => {
  it.each([
    ['8800', 880_000],
    ['8800.5', 880_050],
    ['0.07', 7],
    ['-12.34', -1234],
    ['12.340', 1234],
    ['9999999999999.99', 999_999_999_999_999],
  ])('reads %s', (text, fen) => expect(parseYuan(text)).toBe(fen))

  it.each(['', '1,000', '1e5', '12.345', '.5', 'abc', '--1', '10000000000000'])('refuses "%s"', text => {
    expect(parseYuan(text)).toBeUndefined()
  })

  it('writes what it reads', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e14, max: 1e14 }), fen => {
        expect(parseYuan(formatFen(fen))).toBe(fen)
      }),
    )
    expect(formatFen(-5)).toBe('-0.05')
    expect(() => formatFen(0.5)).toThrow(RangeError)
  })
})

describe('points', () => {
  it('rounds half up to 1e-4', () => {
    expect(roundPoints(new Decimal('1.23455'))).toBe(12_346)
    expect(roundPoints(new Decimal('1.2345499'))).toBe(12_345)
    expect(formatPoints(-12_346)).toBe('-1.2346')
  })
})

describe('decimal', () => {
  it('takes plain decimals only', () => {
    expect(parseDecimal('12.50')?.toString()).toBe('12.5')
    for (const text of ['1e3', '1,2', '', 'NaN', '.5', '5.']) expect(parseDecimal(text)).toBeUndefined()
  })
})

describe('apportion', () => {
  const shares = fc
    .array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 60 })
    .filter(list => list.some(x => x > 0))
  const total = fc.integer({ min: -(2 ** 50), max: 2 ** 50 })

  it('adds up to the total, each part within one unit of its exact quota', () => {
    fc.assert(
      fc.property(total, shares, (t, list) => {
        const parts = [...apportion(t, list)]
        expect(parts.reduce((a, b) => a + b, 0)).toBe(t)
        const sum = list.reduce((a, b) => a + BigInt(b), 0n)
        parts.forEach((part, i) => {
          // |part - t * share / sum| < 1, in integers.
          const distance = BigInt(part) * sum - BigInt(t) * BigInt(list[i]!)
          expect(distance < sum && distance > -sum).toBe(true)
        })
      }),
      { numRuns: 500 },
    )
  })

  it('equals the largest remainders of integers of any size, whatever the amounts', () => {
    const amount = fc.oneof(
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      fc.constantFrom(2 ** 52, 2 ** 52 - 1, 2 ** 52 + 1, 2 ** 51, 2 ** 26 + 1, 2 ** 27 - 1),
    )
    const list = fc.oneof(
      fc.array(amount, { minLength: 1, maxLength: 40 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 9 }),
    )
    fc.assert(
      fc.property(amount, list, fc.boolean(), (size, parts, isNegative) => {
        fc.pre(parts.some(one => one > 0))
        const sum = parts.reduce((all, one) => all + BigInt(one), 0n)
        const quotas = parts.map((one, i) => ({
          i,
          one,
          whole: (BigInt(size) * BigInt(one)) / sum,
          rest: (BigInt(size) * BigInt(one)) % sum,
        }))
        const left = Number(BigInt(size) - quotas.reduce((all, { whole }) => all + whole, 0n))
        const first = new Set(
          quotas
            .toSorted((a, b) => Number(b.rest > a.rest) - Number(b.rest < a.rest) || b.one - a.one || a.i - b.i)
            .slice(0, left)
            .map(({ i }) => i),
        )
        const expected = quotas.map(({ whole, i }) => Number(whole) + (first.has(i) ? 1 : 0))
        const signed = isNegative ? expected.map(part => 0 - part) : expected
        expect([...apportion(isNegative ? 0 - size : size, parts)]).toEqual(signed)
      }),
      { numRuns: 5000 },
    )
  })

  it('gives what is left to the largest remainders; ties to the larger share, then to the first', () => {
    expect([...apportion(10, [1, 1, 1])]).toEqual([4, 3, 3])
    // Quotas 1.5 and 4.5 of 6: equal remainders, the larger share gets the unit.
    expect([...apportion(6, [1, 3])]).toEqual([1, 5])
    // Quotas 0.7, 0.2, 0.1 of 1.
    expect([...apportion(1, [7, 2, 1])]).toEqual([1, 0, 0])
    expect([...apportion(-10, [1, 1, 1])]).toEqual([-4, -3, -3])
    expect([...apportion(0, [0, 0])]).toEqual([0, 0])
  })

  it('refuses what cannot be split', () => {
    expect(() => apportion(1, [0, 0])).toThrow('all shares are zero')
    expect(() => apportion(1, [-1, 2])).toThrow('share 0')
    expect(() => apportion(1.5, [1])).toThrow('exact integer')
  })
})

describe('random draws', () => {
  // Known answers of Random123 (Salmon et al.), file kat_vectors, philox4x32-10.
  it('are Philox4x32-10', () => {
    expect([...at(createDraws(0), 0, 0, 0, 0)]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8])
    const key = { ...createDraws(0), key0: 0xa4093822, key1: 0x299f31d0 }
    expect([...at(key, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344)]).toEqual([
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ])
    const ones = { ...createDraws(0), key0: 0xffffffff, key1: 0xffffffff }
    expect([...at(ones, -1, -1, -1, -1)]).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd])
  })

  it('have the moments of a normal distribution', () => {
    const draws = createDraws(7)
    let sum = 0
    let squares = 0
    const n = 100_000
    for (let i = 0; i < n; i++) {
      const words = at(draws, i, 0, 0, 0)
      const x = normal(words[0]!, words[1]!)
      sum += x
      squares += x * x
    }
    expect(Math.abs(sum / n)).toBeLessThan(0.02)
    expect(Math.abs(squares / n - 1)).toBeLessThan(0.03)
    expect(unit(0)).toBeGreaterThan(0)
    expect(unit(0xffffffff)).toBeLessThan(1)
  })
})
