import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTable, readWorkbook } from '../../files/index.ts'
import { runCli } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-weights-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const cases = `${folder}/cases.csv`
const hospitals = `${folder}/hospitals.csv`
const base = `weights ${cases} --scheme chs-drg-2.0`
const text = (name: string): string => readFileSync(join(folder, name), 'utf8')
const column = (file: string, name: string): string[] => {
  const { header, rows } = readTable(join(folder, file))
  return rows.map(({ cells }) => cells[header.indexOf(name)]!)
}

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  await runCli(`synth --cases 4000 --scheme chs-drg-2.0 --seed 11 --hospitals 6 --out ${cases}`)
})

describe('dianzhi weights', () => {
  const own = () =>
    put(
      'own.yaml',
      'bootstrap: {replicates: 50}\ninversions: pool\nemptyGroups: [lastYear, severity, parent]\ncoefficient: {kind: hospital}\nadjustments: [{id: children, groups: ["P*"], factor: "1.05"}]\n',
    )

  it('writes tables, workbook, report and note, and the same again from its own configuration', async () => {
    const first = await runCli(`${base} --hospitals ${hospitals} --config ${own()} --out ${folder}/a`)
    expect([first.code, first.err]).toEqual([0, expect.stringContaining('severity inversions found, 0 left')])
    const names = [
      'weights',
      'coefficients',
      'hospital-coefficients',
      'statistics',
      'inversions',
      'indices',
      'mdc-quality',
      'adjustments',
      'quality',
    ]
    for (const name of names) expect(readTable(`${folder}/a/${name}.csv`).rows.length, name).toBeGreaterThan(0)
    const sheets = await readWorkbook(`${folder}/a/weights.xlsx`)
    expect(sheets.map(one => one.name)).toEqual(expect.arrayContaining(['weights', 'statistics', 'indices']))
    const sheet = sheets.find(one => one.name === 'weights')!
    expect(sheet.rows.length - 1).toBe(readTable(`${folder}/a/weights.csv`).rows.length)
    expect([sheet.rows[1]!.kinds?.has(0), sheet.rows[1]!.kinds?.get(15)]).toEqual([false, 'number'])
    expect(text('a/report.html')).toContain('Severity inversions')
    const note = JSON.parse(text('a/run.json')) as { hashes: Record<string, string> }
    expect(Object.keys(note.hashes)).toEqual(['config', 'cases.csv', 'own.yaml', 'hospitals.csv'])

    const again = await runCli(
      `${base} --hospitals ${hospitals} --config ${folder}/a/config.yaml --threads 2 --out ${folder}/b`,
    )
    expect(again.code).toBe(0)
    for (const name of [...names.map(one => `${one}.csv`), 'config.yaml', 'report.html'])
      expect(text(`b/${name}`), name).toBe(text(`a/${name}`))
  })

  it('reads a case store as it reads the text', async () => {
    await runCli(`encode ${cases} --scheme chs-drg-2.0 --out ${folder}/cases.dzc`)
    await runCli(`${base} --hospitals ${hospitals} --out ${folder}/c`)
    const { code } = await runCli(
      `weights ${folder}/cases.dzc --scheme chs-drg-2.0 --hospitals ${hospitals} --out ${folder}/d`,
    )
    expect(code).toBe(0)
    for (const name of ['weights', 'coefficients', 'statistics', 'indices', 'quality'])
      expect(text(`d/${name}.csv`), name).toBe(text(`c/${name}.csv`))
    const mixed = await runCli(`weights ${folder}/cases.dzc ${cases} --scheme chs-drg-2.0 --out ${folder}/e`)
    expect([mixed.code, mixed.err]).toEqual([65, expect.stringContaining('STO-004')])
  })

  it("compares with last year's weights, and with another scheme on the same cases", async () => {
    const last = put('last.csv', 'group,weight\nOR19,0.5\nES29,9\nZZ99,1\n')
    const { code, err } = await runCli(`${base} --last ${last} --against chs-drg-1.1 --out ${folder}/f`)
    expect(code).toBe(0)
    expect(err).toContain("Weight table: rows for 2 of the scheme's")
    const drift = readTable(`${folder}/f/drift.csv`)
    expect(drift.rows.find(row => row.cells[0] === 'ES29')?.cells.at(-1)).toBe('true')
    expect(column('f/scheme-quality.csv', 'figure').slice(0, 3)).toEqual(['commonCases', 'onlyHere', 'before.groups'])
    const [a, b] = ['a', 'b'].map(name => column('f/scheme-quality.csv', name)[0])
    expect(a).toBe(b)
    const store = await runCli(
      `weights ${folder}/cases.dzc --scheme chs-drg-2.0 --against chs-drg-1.1 --out ${folder}/g`,
    )
    expect([store.code, store.err]).toEqual([64, expect.stringContaining('WGT-018')])
    const stranger = await runCli(`${base} --last ${put('strange.csv', 'group,weight\nZZ99,1\n')} --out ${folder}/g`)
    expect([stranger.code, stranger.err]).toEqual([65, expect.stringContaining('WGT-007')])
  })

  it('makes one table for each insurance scheme where asked for', async () => {
    const { code } = await runCli(`${base} --config ${put('each.yaml', 'tables: perInsurance\n')} --out ${folder}/h`)
    expect(code).toBe(0)
    const used = (file: string): number =>
      Number(readTable(`${folder}/${file}`).rows.find(row => row.cells[0] === 'used')!.cells[1])
    expect(used('h/insurance-310/quality.csv') + used('h/insurance-390/quality.csv')).toBe(used('h/quality.csv'))
    // Tables of schemes that are no longer asked for do not stay beside new ones; what is not the command's own does.
    writeFileSync(`${folder}/h/insurance-390/notes.txt`, 'mine')
    await runCli(`${base} --config ${put('one.yaml', 'insurances: ["310"]\n')} --out ${folder}/h/insurance-study`)
    const study = readdirSync(`${folder}/h/insurance-study`)
    const { err } = await runCli(`${base} --last ${folder}/h/insurance-310/weights.csv --out ${folder}/h`)
    expect(err).toContain('insurance-310/quality.csv')
    // Nor does what is read go.
    expect(readdirSync(`${folder}/h/insurance-310`)).toEqual(['weights.csv'])
    expect(readdirSync(`${folder}/h/insurance-390`)).toEqual(['notes.txt'])
    expect(readdirSync(`${folder}/h/insurance-study`)).toEqual(study)
    await runCli(`${base} --out ${folder}/h`)
    expect(existsSync(`${folder}/h/insurance-310`)).toBe(false)
  })

  it('adjusts the structure of costs where the files have charges', async () => {
    const lines = text('cases.csv').trim().split('\n')
    const cost = lines[0]!.split(',').indexOf('totalCost')
    const charged = lines.map((line, i) =>
      i === 0
        ? `${line},drugFee,耗材费`
        : `${line},${(Number(line.split(',')[cost]) * (i % 2 === 0 ? 0.5 : 0.1)).toFixed(2)},`,
    )
    const file = put('charged.csv', `${charged.join('\n')}\n`)
    const config = put('structure.yaml', 'costStructure: {drug: "0.25", other: "0.75"}\n')
    const { code } = await runCli(`weights ${file} --scheme chs-drg-2.0 --config ${config} --out ${folder}/i`)
    expect(code).toBe(0)
    expect(column('i/cost-structure.csv', 'target')).toEqual(['0', '0', '0', '0.25', '0', '0', '0.75'])
    expect(column('i/indices.csv', 'drugShare')[0]).toMatch(/^0\.\d+$/)
    const poor = await runCli(`${base} --config ${config} --out ${folder}/j`)
    expect([poor.code, poor.err]).toEqual([65, expect.stringContaining('WGT-010')])
  })

  it('names a configuration by its file, and refuses a missing column of hospitals before a case is read', async () => {
    const note = (): { weights: string } => JSON.parse(text('n/run.json')) as { weights: string }
    await runCli(`${base} --config ${put('ours-2025.yaml', 'nMin: 10\n')} --out ${folder}/n`)
    expect(text('n/report.html')).toContain('<h1>Weights: ours-2025</h1>')
    expect(note().weights).toBe('ours-2025')
    // With the header alone a run that reads cases ends in another fault.
    const empty = put('empty.csv', `${text('cases.csv').split('\n')[0]!}\n`)
    const xiamen = `weights ${empty} --scheme chs-drg-2.0 --hospitals ${hospitals} --config policies/weights-xiamen-2024.yaml`
    const { code, err } = await runCli(`${xiamen} --out ${folder}/o`)
    expect([code, err]).toEqual([65, expect.stringContaining('WGT-015')])
    expect(err).toContain('tcmShare')
  })

  it.each([
    ['years: {factors: [1, 0]}', 'DOC-002', 'years.factors'],
    ['severityOrder: [["1", "3"], ["3", "1"]]', 'DOC-002', 'severityOrder'],
    ['costStructure: {drug: "0.5"}', 'DOC-002', 'costStructure'],
    ['method: benchmark', 'DOC-002', 'benchmark'],
    ['adjustments: [{id: x, groups: ["P*"], facter: 1}]', 'DOC-00', 'adjustments.0'],
    ['trim: {multiple: {bands: [{upTo: 2, high: 3}, {upTo: 1, high: 2}]}}', 'DOC-002', 'trim.multiple.bands'],
    [
      'coefficient: {composite: {parts: [{index: oldShare, step: 1, add: 1, cap: {}}]}}',
      'DOC-002',
      'coefficient.composite.parts.0',
    ],
  ])('refuses %s', async (line, code, field) => {
    const { code: status, err } = await runCli(`${base} --config ${put('bad.yaml', `${line}\n`)} --out ${folder}/k`)
    expect([status, err]).toEqual([65, expect.stringContaining(code)])
    expect(err).toContain(field)
  })
})
