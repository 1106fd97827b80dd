import { Decimal } from '../../numbers/index.ts'
import { isListed } from '../policy/case-rules.ts'
import type { Policy } from '../policy/policy.ts'
import type { CaseInput, CasePrices, Quotient } from './case-input.ts'
import type { CaseClass } from './classes.ts'
import type { TcmStandard } from './tcm-standard.ts'
import type { TraceLine } from './trace.ts'

/** A boundary between classes in yuan of cost, as used. */
export interface Cutoff {
  readonly class: CaseClass
  readonly op: '<' | '<=' | '>' | '>='
  readonly yuan: Decimal
}

/** What a rule gives a case, before modifiers. */
export interface Earning {
  readonly class: CaseClass
  /** Yuan at the mean cost (points = S·value/A), money, or points. */
  readonly unit: 'worth' | 'money' | 'points'
  readonly value: Quotient
  /** Whether the weight of the group decides the amount; only then do age, Chinese medicine and volume matter. */
  readonly byGroup: boolean
  /** False where an auxiliary coefficient leaves the amount alone. */
  readonly auxiliary?: boolean
  readonly ratio?: Decimal
  readonly base?: Decimal
  readonly limit?: Decimal | null
  readonly cutoffs?: readonly Cutoff[]
}

/** Everything the rules ask about one case. Money in yuan. */
export interface Matter {
  readonly policy: Policy
  readonly one: CaseInput
  readonly prices: CasePrices
  /** Cost that counts: without items that are paid apart. */
  readonly cost: Decimal
  /** A for points, the rate R for rates. */
  readonly mean: Decimal
  /** Weight as it counts: after a partial standard and an age factor that comes first; null where there is none. */
  readonly weight: Decimal | null
  readonly coefficient: Decimal
  /** The own standard of a Chinese-medicine case; undefined without. */
  readonly tcm: TcmStandard | undefined
  readonly lines: TraceLine[]
}

export const ZERO: Decimal = new Decimal(0)
export const ONE: Decimal = new Decimal(1)

/** A decimal as a quotient. */
export function plain(value: Decimal): Quotient {
  return { n: value, d: ONE }
}

/** The product of two quotients. */
export function times(a: Quotient, b: Quotient): Quotient {
  return { n: a.n.times(b.n), d: a.d.times(b.d) }
}

/**
 * The days that the standard of a case is of: for a group whose weight is that of a day those that the policy says, else those
 * of the stay; null where the weight is that of the whole stay.
 */
export function standardDays({ policy, one, tcm }: Matter): number | null {
  const { longStay, daySurgery } = policy.rules
  if (longStay === null || one.status !== 0 || one.los === null || one.los < longStay.from) return null
  if (!isListed(longStay.groups, one.group, one.parent)) return null
  // These go before the rule for long stays, and have a weight of their own.
  if ((daySurgery !== null && one.detail?.daySurgery === true) || tcm?.bands === false) return null
  return longStay.standardDays ?? one.los
}

/** The standard of a case in units of weight: w·k, for a long stay w times its days; null without weight. */
export function standardWeight(matter: Matter): Decimal | null {
  const { policy, weight, coefficient } = matter
  const days = standardDays(matter)
  if (weight === null || days === null) return weight?.times(coefficient) ?? null
  const daily = weight.times(days)
  return policy.rules.longStay?.timesK === true ? daily.times(coefficient) : daily
}

/** Payment at the cost, in money. */
export function atCost(name: CaseClass, cost: Decimal): Earning {
  return { class: name, unit: 'money', value: plain(cost), byGroup: false }
}

/** A worth in yuan at the mean cost. */
export function worthOf(name: CaseClass, value: Quotient, byGroup: boolean): Earning {
  return { class: name, unit: 'worth', value, byGroup }
}
