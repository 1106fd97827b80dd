import { createGroupColumns, groupBatch } from '../grouper/index.ts'
import { fold, type Variant } from './variant.ts'

/** Encoded cases in memory → groups: the kernel alone. */
export const encoded: Variant = {
  name: 'encoded cases → groups',
  run({ book, batch }) {
    const groups = createGroupColumns(batch.count)
    const start = performance.now()
    groupBatch(book, batch, groups)
    const ms = performance.now() - start
    let sum = 0
    for (let i = 0; i < batch.count; i++) sum = fold(sum, groups.leaf[i]!, groups.reason[i]!)
    return { ms, sum }
  },
}
