import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  createCatalogue,
  type DipGroup,
  exportCatalogue,
  importCatalogue,
  loadCatalogue,
  matchCase,
  verifyDipCases,
  withMatching,
} from '../../../grouper/index.ts'
import { hasReference, reference } from '../../reference.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const sample = loadCatalogue('dip-3.0-sample')

describe.skipIf(!hasReference())('outside reference', () => {
  // A suite that is skipped is still gathered: nothing is read before a test runs.
  const read = (): unknown => JSON.parse(readFileSync(reference('dip', 'dip-cases-dev.json'), 'utf8'))

  test('the acceptance cases, comprehensive groups and ties among them', () => {
    const checks = verifyDipCases(sample, read())
    expect(checks.length).toBe(47)
    expect(checks.filter(check => !check.passed)).toEqual([])
  })

  test('a wrong expectation is told apart', () => {
    const { cases } = read() as { cases: { expected: { group: string } }[] }
    const wrong = {
      cases: cases.slice(0, 1).map(each => ({ ...each, expected: { status: 'grouped', group: 'XQ-2' } })),
    }
    expect(verifyDipCases(sample, wrong)).toMatchObject([
      { passed: false, expected: 'grouped XQ-2', found: 'grouped XQ-1' },
    ])
    expect(() => verifyDipCases(sample, { cases: [{}] })).toThrow(/DIP-017/)
  })

  test('the shipped pack is what the import makes of the reference rows', async () => {
    const { catalogue, report } = await importCatalogue(reference('dip', 'dip3-rows-sample.json'), {
      manifest: 'schemes/dip-3.0-sample/import.yaml',
    })
    expect(catalogue).toEqual(sample)
    expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(report.findings.filter(({ code }) => code === 'DIP-103')).toEqual([])
  })
})

test('export and import give the same catalogue, as a workbook and as CSV tables', async () => {
  for (const name of ['x.xlsx', 'tables']) {
    await exportCatalogue(sample, join(folder, name), undefined)
    const { catalogue } = await importCatalogue(join(folder, name))
    expect(catalogue.hash).toBe(sample.hash)
  }
})

