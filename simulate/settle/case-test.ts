import type { CaseRules } from '../policy/case-rules.ts'
import type { Policy } from '../policy/policy.ts'
import type { CaseInput } from './case-input.ts'

/** The age band of a case; undefined where it is in none or the age is not known. */
export function ageBand(policy: Policy, { detail }: CaseInput): CaseRules['age'][number] | undefined {
  const { age, ageDays } = detail ?? {}
  return policy.rules.age.find(({ from, to, unit }) => {
    const value = unit === 'years' ? age : ageDays
    return value !== undefined && value >= from && value <= to
  })
}
