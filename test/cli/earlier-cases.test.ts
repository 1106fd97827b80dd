import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { readTable } from '../../files/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const region = (name: string, more: string, policy = 'jinhua'): string =>
  put(
    folder,
    `${name}.yaml`,
    `id: ${name}
title: {zh: 甲, en: A}
year: 2025
scheme: chs-drg-2.0
policy: ${policy}
cases: [cases.csv]
hospitals: hospitals.csv
weightConfig: plain.yaml
budgets:
  - {insurance: "310", fund: "9000000"}
  - {insurance: "390", fund: "9000000"}
${more}`,
  )
/** A table as rows by the names of their columns. */
const table = (name: string): Record<string, string>[] => {
  const { header, rows } = readTable(`${folder}/${name}`)
  return rows.map(({ cells }) => Object.fromEntries(header.map((key, i) => [key, cells[i]!])))
}

test('coefficients follow from the cases of the two years before, as a plain loop over the grouped cases has them', async () => {
  for (const [year, seed] of [[2023, 5], [2024, 6], [2025, 7]] as const) {
    await runCli(`synth --cases 1200 --hospitals 3 --scheme chs-drg-2.0 --seed ${seed} --out ${folder}/${year}/cases.csv`)
    // Synthetic cases are of one year, and their ids the same in all.
    writeFileSync(`${folder}/${year}.csv`, readFileSync(`${folder}/${year}/cases.csv`, 'utf8').replaceAll(/\b2025-(\d\d)\b/g, `${year}-$1`).replaceAll(/^S/gm, `S${year}`))
    await runCli(`group ${folder}/${year}.csv --scheme chs-drg-2.0 --out ${folder}/grouped-${year}.csv`)
  } // biome-ignore format: one line each
  writeFileSync(`${folder}/cases.csv`, readFileSync(`${folder}/2025.csv`))
  writeFileSync(`${folder}/hospitals.csv`, readFileSync(`${folder}/2025/hospitals.csv`))
  put(
    folder,
    'plain.yaml',
    'id: plain\ntrim: {method: none}\ncoefficient: {shrinkN0: "0", min: "0.0001", max: "1000"}\n',
  )

  const { code, err } = await runCli(
    `settle --region ${region('earlier', 'coefficientCases: [2023.csv, 2024.csv]\n')} --out ${folder}/e`,
  )
  expect(code, err).toBe(0)
  expect(err).toContain('Cases of earlier years: 2,400 rows in = 2,400 cases + 0 rejects + 0 left out')
  const sums = new Map<string, { n: number; cost: Decimal }>()
  for (const year of [2023, 2024]) {
    const cases = new Map(table(`${year}.csv`).map(one => [one.id!, one]))
    for (const { id, drg, status } of table(`grouped-${year}.csv`)) {
      if (status !== 'grouped') continue
      const { hospital, totalCost } = cases.get(id!)!
      for (const key of [`${drg} ${hospital}`, drg!]) {
        const { n, cost } = sums.get(key) ?? { n: 0, cost: new Decimal(0) }
        sums.set(key, { n: n + 1, cost: cost.plus(totalCost!) })
      }
    }
  }
  const mean = (key: string): Decimal => sums.get(key)!.cost.div(sums.get(key)!.n)
  const found = table('e/group-coefficients.csv')
  expect(found.length).toBe([...sums.keys()].filter(key => key.includes(' ')).length)
  for (const { group, hospital, coefficient } of found)
    expect(coefficient).toBe(mean(`${group} ${hospital}`).div(mean(group!)).toFixed(4, Decimal.ROUND_HALF_UP))

  // Without them the year's own cases count, and a note says so.
  const own = await runCli(`settle --region ${region('own', '')} --out ${folder}/o`)
  expect(own.err).toContain('rest on the 2 years before')
  expect(table('o/group-coefficients.csv')).not.toEqual(found)
})

test('refuses years that the policy does not ask for, and cases that no coefficient would follow from', async () => {
  const run = async (more: string): Promise<string> =>
    (await runCli(`settle --region ${region('odd', more)} --out ${folder}/x`)).err
  expect(await run('coefficientCases: [2024.csv]\n')).toMatch(
    /REG-014 .*odd.yaml:12:\d+ .*none of 2023.*of 2023…2024\./,
  )
  expect(await run('coefficientCases: [2023.csv, 2024.csv, 2025.csv]\n')).toMatch(/REG-014.*some of 2025/)
  put(folder, 'k.csv', 'group,hospital,coefficient\nBR21,H001,1.1\n')
  expect(await run('coefficientCases: [2023.csv, 2024.csv]\ncoefficients: k.csv\n')).toMatch(/REG-013.*table/)
})

