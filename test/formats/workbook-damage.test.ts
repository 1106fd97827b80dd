import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CellValue, type WriteSheet, writeXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { makeStays } from './cases.ts'
import { SIMPLE, simpleRow } from './forms.ts'
import { expected, type ReadFiles, readAll } from './read.ts'

/** What people and spreadsheets do to workbooks: each damage at several rows, with the repair or the reject that is documented. */

type Rows = CellValue[][]

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-workbook-'))
const STAYS = makeStays(12, 9)
const PLACES = [0, 5, 11]
const AT = (name: string): number => SIMPLE.indexOf(name)
let files = 0

function rowsOf(): Rows {
  return STAYS.map(simpleRow).map(row => SIMPLE.map(name => row[name] ?? ''))
}

async function workbook(sheet: Partial<WriteSheet>, others: readonly WriteSheet[] = []): Promise<string> {
  const file = join(folder, `${files++}.xlsx`)
  writeFileSync(file, await writeXlsx({ sheets: [{ name: '病例', ...sheet }, ...others] }))
  return file
}

interface Damage {
  readonly name: string
  readonly cell: string
  readonly value: CellValue
  readonly reject?: string
  readonly note?: string
  readonly reads?: object
}

const DAMAGES: readonly Damage[] = [
  { name: 'an id of which the digits are lost', cell: '病案号', value: 1.23e17, reject: 'id-damaged' },
  { name: 'an id as the text of a lost number', cell: '病案号', value: '1.23E+17', reject: 'id-damaged' },
  {
    name: 'a code that became a date',
    cell: '诊断编码',
    value: new Date(Date.UTC(2025, 1, 1)),
    reject: 'code-damaged',
  },
  { name: 'a failed formula for the cost', cell: '总费用', value: '#REF!', reads: { cost: -1 } },
  { name: 'a cost in words', cell: '总费用', value: '八千', reject: 'not-money' },
  { name: 'a cost as a number', cell: '总费用', value: 8800.1, reads: { cost: 880_010 } },
  { name: 'a cost with the dust of binary fractions', cell: '总费用', value: 0.1 + 0.2, reads: { cost: 30 } },
  { name: 'a cost as text with marks', cell: '总费用', value: '￥8,800.10元', reads: { cost: 880_010 } },
  { name: 'a stay with a decimal of zero', cell: '住院天数', value: '5.0', reads: { los: 5 } },
  { name: 'a stay of no days', cell: '住院天数', value: 0, note: 'stay-zero', reads: { los: 1 } },
  { name: 'a sex that is none', cell: '性别', value: 3, reject: 'bad-sex' },
  { name: 'a procedure that lost its zeros', cell: '手术操作编码', value: 47.01, reads: {} },
  { name: 'an escape of a spreadsheet', cell: '出院科室', value: '内科_x000D_', reads: { department: '内科' } },
  { name: 'a line break between codes', cell: '手术操作编码', value: '47.0100\n54.1101', reads: {} },
]

function check(read: ReadFiles, { reject, note, reads }: Damage, at: number): void {
  expect(read.rejects.map(({ reason, line }) => [reason, line])).toEqual(reject === undefined ? [] : [[reject, at + 2]])
  const others = read.rows.filter((_, i) => i !== at || reject !== undefined)
  expect(others).toEqual(STAYS.filter((_, i) => i !== at).map(expected))
  if (note !== undefined) expect(read.notes[note]).toBe(1)
  if (reads !== undefined) expect(read.rows[at]).toMatchObject(reads)
}

describe('a damaged workbook', () => {
  it.each(DAMAGES.map(damage => [damage.name, damage] as const))('%s', async (_, damage) => {
    for (const at of PLACES) {
      const rows = rowsOf()
      rows[at]![AT(damage.cell)] = damage.value
      check(readAll([await workbook({ rows: [[...SIMPLE], ...rows] })]), damage, at)
    }
  })

  it('with merged titles above the header, a remark below and a sheet of something else', async () => {
    const rows: Rows = [['示例医院 2025 年病例'], ['单位：元'], [...SIMPLE], ...rowsOf()]
    const merges = [
      { startRow: 0, startCol: 0, endRow: 0, endCol: 9 },
      { startRow: 1, startCol: 0, endRow: 1, endCol: 9 },
    ]
    const other = { name: '说明', rows: [['本表由信息科导出'], ['联系电话', '见内网']] }
    const { rows: read, rejects } = readAll([await workbook({ rows, merges }, [other])])
    expect(rejects).toEqual([])
    expect(read).toEqual(STAYS.map(expected))
  })

  it('with a header of two rows, codes above titles', async () => {
    const names = ['A48', 'A12C', 'A14', 'B20', 'C03C', 'D01']
    const titles = ['病案号', '性别', '年龄(岁)', '实际住院(天)', '主要诊断编码', '总费用']
    const rows: Rows = STAYS.map(stay => [stay.id, String(stay.sex), 40, stay.los, stay.dx[0]!, stay.cost / 100])
    const { rows: read, rejects } = readAll([await workbook({ rows: [names, titles, ...rows] })])
    expect(rejects).toEqual([])
    expect(read.map(({ id, los, cost }) => [id, los, cost])).toEqual(STAYS.map(({ id, los, cost }) => [id, los, cost]))
  })

  it('with a cell merged over two rows: the lower one is empty, and its case is not given the other value', async () => {
    const rows = rowsOf()
    rows[4]![AT('出院科室')] = ''
    const merges = [{ startRow: 4, startCol: AT('出院科室'), endRow: 5, endCol: AT('出院科室') }]
    const { rows: read } = readAll([await workbook({ rows: [[...SIMPLE], ...rows], merges })])
    expect(read.map(row => row.department)).toEqual(STAYS.map(({ department }, i) => (i === 4 ? '' : department)))
  })

  it('with formulas: their last values count', async () => {
    const rows = rowsOf()
    const cells = new Map(
      STAYS.map((stay, i) => [
        `${i + 1},${AT('总费用')}`,
        { value: stay.cost / 100, formula: `${stay.cost / 100}+0`, formulaResult: stay.cost / 100 },
      ]),
    )
    const { rows: read, rejects } = readAll([await workbook({ rows: [[...SIMPLE], ...rows], cells })])
    expect(rejects).toEqual([])
    expect(read.map(row => row.cost)).toEqual(STAYS.map(stay => stay.cost))
  })

  it('without a column that grouping needs', async () => {
    const at = AT('诊断编码')
    const rows = [[...SIMPLE], ...rowsOf()].map(row => row.filter((_, i) => i !== at))
    const file = await workbook({ rows })
    expect(() => readAll([file])).toThrow(expect.objectContaining({ code: 'FMT-007' }))
  })
})
