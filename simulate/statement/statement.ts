import type { Text } from '../../messages/index.ts'
import { type Decimal, type Fen, formatFen, POINT_UNIT, type Points, roundFen } from '../../numbers/index.ts'
import { isBaseGroup, type Policy, priceOf } from '../policy/policy.ts'
import { textInUnit } from '../policy/unit-words.ts'
import type { CaseInput } from '../settle/case-input.ts'
import { type CasePayment, payCase, unitCost } from '../settle/case-payment.ts'
import { ageBand } from '../settle/case-test.ts'
import type { CaseClass } from '../settle/classes.ts'
import * as trace from '../settle/trace.ts'
import type { CaseAt } from './case-at.ts'
import { formulaOf } from './formula-text.ts'
import { NO_UNIT, type Origin, type StatementValue, YUAN } from './origin.ts'
import type { PackValues } from './pack-values.ts'

/** Where the values come from that do not stand in the pack. */
export interface StatementSources {
  readonly pack: PackValues
  /** Row of the case in its file. */
  readonly case: Origin
  /** Row of the group in the table of weights. */
  readonly weight: Origin
  readonly coefficient: Origin
  /** Mean cost from the data; the policy's own where it states one. */
  readonly meanCost: Origin
  readonly pointValue: Origin
}

/** One step of a statement: the rule, its formula, a sentence, and every value that it uses with its source. */
export interface StatementStep extends trace.TraceLine {
  /** In letters, such as `v = w·k`; null where the step has none. */
  readonly formula: string | null
  readonly values: readonly StatementValue[]
}

/** The payment of one case explained: every step with the values that it uses and where they come from. */
export interface CaseStatement {
  readonly class: CaseClass
  /** What points are called: those of weights, or DIP scores. */
  readonly unit: Policy['document']['unit']
  readonly steps: readonly StatementStep[]
  readonly points: Points
  /** From the pool; null without a point value. */
  readonly pay: Fen | null
  /** From a line outside the pool. */
  readonly separate: Fen
}

const four = (value: Decimal): string => value.toDecimalPlaces(4).toFixed()

/**
 * Explains a case: the trace of the literal engine with formulas, values and sources. Points are priced as tables of cases
 * price them: rounded to 1e-4 first.
 */
export function caseStatement(policy: Policy, at: CaseAt, sources: StatementSources): CaseStatement {
  const payment = payCase(policy, at.one, { ...at.prices, pointValue: null })
  const values = valuesOf(policy, at, payment, sources)
  const { points, paid, separate } = payment
  const worded = (text: Text): Text => textInUnit(policy.document, text)
  const step = (line: trace.TraceLine): StatementStep => ({
    ...line,
    text: worded(line.text),
    formula: withResult(formulaOf(policy, line.rule), line),
    values: stepValues(policy, at, line, values, sources.pack).map(one => ({
      ...one,
      name: worded(one.name),
      unit: worded(one.unit),
      // Documents keep their titles.
      origin: one.origin.kind === 'computed' ? { ...one.origin, source: worded(one.origin.source) } : one.origin,
    })),
  })
  const { pointValue } = at.prices
  const priced =
    points > 0 && pointValue !== null ? roundFen(pointValue.times(points).times(100).div(POINT_UNIT)) : null
  return {
    class: payment.class,
    unit: policy.document.unit,
    steps: [
      ...payment.trace,
      ...(priced === null || pointValue === null ? [] : [trace.priced(points, pointValue, priced, paid)]),
    ].map(step),
    points,
    pay: points === 0 ? paid : priced === null ? null : priced + paid,
    separate,
  }
}

/** A formula with what it gives. */
function withResult(formula: string | null, { numbers }: trace.TraceLine): string | null {
  const found =
    formula?.startsWith('v = ') === true ? numbers.v : formula?.startsWith('r = ') === true ? numbers.ratio : undefined
  return formula === null || found === undefined ? formula : `${formula} = ${found}`
}

/** The values that steps have in common; null where a case has none. */
interface Common {
  readonly cost: StatementValue
  readonly days: StatementValue | null
  readonly weight: StatementValue | null
  /** Whether the standard is the weight times days. */
  readonly isByDays: boolean
  /** The hospital's coefficient, and the one that counts. */
  readonly own: StatementValue
  readonly coefficient: StatementValue
  /** A, or R. */
  readonly unit: StatementValue
  /** Points a unit of weight. */
  readonly scale: StatementValue | null
  /** The amount that the cost is compared with, where it is neither A·w nor R·w. */
  readonly base: readonly StatementValue[] | null
  readonly pointValue: StatementValue | null
  readonly age: StatementValue | null
}

