import { createGroupColumns, groupBatch } from '../grouper/index.ts'
import { KERNEL_TWIN } from './twin.ts'
import { clocked, fold, type Variant } from './variant.ts'

/** Encoded cases in memory → groups: the kernel alone, the best of three passes as in its C twin. */
export const encoded: Variant = {
  name: 'encoded cases → groups',
  against: KERNEL_TWIN,
  async run({ book, batch }) {
    const groups = createGroupColumns(batch.count)
    let ms = Infinity
    let processorMs = Infinity
    for (let pass = 0; pass < 3; pass++) {
      const took = await clocked(() => groupBatch(book, batch, groups))
      ms = Math.min(ms, took.ms)
      processorMs = Math.min(processorMs, took.processorMs)
    }
    let sum = 0
    for (let i = 0; i < batch.count; i++) sum = fold(sum, groups.leaf[i]!, groups.reason[i]!)
    return { ms, processorMs, sum }
  },
}
