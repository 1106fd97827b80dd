import { Decimal, type Fen, POINT_UNIT } from '../../numbers/index.ts'
import { type CaseClass, CLASSES } from '../settle/classes.ts'
import type { Ledger } from '../settle/ledger.ts'
import { roundParts } from './shapley.ts'

/**
 * The blocks of rules that make of a weight what a case is paid: low and high cost, cases without a group, unstable
 * groups, the length of stay (per diem, day surgery, early death), special review, a region's own rules, what changes a
 * normal case (age, Chinese medicine, base groups, caps), that what is paid in money does not follow the price, and what no
 * case shows (scale, bounds of the point value, parts of a budget, rounding).
 */
export const RULE_BLOCKS = [
  'lowCost', 'highCost', 'special', 'unstable', 'stay', 'review', 'ownRule', 'modifiers', 'money', 'other',
] as const // biome-ignore format: one list
export type RuleBlock = (typeof RULE_BLOCKS)[number]

/** A change in fen by the blocks of rules. */
export type BlockParts = Readonly<Record<RuleBlock, Fen>>

const BLOCK_OF: Readonly<Record<CaseClass, RuleBlock>> = {
  outside: 'other',
  outsideLos: 'stay',
  ungrouped: 'special',
  ambiguous: 'special',
  perDiem: 'stay',
  review: 'review',
  daySurgery: 'stay',
  longStay: 'stay',
  ownRule: 'ownRule',
  early: 'stay',
  unstable: 'unstable',
  ultraLow: 'lowCost',
  low: 'lowCost',
  taper: 'lowCost',
  normal: 'modifiers',
  high: 'highCost',
  ultraHigh: 'highCost',
}

/** Position of the block of each class. */
const BLOCK: readonly number[] = CLASSES.map(name => RULE_BLOCKS.indexOf(BLOCK_OF[name]))
const OTHER: number = RULE_BLOCKS.indexOf('other')
const MONEY: number = RULE_BLOCKS.indexOf('money')

/** What one hospital and insurance bring: cases and weights, and of each block points, money and weights. */
export interface UnitSums {
  n: number
  w: Decimal
  wk: Decimal
  readonly blocks: readonly { points: number; paid: number; wk: Decimal }[]
}

/** Sums the cells of a unit; `weightOf` and `coefficientOf` by position of the group. */
export function unitSums(
  { cells, months, groups }: Ledger,
  unit: number,
  weightOf: (group: number) => Decimal | null | undefined,
  coefficientOf: (group: number) => Decimal,
): UnitSums {
  const blocks = RULE_BLOCKS.map(() => ({ points: 0, paid: 0, wk: new Decimal(0) }))
  const counts = new Map<number, number>()
  let n = 0
  for (let cell = cells.start[unit * months.length]!; cell < cells.start[(unit + 1) * months.length]!; cell++) {
    const inside = cells.sums.cases[cell]! - cells.sums.outside[cell]!
    const block = blocks[BLOCK[cells.class[cell]!]!]!
    block.points += cells.sums.points[cell]!
    block.paid += cells.sums.paid[cell]!
    n += inside
    if (inside === 0) continue
    const slot = BLOCK[cells.class[cell]!]! * groups.length + cells.group[cell]!
    counts.set(slot, (counts.get(slot) ?? 0) + inside)
  }
  let [w, wk] = [new Decimal(0), new Decimal(0)]
  for (const [slot, count] of [...counts].sort(([a], [b]) => a - b)) {
    const group = slot % groups.length
    const weight = weightOf(group)
    if (weight == null) continue
    const total = weight.times(count)
    const paid = total.times(coefficientOf(group))
    w = w.plus(total)
    wk = wk.plus(paid)
    const block = blocks[Math.floor(slot / groups.length)]!
    block.wk = block.wk.plus(paid)
  }
  return { n, w, wk, blocks }
}

/** What each block adds to E, the points earned for a unit of weight: in points, and in fen that the price makes points. */
export interface BlockRates {
  readonly points: readonly Decimal[]
  readonly money: readonly Decimal[]
  readonly price: Decimal
}

/** The rates of a unit; they add up to E, since `other` takes the scale and what no case shows. */
export function blockRates(
  { n, wk, blocks }: UnitSums,
  { scale, price, earned }: { readonly scale: Decimal; readonly price: Decimal; readonly earned: Decimal },
): BlockRates {
  // Cases without weights count as one each, as their factors do.
  const over = wk.isZero() || n === 0 ? new Decimal(Math.max(n, 1)) : wk
  const points = blocks.map(one => new Decimal(one.points).div(POINT_UNIT).minus(one.wk.times(scale)).div(over))
  const money = blocks.map(one => new Decimal(one.paid).div(over))
  const known = points.reduce((sum, rate, b) => sum.plus(rate).plus(money[b]!.div(price)), new Decimal(0))
  return { points: points.map((rate, b) => (b === OTHER ? rate.plus(earned).minus(known) : rate)), money, price }
}

/**
 * The part of the rules divided over their blocks. E is the sum of the blocks, and Shapley's rule is linear: a block has
 * its own change of E times what a unit of E is worth. Money that stays while the price moves makes other points: that
 * change is the block `money`, by the symmetric form Δ(m/π) = ½(1/π₀ + 1/π₁)Δm + ½(m₀ + m₁)Δ(1/π).
 */
export function blockParts(before: BlockRates, after: BlockRates, worth: Decimal, total: Fen): Fen[] {
  const [was, is] = [before, after].map(({ price }) => new Decimal(1).div(price)) as [Decimal, Decimal]
  const parts = before.points.map((old, b) =>
    after.points[b]!.minus(old).plus(after.money[b]!.minus(before.money[b]!).times(was.plus(is)).div(2)),
  )
  const sum = (list: readonly Decimal[]): Decimal => list.reduce((all, one) => all.plus(one), new Decimal(0))
  parts[MONEY] = sum(before.money).plus(sum(after.money)).times(is.minus(was)).div(2)
  return roundParts(
    parts.map(part => part.times(worth)),
    total,
  )
}
