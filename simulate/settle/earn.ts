import { Fault, type Text } from '../../messages/index.ts'
import { Decimal, POINT_UNIT } from '../../numbers/index.ts'
import { highLimit, lowThreshold } from '../policy/bands.ts'
import { isListed, type PerDiemRule, weightedDays, weightOf } from '../policy/case-rules.ts'
import { type Facts, type FormulaId, perRatio, worth } from '../policy/formula.ts'
import type { Policy } from '../policy/policy.ts'
import type { CaseInput, Quotient } from './case-input.ts'
import type { CaseClass } from './classes.ts'
import {
  atCost,
  type Cutoff,
  type Earning,
  type Matter,
  ONE,
  plain,
  standardDays,
  standardWeight,
  worthOf,
  ZERO,
} from './earning.ts'
import { ownPayment } from './own-rules.ts'
import { noMean, ratioBase } from './ratio-base.ts'
import * as trace from './trace.ts'

/** The first rule that applies decides. */
export function earn(matter: Matter): Earning {
  const { policy, one, lines, cost, weight } = matter
  if (one.status !== 3) {
    const first = earnPerDiem(matter) ?? earnReview(matter)
    if (first !== undefined) return first
  }
  if (one.status !== 0) return earnSpecial(matter)
  const early = earnTcm(matter) ?? earnDaySurgery(matter) ?? earnLongStay(matter) ?? earnOwn(matter)
  if (early !== undefined) return early
  const { stay } = policy
  if (stay !== null && one.los !== null && (one.los <= stay.shortMax || one.los >= stay.longMin)) {
    lines.push(trace.stay(one.los, stay.mode))
    return atCost('outsideLos', stay.mode === 'ffs' ? cost : ZERO)
  }
  const blank = earnBlank(matter)
  if (blank !== undefined) return blank
  if (
    weight === null ||
    ((!isStable(matter) || isListed(policy.unstableList, one.group, one.parent)) && policy.unstable !== 'standard')
  ) {
    const paysBill = weight === null && policy.paysBill
    const inMoney = policy.unstable === 'ffs' || policy.unstable === 'specialReview' || paysBill
    lines.push(trace.unstable(weight === null, inMoney))
    return inMoney ? atCost('unstable', cost) : worthOf('unstable', plain(cost), false)
  }
  return (
    earnEarly(matter, weight) ??
    (policy.linearBands === null ? earnByClass(matter, weight) : earnByBand(matter, weight))
  )
}

/** A weight that the policy itself states needs no cases to rest on. */
function isStable({ policy, one, tcm }: Matter): boolean {
  return one.stable || tcm !== undefined || weightOf(policy.rules, one.weight, one.group, one.parent).isProvisional
}

/** The group for what is left (空白病组): RW × cost / mean of the group × factor, without k and a. */
function earnBlank({ policy, one, prices, cost, weight, mean, lines }: Matter): Earning | undefined {
  const { blank } = policy
  if (blank === null || blank.group !== one.group || weight === null) return undefined
  const { groupMean } = prices
  if (groupMean === undefined) throw noMean(policy, one.group)
  lines.push(trace.blank(blank.factor))
  const n = weight.times(mean).times(blank.factor).times(cost).times(groupMean.d)
  return worthOf('ungrouped', { n, d: groupMean.n }, false)
}

/** Payment by the day (床日), by the first rule that fits. */
function earnPerDiem({ policy, one, coefficient, lines }: Matter): Earning | undefined {
  const { perDiem } = policy.rules
  const { los } = one
  const at = perDiem.findIndex(rule => los !== null && isByDay(rule, one, los))
  const rule = perDiem[at]
  if (rule === undefined || los === null) return undefined
  const perDay = rule.perDay(one)
  if (perDay === undefined) throw noPerDay(policy, at, one)
  const days = weightedDays(rule, los)
  const amount = perDay.times(days).times(rule.timesK ? coefficient : ONE)
  lines.push(trace.perDiem(perDiem.length > 1 ? at : null, rule.title, { los, days, perDay }, policy.method))
  return { class: 'perDiem', unit: policy.method === 'rate' ? 'money' : 'points', value: plain(amount), byGroup: false }
}

