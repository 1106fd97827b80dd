import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  createCatalogue,
  type DipGroup,
  meetsTerm,
  NATIONAL_MATCHING,
  NO_LISTS,
  OFFICIAL_DIALECT,
  parseExpression,
  parseTerm,
  printExpression,
  readDipPack,
  writeDipPack,
} from '../../../grouper/index.ts'
import { temporaryFolder } from '../../temporary.ts'

describe('operation expressions', () => {
  test('| binds tighter than +: BX-1357 is (any of the first list) and (any of the second)', () => {
    const factors = parseExpression('54.4x10|66.6100x007|68.2912|66.6104|70.3201+54.5100x009|54.5101')
    expect(factors).toEqual([
      ['54.4x10', '66.6100x007', '68.2912', '66.6104', '70.3201'],
      ['54.5100x009', '54.5101'],
    ])
    expect(printExpression(factors as string[][])).toBe(
      '54.4x10|66.6100x007|68.2912|66.6104|70.3201+54.5100x009|54.5101',
    )
  })
  test('blanks, line breaks and full-width signs do not count, a code twice counts once', () => {
    expect(parseExpression('51.8800x009｜51.8800x009 |\n51.8801＋51.2300')).toEqual([
      ['51.8800x009', '51.8801'],
      ['51.2300'],
    ])
  })
  test('local dialects: / is or in Hubei, a comma is "all of them" in Jining and Taian', () => {
    expect(parseExpression('47.0100/47.0901+54.2100', { and: '+', or: '/' })).toEqual([
      ['47.0100', '47.0901'],
      ['54.2100'],
    ])
    expect(parseExpression('47.0100，54.2100', { and: ',', or: '' })).toEqual([['47.0100'], ['54.2100']])
  })
  test('what is no operation code is named', () => {
    expect(parseExpression('47.0100+K35')).toEqual({ part: 'K35' })
    expect(parseExpression('47.0100+')).toEqual({ part: '' })
  })
})

describe('diagnosis terms', () => {
  test.each([
    ['K35.900', 'K35', true],
    ['K35.900', 'K35.9', true],
    ['K35.900', 'K35.8', false],
    ['A16.001', 'A15-A16', true],
    ['A17.000+G01*', 'A15-A16', false],
    ['C75.900', 'C00-C75', true],
    ['M47.000+G99.2*', 'M47.0', true],
    ['A15.000x010', 'A15.000x010', true],
    ['A15.000x012', 'A15.000x010', false],
  ])('%s meets %s: %s', (code, term, expected) => {
    expect(meetsTerm(code, term)).toBe(expected)
  })
  test('marks and blanks of printed terms are dropped, other texts are refused', () => {
    expect(['M47.0+', ' A15－A16', 'k80', 'I10.x00', 'K', '保守治疗', 'K35.'].map(parseTerm)).toEqual([
      'M47.0',
      'A15-A16',
      'K80',
      'I10.x00',
      undefined,
      undefined,
      undefined,
    ])
  })
})

const group = (facts: Partial<DipGroup> & Pick<DipGroup, 'code' | 'layer' | 'sequence'>): DipGroup => ({
  name: '',
  dx: [],
  main: [],
  related: [],
  position: 'main',
  conditions: {},
  origin: 'national',
  figures: {},
  ...facts,
})

const folderOfTest = temporaryFolder()

const MANIFEST = {
  id: 'test',
  name: { zh: '试', en: 'test' },
  edition: '3.0',
  codeSystem: { diagnosis: 'icd10-yb-2.0', procedure: 'icd9cm3-yb-2.0' },
  source: { title: 'test' },
  matching: NATIONAL_MATCHING,
  dialect: OFFICIAL_DIALECT,
}

test('a pack is read back as it was written, every field of a row and of the lists included', () => {
  const catalogue = createCatalogue(
    {
      ...MANIFEST,
      matching: { ...NATIONAL_MATCHING, comprehensive: 'listed', tieRule: ['closest-cost'], blankGroup: 'KBBZ' },
    },
    [
      group({ code: 'K35-4', layer: 'ZH', sequence: 9, dx: ['K35'], property: 4, origin: 'local' }),
      group({
        code: 'XQ-16',
        layer: 'XQ',
        sequence: 1,
        name: '超低出生体重儿',
        conditions: { anyDx: ['P07'], ageDaysBelow: 29, weight: [0, 999] },
        source: { sheet: '一、先期分组', row: 20 },
      }),
      group({
        code: 'FZ-1745',
        layer: 'FZ',
        sequence: 2,
        dx: ['T20.2', 'T20.6'],
        conditions: { burnDegree: 2, burnArea: [10, 29], otherDx: ['C00-C75', 'C88'], drugResistant: false },
        figures: {
          score: 1_234_5678,
          meanCost: 1_234_56,
          meanDays: '7.5',
          grassrootsFactor: '0.95',
          relatedCost: 800_00,
        },
      }),
      group({
        code: 'BX-3',
        layer: 'BX',
        sequence: 3,
        dx: ['K35'],
        main: ['47.0100', '47.0901'],
        related: [['54.2100', '99.9999x001'], ['17.98330']],
        position: 'any',
        source: { sheet: '二', row: 3, raw: ['K35 ', '47.0100/47.0901', ''] },
      }),
    ],
    {
      ...NO_LISTS,
      excludedDiagnoses: new Set(['Z51.100']),
      excludedOperations: new Map([
        ['44.1300x001', { code: '44.1300x001', rule: 'limited', scope: ['A00-A09', 'D01'] }],
      ]),
      tags: [{ tag: 'bed-day', dx: 'F20', operations: [], name: '精神分裂症', minDays: 60 }],
      drugResistant: new Set(['A15.000x010']),
      properties: new Map([['36.1200', 'surgery']]),
    },
  )
  expect(catalogue.groups.map(({ code }) => code)).toEqual(['XQ-16', 'BX-3', 'FZ-1745', 'K35-4'])
  const folder = join(folderOfTest, 'pack')
  writeDipPack(catalogue, folder)
  expect(readDipPack(folder)).toEqual(catalogue)
})

test('two groups of one code, or of one sequence number, are refused', () => {
  const twice = [group({ code: 'A', layer: 'JC', sequence: 1 }), group({ code: 'A', layer: 'BX', sequence: 2 })]
  expect(() => createCatalogue(MANIFEST, twice)).toThrow(/DIP-001.*A stands twice/)
  const same = [group({ code: 'A', layer: 'JC', sequence: 1 }), group({ code: 'B', layer: 'BX', sequence: 1 })]
  expect(() => createCatalogue(MANIFEST, same)).toThrow(/DIP-001.*sequence number 1/)
})
