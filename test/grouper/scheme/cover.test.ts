import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDictionary } from '../../../grouper/codes/dictionary.ts'
import { loadDictionary } from '../../../grouper/codes/library.ts'
import { codesOf, coverOf } from '../../../grouper/scheme/cover.ts'
import { faultOf } from './faults.ts'

const CODES = ['A01.000', 'A01.000x001', 'A01.001', 'A01.002+G01*', 'A01.100', 'A02.000', 'A02.900', 'B00.000']
const DICTIONARY = createDictionary(
  'test',
  CODES.map(code => ({ code, name: '' })),
)

describe('a cover', () => {
  it.each([
    [[], []],
    [['A01.002+G01*'], ['A01.002+G01*']],
    [['A01.000', 'A01.000x001', 'A01.001', 'A01.002+G01*', 'A01.100'], ['A01~']],
    [['A01.000', 'A01.000x001', 'A01.001', 'A01.002+G01*'], ['A01.0~']],
    [CODES.slice(0, 7), ['A~']],
    [['A01.002+G01*', 'A01.100', 'A02.000'], ['A01.002+G01*..A02.000']],
    [
      ['A01.000', 'A01.000x001', 'B00.000'],
      ['A01.000~', 'B00.000'],
    ],
  ])('of %j is %j', (codes, items) => {
    expect(coverOf(codes, DICTIONARY)).toEqual(items)
    expect(codesOf(items, DICTIONARY)).toEqual(codes)
  })

  it('may be written by hand in any order and overlap', () => {
    expect(codesOf(['B00.000', 'A01.0~', 'A01.001..A01.100'], DICTIONARY)).toEqual([...CODES.slice(0, 5), 'B00.000'])
  })

  it('does not take a code for its own beginning', () => {
    expect(codesOf(['A01.000'], DICTIONARY)).toEqual(['A01.000'])
  })

  it.each(['A03~', 'A09.000', 'A02.000..A01.000', 'A01.000..C00.000', '~~', 'C~'])('refuses %s', item => {
    expect(faultOf(() => codesOf([item], DICTIONARY, { file: 'sets.txt', line: 3, field: 'DI_X' }))).toEqual({
      zh: `PCK-003 sets.txt:3 [DI_X]  “${item}”在字典 test 中没有对应的编码。请写字典中的编码、前缀加 ~，或“起始..结束”；字典外的编码登记在 scheme.yaml 的 localCodes。`,
      en: `PCK-003 sets.txt:3 [DI_X]  "${item}" stands for no code of the dictionary test. Write a code of the dictionary, a prefix with ~, or "first..last"; list codes beyond the dictionary in scheme.yaml under localCodes.`,
    })
  })

  it('crashes on a code that the dictionary lacks', () => {
    expect(() => coverOf(['Z99'], DICTIONARY)).toThrow('Z99 is not in the dictionary test')
  })
})

/** Subsets as schemes have them: whole stretches of the code list with codes taken out. */
const stretches = fc.array(
  fc.record({
    from: fc.nat(),
    length: fc.integer({ min: 1, max: 400 }),
    without: fc.array(fc.nat(400), { maxLength: 5 }),
  }),
  { maxLength: 12 },
)

describe.each(['icd10-yb-2.0', 'icd9cm3-yb-2.0'])('covers over %s', id => {
  const dictionary = loadDictionary(id)

  it('give back exactly the codes and are never longer than their list', () => {
    fc.assert(
      fc.property(stretches, parts => {
        const ids = new Set<number>()
        for (const { from, length, without } of parts) {
          for (let i = 0; i < length; i++)
            if (!without.includes(i)) ids.add(1 + ((from + i) % (dictionary.codes.length - 1)))
        }
        const codes = [...ids].map(i => dictionary.codes[i]!).sort()
        const items = coverOf(codes, dictionary)
        expect(codesOf(items, dictionary)).toEqual(codes)
        expect(items.join(' ').length).toBeLessThanOrEqual(codes.join(' ').length)
      }),
      { numRuns: 300 },
    )
  })

  it('write the whole dictionary in few letters', () => {
    const items = coverOf(dictionary.codes.slice(1), dictionary)
    expect(codesOf(items, dictionary)).toEqual(dictionary.codes.slice(1))
    expect(items.join(' ').length).toBeLessThan(60)
  })
})
