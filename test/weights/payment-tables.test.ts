import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { impliedRates, type PricingException, readPaymentTable } from '../../weights/index.ts'
import { hasReference, reference } from '../reference.ts'

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-tables-'))
afterAll(() => rmSync(folder, { recursive: true }))
const tables = hasReference()
  ? readdirSync(reference('settlement', 'payment-tables')).filter(name => name.endsWith('.csv'))
  : []
const read = (name: string) => readPaymentTable(reference('settlement', 'payment-tables', `${name}.csv`))

/** Rates by heading as the list of the published tables gives them. */
const RATES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'beijing-2022': { 支付标准: 20425 },
  'guangxi-2022': { '例均费用（玉林）': 7990.242 },
  'jilin-2022': { '支付标准（三级）': 9080.56 },
  'lanzhou-2022': { 支付标准: 11510.42 },
  'linyi-2022': { '支付标准（三级职工）': 9865, '支付标准（三级居民）': 9391, '支付标准（二级职工）': 9651, '支付标准（二级居民）': 8501 },
  'qingdao-2023': { '支付标准（青医/市立/齐鲁/青医平度）': 13200, '支付标准（三级）': 12000, '支付标准（二级）': 9600, '支付标准（一级）': 6960 },
  'suzhou-2022': { 一级医院支付标准: 9435.25, 二级医院支付标准: 9435.25, 三级医院支付标准: 9435.25 },
  'suzhou-2023': { 一级医院支付标准: 8728.3, 二级医院支付标准: 8728.3, 三级医院支付标准: 8728.3 },
  'taizhou-jiangsu-2022': { 二级医院支付标准: 9637 },
  'tongchuan-2022': { '支付标准（职工）': 7126.63, '支付标准（居民）': 6956.38 },
  'wuhan-2022': { '二级医院支付标准（职工）': 10618, '二级医院支付标准（居民）': 9800 },
  'wuxi-2022': { 一级医院支付标准: 7782, 二级医院支付标准: 9947, 三级医院支付标准: 13060 },
  'xian-2020': { 支付标准: 11587.4 },
  'yancheng-2022': { 二级医院支付标准: 7938.237, 三级医院支付标准: 7938.237 },
  'yancheng-2023': { 二级医院支付标准: 8227.1784, 三级医院支付标准: 8227.1784 },
} // biome-ignore format: a table

/** What a table prices by another rule than the rest. */
const EXCEPTIONS: Readonly<Record<string, readonly PricingException[]>> = {
  'wuxi-2022': [{ flag: '基础病组', rule: 'ownRate', reason: 'base groups take the rate of level 1 at all levels' }],
}

