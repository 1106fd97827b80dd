import { csvText } from '../../files/index.ts'
import type { DipGroup } from '../../grouper/index.ts'
import { Decimal, formatPoints } from '../../numbers/index.ts'
import { meanOf } from '../statistics.ts'
import { countRows, groupableOf, type LocalBuild } from './build.ts'
import { NO_GROUP_NUMBER } from './build-match.ts'
import { resample, type Stability } from './stability.ts'

/** Where a case of a local catalogue ends. */
export type Destination = 'national' | 'local' | 'comprehensive' | 'none'

export const DESTINATIONS: readonly Destination[] = ['national', 'local', 'comprehensive', 'none']

/** One group of the built catalogue. */
export interface BuiltGroup {
  readonly group: DipGroup
  readonly kind: Exclude<Destination, 'none'>
  readonly cases: number
  readonly byYear: Uint32Array
  /** Mean cost of all its cases in fen, and its CV (population); null without cases, or below two. */
  readonly mean: Decimal | null
  readonly cv: Decimal | null
  /** CV above the limit of the configuration. */
  readonly isVaried: boolean
  /** Increase in percent that made a related operation a group of its own, or that a national row has here. */
  readonly increment: number | null
  /** A national row that stays although its related operations add less than the rule asks for. */
  readonly isCheap: boolean
  /** Share of resamples that keep it; NaN without resamples. */
  readonly stays: number
}

/** One row of the national catalogue, and where its cases went. */
export interface NationalRow {
  readonly group: DipGroup
  readonly status: 'kept' | 'dropped'
  /** Why it was dropped: too few cases, or its related operations add too little; '' if kept. */
  readonly reason: '' | 'threshold' | 'related'
  /** What its related operations add in percent; null where that was not judged. */
  readonly increment: number | null
  /** Cases under the national catalogue, and under the local one if kept. */
  readonly before: number
  readonly after: number
  /** The cases that it had, by where they are now. */
  readonly to: Readonly<Record<Destination, number>>
}

export interface CvBin {
  readonly from: number
  /** Exclusive; infinite in the last bin. */
  readonly to: number
  readonly groups: number
  readonly cases: number
}

/** Everything that a report tells about a built catalogue. */
export interface BuildFigures {
  readonly groups: readonly BuiltGroup[]
  readonly national: readonly NationalRow[]
  /** Groups and groupable cases by destination. */
  readonly coverage: Readonly<Record<Destination, { readonly groups: number; readonly cases: number }>>
  readonly cv: readonly CvBin[]
  /** Mean CV over core groups of two cases or more; null without any. */
  readonly meanCv: Decimal | null
  readonly stability: Stability
}

/** Bounds of the bins of CV; the draft looks at 0.5 and 1, and 0.7 makes a group a candidate for auxiliary types. */
const CV_BOUNDS: readonly number[] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

/** The figures of a built catalogue; computed from the cases, not from the tables of the build. */
export function figuresOf(build: LocalBuild): BuildFigures {
  const { catalogue, settled, config, threshold } = build
  const groupable = groupableOf(build.before)
  const counts = countRows(catalogue.groups.length, build.cases.profiles, build.after.group, groupable)
  const core = catalogue.groups.map(({ layer }, g) => (layer === 'ZH' ? 0 : counts[g]!))
  const stability = resample(core, threshold, config.stability)
  const groups = catalogue.groups.map((group, g): BuiltGroup => {
    const cv = settled.cv[g] ?? null
    return {
      group,
      kind: kindOf(group),
      cases: counts[g]!,
      byYear: settled.byYear[g]!,
      mean: meanOf(settled.weighing.statistics.groups[g]!.all) ?? null,
      cv,
      isVaried: cv?.gt(config.cv.max) ?? false,
      increment: build.increments.get(group.code) ?? build.nationalIncrements.get(group.code)?.percent ?? null,
      isCheap: build.nationalIncrements.get(group.code)?.passes === false,
      stays: group.layer === 'ZH' ? Number.NaN : stability.stays[g]!,
    }
  })
  const coreCv = groups.filter(one => one.kind !== 'comprehensive' && one.cv !== null)
  const sum = coreCv.reduce((all, { cv }) => all.plus(cv!), new Decimal(0))
  return {
    groups,
    national: nationalRows(build, groupable),
    coverage: coverageOf(groups, build.screening.groupable),
    cv: binsOf(groups),
    meanCv: coreCv.length === 0 ? null : sum.div(coreCv.length),
    stability,
  }
}

function kindOf({ layer, origin }: DipGroup): BuiltGroup['kind'] {
  if (layer === 'ZH') return 'comprehensive'
  return origin === 'local' ? 'local' : 'national'
}