function isByDay(rule: PerDiemRule, { group, parent, status, detail, ...one }: CaseInput, los: number): boolean {
  if (los < rule.from || los > rule.to) return false
  if (rule.levels?.has(one.level) === false || rule.insurances?.has(one.insurance) === false) return false
  if (rule.classes?.has(one.hospitalClass ?? one.level) === false) return false
  const met: readonly (readonly [isStated: boolean, isMet: boolean])[] = [
    [rule.groups.size > 0, status === 0 && isListed(rule.groups, group, parent)],
    [rule.departments.size > 0, rule.departments.has(detail?.department ?? '')],
    [rule.marked, status === 0 && detail?.bedDay === true],
  ]
  const stated = met.filter(([isStated]) => isStated)
  return rule.all ? stated.every(([, isMet]) => isMet) : stated.some(([, isMet]) => isMet)
}

/** The fault for a stay by the day without a price. */
export function noPerDay(
  { id, document }: Policy,
  at: number,
  { level, insurance }: { readonly level: string; readonly insurance: string },
): Fault {
  const field = Array.isArray(document.perDiem) ? `perDiem.${at}.perDay` : 'perDiem.perDay'
  return new Fault({
    code: 'POL-003',
    at: { field },
    what: {
      zh: `政策 ${id} 没有险种 ${insurance}、级别 ${level} 的床日标准。`,
      en: `Policy ${id} has no amount per day for insurance ${insurance} at level ${level}.`,
    },
    fix: { zh: '请在 perDiem.perDay 中补上。', en: 'Add it to perDiem.perDay.' },
  })
}

/** A case that special-case review accepted (特例单议). */
function earnReview(matter: Matter): Earning | undefined {
  const { policy, one, cost, mean, lines } = matter
  const rule = policy.rules.review
  if (rule === null || one.detail?.accepted !== true) return undefined
  const { decided } = one.detail
  if (decided !== undefined) {
    lines.push(trace.decided(decided))
    const { unit, value } = decided
    return {
      class: 'review',
      unit,
      value: plain(new Decimal(value).div(unit === 'money' ? 100 : POINT_UNIT)),
      byGroup: false,
    }
  }
  const standardised = one.status === 0 ? standardWeight(matter) : null
  const asksStandard = rule.outcome === 'standardTimes' || rule.outcome === 'excessShare'
  lines.push(asksStandard && standardised === null ? trace.review('cost', ONE) : trace.review(rule.outcome, rule.value))
  if (rule.outcome === 'points') return worthOf('review', plain(cost.times(rule.value)), false)
  if (standardised !== null) {
    const standard = standardised.times(mean)
    if (rule.outcome === 'standardTimes') return worthOf('review', plain(rule.value.times(standard)), false)
    if (rule.outcome === 'excessShare') {
      const excess = Decimal.max(cost.minus(standard), ZERO)
      return worthOf('review', plain(standard.plus(rule.value.times(excess))), false)
    }
  }
  return atCost('review', rule.outcome === 'shareOfCost' ? cost.times(rule.value) : cost)
}

/** The own standard of a Chinese-medicine case: paid whatever the cost, or the weight that its cost bands go by. */
function earnTcm({ one, tcm, weight, coefficient, mean, lines }: Matter): Earning | undefined {
  if (tcm === undefined) return undefined
  lines.push(trace.tcmStandard(tcm, one.group))
  if (tcm.bands) return undefined
  if (tcm.amount !== null) {
    const value = plain(new Decimal(tcm.amount).div(100))
    return { class: 'normal', unit: 'money', value, byGroup: false }
  }
  return weight === null ? undefined : worthOf('normal', plain(weight.times(coefficient).times(mean)), true)
}

function earnDaySurgery({ policy, one, weight, coefficient, mean, lines }: Matter): Earning | undefined {
  const rule = policy.rules.daySurgery
  if (rule === null || one.detail?.daySurgery !== true) return undefined
  const own = rule.mode === 'ownWeight' ? (rule.weights.get(one.group) ?? rule.weights.get(one.parent)) : undefined
  const counted = own ?? weight
  if (counted === null) return undefined
  const share = rule.mode === 'shareOfStandard' ? rule.share : ONE
  lines.push(trace.daySurgery(rule.mode, share, counted))
  return worthOf('daySurgery', plain(share.times(counted).times(coefficient).times(mean)), true)
}