function valuesOf(
  policy: Policy,
  { one, prices, groupCases }: CaseAt,
  payment: CasePayment,
  sources: StatementSources,
): Common {
  const { pack } = sources
  const value = (zh: string, en: string, symbol: string, text: string, unit: Text, origin: Origin): StatementValue => ({
    name: { zh, en }, symbol, value: text, unit, origin,
  }) // biome-ignore format: one list
  const named = (path: string, symbol: string, text: string): StatementValue => {
    const [first] = pack.at(path, [one.level, one.insurance])
    return { ...first!, symbol, value: text }
  }
  const isRate = policy.method === 'rate' || policy.floating
  const setting = { level: one.level, insurance: one.insurance }
  const unit = isRate
    ? named('rate', 'R', unitCost(policy, one, prices).toFixed())
    : policy.avgCost !== null
      ? named('avgCost', 'A', policy.avgCost.toFixed())
      : value('次均费用', 'mean cost', 'A', prices.meanCost?.toFixed() ?? '', YUAN, sources.meanCost)
  const scale = policy.method === 'rate' ? null : named('scale', 'S', policy.scale.toFixed())
  const byMean = policy.ratioMoney === 'groupMean' || policy.ratioMoney === 'levelMean'
  const start = policy.pointValue(setting)
  const codes = [one.group, one.parent, one.hospital ?? '', one.level, one.insurance]
  const first = (path: string): StatementValue => pack.at(path, codes)[0]!
  const isEarlier =
    policy.groupMeans?.(one.group, policy.ratioMoney === 'levelMean' ? one.level : undefined) !== undefined
  const isBase = payment.trace.some(line => line.rule.startsWith('base.'))
  return {
    cost: value('总费用', 'total cost', 'c', formatFen(one.cost), YUAN, sources.case),
    days: one.los === null ? null : value('住院天数', 'length of stay', 'd', String(one.los), { zh: '天', en: 'days' }, sources.case),
    weight: one.weight === null ? null : value(`权重（${one.group}）`, `weight of ${one.group}`, 'w', one.weight.toFixed(), NO_UNIT, sources.weight),
    isByDays: payment.standardDays !== null,
    own: value('机构系数', "hospital's coefficient", 'k', one.coefficient.toFixed(), NO_UNIT, sources.coefficient),
    coefficient: value('系数', 'coefficient', 'k', payment.coefficient.toFixed(), NO_UNIT, isBase ? first(hasFactor(policy, one) ? 'base.factors' : 'base.value').origin : sources.coefficient),
    unit,
    scale,
    base: byMean && payment.base !== null
      ? [value(
          policy.ratioMoney === 'groupMean' ? '病组例均费用' : '同级别病组例均费用',
          policy.ratioMoney === 'groupMean' ? 'mean cost of the group' : 'mean cost of the group at hospitals of the level',
          'm', four(payment.base), YUAN,
          isEarlier
            ? first('groupMeans').origin
            : groupCases > 0
            ? computed(`${groupCases} 例的总费用除以例数`, `cost of ${groupCases} cases over their number`)
            : computed('该组没有病例，用 A·w', 'the group has no case: A·w'),
        )]
      : policy.ratioMoney === 'pointValue' && start !== undefined && scale !== null
        ? [scale, named('pointValue', 'PV0', start.toFixed())]
        : policy.ratioMoney === 'meanFactor' && scale !== null
          ? [scale, { ...first('meanFactor'), symbol: 'm', value: priceOf(policy, 'meanFactor', { ...one, isBase: isBaseCase(policy, one) }).toFixed() }]
          : null,
    pointValue: prices.pointValue === null
      ? null
      : value('点值', 'point value', 'PV', prices.pointValue.toDecimalPlaces(12).toFixed(), { zh: '元/点', en: 'yuan per point' }, sources.pointValue),
    age: one.detail?.age === undefined ? null : value('年龄', 'age', '', String(one.detail.age), { zh: '岁', en: 'years' }, sources.case),
  } // biome-ignore format: one value a line
}

const isBaseCase = (policy: Policy, { group, parent, detail }: CaseInput): boolean =>
  isBaseGroup(policy, group, parent, detail?.grassroots)

function hasFactor({ base }: Policy, { group, parent }: CaseInput): boolean {
  return base !== null && (base.factors.has(group) || base.factors.has(parent))
}

function computed(zh: string, en: string): Origin {
  return { kind: 'computed', source: { zh, en }, place: null, confidence: null }
}

