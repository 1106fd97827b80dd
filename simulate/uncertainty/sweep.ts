import { createEvaluator, type Summary, sortRegion } from '../scenario/evaluator.ts'
import { packRegion, regionHash } from '../scenario/pack.ts'
import { type Baseline, needsMeans } from '../scenario/run.ts'
import type { Scenario } from '../scenario/scenario.ts'

import { type SobolIndex, sobolIndices } from './design.ts'
import { outputsOf, writeOutputs } from './outputs.ts'
import { computeRows, type RowOptions } from './rows.ts'
import { rowsOf, type Sweep, scenarioOf } from './sweep-file.ts'
import { createCrew } from './threads.ts'

/** The results of a sweep: one row a scenario. */
export interface SweepResult {
  readonly sweep: Sweep
  /** Texts of the levers by row; undefined where one stays as it is. */
  readonly rows: readonly (readonly (string | undefined)[])[]
  /** Names of the numbers of a row, see `outputsOf`. */
  readonly outputs: readonly string[]
  /** The numbers, row by row. */
  readonly values: Float64Array
  /** The same of the scenario that all rows start from. */
  readonly base: Float64Array
}

export interface SweepOptions extends Omit<RowOptions, 'atOnce'> {
  /** Worker threads; default 1. Results do not depend on it. */
  readonly threads?: number | undefined
}

/** Scenarios of one stretch of a sweep. */
const STRETCH = 16

/** Runs a sweep over a region. Every row is checked against the tree of parameters before the first one runs. */
export async function runSweep(baseline: Baseline, sweep: Sweep, options: SweepOptions = {}): Promise<SweepResult> {
  const rows = rowsOf(sweep)
  const scenarios = rows.map(row => scenarioOf(sweep, row))
  const start = scenarioOf(
    sweep,
    sweep.levers.map(() => undefined),
  )
  const { values, outputs, base } = await runScenarios(baseline, scenarios, start, options)
  return { sweep, rows, outputs, values, base }
}

/** Evaluates many scenarios, as numbers. `start` is what they are compared with. */
export async function runScenarios(
  baseline: Baseline,
  scenarios: readonly Scenario[],
  start: Scenario,
  options: SweepOptions = {},
): Promise<Pick<SweepResult, 'outputs' | 'values' | 'base'>> {
  const sorted = sortRegion(baseline.input)
  const region = packRegion(baseline, sorted)
  const evaluator = createEvaluator(baseline, () => baseline, sorted)
  const first: Summary = evaluator.evaluate(start)
  const outputs = outputsOf(first)
  const base = new Float64Array(outputs.length)
  writeOutputs(first, base)
  const crew = [...scenarios, start].some(needsMeans)
    ? undefined
    : createCrew({ kind: 'sweep', region }, options.threads ?? 1)
  const here = (from: number, to: number): Float64Array => {
    const part = new Float64Array((to - from) * outputs.length)
    for (let i = from; i < to; i++)
      writeOutputs(
        evaluator.evaluate(scenarios[i]!),
        part.subarray((i - from) * outputs.length, (i - from + 1) * outputs.length),
      )
    return part
  }
  try {
    const values = await computeRows(
      {
        rows: scenarios.length,
        width: outputs.length,
        stretch: STRETCH,
        identity: options.folder === undefined ? '' : `${regionHash(region)}\n${JSON.stringify(scenarios.map(strip))}`,
        compute: (from, to) =>
          crew === undefined ? here(from, to) : crew.run({ kind: 'sweep', scenarios: scenarios.slice(from, to) }),
      },
      { ...options, atOnce: crew === undefined ? 1 : crew.threads + 1 },
    )
    return { outputs, values, base }
  } finally {
    await crew?.end()
  }
}

/** What a scenario does, without the place that it was read from. */
function strip({ set, scale, stack }: Scenario): unknown {
  return { set, scale, stack: stack.map(strip) }
}

/** One number of every row. */
export function columnOf({ outputs, values }: Pick<SweepResult, 'outputs' | 'values'>, output: string): number[] {
  const at = outputs.indexOf(output)
  if (at < 0) throw new RangeError(`there is no output ${output}`)
  return Array.from({ length: values.length / outputs.length }, (_, row) => values[row * outputs.length + at]!)
}

/** What one lever does to an output by itself: its value at the low and at the high end, and as it is. */
export interface TornadoBar {
  readonly lever: number
  readonly low: number
  readonly high: number
  readonly base: number
}

/** The bars of a tornado, the widest first. */
export function tornado(result: SweepResult, output: string): readonly TornadoBar[] {
  const column = columnOf(result, output)
  const base = result.base[result.outputs.indexOf(output)]!
  return result.sweep.levers
    .map((_, lever) => ({ lever, low: column[2 * lever]!, high: column[2 * lever + 1]!, base }))
    .sort((a, b) => Math.abs(b.high - b.low) - Math.abs(a.high - a.low) || a.lever - b.lever)
}

/** Sobol indices of every lever for an output of a `sobol` sweep. */
export function sobolOf(result: SweepResult, output: string): readonly SobolIndex[] {
  return sobolIndices(columnOf(result, output), result.sweep.levers.length)
}
