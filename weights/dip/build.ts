import type { DipCatalogue, DipGroup, DipLayer } from '../../grouper/index.ts'
import { Fault, type Text } from '../../messages/index.ts'
import type { WeightConfig } from '../config.ts'
import { type BuildCases, collectCases } from './build-cases.ts'
import type { BuildConfig } from './build-config.ts'
import { clusterCounts, formLocal, unmatched } from './build-form.ts'
import { type JudgedCategory, planKeys } from './build-keys.ts'
import { type Matched, matchAgain, matchProfiles, NO_GROUP_NUMBER } from './build-match.ts'
import { type NationalIncrement, nationalIncrements } from './build-related.ts'
import { type Settled, settleScores } from './build-scores.ts'
import type { CaseSource } from './build-source.ts'
import { type BuildThreads, withBuildThreads } from './build-threads.ts'
import type { Profiles } from './profiles.ts'
import { caseThreshold } from './threshold.ts'

export interface BuildOptions {
  /** Id and name of the catalogue that is built. */
  readonly id: string
  readonly name: Text
  /** Years that count, ascending; empty: the last three of the cases. */
  readonly years: readonly string[]
  readonly config: BuildConfig
  readonly weights: WeightConfig
  /** Threads that read and sort; default 1, which makes none. Results do not depend on it. */
  readonly threads?: number
}

/** How many cases there are, and why some take no part. */
export interface BuildScreening {
  readonly cases: number
  readonly outsideYears: number
  readonly withoutCost: number
  /** Principal diagnosis missing or unknown. */
  readonly invalid: number
  /** Principal diagnosis on the exclusion list. */
  readonly excluded: number
  /** The cases that groups are formed from. */
  readonly groupable: number
}

/** A local catalogue with everything that its report tells. */
export interface LocalBuild {
  readonly national: DipCatalogue
  readonly catalogue: DipCatalogue
  readonly config: BuildConfig
  readonly cases: BuildCases
  readonly screening: BuildScreening
  /** Fewest cases of a core group. */
  readonly threshold: number
  /** Match of the national catalogue, and of the local one as written. */
  readonly before: Matched
  readonly after: Matched
  readonly settled: Settled
  /** Increase in percent of local groups with a related operation, by code. */
  readonly increments: ReadonlyMap<string, number>
  /** The same of national rows, those included that were given up for it. */
  readonly nationalIncrements: ReadonlyMap<string, NationalIncrement>
  /** Categories, and whether their subcategories became one key. */
  readonly keys: readonly JudgedCategory[]
  readonly notices: readonly Text[]
}

/** Layers in the order in which rows are given up, and within them the rows that ask for most first. */
const CORE: readonly DipLayer[] = ['XQ', 'BX', 'FZ', 'JC']

/**
 * Forms a local catalogue (本地病种目录) from the cases of some years and a national one: national rows that reach the
 * threshold stay, the cases of the others take what rows are left or form clusters by diagnosis (four characters, or three
 * where they are alike), main and, where it earns it, related operation; what is left forms comprehensive groups.
 * Deterministic: the same cases give the same bytes, in whatever order they come.
 */
export async function buildCatalogue(
  national: DipCatalogue,
  source: CaseSource,
  options: BuildOptions,
): Promise<LocalBuild> {
  return withBuildThreads(options.threads ?? 1, threads => build(national, source, options, threads))
}

async function build(
  national: DipCatalogue,
  source: CaseSource,
  options: BuildOptions,
  threads: BuildThreads | undefined,
): Promise<LocalBuild> {
  const { config } = options
  const base = withShare(nationalOnly(national), config)
  const cases = await collectCases(base, source, options.years, threads)
  const { profiles, years } = cases
  const before = matchProfiles(base, profiles)
  const screening = screen(cases, before)
  if (screening.groupable === 0) throw nothingToGroup(source, cases.count)
  const groupable = groupableOf(before)

  const threshold = thresholdOf(base, profiles, before, groupable, config)
  const { kept, group, nationalIncrements } = dropRows(base, profiles, { before, groupable, threshold }, config)
  const priced = config.related.ofBill === 0 ? kept : withRelatedCosts(kept, nationalIncrements)
  const local = formLocal(priced, profiles, { group }, groupable, threshold, config, { ...options, years })
  const trimmed = await dropVaried(local.catalogue, cases, config, options, threads)
  return {
    national,
    ...trimmed,
    config,
    cases,
    screening,
    threshold,
    before,
    increments: local.increments,
    nationalIncrements,
    keys: local.keys,
    notices: [...local.notices, ...trimmed.notices],
  }
}

