import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { parseTable } from '../../files/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const HEAD =
  '病案号,性别,年龄,住院天数,机构编码,诊断编码,手术操作编码,总费用,医保类型,结算月份,出院科室,药品费,基金支付,个人支付'
const cases = put(
  folder,
  'cases.csv',
  [
    HEAD,
    '001,1,52,5,H1,K35.800x001|I10.x00x002,47.0100,8800.00,310,2025-03,普外科,1000.00,6000,2800',
    '002,2,33,3,H1,Z99.999,,500,390,2025-04,=内科,,,',
    '003,1,70,9,H2,I63.900,,12000.5,310,2025-03,神经内科,3000,9000.5,3000',
  ].join('\n'),
)
const PLAIN = [
  ['001', 'MDCG', 'GE2', 'GE29', 'grouped', ''],
  ['002', '0000', '0000', '0000', 'invalid', 'principal-unknown'],
  ['003', 'MDCB', 'BR2', 'BR25', 'grouped', ''],
]

/** Groups the cases and gives the file that was written. */
async function group(name: string, more = ''): Promise<string> {
  const out = join(folder, name)
  const { code, err } = await runCli(`group ${cases} --scheme chs-drg-2.0 --out ${out}${more}`, 'zh')
  expect(err).toContain('读入 3 行 = 输出 3 行')
  expect(code).toBe(0)
  return out
}

function buffer(file: string): ArrayBuffer {
  const bytes = readFileSync(file)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
}

