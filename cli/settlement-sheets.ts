import { join } from 'node:path'
import { type Cell, monthSheet, type TableColumn, writeTable } from '../formats/index.ts'
import type { Lang } from '../messages/index.ts'
import { formatPoints } from '../numbers/index.ts'
import { CLEARING_SUMS } from '../simulate/index.ts'
import type { SettledRegion } from './pipeline.ts'
import { originNotes } from './run-note.ts'
import { CLEARING_COLUMNS, columnsInUnit, insuranceName } from './tables.ts'

type Column = readonly [key: string, zh: string, en: string, kind: TableColumn['kind']]

const HEAD: readonly Column[] = [
  ['hospital', '医疗机构编码', 'Hospital', 'text'],
  ['name', '医疗机构名称', 'Name', 'text'],
  ['level', '级别', 'Level', 'text'],
  ['insurance', '险种', 'Insurance', 'text'],
]
const MONTH: readonly Column[] = [
  ...HEAD,
  ['month', '结算月份', 'Month', 'text'],
  ['state', '状态', 'State', 'text'],
  ['cases', '病例数', 'Cases', 'integer'],
  ['normal', '正常病例', 'Normal', 'integer'],
  ['low', '低倍率', 'Low cost', 'integer'],
  ['high', '高倍率', 'High cost', 'integer'],
  ['points', '点数', 'Points', 'decimal'],
  ['cost', '医疗总费用', 'Total cost', 'money'],
  ['patient', '患者支付', 'Patients pay', 'money'],
  ['gross', '终算应付总额', 'Gross at the final value', 'money'],
  ['net', '终算基金应付', 'Fund due at the final value', 'money'],
  ['provisional', '月度预结金额', 'Provisional', 'money'],
  ['deduction', '审核扣减', 'Deduction', 'money'],
  ['paid', '本月拨付', 'Paid this month', 'money'],
  ['deposit', '质量保证金', 'Deposit', 'money'],
  ['paidToDate', '累计拨付', 'Paid to date', 'money'],
  ['payBy', '最晚拨付日期', 'To be paid by', 'text'],
]
const STATES: Readonly<Record<string, Readonly<Record<Lang, string>>>> = {
  paid: { zh: '已预结', en: 'paid' },
  open: { zh: '未结', en: 'open' },
  cleared: { zh: '已清算', en: 'cleared' },
}

/** Writes the settlement sheets of a region: a workbook with a sheet a month, and one of the clearing. */
export function writeSettlementSheets(folder: string, settled: SettledRegion, lang: Lang): string[] {
  const { baseline, clearings, book, policy, region } = settled
  const { settlement } = baseline
  const hospitals = new Map(settlement.hospitals.map(({ hospital }) => [hospital.code, hospital]))
  const head = (code: string, insurance: string): Cell[] => [
    code,
    hospitals.get(code)?.name,
    hospitals.get(code)?.level,
    insuranceName(insurance, lang),
  ]
  const earned = new Map(settlement.months.map(row => [`${row.hospital}\n${row.insurance}\n${row.month}`, row]))
  const rows: Cell[][] = clearings.flatMap(({ hospital, insurance, months }) => {
    let toDate = 0
    return months.map(payment => {
      const row = earned.get(`${hospital}\n${insurance}\n${payment.month}`)
      toDate += payment.paid
      return [
        ...head(hospital, insurance),
        payment.month,
        STATES[payment.state]?.[lang],
        row?.cases,
        row?.classes.normal,
        row === undefined ? null : row.classes.low + row.classes.ultraLow,
        row === undefined ? null : row.classes.high + row.classes.ultraHigh,
        row === undefined ? null : formatPoints(row.points),
        row?.cost,
        row?.patient,
        row?.gross,
        row?.net,
        payment.provisional,
        payment.deduction,
        payment.paid,
        payment.deposit,
        toDate,
        payment.payBy,
      ]
    })
  })
  const options = {
    format: 'xlsx' as const,
    lang,
    notes: originNotes({ book, region, policy }),
  }
  const month = MONTH.findIndex(([key]) => key === 'month')
  // Sheets stand in the order of the months, whichever hospital comes first.
  const sorted = rows.toSorted((a, b) =>
    String(a[month]) < String(b[month]) ? -1 : String(a[month]) > String(b[month]) ? 1 : 0,
  )
  writeTable(join(folder, 'settlement.xlsx'), columnsInUnit(policy, columnsOf(MONTH)), sorted, {
    ...options,
    sheet: row => monthSheet(String(row[month])),
  })
  const names = new Map(CLEARING_COLUMNS.map(column => [column.key, column]))
  const clearing: Column[] = [
    ...HEAD,
    ['state', '状态', 'State', 'text'],
    ['clearBy', '最晚清算日期', 'To be cleared by', 'text'],
    ...CLEARING_SUMS.map(
      (key): Column => [
        key,
        names.get(key)?.zh ?? OTHER[key]?.zh ?? key,
        names.get(key)?.en ?? OTHER[key]?.en ?? key,
        'money',
      ],
    ),
  ]
  writeTable(
    join(folder, 'clearing.xlsx'),
    columnsOf(clearing),
    clearings.map(one => [
      ...head(one.hospital, one.insurance),
      STATES[one.state]?.[lang],
      one.clearBy,
      ...CLEARING_SUMS.map(key => one[key]),
    ]),
    { ...options, sheet: lang === 'zh' ? '年终清算' : 'Clearing' },
  )
  return ['settlement.xlsx', 'clearing.xlsx']
}

const OTHER: Readonly<Record<string, Readonly<Record<Lang, string>>>> = {
  advanceBefore: { zh: '年初预付金余额', en: 'Advance held before' },
  workingCapitalBefore: { zh: '年初周转金余额', en: 'Working capital held before' },
}

function columnsOf(columns: readonly Column[]): TableColumn[] {
  return columns.map(([key, zh, en, kind]) => ({ key, title: { zh, en }, kind }))
}
