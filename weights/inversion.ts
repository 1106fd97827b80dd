import { Decimal } from '../numbers/index.ts'
import { isotonicBlocks } from './isotonic.ts'

/** Two groups of an ADRG whose weights stand in the wrong order. */
export interface Inversion {
  /** Positions of the group that should weigh more, and of the other. */
  readonly heavier: number
  readonly lighter: number
  /** How much the lighter one weighs too much. */
  readonly excess: Decimal
}

/** Pairs of groups by position: the first must not weigh less than the second. */
export type SeverityPairs = readonly (readonly [number, number])[]

/**
 * The pairs of groups that a severity order compares: of one ADRG, with these characters behind its code and the same end
 * (BV11B and BV13B, not BV13A). 9 (undivided), 7 (death or transfer) and ages are compared only where the order names them.
 */
export function severityPairs(
  groups: readonly string[],
  parents: readonly string[],
  order: readonly (readonly [string, string])[],
): SeverityPairs {
  const place = new Map(groups.map((group, i) => [group, i]))
  return groups.flatMap((group, heavy) => {
    const parent = parents[heavy]!
    if (!group.startsWith(parent) || group.length === parent.length) return []
    return order.flatMap(([first, second]) => {
      if (group[parent.length] !== first) return []
      const light = place.get(`${parent}${second}${group.slice(parent.length + 1)}`)
      return light === undefined || parents[light] !== parent ? [] : [[heavy, light] as const]
    })
  })
}

/** The pairs whose weights stand in the wrong order. */
export function findInversions(weight: readonly (Decimal | null)[], pairs: SeverityPairs): Inversion[] {
  return pairs.flatMap(([heavier, lighter]) => {
    const [a, b] = [weight[heavier], weight[lighter]]
    return a == null || b == null || a.gte(b) ? [] : [{ heavier, lighter, excess: b.minus(a) }]
  })
}

/**
 * Weights without inversions: weighted isotonic regression within each ADRG. Σ n·w of an ADRG does not change, weights
 * in order stay as they are, and a second repair changes nothing. A group without cases is moved between its neighbours.
 *
 * @param cases number of cases that a weight rests on, by position
 * @param fixed weights that must not move take no part
 * @returns the weights, the positions of those that were moved, and the groups that got one weight
 */
export function repairInversions(
  weight: readonly (Decimal | null)[],
  cases: readonly Decimal[],
  pairs: SeverityPairs,
  fixed: (position: number) => boolean,
): {
  readonly weight: (Decimal | null)[]
  readonly moved: readonly number[]
  readonly blocks: readonly (readonly number[])[]
} {
  const repaired = [...weight]
  const open = pairs.filter(([a, b]) => weight[a] != null && weight[b] != null && !fixed(a) && !fixed(b))
  const moved: number[] = []
  const blocks: number[][] = []
  for (const component of componentsOf(open)) {
    const inner = open.filter(([a]) => component.includes(a))
    if (findInversions(weight, inner).length === 0) continue
    const position = new Map(component.map((g, i) => [g, i]))
    const local = inner.map(([a, b]) => [position.get(a)!, position.get(b)!] as const)
    const levels = component.map(g => ({ value: weight[g]!.toNumber(), cases: cases[g]!.toNumber() }))
    for (const block of isotonicBlocks(levels, local)) {
      const members = block.map(i => component[i]!)
      // A block of one keeps its weight to the last digit.
      if (members.length === 1) continue
      blocks.push(members)
      const n = members.reduce((all, g) => all.plus(cases[g]!), new Decimal(0))
      const sum = members.reduce((all, g) => all.plus(cases[g]!.times(weight[g]!)), new Decimal(0))
      for (const g of members) repaired[g] = sum.div(n)
    }
    for (const g of component) if (cases[g]!.isZero()) repaired[g] = between(g, repaired, inner, cases)
    moved.push(...component.filter(g => !repaired[g]!.eq(weight[g]!)))
  }
  return { weight: repaired, moved: moved.sort((a, b) => a - b), blocks }
}

function between(
  g: number,
  weight: readonly (Decimal | null)[],
  pairs: SeverityPairs,
  cases: readonly Decimal[],
): Decimal {
  const known = (one: number): boolean => !cases[one]!.isZero()
  const floors = pairs.filter(([a, b]) => a === g && known(b)).map(([, b]) => weight[b]!)
  const roofs = pairs.filter(([a, b]) => b === g && known(a)).map(([a]) => weight[a]!)
  const low = floors.length === 0 ? weight[g]! : Decimal.max(weight[g]!, ...floors)
  return roofs.length === 0 ? low : Decimal.min(low, ...roofs)
}

/** Groups that pairs connect, each set ascending. */
function componentsOf(pairs: SeverityPairs): number[][] {
  const left = new Set(pairs.flat())
  const components: number[][] = []
  while (left.size > 0) {
    const [first] = left
    const component = new Set([first!])
    for (const one of component)
      for (const [a, b] of pairs)
        if (a === one) component.add(b)
        else if (b === one) component.add(a)
    for (const one of component) left.delete(one)
    components.push([...component].sort((a, b) => a - b))
  }
  return components
}
