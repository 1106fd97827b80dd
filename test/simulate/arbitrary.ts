import fc from 'fast-check'
import { Decimal } from '../../numbers/index.ts'
import type { Policy } from '../../simulate/policy/policy.ts'
import type { RegionInput } from '../../simulate/settle/region.ts'
import {
  type CaseMark,
  type CoefficientTable,
  type GroupedCases,
  type Hospital,
  NO_AGE,
  NO_STAY,
  type WeightTable,
} from '../../weights/index.ts'
import { anyAxes, fitting, MARKS } from './axes.ts'
import { policyOf } from './examples.ts'

const decimal = (from: number, to: number, digits: number): fc.Arbitrary<string> =>
  fc
    .integer({ min: Math.round(from * 10 ** digits), max: Math.round(to * 10 ** digits) })
    .map(n => (n / 10 ** digits).toFixed(digits))

const low = fc.oneof(
  fc.constant(null),
  fc
    .record({
      threshold: fc.oneof(decimal(0.2, 0.5, 2), fc.constantFrom('0.2', '0.4', '0.5')),
      op: fc.constantFrom('<', '<='),
      formula: fc.constantFrom('L1', 'L2', 'L2k', 'L3', 'L5'),
      timesK: fc.boolean(),
    })
    .map(rule => ({ ...rule, share: rule.formula === 'L5' ? '0.7' : null })),
)
const taper = fc.oneof(
  fc.constant(null),
  fc.record({
    upTo: fc.oneof(decimal(0.6, 0.9, 2), fc.constant('0.8')),
    op: fc.constantFrom('<', '<='),
    beta: decimal(0.1, 0.3, 1),
    formula: fc.constant('L4'),
  }),
)
const limits = fc.oneof(
  fc.oneof(decimal(1.2, 3.5, 1), fc.constantFrom('1.3', '2')).map(limit => ({ limit })),
  fc.constant({
    bands: [
      ['1', '3'],
      ['2', '2.5'],
      ['3', '2'],
      ['5', '1.5'],
      [null, '1.3'],
    ],
  }),
  fc.constant({
    byLevel: {
      1: '1.6',
      2: [
        ['2', '2.6'],
        [null, '1.9'],
      ],
      3: '3',
    },
  }),
  fc.constant({
    byScheme: {
      employee: '2.2',
      resident: [
        ['1', '3'],
        [null, '2'],
      ],
    },
    byGroup: { G1: '1.2' },
  }),
)
const high = fc.oneof(
  fc.constant(null),
  fc
    .tuple(limits, fc.constantFrom('>', '>='), fc.constantFrom('H0', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6'))
    .map(([limit, op, formula]) => ({ ...limit, op, formula, a: '0.7', b: '1.1', d: '1' })),
)
const linearBands = fc.constant([
  { class: 'ultraLow', upTo: '0.4', op: '<=', costPaid: true },
  { class: 'low', upTo: '0.8', op: '<', alpha: '1', cap: 'base' },
  { class: 'normal', upTo: '1.4', op: '<', gamma: '1' },
  { class: 'high', upTo: '2.5', op: '<=', alpha: '0.5', alphaK: '0.5', gamma: '-0.4' },
  { class: 'ultraHigh', upTo: null, beta: '0.1', gamma: '2.1' },
])
const outlierBand = (name: string, upTo: string | null) =>
  fc.record({
    class: fc.constant(name),
    upTo: fc.constant(upTo),
    op: fc.constantFrom('<', '<='),
    slope: fc.constantFrom('0', '1', '0.7'),
    constant: fc.constantFrom('0', '1', '-1', '0.35'),
    perCoefficient: fc.constantFrom('0', '1', '-0.5'),
    institution: fc.boolean(),
    auxiliary: fc.boolean(),
    flag: fc.constantFrom(null, 'watch'),
  })

/** Outlier rules of DIP with the ratio base that they compare with: those that are shipped, and any other. */
const outliers = fc.oneof(
  fc.constantFrom(
    { outliers: 'dip3-draft', ratioBase: 'pvRwK' },
    { outliers: 'dip3-draft', ratioBase: 'avgRwK' },
    { outliers: 'dip1-spec', ratioBase: 'levelStandard' },
    { outliers: 'hubei-base', ratioBase: 'meanFactor' },
    { outliers: 'jining', ratioBase: 'meanFactor', blankGroup: 'G3' },
    { outliers: 'taian', ratioBase: 'meanFactor', blankGroup: 'G1' },
  ),
  fc
    .record({
      bands: fc.tuple(
        outlierBand('low', '0.5'),
        outlierBand('normal', '2'),
        outlierBand('high', '3'),
        outlierBand('extreme', null),
      ),
      noScore: fc.constantFrom(null, 'payBill'),
      blankGroup: fc.constantFrom(null, { factor: '0.7' }),
      ratioBase: fc.constantFrom('pvRwK', 'groupMean', 'levelStandard', 'meanFactor'),
    })
    .map(({ ratioBase, ...rules }) => ({
      ratioBase,
      outliers: {
        ...rules,
        title: { zh: '任意', en: 'any' },
        source: 'test',
        confidence: 'C',
        reference: ratioBase === 'pvRwK' ? 'levelStandard' : ratioBase === 'meanFactor' ? ratioBase : 'groupMean',
      },
      ...(rules.blankGroup === null ? {} : { blankGroup: 'G2' }),
    })),
)
const special = fc.oneof(
  decimal(0, 1, 2).map(costShare => ({ costShare })),
  decimal(0.1, 0.5, 3).map(weight => ({ weight })),
  fc.constantFrom('ownWeight', 'zero', 'outside').map(mode => ({ mode })),
)

/** By level and insurance; by hospital too, with other factors for base groups. */
const MEAN_FACTORS = [
  { employee: '7.3', 'level1.employee': '5', resident: '6.21' },
  { employee: '7.3', resident: '6.21', 'hospital:H5.employee': '7.9', 'hospital:H3': '6', 'level2.base': '5.5', 'hospital:H4.390.base': '4' },
] // biome-ignore format: two maps

/** A random policy of any family that the format knows. */
export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    method: fc.constantFrom('points', 'points', 'rate', 'floating'),
    bands: fc.oneof({ weight: 4, arbitrary: fc.record({ low, taper, high }) }, { weight: 1, arbitrary: fc.record({ linearBands }) }),
    timesK: fc.boolean(),
    overPointValue: fc.boolean(),
    scale: fc.constantFrom('1', '100', '1000'),
    avgCost: fc.oneof(fc.constant('fromData'), decimal(3000, 12000, 2), fc.constant('3')),
    special: fc.record({ ungrouped: special, ambiguous: special, invalid: special }),
    los: fc.oneof(
      fc.constant(null),
      fc.record({
        short: fc.constantFrom('1', '2'), shortOp: fc.constantFrom('<', '<='),
        long: fc.constantFrom('59', '60'), longOp: fc.constantFrom('>', '>='), mode: fc.constantFrom('ffs', 'outside'),
      }),
    ),
    unstable: fc.constantFrom('actualPoints', 'ffs', 'standard').map(mode => ({ mode })),
    base: fc.oneof(
      fc.constant(null),
      fc.record({
        mode: fc.constantFrom('k', 'capK'),
        value: decimal(0.8, 1.1, 2),
        list: fc.constantFrom(['G0', 'P2'], ['G3']),
        marked: fc.boolean(),
        factors: fc.constantFrom({}, { G3: '0.9', P1: '1.05' }),
      }),
      fc.constant({ mode: 'rateOfLevel', value: '1', list: ['G0', 'P2'] }),
    ),
    kind: fc.constantFrom('none', 'level', 'groupLevel', 'hospital'),
    patientShare: fc.constantFrom('subtract', 'ratio'),
    pools: fc.constantFrom('perScheme', 'joint'),
    mean: fc.constantFrom(null, null, null, 'groupMean', 'levelStandard'),
    means: fc.constantFrom(null, { G0: '4321.5', G2: { '3': '9000', '': '7000' }, G3: { '1': '800.01' } }),
    factors: fc.constantFrom(...MEAN_FACTORS),
    dip: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: outliers }),
    axes: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: anyAxes }),
  })
  .map(({ bands: given, timesK, overPointValue, scale, avgCost, base, kind, mean, means, factors, axes, dip, ...rest }) => {
    const method = dip === null ? rest.method : 'points'
    const bands: Partial<typeof given & { high: { formula: string } | null }> = dip === null ? given : {}
    const isRate = method === 'rate'
    const money = isRate || method === 'floating' ? 'rate' : overPointValue ? 'pv' : 'avg'
    return policyOf({
      ...rest,
      ...bands,
      method,
      ...fitting(axes, isRate),
      ...(dip === null ? {} : { unit: 'score' }),
      ratioBase: mean !== null ? mean : `${money}Rw${timesK ? 'K' : ''}`,
      coefficient: { kind },
      base: base?.mode === 'rateOfLevel' && !isRate ? null : base,
      ...(isRate
        ? { rate: { level1: '4200.5', level2: '7782', level3: '12252.70', 'level3.resident': '9649.24' } }
        : method === 'floating'
          ? { scale, rate: { employee: '7782', resident: '6900.5' } }
          : { scale, avgCost }),
      pointValue: { employee: '60', resident: '48.37' },
      ...dip,
      ...(dip?.ratioBase === 'meanFactor' ? { meanFactor: factors } : {}),
      ...(['groupMean', 'levelStandard'].includes(dip?.ratioBase ?? mean ?? '') ? { groupMeans: means } : {}),
    })
  }) // biome-ignore format: a policy

