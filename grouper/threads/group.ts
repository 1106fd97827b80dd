import { closeSync } from 'node:fs'
import { Piscina } from 'piscina'
import { beside } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import { type CaseBatch, dropCells, dropRows } from '../cases/batch.ts'
import { OPS } from '../cases/opcodes.ts'
import {
  BATCH_SIZE,
  countBatch,
  finishReading,
  openFile,
  type Reading,
  type ReadOptions,
  type ReadSummary,
  readFile,
  startReading,
} from '../cases/reader.ts'
import type { Reject } from '../cases/reject.ts'
import { type LabelTexts, labelTexts } from '../cases/scan.ts'
import { meetAll } from '../cases/seen.ts'
import type { CaseTable, LabelChoice } from '../cases/table.ts'
import type { CodeReading } from '../codes/reading.ts'
import type { DipBook } from '../dip/book.ts'
import type { DipColumns } from '../dip/kernel.ts'
import type { RuleBook } from '../drg/book.ts'
import type { GroupColumns } from '../drg/kernel.ts'
import { type Range, readRow } from './chunk.ts'
import { dipEngine } from './dip-engine.ts'
import { drgEngine } from './drg-engine.ts'
import type { Engine } from './engine.ts'
import { type Plan, planChunks } from './plan.ts'
import type { ChunkResult, ChunkTask, Job, Part } from './task.ts'

export interface GroupOptions<C = GroupColumns>
  extends Pick<ReadOptions, 'encoding' | 'duplicates' | 'open' | 'batchSize' | 'onReject' | 'onProgress'> {
  /** Which of hospital, insurance, month, department and doctor are read; default none. With any, `threads` is idle. */
  readonly labels?: LabelChoice
  /**
   * How codes are read, and what is done with the codes of every batch, in input order: default those of the scheme as
   * they are. Codes of another system are converted before grouping, which one thread does: `threads` is then idle.
   */
  readonly codes?: { readonly reading: CodeReading; convert(batch: CaseBatch): void }
  /**
   * Worker threads, or those that were started before; default 1, which makes no thread. Results do not depend on it.
   */
  readonly threads?: number | Threads
  /**
   * Bytes of a chunk; default a quarter of each thread's share of the file, from 1 MiB to 3 for two threads, less for more
   * of them, so that memory stays the same. Results do not depend on it.
   */
  readonly chunkSize?: number
  /** Ends the run between two files or chunks. */
  readonly signal?: AbortSignal
  /**
   * Cases in input order; batch and groups are reused afterwards. `labels` are the texts of the label columns so far. A
   * batch has the cases of one file, or sheet.
   */
  readonly onBatch: (batch: CaseBatch, groups: C, labels: LabelTexts, file: string) => void
}

/**
 * Reads and groups case files, one after another, each by several threads: a thread takes the rows that begin in its
 * range of bytes, and results are taken over in the order of the file, so that they are the same for any number of
 * threads. What can only be read in sequence is: files in GB18030, and a file from the first chunk on that holds a
 * quote (a line break in quotes looks like the end of a row).
 *
 * Memory does not grow with the files but for the ids (see `seen.ts`), which `duplicates: 'keep'` does without.
 */
export async function groupCases(
  book: RuleBook,
  files: readonly string[],
  options: GroupOptions,
): Promise<ReadSummary> {
  return groupWith(drgEngine(book), files, options)
}

/** The same for a DIP catalogue. */
export async function groupDipCases(
  book: DipBook,
  files: readonly string[],
  options: GroupOptions<DipColumns>,
): Promise<ReadSummary> {
  return groupWith(dipEngine(book), files, options)
}

async function groupWith<C>(
  engine: Engine<C>,
  files: readonly string[],
  options: GroupOptions<C>,
): Promise<ReadSummary> {
  const { batchSize = BATCH_SIZE, labels = 'none' } = options
  const groups = engine.columns(batchSize)
  const reading = options.codes?.reading
  const own = reading?.dx === undefined && reading?.px === undefined
  const run = startReading({
    ...options,
    dxTable: reading?.dxTable ?? engine.dxTable,
    pxTable: reading?.pxTable ?? engine.pxTable,
    pxPadding: reading?.pxPadding,
    // Ids of another system are not the engine's.
    ...(own && engine.oddCode !== undefined ? { oddCode: engine.oddCode } : {}),
    labels,
    batchSize,
    onBatch(batch, set, file) {
      options.codes?.convert(batch)
      engine.group(batch, groups)
      options.onBatch(batch, groups, labelTexts(set), file)
    },
  })
  const threads = own && labels === 'none' ? (options.threads ?? 1) : 1
  const count = typeof threads === 'number' ? threads : threads.count
  let started: Threads | undefined
  const job: Job = {
    serial: serialOf(engine.buffer),
    kind: engine.kind,
    book: engine.buffer,
    pxPadding: reading?.pxPadding,
  }
  try {
    for (const file of files) {
      options.signal?.throwIfAborted()
      const plan =
        count > 1 && options.open?.(file) === undefined
          ? planChunks(file, run.options.encoding ?? 'auto', count, options.chunkSize)
          : undefined
      if (plan === undefined) {
        readFile(run, file)
        continue
      }
      if (typeof threads === 'number') started ??= startThreads(threads)
      const { pool } = (started ?? threads) as Threads
      await groupFile(run, pool as Pool<C>, plan, { ...options, engine, threads: count, batchSize, job })
    }
  } finally {
    await started?.pool.destroy()
  }
  return finishReading(run)
}

