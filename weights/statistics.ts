import { Decimal, type Fen } from '../numbers/index.ts'
import type { TrimConfig } from './config.ts'
import { countCells, gatherCosts, mergeCosts, sortCells } from './kernel.ts'
import { quantile, squareSum, sum } from './moments.ts'
import type { Prepared, Screening, Year } from './prepare.ts'
import { trim, trimForWeight } from './trim.ts'

/** Number, sum and squares of a set of costs, exact. */
export interface Moments {
  readonly n: number
  /** Σc, fen. */
  readonly sum: Fen
  /** Σc², fen². */
  readonly squares: bigint
}

/** The costs of one group in one year, before and after trimming. */
export interface CellStatistics {
  readonly all: Moments
  readonly kept: Moments
  readonly logs: { readonly all: LogMoments; readonly kept: LogMoments }
  /** Kept costs: positions [from, to) in `SortedCosts.costs`. */
  readonly from: number
  readonly to: number
}

/** The costs of one group before and after trimming. */
export interface GroupStatistics {
  /** All screened cases. */
  readonly all: Moments
  /** Cases that trimming kept. */
  readonly kept: Moments
  readonly cutLow: number
  readonly cutHigh: number
  /** Passes of trimming that cut something. */
  readonly passes: number
  /** Lowest and highest cost kept, fen; a case with a cost in this range is kept. 0 and −1 in an empty group. */
  readonly lowest: Fen
  readonly highest: Fen
  /** Minimum, quartiles and maximum of all screened cases, fen; undefined in an empty group. */
  readonly range?: {
    readonly min: Fen
    readonly q1: Decimal
    readonly median: Decimal
    readonly q3: Decimal
    readonly max: Fen
  }
  /** Σ(ln c − mean ln c)² and Σ ln c, before and after. */
  readonly logs: { readonly all: LogMoments; readonly kept: LogMoments }
  /** The same by year, in the order of `Statistics.years`. */
  readonly cells: readonly CellStatistics[]
}

/** Sums of ln c, in floating point; they serve no money. */
export interface LogMoments {
  readonly sum: number
  readonly squares: number
}

/** Costs of the cases that take part, ascending within each cell (group × year); in shared memory. */
export interface SortedCosts {
  readonly groups: number
  readonly years: readonly Year[]
  /** Fen. */
  readonly costs: Float64Array
  /** Start of cell group × years + year, with the end of the last one. */
  readonly starts: Uint32Array
  /** ln of the costs, position by position. */
  readonly logs: Float64Array
  /** Moments of each cell before trimming. */
  readonly cells: readonly CellMoments[]
}

/** Moments of one cell, of costs and of their logarithms. */
interface CellMoments {
  readonly all: Moments
  readonly logs: LogMoments
}

export interface Statistics {
  readonly screening: Screening
  /** Years that are told apart; one nameless year otherwise. */
  readonly years: readonly Year[]
  /** By position in `GroupedCases.groups`. */
  readonly groups: readonly GroupStatistics[]
  readonly sorted: SortedCosts
}

/** Costs by cell before they are in order, in shared memory; `logs` has room for their logarithms. */
type CellCosts = Pick<SortedCosts, 'costs' | 'logs' | 'starts'>

/** Sorts the costs of prepared cases by group and year: linear, but for one sort inside each cell. */
export function sortCosts(prepared: Prepared): SortedCosts {
  const gathered = gatherCells(prepared)
  const { costs, logs, starts } = gathered
  sortCells(costs, logs, starts, 0, starts.length - 1)
  return describeCells(prepared, gathered)
}

/** The costs of prepared cases by group and year, in the order of the cases. */
export function gatherCells({ cases, reason, cost, year, years }: Prepared): CellCosts {
  const starts = new Uint32Array(cases.groups.length * years.length + 1)
  countCells(cases.group, year, years.length, reason, starts)
  const costs = new Float64Array(new SharedArrayBuffer(starts.at(-1)! * 8))
  gatherCosts(cases.group, year, years.length, reason, cost, starts.slice(), costs)
  return { costs, logs: new Float64Array(new SharedArrayBuffer(costs.byteLength)), starts }
}