describe.skipIf(!hasReference())('the 27 published tables, found by their headings', () => {
  test('all of them load, every row', () => {
    const counts = tables.map(name => read(name.replace('.csv', '')).rows.length)
    expect([counts.length, counts.reduce((all, n) => all + n, 0)]).toEqual([27, 18_523])
  })

  test.each(Object.keys(RATES))('%s: one rate explains every priced row of a column', name => {
    const found = impliedRates(read(name), EXCEPTIONS[name])
    expect(found.map(one => one.column.title)).toEqual(Object.keys(RATES[name]!))
    for (const { column, rate, unexplained } of found) {
      const expected = RATES[name]![column.title]!
      expect(unexplained, column.title).toEqual([])
      expect(rate!.from.toNumber(), column.title).toBeLessThanOrEqual(expected)
      expect(rate!.to.toNumber(), column.title).toBeGreaterThanOrEqual(expected)
    }
  })

  test('the other twelve print no standards, so there is no rate to find', () => {
    const others = tables.map(name => name.replace('.csv', '')).filter(name => !(name in RATES))
    expect([others.length, others.filter(name => impliedRates(read(name)).length > 0)]).toEqual([12, []])
  })

  test('Wuxi: the base groups have the rate of level 1 in every column, and without the exception stand out', () => {
    for (const { exceptions } of impliedRates(read('wuxi-2022'), EXCEPTIONS['wuxi-2022'])) {
      expect(exceptions.map(one => one.rows)).toEqual([25])
      expect(exceptions[0]!.rate!.from.toNumber()).toBeLessThan(7782.02)
      expect(exceptions[0]!.rate!.to.toNumber()).toBeGreaterThan(7781.98)
    }
    expect(impliedRates(read('wuxi-2022')).map(one => one.unexplained.length)).toEqual([0, 25, 25])
  })

  test('Yancheng 2023: a blank coefficient beside a standard is 1; Urumqi lists a code twice; Yinchuan prints scores', () => {
    const { columns, rows } = read('yancheng-2023')
    const blanks = ['二级', '三级'].map(level => {
      const [factor, standard] = (['coefficient', 'standard'] as const).map(kind =>
        columns.findIndex(one => one.kind === kind && one.level === level),
      )
      return rows.filter(row => row.values[factor!] === null && row.values[standard!] !== null).length
    })
    expect(blanks).toEqual([106, 22])
    expect(read('urumqi-2022').repeated.map(one => one.group)).toEqual(['DR13'])
    expect(read('yinchuan-2023').unit).toBe('score')
  })

  test('flags as the list of the tables counts them', () => {
    const count = (name: string, flag: string): number => read(name).rows.filter(row => row.flags.includes(flag)).length
    expect([
      count('changsha-2023', '基础病组'), count('changsha-2023', '不稳定病组'), count('changzhou-2022', '基础组'),
      count('guangxi-2022', '不稳定'), count('taizhou-jiangsu-2022', '不稳定'), count('suzhou-2023', '中医优势病组'),
      count('yantai-2023', '同等费率病组'), count('yantai-2023', '总量控制病组'), count('yancheng-2022', '单议病组'),
      count('linfen-2022', '分级诊疗'), count('nanping-2023', '不稳定病组'), count('xinjiang-corps-2022', '基础病组'),
    ]).toEqual([14, 44, 20, 39, 53, 36, 23, 26, 24, 11, 107, 10]) // biome-ignore format: a table
    const missing = (name: string): number => read(name).rows.filter(row => row.weight === null).length
    expect(
      ['beijing-2022', 'changsha-2023', 'urumqi-2022', 'guangxi-2022', 'yancheng-2022', 'yancheng-2023'].map(missing),
    ).toEqual([49, 3, 9, 5, 36, 90])
  })
})

test('a table of another city: rows that one rate does not explain are named, exceptions may be groups', () => {
  const file = join(folder, 'city.csv')
  writeFileSync(
    file,
    'DRG编码,DRG名称,RW,备注,二级医院支付标准（职工）\n0,未入组,0.2,,2000.00\nAA19,甲,1,,10000.00\nAB19,乙,2,折半,10000.00\nAC19,丙,无,,0\nAD19,丁,1.5,,15000.00\n',
  )
  const table = readPaymentTable(file)
  expect(table.rows.map(row => [row.group, row.weight?.toString() ?? null, row.remark])).toEqual([
    ['0000', '0.2', ''], ['AA19', '1', ''], ['AB19', '2', '折半'], ['AC19', null, ''], ['AD19', '1.5', ''],
  ]) // biome-ignore format: rows
  expect(table.columns.at(-1)).toMatchObject({ kind: 'standard', level: '二级', insurance: '310' })
  expect(impliedRates(table)[0]).toMatchObject({ rows: 4, rate: null, unexplained: [4] })
  const half: PricingException = { groups: ['AB19'], rule: 'unexplained', reason: 'half weight' }
  expect(impliedRates(table, [half])[0]!.rate!.from.toNumber()).toBeCloseTo(10_000, -3)
  writeFileSync(file, 'DRG编码,DRG名称\nAA19,甲\n')
  expect(() => readPaymentTable(file)).toThrow('WGT-002')
})