describe('examples of the specification', () => {
  const code = (diagnoses: string[], procedures: string[], more = {}): string =>
    matchCase(sample, { diagnoses, procedures, ...more }).code

  test('I21.0 with a drug-eluting stent: ultrasound makes its own group, two-catheter angiography does not (table 3-3)', () => {
    const plain = code(['I21.000'], ['36.0700'])
    expect(code(['I21.000'], ['36.0700', '88.5600'])).toBe(plain)
    const ultrasound = code(['I21.000'], ['36.0700', '00.2400x001'])
    expect(ultrasound).not.toBe(plain)
    expect(sample.groups.find(group => group.code === ultrasound)).toMatchObject({
      main: expect.arrayContaining(['36.0700']),
      related: [expect.arrayContaining(['00.2400x001'])],
    })
  })

  test('K35.9: conservative, open and laparoscopic are groups of their own (table 3-2)', () => {
    const codes = [[], ['47.0901'], ['47.0100']].map(operations => code(['K35.900'], operations))
    expect(new Set(codes).size).toBe(3)
    expect(codes).toEqual(['JC-3629', expect.stringMatching(/^JC-/), 'JC-3625'])
  })

  test('C54: operations of the uterus without a row of their own pool in one comprehensive group (table 3-1)', () => {
    const cases: [string, string[]][] = [
      ['C54.100', ['68.4902']],
      ['C54.100', ['68.4101']],
      ['C54.100', ['68.4101', '65.6300']],
      ['C54.900', ['68.4901']],
    ]
    const properties = new Map(['68.4902', '68.4101', '68.4901'].map(operation => [operation, 'surgery' as const]))
    for (const comprehensive of ['formed', 'listed'] as const) {
      const listed: DipGroup = {
        code: 'C54-4',
        layer: 'ZH',
        sequence: 9_000,
        name: '子宫体恶性肿瘤，相关手术组',
        dx: ['C54'],
        main: [],
        related: [],
        position: 'main',
        conditions: {},
        property: 4,
        origin: 'local',
        figures: {},
      }
      const groups = comprehensive === 'listed' ? [...sample.groups, listed] : sample.groups
      const catalogue = withMatching(createCatalogue(sample.manifest, groups, { ...sample.lists, properties }), {
        comprehensive,
      })
      const found = cases.map(([dx, procedures]) => matchCase(catalogue, { diagnoses: [dx], procedures }))
      expect(found.map(each => [each.code, each.type, each.layer])).toEqual(
        cases.map(() => ['C54-4', 'comprehensive', 'ZH']),
      )
      // Conservative cases of the category pool in another group, which only a formed layer has here.
      expect(matchCase(catalogue, { diagnoses: ['C54.900'], procedures: [] }).code).toBe(
        comprehensive === 'formed' ? 'C54-1' : '0000',
      )
    }
  })

  test('P07 counts among other diagnoses too; a missing or zero weight is in no band', () => {
    const newborn = { ageYears: 0, ageDays: 3 }
    expect(code(['P22.000', 'P07.100'], [], { ...newborn, weight: 999 })).toBe('XQ-16')
    expect(code(['P22.000', 'P07.100'], [], { ...newborn, weight: 2499 })).toBe('XQ-19')
    for (const weight of [0, 2500]) expect(code(['P22.000', 'P07.100'], [], { ...newborn, weight })).toBe('0000')
    expect(code(['P22.000', 'P07.100'], [], newborn)).toBe('0000')
    expect(code(['P22.000', 'P07.100'], [], { ageDays: 29, weight: 900 })).toBe('0000')
  })

  test('an operation of 先期 counts in first place only, but for the rows that say otherwise', () => {
    expect(code(['I50.900'], ['39.9500x007', '33.6x00'])).toBe('JC-3221')
    expect(code(['I50.900'], ['39.9500x007', '39.6500'])).toBe('XQ-11')
    expect(code(['I50.900'], ['39.9500x007', '96.7201'])).toBe('XQ-13')
    expect(code(['I50.900'], ['96.7201'])).toBe('XQ-14')
  })

  test('what may never be main is passed over and kept as related', () => {
    expect(code(['K35.900'], ['17.4100', '47.0100'])).toBe('JC-3625')
    expect(code(['I50.900'], ['45.2302'])).toBe(code(['I50.900'], []))
    expect(code(['K35.900'], ['45.2302'])).not.toBe('JC-3629')
  })

  test('burns: largest area, graft with related graft, flap, and the row without operation as fallback', () => {
    expect(code(['T20.300', 'T31.000'], ['86.6201', '86.6901'])).toBe('FZ-1759')
    expect(code(['T20.700', 'T32.000'], ['86.7402'])).toBe('FZ-1758')
    expect(code(['T21.200', 'T31.100', 'T31.600'], [])).toBe('FZ-1754')
    expect(code(['T20.200', 'T31.000'], ['47.0100'])).toBe('FZ-1745')
    expect(code(['T20.200'], [])).toBe('0000')
  })

  test('two tumour ranges: the first one, reported as a tie', () => {
    expect(matchCase(sample, { diagnoses: ['Z51.101', 'C34.901', 'C78.000'], procedures: ['99.2503'] })).toMatchObject({
      code: 'FZ-1770',
      candidates: ['FZ-1770', 'FZ-1774'],
      decidedBy: 'first',
    })
  })

  test('tuberculosis: the list of 48 codes counts as principal diagnosis, U84.300 among the others', () => {
    expect(code(['A15.000x010'], [])).toBe('FZ-1836')
    expect(code(['A15.000'], [])).toBe('FZ-1837')
    expect(code(['A19.000x018'], ['33.2402'])).toBe('FZ-1854')
    expect(code(['A18.000', 'U84.300'], ['55.5103'])).toBe('FZ-1844')
    expect(code(['A18.000', 'A15.000x010'], ['55.5103'])).toBe('FZ-1845')
  })

  test('grassroots: by the diagnosis and operation of the case, finer than its group', () => {
    const tags = (diagnoses: string[], procedures: string[]): readonly string[] =>
      matchCase(sample, { diagnoses, procedures }).tags
    expect(tags(['J18.900'], [])).toEqual(['grassroots'])
    expect(tags(['J18.100'], [])).toEqual([])
    expect(tags(['J18.900'], ['96.7101'])).toEqual([])
    expect(tags(['K60.300'], ['49.1200'])).toEqual(['grassroots'])
    expect(tags(['M47.000+G99.2*'], [])).toEqual(['grassroots'])
  })
})
