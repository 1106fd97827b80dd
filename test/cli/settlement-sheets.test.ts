import { expect, it } from 'vitest'
import { readTable, readWorkbook } from '../../files/index.ts'
import { temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()

it('a region gets a sheet a month, which adds up to the payments, and one of the clearing', async () => {
  await runCli(`synth --cases 1500 --hospitals 4 --scheme chs-drg-2.0 --seed 7 --out ${folder}/r/cases.csv`)
  const { code } = await runCli(`settle --region ${folder}/r/region.yaml --out ${folder}/s`)
  expect(code).toBe(0)
  const payments = readTable(`${folder}/s/payments.csv`)
  const [month, paid] = ['month', 'paid'].map(name => payments.header.indexOf(name)) as [number, number]
  const fen = (text: string): number => Math.round(Number(text) * 100)
  const sheets = await readWorkbook(`${folder}/s/settlement.xlsx`)
  expect(sheets.slice(0, 12).map(({ name }) => name)).toEqual(Array.from({ length: 12 }, (_, i) => `${i + 1}月`))
  for (const [i, { rows }] of sheets.slice(0, 12).entries()) {
    const [head, ...body] = rows
    const at = head!.cells.indexOf('Paid this month')
    const wanted = payments.rows.filter(row => row.cells[month] === `2025-${String(i + 1).padStart(2, '0')}`)
    expect(body.reduce((all, row) => all + fen(row.cells[at]!), 0)).toBe(
      wanted.reduce((all, row) => all + fen(row.cells[paid]!), 0),
    )
    expect(body).toHaveLength(wanted.length)
  }
  const [clearing] = await readWorkbook(`${folder}/s/clearing.xlsx`)
  expect(clearing!.rows.length - 1).toBe(readTable(`${folder}/s/clearing.csv`).rows.length)
})
