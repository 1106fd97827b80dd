import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { home } from '../files/index.ts'
import { createGroupColumns, encodedColumns, groupBatch, resultRow } from '../grouper/index.ts'
import type { Input } from './input.ts'
import type { Timed, Variant } from './variant.ts'

/** Names of the twins. */
export const KERNEL_TWIN = 'C twin, encoded cases → groups'
export const CSV_TWIN = 'C twin, CSV → result file'
/** The result file that the twin's must equal. */
export const RESULT = 'result.csv'

/** The kernel, and the whole way from CSV to result file, in C over the same rule book; none without a C compiler. */
export function twinVariants(input: Input): Variant[] {
  const { book, batch, folder, file } = input
  const kernel = compileTwin(folder, 'twin')
  const csv = compileTwin(folder, 'twin-csv')
  if (kernel === undefined || csv === undefined) return []
  const bookFile = write(folder, 'book.bin', new Uint8Array(book.buffer))
  const batchFile = write(folder, 'batch.bin', new Uint8Array(encodedColumns(batch)))
  const result = join(folder, 'twin-result.csv')
  const csvFiles = [bookFile, write(folder, 'tails.bin', tailsOf(input)), file, result]
  return [
    { name: KERNEL_TWIN, run: () => timed(kernel, [bookFile, batchFile]) },
    {
      name: CSV_TWIN,
      run() {
        rmSync(result, { force: true })
        const found = timed(csv, csvFiles)
        if (!readFileSync(result).equals(readFileSync(join(folder, RESULT)))) {
          throw new Error('the C twin wrote another result file')
        }
        return found
      },
    },
  ]
}

/** The program; undefined without a compiler. */
function compileTwin(folder: string, name: string): string | undefined {
  const program = join(folder, name)
  const source = home('bench', `${name}.c`)
  const compiled = spawnSync('cc', ['-O3', '-march=native', '-o', program, source], { stdio: 'inherit' })
  return compiled.status === 0 ? program : undefined
}

function timed(program: string, files: readonly string[]): Timed {
  const [clock, processor, sum] = execFileSync(program, files, { encoding: 'utf8' }).split(' ').map(Number)
  return { ms: clock! / 1e6, processorMs: processor! / 1e6, sum: sum! }
}

const TAIL = 64
const REASON_COUNT = 11

/** What stands behind the id of a result row, by leaf and reason: the length, then the bytes. */
function tailsOf({ book, batch }: Input): Uint8Array {
  const groups = createGroupColumns(batch.count)
  groupBatch(book, batch, groups)
  const tails = Buffer.alloc(book.leaves.length * REASON_COUNT * TAIL)
  for (let i = 0; i < batch.count; i++) {
    const at = (groups.leaf[i]! * REASON_COUNT + groups.reason[i]!) * TAIL
    if (tails[at] !== 0) continue
    const { mdc, adrg, drg, status, reason } = resultRow(book, batch, groups, i)
    tails[at] = tails.write(`,${mdc},${adrg},${drg},${status},${reason}\n`, at + 1, TAIL - 1)
  }
  return tails
}

function write(folder: string, name: string, bytes: Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}
