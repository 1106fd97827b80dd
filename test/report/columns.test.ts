import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columns, fit, pad } from '../../report/index.ts'

describe('columns', () => {
  test.each([
    ['', 0],
    ['DRG 2.0', 7],
    ['浙江大学医学院附属第一医院', 26],
    ['澄江市人民医院（东院区）', 24],
    ['ＤＲＧ', 6],
    ['ﾃｽﾄ', 3],
    ['𠮷林', 4],
    ['〇', 2],
    ['서울', 4],
    // e with a combining acute, and the composed letter
    ['cafe\u0301', 4],
    ['café', 4],
    ['\u0301', 0],
    ['\u200b', 0],
    ['🏥', 2],
    ['👩‍⚕️', 2],
    ['🇨🇳', 2],
    ['❤️', 2],
    ['❤', 1],
    // ambiguous width: one column
    ['α·Ⅱ…', 4],
  ])('%j takes %i', (text, width) => {
    expect(columns(text)).toBe(width)
  })
})

describe('fit', () => {
  test('leaves a text that fits', () => {
    expect(fit('人民医院', 8)).toBe('人民医院')
  })
  test('cuts by columns, never through a character', () => {
    expect(fit('人民医院', 7)).toBe('人民医…')
    expect(fit('人民医院', 6)).toBe('人民…')
    expect(fit('a👩‍⚕️b', 3)).toBe('a…')
    expect(fit('人民医院', 1)).toBe('…')
    expect(fit('人民医院', 0)).toBe('')
  })
  test('never exceeds the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, width) => columns(fit(text, width)) <= width),
    )
  })
})

test('pad fills with blanks on either side and never cuts', () => {
  expect(pad('医院', 6)).toBe('医院  ')
  expect(pad('12', 4, 'right')).toBe('  12')
  expect(pad('医院', 3)).toBe('医院')
})
