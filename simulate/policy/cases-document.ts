import { z } from 'zod'
import { say } from '../../files/index.ts'
import { days, fileName, type GroupList, groupList, type Numeral, notNegative, positive, share, word } from './field.ts'
import { PER_DIEM, type PerDiemDocument } from './per-diem-document.ts'

/**
 * What an accepted special case is paid: its cost, a share of it, a multiple of its standard, its standard and a share of what
 * exceeds it, or its cost in points (at the mean cost, times the value).
 */
const REVIEW_OUTCOMES = ['cost', 'shareOfCost', 'standardTimes', 'excessShare', 'points'] as const
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number]

/** How a case without a normal group is paid: share of its cost, a fixed weight, or a mode. */
export interface SpecialDocument {
  readonly costShare?: Numeral | undefined
  readonly weight?: Numeral | undefined
  readonly mode?: 'ownWeight' | 'low' | 'zero' | 'outside' | undefined
}

/** Rules that pay some cases otherwise than by the cost bands. */
export interface CasesDocument {
  readonly special: {
    readonly ungrouped: SpecialDocument | null
    readonly ambiguous: SpecialDocument | null
    readonly invalid: SpecialDocument
  }
  readonly los: {
    readonly short: Numeral | null
    readonly shortOp: '<' | '<='
    readonly long: Numeral | null
    readonly longOp: '>' | '>='
    readonly mode: 'ffs' | 'outside'
  } | null
  readonly unstable: {
    readonly mode: 'actualPoints' | 'ffs' | 'standard' | 'specialReview'
    readonly list: GroupList
  }
  /** Weights (scores) of new groups until there are cases to weigh them by; a side table has columns group, weight. */
  readonly provisionalWeights: Readonly<Record<string, Numeral>> | { readonly file: string } | null
  readonly base: {
    readonly mode: 'k' | 'capK' | 'rateOfLevel'
    readonly value: Numeral
    readonly list: GroupList
    /** Cases that a DIP catalogue marks as grassroots ones (基层病种) count too. */
    readonly marked: boolean
    /** Coefficients of groups of their own (基层病种系数), in place of `value`; these groups are base groups. */
    readonly factors: Readonly<Record<string, Numeral>> | { readonly file: string }
  } | null
  /** Payment by the day (床日): one rule, or several of which the first that fits counts. */
  readonly perDiem: PerDiemDocument | readonly PerDiemDocument[] | null
  /** Groups whose weight is that of one day. */
  readonly longStay: {
    readonly groups: GroupList
    readonly from: Numeral
    readonly timesK: boolean
    /** Days of the standard of such a stay (支付标准), whatever it is paid; null: those of the stay itself. */
    readonly standardDays: Numeral | null
  } | null
  readonly earlyDeath: {
    readonly mode: 'ffs' | 'proRata' | 'group7'
    readonly days: Numeral
    readonly op: '<' | '<='
    readonly ways: readonly string[]
  } | null
  readonly daySurgery: {
    readonly mode: 'standard' | 'shareOfStandard' | 'ownWeight'
    readonly share: Numeral | null
    readonly weights: Readonly<Record<string, Numeral>> | null
    /** Whether a day surgery is a discharge, for the quota of special-case review and volume caps. */
    readonly countsAsDischarge: boolean
  } | null
  readonly review: {
    readonly quota: Numeral
    readonly ratio: Numeral | null
    readonly days: Numeral | null
    readonly applications: 'marked' | 'eligible'
    /** By what applications within the quota are chosen: largest excess of cost over standard, ratio of the two, or cost. */
    readonly rank: 'excess' | 'ratio' | 'cost'
    readonly outcome: ReviewOutcome
    readonly value: Numeral | null
    readonly fundedBy: 'pool' | 'separate'
  } | null
  readonly redirect: readonly {
    readonly id: string
    readonly group: string
    readonly to: string | null
    readonly share: Numeral | null
    readonly procedure: string | null
  }[]
}

const special = z
  .strictObject({
    costShare: notNegative.optional(),
    weight: positive.optional(),
    mode: z.enum(['ownWeight', 'low', 'zero', 'outside']).optional(),
  })
  .refine(
    one => Object.values(one).filter(value => value !== undefined).length === 1,
    say('costShare、weight 和 mode 只能且必须写一个', 'Give exactly one of costShare, weight and mode'),
  )

const los = z.strictObject({
  short: days.nullable().default(null),
  shortOp: z.enum(['<', '<=']).default('<='),
  long: days.nullable().default(null),
  longOp: z.enum(['>', '>=']).default('>='),
  mode: z.enum(['ffs', 'outside']).default('ffs'),
})

const unstable = z.strictObject({
  mode: z.enum(['actualPoints', 'ffs', 'standard', 'specialReview'], {
    error: say(
      '可用的有 actualPoints、ffs、standard 和 specialReview',
      'Supported are actualPoints, ffs, standard and specialReview',
    ),
  }),
  list: groupList.default([]),
})

