import type { GroupSums } from './cells.ts'
import type { Refresh } from './config.ts'

/**
 * Relative weights of some years: mean cost of a group over the mean cost of all cases, totals of the years weighted by
 * `years`, oldest first (§1.1, weightedTotals). NaN for a group without cases.
 */
export function relativeWeights(sums: readonly GroupSums[], years: readonly number[]): Float64Array {
  const groups = sums[0]!.cases.length
  const total = (key: keyof GroupSums): Float64Array =>
    Float64Array.from({ length: groups }, (_, g) => sums.reduce((all, one, y) => all + years[y]! * one[key][g]!, 0))
  const [cases, cost] = [total('cases'), total('cost')]
  const sum = (column: Float64Array): number => column.reduce((all, value) => all + value, 0)
  const mean = sum(cost) / sum(cases)
  return cost.map((value, g) => value / cases[g]! / mean)
}

/** The year whose update of weights holds in year t: the last multiple of `every`; with `every: 0` the start. */
export function updateOf(t: number, { every }: Refresh): number {
  return every === 0 ? 0 : Math.floor(t / every) * every
}

/** The years, counted from the start, that enter the weights of an update: t − lag − (n − 1) … t − lag. */
export function windowOf(t: number, { lag, years }: Refresh): readonly number[] {
  return years.map((_, i) => t - lag - (years.length - 1) + i)
}

/** By how much weights moved: those of the later window over those of the first; 1 where a group has no cases. */
export function weightIndex(first: Float64Array, later: Float64Array): Float64Array {
  return later.map((value, g) => {
    const index = value / first[g]!
    return Number.isFinite(index) && index > 0 ? index : 1
  })
}