/** Points of a review need a points pool that pays them. */
function inMoney(mark: CaseMark): CaseMark {
  return mark.decided === null ? mark : { ...mark, decided: { ...mark.decided, unit: 'money' } }
}

/** A random region of a policy: some costs lie at multiples of the standard, so that they meet the thresholds. */
export function anyRegion(policy: Policy, size: number): fc.Arbitrary<RegionInput> {
  const groups = ['G0', 'G1', 'G2', 'G3', 'AQY', '0000']
  const parents = ['P0', 'P1', 'P2', 'P3', 'AQY', '0000']
  const hospitals: Hospital[] = [3, 1, 2, 3, 2].map((level, i) => ({
    code: `H${5 - i}`,
    name: `医院 ${i}`,
    level: String(level),
    ...(i < 4 ? { class: 'AB'[i % 2]! } : {}),
  }))
  const onlyMoney = policy.method === 'rate' || policy.rules.review?.fundedBy === 'separate'
  const oneCase = fc.record({
    group: fc.nat(5), status: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2, 3), hospital: fc.nat(4), insurance: fc.nat(1), month: fc.nat(2),
    los: fc.constantFrom(NO_STAY, 0, 1, 2, 3, 8, 20, 58, 59, 60, 61, 90), cost: fc.integer({ min: 1, max: 9_000_000 }),
    at: fc.constantFrom(null, null, '0.2', '0.4', '0.5', '0.8', '1', '1.3', '1.5', '2', '2.5', '3'), off: fc.integer({ min: -1, max: 1 }),
    share: fc.integer({ min: 0, max: 90 }), age: fc.constantFrom(NO_AGE, 0, 0, 3, 17, 40, 70), ageDays: fc.constantFrom(NO_AGE, 5, 100),
    department: fc.nat(2), mark: fc.nat(MARKS.length - 1), way: fc.constantFrom(0, 1, 1, 2, 4, 5),
  }) // biome-ignore format: a case
  return fc
    .record({
      weight: fc.array(
        fc.oneof(
          { weight: 5, arbitrary: decimal(0.1, 14, 4) },
          { weight: 4, arbitrary: fc.constantFrom('0.5', '1', '2', '5') },
          { weight: 1, arbitrary: fc.constant(null) },
        ),
        { minLength: 6, maxLength: 6 },
      ),
      stable: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      k: fc.array(decimal(0.4, 1.6, 8), { minLength: 30, maxLength: 30 }),
      meanCost: fc.integer({ min: 200_000, max: 1_500_000 }),
      budgets: fc.array(fc.integer({ min: 1, max: 9_000_000_000 }), { minLength: 2, maxLength: 2 }),
      list: fc.array(oneCase, { minLength: 1, maxLength: size }),
    })
    .map(({ weight, stable, k, meanCost, budgets, list }) => {
      const weights: WeightTable = {
        groups,
        weight: weight.map(text => (text === null ? null : new Decimal(text))),
        stable,
        meanCost,
        meanCostExact: new Decimal(meanCost),
      }
      const table = k.map(text => new Decimal(text))
      const coefficients: CoefficientTable = {
        kind: policy.coefficientKind as 'none',
        of: (group, level, hospital) =>
          policy.coefficientKind === 'none'
            ? new Decimal(1)
            : table[
                policy.coefficientKind === 'level'
                  ? Number(level)
                  : policy.coefficientKind === 'hospital'
                    ? Number(hospital.slice(1))
                    : group * 4 + Number(level)
              ]!,
      }
      const costOf = (one: (typeof list)[number]): number => {
        const w = weights.weight[one.group]
        if (one.at === null || w == null) return one.cost
        const unit = policy.method === 'rate' ? '12252.70' : (policy.avgCost ?? new Decimal(meanCost).div(100))
        return Math.max(1, w.times(unit).times(one.at).times(100).floor().toNumber() + one.off)
      }
      const cost = Float64Array.from(list, costOf)
      const patient = Float64Array.from(list, (one, i) => Math.floor(((cost[i] ?? 0) * one.share) / 100))
      const cases: GroupedCases = {
        count: list.length,
        groups,
        parents,
        hospitals: hospitals.map(({ code }) => code),
        insurances: ['310', '390'],
        months: ['2025-01', '2025-02', '2025-03'],
        group: Uint16Array.from(list, one => one.group),
        status: Uint8Array.from(list, one => one.status),
        hospital: Uint16Array.from(list, one => one.hospital),
        insurance: Uint16Array.from(list, one => one.insurance),
        month: Uint16Array.from(list, one => one.month),
        los: Uint16Array.from(list, one => one.los),
        dischargeWay: Uint8Array.from(list, one => one.way),
        cost,
        fund: cost.map((value, i) => value - (patient[i] ?? 0) + 1),
        patient,
        facts: {
          age: Int16Array.from(list, one => one.age),
          ageDays: Int16Array.from(list, one => (one.age === 0 ? one.ageDays : NO_AGE)),
          departments: ['内科', '康复科', '精神科'],
          department: Uint16Array.from(list, one => one.department),
          marks: MARKS.map(mark => (onlyMoney ? inMoney(mark) : mark)),
          mark: Uint32Array.from(list, (one, i) =>
            policy.rules.addOn.size === 0 && MARKS[one.mark]!.addOns.length > 0 ? i % 3 : one.mark,
          ),
        },
      }
      return {
        cases,
        weights,
        coefficients,
        policy,
        hospitals,
        budgets: [
          { insurance: '310', fund: budgets[0]! },
          { insurance: '390', fund: budgets[1]! },
        ],
      }
    })
}

