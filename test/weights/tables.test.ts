import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readTable } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import {
  alignCoefficients,
  alignWeights,
  type CoefficientConfig,
  coefficientFile,
  readCoefficientTable,
  readWeightConfig,
  readWeightTable,
  weigh,
  writeWeighing,
} from '../../weights/index.ts'
import { hasReference, reference } from '../reference.ts'
import { configWith, decimal, groupedOf } from './cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-weights-'))
afterAll(() => rmSync(folder, { recursive: true }))
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const faultOf = (work: () => unknown): Fault => {
  try {
    work()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('no fault')
}
const MEAN = decimal('1000000')

describe('configuration', () => {
  test('a file names only what differs', () => {
    const config = readWeightConfig(
      write('own.yaml', 'trim: {method: sd, sd: {z: 2.5}}\nnMin: {value: 10, source: 本市办法, confidence: P}\n'),
    )
    const defaults = readWeightConfig()
    expect(config.trim.sd.z.toString()).toBe('2.5')
    expect(config).toEqual({
      ...defaults,
      // A file that does not name itself is named by its file.
      id: 'own',
      title: { zh: 'own', en: 'own' },
      nMin: 10,
      trim: { ...defaults.trim, method: 'sd', sd: { z: config.trim.sd.z } },
    })
  })

  test.each([
    ['trim:\n  metod: sd\n', 'DOC-003', 'trim.metod', 2],
    ['nMin:\n  value: 3\n  sorce: x\n', 'DOC-003', 'nMin.sorce', 3],
    ['nMin: 0\n', 'DOC-002', 'nMin', 1],
    ['scale: 100\ncvMax: none\n', 'DOC-002', 'cvMax', 2],
    ['trim:\n  percentile: {low: 99}\n', 'DOC-002', 'trim.percentile', 2],
  ])('a fault names the field: %j', (text, code, field, line) => {
    const fault = faultOf(() => readWeightConfig(write('bad.yaml', text)))
    expect([fault.code, fault.at.field, fault.at.line]).toEqual([code, field, line])
  })
})

describe('weight tables', () => {
  test('headings and the many ways to write "no weight"', () => {
    const file = write(
      'city.csv',
      'DRG编码,DRG名称,权重,不稳定病组\nAA19,一,1.5,\nBB19,二,无,\nCC19,三,0,\nDD19,四,1,※\nEE19,五,按项目据实支付,\n0,未入组,0.2,否\n',
    )
    const table = readWeightTable(file, MEAN)
    expect(table.groups).toEqual(['AA19', 'BB19', 'CC19', 'DD19', 'EE19', '0000'])
    expect(table.weight.map(w => w?.toString() ?? null)).toEqual(['1.5', null, null, '1', null, '0.2'])
    expect(table.stable).toEqual([true, false, false, false, false, true])
    const aligned = alignWeights(table, ['ZZ19', 'DD19', 'AA19'])
    expect(aligned.weight.map(w => w?.toString() ?? null)).toEqual([null, '1', '1.5'])
    expect(aligned.stable).toEqual([false, false, true])
  })

  test.each([
    ['DRG编码,价格\nAA19,1\n', 'WGT-002', 1, undefined],
    ['DRG编码,RW,权重\nAA19,1,1\n', 'WGT-003', 1, '权重'],
    ['DRG编码,RW\n,1\n', 'WGT-004', 2, 'DRG编码'],
    ['DRG编码,RW\nAA19,1\nAA19,2\n', 'WGT-005', 3, 'DRG编码'],
    ['DRG编码,RW\nAA19,1\nAB19,"1,5"\n', 'WGT-006', 3, 'RW'],
    ['DRG编码,RW\nAA19,-1\n', 'WGT-006', 2, 'RW'],
  ])('a fault names line and field: %j', (text, code, line, field) => {
    const fault = faultOf(() => readWeightTable(write('bad.csv', text), MEAN))
    expect([fault.code, fault.at.line, fault.at.field]).toEqual([code, line, field])
  })

  test.skipIf(!hasReference())('every published table reads, but for the two whose defects are known', () => {
    const tables = readdirSync(reference('settlement', 'payment-tables')).filter(name => name.endsWith('.csv'))
    expect(tables.length).toBe(27)
    const faults: string[] = []
    for (const name of tables) {
      const file = reference('settlement', 'payment-tables', name)
      try {
        expect(readWeightTable(file, MEAN).groups.length).toBe(readTable(file).rows.length)
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        faults.push(`${name} ${error.code}`)
      }
    }
    // Urumqi lists DR13 twice; Yinchuan prints scores, not weights.
    expect(faults).toEqual(['urumqi-2022.csv WGT-005', 'yinchuan-2023.csv WGT-002'])
  })

  test.skipIf(!hasReference())('unstable groups as counted from the published tables', () => {
    const count = (name: string) => {
      const table = readWeightTable(reference('settlement', 'payment-tables', name), MEAN)
      return table.stable.filter((stable, g) => !stable && table.weight[g] !== null).length
    }
    expect(count('nanping-2023.csv')).toBe(107)
    expect(count('lanzhou-2023.csv')).toBe(182)
  })
})

test('what is written can be read again', () => {
  const rows = ['AA11', 'AA15', 'BB19'].flatMap((group, g) =>
    Array.from({ length: 30 }, (_, i) => ({ group, cost: 100_000 * (g + 1) + 777 * i })),
  )
  const config = configWith({})
  const hospitals = [{ code: 'H001', name: '甲', level: '3' }]
  const result = weigh(groupedOf(rows), hospitals, config)
  writeWeighing(folder, result, config, group => `名${group}`, { used: undefined, encoding: undefined })
  const weights = readWeightTable(join(folder, 'weights.csv'), result.weights.meanCostExact)
  expect(weights.weight.map(String)).toEqual(result.weights.weight.map(String))
  expect(weights.stable).toEqual(result.weights.stable)
  expect(weights.meanCost).toBe(result.weights.meanCost)
  const coefficients = alignCoefficients(readCoefficientTable(join(folder, 'coefficients.csv')), weights.groups)
  expect(coefficients.kind).toBe('level')
  expect(coefficients.of(0, '3', 'H001').equals(result.coefficients.of(0, '3', 'H001'))).toBe(true)
})

describe('a published table gives the coefficients that were used', () => {
  const places = ['3', '3', '2', '3'].map((level, i) => ({ code: `H${i + 1}`, name: '', level }))
  // AA19: mean 110; BB19: mean 200. H4 has no case.
  const rows = [...[['AA19', 'H1', 150], ['AA19', 'H3', 70], ['BB19', 'H2', 200], ['BB19', 'H2', 200]] as const].flatMap(
    ([group, hospital, cost]) => Array.from({ length: 10 }, () => ({ group, hospital, cost })),
  ) // biome-ignore format: one line
  const published = (kind: CoefficientConfig['kind'], base: readonly string[] = []) => {
    const defaults = configWith({}).coefficient
    const coefficient: CoefficientConfig = {
      ...defaults, kind, shrinkN0: decimal('0'), base: { groups: base, value: decimal('1.02345') },
    } // biome-ignore format: one value
    const config = configWith({ nMin: 1, decimals: 10, coefficient }, { method: 'none' })
    const result = weigh(groupedOf(rows), places, config)
    writeWeighing(folder, result, config, () => '', { used: undefined, encoding: undefined })
    const { groups } = result.weights
    const file = join(folder, coefficientFile(kind as 'level'))
    const table = alignCoefficients(readCoefficientTable(file), groups)
    for (const [g] of groups.entries())
      for (const { code, level } of places)
        expect(table.of(g, level, code).toString()).toBe(result.coefficients.of(g, level, code).toString())
    return { kind: table.kind, lines: readTable(file).rows.map(({ cells }) => cells) }
  }

  test('of a level, and of a hospital without a case, which has that of its level', () => {
    expect(published('level').kind).toBe('level')
    const { kind, lines } = published('hospital')
    expect(kind).toBe('hospital')
    // Level 3: (1,500 + 4,000) / (1,100 + 4,000).
    expect(lines.at(-1)).toEqual(['H4', '3', '0', '0.00', '', '', '', '1.0784'])
  })

  test('of a group at a level; without a case there, that of the level', () => {
    const { kind, lines } = published('groupLevel')
    expect(kind).toBe('groupLevel')
    expect(lines).toContainEqual(['AA19', '3', '10', '15.00', '1.3636', '1.3636'])
    // Level 2 has AA19 alone: 70 / 110.
    expect(lines).toContainEqual(['BB19', '2', '0', '0.00', '', '0.6364'])
  })

  test('of a group at a hospital, one row each, with the one value of base groups', () => {
    const { kind, lines } = published('groupHospital')
    expect(kind).toBe('groupHospital')
    expect(lines).toEqual([
      ['AA19', 'H1', '10', '15.00', '1.3636', '1.3636'],
      ['BB19', 'H2', '20', '40.00', '1.0000', '1.0000'],
      ['AA19', 'H3', '10', '7.00', '0.6364', '0.6364'],
    ])
    const base = published('groupHospital', ['BB19']).lines.filter(([group]) => group === 'BB19')
    expect(base.map(([, hospital, , , , k]) => [hospital, k])).toEqual(
      ['H2', 'H1', 'H3', 'H4'].map(hospital => [hospital, '1.02345']),
    )
  })

  test('a group and hospital that stand twice are refused by both names', () => {
    const twice = write('twice.csv', 'group,hospital,coefficient\nAA19,H1,1.1\nAA19,H2,1.2\nBB19,H1,1.3\nAA19,H1,1.4\n')
    const { at, what } = faultOf(() => readCoefficientTable(twice))
    expect([at.line, what.en]).toEqual([5, 'AA19 H1 stands on line 2 already.'])
  })
})

test('coefficients by group and level, and by hospital', () => {
  const byGroup = alignCoefficients(
    readCoefficientTable(write('groups.csv', 'DRG编码,医院级别,系数\nAA19,3,1.1\nAA19,2,0.9\n')),
    ['BB19', 'AA19'],
  )
  expect(byGroup.kind).toBe('groupLevel')
  expect([byGroup.of(1, '3', ''), byGroup.of(1, '2', ''), byGroup.of(0, '3', '')].map(String)).toEqual([
    '1.1',
    '0.9',
    '1',
  ])
  const byHospital = alignCoefficients(
    readCoefficientTable(write('hospitals.csv', 'hospital,coefficient\nH001,1.05\n')),
    [],
  )
  expect(byHospital.kind).toBe('hospital')
  expect(byHospital.of(0, '3', 'H001').toString()).toBe('1.05')
})
