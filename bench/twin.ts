import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodedColumns } from '../grouper/index.ts'
import type { Input } from './input.ts'
import type { Variant } from './variant.ts'

/** The kernel in C over the same rule book and batch; undefined without a C compiler. */
export function twinVariant({ book, batch, folder }: Input): Variant | undefined {
  const program = join(folder, 'twin')
  const source = join(import.meta.dirname, 'twin.c')
  const compiled = spawnSync('cc', ['-O3', '-march=native', '-o', program, source], { stdio: 'inherit' })
  if (compiled.status !== 0) return undefined
  const files = [write(folder, 'book.bin', book.buffer), write(folder, 'batch.bin', encodedColumns(batch))]
  return {
    name: 'C twin, encoded cases → groups',
    run() {
      const [ns, sum] = execFileSync(program, files, { encoding: 'utf8' }).split(' ').map(Number)
      return { ms: ns! / 1e6, sum: sum! }
    },
  }
}

function write(folder: string, name: string, buffer: SharedArrayBuffer): string {
  const file = join(folder, name)
  writeFileSync(file, new Uint8Array(buffer))
  return file
}
