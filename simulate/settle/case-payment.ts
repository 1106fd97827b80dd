import { Fault, type Text } from '../../messages/index.ts'
import { Decimal, type Fen, type Points, roundFen, roundPoints } from '../../numbers/index.ts'
import { highLimit, lowThreshold } from '../policy/bands.ts'
import { type Facts, type FormulaId, worth } from '../policy/formula.ts'
import { isBaseGroup, type Policy, priceOf } from '../policy/policy.ts'
import type { CaseClass } from './classes.ts'
import type { TraceLine } from './trace.ts'
import * as trace from './trace.ts'

/** One case as settlement sees it. */
export interface CaseInput {
  /** Code of the leaf, e.g. 'BR23', and of its ADRG. */
  readonly group: string
  readonly parent: string
  /** 0 grouped, 1 ambiguous (QY), 2 not grouped (0000), 3 invalid. */
  readonly status: 0 | 1 | 2 | 3
  /** Relative weight; null or zero where the group has none. */
  readonly weight: Decimal | null
  /** Whether the weight rests on enough cases. */
  readonly stable: boolean
  /** Coefficient of the hospital for this group, before the rule for base groups. */
  readonly coefficient: Decimal
  readonly level: string
  /** Code of the insurance scheme, e.g. '310'. */
  readonly insurance: string
  /** Total cost in fen. */
  readonly cost: Fen
  /** Length of stay in days; null where not known. */
  readonly los: number | null
}

/** Prices that do not stand in the policy. */
export interface CasePrices {
  /** Regional mean cost in yuan, for a policy that takes it from the data; null where not needed. */
  readonly meanCost: Decimal | null
  /** Point value in yuan at which the case is priced; null: points only. */
  readonly pointValue: Decimal | null
}

/** A boundary between classes in yuan of cost, as used. */
export interface Cutoff {
  readonly class: CaseClass
  readonly op: '<' | '<=' | '>' | '>='
  readonly yuan: Decimal
}

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
  /** Payment standard (支付标准) w·k·R or w·k·S·PV in yuan, not rounded; null without weight or price. */
  readonly standard: Decimal | null
  /** Claim on the pool, in 1e-4 point; 0 for a case paid in money. */
  readonly points: Points
  /** Amount paid in money outside the point value, in fen; 0 for a case paid in points. */
  readonly paid: Fen
  /** Payment in fen; null for points without a point value. */
  readonly pay: Fen | null
  /** Payment in points, also for a case paid in money; null without a point value and for rates. */
  readonly equivalent: Decimal | null
  readonly trace: readonly TraceLine[]
}

/** Either a worth in yuan at the mean cost (points = S·worth/A), or money as such. */
interface Earning {
  readonly class: CaseClass
  readonly worth: Decimal
  readonly inMoney: boolean
  readonly ratio?: Decimal
  readonly base?: Decimal
  readonly limit?: Decimal | null
  readonly cutoffs?: readonly Cutoff[]
}

/** Everything the rules ask about one case. Money in yuan. */
interface Matter {
  readonly policy: Policy
  readonly one: CaseInput
  readonly cost: Decimal
  /** A for points, the rate R for rates. */
  readonly mean: Decimal
  readonly weight: Decimal | null
  readonly coefficient: Decimal
  readonly lines: TraceLine[]
}

const ZERO: Decimal = new Decimal(0)

/**
 * Pays one case by the letter of the policy: the meaning that the batch kernel is tested against.
 * Order of rules: status, length of stay, group without a usable weight, cost bands (docs/settlement.md).
 */
