import { type Case, STATUSES } from '../../grouper/cases/case.ts'
import { interpret } from '../../grouper/drg/interpret.ts'
import type { Scheme } from '../../grouper/scheme/types.ts'
import { parseYuan } from '../../numbers/index.ts'
import { CASE_HEADER, drawCases, type Region } from '../../synth/index.ts'
import type { GroupedCases } from '../../weights/index.ts'

/** One row of a case file by column. */
export type CaseRow = Readonly<Record<string, string>>

/** The rows of cases [from, to) as the file has them. */
export function rowsOf(region: Region, from: number, to: number): CaseRow[] {
  const parts: string[] = []
  drawCases(region, { from, to }, bytes => parts.push(Buffer.from(bytes).toString('latin1')))
  const names = CASE_HEADER.split(',')
  const lines = parts.join('').split('\n').slice(0, -1)
  return lines.map(line => {
    const cells = line.split(',')
    if (cells.length !== names.length) throw new Error(`row of ${cells.length} cells: ${line}`)
    return Object.fromEntries(names.map((name, i) => [name, cells[i]!]))
  })
}

/** A row as the interpreter takes it. */
export function caseOfRow(row: CaseRow): Case {
  const number = (name: string): number | undefined => (row[name] === '' ? undefined : Number(row[name]))
  const ageDays = number('ageDay')
  const weight = number('weight')
  const list = (name: string): string[] => row[name]!.split('|').filter(code => code !== '')
  return {
    sex: Number(row.gender),
    ageYears: Number(row.age),
    losDays: Number(row.los),
    dischargeWay: Number(row.leavingType),
    totalCost: parseYuan(row.totalCost!)!,
    diagnoses: list('dx'),
    procedures: list('proc'),
    ...(ageDays === undefined ? {} : { ageDays }),
    ...(weight === undefined ? {} : { weight }),
  }
}

/** Rows grouped by the interpreter, as weights take them. */
export function groupRows(scheme: Scheme, rows: readonly CaseRow[]): GroupedCases {
  const leaves = scheme.mdcs.flatMap(mdc => mdc.adrgs.flatMap(adrg => adrg.drgs.map(drg => ({ drg, adrg }))))
  const groups = [...leaves.map(leaf => leaf.drg.code), 'none']
  const index = new Map(leaves.map((leaf, i) => [leaf.drg, i]))
  const outcomes = rows.map(row => interpret(scheme, caseOfRow(row)))
  const labels = (name: string): string[] => [...new Set(rows.map(row => row[name]!))].sort()
  const hospitals = labels('hospital')
  const insurances = labels('insurance')
  const months = labels('month')
  const place = (list: readonly string[]): Map<string, number> => new Map(list.map((label, i) => [label, i]))
  const [byHospital, byInsurance, byMonth] = [place(hospitals), place(insurances), place(months)]
  return {
    count: rows.length,
    groups,
    parents: [...leaves.map(leaf => leaf.adrg.code), 'none'],
    hospitals,
    insurances,
    months,
    group: Uint16Array.from(outcomes, one => (one.leaf === undefined ? leaves.length : index.get(one.leaf.drg)!)),
    status: Uint8Array.from(outcomes, one => STATUSES.indexOf(one.status)),
    hospital: Uint16Array.from(rows, row => byHospital.get(row.hospital!)!),
    insurance: Uint16Array.from(rows, row => byInsurance.get(row.insurance!)!),
    month: Uint16Array.from(rows, row => byMonth.get(row.month!)!),
    los: Uint16Array.from(rows, row => Number(row.los)),
    dischargeWay: Uint8Array.from(rows, row => Number(row.leavingType)),
    cost: Float64Array.from(rows, row => parseYuan(row.totalCost!)!),
    fund: Float64Array.from(rows, row => parseYuan(row.fundPay!)!),
    patient: Float64Array.from(rows, row => parseYuan(row.patientPay!)!),
  }
}

/** The quantile of a list of numbers, by rank. */
export function quantileOf(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!
}

/** The share of a list that passes a test. */
export function shareOf<T>(list: readonly T[], test: (item: T) => boolean): number {
  return list.filter(test).length / list.length
}
