import { Fault } from '../messages/index.ts'
import type { Decimal } from '../numbers/index.ts'
import { type Coefficients, deriveCoefficients } from './coefficient.ts'
import type { WeightConfig } from './config.ts'
import type { GroupedCases, Hospital } from './grouped.ts'
import { type Prepared, prepare } from './prepare.ts'
import { type Quality, qualityOf } from './quality.ts'
import { type RelativeWeights, relativeWeights } from './relative-weight.ts'
import { describe, type SortedCosts, type Statistics } from './statistics.ts'
import type { WeightTable } from './table.ts'

/** Weights, coefficients and the figures behind them. */
export interface Weighing {
  readonly prepared: Prepared
  readonly statistics: Statistics
  readonly weights: RelativeWeights
  readonly coefficients: Coefficients
  readonly quality: { readonly before: Quality; readonly after: Quality }
}

/** What weights may be derived from besides cases. */
export interface WeighOptions {
  /** Last year's weights, in the order of the groups of the cases. */
  readonly last?: WeightTable | undefined
  /** Figures of hospitals by code and column, for composite coefficients. */
  readonly indices?: ReadonlyMap<string, ReadonlyMap<string, Decimal>> | undefined
  /** File of the configuration, for faults. */
  readonly configFile?: string | undefined
  /** File that lists the hospitals, for faults. */
  readonly hospitalFile?: string | undefined
  /** The cases as `prepare` gives them, with their costs in order, where that was done before. */
  readonly ready?: { readonly prepared: Prepared; readonly sorted: SortedCosts }
}

/** Derives weights and coefficients from grouped cases with costs. */
export function weigh(
  cases: GroupedCases,
  hospitals: readonly Hospital[],
  config: WeightConfig,
  options: WeighOptions = {},
): Weighing {
  try {
    return derive(cases, hospitals, config, options)
  } catch (error) {
    const { configFile: file } = options
    if (!(error instanceof Fault) || error.at.file !== undefined || file === undefined) throw error
    throw new Fault({ ...error, at: { ...error.at, file } })
  }
}

function derive(
  cases: GroupedCases,
  hospitals: readonly Hospital[],
  config: WeightConfig,
  { last, indices, hospitalFile, ready }: WeighOptions,
): Weighing {
  const prepared = ready?.prepared ?? prepare(cases, config)
  const statistics = describe(prepared, config.trim, ready?.sorted)
  const weights = relativeWeights(cases.groups, cases.parents, statistics, config, last)
  const input = {
    prepared, hospitals, hospitalFile, weights, statistics, ...(indices === undefined ? {} : { indices }),
  } // biome-ignore format: one value
  return {
    prepared,
    statistics,
    weights,
    coefficients: deriveCoefficients(input, config.coefficient),
    quality: qualityOf(statistics.groups, weights),
  }
}