export function payCase(policy: Policy, one: CaseInput, prices: CasePrices): CasePayment {
  const lines: TraceLine[] = []
  const weight = one.weight === null || one.weight.isZero() ? null : one.weight
  const cost = new Decimal(one.cost).div(100)
  const mean = unitCost(policy, one, prices)
  const coefficient = effectiveCoefficient(policy, one, lines)
  const earning = earn({ policy, one, cost, mean, weight, coefficient, lines })

  const positive = Decimal.max(earning.worth, 0)
  if (earning.worth.isNegative() && !earning.worth.isZero()) lines.push(trace.floor())
  const isMoney = earning.inMoney || policy.method === 'rate'
  const unit = policy.method === 'rate' ? mean : prices.pointValue && policy.scale.times(prices.pointValue)
  const standard = weight && unit && weight.times(coefficient).times(unit)
  const shared = {
    class: earning.class,
    ratio: earning.ratio ?? null,
    base: earning.base ?? null,
    limit: earning.limit ?? null,
    cutoffs: earning.cutoffs ?? [],
    coefficient,
    standard,
    trace: lines,
  }
  if (isMoney) {
    const paid = toFen(positive)
    lines.push(trace.paid(paid))
    const equivalent = policy.method === 'points' && prices.pointValue !== null ? positive.div(prices.pointValue) : null
    return { ...shared, points: 0, paid, pay: paid, equivalent }
  }
  const exact = policy.scale.times(positive).div(mean)
  const points = roundPoints(exact)
  // The product comes first: at A = 3 the quotient would be cut before it is multiplied.
  const pay = prices.pointValue && toFen(policy.scale.times(positive).times(prices.pointValue).div(mean))
  lines.push(trace.points(points, pay, prices.pointValue))
  return { ...shared, points, paid: 0, pay, equivalent: exact }
}

