import { createCatalogue, type DipCatalogue } from '../../grouper/index.ts'
import type { Text } from '../../messages/index.ts'
import { Decimal, roundFen, roundPoints } from '../../numbers/index.ts'
import type { WeightConfig } from '../config.ts'
import { type GroupedCases, NO_LABEL } from '../grouped.ts'
import { sortCells } from '../kernel.ts'
import { prepare } from '../prepare.ts'
import { describeCells, gatherCells, type Moments, meanOf } from '../statistics.ts'
import { type Weighing, weigh } from '../weigh.ts'
import type { BuildCases } from './build-cases.ts'
import { type Matched, matchProfiles, NO_GROUP_NUMBER } from './build-match.ts'
import type { BuildThreads } from './build-threads.ts'

/** Code of the row for cases in no group, which count in the mean of all discharges. */
export const UNGROUPED = '0000'

/** Scores of a catalogue and the figures behind them, by position of the group; the row of no group stands last. */
export interface Settled {
  readonly weighing: Weighing
  /** Cases by year, one array a group. */
  readonly byYear: readonly Uint32Array[]
  /** Population CV of all cases of a group, 40 digits; null below two cases. */
  readonly cv: readonly (Decimal | null)[]
  /** Passes until grouping and scores agreed. */
  readonly passes: number
}

/** A tie that scores decide can move cases, which moves scores; a few passes settle it. */
const MOST_PASSES = 4

/**
 * Groups the cases under the catalogue, hands them to `weigh`, and writes the scores into the catalogue, until both
 * agree: the scores decide ties.
 */
export async function settleScores(
  catalogue: DipCatalogue,
  cases: BuildCases,
  config: WeightConfig,
  threads: BuildThreads | undefined,
): Promise<{ catalogue: DipCatalogue; after: Matched; settled: Settled; notices: Text[] }> {
  let scored = catalogue
  let { hasTies, ...after } = matchProfiles(scored, cases.profiles)
  for (let passes = 1; ; passes++) {
    const weighing = await weighCases(scored, cases, after, config, threads)
    const next = withScores(scored, cases, after, weighing, config)
    const settled = { weighing, byYear: casesByYear(scored, cases, after), cv: variations(weighing) }
    // Without ties no case depends on a score.
    if (!hasTies || !tiesByScore(next) || sameScores(scored, next)) {
      return { catalogue: next, after, settled: { ...settled, passes }, notices: [] }
    }
    scored = next
    const again = matchProfiles(scored, cases.profiles)
    // The same groups would give the same scores.
    if (again.group.every((g, k) => g === after.group[k])) {
      return { catalogue: next, after, settled: { ...settled, passes: passes + 1 }, notices: [] }
    }
    if (passes === MOST_PASSES) {
      return { catalogue: next, after, settled: { ...settled, passes }, notices: [unsettled(passes)] }
    }
    after = again
    hasTies = again.hasTies
  }
}

async function weighCases(
  catalogue: DipCatalogue,
  cases: BuildCases,
  matched: Matched,
  config: WeightConfig,
  threads: BuildThreads | undefined,
): Promise<Weighing> {
  const grouped = groupedCases(catalogue, cases, matched)
  const prepared = prepare(grouped, config)
  const sorted = gatherCells(prepared)
  const parts = partsOf(sorted.starts, threads?.count ?? 1)
  if (threads === undefined)
    for (const [first, last] of parts) sortCells(sorted.costs, sorted.logs, sorted.starts, first, last)
  else await Promise.all(parts.map(([first, last]) => threads.sort({ kind: 'sort', ...sorted, first, last })))
  return weigh(grouped, [], config, { ready: { prepared, sorted: describeCells(prepared, sorted) } })
}

/** The cells in so many runs with about as many costs each. */
function partsOf(starts: Uint32Array, count: number): [number, number][] {
  const cells = starts.length - 1
  const bounds = Array.from({ length: count }, (_, part) => {
    const wanted = (starts[cells]! * part) / count
    return part === 0 ? 0 : starts.findIndex(start => start >= wanted)
  })
  return bounds.map((first, part) => [first, bounds[part + 1] ?? cells])
}

