import { join } from 'node:path'
import { type TextEncoding, writeCsv } from '../files/index.ts'
import { type Cell, monthSheet, type TableColumn, writeTable } from '../formats/index.ts'
import type { Lang } from '../messages/index.ts'
import { formatFen, formatPoints } from '../numbers/index.ts'
import { type Amounts, type CutRow, cutsOf, type LevelTotal, levelTotals, schemeRows } from '../simulate/index.ts'
import type { SettledRegion } from './pipeline.ts'
import { originNotes } from './run-note.ts'
import { columnsInUnit, insuranceName } from './tables.ts'

const AMOUNTS = ['cases', 'outsidePool', 'points', 'cost', 'patient', 'fund', 'gross', 'surplus', 'net']

function amounts(row: Amounts): (string | number)[] {
  const { cases, outside, points, cost, patient, fund, gross, surplus, net } = row
  return [cases, outside, formatPoints(points), ...[cost, patient, fund, gross, surplus, net].map(formatFen)]
}

/** The files that were written, and the totals of all levels, which the report shows too. */
export interface WrittenCuts {
  readonly names: readonly string[]
  readonly levels: readonly LevelTotal[]
}

/**
 * Writes the tables below and above the hospital: departments, doctors, schemes, and the totals of all levels from the case to
 * the region, which are the same to the fen. Departments stand in a workbook too, a sheet a month.
 */
export function writeCuts(
  folder: string,
  { baseline, book, policy, region }: SettledRegion,
  lang: Lang,
  encoding: TextEncoding | undefined,
): WrittenCuts {
  const { input, valued, settlement } = baseline
  const cuts = cutsOf(input, valued)
  const levels = levelTotals(input, valued, settlement, cuts)
  const rows = (list: readonly CutRow[]): (string | number)[][] =>
    list.map(row => [row.hospital, row.insurance, row.month, row.label, ...amounts(row)])
  const tables: [string, readonly string[], (string | number)[][]][] = [
    ...(['department', 'doctor'] as const).flatMap((by): [string, readonly string[], (string | number)[][]][] =>
      cuts[by].length === 0
        ? []
        : [[`by-${by}.csv`, ['hospital', 'insurance', 'month', by, ...AMOUNTS], rows(cuts[by])]],
    ),
    [
      'by-scheme.csv',
      ['insurance', ...AMOUNTS, 'due'],
      schemeRows(settlement).map(row => [row.insurance, ...amounts(row), formatFen(row.due)]),
    ],
    ['levels.csv', ['level', 'rows', ...AMOUNTS], levels.map(row => [row.level, row.rows, ...amounts(row)])],
  ]
  for (const [name, header, body] of tables) writeCsv(join(folder, name), header, body, encoding)
  const names = tables.map(([name]) => name)
  if (cuts.department.length === 0) return { names, levels }
  const hospitals = new Map(settlement.hospitals.map(({ hospital }) => [hospital.code, hospital]))
  const month = COLUMNS.findIndex(({ key }) => key === 'month')
  writeTable(
    join(folder, 'departments.xlsx'),
    columnsInUnit(policy, COLUMNS),
    cuts.department
      .toSorted((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0))
      .map((row): Cell[] => [
        row.hospital,
        hospitals.get(row.hospital)?.name,
        row.label,
        insuranceName(row.insurance, lang),
        row.month,
        row.cases,
        row.outside,
        formatPoints(row.points),
        row.cost,
        row.patient,
        row.gross,
        row.surplus,
        row.net,
      ]),
    {
      format: 'xlsx',
      lang,
      sheet: row => monthSheet(String(row[month])),
      notes: originNotes({ book, region, policy }),
    },
  )
  return { names: [...names, 'departments.xlsx'], levels }
}

function column(key: string, zh: string, en: string, kind: TableColumn['kind']): TableColumn {
  return { key, title: { zh, en }, kind }
}

const COLUMNS: readonly TableColumn[] = [
  column('hospital', '医疗机构编码', 'Hospital', 'text'),
  column('name', '医疗机构名称', 'Name', 'text'),
  column('department', '科室', 'Department', 'text'),
  column('insurance', '险种', 'Insurance', 'text'),
  column('month', '结算月份', 'Month', 'text'),
  column('cases', '病例数', 'Cases', 'integer'),
  column('outside', '支付范围外', 'Outside the pool', 'integer'),
  column('points', '点数', 'Points', 'decimal'),
  column('cost', '医疗总费用', 'Total cost', 'money'),
  column('patient', '患者支付', 'Patients pay', 'money'),
  column('gross', '应付总额', 'Gross', 'money'),
  column('surplus', '盈亏', 'Surplus', 'money'),
  column('net', '基金应付', 'Fund due', 'money'),
]
