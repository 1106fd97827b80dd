import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createResultWriter, groupCases, resultBytes, startThreads, type Threads } from '../grouper/index.ts'
import { CSV_TWIN, RESULT } from './twin.ts'
import { clocked, fold, type Variant } from './variant.ts'

/** CSV → result file, with all checks. Threads are started in the first run, a warm-up, and stay. */
export function csvVariant(threads: number): Variant {
  let started: Threads | undefined
  return {
    name: csvName(threads),
    against: threads > 1 ? csvName(1) : CSV_TWIN,
    async run({ book, file, folder }) {
      if (threads > 1) started ??= startThreads(threads)
      const result = join(folder, RESULT)
      // The result of the run before is no part of this one, nor is giving back its memory.
      rmSync(result, { force: true })
      let sum = 0
      const { ms, processorMs } = await clocked(async () => {
        const out = openSync(result, 'w')
        const writer = createResultWriter(book)
        await groupCases(book, [file], {
          threads: started ?? 1,
          onBatch(batch, groups) {
            writeSync(out, resultBytes(writer, batch, groups))
            for (let i = 0; i < batch.count; i++) sum = fold(sum, groups.leaf[i]!, groups.reason[i]!)
          },
        })
        closeSync(out)
      })
      return { ms, processorMs, sum }
    },
  }
}

function csvName(threads: number): string {
  return `CSV → result file, ${threads} thread${threads > 1 ? 's' : ''}`
}
