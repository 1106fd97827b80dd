import { Fault } from '../../messages/index.ts'
import type { Fen } from '../../numbers/index.ts'
import type { CoefficientTable, GroupedCases, Hospital, WeightTable } from '../../weights/index.ts'
import type { Budget, PartSettlement } from '../budget/parts.ts'
import { tableOf } from '../policy/coefficients.ts'
import type { Policy } from '../policy/policy.ts'
import { type Amounts, addAmounts, isNothing, noAmounts, type OpenAmounts } from './amounts.ts'
import { orderOf } from './claims.ts'
import { type CaseClass, CLASSES, poolClasses } from './classes.ts'
import { type Division, divideLedger, type PoolSettlement, type Visitors } from './division.ts'
import { type GroupRow, groupRows, type HospitalGroups, hospitalGroupsOf } from './hospital-groups.ts'
import { type Ledger, ledgerOf } from './ledger.ts'
import { type CaseValues, valueCases } from './points.ts'
import { type Reclassified, reclassify } from './reclassify.ts'
import { cellsOf, total } from './spread.ts'
import type { CountedCases } from './volume-counts.ts'

export type { Budget } from '../budget/parts.ts'
export type { Amounts } from './amounts.ts'
export type { PoolSettlement, Visitors } from './division.ts'
export type { GroupRow } from './hospital-groups.ts'

export interface RegionInput {
  readonly cases: GroupedCases
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  readonly policy: Policy
  readonly budgets: readonly Budget[]
  readonly hospitals: readonly Hospital[]
  /** Patients insured elsewhere; default: none. */
  readonly visitors?: readonly Visitors[] | undefined
  /** The region file, for messages. */
  readonly file?: string | undefined
  /** What volume caps count where that is not each of `cases` once. */
  readonly counted?: CountedCases | undefined
}

export interface MonthRow extends Amounts {
  readonly hospital: string
  readonly insurance: string
  readonly month: string
  /** Paid in money, part of gross. */
  readonly paid: Fen
  /** Cases by class; they add up to `cases`. */
  readonly classes: Readonly<Record<CaseClass, number>>
}

/** A hospital's year under one insurance scheme. */
export interface UnitRow extends Amounts {
  readonly hospital: string
  readonly insurance: string
  /** Fund due of the year. */
  readonly due: Fen
}

export interface HospitalRow extends Amounts {
  readonly hospital: Hospital
  /** Fund due of the year. */
  readonly due: Fen
  readonly classes: Readonly<Record<CaseClass, number>>
}

/** What a hospital's group under one insurance earned and billed, fen. */
export interface UnitGroup {
  readonly hospital: string
  readonly insurance: string
  readonly group: string
  readonly net: Fen
  readonly fund: Fen
}

/** A settled region. Every list stands in order of its codes. */
export interface Settlement {
  readonly policy: string
  readonly method: 'points' | 'rate'
  readonly pools: readonly PoolSettlement[]
  /** What is set apart inside the budgets, and what is paid from it. */
  readonly parts: readonly PartSettlement[]
  readonly hospitals: readonly HospitalRow[]
  /** Hospital × insurance. */
  readonly units: readonly UnitRow[]
  /** Hospital × insurance × group; empty unless overspends are shared by group. */
  readonly unitGroups: readonly UnitGroup[]
  readonly months: readonly MonthRow[]
  readonly groups: readonly GroupRow[]
  readonly hospitalGroups: HospitalGroups
}

/** Class, points and money of every case, and the sums over them: everything that does not depend on a budget. */
export interface ValuedRegion {
  readonly values: CaseValues
  readonly ledger: Ledger
  /** How classes were decided again by the final point value; absent where the policy does not ask for it. */
  readonly reclassified?: Reclassified
}

/** Settles a region: values the cases, sums them, divides the budgets. */
export function settleRegion(input: RegionInput): Settlement {
  return divideRegion(valueRegion(input).ledger, input)
}

