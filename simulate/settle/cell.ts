import { isListed } from '../policy/case-rules.ts'
import type { Policy } from '../policy/policy.ts'
import type { CaseClass } from './classes.ts'
import type { CostLine } from './piecewise.ts'
import { integer, product, type Ratio } from './ratio.ts'
import type { TcmStandard } from './tcm-standard.ts'
import type { Variant } from './variant.ts'

/** Facts of a cell: all cases of one group, hospital column, insurance and variant. Money in yuan, exact. */
export interface Cell {
  readonly policy: Policy
  readonly group: string
  readonly parent: string
  readonly level: string
  readonly insurance: string
  readonly status: 0 | 1 | 2 | 3
  /** Weight as it counts; null where there is none. */
  readonly weight: Ratio | null
  readonly stable: boolean
  /** The own standard of Chinese-medicine cases; undefined without. */
  readonly tcm: TcmStandard | undefined
  readonly coefficient: Ratio
  /** A, or the rate R. */
  readonly mean: Ratio
  /** What the cost is compared with; null without weight. */
  readonly base: Ratio | null
  /** Σ days / cases with a stay, for early deaths; null where none is known. */
  readonly meanDays: Ratio | null
  /** Factor of the volume cap of the group; null without. */
  readonly volume: Ratio | null
  /** Mean cost of the group in the region; null without cases. */
  readonly groupMean: Ratio | null
  /** Whether the group is a base group, or the case marked as one. */
  readonly isBase: boolean
  readonly variant: Variant
}

/** What a case of a cell earns at a cost: a line in yuan or points per fen of cost. */
export interface CellLine {
  readonly class: CaseClass
  readonly unit: 'worth' | 'money' | 'points'
  readonly byGroup: boolean
  /** False where an auxiliary coefficient leaves the line alone. */
  readonly auxiliary?: boolean
  readonly line: CostLine
  /** Highest value; null: none. */
  readonly cap: Ratio | null
  /** Paid in money besides, fen: the set amount of an elastic rate by cost kind. */
  readonly fixed?: number
}

/** A fen in yuan. */
export const FEN: Ratio = { n: 1n, d: 100n }

/** w·k·A of a cell, in yuan. */
export function standardOf({ coefficient, mean }: Cell, weight: Ratio): Ratio {
  return product(weight, coefficient, mean)
}

/** The days of the standard of a cell of long stays, whose weight is that of a day; null elsewhere. */
export function longDays({ policy, group, parent, status, variant }: Cell): number | null {
  const { longStay } = policy.rules
  if (longStay === null || status !== 0 || variant.days < longStay.from) return null
  return isListed(longStay.groups, group, parent) ? (longStay.standardDays ?? variant.days) : null
}

/** What a case of a cell is compared with: w·k·A, for a long stay the days of its standard. */
export function caseStandard(cell: Cell, weight: Ratio): Ratio {
  const days = longDays(cell)
  if (days === null) return standardOf(cell, weight)
  return product(weight, integer(days), cell.mean, dailyFactor(cell))
}

/** k where a day of a long stay counts with it. */
export function dailyFactor({ policy, coefficient }: Cell): Ratio {
  return policy.rules.longStay?.timesK === true ? coefficient : integer(1)
}

/** A line times a factor, its cap with it. */
export function multiplied(one: CellLine, factor: Ratio): CellLine {
  const { slope, start } = one.line
  const line = { slope: product(slope, factor), start: product(start, factor) }
  return { ...one, line, cap: one.cap === null ? null : product(one.cap, factor) }
}
