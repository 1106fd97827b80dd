import { parseYuan } from '../../numbers/index.ts'
import { cleanText, plainNumber } from './clean.ts'
import type { SourcePlan } from './plan.ts'
import { tableRows } from './side-rows.ts'

/** How often each amount of a settlement was paid back, by `refundKey`. */
export type Refunds = ReadonlyMap<string, number>

/** A settlement and an amount in fen. */
export function refundKey(settleId: string, fen: number): string {
  return `${settleId}\u001f${fen}`
}

/** The refunds of a table that has settlement ids and costs: rows of negative cost. Only these two columns are read. */
export function findRefunds(plan: SourcePlan): Refunds {
  const refunds = new Map<string, number>()
  const columns = (['settleId', 'cost'] as const).flatMap(field => plan.columns.filter(one => one.field === field))
  if (columns.length !== 2) return refunds
  for (const { cells } of tableRows({ ...plan, columns })) {
    const cost = cells[1]!
    if (!/[-－]/.test(cost)) continue
    const fen = parseYuan(plainNumber(cleanText(cost)))
    const id = cleanText(cells[0]!)
    if (fen === undefined || fen >= 0 || id === '') continue
    const key = refundKey(id, -fen)
    refunds.set(key, (refunds.get(key) ?? 0) + 1)
  }
  return refunds
}
