import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createResultWriter, groupCases, resultBytes, startThreads, type Threads } from '../grouper/index.ts'
import { CSV_TWIN } from './twin.ts'
import { fold, type Variant } from './variant.ts'

/** CSV → result file, with all checks. Threads are started in the first run, a warm-up, and stay. */
export function csvVariant(threads: number): Variant {
  let started: Threads | undefined
  return {
    name: csvName(threads),
    against: threads > 1 ? csvName(1) : CSV_TWIN,
    async run({ book, file, folder }) {
      if (threads > 1) started ??= startThreads(threads)
      const start = performance.now()
      const out = openSync(join(folder, 'result.csv'), 'w')
      const writer = createResultWriter(book)
      let sum = 0
      await groupCases(book, [file], {
        threads: started ?? 1,
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

function csvName(threads: number): string {
  return `CSV → result file, ${threads} thread${threads > 1 ? 's' : ''}`
}
