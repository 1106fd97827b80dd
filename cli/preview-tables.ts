import { join } from 'node:path'
import { csvText, writeText } from '../files/index.ts'
import {
  type Cell,
  loadTemplate,
  monthSheet,
  openTable,
  type TableOptions,
  templateColumns,
  templateRow,
} from '../formats/index.ts'
import { STATUSES } from '../grouper/index.ts'
import type { Lang } from '../messages/index.ts'
import { Decimal, type Fen, formatFen, formatPoints, roundFen } from '../numbers/index.ts'
import { type CasePayment, type PreviewCase, type PreviewRow, payCase } from '../simulate/index.ts'
import { NO_LABEL, NO_STAY } from '../weights/index.ts'
import { type Facts, STATUS_NAMES } from './case-facts.ts'
import { className } from './class-names.ts'
import type { Previewed } from './preview-inputs.ts'
import { programVersion } from './run-note.ts'

/** The literal payment of one case of a preview: ratio, limit, coefficient, standard, and the steps. */
export function explainCase({ policy, caseAt }: Previewed, at: number): CasePayment {
  const { one, prices } = caseAt(at)
  return payCase(policy, one, prices)
}

const four = (value: Decimal | null): string => value?.toDecimalPlaces(4).toFixed() ?? ''

/** Writes the cases in the order of the preview, and the sums by month, department, doctor, group, class and insurance. */
export function writePreview(folder: string, previewed: Previewed): string[] {
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
  for (const [name, header, rows] of tables) writeText(join(folder, name), csvText(header, rows))
  return tables.map(([name]) => name)
}

function amountsOf(row: PreviewRow | PreviewCase): string[] {
  const { firm, cost, patient, billed, low, gross, high, due, surplus } = row
  return [firm, cost, patient, billed, low, gross, high, due, surplus].map(formatFen)
}

/** Writes the settlement sheet in a column template, one sheet a month in XLSX; returns the file name. */
export function writeSheet(
  folder: string,
  previewed: Previewed,
  template: string,
  { format, encoding }: Pick<TableOptions, 'format' | 'encoding'>,
  lang: Lang,
): string {
  const layout = loadTemplate(template)
  const columns = templateColumns(layout)
  const month = new WeakMap<readonly Cell[], string>()
  const { book, policy, hospital } = previewed
  const name = `${template}.${format}`
  const table = openTable(join(folder, name), columns, {
    format,
    ...(encoding === undefined ? {} : { encoding }),
    lang,
    sheet: row => monthSheet(month.get(row) ?? ''),
    notes: [
      ['program', `dianzhi ${programVersion()}`],
      ['scheme', book.schemeId],
      ['schemeHash', book.hash],
      ['policy', policy.id],
      ['hospital', hospital.code],
    ],
  })
  try {
    const rows = template === 'hospital-month' ? departmentFacts(previewed) : caseFacts(previewed, lang)
    for (const facts of rows) {
      const row = templateRow(layout, facts)
      month.set(row, String(facts.month ?? ''))
      table.row(row)
    }
    table.finish()
  } catch (error) {
    table.abort()
    throw error
  }
  return name
}

/** One set of facts a case, by month and then in input order. */
function* caseFacts(previewed: Previewed, lang: Lang): Generator<Facts> {
  const { cases, ids, preview, input, book, policy, prices, hospital } = previewed
  const { details } = cases
  for (const one of preview.cases.toSorted((a, b) => cases.month[a.at]! - cases.month[b.at]! || a.at - b.at)) {
    const { at } = one
    const group = cases.group[at]!
    const leaf = book.leaves[group]!
    const insurance = cases.insurances[cases.insurance[at]!]!
    const paid = explainCase(previewed, at)
    const price = prices.get(insurance)?.expected
    const weight = input.weights.weight[group]
    const department = details?.department[at] ?? NO_LABEL
    const doctor = details?.doctor[at] ?? NO_LABEL
    yield {
      caseId: ids[at],
      hospitalCode: hospital.code,
      hospitalName: hospital.name,
      insurance,
      department: department === NO_LABEL ? null : details?.departments[department],
      doctor: doctor === NO_LABEL ? null : details?.doctors[doctor],
      age: details === undefined || details.age[at]! < 0 ? null : details.age[at],
      month: cases.months[cases.month[at]!],
      los: cases.los[at] === NO_STAY ? null : cases.los[at],
      dischargeWay: cases.dischargeWay[at] === 0 ? null : String(cases.dischargeWay[at]),
      scheme: book.schemeId,
      schemeHash: book.hash,
      status: STATUS_NAMES[lang][cases.status[at]!],
      mdc: leaf.mdc,
      adrg: leaf.adrg,
      group: leaf.drg,
      groupName: leaf.name,
      isAmbiguous: cases.status[at] === 1 ? '1' : '0',
      isUnstable: input.weights.stable[group] === true ? '0' : '1',
      weight: weight === null || weight === undefined ? null : four(weight),
      basePoints: weight == null || policy.method === 'rate' ? null : four(weight.times(policy.scale)),
      points: policy.method === 'rate' ? null : formatPoints(one.points),
      pointValue: price === undefined ? null : four(price),
      rate: price === undefined ? null : four(price),
      coefficient: four(paid.coefficient),
      standard: paid.standard === null ? null : roundFen(paid.standard.times(100)),
      ratio: paid.ratio === null ? null : four(paid.ratio),
      band: className(one.class, lang),
      totalCost: cases.cost[at],
      payable: one.gross,
      fundPay: one.due,
      patientPay: cases.patient[at],
      balance: one.surplus,
      messages: one.deviates ? paid.trace.map(line => line.text[lang]).join(' ') : null,
    }
  }
}

/** One set of facts a month and department. */
function* departmentFacts({ cases, preview, input, hospital }: Previewed): Generator<Facts> {
  const { details } = cases
  const keyOf = ({ at }: PreviewCase): string => {
    const department = details?.department[at] ?? NO_LABEL
    const name = department === NO_LABEL ? '' : details!.departments[department]!
    return `${cases.months[cases.month[at]!]!}\n${name}`
  }
  const groups = [...Map.groupBy(preview.cases, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [key, list] of groups) {
    const [month = '', department = ''] = key.split('\n')
    const sum = (of: (one: PreviewCase) => number): number => list.reduce((all, one) => all + of(one), 0)
    const count = (...names: string[]): number => list.filter(one => names.includes(one.class)).length
    const cost = sum(one => cases.cost[one.at]!)
    const gross: Fen = sum(one => one.gross)
    const weighed = list.filter(one => input.weights.weight[cases.group[one.at]!] != null)
    const weights = weighed.reduce((all, one) => all.plus(input.weights.weight[cases.group[one.at]!]!), new Decimal(0))
    yield {
      month,
      hospitalName: hospital.name,
      department,
      totalCost: cost,
      cases: list.length,
      meanCost: roundFen(new Decimal(cost).div(list.length)),
      normalCases: count('normal'),
      highCases: count('high', 'ultraHigh'),
      lowCases: count('low', 'ultraLow'),
      points: formatPoints(sum(one => one.points)),
      paid: gross,
      paidDifference: sum(one => one.surplus),
      cmi: weighed.length === 0 ? null : four(weights.div(weighed.length)),
      weights: four(weights),
      groups: new Set(list.map(one => cases.group[one.at])).size,
    }
  }
}
