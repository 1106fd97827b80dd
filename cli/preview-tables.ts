import { join } from 'node:path'
import { type TextEncoding, writeCsv } from '../files/index.ts'
import { STATUSES } from '../grouper/index.ts'
import { type Decimal, formatFen, formatPoints, roundFen } from '../numbers/index.ts'
import { type CasePayment, type PreviewCase, type PreviewRow, payCase } from '../simulate/index.ts'
import { NO_LABEL } from '../weights/index.ts'
import type { Previewed } from './preview-inputs.ts'
import type { SheetCases } from './sheet-facts.ts'

/** The literal payment of one case of a preview: ratio, limit, coefficient, standard, and the steps. */
export function explainCase({ policy, caseAt }: Previewed, at: number): CasePayment {
  const { one, prices } = caseAt(at)
  return payCase(policy, one, prices)
}

const four = (value: Decimal | null): string => value?.toDecimalPlaces(4).toFixed() ?? ''

/** Writes the cases in the order of the preview, and the sums by month, department, doctor, group, class and insurance. */
export function writePreview(folder: string, previewed: Previewed, encoding: TextEncoding | undefined): string[] {
  const { cases, ids, preview, input } = previewed
  const label = (list: readonly string[] | undefined, column: Uint16Array | undefined, at: number): string =>
    list === undefined || column === undefined || column[at] === NO_LABEL ? '' : list[column[at]!]!
  const details = cases.details
  const tables: [string, readonly string[], (string | number)[][]][] = [
    [
      'cases.csv',
      [
        'id', 'month', 'insurance', 'department', 'doctor', 'group', 'status', 'class', 'deviates', 'weight', 'coefficient',
        'ratio', 'limit', 'standard', 'points', 'pointValue', 'paidInMoney', 'cost', 'patient', 'billed', 'payLow', 'pay',
        'payHigh', 'fundDue', 'surplus',
      ], // biome-ignore format: one list
      preview.cases.map(one => {
        const { at } = one
        const group = cases.group[at]!
        const insurance = cases.insurances[cases.insurance[at]!]!
        const { coefficient, ratio, limit, standard } = explainCase(previewed, at)
        return [
          ids[at]!,
          cases.months[cases.month[at]!]!,
          insurance,
          label(details?.departments, details?.department, at),
          label(details?.doctors, details?.doctor, at),
          cases.groups[group]!,
          STATUSES[cases.status[at]!]!,
          one.class,
          one.deviates ? 1 : 0,
          input.weights.weight[group]?.toFixed() ?? '',
          coefficient.toFixed(),
          four(ratio),
          limit?.toFixed() ?? '',
          standard === null ? '' : formatFen(roundFen(standard.times(100))),
          formatPoints(one.points),
          four(previewed.prices.get(insurance)?.expected ?? null),
          // A case outside the pool has a cost too; in the sums it counts as zero.
          ...amountsOf({ ...one, cost: cases.cost[at]!, patient: cases.patient[at]!, billed: cases.fund[at]! }),
        ]
      }),
    ],
    ...(
      [
        ['by-month.csv', 'month', preview.byMonth],
        ['by-insurance.csv', 'insurance', preview.byInsurance],
        ['by-department.csv', 'department', preview.byDepartment],
        ['by-doctor.csv', 'doctor', preview.byDoctor],
        ['by-group.csv', 'group', preview.byGroup],
        ['by-class.csv', 'class', preview.byClass],
      ] as const
    ).map(([name, key, rows]): [string, readonly string[], (string | number)[][]] => [
      name,
      [
        key, 'cases', 'outsidePool', 'deviating', 'points', 'paidInMoney', 'cost', 'patient', 'billed', 'payLow', 'pay',
        'payHigh', 'fundDue', 'surplus',
      ], // biome-ignore format: one list
      rows.map(row => [row.key, row.cases, row.outside, row.deviating, formatPoints(row.points), ...amountsOf(row)]),
    ]),
  ]
  for (const [name, header, rows] of tables) writeCsv(join(folder, name), header, rows, encoding)
  return tables.map(([name]) => name)
}

function amountsOf(row: PreviewRow | PreviewCase): string[] {
  const { firm, cost, patient, billed, low, gross, high, due, surplus } = row
  return [firm, cost, patient, billed, low, gross, high, due, surplus].map(formatFen)
}

/** A preview as sheets take it. */
export function previewSheet(previewed: Previewed, particulars: SheetCases['particulars']): SheetCases {
  const { book, names, policy, cases, ids, input, hospital, prices, preview } = previewed
  const byPlace = new Map(preview.cases.map(one => [one.at, one]))
  return {
    book,
    names,
    policy,
    cases,
    ids,
    weights: input.weights,
    hospitalOf: () => hospital,
    priceOf: insurance => prices.get(insurance)?.expected ?? null,
    pay: at => explainCase(previewed, at),
    money: at => byPlace.get(at)!,
    particulars,
  }
}
