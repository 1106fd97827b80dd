import { Decimal } from '../../numbers/index.ts'
import type { GroupedCases } from '../../weights/index.ts'
import { CLASSES } from './classes.ts'
import { addClasses, addSums, columnAt, STRIDE } from './ledger-kernel.ts'
import type { PointColumns } from './points-kernel.ts'

/**
 * Sums over cases; columns of one length. Integers: cases, 1e-4 points, fen. All but `cases` and `outside` cover the
 * cases in the pool only: what lies outside the payment scope neither earns points nor brings patient money.
 */
export interface Sums {
  /** All cases. */
  readonly cases: Float64Array
  /** Those outside the payment scope. */
  readonly outside: Float64Array
  readonly points: Float64Array
  /** Paid in money, outside the point value. */
  readonly paid: Float64Array
  readonly cost: Float64Array
  /** What patients pay. */
  readonly patient: Float64Array
  /** What the item-based bill charges to the fund. */
  readonly fund: Float64Array
}

/** The sums of a region. A unit is a hospital and an insurance: `hospital * insurances.length + insurance`. */
export interface Ledger {
  readonly hospitals: readonly string[]
  readonly insurances: readonly string[]
  readonly months: readonly string[]
  readonly groups: readonly string[]
  /** By `unit * months.length + month`. */
  readonly byMonth: Sums
  /** By `unit * groups.length + group`. */
  readonly byGroup: Sums
  /** Cases by `(unit * months.length + month) * CLASSES.length + class`. */
  readonly classes: Float64Array
}

/** The ledger of valued cases; `inside` says which classes belong to the pool. */
export function ledgerOf(cases: GroupedCases, values: PointColumns, inside: Uint8Array): Ledger {
  const { hospitals, insurances, months, groups } = cases
  const units = hospitals.length * insurances.length
  const sums = (key: Uint8Array | Uint16Array, width: number): Sums => {
    const table = new Float64Array(units * width * STRIDE)
    addSums(cases, values, inside, key, width, table)
    return columnsOf(table)
  }
  const byMonth = sums(cases.month, months.length)
  const byGroup = sums(cases.group, groups.length)
  const classes = new Float64Array(units * months.length * CLASSES.length)
  addClasses(cases, values.class, CLASSES.length, classes)
  return { hospitals, insurances, months, groups, byMonth, byGroup, classes }
}

/** Adds ledgers of parts of the same region: same lists of hospitals, insurances, months and groups. */
export function mergeLedgers(parts: readonly [Ledger, ...Ledger[]]): Ledger {
  const [first] = parts
  for (const part of parts) {
    for (const key of ['hospitals', 'insurances', 'months', 'groups'] as const) {
      if (part[key].join('\n') !== first[key].join('\n'))
        throw new Error(`ledgers with different ${key} cannot be added`)
    }
  }
  return {
    ...first,
    byMonth: mapSums((_, key) => addColumns(parts.map(part => part.byMonth[key])), first.byMonth),
    byGroup: mapSums((_, key) => addColumns(parts.map(part => part.byGroup[key])), first.byGroup),
    classes: addColumns(parts.map(part => part.classes)),
  }
}

/**
 * The ledger with the volume of some hospitals multiplied. Every sum of such a hospital is multiplied and rounded half
 * up on its own, case counts too, so that a cell by group may differ by a unit from the cells by month.
 */
export function scaleVolume(ledger: Ledger, factors: ReadonlyMap<string, Decimal>): Ledger {
  const { hospitals, insurances } = ledger
  const factorOf = hospitals.map(code => factors.get(code) ?? null)
  const scaleColumn = (column: Float64Array): Float64Array => {
    const width = column.length / (hospitals.length * insurances.length || 1)
    return column.map((value, i) => {
      const factor = factorOf[Math.floor(i / width / insurances.length)] ?? null
      return factor === null ? value : factor.times(value).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber()
    })
  }
  return {
    ...ledger,
    byMonth: mapSums(scaleColumn, ledger.byMonth),
    byGroup: mapSums(scaleColumn, ledger.byGroup),
    classes: scaleColumn(ledger.classes),
  }
}

function columnsOf(table: Float64Array): Sums {
  return {
    cases: columnAt(table, 0),
    outside: columnAt(table, 1),
    points: columnAt(table, 2),
    paid: columnAt(table, 3),
    cost: columnAt(table, 4),
    patient: columnAt(table, 5),
    fund: columnAt(table, 6),
  }
}

function mapSums(change: (column: Float64Array, key: keyof Sums) => Float64Array, sums: Sums): Sums {
  return {
    cases: change(sums.cases, 'cases'),
    outside: change(sums.outside, 'outside'),
    points: change(sums.points, 'points'),
    paid: change(sums.paid, 'paid'),
    cost: change(sums.cost, 'cost'),
    patient: change(sums.patient, 'patient'),
    fund: change(sums.fund, 'fund'),
  }
}

function addColumns(columns: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(columns[0]?.length ?? 0)
  for (const column of columns) for (const [i, value] of column.entries()) sum[i] = (sum[i] ?? 0) + value
  return sum
}
