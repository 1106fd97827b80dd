import { Fault, type Text } from '../../messages/index.ts'
import { parseYuan } from '../../numbers/index.ts'
import { placeIn } from '../place.ts'
import type { Baseline, Outcome } from '../scenario/run.ts'
import { type Model, modelOf, type WeightError } from './model.ts'
import { outputsOf } from './outputs.ts'
import { computeRows } from './rows.ts'
import type { UncertaintySettings } from './settings.ts'
import type { SweepOptions } from './sweep.ts'
import { createCrew } from './threads.ts'

/** The replicates of a region under its baseline and some scenarios. */
export interface Replicates {
  readonly titles: readonly Text[]
  readonly count: number
  /** Names of the numbers of a row, see `outputsOf`. */
  readonly outputs: readonly string[]
  /** The numbers by `(replicate * titles + scenario) * outputs + output`. */
  readonly values: Float64Array
}

/** Replicates of one stretch. */
const STRETCH = 64

/**
 * Draws a year many times: volumes, costs, mix, arrivals, weights and reviews, and divides each to the fen. The same draws
 * meet every scenario. `errors`: those of the weights, by group, as
 * `bootstrap` or `publishedErrors` gives them; null: weights are certain.
 */
export async function simulateYears(
  baseline: Baseline,
  outcomes: readonly Outcome[],
  settings: UncertaintySettings,
  errors: readonly (WeightError | null)[] | null,
  options: SweepOptions = {},
): Promise<Replicates> {
  const { input, valued } = baseline
  for (const { scenario, ledger } of outcomes)
    if (ledger.groups.join('\n') !== input.cases.groups.join('\n')) throw otherGroups(scenario)
  const ledgers = [
    { ledger: valued.ledger, policy: input.policy.document, budgets: input.budgets },
    ...outcomes.map(one => ({
      ledger: one.ledger,
      policy: one.policy.document,
      budgets: Object.entries(one.segments[0]!.parameters.budget).map(([insurance, { fund }]) => ({
        ...input.budgets.find(budget => budget.insurance === insurance),
        insurance,
        fund: parseYuan(fund) ?? 0,
      })),
    })),
  ]
  const model: Model = modelOf(input, valued.values, ledgers, settings, errors)
  const outputs = outputsOf(model)
  const crew = createCrew({ kind: 'replicates', model }, options.threads ?? 1)
  try {
    const values = await computeRows(
      {
        rows: settings.replicates,
        width: outputs.length * ledgers.length,
        stretch: STRETCH,
        identity: options.folder === undefined ? '' : JSON.stringify(model, textOf),
        compute: (from, to) => crew.run({ kind: 'replicates', from, to }),
      },
      { ...options, atOnce: crew.threads + 1 },
    )
    return {
      titles: [{ zh: '基线', en: 'Baseline' }, ...outcomes.map(one => one.scenario.title)],
      count: settings.replicates,
      outputs,
      values,
    }
  } finally {
    await crew.end()
  }
}

/** Draws are named by group: cases grouped otherwise would not meet the same year. */
function otherGroups({ file }: Outcome['scenario']): Fault {
  return new Fault({
    code: 'UNC-001',
    at: placeIn(file, ['set', 'scheme']),
    what: {
      zh: '该情景更换分组方案，病组不同，无法与基线用同一组随机数抽样。',
      en: 'The scenario groups the cases by another scheme, so that its groups cannot meet the same draws as the baseline.',
    },
    fix: {
      zh: '请把两个方案各写一个地区文件，分别运行。',
      en: 'Write a region file for each scheme and run them one by one.',
    },
  })
}

/** Errors of published weights: from their table's intervals, half widths over the weight; else what the settings say. */
export function publishedErrors(
  halfWidths: readonly (number | null)[] | null,
  groups: number,
  { publishedWeights: { error, halfWidth } }: UncertaintySettings,
): readonly WeightError[] {
  return Array.from({ length: groups }, (_, g) => {
    const width = halfWidths?.[g] ?? null
    return { error: width === null ? error.toNumber() : width / halfWidth.toNumber() }
  })
}

/** Columns as lists, so that a model can be told from another. */
function textOf(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as Float64Array) : value
}

/** One number of every replicate of one scenario. */
export function draws({ outputs, values, titles, count }: Replicates, scenario: number, output: string): Float64Array {
  const at = outputs.indexOf(output)
  if (at < 0) throw new RangeError(`there is no output ${output}`)
  return Float64Array.from({ length: count }, (_, r) => values[(r * titles.length + scenario) * outputs.length + at]!)
}

/** Mean and interval of some draws. */
export interface Interval {
  readonly mean: number
  /** Standard error of the mean. */
  readonly error: number
  readonly low: number
  readonly median: number
  readonly high: number
}

/** Mean, its standard error, and the middle 90 % of some draws (quantiles of type 7). */
export function intervalOf(values: Float64Array, share = 0.9): Interval {
  const sorted = values.slice().sort()
  const n = sorted.length
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(n - 1, 1)
  const quantile = (q: number): number => {
    const place = (n - 1) * q
    const below = Math.floor(place)
    const next = sorted[Math.min(below + 1, n - 1)]!
    return sorted[below]! + (place - below) * (next - sorted[below]!)
  }
  const tail = (1 - share) / 2
  return { mean, error: Math.sqrt(variance / n), low: quantile(tail), median: quantile(0.5), high: quantile(1 - tail) }
}

/** Intervals of the first 100, 200, 400 … draws, and of all: how fast they settle. */
export function convergence(values: Float64Array): readonly (Interval & { readonly count: number })[] {
  const counts: number[] = []
  for (let n = 100; n < values.length; n *= 2) counts.push(n)
  return [...counts, values.length].map(count => ({ count, ...intervalOf(values.subarray(0, count)) }))
}
