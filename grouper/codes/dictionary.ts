/**
 * A code system as one list. Ids are dense from 1 in code order; 0 means "not in the dictionary", so that an id
 * fits a `Uint16Array`.
 */
export interface Dictionary {
  /** Id such as `icd10-yb-2.0`. */
  readonly id: string
  /** Codes by id; `codes[0]` is ''. Sorted by UTF-16 code unit. */
  readonly codes: readonly string[]
  /** Names by id; '' where the source gives none. */
  readonly names: readonly string[]
  /** Ids of codes that a later edition withdrew: readable, not to be reported any more. */
  readonly withdrawn: ReadonlySet<number>
  /** SHA-256 (hex) over codes and names. */
  readonly hash: string
  /** Code → id. */
  readonly ids: ReadonlyMap<string, number>
}