/** A group whose weight is that of one day. */
function earnLongStay(matter: Matter): Earning | undefined {
  const { policy, one, weight, coefficient, cost, mean, lines } = matter
  const rule = policy.rules.longStay
  if (rule === null || weight === null || one.los === null || one.los < rule.from) return undefined
  if (!isListed(rule.groups, one.group, one.parent)) return undefined
  lines.push(trace.longStay(one.los, weight))
  const days = standardDays(matter)
  const standard = standardWeight(matter)?.times(mean)
  if (rule.standardDays !== null && days !== null && standard !== undefined)
    lines.push(trace.longStayStandard(days, standard, cost))
  const value = weight
    .times(one.los)
    .times(mean)
    .times(rule.timesK ? coefficient : ONE)
  return worthOf('longStay', plain(value), true)
}

function earnOwn(matter: Matter): Earning | undefined {
  const found = ownPayment(matter)
  if (found === undefined) return undefined
  const { rule, amount } = found
  matter.lines.push(trace.ownRule(rule.id, rule.title))
  return { class: 'ownRule', unit: rule.kind === 'pay' ? 'money' : 'worth', value: plain(amount), byGroup: false }
}

/** Early death or transfer: at cost, or for the days that the patient stayed; `group7` is a change of group. */
function earnEarly(
  { policy, one, prices, cost, coefficient, mean, lines }: Matter,
  weight: Decimal,
): Earning | undefined {
  const rule = policy.rules.early
  if (rule === null || rule.mode === 'group7' || one.los === null || one.los > rule.most) return undefined
  if (!rule.ways.has(one.detail?.way ?? 0)) return undefined
  lines.push(trace.early(rule.mode, one.los))
  if (rule.mode === 'ffs') return atCost('early', cost)
  const standard = weight.times(coefficient).times(mean)
  const mean7 = prices.meanDays
  if (mean7 === undefined || mean7.n.lte(mean7.d.times(one.los))) return worthOf('early', plain(standard), true)
  return worthOf('early', { n: standard.times(one.los).times(mean7.d), d: mean7.n }, true)
}

function earnSpecial({ policy, one, cost, mean, weight, coefficient, lines }: Matter): Earning {
  const rule = policy.special[one.status]
  if (rule == null) throw noRule(policy, one.status)
  const named: CaseClass = rule.kind === 'outside' ? 'outside' : one.status === 1 ? 'ambiguous' : 'ungrouped'
  lines.push(trace.special(one.status, rule.kind, rule.kind === 'costShare' ? rule.share : null))
  switch (rule.kind) {
    case 'costShare':
      return atCost(named, cost.times(rule.share))
    case 'weight':
      return worthOf(named, plain(rule.weight.times(coefficient).times(mean)), false)
    case 'ownWeight':
      return worthOf(named, plain(weight === null ? cost : weight.times(coefficient).times(mean)), false)
    case 'low': {
      const formula = policy.low?.formula
      if (formula === 'L1') return atCost(named, cost)
      return worthOf(named, plain(formula === 'L2k' ? cost.times(coefficient) : cost), false)
    }
    case 'zero':
    case 'outside':
      return atCost(named, ZERO)
  }
}

