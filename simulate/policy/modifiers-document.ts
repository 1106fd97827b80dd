import { z } from 'zod'
import { say } from '../../files/index.ts'
import {
  days,
  fileName,
  type GroupList,
  groupList,
  label,
  type Numeral,
  positive,
  share,
  whole,
  word,
} from './field.ts'

/** What changes the result of a rule afterwards, or comes on top of it. */
export interface ModifiersDocument {
  readonly age: readonly {
    readonly from: Numeral
    readonly to: Numeral | null
    readonly unit: 'years' | 'days'
    readonly factor: Numeral
    readonly beforeBands: boolean
  }[]
  readonly tcm: {
    readonly factor: Numeral
    readonly list: GroupList
    readonly standards: readonly TcmStandardDocument[]
  } | null
  /** Auxiliary types of DIP (辅助分型): of the classes of a case the one with the highest coefficient counts. */
  readonly auxiliary: {
    /** Types: the id of a pack of them, or a file beside the policy. */
    readonly types: string
    /** Coefficients by group, type and class; null: the region file names them. */
    readonly table: { readonly file: string } | null
    /** Cases with these marks of the catalogue take no coefficient. */
    readonly except: readonly AuxiliaryExcept[]
  } | null
  readonly addOn: readonly {
    readonly id: string
    readonly title: { readonly zh: string; readonly en: string }
    readonly amount: Numeral | null
    readonly share: Numeral | null
    readonly points: Numeral | null
    readonly cap: Numeral | null
    readonly fundedBy: 'pool' | 'separate'
    readonly costRemovedFromRatio: boolean
  }[]
  readonly readmission: {
    readonly days: Numeral
    readonly factor: Numeral
    readonly exempt: GroupList
    /** Whether a stay that such a return follows is a discharge of its own, for quotas. */
    readonly countsAsDischarge: boolean
  } | null
  readonly volumeCap: readonly {
    /** Leaf, or ADRG: its leaves that have no cap of their own count together. */
    readonly group: string
    readonly quota: Numeral
    readonly factor: Numeral
    /** `spread` over all cases of the year; `byDate`: the first `quota` cases of the year are within it. */
    readonly cut: 'spread' | 'byDate'
  }[]
  readonly rounding: { readonly points: '0' | '1' | '2' | '3' | '4'; readonly money: 'fen' | 'yuan' }
}

/**
 * The own standard (中医优势病种支付标准) of the cases of a group that are treated by Chinese medicine: a weight of their own,
 * a share of the weight of the group with the same effect (同病同效同价), or an amount.
 */
export interface TcmStandardDocument {
  readonly group: string
  readonly weight: Numeral | null
  readonly like: string | null
  readonly amount: Numeral | null
  /** Of the weight. */
  readonly share: Numeral
  /** Whether the hospital's coefficient counts. */
  readonly timesK: boolean
  /** Whether stays, unstable groups and cost bands apply; else the standard is paid whatever the cost. */
  readonly bands: boolean
}

const AUXILIARY_EXCEPT = ['grassroots', 'tcm', 'bed-day', 'day-surgery'] as const
type AuxiliaryExcept = (typeof AUXILIARY_EXCEPT)[number]

const auxiliary = z.strictObject({
  types: word,
  table: fileName.nullable().default(null),
  except: z.array(z.enum(AUXILIARY_EXCEPT)).default(['tcm', 'bed-day']),
})

const age = z
  .strictObject({
    from: whole.default('0'),
    to: whole.nullable().default(null),
    unit: z.enum(['years', 'days']).default('years'),
    factor: positive,
    beforeBands: z.boolean().default(false),
  })
  .refine(one => one.to === null || Number(one.to) >= Number(one.from), {
    error: say('to 小于 from', 'to lies below from'),
    path: ['to'],
  })

const addOn = z
  .strictObject({
    id: word,
    title: label,
    amount: positive.nullable().default(null),
    share: share.nullable().default(null),
    points: positive.nullable().default(null),
    cap: positive.nullable().default(null),
    fundedBy: z.enum(['pool', 'separate']).default('pool'),
    costRemovedFromRatio: z.boolean().default(false),
  })
  .refine(
    one => [one.amount, one.share, one.points].filter(value => value !== null).length === 1,
    say(
      'amount（元）、share（占该项费用的比例）和 points 只能且必须写一个',
      'Give exactly one of amount (yuan), share (of the cost of the item) and points',
    ),
  )
  .refine(
    one => one.points === null || one.fundedBy === 'pool',
    say('按点数支付的项目在基金池内，不能另行列支', 'Points lie in the pool'),
  )

const tcmStandard = z
  .strictObject({
    group: word,
    weight: positive.nullable().default(null),
    like: word.nullable().default(null),
    amount: positive.nullable().default(null),
    share: positive.default('1'),
    timesK: z.boolean().default(true),
    bands: z.boolean().default(false),
  })
  .refine(
    one => [one.weight, one.like, one.amount].filter(value => value !== null).length === 1,
    say(
      'weight（权重）、like（同效病组）和 amount（元）只能且必须写一个',
      'Give exactly one of weight, like (the group with the same effect) and amount (yuan)',
    ),
  )
  .refine(one => one.amount === null || !one.bands, {
    error: say('amount 是定额，不分费用类别', 'An amount is paid whatever the cost: it has no bands'),
    path: ['bands'],
  })
  .refine(one => one.like !== one.group, {
    error: say('like 应为另一病组', 'like has to be another group'),
    path: ['like'],
  })

const tcm = z.strictObject({
  factor: positive.default('1'),
  list: groupList.default([]),
  standards: z
    .array(tcmStandard)
    .refine(
      list => new Set(list.map(one => one.group)).size === list.length,
      say('有病组重复出现', 'A group stands there twice'),
    )
    .default([]),
})

const readmission = z.strictObject({
  days,
  factor: share,
  exempt: groupList.default([]),
  countsAsDischarge: z.boolean().default(true),
})

/** The fields of `ModifiersDocument`. */
export const MODIFIERS: { readonly [key in keyof ModifiersDocument]: z.ZodType<ModifiersDocument[key]> } = {
  age: z.array(age).default([]),
  tcm: tcm.nullable().default(null),
  auxiliary: auxiliary.nullable().default(null),
  addOn: z.array(addOn).default([]),
  readmission: readmission.nullable().default(null),
  volumeCap: z
    .array(
      z.strictObject({
        group: word,
        quota: whole,
        factor: share.default('0.5'),
        cut: z.enum(['spread', 'byDate']).default('spread'),
      }),
    )
    .refine(
      list => new Set(list.map(one => one.group)).size === list.length,
      say('有病组重复出现', 'A group stands there twice'),
    )
    .default([]),
  rounding: z
    .strictObject({
      points: z.enum(['0', '1', '2', '3', '4']).default('4'),
      money: z.enum(['fen', 'yuan']).default('fen'),
    })
    .default({ points: '4', money: 'fen' }),
}