const base = z.strictObject({
  mode: z.enum(['k', 'capK', 'rateOfLevel']),
  value: positive,
  list: groupList.default([]),
  marked: z.boolean().default(false),
  factors: z
    .union([fileName, z.record(word, positive)], {
      error: say(
        '应为 {病组: "系数"}，或 {file: …}（其中有 group、factor 列）',
        'Must be {group: "factor"}, or {file: …} with columns group and factor',
      ),
    })
    .default({}),
})

const longStay = z.strictObject({
  groups: groupList,
  from: days.default('1'),
  timesK: z.boolean().default(false),
  standardDays: days
    .refine(
      text => Number(text) > 0,
      say('长住院病例的标准至少按 1 天计', 'The standard of a long stay is that of 1 day at least'),
    )
    .nullable()
    .default(null),
})

const way = z
  .string()
  .regex(
    /^\d$/,
    say(
      '离院方式是带引号的一位数字：1 医嘱离院，2 转院，4 非医嘱离院，5 死亡',
      'A discharge way is one digit in quotes: 1 home, 2 transfer, 4 against advice, 5 died',
    ),
  )

const earlyDeath = z.strictObject({
  mode: z.enum(['ffs', 'proRata', 'group7']),
  days,
  op: z.enum(['<', '<=']).default('<='),
  ways: z.array(way).min(1),
})

const daySurgery = z
  .strictObject({
    mode: z.enum(['standard', 'shareOfStandard', 'ownWeight']),
    share: positive.nullable().default(null),
    weights: z.record(word, positive).nullable().default(null),
    countsAsDischarge: z.boolean().default(true),
  })
  .refine(one => one.mode !== 'shareOfStandard' || one.share !== null, {
    error: say('shareOfStandard 需要 share', 'shareOfStandard needs share'),
    path: ['share'],
  })
  .refine(one => one.mode !== 'ownWeight' || one.weights !== null, {
    error: say('ownWeight 需要 weights：{病组: 权重}', 'ownWeight needs weights: {group: weight}'),
    path: ['weights'],
  })

const review = z
  .strictObject({
    quota: share,
    ratio: positive.nullable().default(null),
    days: days.nullable().default(null),
    applications: z.enum(['marked', 'eligible']).default('marked'),
    rank: z.enum(['excess', 'ratio', 'cost']).default('excess'),
    outcome: z.enum(REVIEW_OUTCOMES),
    value: positive.nullable().default(null),
    fundedBy: z.enum(['pool', 'separate']).default('pool'),
  })
  .refine(one => one.outcome === 'cost' || one.outcome === 'points' || one.value !== null, {
    error: say(
      'shareOfCost、standardTimes 和 excessShare 需要 value',
      'shareOfCost, standardTimes and excessShare need value',
    ),
    path: ['value'],
  })
  .refine(one => one.outcome !== 'excessShare' || Number(one.value) <= 1, {
    error: say('excessShare 的 value 是比例，不大于 1', 'The value of excessShare is a share, at most 1'),
    path: ['value'],
  })
  .refine(one => one.applications === 'marked' || one.ratio !== null || one.days !== null, {
    error: say(
      '没有申请标记时需要触发条件：ratio 或 days',
      'Without marked applications a trigger is needed: ratio or days',
    ),
    path: ['applications'],
  })

const redirect = z
  .strictObject({
    id: word,
    group: word,
    to: word.nullable().default(null),
    share: positive.nullable().default(null),
    procedure: word.nullable().default(null),
  })
  .refine(
    one => (one.to === null) !== (one.share === null),
    say('请给出 to（另一病组）或 share（权重的比例），二者取一', 'Give to (another group) or share (of its weight)'),
  )

/** The fields of `CasesDocument`. */
export const CASES: { readonly [key in keyof CasesDocument]: z.ZodType<CasesDocument[key]> } = {
  special: z
    .strictObject({
      ungrouped: special.nullable().default(null),
      ambiguous: special.nullable().default(null),
      invalid: special.default({ mode: 'outside' }),
    })
    .default({ ungrouped: null, ambiguous: null, invalid: { mode: 'outside' } }),
  los: los.nullable().default(null),
  unstable: unstable.default({ mode: 'standard', list: [] }),
  provisionalWeights: z
    .union([fileName, z.record(word, positive)], {
      error: say('应为 {病组: 权重} 或 {file: …}', 'Must be {group: weight} or {file: …}'),
    })
    .nullable()
    .default(null),
  base: base.nullable().default(null),
  perDiem: PER_DIEM,
  longStay: longStay.nullable().default(null),
  earlyDeath: earlyDeath.nullable().default(null),
  daySurgery: daySurgery.nullable().default(null),
  review: review.nullable().default(null),
  redirect: z.array(redirect).default([]),
}