/** Costs that `sortCells` put in order, with the moments of each cell. */
export function describeCells({ cases, years }: Prepared, { costs, logs, starts }: CellCosts): SortedCosts {
  const cells = Array.from({ length: starts.length - 1 }, (_, c) => ({
    all: momentsOf(costs.subarray(starts[c], starts[c + 1])),
    logs: logMomentsOf(logs.subarray(starts[c], starts[c + 1])),
  }))
  return { groups: cases.groups.length, years, costs, starts, logs, cells }
}

/** Statistics of each group. The order of the cases in the file changes nothing. */
export function describe(
  prepared: Prepared,
  config: TrimConfig,
  sorted: SortedCosts = sortCosts(prepared),
): Statistics {
  const banded = config.method === 'multiple' && config.multiple.bands.length > 0
  const mean = banded ? meanOf(total(sorted.cells.map(one => one.all))) : undefined
  const groups: GroupStatistics[] = []
  for (let g = 0; g < sorted.groups; g++) groups.push(describeGroup(sorted, g, config, mean))
  return { screening: prepared.screening, years: sorted.years, groups, sorted }
}

/** Costs kept in one cell or group: those from `low` to `high`. */
interface Bounds {
  readonly from: number
  readonly to: number
  readonly passes: number
}

function describeGroup(sorted: SortedCosts, g: number, config: TrimConfig, mean: Decimal | undefined): GroupStatistics {
  const { costs, starts, years } = sorted
  const cellCosts = years.map((_, t) =>
    costs.subarray(starts[g * years.length + t]!, starts[g * years.length + t + 1]!),
  )
  const merged = cellCosts.length === 1 ? cellCosts[0]! : mergedCells(sorted, g)
  const own = trimForWeight(config, merged, mean)
  let passes = 0
  let bounds: Bounds[]
  if (config.scope === 'groupYear') {
    bounds = cellCosts.map(one => trim(one, own))
    passes = Math.max(...bounds.map(one => one.passes))
  } else {
    const kept = trim(merged, own)
    passes = kept.passes
    const [low, high] = [merged[kept.from] ?? 0, merged[kept.to - 1] ?? -1]
    bounds = cellCosts.length === 1 ? [kept] : cellCosts.map(one => within(one, low, high))
  }
  const cells = cellCosts.map((_, t) => describeCell(sorted, g * years.length + t, bounds[t]!))
  const kept = total(cells.map(one => one.kept))
  const all = total(cells.map(one => one.all))
  const cutLow = bounds.reduce((sum, one) => sum + one.from, 0)
  const keptEnds = cells.filter(one => one.to > one.from).map(one => [costs[one.from]!, costs[one.to - 1]!] as const)
  const n = merged.length
  return {
    all,
    kept,
    cutLow,
    cutHigh: n - kept.n - cutLow,
    passes,
    lowest: keptEnds.length === 0 ? 0 : Math.min(...keptEnds.map(([low]) => low)),
    highest: keptEnds.length === 0 ? -1 : Math.max(...keptEnds.map(([, high]) => high)),
    ...(n === 0
      ? {}
      : {
          range: {
            min: merged[0]!,
            q1: quantile(merged, new Decimal('0.25')),
            median: quantile(merged, new Decimal('0.5')),
            q3: quantile(merged, new Decimal('0.75')),
            max: merged[n - 1]!,
          },
        }),
    logs: {
      all: joinLogs(cells.map(one => [one.all.n, one.logs.all])),
      kept: joinLogs(cells.map(one => [one.kept.n, one.logs.kept])),
    },
    cells,
  }
}

/** The costs of a group over all years, ascending. */
function mergedCells({ costs, starts, years }: SortedCosts, g: number): Float64Array {
  const bounds = starts.slice(g * years.length, (g + 1) * years.length + 1)
  const merged = new Float64Array(bounds.at(-1)! - bounds[0]!)
  mergeCosts(costs, bounds.slice(0, -1), bounds.subarray(1), merged)
  return merged
}