describe('results of group', () => {
  it('have the form that the ending asks for, and the same rows in each', async () => {
    const csv = parseTable(readFileSync(await group('r.csv'), 'utf8'), 'x')
    expect(csv.rows.map(row => row.cells)).toEqual(PLAIN)
    const { sheets } = await readXlsx(readFileSync(await group('r.xlsx')))
    expect(sheets[0]!.rows[0]).toEqual(csv.header)
    expect(sheets[0]!.rows.slice(1).map(row => csv.header.map((_, i) => row[i] ?? ''))).toEqual(PLAIN)
    expect(sheets[1]!.rows.map(row => row[0])).toEqual(['项目', 'program', 'scheme', 'schemeHash'])
    const parquet = await parquetReadObjects({ file: buffer(await group('r.parquet', ' --threads 2')) })
    expect(parquet.map(row => csv.header.map(name => row[name] ?? ''))).toEqual(PLAIN)
    const lines = readFileSync(await group('r.jsonl'), 'utf8')
      .trim()
      .split('\n')
    expect(lines.map(line => Object.values(JSON.parse(line) as object).map(value => value ?? ''))).toEqual(PLAIN)
    expect(JSON.parse(readFileSync(await group('r.json'), 'utf8'))).toHaveLength(3)
  })

  it('are in the encoding that is asked for, whatever that of the input', async () => {
    const utf8 = readFileSync(await group('bom.csv', ' --output-encoding utf-8-bom'))
    expect([...utf8.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const gb = readFileSync(await group('gb.csv', ' --output-encoding gb18030 --template bureau'))
    const text = new TextDecoder('gb18030', { fatal: true }).decode(gb)
    expect(parseTable(text, 'x').rows[0]!.cells.slice(0, 8)).toEqual([
      '2025-03', '001', 'K35.800x001', '急性阑尾炎', '47.0100', '腹腔镜下阑尾切除术', 'GE29', '阑尾切除术',
    ]) // biome-ignore format: one row
  })

  it('take the columns of a template, with what is known of a case', async () => {
    const { header, rows } = parseTable(
      readFileSync(await group('analysis.csv', ' --template analysis'), 'utf8').slice(1),
      'x',
    )
    const facts = Object.fromEntries(header.map((name, i) => [name, rows[0]!.cells[i]]))
    expect(facts).toMatchObject({
      groupCode: 'GE29',
      icd10: 'K35.800x001',
      icd9: '47.0100',
      totalFee: '8800.00',
      drugFee: '1000.00',
      // 1000 / 8800
      药占比: '0.1136',
      耗占比: '',
      result: '分组成功',
    })
    const invalid = Object.fromEntries(header.map((name, i) => [name, rows[1]!.cells[i]]))
    expect(invalid.messages).toContain('字典')
  })

  it('have a sheet a month where the template has, and texts that are no formulas', async () => {
    const { sheets } = await readXlsx(readFileSync(await group('return.xlsx', ' --template settlement-return')), {
      readStyles: true,
    })
    expect(sheets.map(sheet => [sheet.name, sheet.rows.length])).toEqual([
      ['3月', 3],
      ['4月', 2],
      ['说明', 4],
    ])
    const at = sheets[1]!.rows[0]!.indexOf('office_name')
    expect(sheets[1]!.rows[1]![at]).toBe('=内科')
    expect(sheets[1]!.cells?.get(`1,${at}`)?.formula).toBeUndefined()
  })

  it('carry settlement ids and dates of every form through a template, each to its own case', async () => {
    const names = '病案号,结算ID,性别,年龄,住院天数,入院日期,出院日期,结算日期,出生日期,诊断编码,总费用'
    const row = (id: number, file: number): string =>
      // Every third row cannot be read; lines of the two files hold other cases.
      `${id},S${file}-${id},${id % 3 === 0 ? 7 : 1},52,4,2025-03-0${1 + (id % 5)},2025-04-0${1 + (id % 7)},2025-05-0${1 + file},1970-01-01,K35.800x001,8800`
    const files = [1, 2].map(file =>
      put(
        folder,
        `follow-${file}.csv`,
        [names, ...Array.from({ length: 9 }, (_, i) => row(i + file, file))].join('\n'),
      ),
    )
    for (const more of ['', ' --scheme dip-3.0-sample', ' --batch 2']) {
      const scheme = more.includes('--scheme') ? '' : ' --scheme chs-drg-2.0'
      const { out } = await runCli(
        `group ${files.join(' ')} --duplicates keep --template settlement-return${scheme}${more}`,
      )
      const { header, rows } = parseTable(out.replace(/^\ufeff/, ''), 'x')
      const at = (name: string): number => header.indexOf(name)
      expect(rows.map(({ cells }) => cells[at('settle_id')])).toEqual(
        [1, 2]
          .flatMap(file => Array.from({ length: 9 }, (_, i) => i + file).map(id => `S${file}-${id}`))
          .filter(id => Number(id.slice(3)) % 3 !== 0),
      )
      for (const { cells } of rows) {
        const [file, id] = cells[at('settle_id')]!.slice(1).split('-').map(Number) as [number, number]
        expect([cells[at('medical_no')], cells[at('in_time')], cells[at('out_time')], cells[at('settle_date')]]).toEqual([
          String(id), `2025-03-0${1 + (id % 5)}`, `2025-04-0${1 + (id % 7)}`, `2025-05-0${1 + file}`,
        ]) // biome-ignore format: one row
      }
    }
  })

  it('under a DIP catalogue take a template too', async () => {
    const { out } = await runCli(`group ${cases} --scheme dip-3.0-sample --template dip`, 'zh')
    const { header, rows } = parseTable(out.slice(1), 'x')
    const code = header.indexOf('dipCode')
    const plain = await runCli(`group ${cases} --scheme dip-3.0-sample`)
    expect(rows.map(row => row.cells[code])).toEqual(parseTable(plain.out, 'x').rows.map(row => row.cells[1]))
  })

  it.each([
    ['--template hospital-month', 'TAB-003'],
    ['--template nothing', 'TAB-002'],
    ['--format xlsx', 'TAB-003'],
    ['--format json --template bureau', 'TAB-003'],
    ['--format jsonl --output-encoding gb18030', 'TAB-003'],
  ])('are refused with %s', async (options, code) => {
    const ran = await runCli(`group ${cases} --scheme chs-drg-2.0 ${options}`)
    expect(ran.err).toContain(code)
    expect(ran.code).toBe(64)
  })
})

describe('a case store', () => {
  it('of cases in another code system groups as they do', async () => {
    const file = put(
      folder,
      'gl.csv',
      'id,sex,age,los,dx,proc\na,1,45,5,K35.900|I10.x00,47.01\nb,1,45,5,I10.x00,\nc,2,60,4,nothing,\n',
    )
    const store = join(folder, 'gl.dzc')
    const { err } = await runCli(`encode ${file} --scheme chs-drg-2.0 --code-system gl-3.0 --out ${store}`)
    expect(err).toContain('Converted icd10-gl-2.0 → icd10-yb-2.0: 2 codes unchanged, 1 changed, 0 failed')
    expect(err).toContain('1 procedure codes had lost zeros')
    const direct = await runCli(`group ${file} --scheme chs-drg-2.0 --code-system gl-3.0`)
    expect((await runCli(`group ${store} --scheme chs-drg-2.0`)).out).toBe(direct.out)
    expect(direct.out).toContain('a,MDCG,GE2,GE29,grouped,')
  })
})
