import { Decimal } from '../numbers/index.ts'
import { type Averaging, averageOf, joinSums, sumsOf } from './average.ts'
import type { WeightConfig } from './config.ts'
import type { RelativeWeights } from './relative-weight.ts'
import type { Statistics } from './statistics.ts'
import type { WeightTable } from './table.ts'

/** One group in two years. */
export interface GroupDrift {
  /** Position in the list of groups. */
  readonly group: number
  readonly last: Decimal | null
  readonly now: Decimal | null
  /** now / last − 1; null where either is missing. */
  readonly change: Decimal | null
  /** n · (now − last), n cases of this year. */
  readonly effect: Decimal | null
  /** Moved by more than `driftMax`. */
  readonly large: boolean
}

export interface Drift {
  readonly groups: readonly GroupDrift[]
  readonly large: number
  /** Groups with a weight this year only, and last year only. */
  readonly appeared: number
  readonly vanished: number
  /** Σ n·now / Σ n·last over the groups with both, n cases of this year: what a new table alone does to the total. */
  readonly total: Decimal | null
}

/** Weights against last year's; `last` stands in the order of the same groups. */
export function weightDrift(
  weights: RelativeWeights,
  last: WeightTable,
  { driftMax }: Pick<WeightConfig, 'driftMax'>,
): Drift {
  let [now, before] = [new Decimal(0), new Decimal(0)]
  const groups = weights.groups.flatMap((_, group): GroupDrift[] => {
    const [new_, old] = [weights.weight[group]!, last.weight[group]!]
    if (new_ === null && old === null) return []
    if (new_ === null || old === null)
      return [{ group, last: old, now: new_, change: null, effect: null, large: false }]
    const { cases } = weights.steps[group]!
    now = now.plus(new_.times(cases))
    before = before.plus(old.times(cases))
    const change = new_.div(old).minus(1)
    return [
      { group, last: old, now: new_, change, effect: new_.minus(old).times(cases), large: change.abs().gt(driftMax) },
    ]
  })
  return {
    groups,
    large: groups.filter(one => one.large).length,
    appeared: groups.filter(one => one.last === null).length,
    vanished: groups.filter(one => one.now === null).length,
    total: before.isZero() ? null : now.div(before),
  }
}

/** Own weights of each year by itself: average of the group in the year / average of the year; by group, then year. */
export function weightsByYear(statistics: Statistics, config: WeightConfig): (Decimal | null)[][] {
  const averaging: Averaging = { average: config.average, factors: [new Decimal(1)], reading: 'weightedTotals' }
  const sums = statistics.groups.map(one => sumsOf(one.cells, 'kept'))
  const region = joinSums(sums)
  return sums.map(own =>
    statistics.years.map((_, t) => {
      const [mean, all] = [averageOf([own[t]!], averaging), averageOf([region[t]!], averaging)]
      return mean === undefined || all === undefined ? null : mean.div(all)
    }),
  )
}
