import { type GroupedCases, type Hospital, NO_STAY } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'
import { type CountedCases, countVolumes, type VolumeCounts } from './volume-counts.ts'

/** Sums by group that some rules compare a case with; a rule that needs none gets empty columns. */
export interface GroupFacts {
  /** Cases of the group (status 0), and their cost in fen. */
  readonly cases: Float64Array
  readonly cost: Float64Array
  /** Cases with a known stay, and their days. */
  readonly stays: Float64Array
  readonly days: Float64Array
  /** The same by `level * groups + group`; levels as listed. */
  readonly levels: readonly string[]
  readonly levelCases: Float64Array
  readonly levelCost: Float64Array
  /** What counts against volume caps; null: the policy has none. */
  readonly volume: VolumeCounts | null
}

/** Whether a policy compares a case with the other cases of its group. */
export function asksGroups({ ratioMoney, rules, blank }: Policy): boolean {
  return (
    ratioMoney === 'groupMean' ||
    ratioMoney === 'levelMean' ||
    blank !== null ||
    rules.volumeCap.size > 0 ||
    rules.early?.mode === 'proRata'
  )
}

/**
 * Counts and sums of the grouped cases of a region. Integers, so that the order of cases does not show. Volume caps may
 * count other cases: those of the year where `cases` are those of some months.
 */
export function groupFacts(
  cases: GroupedCases,
  hospitals: readonly Hospital[],
  policy: Policy,
  counted: CountedCases = { cases },
): GroupFacts {
  const groups = cases.groups.length
  const levels = [...new Set(hospitals.map(hospital => hospital.level))].sort()
  const levelOf = Uint16Array.from(hospitals, hospital => levels.indexOf(hospital.level))
  const facts = {
    cases: new Float64Array(groups),
    cost: new Float64Array(groups),
    stays: new Float64Array(groups),
    days: new Float64Array(groups),
    levels,
    levelCases: new Float64Array(groups * levels.length),
    levelCost: new Float64Array(groups * levels.length),
    volume: countVolumes(counted, policy),
  }
  if (asksGroups(policy)) sum(cases, levelOf, facts)
  return facts
}

function sum(
  { count, status, group, hospital, los, cost, groups }: GroupedCases,
  levelOf: Uint16Array,
  facts: GroupFacts,
): void {
  const width = groups.length
  for (let i = 0; i < count; i++) {
    if (status[i] !== 0) continue
    const g = group[i]!
    const cell = levelOf[hospital[i]!]! * width + g
    facts.cases[g]! += 1
    facts.cost[g]! += cost[i]!
    facts.levelCases[cell]! += 1
    facts.levelCost[cell]! += cost[i]!
    if (los[i] === NO_STAY) continue
    facts.stays[g]! += 1
    facts.days[g]! += los[i]!
  }
}
