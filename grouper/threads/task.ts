import { isUtf8 } from 'node:buffer'
import { setImmediate } from 'node:timers/promises'
import { type CaseBatch, createBatch } from '../cases/batch.ts'
import { createLabels } from '../cases/labels.ts'
import { clearAbsent } from '../cases/opcodes.ts'
import { needsUnquoting } from '../cases/quotes.ts'
import type { RejectReason } from '../cases/reject.ts'
import { createPace, type LabelSet, type Scan } from '../cases/scan.ts'
import { LONGEST_ROW, scanRows } from '../cases/scan-rows.ts'
import type { PaddingTable } from '../codes/padding.ts'
import { type Chunk, type Range, readChunk } from './chunk.ts'
import { type Engine, openEngine } from './engine.ts'

/** What the chunks of a run are read and grouped with. */
export interface Job {
  /** Of the book: a thread that is given another one opens it. */
  readonly serial: number
  readonly kind: Engine<unknown>['kind']
  readonly book: SharedArrayBuffer
  readonly pxPadding: PaddingTable | undefined
}

/** One range of a file to be read and grouped. */
export interface ChunkTask<C = unknown> extends Range {
  readonly job: Job
  /** The open file: threads share descriptors. */
  readonly descriptor: number
  readonly ops: Uint8Array
  readonly delimiter: number
  readonly batchSize: number
  /** Memory of earlier chunks, to be used again. */
  readonly spare: readonly Part<C>[]
}

/** A batch and its groups. */
export interface Part<C = unknown> {
  readonly batch: CaseBatch
  readonly groups: C
}

/** A rejected row of a chunk: its line counted from 0 in the chunk, its column -1 where none is to blame. */
export interface ChunkReject {
  readonly line: number
  readonly column: number
  readonly reason: RejectReason
  readonly row: string
}

/** Rows of a chunk; or that it holds quotes or an endless row, which only reading in sequence gets right. */
export type ChunkResult<C = unknown> =
  | {
      readonly sequential: true
      /** Position in the file of the chunk's first row. */
      readonly begin: number
    }
  | {
      readonly sequential: false
      readonly parts: readonly Part<C>[]
      readonly rejects: readonly ChunkReject[]
      /** Lines that begin in the chunk. */
      readonly lines: number
      readonly rows: number
      /** Position in the file that the batches' `offset` counts from. */
      readonly position: number
    }

let opened: { readonly serial: number; readonly engine: Promise<Engine<unknown>> } | undefined
let space: Uint8Array | undefined

/** Reads and groups one chunk; runs in a worker, which keeps its rule book and its input memory. */
export default async function groupChunk(task: ChunkTask): Promise<ChunkResult> {
  const engine = await engineOf(task.job)
  // Of two tasks at hand the first is answered before the second begins.
  await setImmediate()
  const chunk = readChunk(task.descriptor, task, LONGEST_ROW, space)
  const { bytes, from, to, position, whole } = chunk
  space = bytes
  if (whole && !needsUnquoting(bytes, from, to)) return scanChunk(engine, task, chunk)
  return { sequential: true, begin: position + from }
}

/** The engine of a job; one that could not be opened is tried again. */
function engineOf({ serial, kind, book }: Job): Promise<Engine<unknown>> {
  if (opened?.serial === serial) return opened.engine
  const engine = openEngine(kind, book)
  opened = { serial, engine }
  engine.catch(() => {
    if (opened?.engine === engine) opened = undefined
  })
  return engine
}

function scanChunk(engine: Engine<unknown>, task: ChunkTask, { bytes, from, to, position }: Chunk): ChunkResult {
  const rejects: ChunkReject[] = []
  const parts: Part[] = []
  const spare = [...task.spare]
  const decoder = new TextDecoder()
  const scan: Scan = {
    ops: task.ops,
    dxTable: engine.dxTable,
    pxTable: engine.pxTable,
    pxPadding: task.job.pxPadding,
    oddCode: engine.oddCode,
    labels: noLabels(),
    line: 0,
    rows: 0,
    rejected: 0,
    pace: createPace(),
    reject: (reason, column, start, end) =>
      rejects.push({ line: scan.line, column, reason, row: decoder.decode(bytes.subarray(start, end)) }),
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const checked = isUtf8(bytes.subarray(from, to))
  for (let p = from; p < to; ) {
    const part = spare.pop() ?? {
      batch: createBatch(task.batchSize),
      groups: engine.columns(task.batchSize),
    }
    const { batch, groups } = part
    batch.count = 0
    clearAbsent(batch, task.ops)
    while (p < to && batch.count < batch.capacity) {
      p = scanRows(scan, batch, bytes, view, p, to, task.delimiter, checked)
    }
    engine.group(batch, groups)
    parts.push(part)
  }
  return { sequential: false, parts, rejects, lines: scan.line, rows: scan.rows, position }
}

/** Grouping passes over the label columns. */
function noLabels(): LabelSet {
  const none = createLabels()
  return { hospital: none, insurance: none, month: none, department: none, doctor: none }
}
