import { createTermIndex, type DipCatalogue, type DipGroup } from '../../grouper/index.ts'
import type { BuildConfig } from './build-config.ts'
import { createPairNumbers, numberPairs, sumNumbers } from './build-kernel.ts'
import { type Matched, NO_GROUP_NUMBER } from './build-match.ts'
import { addedCost, addsEnough, incrementPercent } from './increment.ts'
import { meanOfSum } from './mean.ts'
import type { Profiles } from './profiles.ts'

/** What the related operations of a national row add to the cost in this region. */
export interface NationalIncrement {
  /** (mean of the row / mean without − 1) × 100. */
  readonly percent: number
  /** Cases of the row, and of its diagnoses and main operations without related operation. */
  readonly cases: number
  readonly without: number
  /** Mean of the row less mean without, in fen; 0 where it is lower. */
  readonly cost: number
  /** Reaches the limit of the configuration. */
  readonly passes: boolean
}

/**
 * The rule for related operations on the national rows of 并项: mean cost of a row against the mean of the cases that have
 * its diagnosis and main operation and are in no row with related operations. Rows of which either side has too few cases
 * are not judged; nor is a catalogue in which any operation may be the main one, where "without" means nothing.
 */
export function nationalIncrements(
  catalogue: DipCatalogue,
  profiles: Profiles,
  { group }: Pick<Matched, 'group'>,
  groupable: Uint8Array,
  { percent, cases: least }: BuildConfig['related'],
): ReadonlyMap<string, NationalIncrement> {
  const { groups, manifest, procedures } = catalogue
  const found = new Map<string, NationalIncrement>()
  const judged = groups.map((row, g) => ({ row, g })).filter(({ row }) => isJudged(row))
  if (manifest.matching.mainOperation === 'any' || judged.length === 0) return found

  const own = groupSums(groups.length, profiles, group, groupable)
  // Cases without related operations that count: in a row of 并项 or 基本 that asks for none, or in no row yet.
  const plain = Uint8Array.from(groups, ({ layer, related }) =>
    (layer === 'BX' || layer === 'JC') && related.length === 0 ? 1 : 0,
  )
  const wanted = groupable.map((one, i) => (group[i] === NO_GROUP_NUMBER ? one : one & plain[group[i]!]!))
  const numbers = createPairNumbers()
  const number = new Uint32Array(profiles.count)
  const [dxIds, pxIds] = [Uint16Array.from(catalogue.diagnoses.codes.keys()), Uint16Array.from(procedures.codes.keys())]
  numberPairs(numbers, profiles, dxIds, pxIds, wanted, number)
  const counts = new Uint32Array(numbers.count)
  const sums = new Float64Array(numbers.count)
  sumNumbers(profiles, number, new Uint32Array(numbers.count), counts, sums)

  const byTerm = createTermIndex<number>()
  judged.forEach(({ row }, j) => {
    for (const term of row.dx) byTerm.add(term, j)
  })
  const mains = judged.map(({ row }) => new Set(row.main.map(code => procedures.ids.get(code))))
  const without = judged.map(() => ({ n: 0, sum: 0 }))
  for (let k = 0; k < numbers.count; k++) {
    const pair = numbers.pairs[k]!
    for (const j of new Set(byTerm.of(catalogue.diagnoses.codes[pair >>> 16]!))) {
      if (!mains[j]!.has(pair & 0xffff)) continue
      without[j]!.n += counts[k]!
      without[j]!.sum += sums[k]!
    }
  }
  for (const [j, { row, g }] of judged.entries()) {
    const { n, sum } = without[j]!
    if (own.cases[g]! < least || n < least) continue
    const [high, low] = [meanOfSum(own.cost[g]!, own.cases[g]!)!, meanOfSum(sum, n)!]
    found.set(row.code, {
      percent: incrementPercent(high, low).toNumber(),
      cases: own.cases[g]!,
      without: n,
      cost: addedCost(high, low),
      passes: addsEnough(high, low, percent),
    })
  }
  return found
}

function isJudged({ layer, main, related, position }: DipGroup): boolean {
  return layer === 'BX' && related.length > 0 && main.length > 0 && position === 'main'
}

function groupSums(
  groups: number,
  { cases, sum }: Profiles,
  group: Uint16Array,
  wanted: Uint8Array,
): { cases: Uint32Array; cost: Float64Array } {
  const sums = { cases: new Uint32Array(groups), cost: new Float64Array(groups) }
  for (let k = 0; k < wanted.length; k++) {
    const g = group[k]!
    if (wanted[k] !== 1 || g === NO_GROUP_NUMBER) continue
    sums.cases[g]! += cases[k]!
    sums.cost[g]! += sum[k]!
  }
  return sums
}
