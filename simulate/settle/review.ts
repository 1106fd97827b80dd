import { Decimal, type Fen, roundFen } from '../../numbers/index.ts'
import {
  type CoefficientTable,
  type GroupedCases,
  type Hospital,
  NO_MARK,
  NO_STAY,
  type WeightTable,
} from '../../weights/index.ts'
import { isListed, weightOf } from '../policy/case-rules.ts'
import { baseCoefficient, isBaseGroup, opensAtMean, type Policy, priceOf } from '../policy/policy.ts'
import { dischargeTest } from './discharges.ts'

/** Inputs of a review; `hospitals` in the order of `cases.hospitals`. */
export interface ReviewInput {
  readonly policy: Policy
  readonly cases: GroupedCases
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  readonly hospitals: readonly Hospital[]
}

interface Candidate {
  readonly i: number
  readonly cost: Fen
  /** Payment standard, fen. */
  readonly standard: Fen
}

/**
 * The cases that special-case review accepts (特例单议): those marked so, then the applications in the order that the rule
 * ranks them, down to the quota of the pool's discharges. By case 1 or 0; null where the policy has no review.
 */
export function acceptedCases(input: ReviewInput): Uint8Array | null {
  const { policy, cases } = input
  const rule = policy.rules.review
  if (rule === null) return null
  const accepted = new Uint8Array(cases.count)
  const standardOf = createStandard(input)
  const isDischarge = dischargeTest(policy)
  const pools = policy.document.pools === 'joint' ? 1 : cases.insurances.length
  const discharges = new Float64Array(pools)
  const taken = new Float64Array(pools)
  const candidates: Candidate[][] = Array.from({ length: pools }, () => [])
  const marks = cases.facts?.marks ?? [NO_MARK]
  const counts = Uint8Array.from(marks, mark => (isDischarge(mark) ? 1 : 0))
  const markOf = cases.facts?.mark ?? new Uint8Array(cases.count)
  for (let i = 0; i < cases.count; i++) {
    if (cases.status[i] === 3) continue
    const pool = pools === 1 ? 0 : cases.insurance[i]!
    discharges[pool]! += counts[markOf[i]!]!
    const { review } = marks[markOf[i]!]!
    if (review === 'accepted') {
      accepted[i] = 1
      taken[pool]! += 1
      continue
    }
    if (review === 'refused' || cases.status[i] !== 0) continue
    if (review === '' && rule.applications === 'marked') continue
    const standard = eligible(input, i, standardOf)
    if (standard !== undefined) candidates[pool]!.push({ i, cost: cases.cost[i]!, standard })
  }
  for (const [pool, list] of candidates.entries()) {
    const quota = rule.quota.times(discharges[pool]!).floor().toNumber()
    list.sort((a, b) => RANKS[rule.rank](a, b) || byFacts(cases, a.i, b.i))
    for (const { i } of list.slice(0, Math.max(quota - taken[pool]!, 0))) accepted[i] = 1
  }
  return accepted
}

/** Which of two applications comes first: positive for the second. */
const RANKS: Readonly<Record<'excess' | 'ratio' | 'cost', (a: Candidate, b: Candidate) => number>> = {
  excess: (a, b) => b.cost - b.standard - (a.cost - a.standard),
  ratio: (a, b) => Number(BigInt(b.cost) * BigInt(a.standard) - BigInt(a.cost) * BigInt(b.standard)),
  cost: (a, b) => b.cost - a.cost,
}

/** Cases of equal rank in an order that does not depend on the order of the input. */
function byFacts({ hospitals, hospital, group, cost, month }: GroupedCases, a: number, b: number): number {
  const [first, second] = [hospitals[hospital[a]!] ?? '', hospitals[hospital[b]!] ?? '']
  if (first !== second) return first < second ? -1 : 1
  return group[a]! - group[b]! || cost[b]! - cost[a]! || month[a]! - month[b]! || a - b
}

/** The standard in fen of a case that a trigger lets apply; undefined where none does or it has no standard. */
function eligible(
  { policy, cases }: ReviewInput,
  i: number,
  standardOf: (i: number) => Standard | null,
): Fen | undefined {
  const rule = policy.rules.review
  const standard = standardOf(i)
  if (rule === null || standard === null) return undefined
  const { ratio, days } = rule
  const cost = cases.cost[i]!
  const byRatio = ratio !== null && cost > standard.trigger
  const byDays = days !== null && cases.los[i] !== NO_STAY && cases.los[i]! >= days
  return (ratio === null && days === null) || byRatio || byDays ? standard.fen : undefined
}

interface Standard {
  /** w·k·R or w·k·S·PV₀, fen. */
  readonly fen: Fen
  /** Highest cost in fen that does not exceed the trigger. */
  readonly trigger: Fen
}

/** The payment standard of a case, kept by group, hospital, insurance and the days of a long stay. */
function createStandard({
  policy,
  cases,
  weights,
  coefficients,
  hospitals,
}: ReviewInput): (i: number) => Standard | null {
  const known = new Map<number, Standard | null>()
  const ratio = policy.rules.review?.ratio ?? null
  const { longStay, daySurgery } = policy.rules
  const isDaily = cases.groups.map(
    (code, g) => longStay !== null && isListed(longStay.groups, code, cases.parents[g] ?? ''),
  )
  return i => {
    const mark = cases.facts?.marks[cases.facts.mark[i]!] ?? NO_MARK
    const grassroots = policy.base?.marked === true && mark.grassroots
    const [group, hospital, insurance] = [cases.group[i]!, cases.hospital[i]!, cases.insurance[i]!]
    const los = cases.los[i]!
    // The weight of a long stay is that of a day, unless it is a day surgery with the standard of its own.
    const isLong =
      isDaily[group]! && los !== NO_STAY && los >= (longStay?.from ?? 0) && !(daySurgery !== null && mark.daySurgery)
    const days = isLong ? (longStay?.standardDays ?? los) : null
    const place = (group * hospitals.length + hospital) * cases.insurances.length + insurance
    const key = (place * 2 + Number(grassroots)) * (NO_STAY + 1) + (days ?? NO_STAY)
    const found = known.get(key)
    if (found !== undefined) return found
    const [name, parent] = [cases.groups[group] ?? '', cases.parents[group] ?? '']
    const { weight } = weightOf(policy.rules, weights.weight[group] ?? null, name, parent)
    const { code, level } = hospitals[hospital]!
    const setting = { level, insurance: cases.insurances[insurance] ?? '' }
    let standard: Standard | null = null
    if (weight !== null) {
      const isBase = isBaseGroup(policy, name, parent, grassroots)
      const { base } = policy
      const codes = { group: cases.groups[group] ?? '', parent: cases.parents[group] ?? '' }
      const own = coefficients.of(group, level, code)
      const k = isBase ? baseCoefficient(policy, codes, own) : own
      const rated = isBase && base?.mode === 'rateOfLevel' ? { ...setting, level: base.level } : setting
      const unit =
        policy.method === 'rate'
          ? priceOf(policy, 'rate', rated)
          : opensAtMean(policy.document)
            ? (policy.avgCost ?? new Decimal(weights.meanCost).div(100))
            : policy.scale.times(priceOf(policy, 'pointValue', setting))
      const units = weight.times(days ?? 1).times(days === null || longStay?.timesK === true ? k : 1)
      const exact = units.times(unit).times(100)
      standard = { fen: roundFen(exact), trigger: ratio === null ? 0 : exact.times(ratio).floor().toNumber() }
    }
    known.set(key, standard)
    return standard
  }
}
