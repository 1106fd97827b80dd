import { Decimal } from '../../numbers/index.ts'
import type { AuxiliaryChoice } from '../../weights/index.ts'
import { type CaseRules, isListed } from '../policy/case-rules.ts'
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

/** The auxiliary class that counts: of those of a case the one with the highest coefficient, the first of equals. */
export function auxiliaryOf(
  policy: Policy,
  { detail = {}, group, parent, status }: CaseInput,
): AuxiliaryChoice | undefined {
  const { auxiliary, tcm } = policy.rules
  const isTcm = detail.tcm === true || (tcm !== null && isListed(tcm.list, group, parent))
  const marks = {
    grassroots: detail.grassroots,
    tcm: isTcm,
    'bed-day': detail.bedDay,
    'day-surgery': detail.daySurgery,
  }
  if (auxiliary === null || status !== 0) return undefined
  if (Object.entries(marks).some(([mark, holds]) => holds === true && auxiliary.except.has(mark))) return undefined
  const classes = detail.auxiliary ?? []
  return classes.length === 0
    ? undefined
    : classes.reduce((best, one) => (new Decimal(one.coefficient).gt(best.coefficient) ? one : best))
}
