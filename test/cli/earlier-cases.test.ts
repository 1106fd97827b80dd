import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readTable } from '../../files/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const region = (name: string, more: string, year = 2025): string =>
  put(
    folder,
    `${name}.yaml`,
    `id: ${name}
title: {zh: 甲, en: A}
year: ${year}
scheme: chs-drg-2.0
policy: jinhua
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
  expect(err).toContain('Cases of earlier years: 2,400 rows in = 2,400 cases + 0 rejects + 0 without a cost')
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
  expect(await run('coefficientCases: [2024.csv]\n')).toMatch(/REG-014.*none of 2023.*2023…2024/)
  expect(await run('coefficientCases: [2023.csv, 2024.csv, 2025.csv]\n')).toMatch(/REG-014.*some of 2025/)
  put(folder, 'k.csv', 'group,hospital,coefficient\nBR21,H001,1.1\n')
  expect(await run('coefficientCases: [2023.csv, 2024.csv]\ncoefficients: k.csv\n')).toMatch(/REG-013.*table/)
})
