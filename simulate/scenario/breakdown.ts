import type { Fen } from '../../numbers/index.ts'
import type { Amounts, Settlement } from '../settle/region.ts'

/** Sums of some cases under a settlement. Money in fen. */
export interface Totals {
  readonly cases: number
  readonly cost: Fen
  readonly patient: Fen
  readonly gross: Fen
  readonly surplus: Fen
}

/** The sums of one part of the region before and after. */
export interface PartChange {
  /** Code of the level, specialty, insurance or group. */
  readonly part: string
  readonly before: Totals
  readonly after: Totals
}

/** By what a region is broken down: hospital level, specialty (the MDC), insurance, group. */
export const DIMENSIONS = ['level', 'specialty', 'insurance', 'group'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** The sums of two settlements by one dimension, in order of the codes; they add up to the region. */
export function breakdown(before: Settlement, after: Settlement, dimension: Dimension): readonly PartChange[] {
  const [old, now] = [totalsBy(before, dimension), totalsBy(after, dimension)]
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map(part => ({ part, before: old.get(part) ?? NOTHING, after: now.get(part) ?? NOTHING }))
}

const NOTHING: Totals = { cases: 0, cost: 0, patient: 0, gross: 0, surplus: 0 }

function totalsBy(settlement: Settlement, dimension: Dimension): ReadonlyMap<string, Totals> {
  switch (dimension) {
    case 'level':
      return sumBy(settlement.hospitals, row => row.hospital.level)
    case 'insurance':
      return sumBy(settlement.months, row => row.insurance)
    case 'group':
      return sumBy(settlement.groups, row => row.group)
    case 'specialty':
      return sumBy(settlement.groups, row => specialtyOf(row.group))
  }
}

/** The specialty of a group: the letter of its MDC, the layer of a national DIP group; groups that no MDC has keep their code. */
export function specialtyOf(group: string): string {
  const layer = /^(XQ|BX|FZ|JC)-\d+$/.exec(group)?.[1]
  if (layer !== undefined) return layer
  return /^[A-Z]/.test(group) ? group.slice(0, 1) : group
}

function sumBy<Row extends Amounts>(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, Totals> {
  const sums = new Map<string, Totals>()
  for (const row of rows) {
    const key = keyOf(row)
    const sum = sums.get(key) ?? NOTHING
    sums.set(key, {
      cases: sum.cases + row.cases,
      cost: sum.cost + row.cost,
      patient: sum.patient + row.patient,
      gross: sum.gross + row.gross,
      surplus: sum.surplus + row.surplus,
    })
  }
  return sums
}
