import { describe, expect, test } from 'vitest'
import { type DipCatalogue, dipReportText, importCatalogue, matchCase, matchingStyles } from '../../../grouper/index.ts'
import { runCli } from '../../cli/run.ts'
import { put, temporaryFolder } from '../../temporary.ts'
import { compareDipEngines } from './engines.ts'

// The rules are those of the reference (1.0 and 2.0 style matching of cities); cases and expected groups are made by hand.
const folder = temporaryFolder()
const HEADER = '病种编码,病种类型,主要诊断编码,主要手术操作编码,操作属性,分值'
let files = 0

/** A city's catalogue: rows of `HEADER`, its style, and operations by property. */
async function city(style: string, rows: readonly string[], more: readonly string[] = []): Promise<DipCatalogue> {
  const name = `city-${files++}`
  const lists = [
    'lists:',
    '  properties:',
    "    surgery: ['51.2300', '51.2200', '51.2301', '47.0100']",
    "    intervention: ['51.9801']",
    "    therapeutic: ['51.8800', '99.2503']",
    "    diagnostic: ['51.1000', '45.1300']",
    "    none: ['89.5400']",
  ]
  put(folder, `${name}.yaml`, [`id: ${name}`, `matching: { style: ${style} }`, ...more, ...lists].join('\n'))
  const { catalogue } = await importCatalogue(put(folder, `${name}.csv`, [HEADER, ...rows].join('\n')))
  return catalogue
}

function groupOf(catalogue: DipCatalogue, dx: string, ...procedures: string[]): string {
  return matchCase(catalogue, { diagnoses: [dx], procedures }).code
}

/** Cases with their groups, and both engines on random cases near all rows. */
function expectGroups(catalogue: DipCatalogue, cases: readonly (readonly [string, readonly string[], string])[]): void {
  expect(cases.map(([dx, procedures]) => groupOf(catalogue, dx, ...procedures))).toEqual(
    cases.map(([, , code]) => code),
  )
  expect(compareDipEngines(catalogue, 1_000, 3).difference).toBeUndefined()
}

describe('cities of 1.0 and 2.0 style', () => {
  const rows = [
    'S,核心,K80.1,51.2300/51.2200,手术,900',
    'SE,核心,K80.1,51.2300+51.8800,手术,1200',
    'E,核心,K80.1,51.8800,治疗,600',
    'C,核心,K80.1,,保守,200',
    'K80-4,综合,K80,,手术,700',
    'K8-3,综合,K8,,治疗,400',
    'K-2,综合,K,,诊断,300',
    'K80-1,综合,K80,,保守,100',
  ]

  test('take any operation in any place, most terms first, then type; comprehensive groups by 3, 2, 1 characters', async () => {
    expectGroups(await city('local-2.0', rows, ['dialect: slash']), [
      ['K80.100', ['89.5400', '51.2200'], 'S'],
      ['K80.100', ['51.8800', '51.2300'], 'SE'],
      // Two rows with one term each: surgery goes before therapeutic operations.
      ['K80.100', ['51.8800', '51.2200'], 'S'],
      // The conservative row takes cases whose highest type is conservative, and no others.
      ['K80.100', ['89.5400'], 'C'],
      ['K80.100', ['47.0100'], 'K80-4'],
      ['K80.500', ['99.2503'], 'K8-3'],
      ['K25.900', ['45.1300'], 'K-2'],
      ['K80.500', [], 'K80-1'],
    ])
  })

  test('Yichang: an unmatched case takes the conservative row, a surgery case the comprehensive surgery group before', async () => {
    expectGroups(await city('yichang', rows), [
      ['K80.100', ['99.2503'], 'C'],
      ['K80.100', ['45.1300'], 'C'],
      ['K80.100', ['47.0100'], 'K80-4'],
    ])
    expectGroups(await city('yichang', rows.slice(0, 4)), [['K80.100', ['47.0100'], 'C']])
  })

  test('Xiangyang and Jingmen: a short operation covers its children, a full code wins over it', async () => {
    const short = [
      'ANY,核心,K80.1,51.2,手术,900',
      'LAP,核心,K80.1,51.2300,手术,800',
      'LAP2,核心,K80.1,51.2300,手术,850',
    ]
    const cases: [string, string[], string][] = [
      ['K80.100', ['51.2200'], 'ANY'],
      ['K80.100', ['51.2300'], 'LAP'],
    ]
    expectGroups(await city('xiangyang', short.slice(0, 2)), cases)
    // Jingmen takes the higher score of what is left.
    expectGroups(await city('jingmen', short), [cases[0]!, ['K80.100', ['51.2300'], 'LAP2']])
  })

  test('Jingzhou: the exact set, then the higher score, at last a group for the letter of the chapter', async () => {
    const sets = [
      'A,核心,K80.1,51.2300,手术,1500',
      'AB,核心,K80.1,51.2300+51.8800,手术,1200',
      'K-1,综合,K,,保守,80',
      'K-4,综合,K,,手术,500',
    ]
    expectGroups(await city('jingzhou', sets), [
      ['K80.100', ['51.2300', '51.8800'], 'AB'],
      ['K80.100', ['51.2300'], 'A'],
      ['K80.100', ['51.2300', '51.8800', '45.1300'], 'A'],
      ['K92.200', ['47.0100'], 'K-4'],
      ['K92.200', [], 'K-1'],
    ])
  })

  test('Jining: the main operation goes first; levels of operations make properties; Taian: interventions are therapeutic', async () => {
    const name = 'jining'
    put(folder, `${name}.yaml`, `id: ${name}\nmatching: { style: jining }\ntables: [jining-手术级别.csv]\n`)
    put(folder, `${name}-手术级别.csv`, '手术操作编码,手术级别\n51.2300,三级\n47.0100,4\n51.8800,2\n51.1000,一级\n')
    const rows = [
      'L,核心,K80.1,51.2300,手术,900',
      'E,核心,K80.1,51.8800,治疗,600',
      'EM,核心,K80.1,"51.8800,51.2300",手术,1300',
      'K80-4,综合,K80,,手术,700',
      'K80-3,综合,K80,,治疗,400',
      'K80-2,综合,K80,,诊断,300',
    ]
    const { catalogue, report } = await importCatalogue(put(folder, `${name}.csv`, [HEADER, ...rows].join('\n')))
    expect(report.counts.properties).toBe(4)
    expectGroups(catalogue, [
      ['K80.100', ['51.8800', '47.0100'], 'E'],
      ['K80.100', ['51.8800', '51.2300'], 'EM'],
      ['K80.200', ['47.0100'], 'K80-4'],
      ['K80.200', ['51.8800'], 'K80-3'],
      ['K80.200', ['51.1000'], 'K80-2'],
      ['I10.x00', [], 'KBBZ'],
    ])
    const taian = await city('taian', [...rows, 'I25-3,综合,I25,,治疗,100', 'I25-4,综合,I25,,手术,200'])
    expectGroups(taian, [
      ['I25.100', ['51.9801'], 'I25-3'],
      ['I25.100', ['47.0100'], 'I25-4'],
    ])
  })

  test('core goes before grassroots where types are alike, and a grassroots row marks its cases', async () => {
    const rows = [
      'GR,基层病种,K80.1,51.8800,治疗,500',
      'CORE,核心病种,K80.1,99.2503,治疗,500',
      'SURG,基层病种,K80.1,51.2300,手术,500',
    ]
    const catalogue = await city('local-2.0', rows)
    expectGroups(catalogue, [
      ['K80.100', ['51.8800', '99.2503'], 'CORE'],
      ['K80.100', ['51.8800', '99.2503', '51.2300'], 'SURG'],
    ])
    expect(matchCase(catalogue, { diagnoses: ['K80.100'], procedures: ['51.8800'] })).toMatchObject({
      code: 'GR',
      tags: ['grassroots'],
    })
  })
})

