import type { Case } from '../cases/case.ts'
import { RESISTANCE_MARK } from './catalogue.ts'
import { bareDiagnosis, categoryOf, KEY_LEVELS, keyAt, meetsTerm } from './keys.ts'
import { DIP_TAGS, type DipCatalogue, type DipTag, type OperationProperty, type PropertyNumber } from './types.ts'

/** What the exclusion rules leave an operation of a case. */
export type OperationUse =
  /** May be the main operation. */
  | 'usable'
  /** Counts as related only: by its rule, or out of its range. */
  | 'related-only'
  /** Does not count. */
  | 'dropped'

export interface UsedOperation {
  readonly code: string
  readonly use: OperationUse
}

/** A case as a catalogue sees it, after the exclusion rules. */
export interface DipFacts {
  readonly given: Case
  /** Principal diagnosis as given, and without its marks. */
  readonly principal: string
  readonly bare: string
  readonly operations: readonly UsedOperation[]
  /** Position of the main operation among `operations`; -1 for a conservative case. */
  readonly main: number
  readonly conservative: boolean
  /** Largest burnt surface in percent that another diagnosis tells; -1 where none does. */
  readonly burnArea: number
  readonly drugResistant: boolean
  /** Age in days for rules on newborns; -1 where not known or over a year. */
  readonly ageDays: number
}

/** Whether a catalogue can read a principal diagnosis at all: its code, or at least its category, is known. */
export function knowsDiagnosis(catalogue: DipCatalogue, code: string): boolean {
  return knownStem(catalogue, code) !== ''
}

/** The code itself, else its subcategory, else its category, whichever the catalogue's dictionary has; '' for none. */
export function knownStem({ diagnoses }: DipCatalogue, code: string): string {
  if (diagnoses.ids.has(code)) return code
  const bare = bareDiagnosis(code)
  return KEY_LEVELS.map(level => keyAt(bare, level)).find(key => key !== '' && diagnoses.ids.has(key)) ?? ''
}

/** The facts of a case with a principal diagnosis. */
export function dipFacts(catalogue: DipCatalogue, given: Case): DipFacts {
  const principal = given.diagnoses[0] ?? ''
  const bare = bareDiagnosis(principal)
  const uses = usesOf(catalogue, given.procedures, principal)
  const { operations, main } = uses
  const others = given.diagnoses.slice(1)
  const anyOperation = catalogue.manifest.matching.mainOperation === 'any'
  const counting = operations.filter(({ use }) => use !== 'dropped')
  return {
    given,
    principal,
    bare,
    operations,
    main,
    conservative: anyOperation
      ? counting.every(({ code }) => catalogue.lists.properties.get(code) === 'none')
      : main < 0,
    burnArea: Math.max(-1, ...others.map(burnAreaOf)),
    drugResistant: isResistant(catalogue, bare, others),
    ageDays: daysOld(given.ageYears ?? -1, given.ageDays ?? -1),
  }
}

/**
 * Age in days where it counts, under one year; -1 where it is not known or the case is older. Exports carry the days of a
 * whole life, which say by themselves that the case is old.
 */
export function daysOld(ageYears: number, ageDays: number): number {
  return ageYears > 0 || ageDays < 0 ? -1 : ageDays
}

/** What the exclusion rules make of the operations, and which of them is the main one. */
function usesOf(
  catalogue: DipCatalogue,
  procedures: readonly string[],
  principal: string,
): { operations: UsedOperation[]; main: number } {
  const { droppedOperation, limitedOperation } = catalogue.manifest.matching
  const operations: UsedOperation[] = []
  let main = -1
  for (const code of procedures) {
    const listed = catalogue.lists.excludedOperations.get(code)
    const inScope = listed?.scope.some(term => meetsTerm(principal, term)) ?? false
    const use: OperationUse =
      listed === undefined || (listed.rule === 'limited' && inScope)
        ? 'usable'
        : listed.rule === 'conservative'
          ? 'dropped'
          : 'related-only'
    const ends =
      (listed?.rule === 'conservative' && droppedOperation === 'conservative') ||
      (listed?.rule === 'limited' && !inScope && limitedOperation === 'conservative')
    if (main < 0 && ends) {
      return { operations: procedures.map(each => ({ code: each, use: 'dropped' })), main: -1 }
    }
    if (main < 0 && use === 'usable') main = operations.length
    operations.push({ code, use })
  }
  return { operations, main }
}

/** Percent of the body surface that a code of T31 or T32 tells, rounded down to tens; -1 for any other code. */
export function burnAreaOf(code: string): number {
  const bare = bareDiagnosis(code)
  return /^T3[12]\.\d/.test(bare) ? Number(bare[4]) * 10 : -1
}

/** Categories for which a listed principal diagnosis says drug resistance; under A17 and A18 it does not. */
const RESISTANT_CATEGORIES: ReadonlySet<string> = new Set(['A15', 'A16', 'A19'])

/** Whether a principal diagnosis alone says drug resistance. */
export function isResistantPrincipal({ lists }: DipCatalogue, code: string): boolean {
  return RESISTANT_CATEGORIES.has(categoryOf(code)) && lists.drugResistant.has(bareDiagnosis(code))
}

function isResistant(catalogue: DipCatalogue, bare: string, others: readonly string[]): boolean {
  return isResistantPrincipal(catalogue, bare) || others.some(code => bareDiagnosis(code) === RESISTANCE_MARK)
}

/** Codes of the operations that count, in the order of the case. */
export function countingCodes({ operations }: DipFacts): string[] {
  return operations.filter(({ use }) => use !== 'dropped').map(({ code }) => code)
}

/** The marks that a case has by its own diagnosis, main operation and stay. */
export function tagsOf(catalogue: DipCatalogue, facts: DipFacts): DipTag[] {
  const anyOperation = catalogue.manifest.matching.mainOperation === 'any'
  const main = facts.main < 0 ? [] : [facts.operations[facts.main]!.code]
  const operations = anyOperation ? countingCodes(facts) : main
  const los = facts.given.losDays ?? -1
  return DIP_TAGS.filter(tag =>
    catalogue.lists.tags.some(
      row =>
        row.tag === tag &&
        meetsTerm(facts.principal, row.dx) &&
        (row.operations.length === 0
          ? facts.conservative
          : row.operations.some(operation => operations.includes(operation))) &&
        (row.minDays === undefined || los >= row.minDays),
    ),
  )
}

/** The number of the comprehensive group that an operation of a property belongs to. */
export function propertyNumber(property: OperationProperty | undefined, intervention: 3 | 4): PropertyNumber {
  switch (property) {
    case 'surgery':
      return 4
    case 'intervention':
      return intervention
    case 'therapeutic':
      return 3
    case 'diagnostic':
      return 2
    default:
      return 1
  }
}

/** The property number of a case: of its main operation, or the highest of all that count. */
export function caseProperty(catalogue: DipCatalogue, facts: DipFacts): PropertyNumber {
  const { comprehensiveBy, intervention } = catalogue.manifest.matching
  const numberOf = (code: string): PropertyNumber => propertyNumber(catalogue.lists.properties.get(code), intervention)
  if (comprehensiveBy === 'main') return facts.main < 0 ? 1 : numberOf(facts.operations[facts.main]!.code)
  return Math.max(1, ...countingCodes(facts).map(numberOf)) as PropertyNumber
}
