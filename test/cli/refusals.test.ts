import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { groupsGrid } from '../../cli/tables.ts'
import { home, readTable } from '../../files/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const HEAD = 'id,gender,age,dx,totalCost,patientPay,hospital,insurance,month'
const ROW = '1,1,40,K80.101,100,30,H001,310,2025-01'
let region = ''

/** A region file beside the synthetic one, with other contents. */
function regionWith(name: string, change: (text: string) => string): string {
  return put(folder, `region/${name}.yaml`, change(region))
}

const settle = (file: string, out = 'out') => runCli(`settle --region ${file} --out ${folder}/${out}`)

beforeAll(async () => {
  await runCli(`synth --cases 1500 --hospitals 4 --scheme chs-drg-2.0 --seed 7 --out ${folder}/region/cases.csv`)
  region = readFileSync(`${folder}/region/region.yaml`, 'utf8')
})

describe('a settlement refuses before it works', () => {
  it('to overwrite what it reads', async () => {
    await settle(`${folder}/region/region.yaml`, 'first')
    const own = readFileSync(`${folder}/first/weights.csv`, 'utf8')
    writeFileSync(`${folder}/region/weights.csv`, own)
    const file = regionWith('published', text => `${text}weights: weights.csv\n`)
    const { code, err } = await settle(file, 'region')
    expect([code, err]).toEqual([64, expect.stringContaining('FIL-007')])
    expect(readFileSync(`${folder}/region/weights.csv`, 'utf8')).toBe(own)
    expect(
      (
        await runCli(
          `weights ${folder}/region/cases.csv --scheme chs-drg-2.0 --config ${folder}/region/weights.csv --out ${folder}/region`,
        )
      ).code,
    ).toBe(65)
  })

  it('writes the weights that it used, and the computed ones aside', async () => {
    const used = readFileSync(`${folder}/region/weights.csv`, 'utf8').split('\n')
    const at = used[0]!.split(',').indexOf('weight')
    const groups = used.slice(1, 40).map(line => line.split(',')[0]!)
    put(folder, 'region/given.csv', `group,weight\n${groups.map((group, i) => `${group},${i + 1}.5\n`).join('')}`)
    const { code, err } = await settle(
      regionWith('given', text => `${text}weights: given.csv\n`),
      'given',
    )
    expect([code, err]).toEqual([0, expect.stringContaining("rows for 39 of the scheme's")])
    const written = readTable(`${folder}/given/weights.csv`)
    expect(written.rows.find(row => row.cells[0] === groups[2])!.cells[written.header.indexOf('weight')]).toBe('3.5')
    const computed = readFileSync(`${folder}/given/computed-weights.csv`, 'utf8').split('\n')
    expect(computed[3]!.split(',')[at]).toBe(used[3]!.split(',')[at])
  })

  it.each([
    ['a weight table of another scheme', 'weights: other.csv\n', 'WGT-007'],
    ['a policy without a price for a budget', 'provisionalPointValue: {"310": "60"}\n', 'POL-003'],
  ])('%s', async (_, text, code) => {
    put(folder, 'region/other.csv', 'group,weight\nX1,1\n')
    const file = regionWith('refused', whole =>
      (code === 'POL-003' ? whole.replace(/^provisional.*\n/m, '').replace('"390"', '"340"') : whole).concat(text),
    )
    const { err, all } = await settle(file)
    expect(err).toContain(code)
    expect(all).not.toContain('read and group')
  })

  it('a scenario with a mistake', async () => {
    const scenario = put(folder, 'bad.yaml', 'title: {zh: 错, en: Bad}\nset: {policy.high.bnads: []}\n')
    const { err } = await runCli(
      `simulate --region ${folder}/region/region.yaml --scenarios ${scenario} --out ${folder}/none`,
    )
    expect(err).toContain('SCN-001')
    expect(err).not.toContain('read and group')
  })

  it.each([
    ['no rows', HEAD, [], 'CAS-006'],
    ['no case that can be paid', HEAD, [ROW.replace('2025-01', '2019-01')], 'CAS-007'],
    ['no amounts', HEAD.replace(',patientPay', ''), [], 'column fundPay or patientPay'],
    ['no case that is grouped', HEAD, [ROW.replace('K80.101', 'NOPE')], 'WGT-008'],
  ])('%s', async (_, head, rows, text) => {
    put(folder, 'region/odd.csv', [head, ...rows, ''].join('\n'))
    const { code, err } = await settle(regionWith('odd', whole => whole.replace(/cases\.csv/, 'odd.csv')))
    expect([code, err]).toEqual([65, expect.stringContaining(text)])
  })
})

