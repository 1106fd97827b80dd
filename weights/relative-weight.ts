import { Decimal } from '../numbers/index.ts'
import { type Adjusted, adjust, calibrationFactor } from './adjust.ts'
import { type Averaging, averageOf, effectiveCases, joinSums, sumsOf, type YearSums } from './average.ts'
import { borrow } from './borrow.ts'
import type { WeightConfig } from './config.ts'
import { buhlmannStraub, type Credibility } from './credibility.ts'
import { findInversions, type Inversion, repairInversions, severityPairs } from './inversion.ts'
import { benchmarkMissing } from './refusal.ts'
import { type Statistics, variationOf } from './statistics.ts'
import type { WeightTable } from './table.ts'

/** Where the weight of a group comes from. */
export type WeightBasis = 'own' | 'shrunk' | 'parent' | 'placeholder' | 'lastYear' | 'severity' | 'none'

/** What calibration did. */
export interface Calibration {
  /** Factor λ on the weights that are neither placeholders nor locked; 1 without calibration. */
  readonly factor: Decimal
  /**
   * Σ n w / Σ n over the kept cases of groups with a weight, w as printed. Rounding moves it from 1 by at most half a
   * unit of the last printed decimal.
   */
  readonly meanWeight: Decimal
}

/** How the weight of a group came about, not rounded. */
export interface WeightSteps {
  /** Average cost of the kept cases / cost of weight 1; null without cases. */
  readonly own: Decimal | null
  /** The same of the whole ADRG. */
  readonly parent: Decimal | null
  /** Before repair, adjustment and calibration; null without a weight. */
  readonly first: Decimal | null
  /** z of the shrinkage, 1 where nothing was shrunk. */
  readonly credibility: Decimal
  /** Number of cases that the weight rests on; with factors of years Σ a·n. */
  readonly cases: Decimal
  /** Moved by the repair of inversions. */
  readonly pooled: boolean
  /** Product of the factors of policy adjustments. */
  readonly adjustment: Decimal
  /** Left alone by calibration. */
  readonly locked: boolean
}

export interface RelativeWeights extends WeightTable {
  readonly basis: readonly WeightBasis[]
  readonly steps: readonly WeightSteps[]
  readonly calibration: Calibration
  /** Estimated credibility; absent where n0 was given. */
  readonly credibility?: Credibility
  /** Inversions before the repair, if one was asked for, and those of the printed weights. */
  readonly inversions: { readonly found: readonly Inversion[]; readonly left: readonly Inversion[] }
  readonly adjustments: readonly Adjusted[]
  /** Groups that the repair gave one weight. */
  readonly blocks: readonly (readonly number[])[]
}

const ONE = new Decimal(1)
const ZERO = new Decimal(0)

/**
 * Relative weights by the mean-cost method (平均费用法): average cost of the group / average cost of all cases, after
 * trimming (医保发〔2025〕18号 Art. 15); or against a benchmark group or a fixed amount (医保办发〔2025〕2号 Art. 15). A group
 * with mean 20,000 in a region with mean 10,000 has weight 2.
 *
 * An unstable group takes `unstableMode`; z = n / (n + n0) with n its kept cases, and the parent's weight comes from
 * the kept cases of the whole ADRG. Groups without cases borrow. Then inversions are repaired, policy factors applied,
 * and every weight but placeholders and locked ones multiplied by the λ that makes the mean weight of the kept cases 1;
 * last comes rounding, half up.
 *
 * @param groups codes of the leaves
 * @param parents ADRG of each leaf
 * @param last weights of the year before, in the order of `groups`
 */
