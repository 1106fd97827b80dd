import type { GroupedCases } from '../../weights/index.ts'
import { CLASSES } from './classes.ts'
import type { FundShares } from './fund-share.ts'
import { addByKey, addCases, orderCases, STRIDE } from './ledger-kernel.ts'
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
  const { groups } = cases
  const { start, order } = orderCases(cases)
  const cells = createCells(start.length - 1, Math.min(cases.count, 1 << 16))
  const slots = groups.length * CLASSES.length
  const table = new Float64Array(slots * STRIDE)
  const met = new Uint32Array(slots)
  for (let row = 0; row + 1 < start.length; row++) {
    const count = addCases(cases, values, inside, CLASSES.length, order, start[row]!, start[row + 1]!, table, met)
    for (const slot of met.subarray(0, count).sort()) {
      const at = slot * STRIDE
      pushCell(cells, Math.floor(slot / CLASSES.length), slot % CLASSES.length, table, at)
      table.fill(0, at, at + STRIDE)
    }
    cells.start[row + 1] = cells.count
  }
  return ledgerFrom(cases, finishCells(cells))
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
    const picked = createCells(cells.start.length - 1, 1 << 10)
    const at: number[] = []
    for (let row = 0; row + 1 < cells.start.length; row++) {
      for (let cell = cells.start[row]!; cell < cells.start[row + 1]!; cell++) {
        if (partOf[cell] !== part) continue
        grow(picked)
        at.push(cell)
        picked.group[picked.count] = cells.group[cell]!
        picked.class[picked.count] = cells.class[cell]!
        for (const key of SUM_KEYS) picked.sums[key][picked.count] = cells.sums[key][cell]!
        picked.count++
      }
      picked.start[row + 1] = picked.count
    }
    return { ledger: ledgerFrom(ledger, finishCells(picked)), at: Uint32Array.from(at) }
  })
}

/** A part of a ledger; `at` gives the place of each of its cells in the whole. */
export interface LedgerPart {
  readonly ledger: Ledger
  readonly at: Uint32Array
}

interface OpenCells {
  count: number
  readonly start: Uint32Array
  group: Uint16Array<ArrayBuffer>
  class: Uint8Array<ArrayBuffer>
  readonly sums: Record<keyof Sums, Float64Array<ArrayBuffer>>
}

function createCells(rows: number, capacity: number): OpenCells {
  const size = Math.max(capacity, 1)
  return {
    count: 0,
    start: new Uint32Array(rows + 1),
    group: new Uint16Array(size),
    class: new Uint8Array(size),
    sums: Object.fromEntries(SUM_KEYS.map(key => [key, new Float64Array(size)])) as OpenCells['sums'],
  }
}

function pushCell(cells: OpenCells, group: number, classOf: number, table: Float64Array, at: number): void {
  grow(cells)
  cells.group[cells.count] = group
  cells.class[cells.count] = classOf
  for (let k = 0; k < SUM_KEYS.length; k++) cells.sums[SUM_KEYS[k]!][cells.count] = table[at + k]!
  cells.count++
}

function grow(cells: OpenCells): void {
  if (cells.count === cells.group.length) resize(cells, cells.group.length * 2)
}

/** Gives the columns another length where they stand: old and new ones of millions of cells are never held together. */
function resize(cells: OpenCells, size: number): void {
  const { group, class: classOf, sums } = cells
  cells.group = new Uint16Array(group.buffer.transfer(size * group.BYTES_PER_ELEMENT))
  cells.class = new Uint8Array(classOf.buffer.transfer(size))
  for (const key of SUM_KEYS)
    sums[key] = new Float64Array(sums[key].buffer.transfer(size * sums[key].BYTES_PER_ELEMENT))
}

function finishCells(cells: OpenCells): Cells {
  resize(cells, cells.count)
  const { count: _, ...finished } = cells
  return finished
}

function mapSums(change: (column: Float64Array, key: keyof Sums) => Float64Array, sums: Sums): Sums {
  return Object.fromEntries(SUM_KEYS.map(key => [key, change(sums[key], key)])) as unknown as Sums
}