/**
 * The first half of a settlement. Where the policy decides classes again at year end this needs the budgets; without them
 * classes stay as the year-start value says.
 */
export function valueRegion(input: Omit<RegionInput, 'budgets'> & Partial<Pick<RegionInput, 'budgets'>>): ValuedRegion {
  const { policy, budgets } = input
  if (!policy.document.reclassifyAtYearEnd || budgets === undefined) return valueOnce(input)
  const insurances = budgets.map(({ insurance }) => insurance)
  const value = (by: Policy): ValuedRegion => valueOnce({ ...input, policy: by })
  return reclassify(policy, insurances, value, ({ ledger }) => divideRegion(ledger, { ...input, budgets }))
}

function valueOnce(input: Omit<RegionInput, 'budgets'>): ValuedRegion {
  const { cases, policy, weights } = input
  if (weights.groups.join('\n') !== cases.groups.join('\n')) {
    throw new Error('weights and cases must list the same groups in the same order')
  }
  const hospitals = hospitalsOf(cases.hospitals, input.hospitals, input.file)
  const coefficients = tableOf(policy, input.coefficients, cases, hospitals)
  const home = new Map((input.visitors ?? []).map(one => [one.insurance, one.as]))
  const priced = { ...cases, insurances: cases.insurances.map(code => home.get(code) ?? code) }
  const values = valueCases({ cases: priced, policy, weights, coefficients, hospitals, counted: input.counted })
  return { values, ledger: ledgerOf(cases, values, poolClasses(policy)) }
}

/** The second half: divides the budgets over a ledger, region → hospital → insurance → month → cell, to the fen. */
export function divideRegion(
  ledger: Ledger,
  input: Pick<RegionInput, 'policy' | 'budgets' | 'hospitals' | 'visitors' | 'file'>,
): Settlement {
  checkBudgets(ledger, input)
  return settlementOf(divideLedger(ledger, input), input)
}

/** A division as rows by hospital, insurance, month and group. */
export function settlementOf(
  division: Division,
  { policy, hospitals }: Pick<RegionInput, 'policy' | 'hospitals'>,
): Settlement {
  const { pools, parts } = division
  const unitGroups = policy.document.sharing?.base === 'group' ? unitGroupsOf(division) : []
  return { policy: policy.id, method: policy.method, pools, parts, unitGroups, ...rowsOf(division, hospitals) }
}

function rowsOf(
  division: Division,
  listed: readonly Hospital[],
): Pick<Settlement, 'hospitals' | 'units' | 'months' | 'groups' | 'hospitalGroups'> {
  const { ledger, due } = division
  const { cells } = ledger
  const list = hospitalsOf(ledger.hospitals, listed)
  const hospitals: HospitalRow[] = []
  const units: UnitRow[] = []
  const months: MonthRow[] = []
  for (const at of orderOf(ledger.hospitals)) {
    const hospital = list[at]!
    const own = { ...noAmounts(), due: 0 }
    const classes = new Float64Array(CLASSES.length)
    for (const [s, insurance] of ledger.insurances.entries()) {
      const unit = at * ledger.insurances.length + s
      const year = noAmounts()
      for (const [m, month] of ledger.months.entries()) {
        const row = unit * ledger.months.length + m
        const [from, to] = [cells.start[row]!, cells.start[row + 1]!]
        if (from === to) continue
        const sums = noAmounts()
        for (let cell = from; cell < to; cell++) addCell(sums, division, cell)
        const counts = ledger.classes.subarray(row * CLASSES.length, (row + 1) * CLASSES.length)
        const paid = total(cells.sums.paid, from, to)
        months.push({ hospital: hospital.code, insurance, month, ...sums, paid, classes: named(counts) })
        addAmounts(year, sums)
        for (const [i, value] of counts.entries()) classes[i]! += value
      }
      if (!isNothing(year)) units.push({ hospital: hospital.code, insurance, ...year, due: due[unit]! })
      addAmounts(own, year)
      own.due += due[unit]!
    }
    hospitals.push({ hospital, ...own, classes: named(classes) })
  }
  const hospitalGroups = hospitalGroupsOf(division)
  return { hospitals, units, months, groups: groupRows(hospitalGroups), hospitalGroups }
}

