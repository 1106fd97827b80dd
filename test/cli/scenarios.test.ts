import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readWorkbook, type Sheet } from '../../files/index.ts'
import { elementsOf, marksOf } from '../report/markup.ts'
import { temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

describe('scenarios by the command line', () => {
  const folder = temporaryFolder()
  const region = `--region ${folder}/region.yaml`
  const text = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8')
  beforeAll(async () => {
    await runCli(`synth --cases 1500 --hospitals 5 --scheme chs-drg-2.0 --seed 3 --out ${folder}/cases.csv`)
  })

  it('are compared in one workbook and drawn on one page', async () => {
    const scenarios = 'policies/scenarios/questions/support-newborns.yaml'
    const { code, err } = await runCli(`simulate ${region} --scenarios ${scenarios} --out ${folder}/sim`)
    expect(code, err).toBe(0)
    const sheets = await readWorkbook(`${folder}/sim/scenarios.xlsx`)
    expect(sheets.map(sheet => sheet.name)).toEqual([
      'Summary', 'Point values', 'Hospitals', 'Levels and specialties', 'Groups', 'Causes', 'Equity', 'Notes',
    ]) // biome-ignore format: one list
    const rows = (name: string): string[][] => rowsOf(sheets.find(sheet => sheet.name === name)!)
    // The sheet of causes adds up to the fen, and to the change of gross payment on the sheet of levels.
    const fen = (cell: string): number => Math.round(Number(cell) * 100)
    const causes = rows('Causes').slice(1)
    expect(causes).toHaveLength(5)
    for (const row of causes) {
      expect(row.slice(5, 10).reduce((sum, cell) => sum + fen(cell), 0)).toBe(fen(row[4]!))
      // The blocks of rules add up to the rules.
      expect(row.slice(10).reduce((sum, cell) => sum + fen(cell), 0)).toBe(fen(row[8]!))
    }
    const levels = rows('Levels and specialties').filter(row => row[1] === 'level')
    const header = rows('Levels and specialties')[0]!
    const change = levels.reduce((sum, row) => sum + fen(row[header.indexOf('Gross, change')]!), 0)
    expect(change).toBe(causes.reduce((sum, row) => sum + fen(row[4]!), 0))
    const page = text('sim/report.html')
    elementsOf(page)
    for (const part of ['Lorenz curve', 'hospital × specialty', 'Why the payment of each hospital changes']) {
      expect(page).toContain(part)
    }
  })

  it.each([
    ['sweep policies/sweeps/levers-of-the-year.yaml --show paid,surplus:H001', 'sweep.html', 2],
    ['respond', 'response.html', 7],
    ['uncertainty --replicates 20', 'uncertainty.html', 8],
    ['project', 'projection.html', 4],
  ])('scenario %s draws its page', async (command, name, figures) => {
    for (const lang of ['zh', 'en'] as const) {
      const { code, err } = await runCli(`scenario ${command} ${region} --out ${folder}/out`, lang)
      expect(code, err).toBe(0)
      const page = text(`out/${name}`)
      elementsOf(page)
      expect(page.split('<figure>').length - 1).toBeGreaterThanOrEqual(figures)
      expect(marksOf(page)).toBeGreaterThan(0)
      expect(page).not.toMatch(/NaN|undefined/)
    }
  })

  it('a result that a sweep does not have is refused before a row runs', async () => {
    const command = `scenario sweep policies/sweeps/levers-of-the-year.yaml ${region} --out ${folder}/none --show`
    expect((await runCli(`${command} due:H01`)).err).toBe(
      'SWP-001 [--show]  There is no result due:H01. There are due:H001, due:H002, due:H003, due:H004, due:H005.\n',
    )
    expect((await runCli(`${command} 盈亏`, 'zh')).err).toBe(
      'SWP-001 [--show]  没有名为 盈亏 的结果。请写 pointValue:险种、paid、residual、due:机构编码 或 surplus:机构编码。\n',
    )
  })
})

function rowsOf({ rows }: Sheet): string[][] {
  return rows.map(({ cells }) => cells.map(String))
}
