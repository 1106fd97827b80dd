import { Decimal } from '../../numbers/index.ts'
import type { LimitDocument, LimitsDocument } from './bands-document.ts'
import { insuranceCode } from './insurance.ts'

/** Whose limit is asked for. */
export interface LimitQuestion {
  readonly weight: Decimal
  readonly level: string
  readonly insurance: string
  readonly group: string
  readonly parent: string
}

/** A limit of the cost ratio; undefined where the policy has none for the level or insurance. */
export type LimitRule = (question: LimitQuestion) => Decimal | undefined

/** Compiles `low` or `high`: a group override first, then one limit, weight bands, or either by level or by insurance. */
export function compileLimit(limits: LimitsDocument): LimitRule {
  const overrides = new Map(Object.entries(limits.byGroup ?? {}).map(([group, limit]) => [group, new Decimal(limit)]))
  const general = generalLimit(limits)
  return question => overrides.get(question.group) ?? overrides.get(question.parent) ?? general(question)
}

function generalLimit(limits: LimitsDocument): LimitRule {
  const single = limits.limit ?? limits.bands
  if (single !== null) return byWeight(single)
  const entries = Object.entries(limits.byLevel ?? limits.byScheme ?? {})
  const rules = new Map(entries.map(([key, limit]) => [insuranceCode(key), byWeight(limit)]))
  const key = limits.byLevel === null ? 'insurance' : 'level'
  return question => rules.get(question[key])?.(question)
}

function byWeight(limit: LimitDocument): LimitRule {
  if (typeof limit === 'string') {
    const value = new Decimal(limit)
    return () => value
  }
  const bands = limit.map(([upTo, value]) => ({
    upTo: upTo === null ? null : new Decimal(upTo),
    value: new Decimal(value),
  }))
  return ({ weight }) => bands.find(({ upTo }) => upTo === null || weight.lte(upTo))?.value
}
