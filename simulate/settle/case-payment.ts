import { Fault } from '../../messages/index.ts'
import { Decimal, type Fen, POINT_UNIT, type Points } from '../../numbers/index.ts'
import { isListed, weightOf } from '../policy/case-rules.ts'
import { baseCoefficient, isBaseGroup, type Policy, priceOf } from '../policy/policy.ts'
import { type AddOns, addOnsOf } from './add-ons.ts'
import type { CaseInput, CasePrices, Quotient } from './case-input.ts'
import { ageBand } from './case-test.ts'
import type { CaseClass } from './classes.ts'
import { earn } from './earn.ts'
import { type Cutoff, type Earning, type Matter, standardDays, standardWeight, ZERO } from './earning.ts'
import { factor } from './modifier-trace.ts'
import { modified } from './modify.ts'
import { type TcmStandard, tcmStandard } from './tcm-standard.ts'
import * as trace from './trace.ts'

/** What one case earns, and why. */
export interface CasePayment {
  readonly class: CaseClass
  /** Cost ratio (倍率) and the amount in yuan that it is taken against; null where the class does not depend on it. */
  readonly ratio: Decimal | null
  readonly base: Decimal | null
  /** High limit; null where the policy has none or the class does not depend on it. */
  readonly limit: Decimal | null
  readonly cutoffs: readonly Cutoff[]
  /** Coefficient used, after the rule for base groups. */
  readonly coefficient: Decimal
  /**
   * Payment standard (支付标准) w·k·R or w·k·S·PV in yuan, not rounded, that of a long stay for its days; null without weight
   * or price.
   */
  readonly standard: Decimal | null
  /** The days that the standard is of; null where the weight is that of the whole stay. */
  readonly standardDays: number | null
  /** Claim on the pool, in 1e-4 point; 0 for a case paid in money. */
  readonly points: Points
  /** Amount paid in money outside the point value, in fen; 0 for a case paid in points without items on top. */
  readonly paid: Fen
  /** Paid by a line outside the pool, in fen: items funded apart, accepted special cases funded apart. */
  readonly separate: Fen
  /** Payment from the pool in fen; null for points without a point value. */
  readonly pay: Fen | null
  /** Payment in points, also for a case paid in money; null without a point value and for rates. */
  readonly equivalent: Decimal | null
  readonly trace: readonly trace.TraceLine[]
}

/**
 * Pays one case by the letter of the policy: the meaning that the batch kernel is tested against.
 * Order of rules: docs/settlement.md, "What a case earns".
 */
export function payCase(policy: Policy, one: CaseInput, prices: CasePrices): CasePayment {
  const lines: trace.TraceLine[] = []
  const addOns = addOnsOf(policy, one, lines)
  const matter: Matter = {
    policy,
    one,
    prices,
    cost: new Decimal(one.cost - addOns.removed).div(100),
    mean: unitCost(policy, one, prices),
    coefficient: effectiveCoefficient(policy, one, lines),
    weight: effectiveWeight(policy, one, lines),
    tcm: tcmOf(policy, one),
    lines,
  }
  if (policy.document.unit === 'score' && one.status === 0 && matter.weight !== null)
    lines.push(trace.score(matter.weight.times(policy.scale), matter.coefficient))
  const earning = modified(matter, earn(matter))
  const value = positive(earning, lines)
  const { coefficient, mean } = matter
  const unit = policy.method === 'rate' ? mean : prices.pointValue && policy.scale.times(prices.pointValue)
  const shared = {
    class: earning.class,
    ratio: earning.ratio ?? null,
    base: earning.base ?? null,
    limit: earning.limit ?? null,
    cutoffs: earning.cutoffs ?? [],
    coefficient,
    standard: (unit && standardWeight(matter)?.times(unit)) ?? null,
    standardDays: standardDays(matter),
    trace: lines,
  }
  return { ...shared, ...settled(matter, earning, value, addOns) }
}

