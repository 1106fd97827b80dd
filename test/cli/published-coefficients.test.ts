import { readFileSync, rmSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readTable } from '../../files/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const pack = readFileSync('policies/jinhua/policy.yaml', 'utf8').replace(/^ {2}years: .*$/m, '')
/** Tables that coefficients decide, in yuan to the fen and points to the last digit. */
const TABLES = ['pools.csv', 'by-hospital.csv', 'by-month.csv', 'by-group.csv', 'clearing.csv', 'payments.csv', 'levels.csv'] // biome-ignore format: one list
const text = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8')
const rowsOf = (name: string): Record<string, string>[] => {
  const { header, rows } = readTable(`${folder}/${name}`)
  return rows.map(({ cells }) => Object.fromEntries(header.map((key, i) => [key, cells[i]!])))
}

beforeAll(async () => {
  await runCli(`synth --cases 1500 --hospitals 4 --scheme chs-drg-2.0 --seed 11 --out ${folder}/cases.csv`)
})

describe.each([
  ['groupHospital', 'groupHospital', 'group-coefficients.csv'],
  ['groupLevel', 'groupLevel', 'group-coefficients.csv'],
  ['level', 'level', 'coefficients.csv'],
  ['hospital', 'hospital', 'hospital-coefficients.csv'],
  ['hospital', 'groupHospital', 'group-coefficients.csv'],
])('coefficients by %s, derived as %s', (kind, derived, file) => {
  const id = `${kind}-${derived}`.toLowerCase()
  const region = (name: string, more: string): string =>
    put(
      folder,
      `${name}.yaml`,
      `id: ${name}
title: {zh: 甲, en: A}
year: 2025
scheme: chs-drg-2.0
policy: ${id}-policy.yaml
cases: [cases.csv]
hospitals: hospitals.csv
weightConfig: ${id}-weights.yaml
budgets:
  - {insurance: "310", fund: "9000000"}
  - {insurance: "390", fund: "9000000"}
${more}`,
    )
  const plain = (): string => region(id, '')

  beforeAll(async () => {
    put(folder, `${id}-policy.yaml`, pack.replace('kind: {value: groupHospital', `kind: {value: ${kind}`))
    put(folder, `${id}-weights.yaml`, `coefficient: {kind: ${derived}}\n`)
    const { code, err } = await runCli(`settle --region ${plain()} --out ${folder}/${id}`)
    expect(code, err).toBe(0)
  })

  it('settle the region from their published table as they did when they were computed', async () => {
    const again = region(`${id}-again`, `coefficients: ${id}/${file}\n`)
    const { code, err } = await runCli(`settle --region ${again} --out ${folder}/${id}-again`)
    expect(code, err).toBe(0)
    for (const name of TABLES) expect(text(`${id}-again/${name}`), name).toBe(text(`${id}/${name}`))
  })

  it('give in a preview the points that the hospital has in the settlement', async () => {
    const settled = rowsOf(`${id}/by-hospital.csv`)
    for (const { hospital, points } of settled.slice(0, 2)) {
      const command = `preview ${folder}/cases.csv --region ${plain()} --published ${folder}/${id}`
      const { code, err } = await runCli(`${command} --hospital ${hospital} --out ${folder}/preview`)
      expect(code, err).toBe(0)
      const cases = rowsOf('preview/cases.csv')
      expect(cases.reduce((all, one) => all.plus(one.points!), new Decimal(0)).toString()).toBe(
        new Decimal(points!).toString(),
      )
    }
  })

  it('are asked for by the name of the file that a settlement wrote', async () => {
    const weights = `--weights ${folder}/${id}/weights.csv --mean-cost 9000 --point-value 60`
    const { err } = await runCli(
      `preview ${folder}/cases.csv --region ${plain()} ${weights} --hospital H001 --out ${folder}/preview`,
    )
    if (kind === derived) expect(err).toMatch(new RegExp(`POL-009 .*\\(${file} of a settlement`))
    else expect(err).toContain('POL-009')
  })
})

it('an empty table of a settlement that was given its coefficients is none', async () => {
  rmSync(`${folder}/preview`, { recursive: true })
  const region = `--region ${folder}/level-level-again.yaml`
  const { err, code } = await runCli(
    `preview ${folder}/cases.csv ${region} --published ${folder}/level-level-again --hospital H001 --out ${folder}/preview`,
  )
  expect(code, err).toBe(0)
  const settled = rowsOf('level-level/by-hospital.csv').find(one => one.hospital === 'H001')!
  const sum = rowsOf('preview/cases.csv').reduce((all, one) => all.plus(one.points!), new Decimal(0))
  expect(sum.toString()).toBe(new Decimal(settled.points!).toString())
})
