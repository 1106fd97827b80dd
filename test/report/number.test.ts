import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countText,
  decimalText,
  moneyText,
  percentOf,
  percentText,
  pointsText,
  wanYuanText,
  yuanText,
} from '../../report/index.ts'
import { fullText, shortText, tickTexts } from '../../report/number.ts'

describe('exact numbers', () => {
  test('yuan', () => {
    expect(yuanText(123_456_789)).toBe('1,234,567.89')
    expect(yuanText(-100_000)).toBe('-1,000.00')
    expect(yuanText(0)).toBe('0.00')
    expect(() => yuanText(0.5)).toThrow(RangeError)
  })
  test('ten thousand yuan, half up away from zero', () => {
    expect(wanYuanText(123_456_789)).toBe('123.46')
    expect(wanYuanText(1_005_000)).toBe('1.01')
    expect(wanYuanText(-1_005_000)).toBe('-1.01')
    expect(wanYuanText(1_004_999)).toBe('1.00')
    expect(wanYuanText(-4_999)).toBe('0.00')
    expect(wanYuanText(500_000, 0)).toBe('1')
    expect(() => wanYuanText(Number.NaN)).toThrow(new RangeError('not an exact integer: NaN'))
  })
  test('money with the unit that suits it', () => {
    expect(moneyText(12_345, 'zh')).toBe('123.45元')
    expect(moneyText(123_456_789, 'zh')).toBe('123.46万元')
    expect(moneyText(118_972_000_000, 'zh')).toBe('11.90亿元')
    expect(moneyText(9_999_999_999, 'zh')).toBe('1.00亿元')
    expect(moneyText(9_999_499_999, 'zh')).toBe('9,999.50万元')
    expect(moneyText(-123_456_789, 'en')).toBe('-¥1.23M')
    expect(moneyText(118_972_000_000, 'en')).toBe('¥1.19bn')
    expect(moneyText(12_345_678, 'en')).toBe('¥123,456.78')
  })
  test('points, counts, decimals', () => {
    expect(pointsText(12_345_678)).toBe('1,234.57')
    expect(pointsText(12_345_678, 4)).toBe('1,234.5678')
    expect(countText(1_234_567)).toBe('1,234,567')
    expect(countText(-999)).toBe('-999')
    expect(decimalText('1234.5650', 2)).toBe('1,234.57')
    expect(decimalText('1.005', 2)).toBe('1.01')
    expect(decimalText('-0.004', 2)).toBe('0.00')
    expect(() => decimalText('1e3', 2)).toThrow(RangeError)
  })
  test('percent', () => {
    expect(percentText('0.12345')).toBe('12.35%')
    expect(percentText('-0.5', 0)).toBe('-50%')
    expect(percentOf(1, 3)).toBe('33.33%')
    expect(percentOf(-1, 8, 1)).toBe('-12.5%')
    expect(percentOf(1, -8, 1)).toBe('-12.5%')
    expect(percentOf(1, 0)).toBe('–')
  })
  test('a rounded amount lies within half a unit of its last digit', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fen => {
        const shown = BigInt(wanYuanText(fen, 2).replace(/[,.]/g, ''))
        const twice = 2n * (shown * 10_000n - BigInt(fen))
        return twice <= 10_000n && twice >= -10_000n
      }),
    )
  })
})

describe('numbers of pictures', () => {
  test.each([
    [0, '0', '0'],
    [0.12345, '0.123', '0.123'],
    [58.234, '58.2', '58.2'],
    [1234, '1,234', '1,234'],
    [12_345, '1.23万', '12.3k'],
    [9999.6, '1万', '10k'],
    [1_234_567, '123万', '1.23M'],
    [99_996_000, '1亿', '100M'],
    [-2_345_678_900, '-23.5亿', '-2.35bn'],
  ])('%d in few digits', (value, zh, en) => {
    expect(shortText(value, 'zh')).toBe(zh)
    expect(shortText(value, 'en')).toBe(en)
  })
  test('a wanted number of digits holds below the first unit', () => {
    expect(shortText(58.5, 'zh', 2)).toBe('58.50')
    expect(shortText(58_500, 'zh', 2)).toBe('5.85万')
  })
  test('in full, without the noise of doubles', () => {
    expect(fullText(0.1 + 0.2)).toBe('0.3')
    expect(fullText(1_234_567.5)).toBe('1,234,567.5')
    expect(fullText(-0.001, 2)).toBe('0.00')
  })
  test('ticks of one axis share unit and digits', () => {
    expect(tickTexts([0, 5000, 10_000], 'zh')).toEqual(['0', '5,000', '10,000'])
    expect(tickTexts([0, 20_000, 40_000], 'zh')).toEqual(['0', '2万', '4万'])
    expect(tickTexts([0, 50_000_000, 100_000_000], 'zh')).toEqual(['0', '5,000万', '10,000万'])
    expect(tickTexts([-500_000, 0, 500_000, 1_000_000], 'en')).toEqual(['-500k', '0', '500k', '1,000k'])
    expect(tickTexts([-10_000, 0, 10_000], 'en')).toEqual(['-10k', '0', '10k'])
    expect(tickTexts([0.1, 0.15, 0.2], 'en')).toEqual(['0.10', '0.15', '0.20'])
    expect(tickTexts([], 'en')).toEqual([])
  })
})
