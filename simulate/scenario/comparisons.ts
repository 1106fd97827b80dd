import { Piscina } from 'piscina'
import { beside } from '../../files/index.ts'
import { Fault } from '../../messages/index.ts'
import type { Decimal } from '../../numbers/index.ts'
import { type Comparison, comparer, type ScenarioComparison, THRESHOLD } from './compare.ts'
import type { ComparisonAnswer, PackedStart } from './comparison-task.ts'
import { packGround, sharedColumns } from './pack.ts'
import { dataOf, plainOf } from './plain.ts'
import { type Baseline, needsMeans, runScenario } from './run.ts'
import type { Scenario } from './scenario.ts'

export interface CompareOptions {
  /** A hospital wins or loses when its fund due changes by more than this share; default 0.1 %. */
  readonly threshold?: Decimal | undefined
  /** Worker threads; default 1, which makes no thread. Results do not depend on it. */
  readonly threads?: number | undefined
}

/** Runs scenarios over a settled region and compares them with it, in their order. */
export async function compareScenarios(
  baseline: Baseline,
  scenarios: readonly Scenario[],
  { threshold = THRESHOLD, threads = 1 }: CompareOptions = {},
): Promise<Comparison> {
  const own = new Set(scenarios.filter(needsMeans))
  const count = Math.min(threads, scenarios.length - own.size)
  let compared: ReturnType<typeof comparer> | undefined
  const here = (scenario: Scenario): ScenarioComparison => {
    compared ??= comparer(baseline, threshold)
    return compared(runScenario(baseline, scenario))
  }
  if (count < 2) return { threshold, baseline: baseline.settlement, scenarios: scenarios.map(here) }
  const pool = startPool(baseline, threshold, count)
  try {
    const answers = scenarios.map(scenario => (own.has(scenario) ? undefined : pool.run(scenario)))
    // Each is awaited in its turn; until then a failure is no unhandled one.
    for (const answer of answers) answer?.catch(() => {})
    const results: ScenarioComparison[] = []
    for (const [i, scenario] of scenarios.entries()) {
      const answer = answers[i]
      results.push(answer === undefined ? here(scenario) : comparisonOf(await answer))
    }
    return { threshold, baseline: baseline.settlement, scenarios: results }
  } finally {
    await pool.destroy()
  }
}

function startPool(baseline: Baseline, threshold: Decimal, threads: number): Piscina<Scenario, ComparisonAnswer> {
  const { hospitals, months, pools, parts } = baseline.settlement
  const workerData: PackedStart = {
    ground: packGround(baseline),
    ledger: sharedColumns(baseline.valued.ledger),
    settlement: plainOf({ hospitals, months, pools, parts }),
    threshold: threshold.toFixed(),
    file: baseline.input.file,
  }
  const filename = beside(import.meta.url, 'comparison-task')
  return new Piscina({ filename, minThreads: threads, maxThreads: threads, workerData })
}

function comparisonOf(answer: ComparisonAnswer): ScenarioComparison {
  if ('fault' in answer) throw new Fault(answer.fault)
  return dataOf(answer.comparison)
}
