import fc from 'fast-check'
import { type CaseMark, NO_MARK } from '../../weights/index.ts'

const choice = (text: string): CaseMark['auxiliary'] => ({ type: 'age', class: text, coefficient: text })

/** Marks that cases of random regions carry. */
export const MARKS: readonly CaseMark[] = [
  NO_MARK,
  { ...NO_MARK, tcm: true },
  { ...NO_MARK, daySurgery: true },
  { ...NO_MARK, review: 'accepted' },
  { ...NO_MARK, review: 'applied', readmittedAfter: 9 },
  { ...NO_MARK, readmittedAfter: 12, redirect: 'half' },
  { ...NO_MARK, redirect: 'as-g2', review: 'refused' },
  { ...NO_MARK, addOns: [{ item: 'drug', cost: 12_345 }, { item: 'valve', cost: 800_001 }] },
  { ...NO_MARK, addOns: [{ item: 'cart', cost: 99_999_999 }], daySurgery: true },
  { ...NO_MARK, addOns: [{ item: 'bonus', cost: 0 }], tcm: true },
  { ...NO_MARK, grassroots: true },
  { ...NO_MARK, bedDay: true, auxiliary: choice('1.3') },
  { ...NO_MARK, auxiliary: choice('1.2517') },
  { ...NO_MARK, auxiliary: choice('0.91'), grassroots: true },
  { ...NO_MARK, auxiliary: choice('1.5'), tcm: true, redirect: 'half' },
  { ...NO_MARK, tcm: true, daySurgery: true },
  { ...NO_MARK, review: 'accepted', decided: { unit: 'money', value: 123_457 } },
  { ...NO_MARK, review: 'applied', decided: { unit: 'points', value: 1_234_567 } },
] // biome-ignore format: a list

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 3 })
const title = { zh: '规则', en: 'Rule' }
const RULES = [
  { when: 'los > 20 days and ratio > 1', factor: '1.1' },
  { when: "group in ('G1', 'G2') and cost > 2 * standard", pay: 'min(cost, 1.5 * standard)' },
  { when: 'age < 6 years', factor: '1 + w / 10' },
  { when: "way = '4' and ratio < 0.5", worth: '0.4 * standard' },
  { when: "level = '1' or insurance = '390' and not isBase", factor: '0.97' },
  { when: 'los >= 30 days', pay: '120 yuan / 1 day * los + 0.3 * cost' },
  { when: 'ratio >= 0.5 and ratio <= 0.5', worth: 'max(cost - 100 yuan, base)' },
  { when: "department = '康复科' and los > 3 days * w", factor: 'k' },
  { when: "mdc = 'G' and (tcm or ageDays <= 28 days)", worth: 'cost - 3 * (mean - standard)' },
  { when: 'daySurgery and not ratio != 2', pay: 'cost / 3' },
].map((rule, i) => ({ id: `rule${i}`, title, ...rule }))

const age = [
  { from: '0', to: '28', unit: 'days', factor: '1.2', beforeBands: true },
  { to: '5', factor: '1.03' },
  { from: '6', to: '17', factor: '0.99', beforeBands: true },
  { from: '65', factor: '1.05' },
]

const perDiem = fc
  .record({
    title: fc.constantFrom(undefined, title),
    groups: fc.constantFrom([], ['G3'], ['P1', 'G3'], ['G0', 'P2']),
    departments: fc.constantFrom(['精神科'], ['精神科'], ['内科', '康复科'], []),
    marked: fc.boolean(),
    match: fc.constantFrom('any', 'any', 'all'),
    levels: fc.constantFrom(null, null, ['3'], ['1', '2']),
    classes: fc.constantFrom(null, null, ['A'], ['B', '2']),
    insurances: fc.constantFrom(null, null, ['employee'], ['310', 'resident']),
    from: fc.constantFrom('1', '20'),
    to: fc.constantFrom(null, null, '59'),
    perDay: fc.constantFrom('4.25', { level3: '5', level2: '4.5', level1: '3.333', 'level3.resident': '4.9' }),
    bands: fc.constantFrom(
      [],
      [
        { upTo: '30', factor: '1' },
        { upTo: '60', factor: '0.85' },
        { upTo: null, factor: '0.5' },
      ],
    ),
    maxDays: fc.constantFrom(null, '80'),
    timesK: fc.boolean(),
  })
  .filter(one => one.groups.length + one.departments.length > 0 || one.marked)

