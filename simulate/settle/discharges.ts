import type { CaseMark } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'

/**
 * Whether a case with a mark is a discharge for quotas: a day surgery, or a stay after which the patient was back within the
 * days of the readmission rule, may not be one.
 */
export function dischargeTest({ rules }: Policy): (mark: CaseMark) => boolean {
  const { daySurgery, readmission } = rules
  return ({ daySurgery: isDay, readmittedAfter: after }) =>
    !(isDay && daySurgery?.isDischarge === false) &&
    !(after !== null && readmission?.isDischarge === false && after <= readmission.days)
}
