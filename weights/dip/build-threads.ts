import { Piscina } from 'piscina'
import { beside } from '../../files/index.ts'
import type { GatheredTable, GatherTask, SortTask } from './build-task.ts'

/** Threads that a build may use. */
export interface BuildThreads {
  readonly count: number
  gather(task: GatherTask): Promise<GatheredTable>
  sort(task: SortTask): Promise<void>
}

/** Runs work with so many threads, and ends them; with 1 thread there is none but its own. */
export async function withBuildThreads<T>(
  count: number,
  work: (threads: BuildThreads | undefined) => Promise<T>,
): Promise<T> {
  if (count <= 1) return work(undefined)
  const pool = new Piscina<GatherTask | SortTask, unknown>({
    filename: beside(import.meta.url, 'build-task'),
    minThreads: count,
    maxThreads: count,
  })
  try {
    return await work({
      count,
      gather: async task => (await pool.run(task)) as GatheredTable,
      async sort(task) {
        await pool.run(task)
      },
    })
  } finally {
    await pool.destroy()
  }
}
