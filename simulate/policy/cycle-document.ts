import { z } from 'zod'
import { say } from '../../files/index.ts'
import { parseDecimal } from '../../numbers/index.ts'

/** A decimal as written in a file. */
type Numeral = string

/** What a score gives: from this score on, a share; `score` is the score over 100. */
export interface ScoreStep {
  readonly from: Numeral
  readonly share: Numeral
}

/** How a year is paid month by month and cleared (§6.1). */
export interface CycleDocument {
  /** Share of the provisional amount that is paid each month. */
  readonly theta: Numeral
  /** Share held back as quality deposit, part of what theta leaves. */
  readonly deposit: Numeral
  /** Share of the deposit that is given back, or by appraisal score. */
  readonly depositReturn: Numeral | readonly ScoreStep[]
  /** Advance in average months of the provisional amount, or by appraisal score. */
  readonly advanceMonths: Numeral | readonly ScoreStep[]
  /** The advance is taken back at clearing, or stays with the hospital and is trued up next year. */
  readonly advanceRecovery: 'atClearing' | 'rollOver'
  /** A negative final payment is paid back, or carried over to the next year. */
  readonly negativeFinal: 'payBack' | 'carryOver'
  /** Working capital (周转金) that hospitals hold over the year, in average months; null: none. */
  readonly workingCapital: { readonly months: Numeral; readonly recovery: 'atClearing' | 'rollOver' } | null
  /** Day of the next month by which the claims of a month are made (two digits); null: the last day of the month itself. */
  readonly claimDay: string | null
  /** Working days after that by which a month is paid; null: the national limit. */
  readonly settleWorkingDays: Numeral | null
  /** Month and day of the next year by which a year is cleared, or by fiscal year; null: the national limit. */
  readonly clearBy: string | readonly { readonly from: string; readonly by: string }[] | null
  /** Share of the payable money that the months mean to leave to clearing, or by fiscal year; null: the national target. */
  readonly clearingShare: Numeral | readonly { readonly from: string; readonly share: Numeral }[] | null
}

/** How the appraisal acts on the fund due (§6.2). */
export interface AppraisalDocument {
  /** Coefficient by score, where the region gives no coefficient of its own; null: 1. */
  readonly coefficient: readonly ScoreStep[] | null
  /** Where the difference goes: to the fund, or to all hospitals of the scheme by points. */
  readonly leftover: 'reserve' | 'redistribute'
}

/** One band of z = billed ÷ due; exactly one of `factor`, `keep` and `share`. */
export interface SharingBand {
  /** Upper bound, inclusive; null: none. */
  readonly upTo: Numeral | null
  /** z ≤ 1: pays billed × factor. */
  readonly factor: Numeral | null
  /** z ≤ 1: pays billed + keep × (due − billed). */
  readonly keep: Numeral | null
  /** z > 1: of the overspend inside the band the fund bears this share. */
  readonly share: Numeral | null
}

/** Surplus retained and overspend shared (§6.4). */
export interface SharingDocument {
  readonly bands: readonly SharingBand[]
  /** Whether z is taken hospital by hospital, of each group of a hospital, or of the scheme as a whole. */
  readonly base: 'hospital' | 'group' | 'region'
  /** Where the balance goes or comes from: the fund, or all hospitals of the scheme by points. */
  readonly balance: 'reserve' | 'secondRoundByPoints'
  /** Factor on `keep` and `share` by appraisal score; null: 1. Not with base region. */
  readonly byScore: readonly ScoreStep[] | null
}

/** Control totals of institutions (机构总额控制), whose amounts the region states. */
export interface ControlDocument {
  /** Share of what a hospital earns beyond its control total that is paid. */
  readonly above: Numeral
  /** Where the rest goes: to the fund, or by points to the hospitals of the scheme that stay within theirs. */
  readonly leftover: 'reserve' | 'redistribute'
}

const notNegative = z
  .string({
    error: say('数字写成带引号的小数，如 "0.95"', 'A number is written as a decimal in quotes, such as "0.95"'),
  })
  .refine(
    text => parseDecimal(text)?.isNegative() === false,
    say('应为不小于零的普通小数，如 "0.95"', 'Must be a plain decimal, zero or more, such as "0.95"'),
  )
const share = notNegative.refine(
  text => parseDecimal(text)?.lte(1) !== false,
  say('应在 0 与 1 之间', 'Must lie between 0 and 1'),
)

function steps(one: z.ZodType<Numeral>): z.ZodType<readonly ScoreStep[]> {
  return z
    .array(
      z.strictObject({
        from: notNegative,
        share: z.union([z.literal('score'), one], {
          error: say('应为带引号的小数，或 score', 'Must be a decimal in quotes, or score'),
        }),
      }),
    )
    .min(1)
    .refine(
      list => list.every(({ from }, i) => i === 0 || parseDecimal(from)?.lt(list[i - 1]?.from ?? '0') === true),
      say('分数须逐档降低', 'Scores must fall from step to step'),
    )
    .refine(
      list => parseDecimal(list.at(-1)?.from ?? '')?.isZero() === true,
      say('最后一档须从分数 "0" 开始', 'The last step must begin at score "0"'),
    )
}

const monthDay = z
  .string()
  .regex(
    /^((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))$/,
    say('应为月-日，如 "05-31"', 'Must be month-day, such as "05-31"'),
  )
const fiscalYear = z.string().regex(/^\d{4}$/, say('应为带引号的年份', 'Must be a year in quotes'))
const rising = (list: readonly { readonly from: string }[]): boolean =>
  list.every(({ from }, i) => i === 0 || from > (list[i - 1]?.from ?? ''))
