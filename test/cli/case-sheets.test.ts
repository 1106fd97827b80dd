import { writeFileSync } from 'node:fs'
import iconv from 'iconv-lite'
import { beforeAll, describe, expect, it } from 'vitest'
import { csvText, readTable, readWorkbook, type Table, writeWorkbook } from '../../files/index.ts'
import { temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const PER_HOSPITAL = 'settlement-return'

const cells = (table: Table, name: string): string[] => {
  const at = table.header.indexOf(name)
  return table.rows.map(row => row.cells[at]!)
}

/** The synthetic cases with ids of settlement and dates, in one more form each. */
beforeAll(async () => {
  await runCli(`synth --cases 600 --hospitals 3 --scheme chs-drg-2.0 --seed 9 --out ${folder}/r/cases.csv`)
  await runCli(`settle --region ${folder}/r/region.yaml --out ${folder}/settled`)
  const { header, rows } = readTable(`${folder}/r/cases.csv`)
  const named = [...header, '结算ID', '入院时间', '出院时间', '结算日期']
  const month = header.indexOf('month')
  const body = rows.map(({ cells }, i) => {
    const day = `${cells[month]}-0${1 + (i % 9)}`
    return [...cells, `JS${String(i).padStart(6, '0')}`, `${day} 08:30:00`, day.replaceAll('-', '/'), day]
  })
  writeFileSync(`${folder}/dated.csv`, iconv.encode(csvText(named, body), 'gb18030'))
  await writeWorkbook(`${folder}/dated.xlsx`, [{ name: '病例', rows: [named, ...body] }])
})

describe.each(['dated.csv', 'dated.xlsx'])('a settlement sheet of %s', file => {
  it('has the ids, dates and codes of the cases as their file has them', async () => {
    const out = `${folder}/${file}-out`
    const { err, code } = await runCli(
      `preview ${folder}/${file} --region ${folder}/r/region.yaml --published ${folder}/settled --hospital H001 --template ${PER_HOSPITAL} --format csv --out ${out}`,
    )
    expect([code, err]).toEqual([0, expect.stringContaining('columns are empty')])
    const sheet = readTable(`${out}/${PER_HOSPITAL}.csv`)
    const given = readTable(`${folder}/r/cases.csv`)
    const lineOf = new Map(cells(given, 'id').map((id, i) => [id, i]))
    const [dx, px, months] = [cells(given, 'dx'), cells(given, 'proc'), cells(given, 'month')]
    const ids = cells(sheet, 'medical_no')
    expect(ids.length).toBeGreaterThan(100)
    for (const [i, id] of ids.entries()) {
      const line = lineOf.get(id)!
      const day = `${months[line]}-0${1 + (line % 9)}`
      const row = Object.fromEntries(sheet.header.map((name, at) => [name, sheet.rows[i]!.cells[at]!]))
      expect([row.settle_id, row.in_time, row.out_time, row.settle_date, row.settle_ym]).toEqual([
        `JS${String(line).padStart(6, '0')}`, day, day, day, months[line],
      ]) // biome-ignore format: one row
      expect([row.main_diag_code, row.other_diag_codes].filter(Boolean).join('|')).toBe(dx[line])
      expect([row.main_op_code, row.other_op_codes].filter(Boolean).join('|')).toBe(px[line])
    }
  })
})

it('says of every empty column why, and of every other how many rows have it', async () => {
  const { header, rows } = readTable(`${folder}/dated.csv-out/${PER_HOSPITAL}-columns.csv`)
  const at = (name: string): number => header.indexOf(name)
  expect(rows).toHaveLength(33)
  for (const { cells } of rows) {
    const isEmpty = cells[at('filled')] === '0'
    expect([cells[at('reasonZh')] !== '', cells[at('reasonEn')] !== ''], cells[0]).toEqual([isEmpty, isEmpty])
  }
  const reason = rows.find(({ cells }) => cells[0] === 'deductible')?.cells[at('reasonEn')]
  expect(reason).toBe('not taken over from case files')
})

it('a settled region gives every hospital its cases at the settled money, which add up to its table', async () => {
  const { code } = await runCli(
    `settle --region ${folder}/r/region.yaml --sheets ${PER_HOSPITAL} --out ${folder}/again`,
  )
  expect(code).toBe(0)
  const fen = (text: string): number => Math.round(Number(text) * 100)
  const hospitals = readTable(`${folder}/again/by-hospital.csv`)
  for (const [h, hospital] of cells(hospitals, 'hospital').entries()) {
    const sheets = await readWorkbook(`${folder}/again/sheets/${hospital}-${PER_HOSPITAL}.xlsx`)
    const months = sheets.filter(sheet => /^\d+月$/.test(sheet.name))
    const surplus = months.flatMap(({ rows: [head, ...body] }) =>
      body.map(row => fen(row.cells[head!.cells.indexOf('profit_loss')]!)),
    )
    expect(surplus.length).toBe(Number(cells(hospitals, 'cases')[h]))
    expect(surplus.reduce((all, one) => all + one, 0)).toBe(fen(cells(hospitals, 'surplus')[h]!))
  }
  const levels = readTable(`${folder}/again/levels.csv`)
  for (const name of ['cases', 'points', 'cost', 'gross', 'net']) expect(new Set(cells(levels, name)).size).toBe(1)
  const department = readTable(`${folder}/again/by-department.csv`)
  const sum = (table: Table, name: string): number => cells(table, name).reduce((all, one) => all + fen(one), 0)
  expect(sum(department, 'net')).toBe(sum(hospitals, 'net'))
  const book = await readWorkbook(`${folder}/again/departments.xlsx`)
  const shown = book.filter(sheet => /^\d+月$/.test(sheet.name)).flatMap(({ rows: [head, ...body] }) => body.map(row => fen(row.cells[head!.cells.indexOf('Fund due')]!))) // biome-ignore format: one line
  expect(shown.reduce((all, one) => all + one, 0)).toBe(sum(hospitals, 'net'))
})

it.each([
  ['--sheets none', 'TAB-002'],
  ['--sheets bureau --hospital H999', 'REG-012'],
])('is told at once what is wrong: %s', async (options, code) => {
  const { err, code: status } = await runCli(
    `settle --region ${folder}/r/region.yaml ${options} --out ${folder}/refused`,
  )
  expect([err, status]).toEqual([expect.stringContaining(code), 64])
})