/** Mean cost A of a points policy, or the rate of a rate policy, in yuan per unit of weight. */
function unitCost(policy: Policy, one: CaseInput, prices: CasePrices): Decimal {
  if (policy.method === 'rate') {
    const paidAsLevel = policy.base?.mode === 'rateOfLevel' && isBaseGroup(policy, one.group, one.parent)
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

function effectiveCoefficient(policy: Policy, one: CaseInput, lines: TraceLine[]): Decimal {
  const { base } = policy
  if (base === null || base.mode === 'rateOfLevel' || !isBaseGroup(policy, one.group, one.parent))
    return one.coefficient
  const coefficient = base.mode === 'k' ? base.value : Decimal.min(one.coefficient, base.value)
  lines.push(trace.baseGroup(base.mode, one.coefficient, coefficient))
  return coefficient
}

function earn(matter: Matter): Earning {
  const { policy, one, lines, cost, weight } = matter
  if (one.status !== 0) return earnSpecial(matter)
  const { stay } = policy
  if (stay !== null && one.los !== null && (one.los <= stay.shortMax || one.los >= stay.longMin)) {
    lines.push(trace.stay(one.los, stay.mode))
    return { class: 'outsideLos', worth: stay.mode === 'ffs' ? cost : ZERO, inMoney: true }
  }
  if (weight === null || (!one.stable && policy.unstable !== 'standard')) {
    const inMoney = policy.unstable === 'ffs'
    lines.push(trace.unstable(weight === null, inMoney))
    return { class: 'unstable', worth: cost, inMoney }
  }
  return policy.linearBands === null ? earnByClass(matter, weight) : earnByBand(matter, weight)
}

function earnSpecial({ policy, one, cost, mean, weight, coefficient, lines }: Matter): Earning {
  const rule = policy.special[one.status]
  if (rule == null) throw noRule(policy, one.status)
  const named: CaseClass = rule.kind === 'outside' ? 'outside' : one.status === 1 ? 'ambiguous' : 'ungrouped'
  lines.push(trace.special(one.status, rule.kind, rule.kind === 'costShare' ? rule.share : null))
  switch (rule.kind) {
    case 'costShare':
      return { class: named, worth: cost.times(rule.share), inMoney: true }
    case 'weight':
      return { class: named, worth: rule.weight.times(coefficient).times(mean), inMoney: false }
    case 'ownWeight':
      return { class: named, worth: weight === null ? cost : weight.times(coefficient).times(mean), inMoney: false }
    case 'low': {
      const formula = policy.low?.formula
      return { class: named, worth: formula === 'L2k' ? cost.times(coefficient) : cost, inMoney: formula === 'L1' }
    }
    case 'zero':
    case 'outside':
      return { class: named, worth: ZERO, inMoney: true }
  }
}

/** The amount in yuan that the cost is compared with (倍率的分母). */
function ratioBase({ policy, one, mean, coefficient }: Matter, weight: Decimal): Decimal {
  const money = policy.ratioMoney === 'pointValue' ? policy.scale.times(priceOf(policy, 'pointValue', one)) : mean
  const base = money.times(weight)
  return policy.ratioTimesK ? base.times(coefficient) : base
}

function earnByClass(matter: Matter, weight: Decimal): Earning {
  const { policy, one, cost, mean, coefficient, lines } = matter
  const { low, taper, high } = policy
  const question = { weight, level: one.level, insurance: one.insurance, group: one.group, parent: one.parent }
  const base = ratioBase(matter, weight)
  const ratio = cost.div(base)
  const limit = highLimit(policy, question)
  const threshold = lowThreshold(policy, one)
  const cutoffs: Cutoff[] = []
  if (low !== null && threshold !== null) cutoffs.push({ class: 'low', op: low.op, yuan: threshold.times(base) })
  if (taper !== null) cutoffs.push({ class: 'taper', op: taper.op, yuan: taper.upTo.times(base) })
  if (high !== null && limit !== null) cutoffs.push({ class: 'high', op: high.op, yuan: limit.times(base) })
  const found = cutoffs.find(({ op, yuan }) => holds(cost, op, yuan))?.class ?? 'normal'
  const formula: FormulaId =
    found === 'low' && low !== null
      ? low.formula
      : found === 'taper'
        ? 'L4'
        : found === 'high' && high !== null
          ? high.formula
          : 'N'
  const facts: Facts = {
    cost,
    mean,
    weight,
    coefficient,
    limit: limit ?? ZERO,
    ratioTimesK: policy.ratioTimesK,
    timesK: low?.timesK ?? false,
    share: low?.share ?? ZERO,
    beta: taper?.beta ?? ZERO,
    a: high?.a ?? ZERO,
    b: high?.b ?? ZERO,
    d: high?.d ?? ZERO,
  }
  lines.push(trace.ratio(ratio, base), trace.band(found, formula, limit))
  const inMoney = formula === 'L1' || formula === 'H6'
  return { class: found, worth: worth(formula, facts), inMoney, ratio, base, limit, cutoffs }
}

function earnByBand(matter: Matter, weight: Decimal): Earning {
  const { policy, cost, mean, coefficient, lines } = matter
  const base = ratioBase(matter, weight)
  const ratio = cost.div(base)
  const bands = policy.linearBands ?? []
  const cutoffs: Cutoff[] = []
  for (const band of bands) {
    if (band.upTo !== null) cutoffs.push({ class: band.class, op: band.op, yuan: band.upTo.times(base) })
  }
  const band = bands[cutoffs.findIndex(({ op, yuan }) => holds(cost, op, yuan))] ?? bands.at(-1)
  if (band === undefined) throw new Error('a policy with linear bands has at least one')
  const standard = weight.times(coefficient).times(mean)
  const sum = band.alpha
    .times(cost)
    .plus(band.alphaK.times(cost).times(coefficient))
    .plus(band.beta.times(weight).times(mean))
    .plus(band.gamma.times(standard))
  lines.push(trace.ratio(ratio, base), trace.band(band.class, 'linear', null))
  const paid = band.costPaid ? cost : band.capped ? Decimal.min(sum, standard) : sum
  return { class: band.class, worth: paid, inMoney: band.costPaid, ratio, base, cutoffs }
}

function holds(cost: Decimal, op: Cutoff['op'], bound: Decimal): boolean {
  switch (op) {
    case '<':
      return cost.lt(bound)
    case '<=':
      return cost.lte(bound)
    case '>':
      return cost.gt(bound)
    case '>=':
      return cost.gte(bound)
  }
}

function toFen(yuan: Decimal): Fen {
  return roundFen(yuan.times(100))
}

const STATUS: readonly Text[] = [
  { zh: '已入组', en: 'grouped' },
  { zh: '歧义（QY）', en: 'ambiguous' },
  { zh: '未入组（0000）', en: 'ungrouped' },
  { zh: '无效', en: 'invalid' },
]

/** The fault for cases of a status on which the policy is silent. */
export function noRule(policy: Policy, status: 0 | 1 | 2 | 3): Fault {
  const name = STATUS[status] ?? { zh: '', en: '' }
  const key = status === 1 ? 'ambiguous' : status === 2 ? 'ungrouped' : 'invalid'
  return new Fault({
    code: 'POL-002',
    at: { field: `special.${key}` },
    what: {
      zh: `有${name.zh}病例，而政策 ${policy.id} 没有规定如何支付。`,
      en: `There are ${name.en} cases, and policy ${policy.id} does not say how they are paid.`,
    },
    fix: {
      zh: `请在政策文件中写 special.${key}，例如 costShare: "0.8"。`,
      en: `Give special.${key} in the policy file, for instance costShare: "0.8".`,
    },
  })
}
