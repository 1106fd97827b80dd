import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createDictionary, entriesOf, extendDictionary } from '../../../grouper/codes/dictionary.ts'
import { faultOf } from '../scheme/faults.ts'

const ENTRIES = [
  { code: 'B00.000', name: '乙' },
  { code: 'A01.002+G01*', name: '甲' },
  { code: 'A01.002', name: '', withdrawn: true },
]

describe('createDictionary', () => {
  it('numbers codes from 1 in code unit order', () => {
    const dictionary = createDictionary('test', ENTRIES)
    expect(dictionary.codes).toEqual(['', 'A01.002', 'A01.002+G01*', 'B00.000'])
    expect(dictionary.names).toEqual(['', '', '甲', '乙'])
    expect([...dictionary.ids]).toEqual([
      ['A01.002', 1],
      ['A01.002+G01*', 2],
      ['B00.000', 3],
    ])
    expect([...dictionary.withdrawn]).toEqual([1])
  })

  it('hashes codes and names, one line each', () => {
    const text = 'A01.002\t\nA01.002+G01*\t甲\nB00.000\t乙\n'
    expect(createDictionary('test', ENTRIES).hash).toBe(createHash('sha256').update(text).digest('hex'))
  })

  it('gives the same dictionary for entries in any order', () => {
    expect(createDictionary('test', [...ENTRIES].reverse())).toEqual(createDictionary('test', ENTRIES))
  })

  it('crashes on a code that stands twice', () => {
    expect(() => createDictionary('test', [...ENTRIES, { code: 'B00.000', name: '' }])).toThrow('B00.000 twice')
  })

  it('refuses more codes than an id of 16 bits can name', () => {
    const entries = Array.from({ length: 65_536 }, (_, i) => ({ code: String(i), name: '' }))
    expect(createDictionary('full', entries.slice(1)).codes.length).toBe(65_536)
    expect(faultOf(() => createDictionary('full', entries))).toEqual({
      zh: 'DIC-001 [full]  字典有 65536 个编码，超过上限 65535。请拆分编码体系或去掉不用的编码。',
      en: 'DIC-001 [full]  The dictionary has 65536 codes, more than the limit of 65535. Split the code system or leave out codes that are not used.',
    })
  })
})

describe('extendDictionary', () => {
  it('sorts new codes in and keeps the rest', () => {
    const dictionary = createDictionary('test', ENTRIES)
    const extended = extendDictionary(dictionary, [
      { code: 'A99.000', name: '新' },
      { code: 'B00.000', name: '不用' },
    ])
    expect(entriesOf(extended)).toEqual([
      { code: 'A01.002', name: '', withdrawn: true },
      { code: 'A01.002+G01*', name: '甲' },
      { code: 'A99.000', name: '新' },
      { code: 'B00.000', name: '乙' },
    ])
    expect(extended.id).toBe('test')
    expect(extended.hash).not.toBe(dictionary.hash)
  })

  it('gives the dictionary itself when nothing is new', () => {
    const dictionary = createDictionary('test', ENTRIES)
    expect(extendDictionary(dictionary, [{ code: 'A01.002', name: '' }])).toBe(dictionary)
  })
})
