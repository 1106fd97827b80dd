import { type MessagePort, parentPort } from 'node:worker_threads'
import { Fault } from '../../messages/index.ts'
import { createAssembler } from './assemble.ts'
import type { BridgeTask, Crossing } from './bridge.ts'
import type { TablePlan } from './plan.ts'
import { type FileRow, rowsOf, sampleOf } from './rows-of.ts'
import { caseTaker } from './source.ts'

/** Pieces under way at the most: a reader that is faster than the grouper waits. */
const AHEAD = 4
/** Rows handed over at a time. */
const ROWS = 4096

/** A task and the way back. */
interface Order {
  readonly task: BridgeTask
  readonly port: MessagePort
  readonly counts: Int32Array
}

/** Hands something over, waiting where too much is under way. */
function post({ port, counts }: Order, message: Crossing, transfer: ArrayBuffer[] = []): void {
  for (;;) {
    const taken = Atomics.load(counts, 1)
    if (Atomics.load(counts, 0) - taken < AHEAD) break
    Atomics.wait(counts, 1, taken, 1000)
  }
  port.postMessage(message, transfer)
  Atomics.add(counts, 0, 1)
  Atomics.notify(counts, 0)
}

async function run(order: Order): Promise<void> {
  const { task } = order
  if (task.kind === 'sample') {
    post(order, { kind: 'samples', samples: await sampleOf(task.file, task.container) })
    return
  }
  if (task.kind === 'rows') {
    await sendRows(order, task.plan)
    return
  }
  const assembler = createAssembler(task.plan)
  const { taker, finish } = caseTaker(task.plan, assembler)
  const send = (position: number): void => {
    const piece = assembler.take(position)
    post(order, { kind: 'piece', piece }, [piece.text.buffer as ArrayBuffer])
  }
  let line = 0
  for await (const row of await rowsOf(task.plan)) {
    line = row.line
    taker.row(row.cells, line, task.plan.width)
    if (assembler.isFull()) send(line)
  }
  for (const _ of finish()) send(line)
  send(line)
  post(order, { kind: 'end', notes: assembler.notes, beside: assembler.beside })
}

/** Rows of a table as they are. */
async function sendRows(order: Order, plan: TablePlan): Promise<void> {
  let rows: FileRow[] = []
  for await (const row of await rowsOf(plan)) {
    rows.push(row)
    if (rows.length < ROWS) continue
    post(order, { kind: 'rows', rows })
    rows = []
  }
  post(order, { kind: 'rows', rows })
  post(order, { kind: 'end', notes: new Map() })
}

parentPort!.on('message', (order: Order) => {
  run(order).catch((error: unknown) => {
    const facts =
      error instanceof Fault
        ? { code: error.code, at: error.at, what: error.what, fix: error.fix, status: error.status }
        : undefined
    post(order, {
      kind: 'failed',
      facts,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
  })
})
