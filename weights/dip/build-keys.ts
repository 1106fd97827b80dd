import { csvText } from '../../files/index.ts'
import { bareDiagnosis, type DipCatalogue, keyAt } from '../../grouper/index.ts'
import type { BuildConfig } from './build-config.ts'
import { createPairNumbers, numberPairs, sumNumbers } from './build-kernel.ts'
import { addsEnough, incrementPercent } from './increment.ts'
import { type Mean, meanOfSum } from './mean.ts'
import type { Profiles } from './profiles.ts'

/** Diagnosis keys of clusters: a number for every diagnosis, and the text of each number; 0 = no key. */
export interface KeyNumbers {
  readonly numberOf: Uint16Array
  readonly texts: readonly string[]
}

/** Why the subcategories of a category are one key, or stay apart. */
export type KeyReason =
  /** Operations and costs are alike. */
  | 'alike'
  /** The national catalogue keys the category whole, and costs do not speak against it. */
  | 'national'
  /** The national catalogue keys its subcategories. */
  | 'national-subcategories'
  /** Too few of its cases have an operation, or none, that two subcategories share. */
  | 'operations'
  /** Mean costs under one operation differ too much. */
  | 'costs'

/** A category with local cases, and how its groups are keyed. */
export interface JudgedCategory {
  readonly category: string
  readonly merged: boolean
  readonly reason: KeyReason
  readonly subcategories: number
  readonly cases: number
  /** Share of its cases whose main operation (or lack of one) two or more subcategories have. */
  readonly shared: number
  /** Largest excess of the dearest over the cheapest subcategory under one operation, in percent; null where none is shared. */
  readonly spread: number | null
}

export interface KeyPlan extends KeyNumbers {
  readonly judged: readonly JudgedCategory[]
}

/** Number of the key of every diagnosis at a level: 2 subcategory (category where a code has no more), 1 category. */
export function keyNumbers({ diagnoses }: DipCatalogue, level: 1 | 2): KeyNumbers {
  return numbered(diagnoses.codes, code => {
    const bare = bareDiagnosis(code)
    return (level === 2 ? keyAt(bare, 2) : '') || keyAt(bare, 1)
  })
}

function numbered(codes: readonly string[], keyOf: (code: string) => string): KeyNumbers {
  const texts = ['']
  const known = new Map<string, number>()
  const numberOf = Uint16Array.from(codes, code => {
    const text = keyOf(code)
    if (text === '') return 0
    const number = known.get(text) ?? texts.length
    if (number === texts.length) {
      known.set(text, number)
      texts.push(text)
    }
    return number
  })
  return { numberOf, texts }
}

/**
 * Keys of local groups: subcategories (four characters), merged into their category (three) where operations and costs are
 * alike. A category is keyed in one way, and as the national catalogue keys it where costs do not speak against that.
 *
 * @param wanted 1 for the profiles of cases that local groups are formed from
 */
export function planKeys(
  catalogue: DipCatalogue,
  profiles: Profiles,
  wanted: Uint8Array,
  rule: BuildConfig['keys'],
): KeyPlan {
  const fine = keyNumbers(catalogue, 2)
  if (!rule.merge) return { ...fine, judged: [] }
  const national = nationalKeys(catalogue)
  const judged = [...pathsByCategory(catalogue, profiles, wanted, fine)]
    .map(([category, paths]) => judge(category, paths, national.get(category), rule))
    .filter(one => one !== undefined)
    .sort((a, b) => (a.category < b.category ? -1 : 1))
  const merged = new Set(judged.filter(one => one.merged).map(({ category }) => category))
  const keys = numbered(catalogue.diagnoses.codes, code => {
    const bare = bareDiagnosis(code)
    const category = keyAt(bare, 1)
    return merged.has(category) ? category : keyAt(bare, 2) || category
  })
  return { ...keys, judged }
}

/** How the national rows of a category are keyed, where it has any. */
type NationalKey = 'category' | 'subcategory'