/** The result in points and money, each rounded once. */
function settled(
  { policy, one, prices, mean, lines }: Matter,
  earning: Earning,
  value: Quotient,
  addOns: AddOns,
): Pick<CasePayment, 'points' | 'paid' | 'separate' | 'pay' | 'equivalent'> {
  const { points: pointStep, money: moneyStep } = policy.rules.step
  const toFen = ({ n, d }: Quotient, step: number = moneyStep): Fen => stepped(n.times(100).div(d), step)
  const { pointValue } = prices
  const amount = fixedAmount(policy, one, earning)
  // Worth in yuan beyond the set amount goes by points.
  const beyond = value.n.minus(new Decimal(amount ?? 0).div(100).times(value.d))
  const isApart = earning.class === 'review' && policy.rules.review?.fundedBy === 'separate'
  const elastic = elasticRate(policy, one, earning)
  const isMoney =
    earning.unit === 'money' || elastic !== null || policy.method === 'rate' || (amount !== null && beyond.lte(0))
  if (isMoney && earning.unit !== 'points') {
    const money = elastic === null ? value : { n: value.n.times(elastic), d: value.d.times(mean) }
    const amount = toFen(money)
    lines.push(isApart ? trace.separate(amount) : trace.paid(amount))
    const paid = (isApart ? 0 : amount) + addOns.paid
    const extra = addOns.points
    const onPoints = pointValue === null ? ZERO : pointValue.times(extra).div(POINT_UNIT)
    const exact = money.n.div(money.d).plus(new Decimal(addOns.paid).div(100)).plus(onPoints)
    return {
      points: extra,
      paid,
      separate: (isApart ? amount : 0) + addOns.separate,
      pay: extra > 0 ? pointValue && paid + stepped(onPoints.times(100), 1) : paid,
      equivalent: policy.method === 'points' && pointValue !== null ? exact.div(pointValue) : null,
    }
  }
  // Worth counts at the mean cost; the quotient comes last, else A = 3 would cut it.
  const claim = earning.unit === 'points' ? value : { n: policy.scale.times(beyond), d: value.d.times(mean) }
  const fixed = amount ?? 0
  if (fixed > 0) lines.push(trace.fixedAmount(fixed))
  const points = stepped(claim.n.times(POINT_UNIT).div(claim.d), pointStep) + addOns.points
  const exact = claim.n.div(claim.d).plus(new Decimal(addOns.points).div(POINT_UNIT))
  // Unrounded points are priced, unless the policy itself rounds them.
  const priced = pointStep === 1 && addOns.points === 0 ? claim : { n: new Decimal(points), d: new Decimal(POINT_UNIT) }
  const pay = pointValue && stepped(priced.n.times(pointValue).times(100).div(priced.d), 1) + fixed + addOns.paid
  lines.push(trace.points(points, pay, pointValue))
  return { points, paid: fixed + addOns.paid, separate: addOns.separate, pay, equivalent: exact }
}

/** A value rounded half up to a multiple of a step. */
function stepped(value: Decimal, step: number): number {
  return value.div(step).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber() * step
}

/** The fixed rate of a group that is paid so inside a points pool; null for every other case. */
function elasticRate(policy: Policy, one: CaseInput, earning: Earning): Decimal | null {
  const { elastic } = policy.rules
  if (elastic === null || one.status !== 0 || earning.unit !== 'worth') return null
  if (!isListed(elastic.groups, one.group, one.parent)) return null
  const rate = elastic.rate(one)
  if (rate === undefined) throw noElasticRate(policy, one)
  return rate
}

/** What drugs and consumables of a group are paid in money under an elastic rate by cost kind, fen; null elsewhere. */
function fixedAmount({ rules }: Policy, { status, group, parent }: CaseInput, { unit, byGroup }: Earning): Fen | null {
  if (rules.fixedAmounts === null || status !== 0 || unit !== 'worth' || !byGroup) return null
  return rules.fixedAmounts.get(group) ?? rules.fixedAmounts.get(parent) ?? null
}