it('tells which file a case that cannot be paid stands in, and keeps duplicates when asked to', async () => {
  const rows = readFileSync(`${folder}/region/cases.csv`, 'utf8').split('\n')
  const [head, first] = rows as [string, string]
  const at = head.split(',').indexOf('month')
  const late = first.split(',').with(at, '2019-01').join(',')
  put(folder, 'region/empty.csv', `${head}\n`)
  put(folder, 'region/late.csv', `${head}\n${late.replace(/^[^,]*/, 'LATE')}\n${first}\n`)
  const file = regionWith('late', text => text.replace('- cases.csv', '- cases.csv\n  - empty.csv\n  - late.csv'))
  const { err } = await settle(file, 'late')
  expect(err).toContain('outside the pool)')
  const { header, rows: left } = readTable(`${folder}/late/unpayable.csv`)
  expect(header).toEqual(['file', 'line', 'reason', 'message'])
  expect(left.map(row => row.cells.slice(0, 3))).toEqual([[`${folder}/region/late.csv`, '2', 'month-outside-year']])
  expect(readFileSync(`${folder}/late/rejects.csv`, 'utf8')).toContain('id-duplicate')
  await runCli(`settle --region ${file} --out ${folder}/kept --duplicates keep`)
  expect(() => readFileSync(`${folder}/kept/rejects.csv`, 'utf8')).toThrow('ENOENT')
})

it('says so when policy, year and scheme do not go together, and settles', async () => {
  const pack = readFileSync(home('policies', 'yancheng-2025', 'policy.yaml'), 'utf8')
  put(folder, 'region/late.yaml', pack.replace('"2025-01-01"', '"2026-01-01"').replace(': chs-drg-2.0', ': other-drg'))
  const file = regionWith('dated', text => text.replace('yancheng-2025', 'late.yaml'))
  const { code, err } = await settle(file, 'dated')
  expect(code).toBe(0)
  expect(err).toContain('(valid from 2026-01-01 to open) does not cover all of 2025')
  expect(err).toContain('is written for scheme other-drg, not chs-drg-2.0')
  expect(readFileSync(`${folder}/dated/report.html`, 'utf8')).toContain('is written for scheme other-drg')
})

it('takes the way to weigh and the coefficients from files of the region', async () => {
  put(folder, 'region/ours.yaml', 'id: ours\ntitle: {zh: 本地, en: Ours}\ntrim: {method: none}\n')
  put(folder, 'region/k.csv', 'group,level,coefficient\nBR23,3,1.1\n')
  const file = regionWith('own', text => `${text}weightConfig: ours.yaml\ncoefficients: k.csv\n`)
  expect((await settle(file, 'own')).code).toBe(0)
  const quality = readTable(`${folder}/own/quality.csv`)
  const figure = (name: string): string => quality.rows.find(row => row.cells[0] === name)!.cells[1]!
  expect(figure('kept')).toBe(figure('used'))
  put(folder, 'region/k.csv', 'level,coefficient\n3,1.1\n')
  const { err } = await settle(file, 'own')
  expect(err).toContain('POL-009')
  expect(err).not.toContain('read and group')
})

it('means cover the cases that their sums cover', () => {
  const row = {
    group: 'A',
    cases: 3,
    outside: 1,
    points: 0,
    cost: 20000,
    patient: 0,
    fund: 0,
    gross: 40000,
    surplus: 20000,
    net: 0,
  }
  expect(groupsGrid([row], () => '', 'en').rows[0]!.slice(3, 5)).toEqual(['100.00', '200.00'])
})

it('heads every column of a table once', async () => {
  await settle(`${folder}/region/region.yaml`, 'heads')
  for (const name of ['by-hospital.csv', 'by-month.csv']) {
    const [head] = readFileSync(`${folder}/heads/${name}`, 'utf8').split('\n')
    expect(new Set(head!.split(',')).size).toBe(head!.split(',').length)
    expect(head).toContain('outsidePool')
  }
})
