import { Decimal } from '../numbers/index.ts'
import type { WeightConfig } from './config.ts'
import type { CellStatistics } from './statistics.ts'

/** What an average is made of: one year of a group, or of all. */
export interface YearSums {
  readonly n: number
  /** Fen. */
  readonly sum: number
  /** Σ ln c. */
  readonly logs: number
}

const ZERO = new Decimal(0)

/** Sums of a group by year, of the kept cases or of all. */
export function sumsOf(cells: readonly CellStatistics[], of: 'kept' | 'all'): YearSums[] {
  return cells.map(cell => ({ n: cell[of].n, sum: cell[of].sum, logs: cell[of].n === 0 ? 0 : cell.logs[of].sum }))
}

/** Sums of several groups by year. */
export function joinSums(parts: readonly (readonly YearSums[])[]): YearSums[] {
  const years = parts[0]?.length ?? 0
  return Array.from({ length: years }, (_, t) => {
    let [n, sum, logs] = [0, 0, 0]
    for (const part of parts) {
      n += part[t]!.n
      sum += part[t]!.sum
      logs += part[t]!.logs
    }
    if (!Number.isSafeInteger(sum)) throw new RangeError(`the sum of all costs is not exact: ${sum}`)
    return { n, sum, logs }
  })
}

/** How averages are formed: the factor of each year, and the two choices of the configuration. */
export interface Averaging extends Pick<WeightConfig, 'average'> {
  readonly factors: readonly Decimal[]
  readonly reading: WeightConfig['years']['reading']
}

/**
 * Average cost in fen over the years, undefined without cases: `weightedTotals` Σ a·C / Σ a·n, `meanOfMeans`
 * Σ a·m / Σ a over the years that have cases; geometric: the same of ln c, and exp of it. With factors 1:2:7 and yearly
 * means 9,000, 10,000, 11,000 meanOfMeans is 10,600.
 */
export function averageOf(sums: readonly YearSums[], { average, factors, reading }: Averaging): Decimal | undefined {
  let above = ZERO
  let below = ZERO
  for (const [t, { n, sum, logs }] of sums.entries()) {
    if (n === 0) continue
    const value = new Decimal(average === 'geometric' ? logs : sum)
    const [count, factor] = [n, factors[t]!]
    above = above.plus(factor.times(reading === 'meanOfMeans' ? value.div(count) : value))
    below = below.plus(reading === 'meanOfMeans' ? factor : factor.times(count))
  }
  if (below.isZero()) return undefined
  const mean = above.div(below)
  return average === 'geometric' ? new Decimal(Math.exp(mean.toNumber())) : mean
}

/** Σ a·n: how many cases a group counts for. */
export function effectiveCases(sums: readonly YearSums[], factors: readonly Decimal[]): Decimal {
  return sums.reduce((all, { n }, t) => all.plus(factors[t]!.times(n)), ZERO)
}
