import { countingCodes, type DipFacts, propertyNumber } from './facts.ts'
import { meetsTerm } from './keys.ts'
import type { Decision } from './outcome.ts'
import type { DipCatalogue, DipGroup, TieStep } from './types.ts'
import { countsAnywhere, isFullOperation, operationsNamed, relatedCodes } from './unmet.ts'

/** Which of the rows that fit a case is its group. */
export interface Chosen {
  readonly group: DipGroup
  /** Rows that fit equally well, by sequence number; the chosen one alone where there is no tie. */
  readonly candidates: readonly DipGroup[]
  /** Absent without a tie. */
  readonly decidedBy?: Decision
}

/** Steps that belong to the match itself: what they leave open is a tie, which is reported. */
const MATCHING_STEPS: ReadonlySet<TieStep> = new Set([
  'most-conditions',
  'most-operations',
  'exact-operations',
  'main-operation',
  'full-codes',
])

/** How many steps at the head of a tie rule belong to the match itself. */
export function matchingSteps(rule: readonly TieStep[]): number {
  const first = rule.findIndex(step => !MATCHING_STEPS.has(step))
  return first < 0 ? rule.length : first
}

/** Chooses among rows of one layer that fit (at least one). */
export function chooseRow(catalogue: DipCatalogue, rows: readonly DipGroup[], facts: DipFacts): Chosen {
  const { tieRule } = catalogue.manifest.matching
  const leading = matchingSteps(tieRule)
  let left = [...rows].sort((a, b) => a.sequence - b.sequence)
  for (const step of tieRule.slice(0, leading)) left = best(catalogue, left, step, facts)
  const candidates = left
  if (candidates.length === 1) return { group: candidates[0]!, candidates }
  // A primary and its metastasis meet two ranges of the tumour rows: the range that stands first counts.
  if (!candidates.every(({ conditions }) => conditions.otherDx !== undefined)) {
    for (const step of tieRule.slice(leading)) {
      left = best(catalogue, left, step, facts)
      if (left.length === 1) return { group: left[0]!, candidates, decidedBy: step }
    }
  }
  return { group: left[0]!, candidates, decidedBy: 'first' }
}

/** The rows that a step prefers. */
function best(catalogue: DipCatalogue, rows: readonly DipGroup[], step: TieStep, facts: DipFacts): DipGroup[] {
  const worth = rows.map(row => worthOf(catalogue, row, step, facts))
  const most = Math.max(...worth)
  return rows.filter((_, place) => worth[place] === most)
}

/** What a row is worth by a step; more is better. */
function worthOf(catalogue: DipCatalogue, row: DipGroup, step: TieStep, facts: DipFacts): number {
  switch (step) {
    case 'most-conditions':
      return factorCount(row)
    case 'most-operations': {
      const everywhere = countsAnywhere(catalogue, row)
      const named = namedOperations(catalogue, row)
      const codes = everywhere ? new Set(countingCodes(facts)) : relatedCodes(facts)
      return [...codes].filter(code => named.has(code)).length
    }
    case 'exact-operations': {
      const named = allOperations(catalogue, row)
      const codes = new Set(countingCodes(facts))
      return codes.size === factorCount(row) && [...codes].every(code => named.has(code)) ? 1 : 0
    }
    case 'main-operation':
      return facts.main >= 0 && allOperations(catalogue, row).has(facts.operations[facts.main]!.code) ? 1 : 0
    case 'full-codes':
      return fullyMet(catalogue, row, facts)
    case 'type-order':
      return typeRank(catalogue, row)
    case 'narrowest':
      return -distinctCodes(row)
    case 'highest-score':
      return row.figures.score ?? -1
    case 'closest-cost': {
      const { totalCost } = facts.given
      if (totalCost === undefined) return 0
      return row.figures.meanCost === undefined ? -Infinity : -Math.abs(totalCost - row.figures.meanCost)
    }
  }
}

/** Operations that count for `most-operations`: those of a row, or its related ones where the main one stands apart. */
export function namedOperations(catalogue: DipCatalogue, row: DipGroup): Set<string> {
  const listed = [...(countsAnywhere(catalogue, row) ? row.main : []), ...row.related.flat()]
  return new Set(listed.flatMap(code => operationsNamed(catalogue, code)))
}

/** AND factors of a row, the main operation included. */
export function factorCount({ main, related }: DipGroup): number {
  return (main.length === 0 ? 0 : 1) + related.length
}

/** Distinct operation codes of a row. */
export function distinctCodes({ main, related }: DipGroup): number {
  return new Set([...main, ...related.flat()]).size
}

/** Every operation that a row names. */
export function allOperations(catalogue: DipCatalogue, { main, related }: DipGroup): Set<string> {
  return new Set([...main, ...related.flat()].flatMap(code => operationsNamed(catalogue, code)))
}

/** The full codes of each factor of a row, the main operation first; empty for a row without operations. */
export function fullFactors({ main, related }: DipGroup): string[][] {
  if (main.length === 0) return []
  return [main, ...related].map(factor => factor.filter(isFullOperation))
}

/** Factors of a row that a case meets by a full code. */
function fullyMet(catalogue: DipCatalogue, row: DipGroup, facts: DipFacts): number {
  const everywhere = countsAnywhere(catalogue, row)
  const main = new Set(facts.main < 0 ? [] : [facts.operations[facts.main]!.code])
  const others = everywhere ? new Set(countingCodes(facts)) : relatedCodes(facts)
  return fullFactors(row).filter((factor, place) => {
    const codes = place === 0 && !everywhere ? main : others
    return factor.some(code => codes.has(code))
  }).length
}

/** Worth of a row by `type-order`: its highest property of an operation first, then core before grassroots. */
export function typeRank(catalogue: DipCatalogue, row: DipGroup): number {
  const { lists, manifest } = catalogue
  const numbers = [...allOperations(catalogue, row)].map(code =>
    propertyNumber(lists.properties.get(code), manifest.matching.intervention),
  )
  return Math.max(1, ...numbers) * 2 + (isGrassrootsRow(catalogue, row) ? 0 : 1)
}

/** Whether a row is a grassroots group: it has a factor of its own, or the list of marks has all of its keys. */
function isGrassrootsRow({ lists }: DipCatalogue, { dx, main, figures }: DipGroup): boolean {
  if (figures.grassrootsFactor !== undefined) return true
  const covers = (term: string): boolean =>
    lists.tags.some(
      ({ tag, dx: key, operations }) =>
        tag === 'grassroots' &&
        (term === key || meetsTerm(term, key)) &&
        (main.length === 0 ? operations.length === 0 : main.every(code => operations.includes(code))),
    )
  return dx.length > 0 && dx.every(covers)
}