function earnByClass(matter: Matter, weight: Decimal): Earning {
  const { policy, one, cost, mean, coefficient, lines } = matter
  const { low, taper, high } = policy
  const question = { weight, level: one.level, insurance: one.insurance, group: one.group, parent: one.parent }
  const base = ratioBase(matter, weight)
  const limit = highLimit(policy, question)
  const threshold = lowThreshold(policy, question)
  const bounds: Bound[] = []
  if (low !== null && threshold !== null) bounds.push({ class: 'low', op: low.op, ratio: threshold })
  if (taper !== null) bounds.push({ class: 'taper', op: taper.op, ratio: taper.upTo })
  if (high !== null && limit !== null) bounds.push({ class: 'high', op: high.op, ratio: limit })
  const found = bounds.find(bound => holds(cost, bound, base))?.class ?? 'normal'
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
    ofStandard: policy.ratioMoney === 'mean' || policy.ratioMoney === 'rate',
    timesK: low?.timesK ?? false,
    share: low?.share ?? ZERO,
    beta: taper?.beta ?? ZERO,
    a: high?.a ?? ZERO,
    b: high?.b ?? ZERO,
    d: high?.d ?? ZERO,
  }
  const shown = compared(cost, base, bounds)
  const inMoney = formula === 'L1' || formula === 'H6'
  // A part that goes with the ratio is divided last.
  const byRatio = perRatio(formula, facts).times(cost).times(base.d)
  const fixed = worth(formula, facts)
  const value = byRatio.isZero() ? plain(fixed) : { n: fixed.times(base.n).plus(byRatio), d: base.n }
  lines.push(
    trace.ratio(shown.ratio, shown.base),
    trace.band(found, formula, limit, inMoney ? null : value.n.div(value.d).div(mean)),
  )
  const earning = inMoney ? atCost(found, cost) : worthOf(found, value, true)
  return { ...earning, ...shown, limit }
}

function earnByBand(matter: Matter, weight: Decimal): Earning {
  const { policy, cost, mean, coefficient, lines } = matter
  const base = ratioBase(matter, weight)
  const bands = policy.linearBands ?? []
  const bounds: Bound[] = []
  for (const band of bands) if (band.upTo !== null) bounds.push({ class: band.class, op: band.op, ratio: band.upTo })
  const band = bands[bounds.findIndex(bound => holds(cost, bound, base))] ?? bands.at(-1)
  if (band === undefined) throw new Error('a policy with linear bands has at least one')
  const standard = weight.times(coefficient).times(mean)
  const sum = band.alpha
    .times(cost)
    .plus(band.alphaK.times(cost).times(coefficient))
    .plus(band.beta.times(weight).times(mean))
    .plus(band.gamma.plus(band.gammaK.times(coefficient)).times(standard))
  const shown = compared(cost, base, bounds)
  const byRatio = band.rho.plus(band.rhoK.times(coefficient)).times(weight).times(mean).times(cost).times(base.d)
  // The part that goes with the ratio is divided last.
  const value = byRatio.isZero() ? plain(sum) : { n: sum.times(base.n).plus(byRatio), d: base.n }
  const isOver = band.capped && value.n.gt(standard.times(value.d))
  const given = isOver ? plain(standard) : value
  const shownValue = band.costPaid ? null : given.n.div(given.d).div(mean)
  lines.push(trace.ratio(shown.ratio, shown.base), trace.band(band.class, policy.bandName, null, shownValue))
  if (band.flag !== null) lines.push(trace.flag(band.flag))
  if (band.costPaid) return { ...atCost(band.class, cost), ...shown }
  return { ...worthOf(band.class, given, true), auxiliary: band.auxiliary, ...shown }
}

/** A boundary of the cost ratio. */
interface Bound {
  readonly class: CaseClass
  readonly op: Cutoff['op']
  readonly ratio: Decimal
}

/** The ratio, its base and the boundaries in yuan, as shown. */
function compared(
  cost: Decimal,
  base: Quotient,
  bounds: readonly Bound[],
): { readonly ratio: Decimal; readonly base: Decimal; readonly cutoffs: readonly Cutoff[] } {
  const yuan = base.n.div(base.d)
  return {
    ratio: cost.times(base.d).div(base.n),
    base: yuan,
    cutoffs: bounds.map(({ class: name, op, ratio }) => ({ class: name, op, yuan: ratio.times(yuan) })),
  }
}

/** Whether cost `op` ratio · base, without a quotient on the way. */
function holds(cost: Decimal, { op, ratio }: Bound, base: Quotient): boolean {
  const [left, right] = [cost.times(base.d), ratio.times(base.n)]
  switch (op) {
    case '<':
      return left.lt(right)
    case '<=':
      return left.lte(right)
    case '>':
      return left.gt(right)
    case '>=':
      return left.gte(right)
  }
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
