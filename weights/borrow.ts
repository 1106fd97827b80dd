import { Decimal } from '../numbers/index.ts'
import type { WeightConfig } from './config.ts'
import type { WeightTable } from './table.ts'

interface Known {
  readonly groups: readonly string[]
  readonly parents: readonly string[]
  readonly own: readonly (Decimal | null)[]
  readonly cases: readonly Decimal[]
  readonly parentWeight: ReadonlyMap<string, Decimal | null>
  readonly last: WeightTable | undefined
}

interface Borrowed {
  readonly group: number
  readonly weight: Decimal | null
  readonly basis: 'lastYear' | 'severity' | 'parent'
}

/**
 * Weights for groups without cases, from the first source of `emptyGroups` that has one:
 *
 * - `lastYear`: last year's weight, times Σ n·w of this year / Σ n·w of last year over the groups that both have (this
 *   year's cases), so that a general shift does not fall on the empty groups;
 * - `severity`: weight of the ADRG, times the median over all ADRGs of (weight of the leaf with the same end / weight of
 *   its ADRG);
 * - `parent`: weight of the ADRG.
 */
export function borrow(
  empty: readonly number[],
  known: Known,
  { emptyGroups }: Pick<WeightConfig, 'emptyGroups'>,
): Borrowed[] {
  const ratios = ratiosByEnd(known)
  const shift = shiftSince(known)
  return empty.map(group => {
    const parent = known.parentWeight.get(known.parents[group]!) ?? null
    for (const source of emptyGroups) {
      const weight =
        source === 'parent'
          ? parent
          : source === 'lastYear'
            ? (known.last?.weight[group]?.times(shift) ?? null)
            : parent === null
              ? null
              : (ratios.get(endOf(known, group))?.times(parent) ?? null)
      if (weight !== null) return { group, weight, basis: source }
    }
    return { group, weight: null, basis: 'parent' }
  })
}

/** What stands behind the code of the ADRG. */
function endOf({ groups, parents }: Known, g: number): string {
  return groups[g]!.startsWith(parents[g]!) ? groups[g]!.slice(parents[g]!.length) : groups[g]!
}

function ratiosByEnd(known: Known): ReadonlyMap<string, Decimal> {
  const ratios = new Map<string, Decimal[]>()
  for (const [g, own] of known.own.entries()) {
    const parent = known.parentWeight.get(known.parents[g]!)
    if (own === null || parent == null) continue
    const end = endOf(known, g)
    ratios.set(end, [...(ratios.get(end) ?? []), own.div(parent)])
  }
  return new Map([...ratios].map(([end, list]) => [end, median(list)]))
}

function median(list: readonly Decimal[]): Decimal {
  const sorted = [...list].sort((a, b) => a.cmp(b))
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : sorted[middle - 1]!.plus(sorted[middle]!).div(2)
}

function shiftSince({ own, cases, last }: Known): Decimal {
  let [now, before] = [new Decimal(0), new Decimal(0)]
  for (const [g, weight] of own.entries()) {
    const old = last?.weight[g]
    if (weight === null || old == null) continue
    now = now.plus(weight.times(cases[g]!))
    before = before.plus(old.times(cases[g]!))
  }
  return before.isZero() ? new Decimal(1) : now.div(before)
}