/** The values of one step: those of the case and its tables first, then the parameters of the pack. */
function stepValues(
  policy: Policy,
  { one }: CaseAt,
  line: trace.TraceLine,
  common: Common,
  pack: PackValues,
): readonly StatementValue[] {
  const { cost, days, weight, isByDays, own, coefficient, unit, scale, base, pointValue, age } = common
  const [root = '', name = '', id] = line.rule.split('.')
  const codes = [one.group, one.parent, one.level, one.insurance]
  const some = (...list: readonly (StatementValue | null)[]): StatementValue[] => list.filter(each => each !== null)
  const rules = (path: string, pick?: Parameters<PackValues['at']>[2]): readonly StatementValue[] =>
    pack.at(path, codes, pick)
  const { longStay } = policy.rules
  const longStayK = longStay?.timesK === true ? coefficient : null
  /** What the standard of the case is the product of, but for its price. */
  const standard = (): StatementValue[] =>
    isByDays
      ? [
          ...some(weight, longStayK),
          ...(longStay?.standardDays == null
            ? some(days)
            : rules('longStay.standardDays').map(one => ({ ...one, symbol: 'D' }))),
        ]
      : some(weight, coefficient)
  const byId = (item: Readonly<Record<string, unknown>>): boolean => item.id === one.detail?.redirect
  switch (root) {
    case 'ratioBase':
      return [
        cost,
        ...(base ?? [unit]),
        ...(base !== null && base[0]?.symbol === 'm' ? [] : some(weight, policy.ratioTimesK ? coefficient : null)),
        ...rules('ratioBase'),
      ]
    case 'band':
      if (policy.document.outliers !== null) return [...some(weight, coefficient), ...rules('outliers')]
      if (id === 'linear') return rules('linearBands', item => item.class === name)
      if (name === 'normal')
        return [
          ...(policy.low === null ? [] : rules('low')),
          ...(policy.taper === null ? [] : rules('taper')),
          ...(policy.high === null ? [] : rules('high')),
          ...some(weight, coefficient),
        ]
      return [...rules(name), ...some(weight, coefficient)]
    case 'base':
      return [own, ...rules('base')]
    case 'special':
      return [cost, ...rules(`special.${name}`)]
    case 'unstable':
      return [...some(weight), cost, ...rules('unstable')]
    case 'los':
      return [...some(days), cost, ...rules('los')]
    case 'age':
      return [...some(age), ...rules('age', (_, place) => place === bandAt(policy, one))]
    case 'redirect':
      return rules('redirect', byId)
    case 'rules':
      return rules('rules', item => item.id === line.rule.slice('rules.'.length))
    case 'provisionalWeights':
      return rules(
        `provisionalWeights.${Object.hasOwn(policy.document.provisionalWeights ?? {}, one.group) ? one.group : one.parent}`,
      )
    case 'volumeCap':
      return rules('volumeCap', item => codes.includes(String(item.group)))
    case 'addOn':
      return rules('addOn', item => one.detail?.addOns?.some(each => each.item === item.id) === true)
    case 'perDiem':
      return [...some(days), ...rules(root, (_, place) => name === '' || String(place) === name)]
    case 'longStay':
      if (name === 'standard') return [cost, ...standard(), unit]
      return [
        ...some(days, weight, longStayK),
        ...rules(root).filter(({ origin }) => origin.place?.field !== 'longStay.standardDays'),
      ]
    case 'earlyDeath':
      return [...some(days), ...rules(root)]
    case 'review':
      if (name === 'decided') return rules('review.quota')
      return [cost, ...(name === 'standardTimes' || name === 'excessShare' ? standard() : []), ...rules(root)]
    case 'daySurgery':
      return [cost, ...some(weight, coefficient), ...rules(root)]
    case 'score':
      return some(scale, weight, own)
    case 'flag':
    case 'blankGroup':
      return rules('outliers')
    case 'tcm':
      if (name === 'standard') return rules('tcm.standards', item => codes.includes(String(item.group)))
      return rules('tcm.factor')
    case 'auxiliary':
    case 'readmission':
      return rules(root)
    case 'points':
      return some(scale, unit)
    case 'pointValue':
      return some(pointValue)
    case 'paid':
    case 'separate':
      return policy.method === 'rate' ? [unit] : [cost]
    default:
      return []
  }
}

function bandAt(policy: Policy, one: CaseAt['one']): number {
  const band = ageBand(policy, one)
  return band === undefined ? -1 : policy.rules.age.indexOf(band)
}
