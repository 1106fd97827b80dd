import type { Decimal, Fen } from '../../numbers/index.ts'
import type { AuxiliaryChoice, Decided } from '../../weights/index.ts'
import type { VolumeCount } from '../policy/case-rules.ts'

/** One case as settlement sees it. */
export interface CaseInput {
  /** Code of the leaf, e.g. 'BR23', and of its ADRG; after a redirection those of the group that is paid. */
  readonly group: string
  readonly parent: string
  /** 0 grouped, 1 ambiguous (QY), 2 not grouped (0000), 3 invalid. */
  readonly status: 0 | 1 | 2 | 3
  /** Relative weight; null or zero where the group has none. */
  readonly weight: Decimal | null
  /** Weight of the group that the own standard of Chinese-medicine cases goes by; absent: none. */
  readonly likeWeight?: Decimal | null
  /** Whether the weight rests on enough cases. */
  readonly stable: boolean
  /** Coefficient of the hospital for this group, before the rule for base groups. */
  readonly coefficient: Decimal
  readonly level: string
  /** Code of the hospital; only prices by hospital ask for it. */
  readonly hospital?: string | undefined
  /** Class of the hospital in the region's list; absent: none. */
  readonly hospitalClass?: string
  /** Code of the insurance scheme, e.g. '310'. */
  readonly insurance: string
  /** Total cost in fen. */
  readonly cost: Fen
  /** Length of stay in days; null where not known. */
  readonly los: number | null
  /** What only some rules ask for. */
  readonly detail?: CaseDetail
}

/** Facts of a case that only some rules ask for; absent = not known, or no. */
export interface CaseDetail {
  /** Completed years. */
  readonly age?: number
  /** Days of life, in the first year only. */
  readonly ageDays?: number
  /** Discharge way: 2 transfer, 4 against advice, 5 died. */
  readonly way?: number
  readonly department?: string
  readonly daySurgery?: boolean
  readonly tcm?: boolean
  /** Marked by a DIP catalogue: grassroots (基层病种), by the day (床日). */
  readonly grassroots?: boolean
  readonly bedDay?: boolean
  /** Auxiliary classes (辅助分型) that have a coefficient in the group; the highest counts, the first of equals. */
  readonly auxiliary?: readonly AuxiliaryChoice[]
  /** Accepted in special-case review. */
  readonly accepted?: boolean
  /** What the review decided for this case, in fen or in 1e-4 point; absent: as the rule says. */
  readonly decided?: Decided
  /** Days until the patient came back for the same group to the same hospital. */
  readonly readmittedAfter?: number
  /** Id of a redirection of the policy. */
  readonly redirect?: string
  /** Group before a redirection or the rule for early deaths. */
  readonly from?: string
  /** Items paid on top, with their cost in fen. */
  readonly addOns?: readonly { readonly item: string; readonly cost: Fen }[]
}

/** An exact quotient of decimals; it is divided last, so that nothing is rounded on the way. */
export interface Quotient {
  readonly n: Decimal
  readonly d: Decimal
}

/** What a payment needs and does not stand in the policy. */
export interface CasePrices {
  /** Regional mean cost in yuan, for a policy that takes it from the data; null where not needed. */
  readonly meanCost: Decimal | null
  /** Point value in yuan at which the case is priced; null: points only. */
  readonly pointValue: Decimal | null
  /** Mean cost of the group in the region, and at hospitals of the same level, in yuan. */
  readonly groupMean?: Quotient
  readonly levelMean?: Quotient
  /** Mean stay of the group in days. */
  readonly meanDays?: Quotient
  /** The cases that count against the volume cap of the group. */
  readonly volume?: VolumeCount
}
