import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createResultWriter, groupCases, resultBytes } from '../grouper/index.ts'
import { fold, type Variant } from './variant.ts'

/** CSV → result file, with all checks. */
export function csvVariant(threads: number): Variant {
  return {
    name: `CSV → result file, ${threads} thread${threads > 1 ? 's' : ''}`,
    async run({ book, file, folder }) {
      const start = performance.now()
      const out = openSync(join(folder, 'result.csv'), 'w')
      const writer = createResultWriter(book)
      let sum = 0
      // Chunks are small here, so that a small file has enough of them.
      await groupCases(book, [file], {
        threads,
        chunkSize: 2 << 20,
        onBatch(batch, groups) {
          writeSync(out, resultBytes(writer, batch, groups))
          for (let i = 0; i < batch.count; i++) sum = fold(sum, groups.leaf[i]!, groups.reason[i]!)
        },
      })
      closeSync(out)
      return { ms: performance.now() - start, sum }
    },
  }
}
