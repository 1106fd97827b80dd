import {
  createCatalogue,
  type DipCatalogue,
  type DipGroup,
  type OperationProperty,
  type PropertyNumber,
  propertyNumber,
} from '../../grouper/index.ts'
import type { Text } from '../../messages/index.ts'
import { type Cluster, splitByRelated } from './build-clusters.ts'
import type { BuildConfig } from './build-config.ts'
import {
  createPairNumbers,
  createRelatedSums,
  numberPairs,
  orderByNumber,
  type PairNumbers,
  sumNumbers,
} from './build-kernel.ts'
import { type JudgedCategory, type KeyNumbers, keyNumbers, planKeys } from './build-keys.ts'
import { type Matched, NO_GROUP_NUMBER } from './build-match.ts'
import { nameOfGroup } from './build-names.ts'
import { addedCost } from './increment.ts'
import { meanOfSum } from './mean.ts'
import type { Profiles } from './profiles.ts'
import { completeProperties } from './properties.ts'

/** Forms the local groups of a catalogue: clusters by diagnosis and operations, and comprehensive groups. */

/** 1 for the profiles of groupable cases that no row takes. */
export function unmatched(matched: Pick<Matched, 'group'>, groupable: Uint8Array): Uint8Array {
  return groupable.map((one, i) => (matched.group[i] === NO_GROUP_NUMBER ? one : 0))
}

interface Clusters {
  readonly numbers: PairNumbers
  readonly number: Uint32Array
  /** Profiles, and their cases. */
  readonly profiles: Uint32Array
  readonly counts: Uint32Array
  /** Text of the diagnosis key by its number. */
  readonly stems: readonly string[]
}

/** Cases by diagnosis key and main operation; those with a main operation that the dictionary lacks form no cluster. */
export function clusterCounts(
  catalogue: DipCatalogue,
  profiles: Profiles,
  wanted: Uint8Array,
  { numberOf, texts }: KeyNumbers,
): Clusters {
  const same = Uint16Array.from(catalogue.procedures.codes.keys())
  const known = wanted.map((one, k) => (profiles.odd[k] === 1 ? 0 : one))
  return countPairs(profiles, known, numberOf, same, texts)
}

function countPairs(
  profiles: Profiles,
  wanted: Uint8Array,
  first: Uint16Array,
  second: Uint16Array,
  stems: readonly string[],
): Clusters {
  const numbers = createPairNumbers()
  const number = new Uint32Array(profiles.count)
  numberPairs(numbers, profiles, first, second, wanted, number)
  const [rows, counts] = [new Uint32Array(numbers.count), new Uint32Array(numbers.count)]
  sumNumbers(profiles, number, rows, counts, new Float64Array(numbers.count))
  return { numbers, number, profiles: rows, counts, stems }
}

interface Formed {
  readonly catalogue: DipCatalogue
  readonly increments: ReadonlyMap<string, number>
  readonly keys: readonly JudgedCategory[]
  readonly notices: readonly Text[]
}

/** Adds local core groups and comprehensive groups to the national rows that stay. */
export function formLocal(
  kept: DipCatalogue,
  profiles: Profiles,
  matched: Pick<Matched, 'group'>,
  groupable: Uint8Array,
  threshold: number,
  config: BuildConfig,
  { id, name, years }: { readonly id: string; readonly name: Text; readonly years: readonly string[] },
): Formed {
  const wanted = unmatched(matched, groupable)
  const keys = planKeys(kept, profiles, wanted, config.keys)
  const clusters = clusterCounts(kept, profiles, wanted, keys)
  const big = Uint8Array.from(clusters.counts, count => (count >= threshold ? 1 : 0))
  const { order, starts } = orderByNumber(clusters.number, clusters.profiles, big)
  const sums = createRelatedSums(kept.procedures.codes.length)
  const { percent, cases: least, operations: most } = config.related
  const rule = { percent, least, threshold, most }
  const increments = new Map<string, number>()
  const drafts: Draft[] = []
  // What no core group takes is left for comprehensive ones.
  const left = wanted.slice()
  for (let k = 0; k < big.length; k++) {
    if (big[k] !== 1) continue
    const dx = clusters.stems[clusters.numbers.pairs[k]! >>> 16]!
    const parts = splitByRelated(profiles, order.subarray(starts[k]!, starts[k + 1]!), sums, rule)
    const hasBase = parts.at(-1)!.cases >= threshold
    for (const part of parts) {
      const isGroup = part.cases >= threshold
      // A cluster too small for a group falls to the row without related operation, where there is one.
      if (isGroup || hasBase) for (const row of part.rows) left[row] = 0
      if (!isGroup) continue
      const draft = draftOf(kept, dx, part, config.related.ofBill === 0 ? undefined : parts.at(-1)!)
      drafts.push(draft)
      if (part.increment !== undefined) increments.set(draft.code, part.increment)
    }
  }
  drafts.sort(byDraft)
  const notices: Text[] = []
  const completed = completeProperties(kept)
  const properties = config.comprehensive.missingProperty === 'chapter' ? completed.properties : kept.lists.properties
  const numbers = [...kept.groups.map(group => group.sequence), 0]
  let sequence = numbers.reduce((most, one) => Math.max(most, one), 0)
  const core = drafts.map((draft): DipGroup => ({ ...groupOf(kept, draft), sequence: ++sequence }))
  let comprehensive: DipGroup[] = []
  if (config.comprehensive.form) {
    comprehensive = comprehensiveGroups(kept, profiles, left, properties, config.comprehensive.cases).map(group => ({
      ...group,
      sequence: ++sequence,
    }))
    if (completed.added > 0) notices.push(missingProperties(completed.added, config))
  }
  const manifest = {
    ...kept.manifest,
    id,
    name,
    source: { title: `${kept.manifest.name.zh}；本地病例 ${years.join('、')}`, edition: kept.manifest.edition },
    matching: { ...kept.manifest.matching, comprehensive: 'listed' as const },
  }
  const lists = { ...kept.lists, properties: config.comprehensive.form ? properties : kept.lists.properties }
  const catalogue = createCatalogue(manifest, [...kept.groups, ...core, ...comprehensive], lists)
  return { catalogue: inDictionariesOf(kept, catalogue), increments, keys: keys.judged, notices }
}

