import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTable } from '../../files/index.ts'
import { matchCase } from '../../grouper/dip/match.ts'
import { loadCatalogue } from '../../grouper/index.ts'
import { runCli } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'dip-build-'))
const YEARS = [2023, 2024, 2025]

function contents(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return Object.fromEntries(
    names.map(entry => [
      join(entry.parentPath, entry.name).slice(path.length),
      readFileSync(join(entry.parentPath, entry.name), 'utf8'),
    ]),
  )
}

test('a catalogue from three synthetic years: the same bytes twice, and the cases that its report counts', async () => {
  const made = await runCli(
    `synth --scheme dip-3.0-sample --cases 1500 --years 3 --seed 5 --out ${join(folder, 'cases.csv')}`,
  )
  expect([made.code, readdirSync(folder).sort()]).toEqual([
    0,
    [...YEARS.map(year => `cases-${year}.csv`), 'hospitals.csv', 'region.yaml'],
  ])
  const files = YEARS.map(year => join(folder, `cases-${year}.csv`)).join(' ')
  const build = (name: string) =>
    runCli(`dip build ${files} --scheme dip-3.0-sample --auxiliary dip3-draft --out ${join(folder, name)}`)
  const first = await build('one')
  expect([first.code, first.out]).toEqual([0, expect.stringMatching(/core groups .* comprehensive/)])
  await build('two')
  const pack = join(folder, 'one')
  expect(contents(join(folder, 'two'))).toEqual(contents(pack))

  const report = readFileSync(join(folder, 'one', 'build', 'report.md'), 'utf8')
  for (const part of [
    'Coverage',
    'Groups and cases by CV',
    'Cases were resampled 200 times',
    'category or subcategory',
  ])
    expect(report).toContain(part)
  const keys = readTable(join(folder, 'one', 'build', 'keys.csv'))
  expect(new Set(keys.rows.map(({ cells }) => cells[1]))).toEqual(new Set(['merged', 'apart']))

  // The same cases in other files, in another order, and as stores with batches of another size.
  const [text, ...lines] = readFileSync(join(folder, 'cases-2023.csv'), 'utf8').trimEnd().split('\n')
  writeFileSync(join(folder, 'late.csv'), [text, ...lines.slice(1_100).reverse(), ''].join('\n'))
  writeFileSync(join(folder, 'early.csv'), [text, ...lines.slice(0, 1_100), ''].join('\n'))
  await runCli(`encode --scheme dip-3.0-sample ${join(folder, 'cases-2024.csv')} --out ${join(folder, '2024.dzc')}`)
  const mixed = ['late.csv', 'cases-2025.csv', '2024.dzc', 'early.csv'].map(name => join(folder, name)).join(' ')
  await runCli(`dip build ${mixed} --scheme dip-3.0-sample --auxiliary dip3-draft --out ${join(folder, 'three')}`)
  // What was run differs, by the names of the files.
  const { '/build/run.json': _, ...third } = contents(join(folder, 'three'))
  expect(contents(pack)).toMatchObject(third)

  // The literal matcher over the pack as it was written, against the counts of the report.
  const catalogue = loadCatalogue(pack)
  const counts = new Map<string, number>()
  for (const year of YEARS) {
    const table = readTable(join(folder, `cases-${year}.csv`))
    const cell = (cells: readonly string[], name: string): string => cells[table.header.indexOf(name)]!
    for (const { cells } of table.rows) {
      const number = (name: string): number | undefined =>
        cell(cells, name) === '' ? undefined : Number(cell(cells, name))
      const list = (name: string): string[] =>
        cell(cells, name)
          .split('|')
          .filter(code => code !== '')
      const given = {
        ageYears: number('age'),
        ageDays: number('ageDay'),
        weight: number('weight'),
        losDays: number('los'),
      }
      const { code } = matchCase(catalogue, { ...given, diagnoses: list('dx'), procedures: list('proc') } as Parameters<
        typeof matchCase
      >[1])
      counts.set(code, (counts.get(code) ?? 0) + 1)
    }
  }
  const groups = readTable(join(pack, 'build', 'groups.csv'))
  for (const { cells } of groups.rows)
    expect([cells[0], counts.get(cells[0]!) ?? 0]).toEqual([cells[0], Number(cells[7])])
  expect(groups.rows.filter(({ cells }) => cells[2] === 'local').length).toBeGreaterThan(20)
}, 300_000)

test('what cannot be built is refused with the place', async () => {
  const file = join(folder, 'none.csv')
  writeFileSync(file, 'id,gender,age,los,dx,proc,totalCost\n1,1,50,3,I10.x00,,100\n')
  const out = join(folder, 'none')
  const build = (rest: string) => runCli(`dip build ${file} --out ${out} ${rest}`)
  expect(await build('--scheme dip-3.0-sample')).toMatchObject({
    code: 65,
    err: expect.stringMatching(/DPB-001 .*none\.csv/),
  })
  expect(await build('--scheme nowhere')).toMatchObject({ code: 65, err: expect.stringContaining('PCK-008') })
  expect(await build('--scheme chs-drg-2.0')).toMatchObject({ code: 65, err: expect.stringContaining('DIP-020') })
  expect(await build('--scheme dip-3.0-sample --auxiliary nowhere')).toMatchObject({
    code: 65,
    err: expect.stringContaining('AUX-001'),
  })
  expect(await build('--scheme dip-3.0-sample --years 20')).toMatchObject({ code: 64 })
})