/** Random rules beyond the cost bands. */
export const anyAxes: fc.Arbitrary<Record<string, unknown>> = fc.record({
  auxiliary: maybe(fc.constantFrom({ types: 'dip3-draft' }, { types: 'dip3-draft', except: ['grassroots'] })),
  perDiem: maybe(fc.oneof(perDiem, fc.array(perDiem, { minLength: 1, maxLength: 3 }))),
  longStay: maybe(fc.record({ groups: fc.constantFrom(['G2'], ['P0', 'G2']), from: fc.constantFrom('1', '59'), timesK: fc.boolean(), standardDays: fc.constantFrom(null, '60', '9') })),
  earlyDeath: maybe(
    fc.record({
      mode: fc.constantFrom('ffs', 'proRata', 'group7'),
      days: fc.constantFrom('2', '8'),
      op: fc.constantFrom('<', '<='),
      ways: fc.constantFrom(['5'], ['5', '2']),
    }),
  ),
  daySurgery: maybe(
    fc.constantFrom(
      { mode: 'standard' },
      { mode: 'shareOfStandard', share: '0.8', countsAsDischarge: false },
      { mode: 'ownWeight', weights: { G1: '0.35', P2: '0.4' } },
    ),
  ),
  review: maybe(
    fc.record({
      quota: fc.constantFrom('0', '0.05', '0.3'),
      ratio: fc.constantFrom('1.5', '2'),
      days: fc.constantFrom(null, '30'),
      applications: fc.constantFrom('marked', 'eligible'),
      rank: fc.constantFrom('excess', 'ratio', 'cost'),
      outcome: fc.constantFrom('cost', 'shareOfCost', 'standardTimes', 'excessShare', 'points'),
      value: fc.constantFrom('0.9', '1', '1.75'),
      fundedBy: fc.constantFrom('pool', 'pool', 'separate'),
    }),
  ),
  redirect: fc.constantFrom([], [{ id: 'half', group: 'G1', share: '0.5' }, { id: 'as-g2', group: 'P0', to: 'G2' }]),
  age: fc.constantFrom([], age, age.slice(1, 2)),
  tcm: maybe(
    fc.constantFrom(
      { factor: '1.02' },
      { factor: '1.02', list: ['G2', 'P3'] },
      { standards: [{ group: 'G0', weight: '0.7', timesK: false }, { group: 'P1', like: 'G2', share: '0.6', bands: true }, { group: 'G3', amount: '4321.09' }] },
      { factor: '1.1', list: ['G1'], standards: [{ group: 'G2', like: 'G0', share: '0.85' }, { group: 'G1', weight: '1.3', bands: true, timesK: false }] },
    ),
  ),
  addOn: fc.constant([
    { id: 'drug', title, share: '0.7', costRemovedFromRatio: true },
    { id: 'valve', title, amount: '3000.5', fundedBy: 'separate', costRemovedFromRatio: true },
    { id: 'cart', title, share: '0.5', cap: '20000', costRemovedFromRatio: true },
    { id: 'bonus', title, points: '12.5' },
  ]),
  readmission: maybe(fc.constantFrom({ days: '10', factor: '0.5', countsAsDischarge: false }, { days: '15', factor: '0.5', exempt: ['G0'] })),
  volumeCap: fc.constantFrom(
    [],
    [{ group: 'G1', quota: '3', factor: '0.5' }, { group: 'P2', quota: '0', factor: '0.7' }],
    [{ group: 'G1', quota: '4', cut: 'byDate' }, { group: 'P2', quota: '2', factor: '0', cut: 'byDate' }, { group: 'G0', quota: '5' }],
  ),
  provisionalWeights: maybe(fc.constantFrom({ G1: '0.85', P3: '2.5' }, { G0: '1', '0000': '0.2' })),
  rounding: fc.constantFrom({}, { points: '2' }, { points: '0', money: 'yuan' }),
  elastic: maybe(
    fc.constantFrom(
      { groups: ['G0', 'P3'], rate: { employee: '5000', resident: '4321.09' } },
      { by: 'costKind', amounts: { G0: '800.5', P1: '2500', G2: '9999999' } },
    ),
  ),
  rules: fc.subarray(RULES, { maxLength: 5 }),
  unstableList: fc.constantFrom([], ['G3']),
}) // biome-ignore format: one record

interface Review {
  readonly outcome: string
  readonly fundedBy: string
  readonly value: string
}

/** The axes as a policy of the method may have them. */
export function fitting(axes: Record<string, unknown>, isRate: boolean): Record<string, unknown> {
  const { unstableList, ...rest } = axes as {
    unstableList?: string[]
    review?: Review | null
  }
  const given = rest as Record<string, unknown> & {
    review?: Review | null
    addOn?: { id: string }[]
  }
  const { review } = given
  return {
    ...given,
    ...(unstableList === undefined ? {} : { unstable: { mode: 'actualPoints', list: unstableList } }),
    ...(isRate ? { elastic: null } : {}),
    ...(isRate && given.addOn !== undefined
      ? { addOn: given.addOn.map(item => (item.id === 'bonus' ? { ...item, points: null, amount: '1.5' } : item)) }
      : {}),
    ...(review == null ? {} : { review: fittingReview(review, isRate) }),
  }
}

function fittingReview(review: Review, isRate: boolean): Review {
  const asWorth = ['standardTimes', 'excessShare', 'points'].includes(review.outcome)
  if ((review.fundedBy === 'separate' && asWorth && !isRate) || (review.outcome === 'points' && isRate))
    return { ...review, outcome: 'cost' }
  return review.outcome === 'excessShare' && Number(review.value) > 1 ? { ...review, value: '0.5' } : review
}
