import { Piscina } from 'piscina'
import { beside } from '../files/index.ts'
import { type SampleTask, type Sampling, sample } from './bootstrap-task.ts'
import type { WeightConfig } from './config.ts'
import { normalQuantile } from './normal.ts'
import type { RelativeWeights } from './relative-weight.ts'
import { createReplicator, type Replicator } from './replicate.ts'
import type { Statistics } from './statistics.ts'

/** The interval of one weight. */
export interface WeightInterval {
  readonly low: number
  readonly high: number
  /** Standard error of the weight / weight. */
  readonly error: number
  /** `pooled`: too few cases to draw again, so the spread of all groups stands in. */
  readonly method: 'studentised' | 'percentile' | 'pooled'
}

export interface BootstrapOptions {
  /** Worker threads; default 1, which makes no thread. Results do not depend on it, to the last bit. */
  readonly threads?: number
  /** Draws done, of all. */
  readonly onProgress?: (done: number, all: number) => void
}

/** Draws of one task at most; a thread is busy with it for some tens of milliseconds. */
const TASK_DRAWS = 4_000_000
/** Fewer cases are not drawn again: the resamples of four values are too alike to each other. */
const FEWEST = 5

/**
 * Intervals for weights by the bootstrap: the kept cases of every group and year are drawn again with replacement, and
 * weights made of them in the same way: averages, shrinkage with the same z, repair with the same blocks, adjustments,
 * calibration. Trimming limits, stability and z are those of the data.
 *
 * `studentised`: t* = (ln w* − ln w) / se*, with quantiles of t* turned round the estimate (Efron and Tibshirani 1993, 12.5),
 * on ln w because costs are skewed. `percentile`: quantiles of w*. Groups of fewer than five kept cases get
 * w · exp(±z·σ·√(1/n)), σ from the spread of ln cost within all groups. Null where no case stands behind a weight.
 */
export async function bootstrap(
  statistics: Statistics,
  weights: RelativeWeights,
  parents: readonly string[],
  config: WeightConfig,
  options: BootstrapOptions = {},
): Promise<(WeightInterval | null)[]> {
  const { replicates, seed } = config.bootstrap
  const { sorted, years, groups } = statistics
  const cells = groups.length * years.length
  const shared = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(length * 8))
  let values = sorted.costs
  if (config.average === 'geometric') {
    values = shared(sorted.costs.length)
    for (let i = 0; i < values.length; i++) values[i] = Math.log(sorted.costs[i]!)
  }
  const sampling = { seed, replicates, values, sums: shared(cells * replicates), squares: shared(cells * replicates) }
  const replicator = createReplicator(statistics, weights, parents, config, values)
  await drawAll(sampling, tasksOf(statistics, replicator, replicates), options)
  return intervalsOf(replicator, sampling, config)
}

function tasksOf({ groups, years }: Statistics, { centres }: Replicator, replicates: number): SampleTask[] {
  const tasks: SampleTask[] = []
  for (const [group, { cells }] of groups.entries()) {
    for (const [year, { from, to }] of cells.entries()) {
      if (to === from) continue
      const cell = group * years.length + year
      const step = Math.max(1, Math.floor(TASK_DRAWS / (to - from)))
      for (let first = 0; first < replicates; first += step) {
        const last = Math.min(replicates, first + step)
        tasks.push({ cell, group, year, from, to, centre: centres[cell]!, first, last })
      }
    }
  }
  return tasks
}

const drawsOf = ({ from, to, first, last }: SampleTask): number => (to - from) * (last - first)

async function drawAll(
  sampling: Sampling,
  tasks: readonly SampleTask[],
  { threads = 1, onProgress }: BootstrapOptions,
): Promise<void> {
  const all = tasks.reduce((sum, task) => sum + drawsOf(task), 0)
  let done = 0
  const finished = (batch: readonly SampleTask[]): void => {
    done += batch.reduce((sum, task) => sum + drawsOf(task), 0)
    onProgress?.(done, all)
  }
  const batches = batchesOf(tasks)
  if (threads <= 1) {
    for (const batch of batches) {
      sample(sampling, batch)
      finished(batch)
    }
    return
  }
  const pool = new Piscina<readonly SampleTask[], void>({
    filename: beside(import.meta.url, 'bootstrap-task'),
    minThreads: threads,
    maxThreads: threads,
    workerData: sampling,
  })
  try {
    await Promise.all(batches.map(async batch => pool.run(batch).then(() => finished(batch))))
  } finally {
    await pool.destroy()
  }
}

/** Small tasks go together, so that a thread is not asked for every group by itself. */
function batchesOf(tasks: readonly SampleTask[]): SampleTask[][] {
  const batches: SampleTask[][] = []
  let draws = Number.POSITIVE_INFINITY
  for (const task of tasks) {
    if (draws + drawsOf(task) > TASK_DRAWS) {
      batches.push([])
      draws = 0
    }
    batches.at(-1)!.push(task)
    draws += drawsOf(task)
  }
  return batches
}

function intervalsOf(replicator: Replicator, sampling: Sampling, config: WeightConfig): (WeightInterval | null)[] {
  const { replicates } = sampling
  const size = replicator.weights.length
  const drawn = new Float64Array(size * replicates)
  const errors = new Float64Array(size * replicates)
  for (let r = 0; r < replicates; r++) replicator.replicate(sampling, r, drawn, errors)
  const level = config.bootstrap.level.toNumber()
  const tail = (1 - level) / 2
  const z = normalQuantile(1 - tail)
  return Array.from({ length: size }, (_, g): WeightInterval | null => {
    const weight = replicator.weights[g]!
    const own = drawn.subarray(g * replicates, (g + 1) * replicates)
    if (!replicator.moves[g] || !(weight > 0)) return null
    const cases = replicator.cases[g]!
    const isOwn = replicator.isOwn[g]!
    if (isOwn && cases < FEWEST) {
      const error = (replicator.ownShare[g]! * replicator.pooledError) / Math.sqrt(cases)
      return { low: weight * Math.exp(-z * error), high: weight * Math.exp(z * error), error, method: 'pooled' }
    }
    const spread = deviation(own) / weight
    if (isOwn && config.bootstrap.interval === 'studentised' && replicator.errors[g]! > 0) {
      const scale = replicator.errors[g]!
      const ratios = own
        .map((value, r) => Math.log(value / weight) / errors[g * replicates + r]!)
        .filter(Number.isFinite)
      if (ratios.length > replicates / 2) {
        ratios.sort()
        const [low, high] = [quantileOf(ratios, tail), quantileOf(ratios, 1 - tail)]
        return {
          low: weight * Math.exp(-high * scale),
          high: weight * Math.exp(-low * scale),
          error: spread,
          method: 'studentised',
        }
      }
    }
    const sorted = own.slice().sort()
    const [low, high] = [quantileOf(sorted, tail), quantileOf(sorted, 1 - tail)]
    return { low, high, error: spread, method: 'percentile' }
  })
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1))
}

/** Quantile of ascending numbers, interpolated ("type 7"). */
function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const value = sorted[below]!
  return value + (place - below) * ((sorted[below + 1] ?? value) - value)
}
