import { type BillColumns, type CaseBatch, FEE_BUCKETS } from '../../grouper/index.ts'

/**
 * What auxiliary classes ask of the bills of a batch: whole percent, rounded down; −1 where an amount is not known.
 *
 * @param standardOf mean cost of the group of case i in fen, 0 where it is not known
 */
export function billColumns(batch: CaseBatch, standardOf: (i: number) => number): BillColumns {
  const costPercent = new Int32Array(batch.count).fill(-1)
  for (let i = 0; i < batch.count; i++) {
    const cost = batch.cost[i]!
    const mean = standardOf(i)
    if (cost > 0 && mean > 0) costPercent[i] = Math.min(1_000_000, Math.floor((cost * 100) / mean))
  }
  return {
    costPercent,
    treatmentPercent: sharesOf(batch, FEE_BUCKETS.indexOf('treatment')),
    drugPercent: sharesOf(batch, FEE_BUCKETS.indexOf('drug')),
  }
}

/** The charges of one kind against the cost of each case. */
function sharesOf({ count, cost, fees }: CaseBatch, kind: number): Int32Array {
  const shares = new Int32Array(count).fill(-1)
  if (fees.length === 0) return shares
  for (let i = 0; i < count; i++) {
    const charged = fees[i * FEE_BUCKETS.length + kind]!
    if (cost[i]! > 0 && charged >= 0) shares[i] = Math.floor((charged * 100) / cost[i]!)
  }
  return shares
}
