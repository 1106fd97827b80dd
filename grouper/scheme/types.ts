import type { Text } from '../../messages/index.ts'
import type { Dictionary } from '../codes/dictionary.ts'

/** Code fields of the rule language: principal and other diagnoses, principal and other procedures. */
export type CodeField = 'ZYZD' | 'QTZD' | 'ZYSS' | 'QTSS'

/**
 * Scalar fields: NL age in years, XSRTL age in days, XSRTZ newborn weight in grams, XB sex (1 male, 2 female),
 * ZYTS length of stay in days, LYFS discharge way (code), ICUSC ICU hours, ZFY total cost in yuan.
 */
export type ScalarField = 'NL' | 'XSRTL' | 'XSRTZ' | 'XB' | 'ZYTS' | 'LYFS' | 'ICUSC' | 'ZFY'

export type Comparison = '=' | '<' | '<=' | '>' | '>='

/** A rule as a tree. `MCC` and `CC` stand among `sets` as virtual sets. */
export type Expr =
  | { readonly op: 'always' }
  | { readonly op: 'never' }
  | { readonly op: 'and' | 'or'; readonly args: readonly Expr[] }
  | { readonly op: 'not'; readonly arg: Expr }
  | { readonly op: 'in'; readonly fields: readonly CodeField[]; readonly sets: readonly string[] }
  | { readonly op: 'compare'; readonly scalar: ScalarField; readonly cmp: Comparison; readonly value: number }
  | {
      readonly op: 'length'
      readonly set: string
      readonly fields: readonly CodeField[]
      readonly cmp: Comparison
      readonly value: number
    }

/** A rule: the text as the scheme has it, and its tree. An empty text is `always` (fallback). */
export interface Rule {
  readonly text: string
  readonly expr: Expr
}

/** What a leaf means: a group, an ambiguous case (歧义, QY rows), or a fallback row (未入组, 0000 and X000 rows). */
export type LeafKind = 'grouped' | 'ambiguous' | 'notGrouped'

export interface Drg {
  readonly code: string
  readonly name: string
  readonly rule: Rule
  readonly kind: LeafKind
}

export interface Adrg {
  readonly code: string
  readonly name: string
  readonly rule: Rule
  readonly drgs: readonly Drg[]
}

export interface Mdc {
  readonly code: string
  readonly name: string
  readonly rule: Rule
  readonly adrgs: readonly Adrg[]
}

/** A leaf with the groups above it. */
export interface LeafPath {
  readonly mdc: Mdc
  readonly adrg: Adrg
  readonly drg: Drg
}

export type CodeKind = 'diagnosis' | 'procedure'

/** A list of codes of one kind, sorted by code, without duplicates. */
export interface CodeSet {
  readonly id: string
  readonly kind: CodeKind
  readonly codes: readonly string[]
}

export type Severity = 'MCC' | 'CC'

/** One complication or comorbidity: its level and its exclusion table ('' = never excluded). */
export interface Complication {
  readonly level: Severity
  readonly table: string
}

/** Where a scheme comes from. */
export interface Provenance {
  readonly title: string
  readonly edition?: string
  readonly date?: string
  readonly link?: string
  readonly note?: string
}

/** What one amendment did to the tables on import: numbers of rows. */
export interface AmendmentRecord {
  readonly reason: Text
  readonly source?: string
  readonly added: number
  readonly removed: number
  readonly replaced: number
}

export interface SchemeManifest {
  /** Id such as `chs-drg-2.0`. */
  readonly id: string
  readonly name: Text
  /** Ids of the dictionaries, e.g. `icd10-yb-2.0`, `icd9cm3-yb-2.0`. */
  readonly codeSystem: { readonly diagnosis: string; readonly procedure: string }
  /** Which weight XSRTZ means in this scheme. */
  readonly newbornWeight: 'birth' | 'admission'
  /** Whether a grey code (灰码) as principal diagnosis is refused or only reported; default `report`. */
  readonly grey?: 'report' | 'refuse'
  readonly source: Provenance
  /** How the scheme departs from the tables of its source; absent when it does not. */
  readonly amendments?: readonly AmendmentRecord[]
}

/** What reading the codes of cases needs of a DRG scheme or a DIP catalogue. */
export interface Coded {
  readonly manifest: Pick<SchemeManifest, 'id' | 'codeSystem' | 'grey'>
  readonly diagnoses: Dictionary
  readonly procedures: Dictionary
}

/** A whole grouping scheme, everything in the order in which it is tried. */
export interface Scheme {
  readonly manifest: SchemeManifest
  readonly mdcs: readonly Mdc[]
  readonly sets: ReadonlyMap<string, CodeSet>
  readonly complications: ReadonlyMap<string, Complication>
  /** Exclusion tables: id → diagnosis codes, sorted. */
  readonly exclusions: ReadonlyMap<string, readonly string[]>
  /** Diagnoses that must not be principal; empty when the scheme names none. */
  readonly barredPrincipal: ReadonlySet<string>
  readonly diagnoses: Dictionary
  readonly procedures: Dictionary
  /** SHA-256 (hex) over the content, the same however the pack is written. */
  readonly hash: string
}
