import { Piscina } from 'piscina'
import { beside } from '../../files/index.ts'
import { createRunner, type Shared, type Task } from './task.ts'

/** Runs tasks in threads, or in this one; results depend on the task alone. */
export interface Crew {
  readonly threads: number
  run(task: Task): Promise<Float64Array>
  end(): Promise<void>
}

/** A crew of `threads` workers; 1 makes no thread. */
export function createCrew(shared: Shared, threads: number): Crew {
  if (threads <= 1) {
    const runner = createRunner(shared)
    return {
      threads: 1,
      // A turn of the event loop between tasks lets an abort through.
      run: async task => {
        await new Promise(resolve => setImmediate(resolve))
        return runner(task)
      },
      end: async () => {},
    }
  }
  const pool = new Piscina<Task, Float64Array>({
    filename: beside(import.meta.url, 'task'),
    minThreads: threads,
    maxThreads: threads,
    workerData: shared,
  })
  return { threads, run: task => pool.run(task), end: () => pool.destroy() }
}
