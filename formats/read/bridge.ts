import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { beside } from '../../files/index.ts'
import type { SourcePiece } from '../../grouper/index.ts'
import { Fault, type FaultFacts } from '../../messages/index.ts'
import type { Beside, Notes } from './note.ts'
import type { Container, SourcePlan, TablePlan } from './plan.ts'
import type { FileRow } from './rows-of.ts'
import type { TableSample } from './sample.ts'

/**
 * Files that can only be read asynchronously (workbooks, Parquet, DuckDB) are read by a thread, while this one waits:
 * so all readers are alike to the commands, and reading overlaps with grouping.
 */
export type BridgeTask =
  | { readonly kind: 'sample'; readonly file: string; readonly container: Container }
  | { readonly kind: 'read'; readonly plan: SourcePlan }
  | { readonly kind: 'rows'; readonly plan: TablePlan }

/** What comes over. */
export type Crossing =
  | { readonly kind: 'samples'; readonly samples: TableSample[] }
  | { readonly kind: 'piece'; readonly piece: SourcePiece }
  | { readonly kind: 'rows'; readonly rows: FileRow[] }
  | { readonly kind: 'end'; readonly notes: Notes; readonly beside?: Beside }
  | { readonly kind: 'failed'; readonly facts: FaultFacts | undefined; readonly message: string }

/** A thread that says nothing for as long as this has died. */
const PATIENCE = 300_000

/** The first rows of each table of a file that is no text. */
export function sampleElsewhere(file: string, container: Container): TableSample[] {
  for (const message of cross({ kind: 'sample', file, container }))
    if (message.kind === 'samples') return message.samples
  throw new Error('the thread gave no sample')
}

/** Reads a source in a thread. */
export function* readElsewhere(plan: SourcePlan, notes: Notes, beside: Beside): Generator<SourcePiece> {
  for (const message of cross({ kind: 'read', plan })) {
    if (message.kind === 'piece') yield message.piece
    else if (message.kind === 'end') {
      for (const [kind, note] of message.notes) notes.set(kind, note)
      for (const [name, all] of message.beside ?? []) beside.set(name, all)
    }
  }
}

/** The rows of a table, read in a thread. */
export function* tableElsewhere(plan: TablePlan): Generator<FileRow> {
  for (const message of cross({ kind: 'rows', plan })) if (message.kind === 'rows') yield* message.rows
}

/** Threads that have done their task: starting one takes longer than reading a small file. */
const idle: Worker[] = []

function* cross(task: BridgeTask): Generator<Crossing> {
  const { port1, port2 } = new MessageChannel()
  /** Messages posted and taken. */
  const counts = new Int32Array(new SharedArrayBuffer(8))
  const worker = idle.pop() ?? startWorker()
  worker.postMessage({ task, port: port2, counts }, [port2])
  let done = false
  try {
    while (!done) {
      const message = next(port1, counts, Atomics.load(counts, 1))
      Atomics.add(counts, 1, 1)
      Atomics.notify(counts, 1)
      done = message.kind !== 'piece' && message.kind !== 'rows'
      if (message.kind === 'failed') {
        throw message.facts === undefined ? new Error(message.message) : new Fault(message.facts)
      }
      yield message
    }
  } finally {
    port1.close()
    if (done) idle.push(worker)
    else void worker.terminate()
  }
}

function startWorker(): Worker {
  const worker = new Worker(new URL(beside(import.meta.url, 'bridge-task')))
  worker.unref()
  return worker
}

function next(port: MessagePort, counts: Int32Array, taken: number): Crossing {
  for (;;) {
    const received = receiveMessageOnPort(port)
    if (received !== undefined) return received.message as Crossing
    // The message is posted before it is counted: one that is counted is there.
    if (Atomics.wait(counts, 0, taken, PATIENCE) === 'timed-out') throw new Error('the reading thread has died')
  }
}

type MessagePort = MessageChannel['port1']
