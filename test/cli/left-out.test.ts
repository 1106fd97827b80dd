import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { noneUsable } from '../../cli/grouped-files.ts'
import { removeStale } from '../../cli/outputs.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const HEAD = 'id,gender,age,dx,proc,los,totalCost,fundPay,patientPay,hospital,insurance,month'
const region = `${folder}/r/region.yaml`

/** The cases of the region with one row more that cannot be read. */
function spoiled(name: string, change: (text: string) => string = text => text): string {
  const text = readFileSync(`${folder}/r/cases.csv`, 'utf8')
  return put(folder, `r/${name}`, change(`${text}S9,1\n`))
}

beforeAll(async () => {
  await runCli(`synth --cases 300 --hospitals 2 --scheme chs-drg-2.0 --seed 3 --out ${folder}/r/cases.csv`)
  await runCli(`settle --region ${region} --out ${folder}/settled`)
  await runCli(`synth --cases 300 --years 2 --scheme dip-3.0-sample --seed 3 --out ${folder}/d/cases.csv`)
})

describe('a run that is refused after its rows were read', () => {
  const none = `${folder}/none`
  afterEach(() => rmSync(none, { recursive: true, force: true }))
  const own = (text: string): string => {
    const name = `r/other-${text.length}.yaml`
    return put(folder, name, readFileSync(region, 'utf8').replace('cases.csv', text))
  }

  it.each<[string, string, () => string]>([
    ['group', 'TAB-001', () => `group ${spoiled('long.csv', text => text.replace('S00000001', 'S'.repeat(40_000)))} --scheme chs-drg-2.0 --out ${none}/out.xlsx`],
    ['encode', 'CAS-001', () => `encode ${spoiled('bad.csv')} ${put(folder, 'r/other.csv', 'a,b\n1,2\n')} --scheme chs-drg-2.0 --out ${none}/out.dzc`],
    ['weights', 'WGT-008', () => `weights ${put(folder, 'r/strange.csv', `${HEAD}\na,1,45,NOPE,,5,1,1,0,H001,310,2025-01\nb,1\n`)} --scheme chs-drg-2.0 --out ${none}`],
    ['settle', `WGT-001 ${folder}/r/hospitals.csv`, () => { spoiled('stranger.csv', text => text.replaceAll('H001', 'H009')); return `settle --region ${own('stranger.csv')} --out ${none}` }],
    ['scenario', 'WGT-001', () => { spoiled('visitor.csv', text => text.replaceAll('H001', 'H008')); return `simulate --region ${own('visitor.csv')} --scenarios budget-plus-5 --out ${none}` }],
    ['preview', 'PRE-006', () => `preview ${spoiled('own.csv')} --region ${region} --published ${folder}/settled --hospital H777 --out ${none}`],
    ['dip build', 'DPB-002', () => `dip build ${folder}/d/cases-2024.csv ${put(folder, 'd/odd.csv', `${readFileSync(`${folder}/d/cases-2025.csv`, 'utf8')}S9,1\n`)} --years 2019 --scheme dip-3.0-sample --out ${none}`],
  ])('leaves nothing: %s', async (_, code, command) => {
    const { err } = await runCli(command())
    expect(err).toContain(code)
    const left = existsSync(none) ? readdirSync(none, { recursive: true, withFileTypes: true }) : []
    expect(left.filter(entry => entry.isFile()).map(entry => entry.name)).toEqual([])
  }) // biome-ignore format: a row each
})

describe('files without a case that can be used', () => {
  const file = (): string =>
    put(
      folder,
      'r/unusable.csv',
      `${HEAD}\na,1,x,K80.101,,5,1,1,0,H001,310,2024-01\nb,1,y,K80.101,,5,1,1,0,H001,310,2024-01\nc,1,4\n`,
    )

  it.each([
    ['weights', () => `weights ${file()} --scheme chs-drg-2.0 --out ${folder}/none`],
    ['dip build', () => `dip build ${file()} --scheme dip-3.0-sample --out ${folder}/none`],
  ])('name every reason with the first row: %s', async (_, command) => {
    const { err, code } = await runCli(command(), 'en')
    expect([code, err]).toEqual([65, expect.stringContaining('CAS-007')])
    expect(err).toContain(`2 rows, the first ${folder}/r/unusable.csv:2: `)
    expect(err).toContain(`1 rows, the first ${folder}/r/unusable.csv:4: fewer columns`)
    expect((await runCli(command(), 'zh')).err).toContain(`2 行，首见 ${folder}/r/unusable.csv:2：`)
    // What to do stands on a line of its own.
    expect(err.endsWith('\nCorrect the files and run again; no result was written.\n')).toBe(true)
    expect(existsSync(`${folder}/none`)).toBe(false)
  })

  it('counts rows as all messages do', () => {
    const { what } = noneUsable('a.csv', 1_234_567, [{ reason: 'id-duplicate', rows: 4321, file: 'a.csv', line: 3 }])
    expect(what.en).toMatch(/^Of 1,234,567 rows none can be used:\n {2}4,321 rows, the first a\.csv:3: /)
    expect(what.zh).toMatch(/^1,234,567 行中没有一例可用：\n {2}4,321 行，首见 a\.csv:3：/)
  })
})