test('names one year, or those before this year, where the policy asks for no more', async () => {
  const pack = readFileSync('policies/jinhua/policy.yaml', 'utf8')
  const years = 'years: {value: "2"'
  expect(pack).toContain(years)
  const run = async (years: string, lang: 'en' | 'zh'): Promise<string> => {
    const policy = put(folder, `policy-${years.length}.yaml`, pack.replace(/years: \{value: "2"/, years))
    const file = region('span', 'coefficientCases: [2025-copy.csv]\n', policy)
    return (await runCli(`settle --region ${file} --out ${folder}/x`, lang)).err
  }
  writeFileSync(`${folder}/2025-copy.csv`, readFileSync(`${folder}/2025.csv`))
  expect(await run('years: {value: "1"', 'en')).toMatch(/REG-014.*some of 2025.*rest on cases of 2024\./)
  expect(await run('years: {value: "1"', 'zh')).toMatch(/系数取 2024 年的病例。/)
  expect(await run('years: {value: null', 'en')).toMatch(/REG-014.*some of 2025.*rest on cases before 2025\./)
  expect(await run('years: {value: null', 'zh')).toMatch(/系数取 2025 年以前的病例。/)
})

test('a file of earlier years counts once, and never beside this year', async () => {
  const run = async (files: string): Promise<string> =>
    (await runCli(`settle --region ${region('twice', `coefficientCases:\n${files}`)} --out ${folder}/x`)).err
  symlinkSync(`${folder}/2023.csv`, `${folder}/link.csv`)
  const twice = await run('  - 2023.csv\n  - 2024.csv\n  - link.csv\n')
  expect(twice).toMatch(/REG-015 .*twice.yaml:15:5 \[coefficientCases.2\].*link.csv of earlier years is listed twice/)
  expect(await run('  - 2023.csv\n  - cases.csv\n')).toMatch(/REG-015 .*yaml:14:5 .*cases.csv .* is one of this year's/)
})

test('rows of earlier years that do not count are listed with file, line and reason', async () => {
  const [header = '', ...rows] = readFileSync(`${folder}/2023.csv`, 'utf8').trimEnd().split('\n')
  const columns = header.split(',')
  const changed = (row: string, id: string, changes: Readonly<Record<string, string>>): string =>
    row.split(',').map((cell, i) => (columns[i] === 'id' ? id : (changes[columns[i]!] ?? cell))).join(',') // biome-ignore format: one line
  const odd = [
    changed(rows[0]!, 'N1', { month: '2023-13' }),
    changed(rows[1]!, 'N2', { month: '' }),
    changed(rows[2]!, 'N3', { hospital: '' }),
    changed(rows[3]!, 'N4', { totalCost: '' }),
    'N5,1',
    rows[4]!,
  ]
  put(folder, 'odd-2023.csv', [header, ...rows, ...odd, ''].join('\n'))
  const more = (first: string): string => `coefficientCases: [${first}, 2024.csv]\n`
  const whole = await runCli(`settle --region ${region('whole', more('2023.csv'))} --out ${folder}/whole`)
  const { err, code } = await runCli(
    `settle --region ${region('spoiled', more('odd-2023.csv'))} --out ${folder}/spoiled`,
  )
  expect([whole.code, code], err).toEqual([0, 0])
  expect(err).toContain('Cases of earlier years: 2,406 rows in = 2,400 cases + 2 rejects + 4 left out')
  expect(err).toMatch(/earlier years are left out: the month is not YYYY-MM; correct it \(2\); no hospital.* \(1\)/)
  // The header is line 1 and 1,200 cases follow.
  const listed = (name: string): string[] =>
    table(`spoiled/${name}`).map(one => `${basename(one.file!)}:${one.line} ${one.reason}`)
  expect(listed('rejects.csv')).toEqual(['odd-2023.csv:1206 too-few-columns', 'odd-2023.csv:1207 id-duplicate'])
  expect(listed('unpayable.csv')).toEqual([
    'odd-2023.csv:1202 month-invalid',
    'odd-2023.csv:1203 month-invalid',
    'odd-2023.csv:1204 hospital-missing',
    'odd-2023.csv:1205 cost-missing',
  ])
  expect(JSON.parse(readFileSync(`${folder}/spoiled/run.json`, 'utf8')).counts).toMatchObject({
    rows: 1200,
    rejected: 0,
    unpayable: 0,
    earlierRows: 2406,
    earlierCases: 2400,
    earlierRejected: 2,
    earlierLeftOut: 4,
  })
  expect(readFileSync(`${folder}/spoiled/report.html`, 'utf8')).toContain('2,406 rows in = 2,400 cases + 2 rejects')
  expect(table('spoiled/group-coefficients.csv')).toEqual(table('whole/group-coefficients.csv'))
})

test('a hospital of earlier years only is told with the table that lacks it, and counts once it is listed', async () => {
  writeFileSync(`${folder}/closed-2023.csv`, readFileSync(`${folder}/2023.csv`, 'utf8').replaceAll(/\bH003\b/g, 'H099'))
  const file = region('closed', 'coefficientCases: [closed-2023.csv, 2024.csv]\n')
  const run = async (): Promise<string> => (await runCli(`settle --region ${file} --out ${folder}/closed`)).err
  expect(await run()).toMatch(
    /WGT-001 .*hospitals.csv \[code\] {2}Cases of earlier years \(closed-2023.csv, 2024.csv\) are of hospitals .*: H099\./,
  )
  const listed = readFileSync(`${folder}/hospitals.csv`, 'utf8')
  writeFileSync(`${folder}/hospitals.csv`, `${listed}H099,Closed,2\n`)
  expect(await run()).toContain('Written to')
  writeFileSync(`${folder}/hospitals.csv`, listed)
  expect(new Set(table('closed/group-coefficients.csv').map(one => one.hospital))).toContain('H099')
  expect(table('closed/by-hospital.csv').map(one => one.hospital)).not.toContain('H099')
})
