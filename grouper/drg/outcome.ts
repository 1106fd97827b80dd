import type { GroupStatus } from '../cases/case.ts'
import type { LeafPath } from '../scheme/types.ts'

/** Why a case is not in a group. '' for grouped cases. */
export type Reason =
  | ''
  | 'principal-missing'
  | 'principal-unknown'
  | 'principal-barred'
  | 'sex-missing'
  | 'age-missing'
  | 'not-in-mdc'
  | 'not-in-adrg'
  | 'ambiguous'
  | 'fallback'
  | 'principal-grey'

/** Position of a reason in result columns. */
export const REASONS: readonly Reason[] = [
  '',
  'principal-missing',
  'principal-unknown',
  'principal-barred',
  'sex-missing',
  'age-missing',
  'not-in-mdc',
  'not-in-adrg',
  'ambiguous',
  'fallback',
  'principal-grey',
]

/** Code written for cases that no leaf takes. */
export const NO_GROUP = '0000'

/** The result for one case. `mdc`, `adrg`, `drg` are `0000` where no leaf took the case. */
export interface Outcome {
  readonly status: GroupStatus
  readonly reason: Reason
  readonly mdc: string
  readonly adrg: string
  readonly drg: string
  /** The leaf itself, where one took the case. */
  readonly leaf?: LeafPath
}
