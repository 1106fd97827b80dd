import type { Fen, Points } from '../../numbers/index.ts'
import { type CaseMoney, caseMoney } from './case-money.ts'
import { type CaseClass, CLASSES, poolClasses } from './classes.ts'
import { divideLedger } from './division.ts'
import type { CaseOrder } from './ledger-kernel.ts'
import type { RegionInput, ValuedRegion } from './region.ts'

/** What one case of a settled region came to. Fen; zero where it is outside the pool. */
export interface CaseResult {
  readonly class: CaseClass
  readonly inPool: boolean
  readonly points: Points
  readonly gross: Fen
  /** Fund due, before a negative year is floored. */
  readonly net: Fen
}

/** The money of the cases of a settled region, on demand: the cases of every cell add up to the ledger to the fen. */
export function regionCaseMoney(
  input: RegionInput,
  { values, ledger }: ValuedRegion,
  hospital?: string,
  order?: CaseOrder,
): CaseMoney {
  const division = divideLedger(ledger, input)
  return caseMoney(division, input.cases, values, input.policy.document.patientShare, hospital, order)
}

/** Reads what single cases came to. */
export function caseResults(
  input: Pick<RegionInput, 'policy'>,
  { values }: ValuedRegion,
  money: CaseMoney,
): (at: number) => CaseResult {
  const inside = poolClasses(input.policy)
  return at => ({
    class: CLASSES[values.class[at]!]!,
    inPool: inside[values.class[at]!] === 1,
    points: values.points[at]!,
    gross: money.gross[at]!,
    net: money.net[at]!,
  })
}
