import { Fault } from '../../messages/index.ts'
import type { Fen, Points } from '../../numbers/index.ts'
import type { CoefficientTable, GroupedCases, Hospital, WeightTable } from '../../weights/index.ts'
import { tableOf } from '../policy/coefficients.ts'
import type { Policy } from '../policy/policy.ts'
import { claimsOf, dividePools, orderOf, poolTerms } from './claims.ts'
import { type CaseClass, CLASSES, poolClasses } from './classes.ts'
import { type Ledger, ledgerOf, type Sums } from './ledger.ts'
import { type CaseValues, valueCases } from './points.ts'
import { type PoolShares, type PoolTerms, share } from './pool.ts'

/** Fund budget of one insurance scheme. */
export interface Budget {
  readonly insurance: string
  readonly fund: Fen
}

export interface RegionInput {
  readonly cases: GroupedCases
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  readonly policy: Policy
  readonly budgets: readonly Budget[]
  readonly hospitals: readonly Hospital[]
}

/** A pool with its insurances: one scheme, or all of them. */
export interface PoolSettlement extends Omit<PoolShares, 'gross' | 'net' | 'due'> {
  readonly insurances: readonly string[]
}

/** Amounts of a row of the settlement. Money in fen, points in 1e-4; see `Sums` for what counts. */
export interface Amounts {
  readonly cases: number
  readonly outside: number
  readonly points: Points
  readonly cost: Fen
  readonly patient: Fen
  /** Points times point value, plus what is paid in money. */
  readonly gross: Fen
  /** gross − cost (盈亏). */
  readonly surplus: Fen
}

export interface MonthRow extends Amounts {
  readonly hospital: string
  readonly insurance: string
  readonly month: string
  /** Paid in money, part of gross. */
  readonly paid: Fen
  /** Fund due of the month, before a negative year is floored; the months add up to the hospital's `net`. */
  readonly net: Fen
  /** Cases by class; they add up to `cases`. */
  readonly classes: Readonly<Record<CaseClass, number>>
}

export interface HospitalRow extends Amounts {
  readonly hospital: Hospital
  readonly net: Fen
  /** Fund due of the year. */
  readonly due: Fen
  readonly classes: Readonly<Record<CaseClass, number>>
}

export interface GroupRow extends Amounts {
  readonly group: string
}

export interface HospitalGroupRow extends GroupRow {
  readonly hospital: string
}

/** A settled region. Every list stands in order of its codes. */
export interface Settlement {
  readonly policy: string
  readonly method: 'points' | 'rate'
  readonly pools: readonly PoolSettlement[]
  readonly hospitals: readonly HospitalRow[]
  readonly months: readonly MonthRow[]
  readonly groups: readonly GroupRow[]
  readonly hospitalGroups: readonly HospitalGroupRow[]
}

/** Class, points and money of every case, and the sums over them: everything that does not depend on a budget. */
export interface ValuedRegion {
  readonly values: CaseValues
  readonly ledger: Ledger
}

/** Settles a region: values the cases, sums them, divides the budgets. */
export function settleRegion(input: RegionInput): Settlement {
  return divideRegion(valueRegion(input).ledger, input)
}

/** The first half of a settlement. */
export function valueRegion(input: Omit<RegionInput, 'budgets'>): ValuedRegion {
  const { cases, policy, weights } = input
  if (weights.groups.join('\n') !== cases.groups.join('\n')) {
    throw new Error('weights and cases must list the same groups in the same order')
  }
  const hospitals = hospitalsOf(cases.hospitals, input.hospitals)
  const coefficients = tableOf(policy, input.coefficients, cases)
  const values = valueCases({ cases, policy, weights, coefficients, hospitals })
  return { values, ledger: ledgerOf(cases, values, poolClasses(policy)) }
}

