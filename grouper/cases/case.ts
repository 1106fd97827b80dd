/** The case status of a result (状态). */
export type GroupStatus = 'grouped' | 'ambiguous' | 'notGrouped' | 'invalid'

/** Position of a status in result columns. */
export const STATUSES: readonly GroupStatus[] = ['grouped', 'ambiguous', 'notGrouped', 'invalid']

/**
 * One case in canonical fields, as the explainer takes it. Absent = not known, never 0 or ''.
 * Batches of cases are never arrays of these; they are `CaseBatch`es.
 */
export interface Case {
  readonly id?: string
  /** 1 male, 2 female, 9 not stated, 0 unknown. */
  readonly sex?: number
  /** Completed years at admission. */
  readonly ageYears?: number
  /** Days at admission, 0–365, only under one year. */
  readonly ageDays?: number
  /** Newborn weight in grams. */
  readonly weight?: number
  /** Length of stay (实际住院天数) in days, at least 1. */
  readonly losDays?: number
  /** Discharge way (离院方式): 1 home, 2 transfer, 3 community, 4 against advice, 5 died, 9 other. */
  readonly dischargeWay?: number
  readonly icuHours?: number
  /** Total cost in fen. */
  readonly totalCost?: number
  /** Diagnosis codes, principal first. */
  readonly diagnoses: readonly string[]
  /** Procedure codes, principal first. */
  readonly procedures: readonly string[]
}