it('an old file of rejects does not stay beside new results', async () => {
  const [odd, out] = [spoiled('odd.csv'), `${folder}/again`]
  await runCli(`weights ${odd} --scheme chs-drg-2.0 --out ${out}`)
  expect(readFileSync(`${out}/rejects.csv`, 'utf8')).toContain('too-few-columns')
  await runCli(`weights ${folder}/r/cases.csv --scheme chs-drg-2.0 --duplicates keep --out ${out}`)
  expect(existsSync(`${out}/rejects.csv`)).toBe(false)
})

it('a catalogue that is built has its rejects beside it, in the encoding asked for, and no file where there are none', async () => {
  const out = `${folder}/pack`
  const build = async (file: string): Promise<string> =>
    (await runCli(`dip build ${file} --scheme dip-3.0-sample --out ${out} --output-encoding gb18030`, 'zh')).err
  const rejects = `${out}/build/rejects.csv`
  expect(await build(spoiled('odd.csv'))).toContain('rejects.csv')
  const [head, ...rows] = new TextDecoder('gb18030', { fatal: true }).decode(readFileSync(rejects)).split('\n')
  expect([head, rows.some(row => row.includes('too-few-columns,,列数少于表头'))]).toEqual([
    'file,line,reason,field,message,row',
    true,
  ])
  const first = readFileSync(`${folder}/r/cases.csv`, 'utf8').split('\n')
  const ids = new Set<string>()
  const once = first.filter(row => !ids.has(row.split(',')[0]!) && ids.add(row.split(',')[0]!))
  expect(await build(put(folder, 'r/once.csv', `${once.join('\n')}\n`))).not.toContain('rejects.csv')
  expect(existsSync(rejects)).toBe(false)
}, 60_000)

describe('results of an earlier run do not stay beside new ones', () => {
  /** Files below a folder, without those that are no results of ours. */
  const files = (name: string): string[] =>
    readdirSync(`${folder}/${name}`, { recursive: true, encoding: 'utf8' }).filter(file => /\.\w+$/.test(file)).sort() // biome-ignore format: one line
  const own = ['notes.txt', 'scenario-of-mine.csv', 'statistics.csv']

  it('of simulate, in a folder of settle; other files stay', async () => {
    await runCli(`simulate --region ${region} --scenarios budget-plus-5 --out ${folder}/used`)
    for (const name of own) put(folder, `used/${name}`, 'mine')
    expect(files('used')).toEqual(expect.arrayContaining(['scenarios.csv', 'scenarios.xlsx', 'scenario-causes.csv']))
    const { err, code } = await runCli(`settle --region ${region} --out ${folder}/used`)
    expect(code, err).toBe(0)
    expect(files('used')).toEqual([...files('settled'), ...own].sort())
    expect(err).toContain('this one did not write: scenarios.csv, scenario-pools.csv, scenario-causes.csv,')
    expect((await runCli(`settle --region ${region} --out ${folder}/used`)).err).not.toContain('Removed')
  })

  it('of departments, where the cases name none any more', async () => {
    expect(files('settled')).toContain('departments.xlsx')
    const [header = '', ...rows] = readFileSync(`${folder}/r/cases.csv`, 'utf8').trimEnd().split('\n')
    const at = header.split(',').indexOf('dept')
    const without = rows.map(row => row.split(',').map((cell, i) => (i === at ? '' : cell)).join(',')) // biome-ignore format: one line
    put(folder, 'r/plain.csv', [header, ...without, ''].join('\n'))
    const plain = put(folder, 'r/plain.yaml', readFileSync(region, 'utf8').replace('cases.csv', 'plain.csv'))
    await runCli(`settle --region ${region} --out ${folder}/plain`)
    const { err } = await runCli(`settle --region ${plain} --out ${folder}/plain`, 'zh')
    expect(err).toContain('已删除以前运行留下、本次未写出的结果：by-department.csv、')
    expect(files('plain')).not.toContain('departments.xlsx')
  })

  it('of settlement sheets in another format', async () => {
    for (const format of ['xlsx', 'csv'])
      await runCli(`settle --region ${region} --sheets settlement-return --format ${format} --out ${folder}/sheets`)
    expect(files('sheets/sheets')).toEqual(
      ['H001', 'H002'].flatMap(code => [`${code}-settlement-return-columns.csv`, `${code}-settlement-return.csv`]),
    )
  })

  it('of a preview in another format', async () => {
    const preview = `preview ${folder}/r/cases.csv --region ${region} --published ${folder}/settled --hospital H001`
    await runCli(`${preview} --out ${folder}/preview`)
    expect(files('preview')).toContain('case-result.xlsx')
    put(folder, 'preview/case-notes.xlsx', 'mine')
    const { err } = await runCli(`${preview} --format parquet --out ${folder}/preview`)
    expect(err).toContain('did not write: case-result.xlsx\n')
    expect(files('preview')).toEqual(expect.arrayContaining(['case-notes.xlsx', 'case-result.parquet']))
  })

  it('but what the run has read stays, by whatever name', () => {
    const read = put(folder, 'read.csv', 'x')
    symlinkSync(read, `${folder}/old.csv`)
    put(folder, 'older.csv', 'x')
    const stream = { write: () => true }
    const console = { out: stream, err: stream, lang: 'en' } as const
    const known = ['read.csv', 'old.csv', 'older.csv', 'new.csv'].map(name => `${folder}/${name}`)
    removeStale(console, folder, known, { written: ['new.csv'], inputs: [read] })
    expect(['read.csv', 'old.csv', 'older.csv'].map(name => existsSync(`${folder}/${name}`))).toEqual([
      true,
      true,
      false,
    ])
  })
})
