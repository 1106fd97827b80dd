/** Texts as places in `CaseTables.text`. */
export interface CodePool {
  readonly count: number
  readonly from: Uint32Array
  readonly size: Uint16Array
}

/** One row a leaf. */
export interface GroupColumns {
  readonly count: number
  /** First archetype of each leaf; one entry more than leaves. */
  readonly archetypes: Uint32Array
  /** Mean cost of a case at cost level 1 and multiple 1, fen. */
  readonly meanCost: Float64Array
  readonly sigma: Float64Array
  /** Mean of ln days. */
  readonly logLos: Float64Array
  /** 0 or 1: which row of `months`. */
  readonly season: Uint8Array
  readonly department: CodePool
}

/** One row an archetype; −1 where a bound does not apply. */
export interface ArchetypeColumns {
  readonly principal: CodePool
  /** Other diagnoses, each with a bar before it. */
  readonly others: CodePool
  readonly otherCount: Uint8Array
  readonly procedures: CodePool
  readonly procedureCount: Uint8Array
  readonly sex: Uint8Array
  /** Row of `ages`, and the part of it that is drawn from; an empty part = draw evenly from ageLow to ageHigh. */
  readonly ageCurve: Uint8Array
  readonly ageFrom: Float64Array
  readonly ageTo: Float64Array
  readonly ageLow: Int32Array
  readonly ageHigh: Int32Array
  readonly daysLow: Int32Array
  readonly daysHigh: Int32Array
  readonly weightLow: Int32Array
  readonly weightHigh: Int32Array
  readonly losLow: Int32Array
  readonly losHigh: Int32Array
  readonly dischargeLow: Int32Array
  readonly dischargeHigh: Int32Array
  /** Fen. */
  readonly costLow: Float64Array
  readonly costHigh: Float64Array
}

/** Everything that a case is drawn from. Shares are running sums that end at 1. */
export interface CaseTables {
  readonly groups: GroupColumns
  readonly archetypes: ArchetypeColumns
  readonly hospitals: {
    readonly choice: Float64Array
    /** One row of running shares over groups a hospital. */
    readonly mix: Float64Array
    readonly cost: Float64Array
    /** Chance that an adult is insured as employee. */
    readonly employees: Float64Array
    readonly code: CodePool
  }
  /** Rows of 96 ages. */
  readonly ages: Float64Array
  /** Rows of otherMost + 1 counts, one a decade of age. */
  readonly otherCounts: Float64Array
  readonly otherMost: number
  /** Neutral diagnoses and procedures, the more common ones in front. */
  readonly comorbidities: CodePool
  readonly procedures: CodePool
  readonly withdrawn: CodePool
  /** Chance that a case of a group without required procedures has none. */
  readonly noProcedure: number
  readonly procedureCounts: Float64Array
  readonly multiples: {
    readonly high: number
    readonly low: number
    readonly highRange: Float64Array
    readonly lowRange: Float64Array
  }
  readonly losSigma: number
  readonly losCost: number
  readonly discharge: Float64Array
  /** Two rows of 12. */
  readonly months: Float64Array
  readonly year: number
  /** From and to of 310, then of 390. */
  readonly patientShare: Float64Array
  readonly errors: number
  readonly errorKinds: Float64Array
  readonly text: Uint8Array
}