/** The fault for a group of the elastic list without a rate for its level and insurance. */
export function noElasticRate(policy: Policy, { level, insurance }: { level: string; insurance: string }): Fault {
  return new Fault({
    code: 'POL-003',
    at: { field: 'elastic.rate' },
    what: {
      zh: `政策 ${policy.id} 没有险种 ${insurance}、级别 ${level} 的固定费率。`,
      en: `Policy ${policy.id} has no fixed rate for insurance ${insurance} at level ${level}.`,
    },
    fix: { zh: '请在 elastic.rate 中补上。', en: 'Add it to elastic.rate.' },
  })
}

function positive(earning: Earning, lines: trace.TraceLine[]): Quotient {
  if (!earning.value.n.isNegative() || earning.value.n.isZero()) return earning.value
  lines.push(trace.floor())
  return { n: ZERO, d: earning.value.d }
}

/** Mean cost A of a points policy, or the rate of a rate policy, in yuan per unit of weight. */
export function unitCost(policy: Policy, one: CaseInput, prices: CasePrices): Decimal {
  if (policy.method === 'rate' || policy.floating) {
    const paidAsLevel =
      policy.base?.mode === 'rateOfLevel' && isBaseGroup(policy, one.group, one.parent, one.detail?.grassroots)
    return priceOf(policy, 'rate', paidAsLevel ? { ...one, level: policy.base?.level ?? one.level } : one)
  }
  const mean = policy.avgCost ?? prices.meanCost
  if (mean?.gt(0) === true) return mean
  throw new Fault({
    code: 'POL-008',
    at: { field: 'avgCost' },
    what: { zh: `政策 ${policy.id} 没有次均费用。`, en: `Policy ${policy.id} has no mean cost.` },
    fix: { zh: '请填写 avgCost，或提供含次均费用的权重表。', en: 'Give avgCost, or weights that carry the mean cost.' },
  })
}

/** The own standard of a grouped case that is marked as Chinese medicine. */
function tcmOf(policy: Policy, one: CaseInput): TcmStandard | undefined {
  if (one.status !== 0 || one.detail?.tcm !== true) return undefined
  return tcmStandard(policy, one, () => one.likeWeight)
}

function effectiveCoefficient(policy: Policy, one: CaseInput, lines: trace.TraceLine[]): Decimal {
  const { base } = policy
  const isBase = isBaseGroup(policy, one.group, one.parent, one.detail?.grassroots)
  if (tcmOf(policy, one)?.timesK === false) return new Decimal(1)
  if (base === null || base.mode === 'rateOfLevel' || !isBase) return one.coefficient
  const coefficient = baseCoefficient(policy, one, one.coefficient)
  lines.push(trace.baseGroup(base.mode, one.coefficient, coefficient))
  return coefficient
}

/** The weight after a redirection at a share, and an age factor that comes before the bands. */
export function effectiveWeight(policy: Policy, one: CaseInput, lines: trace.TraceLine[]): Decimal | null {
  const { detail } = one
  if (one.status === 0 && detail?.from !== undefined) lines.push(trace.redirected(detail.from, one.group))
  if (one.status !== 0) return one.weight === null || one.weight.isZero() ? null : one.weight
  const { weight: listed, isProvisional } = weightOf(policy.rules, one.weight, one.group, one.parent)
  const own = tcmOf(policy, one)?.weight ?? listed
  if (own === null) return null
  if (isProvisional && own === listed) lines.push(trace.provisional(one.group, own))
  let weight = own
  const partial = detail?.redirect === undefined ? undefined : policy.rules.redirect.get(detail.redirect)
  if (partial !== undefined && partial.to === null && isRedirected(partial.group, one)) {
    weight = weight.times(partial.share)
    lines.push(trace.partial(partial.share, weight))
  }
  const age = ageBand(policy, one)
  if (age?.beforeBands === true) {
    weight = weight.times(age.factor)
    lines.push(factor('age', age.factor))
  }
  return weight
}

function isRedirected(group: string, one: CaseInput): boolean {
  return group === one.group || group === one.parent
}
