import { workerData } from 'piscina'
import { createDraws } from '../numbers/index.ts'
import { drawAgain } from './bootstrap-kernel.ts'

/** What all threads share; arrays lie in shared memory. */
export interface Sampling {
  readonly seed: number
  readonly replicates: number
  /** Costs in fen, or their logarithms, by cell. */
  readonly values: Float64Array
  /** Of cell c and replicate r at c × replicates + r. */
  readonly sums: Float64Array
  readonly squares: Float64Array
}

/** Some replicates of one cell (group × year). */
export interface SampleTask {
  readonly cell: number
  readonly group: number
  readonly year: number
  readonly from: number
  readonly to: number
  readonly centre: number
  readonly first: number
  readonly last: number
}

/** Draws the samples of tasks. */
export function sample({ seed, replicates, values, sums, squares }: Sampling, tasks: readonly SampleTask[]): void {
  const draws = createDraws(seed)
  for (const { cell, group, year, from, to, centre, first, last } of tasks) {
    drawAgain(draws, values, from, to, centre, group, year, first, last, sums, squares, cell * replicates)
  }
}

/** Runs in a worker, on the arrays that it was made with. */
export default function sampleInWorker(tasks: readonly SampleTask[]): void {
  sample(workerData as Sampling, tasks)
}
