import type { Decimal } from '../../numbers/index.ts'
import { type Amount, type Mean, meanOfOne } from './mean.ts'

/** How the score (分值) of a group comes about (技术规范 3.0 征求意见稿). */
export type ScoreMethod = 'meanCost' | 'benchmark' | 'fixed'

/** What the mean cost of a group is divided by. */
export interface ScoreBasis {
  readonly method: ScoreMethod
  /** Mean of all discharges, or of the benchmark group, or the quota. */
  readonly reference: Mean
}

/** Score of a group whose mean cost is that of the reference; a quota has none. */
const SCALE = 1000

/** Mean-cost method (平均费用法): RW = m / M × 1000, M the mean cost of all discharges of the region. */
export function meanCostBasis(region: Mean): ScoreBasis {
  return { method: 'meanCost', reference: region }
}

/** Benchmark-group method (基准病种法): RW = m / m of the benchmark × 1000. */
export function benchmarkBasis(benchmark: Mean): ScoreBasis {
  return { method: 'benchmark', reference: benchmark }
}

/** Fixed-quota method (标准定额法): RW = m / quota, without the factor 1000; `quota` in the unit of the means. */
export function quotaBasis(quota: Amount): ScoreBasis {
  return { method: 'fixed', reference: meanOfOne(quota) }
}

/** Score of a group with this mean cost, not rounded (40 digits). */
export function scoreOf(group: Mean, { method, reference }: ScoreBasis): Decimal {
  const scale = method === 'fixed' ? 1 : SCALE
  return group.sum.times(reference.cases).times(scale).div(group.cases.times(reference.sum))
}