/** The cases as weights take them: one month a year, no hospitals, and a row for those in no group. */
function groupedCases(
  { groups }: DipCatalogue,
  { columns, count, years, used }: BuildCases,
  { group }: Matched,
): GroupedCases {
  const codes = [...groups.map(({ code }) => code), UNGROUPED]
  const last = groups.length
  const none = new Uint16Array(count).fill(NO_LABEL)
  const place = group.map(g => (g === NO_GROUP_NUMBER ? last : g))
  const groupOf = new Uint16Array(count)
  for (let i = 0; i < count; i++) groupOf[i] = place[columns.profile[i]!]!
  return {
    count,
    groups: codes,
    parents: codes,
    hospitals: [],
    insurances: [],
    months: years.map(year => `${year}-12`),
    group: groupOf,
    // A case that takes no part is like an invalid one.
    status: used.map(one => (one === 1 ? 0 : 3)),
    hospital: none,
    insurance: none,
    month: columns.month,
    los: columns.los,
    cost: columns.cost,
    // Weights look at none of these, and ten million of each are no small thing.
    dischargeWay: new Uint8Array(0),
    fund: new Float64Array(0),
    patient: new Float64Array(0),
  } as GroupedCases
}

/** Scores, mean costs and mean days in the groups, from their weights: score = weight × scale. */
function withScores(
  catalogue: DipCatalogue,
  cases: BuildCases,
  matched: Matched,
  { weights }: Weighing,
  { scale }: WeightConfig,
): DipCatalogue {
  const { days, stays } = sumDays(catalogue.groups.length, cases, matched)
  const groups = catalogue.groups.map((group, g) => {
    const weight = weights.weight[g]
    const { score: _, meanCost: __, meanDays: ___, ...rest } = group.figures
    const figures = {
      ...rest,
      ...(weight == null
        ? {}
        : { score: roundPoints(weight.times(scale)), meanCost: roundFen(weight.times(weights.meanCostExact)) }),
      ...(stays[g]! > 0 ? { meanDays: new Decimal(days[g]!).div(stays[g]!).toFixed(2) } : {}),
    }
    return { ...group, figures }
  })
  const { diagnoses, procedures } = catalogue
  return { ...createCatalogue(catalogue.manifest, groups, catalogue.lists), diagnoses, procedures }
}

function sumDays(groups: number, cases: BuildCases, { group }: Matched): { days: Float64Array; stays: Uint32Array } {
  const days = new Float64Array(groups)
  const stays = new Uint32Array(groups)
  const { los, profile } = cases.columns
  for (let i = 0; i < cases.count; i++) {
    const g = group[profile[i]!]!
    if (cases.used[i] !== 1 || g === NO_GROUP_NUMBER || los[i] === 65_535) continue
    days[g]! += los[i]!
    stays[g]!++
  }
  return { days, stays }
}

function casesByYear(
  { groups }: DipCatalogue,
  { columns, count, years, used }: BuildCases,
  { group }: Matched,
): Uint32Array[] {
  const width = years.length
  const table = new Uint32Array((groups.length + 1) * width)
  for (let i = 0; i < count; i++) {
    if (used[i] !== 1) continue
    const g = group[columns.profile[i]!]!
    table[(g === NO_GROUP_NUMBER ? groups.length : g) * width + columns.month[i]!]!++
  }
  return Array.from({ length: groups.length + 1 }, (_, g) => table.subarray(g * width, (g + 1) * width))
}

function variations({ statistics }: Weighing): (Decimal | null)[] {
  return statistics.groups.map(({ all }) => populationVariation(all))
}

/** CV = SD / mean with the SD of the whole population (the draft does not say which); null below two cases. */
export function populationVariation(moments: Moments): Decimal | null {
  const { n, sum, squares } = moments
  if (n < 2) return null
  const numerator = BigInt(n) * squares - BigInt(sum) ** 2n
  return new Decimal(numerator.toString()).sqrt().div(n).div(meanOf(moments)!)
}

function sameScores(a: DipCatalogue, b: DipCatalogue): boolean {
  return a.groups.every(({ figures }, g) => figures.score === b.groups[g]!.figures.score)
}

function tiesByScore({ manifest }: DipCatalogue): boolean {
  return manifest.matching.tieRule.some(step => step === 'highest-score' || step === 'closest-cost')
}

function unsettled(passes: number): Text {
  return {
    zh: `经过 ${passes} 轮，按分值裁定的并列病例仍在变动；请改用其他并列规则`,
    en: `After ${passes} passes cases still move between tied groups with their scores; use another tie rule`,
  }
}
