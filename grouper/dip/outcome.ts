import type { DipLayer, DipTag, TieStep } from './types.ts'

/** Core group, comprehensive group, or the group for everything left (空白病组); '' for none. */
export type DipType = '' | 'core' | 'comprehensive' | 'blank'

/** Status of a case: a tie is grouped too, by the tie rule. */
export type DipStatus = 'grouped' | 'notGrouped' | 'invalid'

/** Why a case is in no group; '' for grouped ones. */
export type DipReason =
  | ''
  | 'principal-missing'
  /** Neither the code nor its category is in the catalogue's dictionary. */
  | 'principal-unknown'
  /** The principal diagnosis is on the exclusion list. */
  | 'diagnosis-excluded'
  /** No row of the catalogue is for this diagnosis. */
  | 'diagnosis-not-listed'
  /** There are rows for the diagnosis, none for the operations or conditions of the case. */
  | 'no-row-fits'

/** Position of a reason in result columns. */
export const DIP_REASONS: readonly DipReason[] = [
  '',
  'principal-missing',
  'principal-unknown',
  'diagnosis-excluded',
  'diagnosis-not-listed',
  'no-row-fits',
]

/** Code written for a case in no group. */
export const NO_DIP_GROUP = '0000'

/** What decided between rows that fit equally well: a step of the tie rule, or the lowest sequence number. */
export type Decision = TieStep | 'first'

/** The result for one case. */
export interface DipOutcome {
  readonly status: DipStatus
  readonly reason: DipReason
  /** `NO_DIP_GROUP` where there is none. */
  readonly code: string
  readonly layer: DipLayer | ''
  readonly type: DipType
  /** The main operation that was used; '' for a conservative case. */
  readonly mainOperation: string
  /** No usable operation was left. */
  readonly conservative: boolean
  /** Marks of the case by its own diagnosis and operation, in the order of `DIP_TAGS`. */
  readonly tags: readonly DipTag[]
  /** All rows that fit equally well, by sequence number, where there are two or more; the chosen one among them. */
  readonly candidates: readonly string[]
  /** What chose among the candidates; absent without a tie. */
  readonly decidedBy?: Decision
}
