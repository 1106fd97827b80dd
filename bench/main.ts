import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bench } from 'tinybench'
import { interpret } from '../grouper/index.ts'
import { variantsApart } from './apart.ts'
import { encoded } from './encoded.ts'
import { caseObjects } from './explainer.ts'
import { createInput, type Input } from './input.ts'
import { twinVariants } from './twin.ts'
import { fold, type Variant } from './variant.ts'

/** `npm run bench [cases] [rounds]`; bench/README.md says how to read what it prints. */
const cases = Number(process.argv[2] ?? 200_000)
const rounds = Number(process.argv[3] ?? 9)
const WARM_UPS = 2

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-bench-'))
try {
  const input = createInput(folder, cases)
  const { variants, end } = variantsApart(folder)
  try {
    await compare(input, [...variants, ...twinVariants(input)])
  } finally {
    end()
  }
  await single(input)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Times variants in turn, after all have given the same groups in the same order. */
async function compare(input: Input, variants: readonly Variant[]): Promise<void> {
  const { count } = input.batch
  const runs = new Map(variants.map(variant => [variant, { clock: [] as number[], processor: [] as number[] }]))
  const limits = new Set(variants.map(({ limit = count }) => limit))
  const expected = new Map(
    await Promise.all([...limits].map(async limit => [limit, await checksum(input, limit)] as const)),
  )
  const reference: number[] = []
  for (let round = -WARM_UPS; round < rounds; round++) {
    const unit = referenceLoop()
    if (round >= 0) reference.push(unit)
    for (const [variant, { clock, processor }] of runs) {
      const { ms, processorMs, sum } = await variant.run(input)
      const due = expected.get(variant.limit ?? count)
      if (sum !== due) throw new Error(`${variant.name}: checksum ${sum}, expected ${due}`)
      if (round < 0) continue
      clock.push(ms)
      processor.push(processorMs)
    }
  }
  const load = loadavg()[0]!.toFixed(1)
  console.log(
    `node ${process.version}, ${availableParallelism()} cores, load ${load}, ${count} cases, ${rounds} rounds`,
  )
  console.log(
    '| variant | cases/s, best | median | cases per CPU second, best | reference loops per million cases | speed against |',
  )
  console.log('|---|---|---|---|---|---|')
  for (const [variant, { clock, processor }] of runs) {
    const n = variant.limit ?? count
    const loops = (least(clock) / least(reference)) * (1e6 / n)
    const cells = [
      variant.name,
      rate(n, least(clock)),
      rate(n, median(clock)),
      rate(n, least(processor)),
      loops.toFixed(1),
    ]
    const other = variants.find(({ name }) => name === variant.against)
    cells.push(other === undefined ? '' : against(other.name, runs.get(other)!, { clock, processor }))
    console.log(`| ${cells.join(' | ')} |`)
  }
}

interface Times {
  readonly clock: readonly number[]
  readonly processor: readonly number[]
}

/** How fast a variant is as a multiple of another: by best and median of the clock, and by the best processor time. */
function against(name: string, other: Times, own: Times): string {
  const best = least(other.clock) / least(own.clock)
  const middle = median(other.clock) / median(own.clock)
  const processor = least(other.processor) / least(own.processor)
  return `${name}: ${best.toFixed(2)} (median ${middle.toFixed(2)}, CPU ${processor.toFixed(2)})`
}

/** Checksum of the kernel's groups of the first cases: what every variant must give. */
async function checksum(input: Input, limit: number): Promise<number> {
  return (await encoded.run({ ...input, batch: { ...input.batch, count: limit } })).sum
}

/** Latency of one case as a library call. */
async function single(input: Input): Promise<void> {
  const given = caseObjects(input, 1_000)
  let next = 0
  const bench = new Bench({ time: 1_000 })
  bench.add('one case through the library, without trace', () => {
    interpret(input.scheme, given[next++ % given.length]!)
  })
  await bench.run()
  const { name, result } = bench.tasks[0]!
  if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`)
  const { min, p50, p99 } = result.latency
  console.log(`${name}: ${[min, p50, p99].map(ms => (ms * 1000).toFixed(1)).join(' / ')} µs (min, median, 99 %)`)
}

/** Milliseconds of a fixed loop: integer mixing over 1 MiB, 40 times. */
function referenceLoop(): number {
  const words = new Int32Array(1 << 18).map((_, i) => i * 7)
  const start = performance.now()
  let sum = 0
  for (let pass = 0; pass < 40; pass++) for (let i = 0; i < words.length; i++) sum = fold(sum, words[i]!, pass)
  // Written back, so that the loop is not optimised away.
  words[0] = sum
  return performance.now() - start
}

function least(times: readonly number[]): number {
  return Math.min(...times)
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!
}

function rate(count: number, ms: number): string {
  return Math.round((count / ms) * 1000).toLocaleString('en-US')
}
