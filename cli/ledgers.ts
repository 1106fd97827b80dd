import { csvText, writeText } from '../files/index.ts'
import { formatFen, formatPoints } from '../numbers/index.ts'
import { type Amounts, CLASSES, type Clearing, type Comparison, type Settlement } from '../simulate/index.ts'

/**
 * The tables of a settlement as CSV, every digit: money in yuan with two decimals, points with four. Headers are the
 * field names of docs/output.md.
 */

const AMOUNTS = ['cases', 'outsidePool', 'points', 'cost', 'patient', 'gross', 'surplus']

function amounts(row: Amounts): (string | number)[] {
  return [
    row.cases,
    row.outside,
    formatPoints(row.points),
    formatFen(row.cost),
    formatFen(row.patient),
    formatFen(row.gross),
    formatFen(row.surplus),
  ]
}

/** Writes pools, hospitals, months, groups and hospital × group; returns the file names. */
export function writeSettlement(folder: string, settlement: Settlement): string[] {
  const tables: [string, readonly string[], (string | number)[][]][] = [
    [
      'pools.csv',
      ['insurances', 'budget', 'patient', 'total', 'paid', 'money', 'points', 'pointValue', 'payRatio', 'residual'],
      settlement.pools.map(pool => [
        pool.insurances.join('|'),
        formatFen(pool.budget),
        formatFen(pool.patient),
        formatFen(pool.total),
        formatFen(pool.paid),
        formatFen(pool.money),
        formatPoints(pool.points),
        pool.pointValue?.toFixed() ?? '',
        pool.payRatio?.toFixed() ?? '',
        formatFen(pool.residual),
      ]),
    ],
    [
      'by-hospital.csv',
      ['hospital', 'name', 'level', ...AMOUNTS, 'net', 'due', ...CLASSES],
      settlement.hospitals.map(row => [
        row.hospital.code,
        row.hospital.name,
        row.hospital.level,
        ...amounts(row),
        formatFen(row.net),
        formatFen(row.due),
        ...CLASSES.map(name => row.classes[name]),
      ]),
    ],
    [
      'by-month.csv',
      ['hospital', 'insurance', 'month', ...AMOUNTS, 'paid', 'net', ...CLASSES],
      settlement.months.map(row => [
        row.hospital,
        row.insurance,
        row.month,
        ...amounts(row),
        formatFen(row.paid),
        formatFen(row.net),
        ...CLASSES.map(name => row.classes[name]),
      ]),
    ],
    ['by-group.csv', ['group', ...AMOUNTS], settlement.groups.map(row => [row.group, ...amounts(row)])],
    [
      'by-hospital-group.csv',
      ['hospital', 'group', ...AMOUNTS],
      settlement.hospitalGroups.map(row => [row.hospital, row.group, ...amounts(row)]),
    ],
  ]
  for (const [name, header, rows] of tables) writeText(`${folder}/${name}`, csvText(header, rows))
  return tables.map(([name]) => name)
}

/** Writes the monthly payments and the clearing. */
export function writeClearing(folder: string, clearings: readonly Clearing[]): string[] {
  writeText(
    `${folder}/clearing.csv`,
    csvText(
      ['hospital', 'due', 'prepaid', 'advance', 'lostDeposit', 'final'],
      clearings.map(row => [
        row.hospital,
        ...[row.due, row.prepaid, row.advance, row.lostDeposit, row.final].map(formatFen),
      ]),
    ),
  )
  writeText(
    `${folder}/payments.csv`,
    csvText(
      ['hospital', 'month', 'provisional', 'paid', 'deposit'],
      clearings.flatMap(({ hospital, months }) =>
        months.map(row => [hospital, row.month, ...[row.provisional, row.paid, row.deposit].map(formatFen)]),
      ),
    ),
  )
  return ['clearing.csv', 'payments.csv']
}

/** Writes the comparison of scenarios, one row a scenario and hospital. */
export function writeComparison(folder: string, comparison: Comparison): string[] {
  writeText(
    `${folder}/scenarios.csv`,
    csvText(
      [
        'scenario',
        'hospital',
        'name',
        'dueBefore',
        'dueAfter',
        'change',
        'changeShare',
        'surplusBefore',
        'surplusAfter',
        'rankBefore',
        'rankAfter',
        'verdict',
      ],
      comparison.scenarios.flatMap(({ title, hospitals }) =>
        hospitals.map(row => [
          title.en,
          row.hospital.code,
          row.hospital.name,
          formatFen(row.due[0]),
          formatFen(row.due[1]),
          formatFen(row.change),
          row.share?.toFixed(6) ?? '',
          formatFen(row.surplus[0]),
          formatFen(row.surplus[1]),
          row.rank[0],
          row.rank[1],
          row.verdict,
        ]),
      ),
    ),
  )
  writeText(
    `${folder}/scenario-pools.csv`,
    csvText(
      ['scenario', 'insurances', 'pointValueBefore', 'pointValueAfter', 'budgetBefore', 'budgetAfter', 'residualAfter'],
      comparison.scenarios.flatMap(({ title, pools }) =>
        pools.map(pool => [
          title.en,
          pool.insurances.join('|'),
          pool.pointValue[0]?.toFixed() ?? '',
          pool.pointValue[1]?.toFixed() ?? '',
          formatFen(pool.budget[0]),
          formatFen(pool.budget[1]),
          formatFen(pool.residual[1]),
        ]),
      ),
    ),
  )
  return ['scenarios.csv', 'scenario-pools.csv']
}