export function relativeWeights(
  groups: readonly string[],
  parents: readonly string[],
  statistics: Statistics,
  config: WeightConfig,
  last?: WeightTable,
): RelativeWeights {
  const kept = statistics.groups.map(one => sumsOf(one.cells, 'kept'))
  const factors = statistics.years.map(year => year.factor)
  const averaging: Averaging = { average: config.average, factors, reading: config.years.reading }
  const counted = config.denominator === 'keptCases' ? kept : statistics.groups.map(one => sumsOf(one.cells, 'all'))
  const region = joinSums(counted)
  const meanCostExact = averageOf(region, { ...averaging, average: 'arithmetic' }) ?? ZERO
  const unit = costOfOne(groups, kept, region, averaging, config)
  const byParent = Map.groupBy(groups.keys(), g => parents[g]!)
  const own = kept.map(sums => weightFrom(sums, averaging, unit))
  const parentWeight = new Map<string, Decimal | null>()
  for (const [parent, leaves] of byParent) {
    parentWeight.set(parent, weightFrom(joinSums(leaves.map(g => kept[g]!)), averaging, unit))
  }
  const cases = kept.map(sums => effectiveCases(sums, factors))
  const stable = statistics.groups.map(one => one.kept.n >= config.nMin && !variationOf(one.kept)?.gte(config.cvMax))
  const credibility =
    config.shrinkage.method === 'fixed' ? undefined : estimate(byParent, own, parentWeight, statistics, unit)
  const n0 = credibility === undefined ? config.shrinkN0 : finite(credibility.k)
  const complements = complementsOf(byParent, own, parentWeight, statistics, credibility)

  let weight: (Decimal | null)[] = []
  const basis: WeightBasis[] = []
  const z: Decimal[] = []
  for (let g = 0; g < groups.length; g++) {
    const parent = complements.get(parents[g]!) ?? null
    const first = firstWeight(own[g]!, parent, stable[g]!, statistics.groups[g]!.kept.n, n0, config)
    weight.push(first.weight)
    basis.push(first.weight === null ? 'none' : first.basis)
    z.push(first.z)
  }
  if (config.emptyGroups.length > 0) {
    const empty = [...groups.keys()].filter(g => statistics.groups[g]!.kept.n === 0)
    for (const { group, weight: found, basis: from } of borrow(
      empty,
      { groups, parents, own, cases, parentWeight, last },
      config,
    )) {
      weight[group] = found
      basis[group] = found === null ? 'none' : from
    }
  }
  const beginning = weight
  const isPlaceholder = (g: number): boolean => basis[g] === 'placeholder'
  const pairs = severityPairs(groups, parents, config.severityOrder)
  const found = findInversions(weight, pairs)
  const repair = config.inversions === 'pool' ? repairInversions(weight, cases, pairs, isPlaceholder) : undefined
  weight = repair?.weight ?? weight
  const moved = new Set(repair?.moved)

  const adjusted = adjust({ groups, parents, weight, isPlaceholder }, config)
  const fixed = (g: number): boolean => isPlaceholder(g) || adjusted.locked[g]!
  const factor = calibrationFactor({ before: weight, after: adjusted.weight, cases, fixed }, config)
  weight = adjusted.weight.map((one, g) => {
    if (one === null || isPlaceholder(g)) return one
    return (fixed(g) ? one : one.times(factor)).toDecimalPlaces(config.decimals, Decimal.ROUND_HALF_UP)
  })
  return {
    groups,
    weight,
    stable,
    basis,
    meanCost: meanCostExact.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber(),
    meanCostExact,
    steps: groups.map((_, g) => ({
      own: own[g]!,
      parent: parentWeight.get(parents[g]!) ?? null,
      first: beginning[g]!,
      credibility: z[g]!,
      cases: cases[g]!,
      pooled: moved.has(g),
      adjustment: adjusted.factor[g]!,
      locked: adjusted.locked[g]!,
    })),
    calibration: { factor, meanWeight: meanWeight(weight, cases) },
    ...(credibility === undefined ? {} : { credibility }),
    inversions: { found, left: findInversions(weight, pairs) },
    adjustments: adjusted.adjustments,
    blocks: repair?.blocks ?? [],
  }
}

/** Cost of weight 1 in fen, by the method. */
function costOfOne(
  groups: readonly string[],
  kept: readonly (readonly YearSums[])[],
  region: readonly YearSums[],
  averaging: Averaging,
  { method, benchmark, fixedAmount }: WeightConfig,
): Decimal {
  if (method === 'fixed') return fixedAmount.times(100)
  if (method === 'mean') return averageOf(region, averaging) ?? ONE
  const g = groups.indexOf(benchmark)
  const mean = g < 0 ? undefined : averageOf(kept[g]!, averaging)
  if (mean === undefined) throw benchmarkMissing(benchmark, g >= 0)
  return mean
}

