import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CaseBatch,
  compileDipBook,
  createDipColumns,
  createDipResultWriter,
  type DipBook,
  type DipColumns,
  dipResultBytes,
  groupDipBatch,
  groupDipCases,
  loadCatalogue,
  matchCase,
  readByStem,
  readCases,
  startThreads,
  type Threads,
} from '../grouper/index.ts'
import { createInput } from './input.ts'
import { fold } from './variant.ts'

/**
 * `npm run bench:dip [cases] [rounds]`: the same cases as the DRG bench, grouped under the shipped DIP catalogue; all
 * ways must give the same groups before anything is timed.
 */
const cases = Number(process.argv[2] ?? 200_000)
const rounds = Number(process.argv[3] ?? 9)
const WARM_UPS = 2
/** Cases that the literal matcher works on. */
const LITERAL = 2_000

const folder = mkdtempSync(join(tmpdir(), 'dianzhi-bench-dip-'))
try {
  const { file } = createInput(folder, cases)
  const catalogue = loadCatalogue('dip-3.0-sample')
  const book = compileDipBook(catalogue)
  const batch = readAll(book, file, cases)
  const given = caseTexts(book, batch, LITERAL)
  const columns = createDipColumns(batch.count)
  groupDipBatch(book, batch, columns)
  const expected = checksum(columns, batch.count)
  // Started in the first warm-up; their start is not timed.
  const threads = startThreads(2)
  const ways = [
    { name: 'CSV → result file, 1 thread', count: batch.count, run: () => csv(book, file, 1) },
    { name: 'CSV → result file, 2 threads', count: batch.count, run: () => csv(book, file, threads) },
    { name: 'encoded cases → groups', count: batch.count, run: () => kernel(book, batch) },
    {
      name: 'literal matcher',
      count: given.length,
      run() {
        const start = performance.now()
        const codes = given.map(each => matchCase(catalogue, each).code)
        const ms = performance.now() - start
        const wrong = codes.findIndex((code, i) => code !== book.leaves[columns.leaf[i]!]!.code)
        if (wrong >= 0) throw new Error(`case ${wrong}: literal ${codes[wrong]}`)
        return { ms, sum: expected }
      },
    },
  ]
  const times = ways.map((): number[] => [])
  const cpu = ways.map(() => Infinity)
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const [i, way] of ways.entries()) {
      const before = process.cpuUsage()
      const { ms, sum } = await way.run()
      const { user, system } = process.cpuUsage(before)
      if (sum !== expected) throw new Error(`${way.name}: checksum ${sum}, expected ${expected}`)
      if (round < 0) continue
      times[i]!.push(ms)
      cpu[i] = Math.min(cpu[i]!, (user + system) / 1000)
    }
  }
  const grouped = columns.leaf.subarray(0, batch.count).filter(leaf => leaf > 0).length
  console.log(
    `node ${process.version}, ${availableParallelism()} cores, ${batch.count} cases (${grouped} in a group), ${rounds} rounds`,
  )
  console.log('| way | cases/s, best | cases/s, median | cases per CPU second, best |')
  console.log('|---|---|---|---|')
  for (const [i, { name, count }] of ways.entries()) {
    const sorted = times[i]!.sort((a, b) => a - b)
    const rate = (ms: number): string => Math.round((count * 1000) / ms).toLocaleString('en-US')
    console.log(`| ${name} | ${rate(sorted[0]!)} | ${rate(sorted[sorted.length >> 1]!)} | ${rate(cpu[i]!)} |`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function readAll(book: DipBook, file: string, capacity: number): CaseBatch {
  const batches: CaseBatch[] = []
  readCases([file], {
    dxTable: book.dxTable,
    pxTable: book.pxTable,
    oddCode: (id, isDx, text) => readByStem(book, id, isDx, text),
    labels: 'none',
    batchSize: capacity,
    onBatch: batch => batches.push({ ...batch }),
  })
  return batches[0]!
}

/** The first cases of a batch with their codes as texts. */
function caseTexts(book: DipBook, batch: CaseBatch, count: number): Parameters<typeof matchCase>[1][] {
  const { diagnoses } = loadCatalogue(book.schemeId)
  return Array.from({ length: Math.min(count, batch.count) }, (_, i) => {
    const dx = batch.dx.subarray(batch.dxStart[i]!, batch.dxStart[i + 1]!)
    const px = batch.px.subarray(batch.pxStart[i]!, batch.pxStart[i + 1]!)
    return {
      diagnoses: [...dx].map(id => diagnoses.codes[id]!),
      procedures: [...px].map(id => book.procedures[id]!),
      ageYears: batch.age[i]!,
      ...(batch.ageDays[i]! < 0 ? {} : { ageDays: batch.ageDays[i]! }),
      ...(batch.weight[i]! < 0 ? {} : { weight: batch.weight[i]! }),
      losDays: batch.los[i]!,
    }
  })
}

async function csv(book: DipBook, file: string, threads: number | Threads): Promise<{ ms: number; sum: number }> {
  const start = performance.now()
  const out = openSync(join(folder, 'result.csv'), 'w')
  const writer = createDipResultWriter(book)
  let sum = 0
  // Chunks are small here, so that a small file has enough of them.
  await groupDipCases(book, [file], {
    threads,
    chunkSize: 2 << 20,
    onBatch(batch, groups) {
      writeSync(out, dipResultBytes(writer, batch, groups))
      for (let i = 0; i < batch.count; i++) sum = fold(sum, groups.leaf[i]!, groups.reason[i]!)
    },
  })
  closeSync(out)
  return { ms: performance.now() - start, sum }
}

function kernel(book: DipBook, batch: CaseBatch): { ms: number; sum: number } {
  const groups = createDipColumns(batch.count)
  const start = performance.now()
  groupDipBatch(book, batch, groups)
  const ms = performance.now() - start
  return { ms, sum: checksum(groups, batch.count) }
}

function checksum(groups: DipColumns, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum = fold(sum, groups.leaf[i]!, groups.reason[i]!)
  return sum
}