test('a full diagnosis code wins over a subcategory, that over a category, in one layer', async () => {
  const rows = [
    'CAT,核心,K80,51.2300,,1',
    'SUB,核心,K80.1,51.2300,,1',
    'FULL,核心,K80.100x003,51.2300,,1',
    'ONLY,核心,K80,51.8800,,1',
  ]
  expectGroups(await city('national-3.0', rows), [
    ['K80.100x003', ['51.2300'], 'FULL'],
    ['K80.100x004', ['51.2300'], 'SUB'],
    ['K80.200', ['51.2300'], 'CAT'],
    // Not the longest key, but the longest under which a row fits.
    ['K80.100x003', ['51.8800'], 'ONLY'],
  ])
})

describe('styles and dialects', () => {
  const rows = ['S,核心,K80.1,51.2300,手术,900']

  test('are refused by name where they are not known, with what there is and what was meant', async () => {
    put(folder, 'wrong.csv', [HEADER, ...rows].join('\n'))
    const told = async (manifest: string, lang: 'zh' | 'en') => {
      put(folder, 'wrong.yaml', `id: wrong\n${manifest}\n`)
      return runCli(`scheme import ${folder}/wrong.csv --out ${folder}/wrong --lang ${lang}`, lang)
    }
    const style = await told('matching: { style: jinzhou }', 'en')
    expect([style.code, style.err]).toEqual([
      65,
      expect.stringContaining('no style of matching jinzhou, there are national-3.0'),
    ])
    expect(style.err).toContain('did you mean jingzhou')
    expect(style.err).toContain('[matching.style]')
    expect((await told('dialect: slahs', 'zh')).err).toContain(
      '没有符号写法 slahs，只有 official、slash、comma；是否指 slash',
    )
    expect((await told('dialect: { and: "/", or: "/" }', 'zh')).err).toContain('不能是同一个符号')
    expect((await told('matching: { tieRule: [dearest] }', 'en')).err).toContain('[matching.tieRule.0]')
  })

  test('a pack keeps the rules of its style written out, and its tables keep their signs', async () => {
    const catalogue = await city('jining', ['A,核心,K80.1,"51.8800,51.2300",手术,900'])
    expect(catalogue.manifest.dialect).toEqual({ and: ',', or: '' })
    expect(catalogue.manifest.matching).toMatchObject({ mainOperation: 'any', intervention: 3, blankGroup: 'KBBZ' })
    expect(catalogue.groups[0]).toMatchObject({ main: ['51.8800'], related: [['51.2300']] })
    const slash = await city('local-2.0', ['A,核心,K80.1,51.8800/51.8700+51.2300,手术,900'], ['dialect: slash'])
    expect(slash.groups[0]).toMatchObject({ main: ['51.8800', '51.8700'], related: [['51.2300']] })
  })

  test('no style makes a group depend on the bill', () => {
    for (const { matching } of matchingStyles().values()) expect(matching.tieRule ?? []).not.toContain('closest-cost')
  })

  test('a cell with the wrong signs names the dialect that is declared', async () => {
    const file = put(folder, 'signs.csv', [HEADER, 'S,核心,K80.1,51.2300/51.2200,手术,900'].join('\n'))
    await expect(importCatalogue(file, { id: 'signs' })).rejects.toThrow('declare other signs as dialect')
  })
})

test('the report of an import shows the tables of levels', async () => {
  const { report } = await importCatalogue(`${folder}/jining.csv`)
  expect(dipReportText(report, 'zh')).toContain('手术级别')
})
