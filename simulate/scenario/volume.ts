import { Decimal } from '../../numbers/index.ts'
import { type Cells, type Ledger, ledgerFrom, SUM_KEYS, type Sums } from '../settle/ledger.ts'
import { type Factor, factorOf, times } from './factor.ts'

/** Which factor a cell of a ledger takes: a position in a list of factors; 0 leaves it as it is. */
export type FactorAt = (hospital: number, insurance: number, month: number, group: number) => number

/**
 * The ledger with the volume of its cells multiplied. Within a unit the cells of one factor are multiplied and rounded by
 * running totals: their sum is rounded half up once, and every table of the ledger still adds up.
 */
export function scaleCells(ledger: Ledger, factors: readonly Decimal[], at: FactorAt): Ledger {
  const { hospitals, insurances, months, cells } = ledger
  const scales = factors.map(factor => (factor.eq(1) ? null : factorOf(factor)))
  if (scales.every(scale => scale === null)) return ledger
  const which = new Uint16Array(cells.group.length)
  const sums = Object.fromEntries(SUM_KEYS.map(key => [key, cells.sums[key].slice()])) as unknown as Sums
  for (let h = 0; h < hospitals.length; h++) {
    for (let s = 0; s < insurances.length; s++) {
      const row = (h * insurances.length + s) * months.length
      const [from, to] = [cells.start[row]!, cells.start[row + months.length]!]
      for (let m = 0; m < months.length; m++) {
        for (let cell = cells.start[row + m]!; cell < cells.start[row + m + 1]!; cell++)
          which[cell] = at(h, s, m, cells.group[cell]!)
      }
      for (const key of SUM_KEYS) scaleRange(sums[key], which, scales, from, to)
    }
  }
  // A cell lies outside the pool as a whole or not at all.
  for (let cell = 0; cell < which.length; cell++) {
    if (cells.sums.outside[cell]! > 0) sums.outside[cell] = sums.cases[cell]!
  }
  return ledgerFrom(ledger, { ...cells, sums })
}

function scaleRange(
  column: Float64Array,
  which: Uint16Array,
  scales: readonly (Factor | null)[],
  from: number,
  to: number,
): void {
  const before = new Float64Array(scales.length)
  const given = new Float64Array(scales.length)
  for (let cell = from; cell < to; cell++) {
    const f = which[cell]!
    const scale = scales[f]!
    if (scale === null) continue
    before[f]! += column[cell]!
    const next = times(before[f]!, scale)
    column[cell] = next - given[f]!
    given[f] = next
  }
}

/** The whole ledger multiplied by one factor. */
export function scaleLedger(ledger: Ledger, factor: Decimal): Ledger {
  return scaleCells(ledger, [new Decimal(1), factor], () => 1)
}

/** Adds ledgers of parts of the same region: same hospitals, insurances, months and groups. */
export function addLedgers(parts: readonly Ledger[]): Ledger {
  const [first] = parts
  if (first === undefined) throw new Error('there is no ledger to add')
  if (parts.length === 1) return first
  for (const part of parts) {
    for (const key of ['hospitals', 'insurances', 'months', 'groups'] as const) {
      if (part[key].join('\n') !== first[key].join('\n'))
        throw new Error(`ledgers with different ${key} cannot be added`)
    }
  }
  return ledgerFrom(first, addCells(parts.map(part => part.cells)))
}

function addCells(parts: readonly Cells[]): Cells {
  const rows = parts[0]!.start.length - 1
  const start = new Uint32Array(rows + 1)
  const found: { group: number; class: number; sums: number[] }[] = []
  for (let row = 0; row < rows; row++) {
    const met = new Map<number, (typeof found)[number]>()
    for (const { start: own, group, class: classOf, sums } of parts) {
      for (let cell = own[row]!; cell < own[row + 1]!; cell++) {
        const slot = group[cell]! * 256 + classOf[cell]!
        const one = met.get(slot) ?? { group: group[cell]!, class: classOf[cell]!, sums: SUM_KEYS.map(() => 0) }
        for (const [k, key] of SUM_KEYS.entries()) one.sums[k]! += sums[key][cell]!
        met.set(slot, one)
      }
    }
    for (const [, one] of [...met].sort(([a], [b]) => a - b)) found.push(one)
    start[row + 1] = found.length
  }
  return {
    start,
    group: Uint16Array.from(found, one => one.group),
    class: Uint8Array.from(found, one => one.class),
    sums: Object.fromEntries(
      SUM_KEYS.map((key, k) => [key, Float64Array.from(found, one => one.sums[k]!)]),
    ) as unknown as Sums,
  }
}
