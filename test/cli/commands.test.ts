import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../files/index.ts'
import { loadScheme } from '../../grouper/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const CASES = join(import.meta.dirname, '..', '..', 'examples', 'cases.csv')

describe('usage', () => {
  it.each([
    ['group', 64, "error: required option '--scheme <id>' not specified"],
    ['group a.csv --scheme chs-drg-2.0 --format xml', 64, 'Allowed choices are csv, xlsx, parquet, jsonl, json'],
    [
      'explain --scheme chs-drg-2.0 --dx A --age x',
      64,
      "option '--age <years>' argument 'x' is invalid. It must be a whole number from 0 to 150.",
    ],
    ['nonsense', 64, "error: unknown command 'nonsense'"],
    ['group nowhere.csv --scheme chs-drg-2.0', 65, 'FIL-001 nowhere.csv  There is no such file.'],
    ['group a.csv --scheme chs-drg-9', 65, 'PCK-008 [scheme]  There is no scheme chs-drg-9'],
    ['settle --region nowhere.yaml --out x', 65, 'FIL-001 nowhere.yaml'],
  ])('%s ends with %i', async (command, code, text) => {
    const ran = await runCli(command)
    expect(ran.code).toBe(code)
    expect(ran.err).toContain(text)
  })

  it('says the same in Chinese', async () => {
    expect((await runCli('group nowhere.csv --scheme chs-drg-2.0', 'zh')).err).toBe(
      'FIL-001 nowhere.csv  没有这个文件。请检查路径。\n',
    )
  })

  it('help is no error', async () => expect((await runCli('group --help')).code).toBe(0))
})

describe('group', () => {
  it('writes CSV to standard output when no file is named', async () => {
    const { out } = await runCli(`group ${CASES} --scheme chs-drg-2.0`)
    expect(out.split('\n').slice(0, 3)).toEqual([
      'id,mdc,adrg,drg,status,reason',
      'A01,MDCH,HC2,HC23,grouped,',
      'A02,MDCF,FM3,FM39,grouped,',
    ])
  })

  it('writes one JSON array with one object a line', async () => {
    const { out } = await runCli(`group ${CASES} --scheme chs-drg-2.0 --format json`)
    const rows = JSON.parse(out) as { id: string; drg: string }[]
    expect(rows.map(({ id, drg }) => `${id} ${drg}`)).toEqual([
      'A01 HC23',
      'A02 FM39',
      'A03 PS29',
      'A04 OB19',
      'A05 EQY',
      'A06 0000',
    ])
    expect(out.trimEnd().split('\n').length).toBe(rows.length + 2)
  })

  it('leaves no half file behind when it fails', async () => {
    const bad = put(folder, 'bad.csv', 'a,b\n1,2\n')
    const { code } = await runCli(`group ${bad} --scheme chs-drg-2.0 --out ${folder}/bad.out.csv`)
    expect(code).toBe(65)
    expect(() => readFileSync(`${folder}/bad.out.csv`)).toThrow('ENOENT')
    expect(() => readFileSync(`${folder}/bad.out.csv.part`)).toThrow('ENOENT')
  })

  it('never writes over its input', async () => {
    const { code, err } = await runCli(`group ${CASES} --scheme chs-drg-2.0 --out ${CASES}`)
    expect(code).toBe(64)
    expect(err).toContain('FIL-007')
    expect((await runCli(`group ${CASES} --scheme chs-drg-2.0 --out ${folder}/a --rejects ${folder}/a`)).code).toBe(64)
  })

  it('leaves no old rejects beside new results', async () => {
    await runCli(`group ${CASES} --scheme chs-drg-2.0 --out ${folder}/r.csv`)
    expect(readFileSync(`${folder}/r.csv.rejects.csv`, 'utf8').split('\n').length).toBe(3)
    const good = put(folder, 'good.csv', 'id,gender,age,dx\n1,1,40,K80.101\n')
    await runCli(`group ${good} --scheme chs-drg-2.0 --out ${folder}/r.csv`)
    expect(readFileSync(`${folder}/r.csv.rejects.csv`, 'utf8')).toBe('file,line,reason,field,message,row\n')
  })

  it('says that a folder is no file to write', async () => {
    const { code, err } = await runCli(`group ${CASES} --scheme chs-drg-2.0 --out ${folder}`)
    expect(code).toBe(75)
    expect(err).toContain('FIL-006')
  })

  it('makes ids harmless for spreadsheets', async () => {
    const file = put(folder, 'ids.csv', 'id,gender,age,dx\n=1+1,1,40,K80.101\n-5,1,40,K80.101\n')
    expect(
      (await runCli(`group ${file} --scheme chs-drg-2.0`)).out
        .split('\n')
        .slice(1, 3)
        .map(line => line.split(',')[0]),
    ).toEqual(["'=1+1", '-5'])
  })
})

