import { Decimal, type Fen } from '../numbers/index.ts'
import type { TrimConfig } from './config.ts'
import { quantile, squareSum, sum } from './moments.ts'

/** Cases kept by trimming: those at [from, to) of the group's costs in ascending order. */
export interface Kept {
  readonly from: number
  readonly to: number
  /** Passes that cut something. */
  readonly passes: number
}

/** Lowest and highest cost that is kept, in fen. */
interface Limits {
  readonly low: Fen
  readonly high: Fen
}

/** Rounding of the 40 digits of a Decimal must not throw out a case that lies exactly on a limit. */
const EXACT = new Decimal('1e-15')
/** The same for limits that go through a logarithm in floating point, relative. */
const LOGARITHM = 1e-9

/**
 * Trims the costs of one group. Limits are inclusive: a case on a limit stays, so a group of equal costs is never cut.
 * A pass whose limits would bring the cut share above `maxShare` is not made, and ends the trimming.
 *
 * @param costs costs of the group in fen, ascending
 */
export function trim(costs: Float64Array, config: TrimConfig): Kept {
  let from = 0
  let to = costs.length
  let passes = 0
  if (config.method === 'none' || to < Math.max(1, config.minCases)) return { from, to, passes }
  const fewest = config.maxShare.negated().plus(1).times(costs.length)
  while (passes < config.iterate) {
    const { low, high } = limits(costs.subarray(from, to), config)
    const nextFrom = Math.max(from, firstFrom(costs, low))
    const nextTo = Math.min(to, firstFrom(costs, high + 1))
    if (nextFrom === from && nextTo === to) break
    if (nextTo <= nextFrom || fewest.gt(nextTo - nextFrom)) break
    from = nextFrom
    to = nextTo
    passes++
  }
  return { from, to, passes }
}

/**
 * The trimming of one group: with bands, the high multiple goes by its weight before trimming, mean of the group / mean of
 * all (`mean`, fen; absent without bands).
 */
export function trimForWeight(config: TrimConfig, costs: Float64Array, mean: Decimal | undefined): TrimConfig {
  if (mean === undefined || costs.length === 0) return config
  const weight = new Decimal(sum(costs)).div(costs.length).div(mean)
  const { high } = config.multiple.bands.find(band => band.upTo === null || weight.lte(band.upTo))!
  return { ...config, multiple: { ...config.multiple, high } }
}

/** Position of the first cost that is at least `bound`. */
function firstFrom(costs: Float64Array, bound: Fen): number {
  let low = 0
  let high = costs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (costs[middle]! < bound) low = middle + 1
    else high = middle
  }
  return low
}

function limits(costs: Float64Array, config: TrimConfig): Limits {
  switch (config.method) {
    case 'none':
      return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
    case 'sd': {
      if (costs.length < 2) return limitsOf(costs[0]!, costs[0]!)
      // z · sqrt((n Σc² − (Σc)²) / (n (n − 1))): the numerator is exact.
      const n = costs.length
      const total = sum(costs)
      const spread = new Decimal(String(BigInt(n) * squareSum(costs) - BigInt(total) ** 2n)).div(n).div(n - 1)
      const reach = config.sd.z.times(spread.sqrt())
      const mean = new Decimal(total).div(n)
      return decimalLimits(mean.minus(reach), mean.plus(reach))
    }
    case 'lnsd': {
      const n = costs.length
      if (n < 2) return limitsOf(costs[0]!, costs[0]!)
      const mean = logMean(costs)
      let squares = 0
      for (const cost of costs) squares += (Math.log(cost) - mean) ** 2
      const reach = config.lnsd.z.toNumber() * Math.sqrt(squares / (n - 1))
      return limitsOf(Math.exp(mean - reach), Math.exp(mean + reach))
    }
    case 'iqr': {
      const q1 = quantile(costs, new Decimal('0.25'))
      const q3 = quantile(costs, new Decimal('0.75'))
      const range = q3.minus(q1)
      return decimalLimits(q1.minus(config.iqr.a.times(range)), q3.plus(config.iqr.b.times(range)))
    }
    case 'percentile':
      return decimalLimits(
        quantile(costs, config.percentile.low.div(100)),
        quantile(costs, config.percentile.high.div(100)),
      )
    case 'multiple': {
      const { low, high, centre } = config.multiple
      if (centre === 'geometricMean') {
        const mean = Math.exp(logMean(costs))
        return limitsOf(low.toNumber() * mean, high.toNumber() * mean)
      }
      if (centre === 'median') {
        const median = quantile(costs, new Decimal('0.5'))
        return decimalLimits(low.times(median), high.times(median))
      }
      const total = sum(costs)
      return decimalLimits(low.times(total).div(costs.length), high.times(total).div(costs.length))
    }
  }
}

/** Costs are whole fen, so the limits may be too: the lowest and highest fen inside them. */
function decimalLimits(low: Decimal, high: Decimal): Limits {
  return { low: low.minus(EXACT).ceil().toNumber(), high: high.plus(EXACT).floor().toNumber() }
}

function limitsOf(low: number, high: number): Limits {
  return { low: Math.ceil(low * (1 - LOGARITHM)), high: Math.floor(high * (1 + LOGARITHM)) }
}

function logMean(costs: Float64Array): number {
  let total = 0
  for (const cost of costs) total += Math.log(cost)
  return total / costs.length
}
