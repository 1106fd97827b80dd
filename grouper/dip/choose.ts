import { countingCodes, type DipFacts } from './facts.ts'
import type { Decision } from './outcome.ts'
import type { DipCatalogue, DipGroup, TieStep } from './types.ts'
import { countsAnywhere, operationsNamed, relatedCodes } from './unmet.ts'

/** Which of the rows that fit a case is its group. */
export interface Chosen {
  readonly group: DipGroup
  /** Rows that fit equally well, by sequence number; the chosen one alone where there is no tie. */
  readonly candidates: readonly DipGroup[]
  /** Absent without a tie. */
  readonly decidedBy?: Decision
}

/** Steps that belong to the match itself: what they leave open is a tie, which is reported. */
const MATCHING_STEPS: ReadonlySet<TieStep> = new Set(['most-conditions', 'most-operations'])

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