function unitGroupsOf({ ledger, money }: Division): readonly UnitGroup[] {
  const { cells, hospitals, insurances, groups } = ledger
  const rows: UnitGroup[] = []
  for (const h of orderOf(hospitals)) {
    for (const [s, insurance] of insurances.entries()) {
      const found = new Map<number, { net: Fen; fund: Fen }>()
      const [from, to] = cellsOf(ledger, h, s)
      for (let cell = from; cell < to; cell++) {
        const one = found.get(cells.group[cell]!) ?? { net: 0, fund: 0 }
        one.net += money.net[cell]!
        one.fund += cells.sums.fund[cell]!
        found.set(cells.group[cell]!, one)
      }
      for (const [g, sums] of [...found].sort(([a], [b]) => a - b))
        rows.push({ hospital: hospitals[h]!, insurance, group: groups[g]!, ...sums })
    }
  }
  return rows
}

/** Adds one cell of a division. */
function addCell(to: OpenAmounts, { ledger, money }: Pick<Division, 'ledger' | 'money'>, cell: number): void {
  const { cases, outside, points, cost, patient, fund } = ledger.cells.sums
  to.cases += cases[cell]!
  to.outside += outside[cell]!
  to.points += points[cell]!
  to.cost += cost[cell]!
  to.patient += patient[cell]!
  to.fund += fund[cell]!
  to.gross += money.gross[cell]!
  to.surplus += money.gross[cell]! - cost[cell]!
  to.net += money.net[cell]!
}

function named(counts: Float64Array): Record<CaseClass, number> {
  return Object.fromEntries(CLASSES.map((name, i) => [name, counts[i] ?? 0])) as Record<CaseClass, number>
}

/** The hospitals of the cases with their levels, in the order of `codes`. */
function hospitalsOf(codes: readonly string[], listed: readonly Hospital[], file?: string): readonly Hospital[] {
  const byCode = new Map(listed.map(hospital => [hospital.code, hospital]))
  return codes.map(code => {
    const hospital = byCode.get(code)
    if (hospital !== undefined) return hospital
    throw new Fault({
      code: 'REG-004',
      at: { ...(file === undefined ? {} : { file }), field: 'hospitals' },
      what: {
        zh: `病例中的医疗机构 ${code} 不在医疗机构表中。`,
        en: `Hospital ${code} of the cases is not in the table of hospitals.`,
      },
      fix: {
        zh: '请在 hospitals 文件中补上它的编码、名称和级别。',
        en: 'Add its code, name and level to the hospitals file.',
      },
    })
  })
}

function checkBudgets(
  ledger: Ledger,
  { budgets, visitors = [], file }: Pick<RegionInput, 'budgets' | 'visitors' | 'file'>,
): void {
  const known = new Set([...budgets, ...visitors].map(one => one.insurance))
  for (const [s, insurance] of ledger.insurances.entries()) {
    const isUsed = ledger.hospitals.some((_, h) => total(ledger.cells.sums.cases, ...cellsOf(ledger, h, s)) > 0)
    if (known.has(insurance) || !isUsed) continue
    throw new Fault({
      code: 'REG-005',
      at: { ...(file === undefined ? {} : { file }), field: 'budgets' },
      what: {
        zh: `有险种 ${insurance} 的病例，但没有它的预算。`,
        en: `There are cases of insurance ${insurance} and no budget for it.`,
      },
      fix: {
        zh: `请在 budgets 中写入 {insurance: '${insurance}', fund: '…'}。`,
        en: `Add {insurance: '${insurance}', fund: '…'} to budgets.`,
      },
    })
  }
}