const RISING = say('年份须从早到晚', 'Years must rise from row to row')

const workingCapital = z.strictObject({
  months: notNegative,
  recovery: z.enum(['atClearing', 'rollOver']).default('atClearing'),
})

/** The schema of `cycle`. */
export const CYCLE_SCHEMA: z.ZodType<CycleDocument> = z
  .strictObject({
    theta: share,
    deposit: share.default('0'),
    depositReturn: z
      .union([share, steps(share)], {
        error: say('应为带引号的小数，或分档 {from, share}', 'Must be a decimal in quotes, or steps {from, share}'),
      })
      .default('1'),
    advanceMonths: z
      .union([notNegative, steps(notNegative)], {
        error: say('应为带引号的小数，或分档 {from, share}', 'Must be a decimal in quotes, or steps {from, share}'),
      })
      .default('0'),
    advanceRecovery: z.enum(['atClearing', 'rollOver']).default('atClearing'),
    negativeFinal: z.enum(['payBack', 'carryOver']).default('payBack'),
    workingCapital: workingCapital.nullable().default(null),
    claimDay: z
      .string()
      .regex(/^(0[1-9]|1\d|2[0-8])$/, say('应为 "01" 至 "28"', 'Must be "01" to "28"'))
      .nullable()
      .default(null),
    settleWorkingDays: z
      .string()
      .regex(/^[1-9]\d{0,2}$/, say('应为带引号的工作日数', 'Must be a number of working days in quotes'))
      .nullable()
      .default(null),
    clearBy: z
      .union(
        [
          monthDay,
          z
            .array(z.strictObject({ from: fiscalYear, by: monthDay }))
            .min(1)
            .refine(rising, RISING),
        ],
        { error: say('应为 "05-31"，或分年度 {from, by}', 'Must be "05-31", or rows {from, by} by fiscal year') },
      )
      .nullable()
      .default(null),
    clearingShare: z
      .union(
        [
          share,
          z
            .array(z.strictObject({ from: fiscalYear, share }))
            .min(1)
            .refine(rising, RISING),
        ],
        { error: say('应为 "0.05"，或分年度 {from, share}', 'Must be "0.05", or rows {from, share} by fiscal year') },
      )
      .nullable()
      .default(null),
  })
  .refine(cycle => parseDecimal(cycle.theta)?.plus(cycle.deposit).lte(1) !== false, {
    error: say(
      'theta 与 deposit 之和不能超过 1：保证金是每月预留的一部分',
      'theta and deposit together must not exceed 1: the deposit is part of what the months keep back',
    ),
    path: ['deposit'],
  })
  .default({
    theta: '0.95',
    deposit: '0',
    depositReturn: '1',
    advanceMonths: '0',
    advanceRecovery: 'atClearing',
    negativeFinal: 'payBack',
    workingCapital: null,
    claimDay: null,
    settleWorkingDays: null,
    clearBy: null,
    clearingShare: null,
  })

/** The schema of `appraisal`. */
export const APPRAISAL_SCHEMA: z.ZodType<AppraisalDocument> = z
  .strictObject({
    coefficient: steps(notNegative).nullable().default(null),
    leftover: z.enum(['reserve', 'redistribute']).default('reserve'),
  })
  .default({ coefficient: null, leftover: 'reserve' })

const band = z
  .strictObject({
    upTo: notNegative.nullable(),
    factor: notNegative.nullable().default(null),
    keep: share.nullable().default(null),
    share: share.nullable().default(null),
  })
  .refine(
    one => [one.factor, one.keep, one.share].filter(value => value !== null).length === 1,
    say('factor、keep 和 share 只能且必须写一个', 'Give exactly one of factor, keep and share'),
  )

const isBelow = (one: SharingBand): boolean => one.share === null

/** The schema of `sharing`. */
export const SHARING_SCHEMA: z.ZodType<SharingDocument | null> = z
  .strictObject({
    bands: z
      .array(band)
      .min(2)
      .refine(
        bands =>
          bands.every(({ upTo }, i) =>
            i === bands.length - 1 ? upTo === null : parseDecimal(upTo ?? '')?.gt(bands[i - 1]?.upTo ?? '0') === true,
          ),
        say(
          '上限须逐档增大，最后一档且只有最后一档为 null',
          'Upper bounds must rise; the last one, and only it, is null',
        ),
      )
      .refine(
        bands => {
          const last = bands.findLastIndex(isBelow)
          return (
            last >= 0 && bands.slice(0, last).every(isBelow) && parseDecimal(bands[last]?.upTo ?? '')?.eq(1) === true
          )
        },
        say(
          '结余档（factor、keep）在前，止于 "1"；超支档（share）在后',
          'Bands of surplus (factor, keep) come first and end at "1"; bands of overspend (share) follow',
        ),
      ),
    base: z.enum(['hospital', 'group', 'region']).default('hospital'),
    balance: z.enum(['reserve', 'secondRoundByPoints']).default('reserve'),
    byScore: steps(share).nullable().default(null),
  })
  .refine(one => one.byScore === null || one.base !== 'region', {
    error: say('base 为 region 时没有单个机构的评分', 'With base region there is no score of a single hospital'),
    path: ['byScore'],
  })
  .nullable()
  .default(null)

/** The schema of `control`. */
export const CONTROL_SCHEMA: z.ZodType<ControlDocument | null> = z
  .strictObject({
    above: share.default('0'),
    leftover: z.enum(['reserve', 'redistribute']).default('reserve'),
  })
  .nullable()
  .default(null)