/** The second half: divides the budgets over a ledger, region → hospital → insurance → month, to the fen. */
export function divideRegion(
  ledger: Ledger,
  { policy, budgets, hospitals }: Pick<RegionInput, 'policy' | 'budgets' | 'hospitals'>,
): Settlement {
  checkBudgets(ledger, budgets)
  const terms = poolTerms(policy)
  const book = bookOf(ledger, hospitals)
  const pools: PoolSettlement[] = []
  for (const { insurances, columns, shares } of dividePools(claimsOf(ledger), policy, budgets)) {
    const { gross, net, due, ...pool } = shares
    pools.push({ ...pool, insurances })
    for (const [i, at] of book.order.entries()) {
      book.due[at] = (book.due[at] ?? 0) + (due[i] ?? 0)
      spread(book, at, columns, { gross: gross[i] ?? 0, net: net[i] ?? 0 }, terms)
    }
  }
  return { policy: policy.id, method: policy.method, pools, ...rowsOf(book) }
}

/** A ledger with the columns of money that the division fills. */
interface Book {
  readonly ledger: Ledger
  readonly hospitals: readonly Hospital[]
  /** Positions of hospitals, groups and months in order of their codes. */
  readonly order: readonly number[]
  readonly groupOrder: readonly number[]
  readonly due: Float64Array
  readonly monthGross: Float64Array
  readonly monthNet: Float64Array
  readonly groupGross: Float64Array
}

function bookOf(ledger: Ledger, hospitals: readonly Hospital[]): Book {
  return {
    ledger,
    hospitals: hospitalsOf(ledger.hospitals, hospitals),
    order: orderOf(ledger.hospitals),
    groupOrder: orderOf(ledger.groups),
    due: new Float64Array(ledger.hospitals.length),
    monthGross: new Float64Array(ledger.byMonth.cases.length),
    monthNet: new Float64Array(ledger.byMonth.cases.length),
    groupGross: new Float64Array(ledger.byGroup.cases.length),
  }
}

/** Spreads a hospital's amounts of one pool over insurances, months and groups. */
function spread(
  book: Book,
  hospital: number,
  columns: readonly number[],
  amounts: { gross: Fen; net: Fen },
  terms: PoolTerms,
): void {
  const { ledger } = book
  const { byMonth, byGroup } = ledger
  const unit = (column: Float64Array, insurance: number): Float64Array => unitOf(ledger, column, hospital, insurance)
  const paid = columns.map(insurance => total(unit(byMonth.paid, insurance)))
  const points = columns.map(insurance => total(unit(byMonth.points, insurance)))
  const onPoints = share(amounts.gross - total(paid), points)
  for (const [i, insurance] of columns.entries()) {
    const monthly = share(onPoints[i] ?? 0, unit(byMonth.points, insurance))
    fill(unit(book.monthGross, insurance), monthly, unit(byMonth.paid, insurance), 1)
    const grouped = share(onPoints[i] ?? 0, unit(byGroup.points, insurance))
    fill(unit(book.groupGross, insurance), grouped, unit(byGroup.paid, insurance), 1)
  }
  if (terms.patientShare === 'subtract') {
    for (const insurance of columns) {
      fill(unit(book.monthNet, insurance), unit(book.monthGross, insurance), unit(byMonth.patient, insurance), -1)
    }
    return
  }
  const net = share(
    amounts.net,
    columns.map(insurance => total(unit(book.monthGross, insurance))),
  )
  for (const [i, insurance] of columns.entries())
    unit(book.monthNet, insurance).set(share(net[i] ?? 0, unit(book.monthGross, insurance)))
}

/** The part of a column that belongs to one hospital and insurance; a view, not a copy. */
function unitOf(ledger: Ledger, column: Float64Array, hospital: number, insurance: number): Float64Array {
  const width = column.length / (ledger.hospitals.length * ledger.insurances.length)
  const start = (hospital * ledger.insurances.length + insurance) * width
  return column.subarray(start, start + width)
}

function fill(target: Float64Array, base: Float64Array, other: Float64Array, sign: 1 | -1): void {
  for (const [i, value] of base.entries()) target[i] = value + sign * (other[i] ?? 0)
}

function total(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0
  return sum
}