function within(costs: Float64Array, low: Fen, high: Fen): Bounds {
  let from = 0
  while (from < costs.length && costs[from]! < low) from++
  let to = costs.length
  while (to > from && costs[to - 1]! > high) to--
  return { from, to, passes: 0 }
}

function describeCell({ costs, logs, starts, cells }: SortedCosts, cell: number, { from, to }: Bounds): CellStatistics {
  const [start, end] = [starts[cell]!, starts[cell + 1]!]
  const { all, logs: allLogs } = cells[cell]!
  if (to - from === end - start) return { all, kept: all, logs: { all: allLogs, kept: allLogs }, from: start, to: end }
  // Sums are exact, so what is left when the cut costs are taken away is what adding the kept ones up would give.
  const cut = [costs.subarray(start, start + from), costs.subarray(start + to, end)].map(momentsOf)
  const kept = {
    n: to - from,
    sum: all.sum - cut[0]!.sum - cut[1]!.sum,
    squares: all.squares - cut[0]!.squares - cut[1]!.squares,
  }
  const keptLogs = logMomentsOf(logs.subarray(start + from, start + to))
  return { all, kept, logs: { all: allLogs, kept: keptLogs }, from: start + from, to: start + to }
}

function momentsOf(costs: Float64Array): Moments {
  return { n: costs.length, sum: sum(costs), squares: squareSum(costs) }
}

function logMomentsOf(logs: Float64Array): LogMoments {
  let total = 0
  for (const log of logs) total += log
  const mean = total / logs.length
  let squares = 0
  for (const log of logs) squares += (log - mean) ** 2
  return { sum: total, squares }
}

/** Log moments of several sets as one: squares about the common mean. */
function joinLogs(parts: readonly (readonly [n: number, logs: LogMoments])[]): LogMoments {
  if (parts.length === 1) return parts[0]![1]
  const filled = parts.filter(([n]) => n > 0)
  const n = filled.reduce((all, [one]) => all + one, 0)
  const sum = filled.reduce((all, [, logs]) => all + logs.sum, 0)
  const squares = filled.reduce((all, [size, logs]) => all + logs.squares + size * (logs.sum / size - sum / n) ** 2, 0)
  return { sum, squares }
}

/** Moments of several sets as one. */
export function total(moments: readonly Moments[]): Moments {
  if (moments.length === 1) return moments[0]!
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

/** Lowest and highest kept cost of each cell, fen; 0 and −1 in an empty one. */
export function keptRanges({ groups, sorted, years }: Statistics): {
  readonly low: Float64Array
  readonly high: Float64Array
} {
  const low = new Float64Array(groups.length * years.length)
  const high = new Float64Array(low.length).fill(-1)
  for (const [g, { cells }] of groups.entries()) {
    for (const [t, { from, to }] of cells.entries()) {
      if (to === from) continue
      low[g * years.length + t] = sorted.costs[from]!
      high[g * years.length + t] = sorted.costs[to - 1]!
    }
  }
  return { low, high }
}

/** Mean in fen; undefined without cases. */
export function meanOf({ n, sum }: Moments): Decimal | undefined {
  return n === 0 ? undefined : new Decimal(sum).div(n)
}

/** Standard deviation with n − 1, in fen; undefined below two cases. Σc² and Σc are exact, so nothing cancels. */
export function deviationOf({ n, sum, squares }: Moments): Decimal | undefined {
  if (n < 2) return undefined
  const numerator = BigInt(n) * squares - BigInt(sum) ** 2n
  return new Decimal(numerator.toString())
    .div(n)
    .div(n - 1)
    .sqrt()
}

/** Coefficient of variation (变异系数) SD / mean; undefined below two cases. */
export function variationOf(moments: Moments): Decimal | undefined {
  return deviationOf(moments)?.div(meanOf(moments)!)
}
