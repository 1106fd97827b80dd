import { Decimal } from '../../numbers/index.ts'
import { type Band, bandsOf } from './bands.ts'
import { usesCost } from './expression.ts'
import { costAt, settlementRatio, valueAt } from './jumps.ts'
import type { LimitQuestion } from './limit.ts'
import type { Policy } from './policy.ts'

/** A place where a dearer case earns less than a cheaper one, or where the pack does not state what would tell. */
export interface Fall {
  readonly at: 'inside' | 'boundary' | 'rule'
  /** Class that falls or ends there; id of the own rule. */
  readonly name: string
  readonly weight: Decimal
  readonly coefficient: Decimal
  /** In units of weight; null where it depends on a price or mean that the pack does not state. */
  readonly size: Decimal | null
}

const COEFFICIENTS: readonly Decimal[] = ['0.4', '0.8', '1', '1.2', '1.6'].map(text => new Decimal(text))
const NOTHING: Decimal = new Decimal(0)

/**
 * Where payment is not monotone in the cost (§4.5), for cases of some weights (`questions`): a band whose slope is negative, a
 * boundary at which it drops, an own rule that asks for the cost. Amounts at cost are compared at the year-start value.
 */
export function* fallsOf(
  policy: Policy,
  questions: readonly LimitQuestion[],
  coefficients: readonly Decimal[] = COEFFICIENTS,
): Generator<Fall> {
  for (const { id, when, formula, kind } of policy.rules.own) {
    if (!(kind !== 'factor' || when.some(usesCost) || usesCost(formula))) continue
    yield { at: 'rule', name: id, weight: NOTHING, coefficient: NOTHING, size: null }
  }
  for (const question of questions)
    for (const coefficient of coefficients) yield* fallsAt(policy, question, coefficient)
}

function* fallsAt(policy: Policy, question: LimitQuestion, coefficient: Decimal): Generator<Fall> {
  const bands = bandsOf(policy, question)
  const place = { weight: question.weight, coefficient }
  for (const [i, band] of bands.entries()) {
    const slope = band.alpha.plus(band.alphaK.times(coefficient))
    const byRatio = band.rho.plus(band.rhoK.times(coefficient))
    if (!band.costPaid && ((slope.isNegative() && !slope.isZero()) || (byRatio.isNegative() && !byRatio.isZero())))
      yield { at: 'inside', name: band.class, ...place, size: slope.plus(byRatio) }
    const next = bands[i + 1]
    if (band.upTo === null || next === undefined) continue
    const worth = (one: Band): Decimal | null => paidAt(policy, question, coefficient, one, band.upTo ?? NOTHING)
    const [left, right] = [worth(band), worth(next)]
    const size = left === null || right === null ? null : right.minus(left)
    if (size === null || size.lt('-1e-20')) yield { at: 'boundary', name: band.class, ...place, size }
  }
}

/** v at a ratio; a band that pays the cost is worth x ÷ q under a point value, x under a rate. */
function paidAt(
  policy: Policy,
  question: LimitQuestion,
  coefficient: Decimal,
  band: Band,
  ratio: Decimal,
): Decimal | null {
  const x = costAt(policy, question, coefficient, ratio)
  if (!band.costPaid) return valueAt(band, { x, ratio, weight: question.weight, coefficient })
  if (x === null || policy.method === 'rate') return x
  const q = settlementRatio(policy, question)
  return q === undefined ? null : x.div(q)
}
