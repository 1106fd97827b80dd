import { formatFen } from '../../numbers/index.ts'
import { countingCodes, type DipFacts } from './facts.ts'
import { meetsTerm } from './keys.ts'
import type { DipCatalogue, DipGroup } from './types.ts'

/** One thing that a row asks for and a case does not have. Keys are stable: programs may read them. */
export interface Unmet {
  readonly what: /** The main operation is none of `codes`. */
    | 'main'
    /** The row is for cases without a usable operation. */
    | 'conservative'
    /** No other operation is one of `codes`. */
    | 'related'
    /** No operation, wherever it stands, is one of `codes`. */
    | 'operation'
    /** No diagnosis meets one of `codes`. */
    | 'any-dx'
    /** No other diagnosis meets one of `codes`. */
    | 'other-dx'
    | 'age'
    | 'weight'
    | 'burn-area'
    | 'drug-resistant'
    | 'not-drug-resistant'
    /** The related operations cost too small a share of the bill; `codes` hold their cost and the share, `800.00` and `10%`. */
    | 'related-share'
  /** What would meet it. */
  readonly codes: readonly string[]
}

/** What a case lacks for a row whose diagnosis it has; empty where the row fits. */
export function unmetBy(catalogue: DipCatalogue, group: DipGroup, facts: DipFacts): Unmet[] {
  return [
    ...unmetConditions(group, facts),
    ...unmetOperations(catalogue, group, facts),
    ...unmetShare(catalogue, group, facts),
  ]
}

/**
 * The largest bill in fen on which a row may still stand, by the share that its related operations have to make up; undefined
 * where none is asked for, or their cost is not known.
 */
export function largestBill({ manifest }: DipCatalogue, { main, related, figures }: DipGroup): number | undefined {
  const { relatedShare } = manifest.matching
  if (relatedShare === undefined || main.length === 0 || related.length === 0) return undefined
  return figures.relatedCost === undefined ? undefined : Math.floor((figures.relatedCost * 100) / relatedShare)
}

function unmetShare(catalogue: DipCatalogue, group: DipGroup, { given }: DipFacts): Unmet[] {
  const largest = largestBill(catalogue, group)
  if (largest === undefined || given.totalCost === undefined || given.totalCost <= largest) return []
  const share = `${catalogue.manifest.matching.relatedShare}%`
  return [{ what: 'related-share', codes: [formatFen(group.figures.relatedCost!), share] }]
}

/** What a case lacks beside the operations. */
export function unmetConditions({ conditions }: DipGroup, facts: DipFacts): Unmet[] {
  const { anyDx, otherDx, ageDaysBelow, weight, burnArea, drugResistant } = conditions
  const { diagnoses, weight: grams = 0 } = facts.given
  const unmet: Unmet[] = []
  const some = (codes: readonly string[], terms: readonly string[]): boolean =>
    codes.some(code => terms.some(term => meetsTerm(code, term)))
  if (anyDx !== undefined && !some(diagnoses, anyDx)) unmet.push({ what: 'any-dx', codes: anyDx })
  if (otherDx !== undefined && !some(diagnoses.slice(1), otherDx)) unmet.push({ what: 'other-dx', codes: otherDx })
  if (ageDaysBelow !== undefined && (facts.ageDays < 0 || facts.ageDays >= ageDaysBelow)) {
    unmet.push({ what: 'age', codes: [`<${ageDaysBelow}`] })
  }
  // A weight that is missing, or 0 as exports write it, is in no band.
  if (weight !== undefined && (grams <= 0 || grams < weight[0] || grams > weight[1])) {
    unmet.push({ what: 'weight', codes: [weight.join('-')] })
  }
  if (burnArea !== undefined && (facts.burnArea < burnArea[0] || facts.burnArea > burnArea[1])) {
    unmet.push({ what: 'burn-area', codes: [burnArea.join('-')] })
  }
  if (drugResistant !== undefined && facts.drugResistant !== drugResistant) {
    unmet.push({ what: drugResistant ? 'drug-resistant' : 'not-drug-resistant', codes: [] })
  }
  return unmet
}

/** Whether a row asks for nothing about operations: a row of 先期 without main operation. */
export function asksNoOperation({ layer, main, related }: DipGroup): boolean {
  return layer === 'XQ' && main.length === 0 && related.length === 0
}

function unmetOperations(catalogue: DipCatalogue, group: DipGroup, facts: DipFacts): Unmet[] {
  if (asksNoOperation(group)) return []
  if (group.main.length === 0) return facts.conservative ? [] : [{ what: 'conservative', codes: [] }]
  if (countsAnywhere(catalogue, group)) {
    const codes = new Set(countingCodes(facts))
    return [group.main, ...group.related]
      .filter(factor => !someNamed(catalogue, factor, codes))
      .map(factor => ({ what: 'operation', codes: factor }))
  }
  const unmet: Unmet[] = []
  const main = facts.operations[facts.main]?.code
  if (main === undefined || !someNamed(catalogue, group.main, new Set([main])))
    unmet.push({ what: 'main', codes: group.main })
  const others = relatedCodes(facts)
  for (const factor of group.related) {
    if (!someNamed(catalogue, factor, others)) unmet.push({ what: 'related', codes: factor })
  }
  return unmet
}

/** Whether the operations of a row count wherever they stand. */
export function countsAnywhere({ manifest }: DipCatalogue, group: DipGroup): boolean {
  return group.position === 'any' || manifest.matching.mainOperation === 'any'
}

/** Codes of the operations other than the main one that count. */
export function relatedCodes({ operations, main }: DipFacts): Set<string> {
  return new Set(operations.filter(({ use }, place) => use !== 'dropped' && place !== main).map(({ code }) => code))
}

const expansions = new WeakMap<DipCatalogue, Map<string, readonly string[]>>()

/** The codes that a listed operation stands for: itself, or all that begin with it where short ones stand for their children. */
export function operationsNamed(catalogue: DipCatalogue, listed: string): readonly string[] {
  if (catalogue.manifest.matching.shortOperations === 'exact' || isFullOperation(listed)) return [listed]
  const known = expansions.get(catalogue) ?? new Map<string, readonly string[]>()
  expansions.set(catalogue, known)
  let codes = known.get(listed)
  if (codes === undefined) {
    codes = catalogue.procedures.codes.filter(code => code.startsWith(listed))
    known.set(listed, codes)
  }
  return codes
}

/** Characters of a full operation code such as `47.0100`. */
const FULL_LENGTH = 7

/** Whether an operation of a catalogue is a full code, not the beginning of several. */
export function isFullOperation(code: string): boolean {
  return code.length >= FULL_LENGTH
}

function someNamed(catalogue: DipCatalogue, listed: readonly string[], codes: ReadonlySet<string>): boolean {
  return listed.some(code => operationsNamed(catalogue, code).some(each => codes.has(each)))
}
