import type { Decimal } from '../../numbers/index.ts'
import type { Decided } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'

/** Which rule a case falls under before own rules and cost bands are asked. */
export const RESTS = ['bands', 'stay', 'perDiem', 'review', 'daySurgery', 'longStay', 'early'] as const

export type Rest = (typeof RESTS)[number]

/** What sets a case apart from an ordinary one of its group: all that the line of its payment depends on beside the cost. */
export interface Variant {
  readonly rest: Rest
  /** Length of stay where the payment depends on it; −1 elsewhere. */
  readonly days: number
  /** Position of the rule that pays by the day; −1 elsewhere. */
  readonly perDiem: number
  /** Position of the age band; −1: none. */
  readonly age: number
  readonly tcm: boolean
  /** What a review decided for the case. */
  readonly decided: Decided | null
  /** Marked as a grassroots case (基层病种), where the policy asks. */
  readonly grassroots: boolean
  /** Auxiliary coefficient, a decimal; null: none. */
  readonly auxiliary: string | null
  readonly readmitted: boolean
  /** Position of the month where a volume cap counts by date; −1 elsewhere. */
  readonly month: number
  /** Id of a redirection that pays a share; '' without. */
  readonly redirect: string
  /** Bit n: the conditions of own rule n that concern the single case hold. */
  readonly own: number
  /** Facts of the case that those rules ask for. */
  readonly asked: Readonly<Record<string, Decimal | string | boolean | null>>
}

/** An ordinary case: only the rules without a condition on the single case apply. */
export function ordinary(policy: Policy): Variant {
  return {
    rest: 'bands',
    days: -1,
    perDiem: -1,
    age: -1,
    tcm: false,
    decided: null,
    grassroots: false,
    auxiliary: null,
    readmitted: false,
    month: -1,
    redirect: '',
    own: ordinaryRules(policy),
    asked: {},
  }
}

/** Bits of the own rules that need no fact of the single case. */
export function ordinaryRules({ rules }: Policy): number {
  return rules.own.reduce(
    (bits, rule, i) => (rule.guards.length === 0 && rule.asks.length === 0 ? bits | (1 << i) : bits),
    0,
  )
}
