import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CUT_CODE } from '../../../grouper/cases/cut-code.ts'
import { KERNEL_CODE } from '../../../grouper/drg/kernel-code.ts'

const ROOT = join(import.meta.dirname, '../../..')
const require = createRequire(import.meta.url)
const COMPILER = require.resolve('assemblyscript/bin/asc.js')
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd']

/** Source, the file with its bytes, and what that file holds. */
const CODES = [
  ['grouper/cases/assembly/cut.ts', 'grouper/cases/cut-code.ts', CUT_CODE],
  ['grouper/drg/assembly/kernel.ts', 'grouper/drg/kernel-code.ts', KERNEL_CODE],
] as const

/** The machine code of a source as base64. */
function compiled(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'dianzhi-'))
  const file = join(folder, 'code.wasm')
  try {
    execFileSync(process.execPath, [COMPILER, source, ...OPTIONS, '--outFile', file], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    return readFileSync(file, 'base64')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** With UPDATE=1 the bytes are written anew. */
it.each(CODES)('the machine code of %s is what its source compiles to', { timeout: 60_000 }, (source, file, code) => {
  const bytes = compiled(source)
  if (process.env.UPDATE === '1') {
    const path = join(ROOT, file)
    const text = readFileSync(path, 'utf8').replace(/'[^'\n]*'\n$/, () => `'${bytes}'\n`)
    writeFileSync(path, text)
  } else expect(code).toBe(bytes)
})
