import type { Fen, Points } from '../../numbers/index.ts'

/** Amounts of a row of the settlement. Money in fen, points in 1e-4; see `Sums` for what counts. */
export interface Amounts {
  readonly cases: number
  readonly outside: number
  readonly points: Points
  readonly cost: Fen
  readonly patient: Fen
  /** What the item-based bill charges to the fund. */
  readonly fund: Fen
  /** Points times point value, plus what is paid in money. */
  readonly gross: Fen
  /** gross − cost (盈亏). */
  readonly surplus: Fen
  /** Fund due before a negative year is floored; months and groups add up to the hospital's. */
  readonly net: Fen
}

/** Amounts while they are summed. */
export type OpenAmounts = { -readonly [key in keyof Amounts]: number }

/** The amounts of a row, in the order of `Amounts`. */
export const AMOUNT_KEYS = ['cases', 'outside', 'points', 'cost', 'patient', 'fund', 'gross', 'surplus', 'net'] as const

/** Nothing yet. */
export function noAmounts(): OpenAmounts {
  return { cases: 0, outside: 0, points: 0, cost: 0, patient: 0, fund: 0, gross: 0, surplus: 0, net: 0 }
}

/** Whether all amounts are zero: a volume scaled down may leave money where no whole case is left. */
export function isNothing(row: Amounts): boolean {
  return AMOUNT_KEYS.every(key => row[key] === 0)
}

/** Adds a row to a sum. */
export function addAmounts(to: OpenAmounts, from: Amounts): void {
  to.cases += from.cases
  to.outside += from.outside
  to.points += from.points
  to.cost += from.cost
  to.patient += from.patient
  to.fund += from.fund
  to.gross += from.gross
  to.surplus += from.surplus
  to.net += from.net
}

/** Sums of rows by a key, in the order of the keys. */
export function sumRows<T extends Amounts>(
  rows: readonly T[],
  keyOf: (row: T) => string,
): readonly (Amounts & { readonly key: string })[] {
  const found = new Map<string, OpenAmounts>()
  for (const row of rows) {
    const key = keyOf(row)
    const sum = found.get(key) ?? noAmounts()
    found.set(key, sum)
    addAmounts(sum, row)
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, sum]) => ({ key, ...sum }))
}

/** The sum of rows. */
export function totalOf(rows: Iterable<Amounts>): Amounts {
  const sum = noAmounts()
  for (const row of rows) addAmounts(sum, row)
  return sum
}
