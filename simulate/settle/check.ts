import { Decimal } from '../../numbers/index.ts'
import type { Hospital } from '../../weights/index.ts'
import { lowThreshold } from '../policy/bands.ts'
import { opensAtMean, type Policy, priceOf } from '../policy/policy.ts'
import type { Budget } from './region.ts'

/** What is known of a region before its cases are read. */
export interface Terms {
  readonly policy: Policy
  readonly budgets: readonly Budget[]
  readonly hospitals: readonly Hospital[]
  /** Provisional point value by insurance. */
  readonly provisional: ReadonlyMap<string, Decimal>
}

const ONE: Decimal = new Decimal(1)

/** Refuses a policy without a price, threshold or limit for an insurance with a budget and a level of the hospitals. */
export function checkPrices({ policy, budgets, hospitals, provisional }: Terms): void {
  const levels = [...new Set(hospitals.map(hospital => hospital.level))]
  for (const { insurance } of budgets) {
    if (policy.ratioMoney === 'meanFactor')
      for (const { code, level } of hospitals)
        priceOf(policy, 'meanFactor', policy.byHospital ? { level, insurance, hospital: code } : { level, insurance })
    for (const level of levels) {
      const setting = { level, insurance }
      if (policy.method === 'rate' || policy.floating) priceOf(policy, 'rate', setting)
      else if (policy.ratioMoney === 'pointValue' || (!provisional.has(insurance) && !opensAtMean(policy.document)))
        priceOf(policy, 'pointValue', setting)
      lowThreshold(policy, { ...setting, weight: ONE, group: '', parent: '' })
    }
  }
}
