import { describe, expect, it } from 'vitest'
import {
  compileBook,
  loadScheme,
  type ReadOptions,
  type ReadSummary,
  type Reject,
  readCases,
} from '../../../grouper/index.ts'
import { put, temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const scheme = loadScheme('chs-drg-2.0')
const { dxTable, pxTable } = compileBook(scheme)

interface Read {
  readonly rows: string[]
  readonly rejects: Reject[]
  readonly summary: ReadSummary
}

/** Reads a file and gives each case back as text: every field of the batch, codes by name. */
function read(content: string | Uint8Array, options: Partial<ReadOptions> = {}): Read {
  const rows: string[] = []
  const rejects: Reject[] = []
  const codes = (ids: Uint16Array, from: number, to: number, names: readonly string[]): string =>
    [...ids.subarray(from, to)].map(id => (id === 0 ? '?' : names[id])).join('|')
  const summary = readCases([put(folder, 'cases.csv', content)], {
    dxTable,
    pxTable,
    ...options,
    onBatch(b) {
      for (let i = 0; i < b.count; i++) {
        rows.push(
          [
            b.line[i],
            new TextDecoder().decode(b.idBytes.subarray(b.idStart[i], b.idStart[i + 1])),
            b.sex[i],
            b.age[i],
            b.ageDays[i],
            b.weight[i],
            b.los[i],
            b.dischargeWay[i],
            b.cost[i],
            codes(b.dx, b.dxStart[i]!, b.dxStart[i + 1]!, scheme.diagnoses.codes),
            codes(b.px, b.pxStart[i]!, b.pxStart[i + 1]!, scheme.procedures.codes),
          ].join(' '),
        )
      }
    },
    onReject: reject => rejects.push(reject),
  })
  expect(summary.rows).toBe(summary.cases + summary.rejected)
  expect(rejects.length).toBe(summary.rejected)
  expect(rows.length).toBe(summary.cases)
  return { rows, rejects, summary }
}

const HEAD = 'id,gender,age,ageDay,weight,dept,los,leavingType,dx,proc,totalCost'
const FULL = '2 1 52 -1 -1 5 1 880000 K35.800x001|I10.x00x002|E11.900 47.0100'

describe('readCases', () => {
  it('reads every column of the simple table into units of the batch', () => {
    expect(read(`${HEAD}\n00123456,1,52,,,A04,5,1,K35.800x001|I10.x00x002|E11.900,47.0100,8800.00\n`).rows).toEqual([
      FULL.replace('2 ', '2 00123456 '),
    ])
  })

  it('reads the Chinese header with codes in one quoted cell, a BOM and CRLF', () => {
    const text =
      '\uFEFF病案号,性别,年龄,新生儿年龄天,新生儿出生体重,出院科室,住院天数,离院方式,总费用,诊断编码,手术操作编码,医保类型\r\n' +
      '00123456,男,52.0,,-,A04,5,1,8800.00,"K35.800x001,I10.x00x002,E11.900",47.0100,310\r\n'
    expect(read(text).rows).toEqual([FULL.replace('2 ', '2 00123456 ')])
  })

  it('reads GB18030 by itself and when told', () => {
    // 病案号,性别,年龄,诊断编码 and 女 in GB18030.
    const head = [0xb2, 0xa1, 0xb0, 0xb8, 0xba, 0xc5, 0x2c, 0xd0, 0xd4, 0xb1, 0xf0, 0x2c, 0xc4, 0xea, 0xc1, 0xe4, 0x2c]
    const dx = [0xd5, 0xef, 0xb6, 0xcf, 0xb1, 0xe0, 0xc2, 0xeb, 0x0a]
    const row = [...Buffer.from('7,'), 0xc5, 0xae, ...Buffer.from(',30,K80.101\n')]
    const bytes = Uint8Array.from([...head, ...dx, ...row, ...row.map((b, i) => (i === 0 ? 0x38 : b))])
    const wanted = ['2 7 2 30 -1 -1 -1 0 -1 K80.101 ', '3 8 2 30 -1 -1 -1 0 -1 K80.101 ']
    expect(read(bytes).rows).toEqual(wanted)
    expect(read(bytes).summary.encodings).toEqual(['gb18030'])
    expect(read(bytes, { encoding: 'gb18030', blockSize: 64 }).rows).toEqual(wanted)
  })

  it('repairs case and blanks of codes and counts it; unknown codes stay as unknown', () => {
    const { rows, summary } = read(`${HEAD}\n1,2,30,,,,3,1,k80.101| I50.900 |a01.002+g01*|XXX,51.2300|9,\n`)
    expect(rows).toEqual(['2 1 2 30 -1 -1 3 1 -1 K80.101|I50.900|A01.002+G01*|? 51.2300|?'])
    expect(summary).toMatchObject({ repaired: 2, unknownDx: 1, unknownPx: 1 })
  })

  it('never moves another code up into an empty principal slot', () => {
    expect(read(`${HEAD}\n1,1,30,,,,3,1,|K80.101,|47.0100,\n`).rows).toEqual(['2 1 1 30 -1 -1 3 1 -1  ?|47.0100'])
    const two = 'id,gender,age,主要诊断编码,其他诊断编码,主要手术操作编码,其他手术操作编码'
    expect(read(`${two}\n1,1,30,,K80.101,,47.0100\n2,1,30,K80.101,I50.900;E11.900,47.0100,51.2300\n`).rows).toEqual([
      '2 1 1 30 -1 -1 -1 0 -1  ?|47.0100',
      '3 2 1 30 -1 -1 -1 0 -1 K80.101|I50.900|E11.900 47.0100|51.2300',
    ])
  })

  it.each([
    ['not-an-integer', 'age', '1,1,abc,,,,3,1,K80.101,,'],
    ['not-an-integer', 'weight', '1,1,0,5,3.25,,3,1,K80.101,,'],
    ['out-of-range', 'age', '1,1,151,,,,3,1,K80.101,,'],
    ['out-of-range', 'los', '1,1,30,,,,99999999999,1,K80.101,,'],
    ['bad-sex', 'gender', '1,X,30,,,,3,1,K80.101,,'],
    ['not-money', 'totalCost', '1,1,30,,,,3,1,K80.101,,12.345'],
    ['not-money', 'totalCost', '1,1,30,,,,3,1,K80.101,,1e5'],
    ['not-money', 'totalCost', '1,1,30,,,,3,1,K80.101,,-5x'],
    ['not-money', 'totalCost', '1,1,30,,,,3,1,K80.101,,--5'],
    ['negative', 'totalCost', '1,1,30,,,,3,1,K80.101,,-5'],
    ['negative', 'totalCost', '1,1,30,,,,3,1,K80.101,,－5.50'],
    ['negative', 'age', '1,1,-30,,,,3,1,K80.101,,'],
    ['negative', 'los', '1,1,30,,,, −3.0 ,1,K80.101,,'],
    ['not-an-integer', 'los', '1,1,30,,,,-3d,1,K80.101,,'],
    ['out-of-range', 'totalCost', '1,1,30,,,,3,1,K80.101,,100000000.01'],
    ['too-few-columns', '', '1,1,30,,,,3,1,K80.101'],
    ['too-many-columns', '', '1,1,30,,,,3,1,K80.101,,5,6'],
    ['code-too-long', 'dx', `1,1,30,,,,3,1,${'K'.repeat(65)},,`],
    ['too-many-codes', 'dx', `1,1,30,,,,3,1,${'K80.101|'.repeat(501)},,`],
    ['id-missing', 'id', ',1,30,,,,3,1,K80.101,,'],
    ['open-quote', '', '1,1,30,,,"A,3,1,K80.101,,'],
  ])('rejects %s in %s and goes on', (reason, field, row) => {
    const good = '9,1,30,,,,3,1,K80.101,,1.00'
    const { rows, rejects } = read(`${HEAD}\n${row}\n${good}\n`)
    expect(rejects).toEqual([{ line: 2, field, reason, row }])
    expect(rows).toEqual(['3 9 1 30 -1 -1 3 1 100 K80.101 '])
  })

  it('rejects a row that is not UTF-8 without taking the file for GB18030', () => {
    const bytes = Buffer.concat([
      Buffer.from(`${HEAD}\n1,1,30,,,内科,3,1,K80.101,,\n2,1,30,,,`),
      Buffer.from([0xc4, 0xda, 0xbf, 0xc6]),
      Buffer.from(',3,1,K80.101,,\n3,1,30,,,外科,3,1,K80.101,,\n'),
    ])
    const { rows, rejects, summary } = read(bytes)
    expect(summary.encodings).toEqual(['utf-8'])
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([[3, 'encoding']])
    expect(rows.map(row => row.split(' ')[1])).toEqual(['1', '3'])
  })

  it('rejects the second row of an id, or keeps it when told', () => {
    const text = `${HEAD}\n7,1,30,,,,3,1,K80.101,,\n8,1,30,,,,3,1,K80.101,,\n7,2,31,,,,3,1,I50.900,,\n`
    expect(read(text).rejects.map(({ line, field, reason }) => [line, field, reason])).toEqual([
      [4, 'id', 'id-duplicate'],
    ])
    expect(read(text, { duplicates: 'keep' }).rows.length).toBe(3)
  })

  it('takes an id twice from two hospitals, and once from one, with labels or without', () => {
    const rows = [
      '7,H1,1,30,K80.101',
      '7,H2,1,30,K80.101',
      '7,,1,30,K80.101',
      '7,H1,1,30,K80.101',
      '"7","H2",1,30,K80.101',
    ]
    for (const labels of ['all', 'hospital', 'none'] as const) {
      const text = ['id,hospital,gender,age,dx', ...rows, ''].join('\n')
      expect(read(text, { labels }).rejects.map(({ line, reason }) => [line, reason])).toEqual([
        [5, 'id-duplicate'],
        [6, 'id-duplicate'],
      ])
      const last = ['hospital,gender,age,dx,id', 'H1,1,30,K80.101,7', 'H2,1,30,K80.101,7', 'H1,1,30,K80.101,7', '']
      expect(read(last.join('\n'), { labels }).rejects.map(({ line }) => line)).toEqual([4])
    }
  })

  it('refuses a file whose lines end with CR alone', () => {
    expect(() => read(`${HEAD}\r1,1,30,,,,3,1,K80.101,,\r`)).toThrow(expect.objectContaining({ code: 'CAS-008' }))
    expect(() => read(`${HEAD}\r1,1,30,,,,3,1,K80.101,,\n`)).toThrow(expect.objectContaining({ code: 'CAS-008' }))
  })

  it('keeps the line numbers through blank lines, line breaks in cells and stray quotes', () => {
    const text = `${HEAD}\n\n1,1,30,,,"two\nlines",3,1,K80.101,,\n2,1,30,,,"stray,3,1,K80.101,,\n3,1,30,,,,3,1,K80.101,,\n4,1,30,,,"a ""b""",3,1,K80.101,,`
    const { rows, rejects } = read(text)
    expect(rows.map(row => row.split(' ').slice(0, 2).join())).toEqual(['3,1', '6,3', '7,4'])
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([[5, 'open-quote']])
  })

  it('does not depend on block or batch size', () => {
    const lines = Array.from({ length: 400 }, (_, i) =>
      i % 17 === 0
        ? `${i},1,x,,,,3,1,K80.101,,`
        : i % 13 === 0
          ? `${i},2,40,,,"内,科",3,1,"K80.101,I50.900",51.2300,12.50`
          : `${i},1,${i % 90},,,${'n'.repeat(i % 40)},3,1,K80.101|I50.900,51.2300|47.0100,${i}.5`,
    )
    const text = `${HEAD}\r\n${lines.join('\r\n')}`
    const whole = read(text)
    for (const [blockSize, batchSize] of [
      [64, 1],
      [97, 7],
      [1000, 64],
      [4096, 1000],
    ] as const) {
      const parts = read(text, { blockSize, batchSize })
      expect(parts.rows).toEqual(whole.rows)
      expect(parts.rejects).toEqual(whole.rejects)
    }
  })

  it.each([
    ['CAS-003', ''],
    ['CAS-001', 'id,age,dx\n1,2,K80.101\n'],
    ['CAS-002', 'id,gender,性别,age,dx\n'],
  ])('refuses the file with %s', (code, text) => {
    expect(() => read(text)).toThrow(code)
  })

  it('repeats nothing of a case when the header is missing', () => {
    const file = put(folder, 'headless.csv', 'S1,1,40,K80.101\n')
    expect(() => readCases([file], { dxTable, pxTable, onBatch: () => {} })).toThrow(
      'of 4 columns these are known: none, the first line may not be a header.',
    )
  })

  it('says which column is missing and which headers would do', () => {
    const file = put(folder, 'bad.csv', 'id,age,dx\n')
    expect(() => readCases([file], { dxTable, pxTable, onBatch: () => {} })).toThrow(
      `CAS-001 ${file}:1  Column gender is missing; of 3 columns these are known: id, age, dx. Add it; accepted headers: gender, sex, 性别, 性别代码, gend, xb.`,
    )
  })
})
