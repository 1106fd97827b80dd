import type { GroupedCases } from '../../weights/index.ts'
import { CLASSES } from './classes.ts'
import type { FundShares } from './fund-share.ts'
import { addByKey, addCases, cellStarts, orderCases, STRIDE } from './ledger-kernel.ts'
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
  /** Points and money paid, times the fund's share of each case's own bill; zero where no rule asks for it. */
  readonly fundPoints: Float64Array
  readonly fundPaid: Float64Array
}

/** The columns of `Sums`. */
export const SUM_KEYS = [
  'cases', 'outside', 'points', 'paid', 'cost', 'patient', 'fund', 'fundPoints', 'fundPaid',
] as const // biome-ignore format: one list

/**
 * The sums by hospital × insurance × month × group × class, those with cases only. Cells of a row (unit and month) stand
 * together, in order of group and class.
 */
export interface Cells {
  /** First cell of each row `unit * months.length + month`, and the number of cells at the end. */
  readonly start: Uint32Array
  readonly group: Uint16Array
  /** Position in `CLASSES`. */
  readonly class: Uint8Array
  readonly sums: Sums
}

/** The sums of a region. A unit is a hospital and an insurance: `hospital * insurances.length + insurance`. */
export interface Ledger {
  readonly hospitals: readonly string[]
  readonly insurances: readonly string[]
  readonly months: readonly string[]
  readonly groups: readonly string[]
  /** ADRG of each group. */
  readonly parents: readonly string[]
  /** Every other sum of the ledger is a sum of these. */
  readonly cells: Cells
  /** By `unit * months.length + month`. */
  readonly byMonth: Sums
  /** Cases by `(unit * months.length + month) * CLASSES.length + class`. */
  readonly classes: Float64Array
}

/** The lists that the positions of a ledger refer to. */
export type LedgerLists = Pick<Ledger, 'hospitals' | 'insurances' | 'months' | 'groups' | 'parents'>

/** What a ledger sums of the values of cases. */
export interface SummedValues extends PointColumns {
  readonly fundShare?: FundShares | null
}

/** The ledger of valued cases; `inside` says which classes belong to the pool. */
export function ledgerOf(cases: GroupedCases, values: SummedValues, inside: Uint8Array): Ledger {
  const places = orderCases(cases)
  const { start, order } = places
  const cells = createCells(cellStarts(cases, values.class, CLASSES.length, places))
  const slots = cases.groups.length * CLASSES.length
  const table = new Float64Array(slots * STRIDE)
  const met = new Uint32Array(slots)
  for (let row = 0; row + 1 < start.length; row++) {
    const count = addCases(cases, values, inside, CLASSES.length, order, start[row]!, start[row + 1]!, table, met)
    let cell = cells.start[row]!
    for (const slot of met.subarray(0, count).sort()) {
      const at = slot * STRIDE
      cells.group[cell] = Math.floor(slot / CLASSES.length)
      cells.class[cell] = slot % CLASSES.length
      for (let k = 0; k < SUM_KEYS.length; k++) cells.sums[SUM_KEYS[k]!][cell] = table[at + k]!
      table.fill(0, at, at + STRIDE)
      cell++
    }
  }
  return ledgerFrom(cases, cells)
}

/** A ledger from its cells: the tables by month, group and class are sums of them. */
export function ledgerFrom(lists: LedgerLists, cells: Cells): Ledger {
  const { hospitals, insurances, months, groups, parents } = lists
  const units = hospitals.length * insurances.length
  const length = cells.group.length
  const month = new Uint32Array(length)
  const classes = new Uint32Array(length)
  for (let row = 0; row + 1 < cells.start.length; row++) {
    for (let cell = cells.start[row]!; cell < cells.start[row + 1]!; cell++) {
      month[cell] = row
      classes[cell] = row * CLASSES.length + cells.class[cell]!
    }
  }
  return {
    hospitals,
    insurances,
    months,
    groups,
    parents,
    cells,
    byMonth: mapSums(column => table(column, month, units * months.length), cells.sums),
    classes: table(cells.sums.cases, classes, units * months.length * CLASSES.length),
  }
}

/** The sums by `unit * groups.length + group`: wide tables, made for those who ask. */
export function sumByGroup({ hospitals, insurances, months, groups, cells }: Ledger): Sums {
  const group = new Uint32Array(cells.group.length)
  for (let row = 0; row + 1 < cells.start.length; row++) {
    const unit = Math.floor(row / months.length)
    for (let cell = cells.start[row]!; cell < cells.start[row + 1]!; cell++)
      group[cell] = unit * groups.length + cells.group[cell]!
  }
  return mapSums(column => table(column, group, hospitals.length * insurances.length * groups.length), cells.sums)
}

function table(column: Float64Array, key: Uint32Array, size: number): Float64Array {
  const out = new Float64Array(size)
  addByKey(column, key, out)
  return out
}

/** The cells of some parts as ledgers of their own, with the same lists, and the place of each cell in the whole. */
export function splitCells(ledger: Ledger, partOf: Uint16Array, parts: number): readonly LedgerPart[] {
  const { cells } = ledger
  return Array.from({ length: parts }, (_, part) => {
    const at = Uint32Array.from(partOf.keys()).filter(cell => partOf[cell] === part)
    const start = new Uint32Array(cells.start.length)
    for (let row = 0, k = 0; row + 1 < start.length; row++) {
      while (k < at.length && at[k]! < cells.start[row + 1]!) k++
      start[row + 1] = k
    }
    const picked = createCells(start)
    for (const [k, cell] of at.entries()) {
      picked.group[k] = cells.group[cell]!
      picked.class[k] = cells.class[cell]!
      for (const key of SUM_KEYS) picked.sums[key][k] = cells.sums[key][cell]!
    }
    return { ledger: ledgerFrom(ledger, picked), at }
  })
}

/** A part of a ledger; `at` gives the place of each of its cells in the whole. */
export interface LedgerPart {
  readonly ledger: Ledger
  readonly at: Uint32Array
}

/** Empty cells for rows that begin at these places. */
function createCells(start: Uint32Array): Cells {
  const size = start.at(-1)!
  const sums = Object.fromEntries(SUM_KEYS.map(key => [key, new Float64Array(size)])) as unknown as Sums
  return { start, group: new Uint16Array(size), class: new Uint8Array(size), sums }
}

function mapSums(change: (column: Float64Array, key: keyof Sums) => Float64Array, sums: Sums): Sums {
  return Object.fromEntries(SUM_KEYS.map(key => [key, change(sums[key], key)])) as unknown as Sums
}
