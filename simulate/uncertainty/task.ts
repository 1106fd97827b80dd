import { workerData } from 'piscina'
import { createEvaluator } from '../scenario/evaluator.ts'
import { type PackedRegion, unpackGround, unpackSorted } from '../scenario/pack.ts'
import { createBaseline } from '../scenario/run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Model } from './model.ts'
import { replicate } from './model-kernel.ts'
import { outputsOf, writeOutputs } from './outputs.ts'

/** What all tasks of a pool share. */
export type Shared =
  | { readonly kind: 'sweep'; readonly region: PackedRegion }
  | { readonly kind: 'replicates'; readonly model: Model }

/** A stretch of work: scenarios of a sweep, or a range of replicates. */
export type Task =
  | { readonly kind: 'sweep'; readonly scenarios: readonly Scenario[] }
  | { readonly kind: 'replicates'; readonly from: number; readonly to: number }

/** Does one task; what it is given decides the result alone. */
export function createRunner(shared: Shared): (task: Task) => Float64Array {
  if (shared.kind === 'replicates') {
    return task => {
      if (task.kind !== 'replicates') throw new Error('a model takes replicates')
      return replicate(shared.model, task.from, task.to)
    }
  }
  const ground = unpackGround(shared.region)
  let whole: ReturnType<typeof createBaseline> | undefined
  const evaluator = createEvaluator(ground, () => (whole ??= createBaseline(ground.input)), unpackSorted(shared.region))
  return task => {
    if (task.kind !== 'sweep') throw new Error('a sweep takes scenarios')
    let out: Float64Array | undefined
    for (const [i, scenario] of task.scenarios.entries()) {
      const summary = evaluator.evaluate(scenario)
      const width = outputsOf(summary).length
      out ??= new Float64Array(task.scenarios.length * width)
      writeOutputs(summary, out.subarray(i * width, (i + 1) * width))
    }
    return out ?? new Float64Array()
  }
}

let runner: ((task: Task) => Float64Array) | undefined

/** Entry of a worker thread. */
export default function run(task: Task): Float64Array {
  runner ??= createRunner(workerData as Shared)
  return runner(task)
}