/** The cases of a region at the given positions, in that order. */
export function pick(cases: GroupedCases, at: readonly number[]): GroupedCases {
  return {
    ...cases,
    count: at.length,
    group: Uint16Array.from(at, i => cases.group[i]!),
    status: Uint8Array.from(at, i => cases.status[i]!),
    hospital: Uint16Array.from(at, i => cases.hospital[i]!),
    insurance: Uint16Array.from(at, i => cases.insurance[i]!),
    month: Uint16Array.from(at, i => cases.month[i]!),
    los: Uint16Array.from(at, i => cases.los[i]!),
    dischargeWay: Uint8Array.from(at, i => cases.dischargeWay[i]!),
    ...(cases.facts === undefined
      ? {}
      : {
          facts: {
            ...cases.facts,
            age: Int16Array.from(at, i => cases.facts!.age[i]!),
            ageDays: Int16Array.from(at, i => cases.facts!.ageDays[i]!),
            department: Uint16Array.from(at, i => cases.facts!.department[i]!),
            mark: Uint32Array.from(at, i => cases.facts!.mark[i]!),
          },
        }),
    cost: Float64Array.from(at, i => cases.cost[i]!),
    fund: Float64Array.from(at, i => cases.fund[i]!),
    patient: Float64Array.from(at, i => cases.patient[i]!),
  }
}

/** Of some drawn regions under a policy the one with most cases; always the same. */
export function largestRegion(policy: Policy, { cases, draws }: { cases: number; draws: number }): RegionInput {
  return fc
    .sample(anyRegion(policy, cases), { numRuns: draws, seed: 11 })
    .reduce((a, b) => (a.cases.count > b.cases.count ? a : b))
}