/** The national catalogue as groups are formed from it: core layers, no comprehensive ones. */
function nationalOnly(national: DipCatalogue): DipCatalogue {
  const { blankGroup: _, ...matching } = national.manifest.matching
  const manifest = { ...national.manifest, matching: { ...matching, comprehensive: 'none' as const } }
  return { ...national, manifest, groups: national.groups.filter(group => group.layer !== 'ZH') }
}

/** The rule of a region that related operations make up a share of each bill; rows whose cost is not known stay as they are. */
function withShare(catalogue: DipCatalogue, { related: { ofBill } }: BuildConfig): DipCatalogue {
  if (ofBill === 0) return catalogue
  const { manifest } = catalogue
  return { ...catalogue, manifest: { ...manifest, matching: { ...manifest.matching, relatedShare: ofBill } } }
}

/** National rows with the cost of their related operations as the region's cases have it, where a table does not tell it. */
function withRelatedCosts(catalogue: DipCatalogue, found: ReadonlyMap<string, NationalIncrement>): DipCatalogue {
  const groups = catalogue.groups.map(group => {
    const cost = found.get(group.code)?.cost
    if (cost === undefined || group.figures.relatedCost !== undefined) return group
    return { ...group, figures: { ...group.figures, relatedCost: cost } }
  })
  return { ...catalogue, groups }
}

function screen({ profiles, ...cases }: BuildCases, { state }: Matched): BuildScreening {
  const counts = [0, 0, 0]
  for (let k = 0; k < profiles.count; k++) counts[state[k]!]! += profiles.cases[k]!
  const { count, withoutCost, outsideYears } = cases
  const [groupable, invalid, excluded] = counts as [number, number, number]
  return { cases: count, outsideYears, withoutCost, invalid, excluded, groupable }
}

/** 1 for profiles whose principal diagnosis is neither unknown nor excluded. */
export function groupableOf({ state }: Matched): Uint8Array {
  return state.map(one => (one === 0 ? 1 : 0))
}

/** Cases of each row of a catalogue. */
export function countRows(groups: number, { cases }: Profiles, group: Uint16Array, wanted: Uint8Array): Uint32Array {
  const counts = new Uint32Array(groups)
  for (let k = 0; k < wanted.length; k++) {
    const g = group[k]!
    if (wanted[k] === 1 && g !== NO_GROUP_NUMBER) counts[g]! += cases[k]!
  }
  return counts
}

function thresholdOf(
  base: DipCatalogue,
  profiles: Profiles,
  before: Matched,
  groupable: Uint8Array,
  { threshold, keys }: BuildConfig,
): number {
  if (threshold.kind === 'fixed') return threshold.cases
  const rows = countRows(base.groups.length, profiles, before.group, groupable)
  const left = unmatched(before, groupable)
  const clusters = clusterCounts(base, profiles, left, planKeys(base, profiles, left, keys))
  let total = 0
  for (let k = 0; k < groupable.length; k++) if (groupable[k] === 1) total += profiles.cases[k]!
  return caseThreshold(
    [...rows, ...clusters.counts].filter(count => count > 0),
    total,
    threshold,
  )
}

interface Rows {
  readonly kept: DipCatalogue
  /** Row of each profile. */
  readonly group: Uint16Array
}

/**
 * Takes out the rows below the threshold, layer by layer and the most demanding rows first, so that their cases can lift
 * the rows that take them next; and behind the rows of 并项 with related operations those that the rule for them fails.
 */
