import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readTable, readWorkbook } from '../../files/index.ts'
import { temporaryFolder } from '../temporary.ts'
import { runCli } from './run.ts'

const folder = temporaryFolder()
const base = `preview ${folder}/r/cases.csv --region ${folder}/r/region.yaml --published ${folder}/settled --hospital H001`

beforeAll(async () => {
  await runCli(`synth --cases 2000 --hospitals 4 --scheme chs-drg-2.0 --seed 7 --out ${folder}/r/cases.csv`)
  await runCli(`settle --region ${folder}/r/region.yaml --out ${folder}/settled`)
})

const column = (file: string, name: string): string[] => {
  const table = readTable(file)
  return table.rows.map(row => row.cells[table.header.indexOf(name)]!)
}

describe('a hospital', () => {
  it('may have a level or insurance that only its policy, or only its table of coefficients, names', async () => {
    const own = `preview ${folder}/r/cases.csv --scheme chs-drg-2.0 --hospital H001 --weights ${folder}/settled/weights.csv`
    const tables = `--coefficients ${folder}/settled/group-coefficients.csv --mean-cost 9000 --point-value 310=60,390=50`
    const run = async (policy: string, more: string): Promise<string> =>
      (await runCli(`${own} --policy ${policy} ${tables} ${more} --out ${folder}/levels`)).err
    expect(await run('yancheng-2025', '--level 2')).toContain('Written to')
    expect(await run('yancheng-2025', '--level 9')).toContain('There is no level "9": neither')
    expect(await run('qingdao-2023', '--level named')).not.toContain('PRE-009')
    expect(await run('qingdao-2023', '--level nmaed')).toContain('Did you mean named?')
  })

  it('foresees at the published point value what the region settles, and gets its sheet by month', async () => {
    const { code, err } = await runCli(`${base} --out ${folder}/p`)
    expect([code, err]).toEqual([0, expect.stringContaining('cases of the hospital')])
    const at = column(`${folder}/settled/by-hospital.csv`, 'hospital').indexOf('H001')
    const settled = Number(column(`${folder}/settled/by-hospital.csv`, 'gross')[at])
    const pays = column(`${folder}/p/cases.csv`, 'pay').map(Number)
    const total = pays.reduce((all, one) => all + one, 0)
    expect(Math.abs(total - settled)).toBeLessThanOrEqual(pays.length * 0.01)
    const sheets = await readWorkbook(`${folder}/p/case-result.xlsx`)
    const months = column(`${folder}/p/by-month.csv`, 'cases').map(Number)
    expect(sheets.slice(0, months.length).map(sheet => sheet.rows.length - 1)).toEqual(months)
    expect(sheets[0]!.name).toBe('1月')
    expect(readFileSync(`${folder}/p/statement.html`, 'utf8')).toContain('Deviating cases')
  })

  it('sees the range of an assumed point value, and one case explained', async () => {
    const { all } = await runCli(
      `${base} --point-value 310=50:60,390=40:50:70 --template hospital-month --format csv --out ${folder}/q`,
      'zh',
    )
    expect(all).toContain('随终算点值变化')
    expect(readFileSync(`${folder}/q/hospital-month.csv`, 'utf8')).toContain('拨付金额')
    const id = column(`${folder}/q/cases.csv`, 'id')[0]
    const explained = await runCli(`${base} --explain ${id}`)
    expect(explained.out).toContain(`${id}  2025-`)
    expect(explained.out).toContain('Gross payment')
  })

  it('reads where every value of a statement comes from, as text, JSON and a page, foreseen and settled', async () => {
    const id = column(`${folder}/p/cases.csv`, 'id')[1]!
    const group = column(`${folder}/p/cases.csv`, 'group')[1]!
    const weights = readTable(`${folder}/settled/weights.csv`)
    const row = weights.rows.find(({ cells }) => cells[0] === group)
    interface Json {
      readonly fundDue: string
      readonly gross: string
      readonly steps: readonly { readonly values: readonly { symbol: string; value: string; origin: { place: { line: number } | null } }[] }[]
    } // biome-ignore format: one type
    const read = async (command: string): Promise<Json> =>
      JSON.parse((await runCli(`${command} --explain ${id} --json`)).out)
    const foreseen = await read(base)
    const used = foreseen.steps.flatMap(step => step.values).find(value => value.symbol === 'w')
    expect(used?.value).toBe(String(Number(row?.cells[weights.header.indexOf('weight')])))
    expect(used?.origin.place?.line).toBe(row?.line)
    const settled = await read(`settle --region ${folder}/r/region.yaml`)
    expect(Math.abs(Number(settled.gross) - Number(foreseen.gross))).toBeLessThanOrEqual(0.02)
    const { code } = await runCli(`${base} --explain ${id} --page ${folder}/one.html`, 'zh')
    const page = readFileSync(`${folder}/one.html`, 'utf8')
    expect([code, page.includes('所用数值及来源'), page.includes(`weights.csv:${row?.line}`)]).toEqual([0, true, true])
    const refused = await runCli(`settle --region ${folder}/r/region.yaml`)
    expect([refused.code, refused.err]).toEqual([64, expect.stringContaining('REG-011')])
  })

  it.each([
    [`${base} --point-value 310=x --out ${folder}/e`, 'PRE-001'],
    [base, 'PRE-004'],
    [`${base.replace(' --hospital H001', '')} --out ${folder}/e`, 'PRE-004'],
    [`${base.replace('H001', 'H999')} --out ${folder}/e`, 'PRE-006'],
    [`${base} --explain nobody`, 'PRE-007'],
    [`${base} --mean-cost 0 --out ${folder}/e`, 'PRE-005'],
    [`${base} --template none --out ${folder}/e`, 'TAB-002'],
    [`${base.replace(/ --published \S+/, '')} --out ${folder}/e`, 'PRE-004'],
    [`${base} --weights ${folder}/e/cases.csv --out ${folder}/e`, 'FIL-007'],
    [`${base} --level 33 --out ${folder}/e`, 'have it. There are 1, 2, 3.'],
    [`${base} --level 10 --out ${folder}/e`, 'have it. There are 1, 2, 3.'],
    [`${base} --level 3A --out ${folder}/e`, 'Did you mean 3? There are 1, 2, 3.'],
    [`${base} --level 三级 --out ${folder}/e`, 'Did you mean 3? There are 1, 2, 3.'],
    [`${base} --point-value 310=60,39=50 --out ${folder}/e`, 'have it. There are 310, 390.'],
    [`${base} --point-value 320=100 --out ${folder}/e`, 'have it. There are 310, 390.'],
    [`${base} --point-value 60,resdent=50 --out ${folder}/e`, 'PRE-010'],
    [`${base} --budget-value 999=50 --out ${folder}/e`, 'There is no insurance "999"'],
  ])('is told what is missing or wrong: %s', async (command, code) => {
    const { err, code: status } = await runCli(command)
    expect([err, status]).toEqual([expect.stringContaining(code), 64])
  })
})