function rowsOf(book: Book): Pick<Settlement, 'hospitals' | 'months' | 'groups' | 'hospitalGroups'> {
  const { ledger } = book
  const width = ledger.months.length
  const hospitals: HospitalRow[] = []
  const months: MonthRow[] = []
  const groupSums = ledger.groups.map(() => noAmounts())
  const hospitalGroups: HospitalGroupRow[] = []
  for (const at of book.order) {
    const own = { ...noAmounts(), net: 0 }
    const classes = new Float64Array(CLASSES.length)
    const perGroup = ledger.groups.map(() => noAmounts())
    for (const [s, insurance] of ledger.insurances.entries()) {
      const unit = at * ledger.insurances.length + s
      for (const [m, month] of ledger.months.entries()) {
        const cell = unit * width + m
        if ((ledger.byMonth.cases[cell] ?? 0) === 0) continue
        const counts = ledger.classes.subarray(cell * CLASSES.length, (cell + 1) * CLASSES.length)
        const row = { ...amountsAt(ledger.byMonth, cell, book.monthGross), net: book.monthNet[cell] ?? 0 }
        const paid = ledger.byMonth.paid[cell] ?? 0
        months.push({ hospital: ledger.hospitals[at] ?? '', insurance, month, ...row, paid, classes: named(counts) })
        add(own, row)
        own.net += row.net
        for (const [i, value] of counts.entries()) classes[i] = (classes[i] ?? 0) + value
      }
      for (const g of book.groupOrder) {
        const cell = unit * ledger.groups.length + g
        const sums = perGroup[g]
        if (sums !== undefined && (ledger.byGroup.cases[cell] ?? 0) > 0)
          add(sums, amountsAt(ledger.byGroup, cell, book.groupGross))
      }
    }
    const hospital = book.hospitals[at]
    if (hospital === undefined) throw new Error(`hospital ${at} is not listed`)
    hospitals.push({ hospital, ...own, due: book.due[at] ?? 0, classes: named(classes) })
    for (const g of book.groupOrder) {
      const [sums, all] = [perGroup[g], groupSums[g]]
      if (sums === undefined || all === undefined || sums.cases === 0) continue
      add(all, sums)
      hospitalGroups.push({ hospital: hospital.code, group: ledger.groups[g] ?? '', ...sums })
    }
  }
  const groups = book.groupOrder
    .map(g => ({ group: ledger.groups[g] ?? '', ...(groupSums[g] ?? noAmounts()) }))
    .filter(row => row.cases > 0)
  return { hospitals, months, groups, hospitalGroups }
}

type Open = { -readonly [key in keyof Amounts]: number }

function noAmounts(): Open {
  return { cases: 0, outside: 0, points: 0, cost: 0, patient: 0, gross: 0, surplus: 0 }
}

function amountsAt(sums: Sums, cell: number, grossColumn: Float64Array): Open {
  const gross = grossColumn[cell] ?? 0
  const cost = sums.cost[cell] ?? 0
  return {
    cases: sums.cases[cell] ?? 0,
    outside: sums.outside[cell] ?? 0,
    points: sums.points[cell] ?? 0,
    cost,
    patient: sums.patient[cell] ?? 0,
    gross,
    surplus: gross - cost,
  }
}

function add(to: Open, from: Amounts): void {
  to.cases += from.cases
  to.outside += from.outside
  to.points += from.points
  to.cost += from.cost
  to.patient += from.patient
  to.gross += from.gross
  to.surplus += from.surplus
}

function named(counts: Float64Array): Record<CaseClass, number> {
  return Object.fromEntries(CLASSES.map((name, i) => [name, counts[i] ?? 0])) as Record<CaseClass, number>
}

/** The hospitals of the cases with their levels, in the order of `codes`. */
function hospitalsOf(codes: readonly string[], listed: readonly Hospital[]): readonly Hospital[] {
  const byCode = new Map(listed.map(hospital => [hospital.code, hospital]))
  return codes.map(code => {
    const hospital = byCode.get(code)
    if (hospital !== undefined) return hospital
    throw new Fault({
      code: 'REG-004',
      at: { field: 'hospitals' },
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

function checkBudgets(ledger: Ledger, budgets: readonly Budget[]): void {
  const known = new Set(budgets.map(budget => budget.insurance))
  for (const [s, insurance] of ledger.insurances.entries()) {
    const isUsed = ledger.hospitals.some((_, h) => total(unitOf(ledger, ledger.byMonth.cases, h, s)) > 0)
    if (known.has(insurance) || !isUsed) continue
    throw new Fault({
      code: 'REG-005',
      at: { field: 'budgets' },
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