function weightFrom(sums: readonly YearSums[], averaging: Averaging, unit: Decimal): Decimal | null {
  return averageOf(sums, averaging)?.div(unit) ?? null
}

/** Weight of a group before anything but its own ADRG is looked at. A group without cases has no placeholder. */
function firstWeight(
  own: Decimal | null,
  parent: Decimal | null,
  stable: boolean,
  n: number,
  n0: Decimal | null,
  { unstableMode, shrinkage }: WeightConfig,
): { readonly weight: Decimal | null; readonly basis: WeightBasis; readonly z: Decimal } {
  const shrinks = shrinkage.apply === 'all' || (!stable && unstableMode === 'shrunk')
  if (
    shrinks &&
    own !== null &&
    parent !== null &&
    (stable || unstableMode === 'shrunk' || unstableMode === 'ownWeight')
  ) {
    // Infinite n0: the data show no difference between the groups of an ADRG.
    const z = n0 === null ? ZERO : new Decimal(n).div(n0.plus(n))
    return { weight: z.times(own).plus(ONE.minus(z).times(parent)), basis: 'shrunk', z }
  }
  if (stable) return { weight: own, basis: 'own', z: ONE }
  switch (unstableMode) {
    case 'ownWeight':
      return { weight: own, basis: 'own', z: ONE }
    case 'noWeight':
      return { weight: null, basis: 'none', z: ONE }
    case 'placeholderOne':
      return { weight: own === null ? null : ONE, basis: 'placeholder', z: ONE }
    case 'parent':
    case 'shrunk':
      return { weight: parent, basis: 'parent', z: ZERO }
  }
}

/** Estimates how far groups of one ADRG differ, in units of its mean. */
function estimate(
  byParent: ReadonlyMap<string, readonly number[]>,
  own: readonly (Decimal | null)[],
  parentWeight: ReadonlyMap<string, Decimal | null>,
  statistics: Statistics,
  unit: Decimal,
): Credibility {
  const classes = [...byParent].map(([parent, leaves]) => {
    const mean = parentWeight.get(parent)
    if (mean == null) return []
    const fen = mean.times(unit)
    return leaves.flatMap(g => {
      const { n, sum, squares } = statistics.groups[g]!.kept
      if (n === 0) return []
      const about = new Decimal((squares * BigInt(n) - BigInt(sum) ** 2n).toString()).div(n)
      const within = about.div(fen).div(fen).toNumber()
      return [{ cases: n, mean: own[g]!.div(mean).toNumber(), within, freedom: n - 1 }]
    })
  })
  return buhlmannStraub(classes)
}

/** What groups are shrunk towards: the ADRG, under Bühlmann–Straub the mean of its groups weighted by credibility. */
function complementsOf(
  byParent: ReadonlyMap<string, readonly number[]>,
  own: readonly (Decimal | null)[],
  parentWeight: ReadonlyMap<string, Decimal | null>,
  statistics: Statistics,
  credibility: Credibility | undefined,
): ReadonlyMap<string, Decimal | null> {
  if (credibility === undefined || credibility.between === 0) return parentWeight
  const complements = new Map<string, Decimal | null>()
  for (const [parent, leaves] of byParent) {
    let [above, below] = [ZERO, ZERO]
    for (const g of leaves) {
      const { n } = statistics.groups[g]!.kept
      if (n === 0) continue
      const z = new Decimal(n).div(new Decimal(n).plus(credibility.k))
      above = above.plus(z.times(own[g]!))
      below = below.plus(z)
    }
    complements.set(parent, below.isZero() ? null : above.div(below))
  }
  return complements
}

function finite(k: number): Decimal | null {
  return Number.isFinite(k) ? new Decimal(k) : null
}

function meanWeight(weight: readonly (Decimal | null)[], cases: readonly Decimal[]): Decimal {
  let [n, sum] = [ZERO, ZERO]
  for (const [g, w] of weight.entries()) {
    if (w === null) continue
    n = n.plus(cases[g]!)
    sum = sum.plus(w.times(cases[g]!))
  }
  return n.isZero() ? ZERO : sum.div(n)
}