type Pool<C = unknown> = Piscina<ChunkTask<C>, ChunkResult<C>>

/**
 * A thread may have the next chunk at hand while it works on one, and need not wait for the results to be taken over. Of many
 * threads three have one: each chunk under way takes the memory of its cases.
 */
const CHUNKS_AT_HAND = 2
const MORE_CHUNKS = 3

const serials = new WeakMap<SharedArrayBuffer, number>()
let lastSerial = 0

/** The same number for the same book, so that threads which stay open it once. */
function serialOf(book: SharedArrayBuffer): number {
  const known = serials.get(book)
  if (known !== undefined) return known
  serials.set(book, ++lastSerial)
  return lastSerial
}

/** Threads that read and group; they may be started while a scheme is still being compiled. */
export interface Threads {
  readonly count: number
  readonly pool: Pool
}

/** Starts threads; the caller ends them by `pool.destroy()`. They do not keep a process alive. */
export function startThreads(count: number): Threads {
  const filename = beside(import.meta.url, 'task')
  // A thread makes hardly an object: the room that the engine would give each for new ones is better spent.
  const resourceLimits = { maxYoungGenerationSizeMb: 4 }
  const sizes = { minThreads: count, maxThreads: count, concurrentTasksPerWorker: CHUNKS_AT_HAND }
  return { count, pool: new Piscina({ filename, ...sizes, resourceLimits }) }
}

type Settings<C> = Omit<GroupOptions<C>, 'threads'> & {
  readonly engine: Engine<C>
  readonly job: Job
  readonly threads: number
  readonly batchSize: number
}

async function groupFile<C>(run: Reading, pool: Pool<C>, plan: Plan, options: Settings<C>): Promise<void> {
  const { file, table, chunks } = plan
  const batchSize = Math.min(options.batchSize, plan.batchSize)
  const spare: Part<C>[] = []
  const waiting: Promise<ChunkResult<C>>[] = []
  const descriptor = openFile(file)
  let next = 0
  const submit = (): void => {
    while (next < chunks.length && waiting.length < options.threads + MORE_CHUNKS) {
      const { from, to } = chunks[next++]!
      const task: ChunkTask<C> = {
        job: options.job,
        descriptor,
        from,
        to,
        ops: table.ops,
        delimiter: table.delimiter,
        batchSize,
        spare: spare.splice(0),
      }
      const result = pool.run(task)
      // It is awaited in its turn; until then a failure is no unhandled one.
      result.catch(() => {})
      waiting.push(result)
    }
  }
  try {
    run.tables.push(table)
    let line = 2
    for (const chunk of chunks) {
      submit()
      const result = await waiting.shift()!.catch(error => {
        throw failedChunk(file, chunk, error)
      })
      options.signal?.throwIfAborted()
      if (result.sequential) {
        readFile(run, file, { position: result.begin, line })
        return
      }
      takeOver(run, { file, table, descriptor }, result, line, options)
      spare.push(...result.parts)
      line += result.lines
      options.onProgress?.(chunk.to)
    }
  } finally {
    // A few chunks at the most are still under way; none is left behind, and none reads from a closed file.
    await Promise.allSettled(waiting)
    closeSync(descriptor)
  }
}

/** Counts a chunk, takes out ids that stood before, and hands the rest over. */
function takeOver<C>(
  run: Reading,
  { file, table, descriptor }: { file: string; table: CaseTable; descriptor: number },
  result: Extract<ChunkResult<C>, { sequential: false }>,
  line: number,
  options: Settings<C>,
): void {
  const { counters, seen } = run
  const idColumn = table.ops.indexOf(OPS.id)
  const headerOf = (column: number): string => table.columns[column]?.header ?? ''
  const rejects: Reject[] = result.rejects.map(({ line: at, column, reason, row }) => {
    return { line: line + at, field: headerOf(column), reason, row }
  })
  for (const { batch, groups } of result.parts) {
    for (let i = 0; i < batch.count; i++) batch.line[i] = batch.line[i]! + line
    if (seen !== undefined && idColumn >= 0) {
      const again = meetAll(seen, batch.ids, 0, batch.count)
      for (const row of again) {
        const bytes = readRow(descriptor, result.position + batch.offset[row]!)
        rejects.push({
          line: batch.line[row]!,
          field: headerOf(idColumn),
          reason: 'id-duplicate',
          row: new TextDecoder().decode(bytes),
        })
      }
      for (const column of options.engine.rowColumns(groups)) dropCells(column, again, batch.count)
      dropRows(batch, again)
    }
    countBatch(counters, batch)
    if (batch.count === 0) continue
    // Workers only group codes that need no conversion: this counts.
    options.codes?.convert(batch)
    options.onBatch(batch, groups, labelTexts(run.labels), file)
  }
  counters.rows += result.rows
  counters.rejected += rejects.length
  rejects.sort((a, b) => a.line - b.line)
  for (const reject of rejects) options.onReject?.(reject, file)
}

function failedChunk(file: string, { from, to }: Range, error: unknown): Fault {
  const reason = error instanceof Error ? error.message : String(error)
  return new Fault({
    code: 'RUN-001',
    at: { file },
    what: {
      zh: `第 ${from}–${to} 字节的数据块处理失败（${reason}）。`,
      en: `The chunk of bytes ${from}–${to} failed (${reason}).`,
    },
    fix: {
      zh: '请确认运行期间文件没有改动，然后重试；可用 --threads 1 定位。',
      en: 'See that nothing changes the file during the run and try again; --threads 1 narrows it down.',
    },
    status: 75,
  })
}