function nationalKeys({ groups }: DipCatalogue): ReadonlyMap<string, NationalKey> {
  const keys = new Map<string, NationalKey>()
  for (const { layer, dx } of groups) {
    if (layer !== 'BX' && layer !== 'JC') continue
    for (const term of dx) {
      const category = keyAt(term, 1)
      if (term.length > 3 && !term.includes('-')) keys.set(category, 'subcategory')
      else if (!keys.has(category)) keys.set(category, 'category')
    }
  }
  return keys
}

/** Mean costs by main operation and, under it, subcategory. */
type Paths = Map<number, Map<string, Mean>>

function pathsByCategory(
  { procedures }: DipCatalogue,
  profiles: Profiles,
  wanted: Uint8Array,
  { numberOf, texts }: KeyNumbers,
): Map<string, Paths> {
  const numbers = createPairNumbers()
  const number = new Uint32Array(profiles.count)
  const same = Uint16Array.from(procedures.codes.keys())
  numberPairs(numbers, profiles, numberOf, same, wanted, number)
  const counts = new Uint32Array(numbers.count)
  const sums = new Float64Array(numbers.count)
  sumNumbers(profiles, number, new Uint32Array(numbers.count), counts, sums)
  const categories = new Map<string, Paths>()
  for (let k = 0; k < numbers.count; k++) {
    if (counts[k] === 0) continue
    const key = texts[numbers.pairs[k]! >>> 16]!
    const category = key.slice(0, 3)
    const paths = categories.get(category) ?? new Map<number, Map<string, Mean>>()
    categories.set(category, paths)
    const main = numbers.pairs[k]! & 0xffff
    const means = paths.get(main) ?? new Map<string, Mean>()
    paths.set(main, means)
    means.set(key, meanOfSum(sums[k]!, counts[k]!)!)
  }
  return categories
}

/** Whether a category is one key; undefined where there is nothing to decide. */
function judge(
  category: string,
  paths: Paths,
  national: NationalKey | undefined,
  { percent, share, cases: least }: BuildConfig['keys'],
): JudgedCategory | undefined {
  const subcategories = new Set([...paths.values()].flatMap(means => [...means.keys()])).size
  if (subcategories < 2 && national !== 'category') return undefined
  let [cases, shared] = [0, 0]
  let spread: number | null = null
  let differs = false
  for (const means of paths.values()) {
    const all = [...means.values()]
    const n = all.reduce((sum, mean) => sum + mean.cases.toNumber(), 0)
    cases += n
    const known = all.filter(mean => mean.cases.gte(least))
    if (known.length < 2) continue
    shared += n
    const [cheapest, dearest] = extremes(known)
    differs ||= addsEnough(dearest, cheapest, percent)
    spread = Math.max(spread ?? 0, incrementPercent(dearest, cheapest).toNumber())
  }
  const reason: KeyReason =
    national === 'subcategory'
      ? 'national-subcategories'
      : differs
        ? 'costs'
        : national === 'category'
          ? 'national'
          : share.times(cases).lte(shared)
            ? 'alike'
            : 'operations'
  const merged = reason === 'alike' || reason === 'national'
  return { category, merged, reason, subcategories, cases, shared: cases === 0 ? 0 : shared / cases, spread }
}

function extremes(means: readonly Mean[]): [Mean, Mean] {
  const isLess = (a: Mean, b: Mean): boolean => a.sum.times(b.cases).lt(b.sum.times(a.cases))
  return [
    means.reduce((low, one) => (isLess(one, low) ? one : low)),
    means.reduce((top, one) => (isLess(top, one) ? one : top)),
  ]
}

/** The judged categories as a table. */
export function keysCsv(judged: readonly JudgedCategory[]): string {
  const rows = judged.map(({ category, merged, reason, subcategories, cases, shared, spread }) => [
    category,
    merged ? 'merged' : 'apart',
    reason,
    subcategories,
    cases,
    shared.toFixed(4),
    spread?.toFixed(2) ?? '',
  ])
  return csvText(['category', 'keys', 'reason', 'subcategories', 'cases', 'sharedOperations', 'spread'], rows)
}
