import type { Case } from '../cases/case.ts'
import type { CodeChange } from '../cases/code-change.ts'
import { type OperationUse, tagsOf } from './facts.ts'
import { KEY_LEVELS, keyAt } from './keys.ts'
import { traceCase } from './match.ts'
import type { DipOutcome } from './outcome.ts'
import type { DipCatalogue, DipGroup, DipLayer, ExclusionRule } from './types.ts'
import type { Unmet } from './unmet.ts'

/** A diagnosis of the case as a catalogue sees it. */
export interface DipDiagnosisNote {
  readonly place: 'principal' | 'other'
  readonly code: string
  readonly name: string
  /** Whether the dictionary has it; else it is read by its subcategory or category. */
  readonly known: boolean
}

/** An operation of the case, and what the exclusion list leaves it. */
export interface DipOperationNote {
  readonly code: string
  readonly name: string
  readonly known: boolean
  readonly use: OperationUse
  readonly main: boolean
  readonly rule?: ExclusionRule
  readonly scope?: readonly string[]
}

/** A row that was tried. */
export interface DipRowNote {
  readonly code: string
  readonly name: string
  readonly dx: readonly string[]
  readonly main: readonly string[]
  readonly related: readonly (readonly string[])[]
  readonly unmet: readonly Unmet[]
}

/** A look into a layer: the rows under one key of the case. */
export interface DipStepNote {
  readonly layer: DipLayer
  /** '' for rows of any diagnosis. */
  readonly key: string
  readonly how: 'fits' | 'fallback'
  readonly rows: readonly DipRowNote[]
}

/** Everything that led to the group of one case. Keys are stable: programs may read them. */
export interface DipExplanation {
  readonly scheme: { readonly id: string; readonly hash: string }
  readonly changes: readonly CodeChange[]
  readonly diagnoses: readonly DipDiagnosisNote[]
  readonly operations: readonly DipOperationNote[]
  /** Keys of the principal diagnosis, the longest first. */
  readonly keys: readonly string[]
  readonly steps: readonly DipStepNote[]
  readonly outcome: DipOutcome
  /** Name of the group, and the key under which its row was found; '' where there is none. */
  readonly name: string
  readonly key: string
  /** Where the row stands in the source of the catalogue, with its cells as printed where we write them otherwise. */
  readonly source?: DipGroup['source']
  readonly figures: DipGroup['figures']
}

/** Groups one case literally and tells why; `changes` are those that were made to its codes before (`readCodes`). */
export function explainDip(catalogue: DipCatalogue, given: Case, changes: readonly CodeChange[] = []): DipExplanation {
  const { outcome, group, name, key, facts, tried } = traceCase(catalogue, given)
  const { diagnoses, procedures, lists, manifest } = catalogue
  return {
    scheme: { id: manifest.id, hash: catalogue.hash },
    changes,
    diagnoses: given.diagnoses
      .filter(code => code !== '')
      .map((code, place) => ({
        place: place === 0 ? 'principal' : 'other',
        code,
        name: diagnoses.names[diagnoses.ids.get(code) ?? 0] ?? '',
        known: (diagnoses.names[diagnoses.ids.get(code) ?? 0] ?? '') !== '',
      })),
    operations: (facts?.operations ?? []).map(({ code, use }, place) => {
      const excluded = lists.excludedOperations.get(code)
      return {
        code,
        name: procedures.names[procedures.ids.get(code) ?? 0] ?? '',
        known: procedures.ids.has(code),
        use,
        main: place === facts?.main,
        ...(excluded === undefined ? {} : { rule: excluded.rule, scope: excluded.scope }),
      }
    }),
    keys: facts === undefined ? [] : [...new Set(KEY_LEVELS.map(level => keyAt(facts.bare, level)))].filter(Boolean),
    steps: tried.map(({ layer, key: under, how, rows }) => ({
      layer,
      key: under,
      how,
      rows: rows.map(({ group: row, unmet }) => {
        return { code: row.code, name: row.name, dx: row.dx, main: row.main, related: row.related, unmet }
      }),
    })),
    outcome: facts === undefined ? outcome : { ...outcome, tags: tagsOf(catalogue, facts) },
    name,
    key,
    ...(group?.source === undefined ? {} : { source: group.source }),
    figures: group?.figures ?? {},
  }
}