function dropRows(
  base: DipCatalogue,
  profiles: Profiles,
  { before, groupable, threshold }: { before: Matched; groupable: Uint8Array; threshold: number },
  config: BuildConfig,
): Rows & Pick<LocalBuild, 'nationalIncrements'> {
  let rows: Rows = { kept: base, group: before.group }
  let nationalIncrements: ReadonlyMap<string, NationalIncrement> = new Map()
  for (const layer of CORE) {
    for (const step of [0, 1, 2]) {
      const counts = countRows(rows.kept.groups.length, profiles, rows.group, groupable)
      const isBelow = (group: DipGroup, g: number): boolean =>
        group.layer === layer && demandOf(group) === step && counts[g]! < threshold
      rows = withoutRows(rows, profiles, isBelow)
      if (layer !== 'BX' || step !== 0) continue
      const related = withoutCheapRelated(rows, profiles, groupable, config)
      rows = related
      nationalIncrements = related.nationalIncrements
    }
  }
  return { ...rows, nationalIncrements }
}

/** Takes out national rows whose related operations add too little, until none is left; a dropped row keeps its figure. */
function withoutCheapRelated(
  given: Rows,
  profiles: Profiles,
  groupable: Uint8Array,
  { related }: BuildConfig,
): Rows & Pick<LocalBuild, 'nationalIncrements'> {
  const all = new Map<string, NationalIncrement>()
  let rows = given
  for (;;) {
    const found = nationalIncrements(rows.kept, profiles, rows, groupable, related)
    for (const [code, one] of found) all.set(code, one)
    const fails = [...found.values()].some(({ passes }) => !passes)
    if (!fails || related.national === 'flag') return { ...rows, nationalIncrements: all }
    rows = withoutRows(rows, profiles, ({ code }) => found.get(code)?.passes === false)
  }
}

/** The catalogue without some rows, and the profiles that those rows had matched again. */
function withoutRows(
  { kept, group }: Rows,
  profiles: Profiles,
  isDropped: (group: DipGroup, g: number) => boolean,
): Rows {
  const dropped = kept.groups.map(isDropped)
  if (!dropped.includes(true)) return { kept, group }
  const next = { ...kept, groups: kept.groups.filter((_, g) => !dropped[g]) }
  const numbers = Uint16Array.from(renumbered(dropped))
  const picks: number[] = []
  const moved = group.map((g, k) => {
    if (g === NO_GROUP_NUMBER) return g
    if (dropped[g]!) picks.push(k)
    return numbers[g]!
  })
  if (picks.length > 0) matchAgain(next, profiles, Uint32Array.from(picks), moved)
  return { kept: next, group: moved }
}

/**
 * Order in which rows of a layer are given up: where a case of one can fall to another, that with related operations before
 * that with a main one, and in 诊断辅助细分 that before the one without operation.
 */
function demandOf({ layer, main, related }: DipGroup): number {
  if (related.length > 0) return 0
  return layer === 'FZ' && main.length === 0 ? 2 : 1
}

/** New position of every row once those that are marked are gone. */
function renumbered(gone: readonly boolean[]): number[] {
  let next = 0
  return gone.map(drop => (drop ? NO_GROUP_NUMBER : next++))
}

/** Scores of the catalogue; with `drop`, local groups whose CV is above the limit are taken out, and all is done again. */
async function dropVaried(
  catalogue: DipCatalogue,
  cases: BuildCases,
  { cv }: BuildConfig,
  { weights }: BuildOptions,
  threads: BuildThreads | undefined,
): Promise<Pick<LocalBuild, 'catalogue' | 'after' | 'settled' | 'notices'>> {
  const first = await settleScores(catalogue, cases, weights, threads)
  if (cv.action === 'flag') return first
  const stays = first.catalogue.groups.map(
    ({ origin }, g) => origin !== 'local' || !(first.settled.cv[g]?.gt(cv.max) ?? false),
  )
  if (!stays.includes(false)) return first
  const groups = catalogue.groups.filter((_, g) => stays[g])
  return settleScores({ ...catalogue, groups }, cases, weights, threads)
}

function nothingToGroup(source: CaseSource, count: number): Fault {
  return new Fault({
    code: 'DPB-003',
    at: { file: source.files[0] ?? '' },
    what: {
      zh: `${count} 例中没有一例可用于形成目录。`,
      en: `Of ${count} cases none can be used to form a catalogue.`,
    },
    fix: {
      zh: '请检查年份、费用和诊断编码。',
      en: 'Check years, costs and diagnosis codes.',
    },
  })
}
