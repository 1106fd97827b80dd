import { type TextEncoding, writeCsv } from '../files/index.ts'
import { formatFen, formatPoints } from '../numbers/index.ts'
import {
  type Amounts,
  CLASSES,
  CLEARING_SUMS,
  type Clearing,
  type FundAccount,
  hospitalGroupRows,
  type Region,
  type Settlement,
} from '../simulate/index.ts'

/**
 * The tables of a settlement as CSV, every digit: money in yuan with two decimals, points with four. Headers are the
 * field names of docs/output.md.
 */

const AMOUNTS = ['cases', 'outsidePool', 'points', 'cost', 'patient', 'fund', 'gross', 'surplus', 'net']

function amounts(row: Amounts): (string | number)[] {
  return [
    row.cases,
    row.outside,
    formatPoints(row.points),
    formatFen(row.cost),
    formatFen(row.patient),
    formatFen(row.fund),
    formatFen(row.gross),
    formatFen(row.surplus),
    formatFen(row.net),
  ]
}

/** Writes pools, hospitals, months, groups and hospital × group; returns the file names. */
export function writeSettlement(folder: string, settlement: Settlement, encoding: TextEncoding | undefined): string[] {
  const tables: [string, readonly string[], Iterable<(string | number)[]>][] = [
    [
      'pools.csv',
      [
        'insurances',
        'budget',
        'patient',
        'total',
        'paid',
        'money',
        'points',
        'pointValue',
        'fixedValue',
        'extraValue',
        'payRatio',
        'held',
        'residual',
      ],
      settlement.pools.map(pool => [
        pool.insurances.join('|'),
        formatFen(pool.budget),
        formatFen(pool.patient),
        formatFen(pool.total),
        formatFen(pool.paid),
        formatFen(pool.money),
        formatPoints(pool.points),
        pool.pointValue?.toFixed() ?? '',
        pool.elastic?.fixedValue?.toFixed() ?? '',
        pool.elastic?.extraValue?.toFixed() ?? '',
        pool.payRatio?.toFixed() ?? '',
        formatFen(pool.held),
        formatFen(pool.residual),
      ]),
    ],
    [
      'by-hospital.csv',
      ['hospital', 'name', 'level', ...AMOUNTS, 'due', ...CLASSES],
      settlement.hospitals.map(row => [
        row.hospital.code,
        row.hospital.name,
        row.hospital.level,
        ...amounts(row),
        formatFen(row.due),
        ...CLASSES.map(name => row.classes[name]),
      ]),
    ],
    [
      'by-insurance.csv',
      ['hospital', 'insurance', ...AMOUNTS, 'due'],
      settlement.units.map(row => [row.hospital, row.insurance, ...amounts(row), formatFen(row.due)]),
    ],
    [
      'by-month.csv',
      ['hospital', 'insurance', 'month', ...AMOUNTS, 'paid', ...CLASSES],
      settlement.months.map(row => [
        row.hospital,
        row.insurance,
        row.month,
        ...amounts(row),
        formatFen(row.paid),
        ...CLASSES.map(name => row.classes[name]),
      ]),
    ],
    ['by-group.csv', ['group', ...AMOUNTS], settlement.groups.map(row => [row.group, ...amounts(row)])],
    ['by-hospital-group.csv', ['hospital', 'group', ...AMOUNTS], hospitalGroupCells(settlement)],
  ]
  for (const [name, header, rows] of tables) writeCsv(`${folder}/${name}`, header, rows, encoding)
  return tables.map(([name]) => name)
}

/** Row by row: a region of packets has a million of them. */
function* hospitalGroupCells({ hospitalGroups }: Settlement): Generator<(string | number)[]> {
  for (const row of hospitalGroupRows(hospitalGroups)) yield [row.hospital, row.group, ...amounts(row)]
}

