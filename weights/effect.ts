import { Decimal } from '../numbers/index.ts'
import type { WeightTable } from './table.ts'

/** Cases that go from a group of one scheme to a group of another. */
interface Move {
  readonly a: { readonly drg: string }
  readonly b: { readonly drg: string }
  readonly cases: number
}

/** Weights of one move: those of a case before and after, null where the scheme's own table has none, and all its cases' change. */
export interface MoveEffect {
  readonly before: Decimal | null
  readonly after: Decimal | null
  /** Cases × (after − before); null where either is missing. */
  readonly effect: Decimal | null
}

/** What a change of scheme does to the sum of weights, over the cases that have a weight under both. */
export interface WeightEffect {
  readonly moves: readonly MoveEffect[]
  readonly cases: number
  readonly withoutWeight: number
  readonly before: Decimal
  readonly after: Decimal
}

/**
 * The effect of moves on weights. Each scheme's groups are looked up in its own table only: the same code may be another
 * group in another edition.
 */
export function weightEffect(moves: readonly Move[], a: WeightTable, b: WeightTable): WeightEffect {
  const [weightA, weightB] = [lookup(a), lookup(b)]
  const effects: MoveEffect[] = []
  let [cases, withoutWeight, before, after] = [0, 0, new Decimal(0), new Decimal(0)]
  for (const move of moves) {
    const [from, to] = [weightA(move.a.drg), weightB(move.b.drg)]
    if (from === null || to === null) {
      withoutWeight += move.cases
      effects.push({ before: from, after: to, effect: null })
      continue
    }
    cases += move.cases
    before = before.plus(from.times(move.cases))
    after = after.plus(to.times(move.cases))
    effects.push({ before: from, after: to, effect: to.minus(from).times(move.cases) })
  }
  return { moves: effects, cases, withoutWeight, before, after }
}

function lookup({ groups, weight }: WeightTable): (group: string) => Decimal | null {
  const position = new Map(groups.map((group, i) => [group, i]))
  return group => {
    const i = position.get(group)
    return i === undefined ? null : weight[i]!
  }
}
