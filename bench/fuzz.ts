import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileBook, groupCases, loadScheme } from '../grouper/index.ts'
import { MUTATED_HEADER, mutatedRow } from './mutate.ts'

/**
 * `node bench/fuzz.ts [rows] [seed]`: damaged rows (default 1,000,000, half of them with quotes and line breaks put in)
 * are read and grouped; ends with an error when rows in are not rows out and rejects.
 */
const rows = Number(process.argv[2] ?? 1_000_000)
const seed = Number(process.argv[3] ?? 1)
const PART = 50_000

const book = compileBook(loadScheme('chs-drg-2.0'))
const folder = mkdtempSync(join(tmpdir(), 'dianzhi-fuzz-'))
const total = { rows: 0, cases: 0, rejected: 0 }
try {
  for (let from = 0; from < rows; from += PART) {
    const hard = (from / PART) % 2 === 1
    const count = Math.min(PART, rows - from)
    const file = join(folder, 'mutated.csv')
    const parts = Array.from({ length: count }, (_, i) => mutatedRow(seed, from + i, hard))
    writeFileSync(file, Buffer.concat([Buffer.from(`${MUTATED_HEADER}\n`), ...parts]))
    let [out, rejects] = [0, 0]
    const summary = await groupCases(book, [file], {
      encoding: 'utf-8',
      onBatch: batch => {
        out += batch.count
      },
      onReject: () => rejects++,
    })
    const adds = summary.rows === out + rejects && out === summary.cases && (hard || summary.rows === count)
    if (!adds) throw new Error(`rows ${from} and on: ${summary.rows} in, ${out} out, ${rejects} rejects`)
    total.rows += summary.rows
    total.cases += out
    total.rejected += rejects
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`seed ${seed}: ${total.rows} rows in = ${total.cases} out + ${total.rejected} rejects`)
