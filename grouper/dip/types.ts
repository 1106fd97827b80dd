import type { Text } from '../../messages/index.ts'
import type { Dictionary } from '../codes/dictionary.ts'
import type { Provenance } from '../scheme/types.ts'

/**
 * The layers of a catalogue (病种目录) in the order in which they are tried: 先期, 并项, 诊断辅助细分, 基本 (these are
 * core groups) and ZH, 综合.
 */
export type DipLayer = 'XQ' | 'BX' | 'FZ' | 'JC' | 'ZH'

export const DIP_LAYERS: readonly DipLayer[] = ['XQ', 'BX', 'FZ', 'JC', 'ZH']

/** The property of an operation (操作属性), which decides its comprehensive group. */
export type OperationProperty = 'surgery' | 'intervention' | 'therapeutic' | 'diagnostic' | 'none'

/** Number of a comprehensive group: 1 medical, 2 diagnostic, 3 therapeutic, 4 surgical. */
export type PropertyNumber = 1 | 2 | 3 | 4

/** Whether a local catalogue has a group from the national one, changed it, or added it (added ones are marked). */
export type GroupOrigin = 'national' | 'changed' | 'local'

/** What a row asks for beside principal diagnosis and operations; an absent key asks for nothing. */
export interface DipConditions {
  /** Some diagnosis, principal or other, meets one of these terms. */
  readonly anyDx?: readonly string[]
  /** Some other diagnosis meets one of these terms. */
  readonly otherDx?: readonly string[]
  /** Days at admission are known and below this number. */
  readonly ageDaysBelow?: number
  /** Birth weight in grams, first and last of the band; an unknown weight is in no band. */
  readonly weight?: readonly [number, number]
  /** Degree of a burn, for the reader; the diagnosis terms of the row say it already. */
  readonly burnDegree?: 2 | 3
  /** Burnt body surface in percent, first and last; the largest T31/T32 among the other diagnoses counts. */
  readonly burnArea?: readonly [number, number]
  /** Whether the case must (or must not) be drug-resistant. */
  readonly drugResistant?: boolean
}

/** Figures that a region publishes with a group; none is part of the match but for tie rules. */
export interface DipFigures {
  /** Score (分值) in 1e-4. */
  readonly score?: number
  /** Mean cost in fen. */
  readonly meanCost?: number
  /** Mean length of stay in days, as a decimal string. */
  readonly meanDays?: string
  /** Factor that a grassroots group has in place of the institution coefficient, as a decimal string. */
  readonly grassrootsFactor?: string
  /** What the related operations of the row cost, in fen: decides with `relatedShare` of the matching rules. */
  readonly relatedCost?: number
}

/** Where a row was read, for explanations; no part of the catalogue's content. */
export interface RowSource {
  readonly sheet: string
  readonly row: number
  /** Diagnosis, main and related cell as printed, where they differ from how we write them. */
  readonly raw?: readonly string[]
}

/** One group (病种) of a catalogue: a row of its table. */
export interface DipGroup {
  /** `BX-1029` (分类-序号) or a region's own code; unique. */
  readonly code: string
  readonly layer: DipLayer
  /** Unique in the catalogue; rows are tried in this order where order counts. */
  readonly sequence: number
  /** '' where the source has none. */
  readonly name: string
  /**
   * Terms for the principal diagnosis, one of which must meet it: `K80`, `K31.7`, a full code, a range of categories
   * `A15-A16`. Empty = any diagnosis. See `keys.ts`.
   */
  readonly dx: readonly string[]
  /** Main operation: one of these; empty = a conservative row (保守治疗), or no matter where `conditions` say enough. */
  readonly main: readonly string[]
  /** Related operations: each factor is met by one of its codes. */
  readonly related: readonly (readonly string[])[]
  /** `main`: the main operation of the case must be in `main`; `any`: operations count wherever they stand. */
  readonly position: 'main' | 'any'
  readonly conditions: DipConditions
  /** Of a comprehensive group: which property it holds. */
  readonly property?: PropertyNumber
  readonly origin: GroupOrigin
  readonly figures: DipFigures
  readonly source?: RowSource
}

/** What an operation on the exclusion list may still do. */
export type ExclusionRule =
  /** 按保守治疗入组: it does not count. */
  | 'conservative'
  /** 不可作为主要手术操作: never the main operation, kept as a related one. */
  | 'not-main'
  /** 限范围可作主要手术操作: main only under the diagnoses of its range, else as `not-main`. */
  | 'limited'

export interface ExcludedOperation {
  readonly code: string
  readonly rule: ExclusionRule
  /** Of `limited`: terms for the principal diagnosis; else empty. */
  readonly scope: readonly string[]
}

/** What a case is marked as by its own diagnosis and main operation, beside its group. */
export type DipTag = 'grassroots' | 'tcm' | 'bed-day' | 'day-surgery'

export const DIP_TAGS: readonly DipTag[] = ['grassroots', 'tcm', 'bed-day', 'day-surgery']

