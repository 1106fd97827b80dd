import { createGroupColumns, groupBatch } from '../grouper/index.ts'
import { KERNEL_TWIN } from './twin.ts'
import { fold, type Variant } from './variant.ts'

/** Encoded cases in memory → groups: the kernel alone, the best of three passes as in its C twin. */
export const encoded: Variant = {
  name: 'encoded cases → groups',
  against: KERNEL_TWIN,
  run({ book, batch }) {
    const groups = createGroupColumns(batch.count)
    let ms = Infinity
    let processorMs = Infinity
    for (let pass = 0; pass < 3; pass++) {
      const start = performance.now()
      const before = process.cpuUsage()
      groupBatch(book, batch, groups)
      const used = process.cpuUsage(before)
      ms = Math.min(ms, performance.now() - start)
      processorMs = Math.min(processorMs, (used.user + used.system) / 1000)
    }
    let sum = 0
    for (let i = 0; i < batch.count; i++) sum = fold(sum, groups.leaf[i]!, groups.reason[i]!)
    return { ms, processorMs, sum }
  },
}
