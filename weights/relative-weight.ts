import { Decimal } from '../numbers/index.ts'
import type { WeightConfig } from './config.ts'
import { type GroupStatistics, type Moments, meanOf, variationOf } from './statistics.ts'
import type { WeightTable } from './table.ts'

/** Where the weight of a group comes from. */
export type WeightBasis = 'own' | 'shrunk' | 'parent' | 'placeholder' | 'none'

/** What calibration did. */
export interface Calibration {
  /** Factor λ on the weights that are not placeholders; 1 without calibration. */
  readonly factor: Decimal
  /**
   * Σ n w / Σ n over the kept cases of groups with a weight, w as printed. Rounding moves it from 1 by at most half a
   * unit of the last printed decimal.
   */
  readonly meanWeight: Decimal
}

export interface RelativeWeights extends WeightTable {
  readonly basis: readonly WeightBasis[]
  readonly calibration: Calibration
}

const ONE = new Decimal(1)

/**
 * Relative weights by the mean-cost method (平均费用法): mean cost of the group / mean cost of all cases, after
 * trimming (医保发〔2025〕18号 Art. 15). A group with mean 20,000 in a region with mean 10,000 has weight 2.
 *
 * An unstable group takes `unstableMode`; z = n / (n + n0) with n its kept cases, and the parent's weight comes from
 * the kept cases of the whole ADRG. Then every weight but the placeholders is multiplied by the λ that makes the mean
 * weight of the kept cases 1, and rounded half up.
 *
 * @param groups codes of the leaves
 * @param parents ADRG of each leaf
 */
export function relativeWeights(
  groups: readonly string[],
  parents: readonly string[],
  statistics: readonly GroupStatistics[],
  config: WeightConfig,
): RelativeWeights {
  const moments = statistics.map(one => one.kept)
  const region = total(config.denominator === 'keptCases' ? moments : statistics.map(one => one.all))
  const meanCostExact = meanOf(region) ?? new Decimal(0)
  const byParent = Map.groupBy(moments.keys(), g => parents[g]!)
  const stable = moments.map(one => one.n >= config.nMin && !variationOf(one)?.gte(config.cvMax))
  const parentWeight = new Map<string, Decimal | undefined>()
  for (const [parent, leaves] of byParent) {
    parentWeight.set(parent, meanOf(total(leaves.map(g => moments[g]!)))?.div(meanCostExact))
  }

  const raw: (Decimal | null)[] = []
  const basis: WeightBasis[] = []
  for (let g = 0; g < groups.length; g++) {
    const own = meanOf(moments[g]!)?.div(meanCostExact)
    const [weight, from] = stable[g]
      ? ([own, 'own'] as const)
      : unstable(own, parentWeight.get(parents[g]!), moments[g]!.n, config)
    raw.push(weight ?? null)
    basis.push(weight === undefined ? 'none' : from)
  }

  const factor = config.calibrate ? calibrationFactor(raw, basis, moments) : ONE
  const weight = raw.map((one, g) => {
    if (one === null || basis[g] === 'placeholder') return one
    return one.times(factor).toDecimalPlaces(config.decimals, Decimal.ROUND_HALF_UP)
  })
  return {
    groups,
    weight,
    stable,
    basis,
    meanCost: meanCostExact.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber(),
    meanCostExact,
    calibration: { factor, meanWeight: meanWeight(weight, moments) },
  }
}

/** Weight of an unstable group. A group without cases has no weight of its own, and no placeholder. */
function unstable(
  own: Decimal | undefined,
  parent: Decimal | undefined,
  n: number,
  { unstableMode, shrinkN0 }: WeightConfig,
): readonly [Decimal | undefined, WeightBasis] {
  switch (unstableMode) {
    case 'ownWeight':
      return [own, 'own']
    case 'noWeight':
      return [undefined, 'none']
    case 'parent':
      return [parent, 'parent']
    case 'placeholderOne':
      return own === undefined ? [undefined, 'none'] : [ONE, 'placeholder']
    case 'shrunk': {
      if (own === undefined || parent === undefined) return [parent, 'parent']
      const z = new Decimal(n).div(shrinkN0.plus(n))
      return [z.times(own).plus(ONE.minus(z).times(parent)), 'shrunk']
    }
  }
}

/** λ = (Σ n − Σ n w of placeholders) / Σ n w of the others, over the groups that have a weight. */
function calibrationFactor(
  weight: readonly (Decimal | null)[],
  basis: readonly WeightBasis[],
  moments: readonly Moments[],
): Decimal {
  let target = 0
  let free = new Decimal(0)
  for (const [g, w] of weight.entries()) {
    const { n } = moments[g]!
    if (w === null || basis[g] === 'placeholder') continue
    // A placeholder's cases ask for their number and give it, so both sides leave them out.
    target += n
    free = free.plus(w.times(n))
  }
  return free.isZero() ? ONE : new Decimal(target).div(free)
}

function meanWeight(weight: readonly (Decimal | null)[], moments: readonly Moments[]): Decimal {
  let cases = 0
  let sum = new Decimal(0)
  for (const [g, w] of weight.entries()) {
    if (w === null) continue
    cases += moments[g]!.n
    sum = sum.plus(w.times(moments[g]!.n))
  }
  return cases === 0 ? new Decimal(0) : sum.div(cases)
}

function total(moments: readonly Moments[]): Moments {
  let n = 0
  let sum = 0
  let squares = 0n
  for (const one of moments) {
    n += one.n
    sum += one.sum
    squares += one.squares
  }
  if (!Number.isSafeInteger(sum)) throw new RangeError(`the sum of all costs is not exact: ${sum}`)
  return { n, sum, squares }
}
