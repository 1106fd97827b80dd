import { Piscina } from 'piscina'
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
  // The source runs as it is, and so does what the compiler made of it.
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  const pool = new Piscina<GatherTask | SortTask, unknown>({
    filename: new URL(`./build-task${extension}`, import.meta.url).href,
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
