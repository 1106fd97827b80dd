import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileSink } from '../files/index.ts'
import {
  codeReading,
  createChecker,
  createTableCheck,
  findingBytes,
  loadQualityPack,
  readCases,
} from '../grouper/index.ts'
import { clocked, fold, type Variant } from './variant.ts'

/** CSV → findings of all quality rules, as `dianzhi check` does it, 1 thread; the rules are compiled before. */
export const check: Variant = {
  name: 'CSV → findings of the quality rules, 1 thread',
  async run({ scheme, book, file, folder }) {
    const checker = createChecker({ scheme, book, reading: codeReading(scheme, '', book), pack: loadQualityPack() })
    const findings = join(folder, 'findings.csv')
    rmSync(findings, { force: true })
    let sum = 0
    const { ms, processorMs } = await clocked(() => {
      const out = fileSink(findings)
      const table = createTableCheck(
        checker,
        findingBytes(rows => out.write(rows)),
      )
      readCases([file], {
        ...table.options,
        onColumns: columns => table.open(columns.map(column => column.field)),
        onBatch(batch, labels) {
          const groups = table.batch(batch, labels)
          for (let i = 0; i < batch.count; i++) sum = fold(sum, groups.leaf[i]!, groups.reason[i]!)
        },
      })
      out.finish()
    })
    return { ms, processorMs, sum }
  },
}
