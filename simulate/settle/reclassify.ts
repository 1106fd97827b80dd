import type { Decimal } from '../../numbers/index.ts'
import { compilePolicy, type Policy } from '../policy/policy.ts'
import type { Settlement } from './region.ts'

/** How the classes of a year were decided again by its final point value. */
export interface Reclassified {
  /** Cases whose class is another one than by the year-start value. */
  readonly cases: number
  readonly passes: number
  /** Whether the last pass left points and money of every case as they were. */
  readonly settled: boolean
  /** The policy with the point values that the cases were valued by. */
  readonly policy: Policy
}

/** More passes than any region has been seen to need; a cycle of two states ends here too. */
const MOST = 20

/** What the values of cases are compared by. */
interface Valued {
  readonly values: { readonly class: Uint8Array; readonly points: Float64Array; readonly paid: Float64Array }
}

/** A policy with other year-start point values by insurance; those that are not named stay. */
export function withPointValues(
  policy: Policy,
  values: ReadonlyMap<string, Decimal>,
  insurances: readonly string[],
): Policy {
  if (values.size === 0) return policy
  const pointValue = Object.fromEntries(
    [...new Set([...insurances, ...values.keys()])].flatMap(insurance => {
      const value = values.get(insurance) ?? policy.pointValue({ level: '', insurance })
      return value === undefined ? [] : [[insurance, value.toFixed()] as const]
    }),
  )
  return compilePolicy({ ...policy.document, pointValue })
}

/**
 * Decides classes again by the point value that they lead to, until nothing changes (`reclassifyAtYearEnd`, §4.2). The
 * value and the classes depend on each other: where they go round in a circle the last pass counts, and is said.
 */
export function reclassify<T extends Valued>(
  policy: Policy,
  insurances: readonly string[],
  value: (policy: Policy) => T,
  settle: (valued: T) => Settlement,
): T & { readonly reclassified: Reclassified } {
  const first = value(policy)
  let by = policy
  let last = first
  for (let passes = 1; ; passes++) {
    const final = new Map<string, Decimal>()
    for (const pool of settle(last).pools)
      if (pool.pointValue?.gt(0) === true) for (const one of pool.insurances) final.set(one, pool.pointValue)
    by = withPointValues(policy, final, insurances)
    const next = value(by)
    const settled = isSame(next.values.points, last.values.points) && isSame(next.values.paid, last.values.paid)
    last = next
    if (!settled && passes < MOST) continue
    let cases = 0
    for (let i = 0; i < last.values.class.length; i++) if (last.values.class[i] !== first.values.class[i]) cases++
    return { ...last, reclassified: { cases, passes, settled, policy: by } }
  }
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => value === b[i])
}