describe('explain', () => {
  it('prints JSON with stable keys', async () => {
    const { out } = await runCli(
      'explain --scheme chs-drg-2.0 --dx K80.101,I50.900 --proc 51.2300 --sex 1 --age 45 --json',
    )
    const explanation = JSON.parse(out) as Record<string, unknown>
    expect(Object.keys(explanation)).toEqual([
      'scheme',
      'changes',
      'codes',
      'rules',
      'otherMdcs',
      'complications',
      'outcome',
      'effects',
      'misses',
      'review',
    ])
    expect(explanation.outcome).toMatchObject({ status: 'grouped', mdc: 'MDCH', adrg: 'HC2', drg: 'HC23' })
  })
})

describe('explain without a principal diagnosis', () => {
  it('does not move another code up', async () => {
    const { out } = await runCli('explain --scheme chs-drg-2.0 --dx ,I50.900 --sex 1 --age 45 --json')
    expect((JSON.parse(out) as { outcome: { reason: string } }).outcome.reason).toBe('principal-missing')
  })
})

describe('a region by the command line', () => {
  it('settles to the fen, from the files that it wrote itself', async () => {
    await runCli(`synth --cases 3000 --hospitals 5 --scheme chs-drg-2.0 --seed 9 --out ${folder}/region/cases.csv`)
    const { code, err } = await runCli(`settle --region ${folder}/region/region.yaml --out ${folder}/settled`)
    expect(code).toBe(0)
    expect(err).toContain('3,000 rows in = ')

    const cents = (text: string): number => Math.round(Number(text) * 100)
    const pools = readTable(`${folder}/settled/pools.csv`)
    const hospitals = readTable(`${folder}/settled/by-hospital.csv`)
    const column = (table: typeof pools, name: string): number[] =>
      table.rows.map(row => cents(row.cells[table.header.indexOf(name)]!))
    const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0)
    expect(sum(column(hospitals, 'due')) + sum(column(pools, 'residual'))).toBe(sum(column(pools, 'budget')))

    const months = readTable(`${folder}/settled/by-month.csv`)
    expect(sum(column(months, 'gross'))).toBe(sum(column(hospitals, 'gross')))
    expect(sum(column(months, 'cases'))).toBe(sum(column(hospitals, 'cases')))
    const clearing = readTable(`${folder}/settled/clearing.csv`)
    const payments = readTable(`${folder}/settled/payments.csv`)
    expect(sum(column(payments, 'paid')) + sum(column(clearing, 'final')) + sum(column(clearing, 'advance'))).toBe(
      sum(column(clearing, 'due')) - sum(column(clearing, 'lostDeposit')),
    )
    expect(readFileSync(`${folder}/settled/report.html`, 'utf8')).toContain('Hospitals by surplus')
    const note = JSON.parse(readFileSync(`${folder}/settled/run.json`, 'utf8')) as {
      scheme: { hash: string }
      counts: object
    }
    expect(note).toMatchObject({ command: 'settle', policy: 'yancheng-2025', counts: { rows: 3000 } })
    expect(note.scheme.hash).toBe(loadScheme('chs-drg-2.0').hash)
  })

  it('derives weights whose mean is 1', async () => {
    const { code } = await runCli(
      `weights ${folder}/region/cases.csv --scheme chs-drg-2.0 --hospitals ${folder}/region/hospitals.csv --out ${folder}/weights`,
    )
    expect(code).toBe(0)
    const quality = readTable(`${folder}/weights/quality.csv`)
    const mean = quality.rows.find(row => row.cells[0] === 'meanWeight')!.cells[1]!
    expect(Math.abs(Number(mean) - 1)).toBeLessThan(5e-5)
  })

  it('refuses cases without money, naming the column', async () => {
    const file = put(folder, 'poor.csv', 'id,gender,age,dx\n1,1,40,K80.101\n')
    const { err, code } = await runCli(`weights ${file} --scheme chs-drg-2.0 --out ${folder}/none`)
    expect(code).toBe(65)
    expect(err).toContain(`CAS-005 ${file}:1  Weights and settlement need the column totalCost; the file has none.`)
  })
})

describe('scheme', () => {
  it('imports what it can read and shows it', async () => {
    expect((await runCli('scheme list')).out).toContain('chs-drg-2.0')
    const { out } = await runCli('scheme show chs-drg-2.0 --json')
    expect(JSON.parse(out)).toMatchObject({
      id: 'chs-drg-2.0',
      counts: { mdc: 26, adrg: 430, drg: 655, sets: 513, setRows: 102_431, cc: 12_486 },
    })
  })
})
