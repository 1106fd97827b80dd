import { Decimal } from '../numbers/index.ts'
import type { WeightInterval } from './bootstrap.ts'
import type { SchemeComparison } from './common.ts'
import type { WeightConfig } from './config.ts'
import { type Drift, weightsByYear } from './drift.ts'
import type { Indices } from './indices.ts'
import type { Inversion } from './inversion.ts'
import { type Quality, qualityWithin } from './quality.ts'
import { deviationOf, meanOf, variationOf } from './statistics.ts'
import type { Weighing } from './weigh.ts'

/** A weighing with everything that an actuary asks of it. */
export interface Workbench {
  readonly weighing: Weighing
  readonly indices: Indices
  /** By position of the group; absent without a bootstrap. */
  readonly intervals?: readonly (WeightInterval | null)[]
  readonly drift?: Drift
  readonly comparison?: SchemeComparison
}

/** What the groups of a scheme are called and where they belong. */
export interface GroupNames {
  /** '' where a group has no name. */
  readonly nameOf: (group: string) => string
  readonly mdcOf: (group: string) => string
}

/** One table of a workbench: cells are texts or numbers, ready for CSV and workbook. */
export interface WorkTable {
  /** Name of the file, without its ending. */
  readonly id: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** Fen as yuan. */
function yuan(fen: Decimal | number | null | undefined): number | '' {
  return fen == null ? '' : Number(new Decimal(fen).div(100).toFixed(2, Decimal.ROUND_HALF_UP))
}

function digits(value: Decimal | number | null | undefined, decimals: number): number | '' {
  return value == null ? '' : Number(new Decimal(value).toFixed(decimals, Decimal.ROUND_HALF_UP))
}

/** All tables that a workbench has besides weights, coefficients and quality. */
export function workTables(work: Workbench, config: WeightConfig, names: GroupNames): WorkTable[] {
  return [
    statisticsTable(work, config, names),
    inversionsTable(work, config, names),
    indicesTable(work),
    mdcTable(work, names),
    ...(work.drift === undefined ? [] : [driftTable(work, work.drift, config, names)]),
    ...(work.weighing.weights.adjustments.length === 0 ? [] : [adjustmentsTable(work, config)]),
    ...(work.weighing.prepared.structure === undefined ? [] : [structureTable(work)]),
    ...(work.comparison === undefined ? [] : [comparisonTable(work.comparison)]),
  ]
}

const STATISTICS = [
  'group', 'name', 'mdc', 'adrg', 'n', 'kept', 'cutLow', 'cutHigh', 'passes', 'lowestKept', 'highestKept',
  'meanBefore', 'cvBefore', 'mean', 'sd', 'cv', 'min', 'q1', 'median', 'q3', 'max', 'geometricMean',
  'ownWeight', 'adrgWeight', 'credibility', 'basis', 'pooled', 'adjustment', 'locked', 'weight', 'low', 'high', 'interval',
  'stable', 'deaths', 'risk', 'meanStay', 'drugWeight', 'consumableWeight',
] // biome-ignore format: columns

/** Everything that is known of each group: how its weight came about, and what else it is. */
function statisticsTable(work: Workbench, config: WeightConfig, { nameOf, mdcOf }: GroupNames): WorkTable {
  const { statistics, weights, prepared } = work.weighing
  const years = statistics.years.length > 1 ? weightsByYear(statistics, config) : undefined
  const rows = weights.groups.flatMap((group, g): (string | number)[][] => {
    const { all, kept, cutLow, cutHigh, passes, lowest, highest, range, logs, cells } = statistics.groups[g]!
    const [weight, step, index, interval] = [
      weights.weight[g]!,
      weights.steps[g]!,
      work.indices.groups[g]!,
      work.intervals?.[g],
    ]
    if (all.n === 0 && weight === null) return []
    return [[
      group, nameOf(group), mdcOf(group), prepared.cases.parents[g]!, all.n, kept.n, cutLow, cutHigh, passes,
      kept.n === 0 ? '' : yuan(lowest), kept.n === 0 ? '' : yuan(highest),
      yuan(meanOf(all)), digits(variationOf(all), 4), yuan(meanOf(kept)), yuan(deviationOf(kept)), digits(variationOf(kept), 4),
      yuan(range?.min), yuan(range?.q1), yuan(range?.median), yuan(range?.q3), yuan(range?.max),
      kept.n === 0 ? '' : yuan(Math.exp(logs.kept.sum / kept.n)),
      digits(step.own, 6), digits(step.parent, 6), digits(step.credibility, 4), weights.basis[g]!, String(step.pooled),
      digits(step.adjustment, 6), String(step.locked), digits(weight, config.decimals),
      digits(interval?.low, config.decimals), digits(interval?.high, config.decimals), interval?.method ?? '',
      String(weights.stable[g]!), index.deaths, index.risk, digits(index.meanStay, 2), digits(index.drugWeight, 4),
      digits(index.consumableWeight, 4),
      ...(years === undefined ? [] : cells.flatMap((cell, t) => [cell.kept.n, yuan(meanOf(cell.kept)), digits(years[g]![t], 4)])),
    ]] // biome-ignore format: columns
  })
  const byYear =
    years === undefined ? [] : statistics.years.flatMap(({ name }) => [`n${name}`, `mean${name}`, `weight${name}`])
  return { id: 'statistics', header: [...STATISTICS, ...byYear], rows }
}

function inversionsTable({ weighing }: Workbench, { decimals }: WeightConfig, { nameOf }: GroupNames): WorkTable {
  const { inversions, groups, weight, steps } = weighing.weights
  const row = (state: string, { heavier, lighter, excess }: Inversion): (string | number)[] => [
    state, groups[heavier]!, nameOf(groups[heavier]!), groups[lighter]!, nameOf(groups[lighter]!),
    digits(steps[heavier]!.first, decimals), digits(steps[lighter]!.first, decimals), digits(excess, decimals),
    digits(weight[heavier], decimals), digits(weight[lighter], decimals),
    digits(steps[heavier]!.cases, 2), digits(steps[lighter]!.cases, 2),
  ] // biome-ignore format: columns
  return {
    id: 'inversions',
    header: [
      'state', 'heavier', 'heavierName', 'lighter', 'lighterName', 'heavierBefore', 'lighterBefore', 'excess',
      'heavierWeight', 'lighterWeight', 'heavierCases', 'lighterCases',
    ], // biome-ignore format: columns
    rows: [...inversions.found.map(one => row('found', one)), ...inversions.left.map(one => row('left', one))],
  }
}

function indicesTable({ indices }: Workbench): WorkTable {
  return {
    id: 'indices',
    header: [
      'dimension', 'hospital', 'unit', 'cases', 'used', 'groups', 'weight', 'cost', 'cmi', 'costIndex', 'timeIndex',
      'costPerWeight', 'daysPerWeight', 'weightFrom2', 'deaths', 'lowRisk', 'lowRiskDeaths', 'drugShare', 'consumableShare',
    ], // biome-ignore format: columns
    rows: indices.units.map(one => [
      one.dimension, one.hospital, one.unit, one.cases, one.used, one.groups, digits(one.weight, 4), yuan(one.cost),
      digits(one.cmi, 4), digits(one.costIndex, 4), digits(one.timeIndex, 4), yuan(one.costPerWeight), digits(one.daysPerWeight, 2),
      one.heavy, one.deaths, one.lowRisk, one.lowRiskDeaths, digits(one.drugShare, 4), digits(one.consumableShare, 4),
    ]), // biome-ignore format: columns
  }
}

/** Quality within each MDC that has cases. */
export function qualityByMdc(
  { weighing: { statistics, weights } }: Workbench,
  mdcOf: GroupNames['mdcOf'],
): { readonly mdc: string; readonly cases: number; readonly before: Quality; readonly after: Quality }[] {
  const members = Map.groupBy(weights.groups.keys(), g => mdcOf(weights.groups[g]!))
  return [...members].flatMap(([mdc, groups]) => {
    const cases = groups.reduce((sum, g) => sum + statistics.groups[g]!.all.n, 0)
    return cases === 0 ? [] : [{ mdc, cases, ...qualityWithin(statistics.groups, weights, groups) }]
  })
}

function mdcTable(work: Workbench, { mdcOf }: GroupNames): WorkTable {
  const figures = (one: Quality): (string | number)[] => [
    one.groups, digits(one.riv, 4), digits(one.logRiv, 4), digits(one.rSquared, 4), digits(one.meanVariation, 4), digits(one.wideShare, 4),
  ] // biome-ignore format: columns
  const head = ['groups', 'riv', 'logRiv', 'rSquared', 'meanVariation', 'wideShare']
  return {
    id: 'mdc-quality',
    header: ['mdc', 'cases', ...head.map(name => `before.${name}`), ...head.map(name => `after.${name}`)],
    rows: qualityByMdc(work, mdcOf).map(one => [one.mdc, one.cases, ...figures(one.before), ...figures(one.after)]),
  }
}

function driftTable(
  { weighing }: Workbench,
  drift: Drift,
  { decimals }: WeightConfig,
  { nameOf }: GroupNames,
): WorkTable {
  const { groups, steps } = weighing.weights
  return {
    id: 'drift',
    header: ['group', 'name', 'cases', 'last', 'weight', 'change', 'effect', 'large'],
    rows: drift.groups.map(one => [
      groups[one.group]!,
      nameOf(groups[one.group]!),
      digits(steps[one.group]!.cases, 2),
      digits(one.last, decimals),
      digits(one.now, decimals),
      digits(one.change, 4),
      digits(one.effect, 2),
      String(one.large),
    ]),
  }
}

function adjustmentsTable({ weighing: { weights } }: Workbench, { decimals }: WeightConfig): WorkTable {
  return {
    id: 'adjustments',
    header: ['id', 'group', 'factor', 'weight'],
    rows: weights.adjustments.flatMap(one =>
      one.groups.map(g => [one.id, weights.groups[g]!, digits(one.factor, 6), digits(weights.weight[g], decimals)]),
    ),
  }
}

function structureTable({ weighing }: Workbench): WorkTable {
  return {
    id: 'cost-structure',
    header: ['bucket', 'charge', 'observed', 'target'],
    rows: weighing.prepared.structure!.buckets.map(one => [
      one.name,
      yuan(one.charge),
      digits(one.observed, 6),
      digits(one.target, 6),
    ]),
  }
}

/** Figures of two schemes side by side, before and after trimming. */
function comparisonTable({ a, b, common, onlyA, onlyB }: SchemeComparison): WorkTable {
  const figures = (['before', 'after'] as const).flatMap(when =>
    (Object.keys(a.quality[when]) as (keyof Quality)[]).map(name => [
      `${when}.${name}`,
      digits(a.quality[when][name], 4),
      digits(b.quality[when][name], 4),
    ]),
  )
  return {
    id: 'scheme-quality',
    header: ['figure', 'a', 'b'],
    rows: [['commonCases', common, common], ['onlyHere', onlyA, onlyB], ...figures],
  }
}