function nationalRows(build: LocalBuild, groupable: Uint8Array): NationalRow[] {
  const { before, after, catalogue } = build
  const { profiles } = build.cases
  const { cases } = profiles
  const rows = build.national.groups.filter(({ layer }) => layer !== 'ZH')
  const kinds = catalogue.groups.map(group => DESTINATIONS.indexOf(kindOf(group)))
  const none = DESTINATIONS.indexOf('none')
  const table = new Uint32Array(rows.length * DESTINATIONS.length)
  for (let i = 0; i < groupable.length; i++) {
    const from = before.group[i]!
    if (groupable[i] !== 1 || from === NO_GROUP_NUMBER) continue
    const to = after.group[i]!
    table[from * DESTINATIONS.length + (to === NO_GROUP_NUMBER ? none : kinds[to]!)]! += cases[i]!
  }
  const counts = countRows(rows.length, profiles, before.group, groupable)
  const left = countRows(catalogue.groups.length, profiles, after.group, groupable)
  const place = new Map(catalogue.groups.map(({ code }, g) => [code, g]))
  return rows.map((group, g): NationalRow => {
    const at = place.get(group.code)
    const related = build.nationalIncrements.get(group.code)
    const to = Object.fromEntries(DESTINATIONS.map((name, d) => [name, table[g * DESTINATIONS.length + d]!]))
    return {
      group,
      status: at === undefined ? 'dropped' : 'kept',
      reason: at !== undefined ? '' : related?.passes === false ? 'related' : 'threshold',
      increment: related?.percent ?? null,
      before: counts[g]!,
      after: at === undefined ? 0 : left[at]!,
      to: to as Record<Destination, number>,
    }
  })
}

function coverageOf(groups: readonly BuiltGroup[], groupable: number): BuildFigures['coverage'] {
  const of = (kind: Destination): { groups: number; cases: number } => {
    const members = groups.filter(one => one.kind === kind)
    return { groups: members.length, cases: members.reduce((all, one) => all + one.cases, 0) }
  }
  const [national, local, comprehensive] = [of('national'), of('local'), of('comprehensive')]
  const grouped = national.cases + local.cases + comprehensive.cases
  return { national, local, comprehensive, none: { groups: 0, cases: groupable - grouped } }
}

function binsOf(groups: readonly BuiltGroup[]): CvBin[] {
  return CV_BOUNDS.map((from, k) => {
    const to = CV_BOUNDS[k + 1] ?? Number.POSITIVE_INFINITY
    const inside = groups.filter(({ cv }) => cv?.gte(from) === true && (to === Number.POSITIVE_INFINITY || cv.lt(to)))
    return { from, to, groups: inside.length, cases: inside.reduce((all, one) => all + one.cases, 0) }
  })
}

/** The groups of a built catalogue as a table; means in yuan. */
export function builtGroupsCsv({ groups }: BuildFigures, years: readonly string[]): string {
  const header = [
    'code', 'layer', 'origin', 'name', 'dx', 'main', 'related', 'cases', ...years, 'mean', 'cv', 'score', 'meanDays',
    'increment', 'stays', 'flag',
  ] // biome-ignore format: one list
  const rows = groups.map(({ group, cases, byYear, mean, cv, increment, stays, isVaried, isCheap }) => [
    group.code,
    group.layer,
    group.origin,
    group.name,
    group.dx.join('|'),
    group.main.join('|'),
    group.related.map(factor => factor.join('|')).join('+'),
    cases,
    ...byYear,
    mean?.div(100).toFixed(2) ?? '',
    cv?.toFixed(4) ?? '',
    group.figures.score === undefined ? '' : formatPoints(group.figures.score),
    group.figures.meanDays ?? '',
    increment?.toFixed(2) ?? '',
    Number.isNaN(stays) ? '' : stays.toFixed(3),
    [isVaried ? 'cv' : '', isCheap ? 'related' : ''].filter(flag => flag !== '').join('|'),
  ])
  return csvText(header, rows)
}

/** The national rows as a table: kept or dropped, and where their cases went. */
export function comparisonCsv({ national }: BuildFigures): string {
  const rows = national.map(({ group, status, reason, increment, before, after, to }) => [
    group.code,
    group.layer,
    group.name,
    group.dx.join('|'),
    group.main.join('|'),
    group.related.map(factor => factor.join('|')).join('+'),
    status,
    reason,
    increment?.toFixed(2) ?? '',
    before,
    after,
    ...DESTINATIONS.map(name => to[name]),
  ])
  const header = [
    'code', 'layer', 'name', 'dx', 'main', 'related', 'status', 'reason', 'increment', 'before', 'after',
    ...DESTINATIONS,
  ] // biome-ignore format: one list
  return csvText(header, rows)
}
