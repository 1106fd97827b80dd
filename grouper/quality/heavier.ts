import type { CaseBatch } from '../cases/batch.ts'
import type { RuleBook } from '../drg/book.ts'
import { createGroupColumns, type GroupColumns, groupBatch } from '../drg/kernel.ts'

/**
 * 1 when the case falls into a heavier group of the same MDC with another of its procedures first, else 0; NaN where the
 * case has no group with a weight. Advice for checking the choice of the principal procedure.
 */
export function heavierProcedure(
  book: RuleBook,
  weights: ReadonlyMap<string, number>,
  batch: CaseBatch,
  groups: GroupColumns,
  row: number,
): number {
  const now = book.leaves[groups.leaf[row]!]!
  const weight = weights.get(now.drg)
  if (weight === undefined) return Number.NaN
  const from = batch.pxStart[row]!
  const px = batch.px.slice(from, batch.pxStart[row + 1]!)
  const one = createGroupColumns(1)
  for (let k = 1; k < px.length; k++) {
    const swapped = px.slice()
    swapped[0] = px[k]!
    swapped[k] = px[0]!
    groupBatch(book, oneCase(batch, row, swapped), one)
    const other = book.leaves[one.leaf[0]!]!
    if (other.mdc === now.mdc && (weights.get(other.drg) ?? 0) > weight) return 1
  }
  return 0
}

/** One row of a batch as a batch of its own, with other procedures. */
function oneCase(batch: CaseBatch, row: number, px: Uint16Array): CaseBatch {
  return {
    ...batch,
    count: 1,
    sex: batch.sex.subarray(row),
    age: batch.age.subarray(row),
    ageDays: batch.ageDays.subarray(row),
    weight: batch.weight.subarray(row),
    los: batch.los.subarray(row),
    dischargeWay: batch.dischargeWay.subarray(row),
    icuHours: batch.icuHours.subarray(row),
    cost: batch.cost.subarray(row),
    dxStart: batch.dxStart.subarray(row),
    px,
    pxStart: Uint32Array.of(0, px.length),
  }
}