/** The catalogue on the code ids of the one that cases are encoded for; it uses no code beyond those. */
function inDictionariesOf({ diagnoses, procedures }: DipCatalogue, catalogue: DipCatalogue): DipCatalogue {
  return { ...catalogue, diagnoses, procedures }
}

/** A group to be, with its codes as texts. */
interface Draft {
  readonly code: string
  readonly dx: string
  readonly main: string
  readonly related: readonly string[]
  /** What they cost in fen, where that decides. */
  readonly cost?: number
  /** Order among the groups of one diagnosis and main operation: as they were split off, the rest last. */
  readonly rank: number
}

/** @param without the cluster without related operations, where their cost is asked for */
function draftOf({ procedures }: DipCatalogue, dx: string, cluster: Cluster, without?: Cluster): Draft {
  const { main, related, increment, sum, cases } = cluster
  const mainCode = procedures.codes[main]!
  const codes = related.map(id => procedures.codes[id]!).sort()
  const code = [dx, mainCode || '0', ...codes].join('-')
  const means = [meanOfSum(sum, cases), without === undefined ? undefined : meanOfSum(without.sum, without.cases)]
  const cost = related.length === 0 || means[1] === undefined ? undefined : addedCost(means[0]!, means[1])
  const rank = -(increment ?? 0)
  return { code, dx, main: mainCode, related: codes, rank, ...(cost === undefined ? {} : { cost }) }
}

/** By diagnosis and main operation; of these the most related operations first, since matching asks for them first. */
function byDraft(a: Draft, b: Draft): number {
  return (
    order(a.dx, b.dx) ||
    order(a.main, b.main) ||
    b.related.length - a.related.length ||
    a.rank - b.rank ||
    order(a.related.join(), b.related.join())
  )
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function groupOf(catalogue: DipCatalogue, { code, dx, main, related, cost }: Draft): Omit<DipGroup, 'sequence'> {
  return {
    code,
    layer: related.length === 0 ? 'JC' : 'BX',
    name: nameOfGroup(catalogue, dx, main, related),
    dx: [dx],
    main: main === '' ? [] : [main],
    related: related.map(operation => [operation]),
    position: 'main',
    conditions: {},
    origin: 'local',
    figures: cost === undefined ? {} : { relatedCost: cost },
  }
}

/** Comprehensive groups: category and property of the main operation, where they have enough cases. */
function comprehensiveGroups(
  catalogue: DipCatalogue,
  profiles: Profiles,
  wanted: Uint8Array,
  properties: ReadonlyMap<string, OperationProperty>,
  least: number,
): Omit<DipGroup, 'sequence'>[] {
  const { intervention } = catalogue.manifest.matching
  const property = Uint16Array.from(catalogue.procedures.codes, code =>
    propertyNumber(properties.get(code), intervention),
  )
  const { numberOf, texts } = keyNumbers(catalogue, 1)
  const { numbers, counts } = countPairs(profiles, wanted, numberOf, property, texts)
  const found: { category: string; number: PropertyNumber }[] = []
  counts.forEach((count, k) => {
    const pair = numbers.pairs[k]!
    if (count >= least) found.push({ category: texts[pair >>> 16]!, number: (pair & 0xffff) as PropertyNumber })
  })
  found.sort((a, b) => order(a.category, b.category) || a.number - b.number)
  return found.map(({ category, number }) => ({
    code: `${category}-${number}`,
    layer: 'ZH',
    name: nameOfGroup(catalogue, category, '', [], number),
    dx: [category],
    main: [],
    related: [],
    position: 'main',
    conditions: {},
    property: number,
    origin: 'local',
    figures: {},
  }))
}

function missingProperties(count: number, { comprehensive }: BuildConfig): Text {
  return comprehensive.missingProperty === 'chapter'
    ? {
        zh: `操作属性表缺少 ${count} 个操作，已按 ICD-9-CM-3 章节推定；请以本地属性表替换`,
        en: `The property table lacks ${count} operations; they go by their chapter of ICD-9-CM-3 until the region's table is given`,
      }
    : {
        zh: `操作属性表缺少 ${count} 个操作，以其为主要手术的病例归入内科综合病种`,
        en: `The property table lacks ${count} operations; cases with them go to the medical comprehensive group`,
      }
}
