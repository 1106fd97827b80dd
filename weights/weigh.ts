import { type Coefficients, deriveCoefficients } from './coefficient.ts'
import type { WeightConfig } from './config.ts'
import type { GroupedCases, Hospital } from './grouped.ts'
import { type Quality, qualityOf } from './quality.ts'
import { type RelativeWeights, relativeWeights } from './relative-weight.ts'
import { describe, type Statistics } from './statistics.ts'

/** Weights, coefficients and the figures behind them. */
export interface Weighing {
  readonly statistics: Statistics
  readonly weights: RelativeWeights
  readonly coefficients: Coefficients
  readonly quality: { readonly before: Quality; readonly after: Quality }
}

/** Derives weights and level coefficients from grouped cases with costs. */
export function weigh(cases: GroupedCases, hospitals: readonly Hospital[], config: WeightConfig): Weighing {
  const statistics = describe(cases, config.trim)
  const weights = relativeWeights(cases.groups, cases.parents, statistics.groups, config)
  const input = { cases, hospitals, weights, statistics: statistics.groups }
  return {
    statistics,
    weights,
    coefficients: deriveCoefficients(input, config.coefficient),
    quality: qualityOf(statistics.groups),
  }
}
