import type { Decimal, Fen } from '../numbers/index.ts'

/** The relative weight of each group, position by position as in `GroupedCases.groups`. */
export interface WeightTable {
  readonly groups: readonly string[]
  /** Relative weight (权重 RW), printed precision; null where the group has none. */
  readonly weight: readonly (Decimal | null)[]
  /** False for a group with too few cases or too wide a spread (非稳定病组), and for one without cases. */
  readonly stable: readonly boolean[]
  /** Regional mean cost of a case (次均费用 A), fen, rounded half up. */
  readonly meanCost: Fen
  /** The same in fen, not rounded. */
  readonly meanCostExact: Decimal
}

/** What a coefficient depends on: nothing, hospital level, group and level, the hospital itself, or group and hospital. */
export type CoefficientKind = 'none' | 'level' | 'groupLevel' | 'hospital' | 'groupHospital'

/** The file in which a settlement and the computation of weights publish coefficients of a kind. */
export function coefficientFile(kind: Exclude<CoefficientKind, 'none'>): string {
  return kind === 'level'
    ? 'coefficients.csv'
    : kind === 'hospital'
      ? 'hospital-coefficients.csv'
      : 'group-coefficients.csv'
}

/** The coefficient (系数) of a case, by position of its group, level and hospital code; 1 where nothing is known. */
export interface CoefficientTable {
  readonly kind: CoefficientKind
  of(group: number, level: string, hospital: string): Decimal
}
