import type { FeeBucket } from '../grouper/index.ts'
import type { Text } from '../messages/index.ts'
import type { Decimal } from '../numbers/index.ts'

export type TrimMethod = 'none' | 'sd' | 'lnsd' | 'iqr' | 'percentile' | 'multiple'
export type UnstableMode = 'ownWeight' | 'noWeight' | 'shrunk' | 'parent' | 'placeholderOne'

/** Highest multiple of groups up to a weight; the last band has none. */
export interface MultipleBand {
  readonly upTo: Decimal | null
  readonly high: Decimal
}

/** Which costs of a group are kept; only the parameters of `method` count. */
export interface TrimConfig {
  readonly method: TrimMethod
  /** Limits from all costs of the group, or from those of each year. */
  readonly scope: 'group' | 'groupYear'
  /** Keep mean ± z·SD. */
  readonly sd: { readonly z: Decimal }
  /** The same on ln cost. */
  readonly lnsd: { readonly z: Decimal }
  /** Keep Q1 − a·IQR to Q3 + b·IQR. */
  readonly iqr: { readonly a: Decimal; readonly b: Decimal }
  /** Keep between two percentiles, 0 to 100. */
  readonly percentile: { readonly low: Decimal; readonly high: Decimal }
  /** Keep between two multiples of the centre; with bands the upper one goes by the weight before trimming. */
  readonly multiple: {
    readonly low: Decimal
    readonly high: Decimal
    readonly centre: 'mean' | 'median' | 'geometricMean'
    readonly bands: readonly MultipleBand[]
  }
  /** Passes at most. */
  readonly iterate: number
  /** Groups with fewer cases are not trimmed. */
  readonly minCases: number
  /** A pass that would take the cut share above this is not made. */
  readonly maxShare: Decimal
}

/** Years and what they count. */
export interface YearsConfig {
  /** Factors of the years, oldest first and the last one for the latest year, or by year; empty: years are not told apart. */
  readonly factors: readonly Decimal[] | Readonly<Record<string, Decimal>>
  /** `weightedTotals`: Σ a·C / Σ a·n; `meanOfMeans`: Σ a·m / Σ a. */
  readonly reading: 'weightedTotals' | 'meanOfMeans'
  /** Factor on the costs of a year that brings them to one level of prices; 1 for years that are not named. */
  readonly priceIndex: Readonly<Record<string, Decimal>>
}

/** A factor on the weights of listed groups. */
export interface Adjustment {
  readonly id: string
  /** Codes of groups or ADRGs; `*` stands for any end. */
  readonly groups: readonly string[]
  readonly factor: Decimal
  /** Whether the adjusted weights stay as they are when the total is restored. */
  readonly held: boolean
}

/** One additive part of a composite coefficient: `first` at `from`, then `add` a `step`, up to the cap of the level. */
export interface CoefficientPart {
  /** `cmi`, `youngShare`, `oldShare`, `cases`, or a column of the table of hospitals. */
  readonly index: string
  /** `peers`: the index is taken as its excess over the mean of the level, x / mean − 1. */
  readonly against: 'none' | 'peers'
  /** Ages that `youngShare` and `oldShare` count, years: up to, or from. */
  readonly age: number | null
  readonly from: Decimal
  readonly first: Decimal
  readonly step: Decimal
  readonly add: Decimal
  /** Highest sum of the part by level; a level that is not named gets nothing. */
  readonly cap: Readonly<Record<string, Decimal>>
}

export type DerivedKind = 'none' | 'level' | 'groupLevel' | 'hospital' | 'groupHospital' | 'composite'

/** How coefficients are derived. */
export interface CoefficientConfig {
  readonly kind: DerivedKind
  /** `levelMean`: mean cost of the level / regional mean. `levelIndex`: Σc / Σ(w·A) over the level. */
  readonly index: 'levelMean' | 'levelIndex'
  /** n0 in z = n / (n + n0): how far a coefficient of a group or hospital is drawn to that of the level, cases. */
  readonly shrinkN0: Decimal
  readonly min: Decimal
  readonly max: Decimal
  readonly decimals: number
  /** Groups with one price: the coefficient of all hospitals in them. */
  readonly base: { readonly groups: readonly string[]; readonly value: Decimal }
  /** Scale so that Σ n·w·k = Σ n·w. */
  readonly normalise: boolean
  readonly composite: {
    /** Basic part by level. */
    readonly basic: Readonly<Record<string, Decimal>>
    /** Basic part of single hospitals, by code. */
    readonly hospitals: Readonly<Record<string, Decimal>>
    readonly parts: readonly CoefficientPart[]
  }
}

/** What stands in for the weight of a group without cases. */
export type Borrowing = 'lastYear' | 'severity' | 'parent'

/** Intervals of weights by drawing cases again. */
export interface BootstrapConfig {
  /** 0: none. */
  readonly replicates: number
  /** Probability that an interval is to hold the true weight. */
  readonly level: Decimal
  readonly seed: number
  readonly interval: 'studentised' | 'percentile'
}

/** How weights are derived; defaults and their sources stand in `policies/weights-default.yaml`. */
export interface WeightConfig {
  readonly id: string
  readonly title: Text
  readonly method: 'mean' | 'benchmark' | 'fixed'
  /** Group whose mean cost is weight 1, with method benchmark. */
  readonly benchmark: string
  /** Cost of weight 1 in yuan, with method fixed. */
  readonly fixedAmount: Decimal
  readonly average: 'arithmetic' | 'geometric'
  /** Codes or names of insurance schemes (险种) whose cases count; empty: all payers. */
  readonly insurances: readonly string[]
  /** One table for all, or one for each insurance scheme. */
  readonly tables: 'pooled' | 'perInsurance'
  readonly years: YearsConfig
  /** Cases below a cost in yuan, or with a stay above some days, are left out; 0: no limit. */
  readonly screen: { readonly minCost: Decimal; readonly maxStay: number }
  /** Target shares by bucket of charges (and `other`); empty: costs are taken as they are. */
  readonly costStructure: Readonly<Partial<Record<FeeBucket | 'other', Decimal>>>
  readonly trim: TrimConfig
  /** Regional mean cost over the kept cases or over all cases. */
  readonly denominator: 'keptCases' | 'allCases'
  /** A stable group has at least this many kept cases … */
  readonly nMin: number
  /** … and a CV below this. */
  readonly cvMax: Decimal
  readonly unstableMode: UnstableMode
  /** n0 in z = n / (n + n0), cases. */
  readonly shrinkN0: Decimal
  /** n0 as given, or estimated from the data (Bühlmann–Straub); for unstable groups, or for all. */
  readonly shrinkage: { readonly method: 'fixed' | 'buhlmannStraub'; readonly apply: 'unstable' | 'all' }
  /** Tried in order for a group without cases; empty: as `unstableMode` says. */
  readonly emptyGroups: readonly Borrowing[]
  readonly bootstrap: BootstrapConfig
  /** A weight that moves by more than this share against last year's is listed. */
  readonly driftMax: Decimal
  /** Pairs of severity characters, the heavier first. */
  readonly severityOrder: readonly (readonly [string, string])[]
  /** Inversions are listed, or repaired by isotonic regression within the ADRG. */
  readonly inversions: 'report' | 'pool'
  readonly adjustments: readonly Adjustment[]
  /** Groups whose weights calibration leaves alone; `*` stands for any end. */
  readonly locked: readonly string[]
  readonly decimals: number
  readonly calibrate: boolean
  /** Points of weight 1. */
  readonly scale: number
  readonly coefficient: CoefficientConfig
}
