import { createCatalogue, type DipCatalogue } from '../../grouper/index.ts'
import type { Text } from '../../messages/index.ts'
import { Decimal, roundFen, roundPoints } from '../../numbers/index.ts'
import type { WeightConfig } from '../config.ts'
import { type GroupedCases, NO_LABEL } from '../grouped.ts'
import { type Moments, meanOf } from '../statistics.ts'
import { type Weighing, weigh } from '../weigh.ts'
import type { BuildCases, CaseSource } from './build-cases.ts'
import { type Matched, matchCases, NO_GROUP_NUMBER } from './build-match.ts'

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
export function settleScores(
  catalogue: DipCatalogue,
  source: CaseSource,
  cases: BuildCases,
  config: WeightConfig,
): { catalogue: DipCatalogue; after: Matched; settled: Settled; notices: Text[] } {
  let scored = catalogue
  let after = matchCases(scored, source, cases)
  for (let passes = 1; ; passes++) {
    const weighing = weigh(groupedCases(scored, cases, after), [], config)
    const next = withScores(scored, cases, after, weighing, config)
    // Without ties no case depends on a score.
    const isSettled = after.ties === 0 || !tiesByScore(next) || sameScores(scored, next)
    const settled = { weighing, byYear: casesByYear(scored, cases, after), cv: variations(weighing), passes }
    if (isSettled || passes === MOST_PASSES) {
      return { catalogue: next, after, settled, notices: isSettled ? [] : [unsettled(passes)] }
    }
    scored = next
    after = matchCases(scored, source, cases)
  }
}

/** The cases as weights take them: one month a year, no hospitals, and a row for those in no group. */
function groupedCases(
  { groups }: DipCatalogue,
  { columns, count, years, used }: BuildCases,
  { group }: Matched,
): GroupedCases {
  const codes = [...groups.map(({ code }) => code), UNGROUPED]
  const last = groups.length
  const empty = (): Uint16Array => new Uint16Array(count)
  return {
    count,
    groups: codes,
    parents: codes,
    hospitals: [],
    insurances: [],
    months: years.map(year => `${year}-12`),
    group: group.map(g => (g === NO_GROUP_NUMBER ? last : g)),
    // A case that takes no part is like an invalid one.
    status: used.map(one => (one === 1 ? 0 : 3)),
    hospital: empty().fill(NO_LABEL),
    insurance: empty().fill(NO_LABEL),
    month: columns.month,
    los: columns.los,
    dischargeWay: new Uint8Array(count),
    cost: columns.cost,
    fund: new Float64Array(count),
    patient: new Float64Array(count),
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
  const { los } = cases.columns
  for (let i = 0; i < cases.count; i++) {
    const g = group[i]!
    if (cases.used[i] !== 1 || g === NO_GROUP_NUMBER || los[i] === 65_535) continue
    days[g]! += los[i]!
    stays[g]!++
  }
  return { days, stays }
}

function casesByYear(
  { groups }: DipCatalogue,
  { columns, count, years, used }: BuildCases,
  matched: Matched,
): Uint32Array[] {
  const byYear = Array.from({ length: groups.length + 1 }, () => new Uint32Array(years.length))
  for (let i = 0; i < count; i++) {
    if (used[i] !== 1) continue
    const g = matched.group[i]!
    byYear[g === NO_GROUP_NUMBER ? groups.length : g]![columns.month[i]!]!++
  }
  return byYear
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
