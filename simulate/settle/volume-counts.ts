import { Decimal } from '../../numbers/index.ts'
import { type GroupedCases, NO_MARK } from '../../weights/index.ts'
import type { VolumeCount } from '../policy/case-rules.ts'
import type { Policy } from '../policy/policy.ts'
import { dischargeTest } from './discharges.ts'

/** How many cases of a region count against each volume cap (总控人次), month by month. */
export interface VolumeCounts {
  /** Position of the cap that each group counts against; −1: none. */
  readonly capOf: Int32Array
  /** What counts against the cap of a group, seen from a month (its position; −1: the year). */
  at(group: number, month: number): VolumeCount
}

/** The cases that volume caps count, and how often each of them counts; default: once. */
export interface CountedCases {
  readonly cases: GroupedCases
  readonly factorOf?: (i: number) => Decimal
}

/** Position of the cap that each group counts against: its own, else that of its ADRG; −1: none. */
export function capsOfGroups(
  { rules }: Policy,
  { groups, parents }: Pick<GroupedCases, 'groups' | 'parents'>,
): Int32Array {
  const positions = new Map([...rules.volumeCap.keys()].map((code, at) => [code, at]))
  return Int32Array.from(groups, (code, g) => positions.get(code) ?? positions.get(parents[g] ?? '') ?? -1)
}

/** Whether a case of a group under a cap counts against it: grouped cases that the policy takes for discharges do. */
export function countsTest(
  policy: Policy,
  { status, facts }: Pick<GroupedCases, 'status' | 'facts'>,
): (i: number) => boolean {
  const isDischarge = dischargeTest(policy)
  return i => status[i] === 0 && isDischarge(facts?.marks[facts.mark[i]!] ?? NO_MARK)
}

/** Counts the cases of every cap. Null where the policy has no cap. */
export function countVolumes({ cases, factorOf }: CountedCases, policy: Policy): VolumeCounts | null {
  const { volumeCap } = policy.rules
  if (volumeCap.size === 0) return null
  const { count, group, month, months, groups, parents } = cases
  const capOf = capsOfGroups(policy, { groups, parents })
  const counts = countsTest(policy, cases)
  const inMonth = Array.from({ length: volumeCap.size * months.length }, () => new Map<Decimal, number>())
  for (let i = 0; i < count; i++) {
    const cap = capOf[group[i]!]!
    if (cap < 0 || !counts(i)) continue
    const byFactor = inMonth[cap * months.length + month[i]!]!
    const factor = factorOf?.(i) ?? ONE
    byFactor.set(factor, (byFactor.get(factor) ?? 0) + 1)
  }
  const totals = inMonth.map(byFactor => [...byFactor].reduce((sum, [factor, n]) => sum.plus(factor.times(n)), ZERO))
  const sum = (cap: number, isAmong: (code: string) => boolean): Decimal =>
    months.reduce((all, code, m) => (isAmong(code) ? all.plus(totals[cap * months.length + m]!) : all), ZERO)
  return {
    capOf,
    at(g, m) {
      const cap = capOf[g]!
      const own = months[m] ?? ''
      return {
        cases: sum(cap, () => true),
        before: sum(cap, code => code < own),
        inMonth: m < 0 ? ZERO : totals[cap * months.length + m]!,
      }
    },
  }
}

const [ZERO, ONE]: readonly [Decimal, Decimal] = [new Decimal(0), new Decimal(1)]
