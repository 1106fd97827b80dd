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
  if (batch.pxStart[row + 1]! - batch.pxStart[row]! < 2) return 0
  const swapped = withOthersFirst(batch, row)
  const found = createGroupColumns(swapped.count)
  groupBatch(book, swapped, found)
  for (let k = 0; k < swapped.count; k++) {
    const other = book.leaves[found.leaf[k]!]!
    if (other.mdc === now.mdc && (weights.get(other.drg) ?? 0) > weight) return 1
  }
  return 0
}

/** A case with several procedures, once for each of those behind the first, with that one first. */
function withOthersFirst(batch: CaseBatch, row: number): CaseBatch {
  const px = batch.px.subarray(batch.pxStart[row], batch.pxStart[row + 1])
  const dx = batch.dx.subarray(batch.dxStart[row], batch.dxStart[row + 1])
  const count = px.length - 1
  const all = { dx: new Uint16Array(count * dx.length), px: new Uint16Array(count * px.length) }
  for (let k = 0; k < count; k++) {
    const first = k * px.length
    all.dx.set(dx, k * dx.length)
    all.px.set(px, first)
    all.px[first] = px[k + 1]!
    all.px[first + k + 1] = px[0]!
  }
  return {
    ...batch,
    ...all,
    count,
    sex: new Uint8Array(count).fill(batch.sex[row]!),
    age: new Int16Array(count).fill(batch.age[row]!),
    ageDays: new Int32Array(count).fill(batch.ageDays[row]!),
    weight: new Int32Array(count).fill(batch.weight[row]!),
    los: new Int32Array(count).fill(batch.los[row]!),
    dischargeWay: new Uint8Array(count).fill(batch.dischargeWay[row]!),
    icuHours: new Int32Array(count).fill(batch.icuHours[row]!),
    cost: new Float64Array(count).fill(batch.cost[row]!),
    dxStart: Uint32Array.from({ length: count + 1 }, (_, k) => k * dx.length),
    pxStart: Uint32Array.from({ length: count + 1 }, (_, k) => k * px.length),
  }
}
