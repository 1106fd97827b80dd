import { type BillColumns, type CaseBatch, FEE_BUCKETS } from '../../grouper/index.ts'

/**
 * What auxiliary classes ask of the bills of a batch, whole percent. Case files do not tell charges for treatment from those
 * for surgery.
 *
 * @param standardOf mean cost of the group of case i in fen, 0 where it is not known
 */
export function billColumns(batch: CaseBatch, standardOf: (i: number) => number): BillColumns {
  const costPercent = new Int32Array(batch.count).fill(-1)
  const drugPercent = new Int32Array(batch.count).fill(-1)
  const width = FEE_BUCKETS.length
  const drug = FEE_BUCKETS.indexOf('drug')
  for (let i = 0; i < batch.count; i++) {
    const cost = batch.cost[i]!
    const mean = standardOf(i)
    if (cost > 0 && mean > 0) costPercent[i] = Math.min(1_000_000, Math.floor((cost * 100) / mean))
    const drugs = batch.fees.length > 0 ? batch.fees[i * width + drug]! : -1
    if (cost > 0 && drugs >= 0) drugPercent[i] = Math.floor((drugs * 100) / cost)
  }
  return { costPercent, drugPercent, treatmentPercent: new Int32Array(batch.count).fill(-1) }
}