/** One row of a list of grassroots (基层), TCM (中医优势), bed-day (床日) or day-surgery (日间手术) groups. */
export interface TagRow {
  readonly tag: DipTag
  /** Term for the principal diagnosis. */
  readonly dx: string
  /** The main operation is one of these; empty = conservative cases only. */
  readonly operations: readonly string[]
  readonly name: string
  /** Least length of stay in days; absent = any. */
  readonly minDays?: number
}

/** The lists of a catalogue beside its groups. */
export interface DipLists {
  /** Full codes that lead to no group as principal diagnosis. */
  readonly excludedDiagnoses: ReadonlySet<string>
  readonly excludedOperations: ReadonlyMap<string, ExcludedOperation>
  readonly tags: readonly TagRow[]
  /** Full codes that are drug-resistant tuberculosis as principal diagnosis. */
  readonly drugResistant: ReadonlySet<string>
  readonly properties: ReadonlyMap<string, OperationProperty>
}

/** A step that prefers some of the rows that a case meets. */
export type TieStep =
  /** Most AND factors of the row. */
  | 'most-conditions'
  /** Most operations of the case that the row names. */
  | 'most-operations'
  /** The row names every operation of the case and has a factor for each: an exact set before a superset. */
  | 'exact-operations'
  /** The row names the main operation of the case; of use where any operation may be the main one. */
  | 'main-operation'
  /** Most factors met by a full code; of use where short operations stand for all that begin with them. */
  | 'full-codes'
  /** Fewest distinct codes in the row: the narrower one. */
  | 'narrowest'
  /** Surgery before therapeutic before diagnostic before conservative rows, of each the core before the grassroots ones. */
  | 'type-order'
  | 'highest-score'
  /** Mean cost closest to the case's: the group then depends on the bill. */
  | 'closest-cost'

/** Where regions differ in how a case finds its group. */
export interface DipMatching {
  /** `first`: only the first usable operation is the main one; `any`: every operation may be (1.0 and 2.0 style). */
  readonly mainOperation: 'first' | 'any'
  /** An operation that counts as conservative stands before another: pass over it, or take the case as conservative. */
  readonly droppedOperation: 'skip' | 'conservative'
  /** The same for an operation that may be main only in a range, out of that range. */
  readonly limitedOperation: 'skip' | 'conservative'
  /** A main operation without a row in the layer 诊断辅助细分 takes the row without operation, or leaves the layer. */
  readonly auxiliaryFallback: 'blank-row' | 'none'
  /**
   * A usable main operation without any row takes the conservative core row, or goes on to the comprehensive layer;
   * `core-unless-surgery`: the same, but a surgery case prefers the comprehensive surgery group where there is one.
   */
  readonly conservativeFallback: 'core' | 'core-unless-surgery' | 'none'
  /** `children`: an operation of the catalogue shorter than seven characters stands for all codes that begin with it. */
  readonly shortOperations: 'exact' | 'children'
  /** Steps in order; the lowest sequence number decides what they leave open. */
  readonly tieRule: readonly TieStep[]
  /**
   * `none`: no comprehensive layer; `formed`: category and property make the code (`I25-4`); `listed`: only those that
   * the catalogue has.
   */
  readonly comprehensive: 'none' | 'formed' | 'listed'
  /** Which operation's property counts: the main one's, or the highest of the case. */
  readonly comprehensiveBy: 'main' | 'highest'
  /** Property number of interventions: 4 with surgery, 3 with therapeutic operations. */
  readonly intervention: 3 | 4
  /**
   * A row with related operations whose cost is known takes a case only where that cost is at least this share of the bill,
   * in whole percent; absent = no matter. The group then depends on the bill.
   */
  readonly relatedShare?: number
  /** Code of the group for everything left (空白病组); absent = the case is not grouped. */
  readonly blankGroup?: string
}

/** The signs of operation expressions in a region's own tables. */
export interface Dialect {
  readonly and: string
  readonly or: string
}

export interface DipManifest {
  /** Id such as `dip-3.0-sample`. */
  readonly id: string
  readonly name: Text
  /** Version of the national scheme that it follows: 1.0, 2.0, 3.0. */
  readonly edition: string
  readonly codeSystem: { readonly diagnosis: string; readonly procedure: string }
  readonly source: Provenance
  readonly matching: DipMatching
  /** Signs of the tables that it came from; the pack itself is always written with + and |. */
  readonly dialect: Dialect
}

/** A whole catalogue; its groups by layer and sequence number. */
export interface DipCatalogue {
  readonly manifest: DipManifest
  readonly groups: readonly DipGroup[]
  readonly lists: DipLists
  /** The dictionary with the codes and stems (`K35`, `K35.9`) that the catalogue uses beyond it. */
  readonly diagnoses: Dictionary
  readonly procedures: Dictionary
  /** SHA-256 (hex) over the content, the same however the pack is written. */
  readonly hash: string
}
