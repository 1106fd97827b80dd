import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beside } from '../files/index.ts'
import { loadScheme } from '../grouper/index.ts'
import { readRegionParameters, writeRegion } from '../synth/index.ts'

/**
 * `node bench/scale.ts [millions …]` (default 1 10 50): CSV → result file with detection of duplicates, in a process for
 * each run. Each size runs with 1, 2 and 7 threads, and with 2 threads and chunks of 1, 3 and 8 MiB; all results of a
 * size must be the same bytes. Needs 0.17 GB of disk for a million cases. Modules are kept as plain JavaScript after a first
 * run: as in the built package, no thread has to strip types, which takes 14 MB a thread.
 */
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 10, 50]
const MILLION = 1_000_000
const RUNS = [
  { threads: 1 },
  { threads: 2 },
  { threads: 7 },
  { threads: 2, chunk: 1 << 20 },
  { threads: 2, chunk: 3 << 20 },
  { threads: 2, chunk: 8 << 20 },
]

interface Run {
  readonly rows: number
  readonly rejected: number
  readonly ms: number
  readonly processorMs: number
  readonly megabytes: number
}

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-scale-'))
const file = join(folder, 'cases.csv')
const result = join(folder, 'result.csv')
try {
  const rows = drawn()
  writeCases(rows, 1)
  runOnce(2, undefined)
  console.log('| cases | threads | chunk, MiB | s | µs a case | processor, µs a case | peak memory, MB | result |')
  console.log('|--:|--:|--:|--:|--:|--:|--:|---|')
  for (const millions of sizes) {
    writeCases(rows, millions)
    const results = new Set<string>()
    for (const { threads, chunk } of RUNS) {
      const run = runOnce(threads, chunk)
      const hash = hashOf(result)
      results.add(hash)
      const cells = [
        `${millions} M`,
        threads,
        chunk === undefined ? 'default' : chunk / (1 << 20),
        (run.ms / 1000).toFixed(1),
        ((run.ms * 1000) / run.rows).toFixed(2),
        ((run.processorMs * 1000) / run.rows).toFixed(2),
        run.megabytes.toFixed(0),
        hash.slice(0, 12),
      ]
      console.log(`| ${cells.join(' | ')} |`)
    }
    if (results.size > 1) throw new Error(`results of ${millions} M cases differ`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** A million drawn rows (seed 7) behind the header, whose ids are nine characters long. */
function drawn(): readonly string[] {
  const scheme = loadScheme('chs-drg-2.0')
  const parameters = readRegionParameters()
  writeRegion({ scheme, parameters, seed: 7, cases: MILLION, folder, name: 'drawn.csv', schemeName: 'chs-drg-2.0' })
  return readFileSync(join(folder, 'drawn.csv'), 'utf8').trimEnd().split('\n')
}

/** The drawn rows again and again, with a serial id of its own each. */
function writeCases([header, ...rows]: readonly string[], millions: number): void {
  const tails = rows.map(row => row.slice(row.indexOf(',')))
  const out = openSync(file, 'w')
  writeSync(out, `${header}\n`)
  let text = ''
  for (let i = 0; i < millions * MILLION; i++) {
    text += `S${String(i + 1).padStart(8, '0')}${tails[i % MILLION]!}\n`
    if (text.length > 1 << 20 || i === millions * MILLION - 1) {
      writeSync(out, text)
      text = ''
    }
  }
  closeSync(out)
}

function runOnce(threads: number, chunk: number | undefined): Run {
  const program = fileURLToPath(beside(import.meta.url, 'scale-run'))
  const options = [program, file, result, String(threads), ...(chunk === undefined ? [] : [String(chunk)])]
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'modules') }
  return JSON.parse(execFileSync(process.execPath, options, { encoding: 'utf8', env })) as Run
}

function hashOf(name: string): string {
  const hash = createHash('sha256')
  const descriptor = openSync(name, 'r')
  const block = new Uint8Array(1 << 22)
  for (let got = 1; got > 0; ) {
    got = readSync(descriptor, block)
    hash.update(block.subarray(0, got))
  }
  closeSync(descriptor)
  return hash.digest('hex')
}
