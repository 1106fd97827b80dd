import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { tableOf, unlisted } from '../../simulate/policy/coefficients.ts'
import { loadPolicy } from '../../simulate/policy/load.ts'
import { settleRegion } from '../../simulate/settle/region.ts'
import { type Region, readRegion } from '../../simulate/settle/region-file.ts'
import { anyRegion } from './arbitrary.ts'
import { policyOf } from './examples.ts'

const TEXT = `id: demo
title: {zh: 示例, en: Demo}
year: 2025
scheme: chs-drg-2.0
policy: yancheng-2025
cases: [cases.csv]
hospitals: hospitals.csv
budgets:
  - {insurance: "310", fund: "123456.00"}
  - {insurance: resident, fund: "45.50"}
provisionalPointValue: {"310": "58.5"}
`

function read(text: string, hospitals = 'code,name,level\nH001,甲医院,3\nH002,乙医院,2\n'): Region {
  const folder = mkdtempSync(join(tmpdir(), 'region-'))
  writeFileSync(join(folder, 'region.yaml'), text)
  writeFileSync(join(folder, 'hospitals.csv'), hospitals)
  return readRegion(join(folder, 'region.yaml'))
}

function faultOf(act: () => unknown): Fault {
  try {
    act()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('no fault')
}

describe('a region file', () => {
  test('is read with its hospitals; money becomes fen', () => {
    const region = read(TEXT)
    expect(region.budgets).toEqual([
      { insurance: '310', fund: 12_345_600, within: [] },
      { insurance: '390', fund: 4550, within: [] },
    ])
    expect(region.hospitals[1]).toEqual({ code: 'H002', name: '乙医院', level: '2' })
    expect(region.cases[0]?.endsWith('/cases.csv')).toBe(true)
    expect(region.provisionalPointValue.get('310')?.toString()).toBe('58.5')
  })

  test.each([
    ['zero budget', TEXT.replace('123456.00', '0.00'), 'DOC-002', 'budgets.0.fund'],
    ['negative budget', TEXT.replace('123456.00', '-5'), 'DOC-002', 'budgets.0.fund'],
    ['parts of a fen', TEXT.replace('123456.00', '1.005'), 'DOC-002', 'budgets.0.fund'],
    ['unknown insurance', TEXT.replace('"310", fund', 'worker, fund'), 'DOC-002', 'budgets.0.insurance'],
    ['budget twice', TEXT.replace('resident', 'employee'), 'REG-003', 'budgets.1.insurance'],
    ['unknown key', `${TEXT}reserve: "1"\n`, 'DOC-003', 'reserve'],
    [
      'lines that leave nothing',
      TEXT.replace(
        'fund: "123456.00"',
        'waterfall: {income: "9.00", lines: [{id: maternity, kind: amount, value: "9"}]}',
      ),
      'REG-007',
      'budgets.0.waterfall',
    ],
    [
      'parts above the budget',
      TEXT.replace('"123456.00"', '"9.00", within: [{id: reserve, kind: amount, value: "10"}]'),
      'REG-007',
      'budgets.0.within',
    ],
    [
      'visitors valued as nobody',
      `${TEXT}visitors: [{insurance: 异地, as: "340", pool: joins}]\n`,
      'REG-008',
      'visitors.0.as',
    ],
    [
      'visitors with a budget of their own',
      `${TEXT}visitors: [{insurance: "390", as: "310", pool: joins}]\n`,
      'REG-003',
      'visitors.0.insurance',
    ],
    ['a month that is none', `${TEXT}cycle: {through: "2025-13"}\n`, 'DOC-002', 'cycle.through'],
    ['unknown policy', TEXT.replace('yancheng-2025', 'atlantis-2025'), 'POL-001', undefined],
  ])('is refused with code and field: %s', (_, text, code, field) => {
    const fault = faultOf(() => read(text))
    expect([fault.code, fault.at.field]).toEqual([code, field])
    expect(fault.fix.zh).not.toBe('')
  })

  test.each([
    ['no level column', 'code,name\nH001,x\n', 'REG-001'],
    ['the same hospital twice', 'code,name,level\nH001,x,3\nH001,y,2\n', 'REG-002'],
    ['no level', 'code,name,level\nH001,x,\n', 'REG-002'],
  ])('whose hospital table has a mistake: %s', (_, hospitals, code) => {
    const fault = faultOf(() => read(TEXT, hospitals))
    expect([fault.code, fault.at.line]).toEqual([code, code === 'REG-001' ? 1 : hospitals.trim().split('\n').length])
  })
})

describe('cases that a region cannot settle', () => {
  const policy = policyOf({
    method: 'points', scale: '100', avgCost: '6000', ratioBase: 'avgRw', special: { ungrouped: { costShare: '0.7' }, ambiguous: { costShare: '0.8' } },
  }) // biome-ignore format: a policy
  const [input] = fc
    .sample(anyRegion(policy, 300), { numRuns: 20, seed: 3 })
    .sort((a, b) => b.cases.count - a.cases.count)
  if (input === undefined) throw new Error('no sample')

  test.each([
    ['a hospital missing in the table', { ...input, hospitals: input.hospitals.slice(1) }, 'REG-004'],
    ['an insurance without a budget', { ...input, budgets: input.budgets.slice(1) }, 'REG-005'],
    [
      'ungrouped cases without a rule',
      { ...input, policy: policyOf({ method: 'points', avgCost: '6000', ratioBase: 'avgRw' }) },
      'POL-002',
    ],
    [
      'coefficients of another kind',
      { ...input, policy: policyOf({ ...policy.document, coefficient: { kind: 'groupLevel' } }) },
      'POL-009',
    ],
  ])('%s', (_, region, code) => {
    expect(faultOf(() => settleRegion(region)).code).toBe(code)
  })

  test('a budget without cases stays whole as a residual', () => {
    const settlement = settleRegion({ ...input, budgets: [...input.budgets, { insurance: '340', fund: 77 }] })
    expect(settlement.pools.find(({ insurances }) => insurances[0] === '340')).toMatchObject({
      residual: 77,
      pointValue: null,
    })
  })
})

test('coefficients by class go by the column class of the hospital table, and a class that is not listed is named', () => {
  const table = 'code,name,level,class\nH001,甲,3,A\nH002,乙,3,L2\nH003,丙,2,\nH004,丁,2,X\n'
  const { hospitals } = read(TEXT.replace('yancheng-2025', 'shangrao-2025'), table)
  const policy = loadPolicy('shangrao-2025')
  const cases = { groups: ['BR23'], parents: ['BR2'] }
  const coefficients = tableOf(policy, { kind: 'level', of: () => new Decimal(9) }, cases, hospitals)
  // Shangrao: class A 1, class L2 0.45; what the list does not have is 1.
  expect(hospitals.map(({ code, level }) => coefficients.of(0, level, code).toString())).toEqual([
    '1',
    '0.45',
    '1',
    '1',
  ])
  expect(unlisted(policy, hospitals).map(({ code }) => code)).toEqual(['H003', 'H004'])
  expect(unlisted(loadPolicy('qingyang-2025'), hospitals)).toEqual([])
})
