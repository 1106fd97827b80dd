import { type MessagePort, workerData } from 'node:worker_threads'
import { Fault } from '../../messages/index.ts'
import { createAssembler } from './assemble.ts'
import type { BridgeTask, Crossing } from './bridge.ts'
import { rowsOf, sampleOf } from './rows-of.ts'
import { caseTaker } from './source.ts'

/** Pieces under way at the most: a reader that is faster than the grouper waits. */
const AHEAD = 4

const { task, port, counts } = workerData as { task: BridgeTask; port: MessagePort; counts: Int32Array }

/** Hands something over, waiting where too much is under way. */
function post(message: Crossing, transfer: ArrayBuffer[] = []): void {
  for (;;) {
    const taken = Atomics.load(counts, 1)
    if (Atomics.load(counts, 0) - taken < AHEAD) break
    Atomics.wait(counts, 1, taken, 1000)
  }
  port.postMessage(message, transfer)
  Atomics.add(counts, 0, 1)
  Atomics.notify(counts, 0)
}

async function run(): Promise<void> {
  if (task.kind === 'sample') {
    post({ kind: 'samples', samples: await sampleOf(task.file, task.container) })
    return
  }
  const assembler = createAssembler(task.plan)
  const { taker, finish } = caseTaker(task.plan, assembler)
  const send = (position: number): void => {
    const piece = assembler.take(position)
    post({ kind: 'piece', piece }, [piece.text.buffer as ArrayBuffer])
  }
  let line = 0
  for await (const row of rowsOf(task.plan)) {
    line = row.line
    taker.row(row.cells, line, task.plan.width)
    if (assembler.isFull()) send(line)
  }
  finish()
  send(line)
  post({ kind: 'end', notes: assembler.notes })
}

try {
  await run()
} catch (error) {
  const facts =
    error instanceof Fault
      ? { code: error.code, at: error.at, what: error.what, fix: error.fix, status: error.status }
      : undefined
  post({ kind: 'failed', facts, message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}
