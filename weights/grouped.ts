/** Position of a label where the case has none; only cases that are weighed and not paid may lack one. */
export const NO_LABEL = 65_535

/** Length of stay where it is not known. */
export const NO_STAY = 65_535

/** Stays above this are written as this, days. */
export const LONGEST_STAY = 65_534

/**
 * Grouped cases with their money, as columns: what weights and settlement work on. No codes, no rules.
 * Labels are listed once; the columns hold positions in those lists. All columns have `count` entries.
 */
export interface GroupedCases {
  readonly count: number
  /** Codes of the leaves, e.g. 'BR23', 'BQY', '0000'. */
  readonly groups: readonly string[]
  /** ADRG of each leaf, same length as `groups`. */
  readonly parents: readonly string[]
  readonly hospitals: readonly string[]
  /** Insurance schemes (险种): '310' employees (职工), '390' residents (居民). */
  readonly insurances: readonly string[]
  /** Settlement months, 'YYYY-MM', ascending. */
  readonly months: readonly string[]
  readonly group: Uint16Array
  /** Position in `STATUSES` of grouper: 0 grouped, 1 ambiguous, 2 not grouped, 3 invalid. */
  readonly status: Uint8Array
  readonly hospital: Uint16Array
  readonly insurance: Uint16Array
  readonly month: Uint16Array
  /** Length of stay in days, `NO_STAY` where not known. */
  readonly los: Uint16Array
  /** Discharge way, 0 where not known. */
  readonly dischargeWay: Uint8Array
  /** Total cost (医疗总费用) in fen; integers. */
  readonly cost: Float64Array
  /** Amount that the item-based bill charges to the fund, in fen; integers; 0 where not known. */
  readonly fund: Float64Array
  /** Amount that the patient pays, in fen; integers; 0 where not known. */
  readonly patient: Float64Array
  /** What weights and indices look at besides; absent in a table that was collected for a settlement. */
  readonly details?: CaseDetails
  /** What only some payment rules ask for; absent where none of the cases has any of it. */
  readonly facts?: CaseFacts
  /** What a DIP catalogue says of each case beside its group; absent under a DRG scheme. */
  readonly dip?: DipMarks
}

/** Marks and auxiliary classes of cases under a DIP catalogue, as columns of `count` entries. */
export interface DipMarks {
  /** Bits by position in `DIP_TAGS`: grassroots, TCM, by the day, day surgery. */
  readonly tags: Uint8Array
  /** Position in `choices` plus one; 0 without. */
  readonly auxiliary: Uint32Array
  readonly choices: readonly AuxiliaryChoice[]
}

/** Who treated, how old, and what was charged for. */
export interface CaseDetails {
  readonly departments: readonly string[]
  readonly doctors: readonly string[]
  readonly department: Uint16Array
  readonly doctor: Uint16Array
  /** Completed years, −1 where not known. */
  readonly age: Int16Array
  /** Days of life in the first year, −1 where not known or older; absent where nobody asked. */
  readonly ageDays?: Int16Array
  /** Charges in fen by case and bucket (`FEE_BUCKETS`), −1 where not known; absent where no file has such a column. */
  readonly fees?: Float64Array
}

/** Age where it is not known. */
export const NO_AGE = -1

/** Facts of cases that only some payment rules ask for, as columns of `count` entries. */
export interface CaseFacts {
  /** Completed years, `NO_AGE` where not known. */
  readonly age: Int16Array
  /** Days of life in the first year, `NO_AGE` where not known or older. */
  readonly ageDays: Int16Array
  readonly departments: readonly string[]
  /** Position in `departments`. */
  readonly department: Uint16Array
  /** What a table of marks says of single cases; the first entry is `NO_MARK`. */
  readonly marks: readonly CaseMark[]
  /** Position in `marks`. */
  readonly mark: Uint32Array
}

/** What stands in no case file and a bureau knows: marks of one case. */
export interface CaseMark {
  readonly daySurgery: boolean
  /** Treated as a Chinese-medicine case (中医优势病种). */
  readonly tcm: boolean
  /** Marked by a DIP catalogue, on the case's own diagnosis and operation: grassroots (基层病种), by the day (床日). */
  readonly grassroots: boolean
  readonly bedDay: boolean
  /** The auxiliary class (辅助分型) whose coefficient counts; null: none. */
  readonly auxiliary: AuxiliaryChoice | null
  /** Special-case review (特例单议): applied for, accepted or refused; '' without. */
  readonly review: '' | 'applied' | 'accepted' | 'refused'
  /** What the experts decided that it is paid, once accepted; null: as the policy says. */
  readonly decided: Decided | null
  /** Days until the same patient came back for the same group to the same hospital; null: not, or with reason. */
  readonly readmittedAfter: number | null
  /** Id of a redirection of the policy; '' without. */
  readonly redirect: string
  /** Items that are paid on top, each with its cost in fen. */
  readonly addOns: readonly { readonly item: string; readonly cost: number }[]
}

/** What a review decided for one case: money in fen, or points in 1e-4. */
export interface Decided {
  readonly unit: 'money' | 'points'
  readonly value: number
}

/** A class of an auxiliary type with its coefficient in the group of a case. */
export interface AuxiliaryChoice {
  readonly type: string
  readonly class: string
  /** A decimal as text: marks go to other threads. */
  readonly coefficient: string
}

export const NO_MARK: CaseMark = {
  daySurgery: false,
  tcm: false,
  grassroots: false,
  bedDay: false,
  auxiliary: null,
  review: '',
  decided: null,
  readmittedAfter: null,
  redirect: '',
  addOns: [],
}

/** A hospital of a region. */
export interface Hospital {
  readonly code: string
  readonly name: string
  /** Level (医院级别) as the policy names it: '1', '2', '3'. */
  readonly level: string
  /** Class in a list of the region, where coefficients go by class. */
  readonly class?: string
}