/** Writes how each budget comes about and what it is divided into; `left` is what remains after the line. */
export function writeBudget(
  folder: string,
  { waterfalls, budgets }: Region,
  { parts, pools }: Settlement,
  encoding: TextEncoding | undefined,
): string[] {
  const rows: (string | number)[][] = []
  for (const { insurance, fund } of budgets) {
    const waterfall = waterfalls.get(insurance)
    const add = (id: string, zh: string, en: string, change: number, left: number): void => {
      rows.push([insurance, id, zh, en, formatFen(change), formatFen(left)])
    }
    if (waterfall !== undefined) {
      add('income', '基金收入', 'Fund income', waterfall.income, waterfall.income)
      for (const { id, title, change, left } of waterfall.lines) add(id, title.zh, title.en, change, left)
      if (waterfall.unallocated !== 0) {
        add(
          'unallocated',
          '未安排或由结余弥补',
          'Not allocated, or taken from the balance',
          -waterfall.unallocated,
          fund,
        )
      }
    }
    add('budget', '按病种付费预算', 'Budget of case-based payment', 0, fund)
    let left = fund
    for (const part of parts.filter(one => one.insurance === insurance)) {
      left += part.toPool - part.amount
      add(part.id, part.title.zh, part.title.en, part.toPool - part.amount, left)
    }
    const pool = pools.find(one => one.insurances.length === 1 && one.insurances[0] === insurance)
    if (pool !== undefined) add('pool', '病种（组）基金池', 'Pool', 0, pool.budget)
  }
  writeCsv(`${folder}/budget.csv`, ['insurance', 'line', 'zh', 'en', 'change', 'left'], rows, encoding)
  writeCsv(
    `${folder}/parts.csv`,
    ['insurance', 'part', 'pays', 'cases', 'points', 'pointValue', 'amount', 'due', 'toPool', 'residual'],
    parts.map(one => [
      one.insurance,
      one.id,
      one.pays,
      one.cases,
      formatPoints(one.points),
      one.pointValue?.toFixed() ?? '',
      ...[one.amount, one.due, one.toPool, one.residual].map(formatFen),
    ]),
    encoding,
  )
  return ['budget.csv', 'parts.csv']
}

/** Writes the monthly payments, the clearing, what is carried over to the next year, and the fund's account. */
export function writeClearing(
  folder: string,
  clearings: readonly Clearing[],
  account: FundAccount,
  encoding: TextEncoding | undefined,
): string[] {
  const tables: [string, readonly string[], (string | number)[][]][] = [
    [
      'clearing.csv',
      ['hospital', 'insurance', 'state', 'clearBy', ...CLEARING_SUMS],
      clearings.map(row => [
        row.hospital,
        row.insurance,
        row.state,
        row.clearBy,
        ...CLEARING_SUMS.map(key => formatFen(row[key])),
      ]),
    ],
    [
      'payments.csv',
      ['hospital', 'insurance', 'month', 'state', 'payBy', 'provisional', 'deduction', 'paid', 'deposit'],
      clearings.flatMap(({ hospital, insurance, months }) =>
        months.map(row => [
          hospital,
          insurance,
          row.month,
          row.state,
          row.payBy,
          ...[row.provisional, row.deduction, row.paid, row.deposit].map(formatFen),
        ]),
      ),
    ],
    [
      'carried-over.csv',
      ['hospital', 'insurance', 'balance', 'advance', 'workingCapital'],
      clearings
        .filter(row => row.carriedOut !== 0 || row.advanceAfter !== 0 || row.workingCapitalAfter !== 0)
        .map(row => [
          row.hospital,
          row.insurance,
          ...[row.carriedOut, row.advanceAfter, row.workingCapitalAfter].map(formatFen),
        ]),
    ],
    [
      'account.csv',
      ['line', 'amount'],
      (['agreed', 'residual', ...CLEARING_SUMS, 'cash', 'kept'] as const).map(key => [key, formatFen(account[key])]),
    ],
  ]
  for (const [name, header, rows] of tables) writeCsv(`${folder}/${name}`, header, rows, encoding)
  return tables.map(([name]) => name)
}
