import { z } from 'zod'
import { say } from '../../files/index.ts'
import {
  byRate,
  days,
  type GroupList,
  groupList,
  INSURANCE_KEY,
  label,
  type Numeral,
  type NumeralTable,
  notNegative,
  positive,
  word,
} from './field.ts'

/** One rule of payment by the day (床日): points, or yuan under a rate. */
export interface PerDiemDocument {
  readonly title: { readonly zh: string; readonly en: string } | null
  /** Whom the rule pays: listed groups, departments, cases that a DIP catalogue marks as by the day. */
  readonly groups: GroupList
  readonly departments: readonly string[]
  readonly marked: boolean
  /** `any`: one of them is enough; `all`: a case has to meet each that is stated. */
  readonly match: 'any' | 'all'
  /** Where: levels and classes of hospitals, insurances; null: everywhere. */
  readonly levels: readonly string[] | null
  readonly classes: readonly string[] | null
  readonly insurances: readonly string[] | null
  /** Stays of at least and at most so many days; null: no upper bound. */
  readonly from: Numeral
  readonly to: Numeral | null
  readonly perDay: NumeralTable
  readonly bands: readonly { readonly upTo: Numeral | null; readonly factor: Numeral }[]
  readonly maxDays: Numeral | null
  readonly timesK: boolean
}

const rule: z.ZodType<PerDiemDocument> = z
  .strictObject({
    title: label.nullable().default(null),
    groups: groupList.default([]),
    departments: z.array(word).default([]),
    marked: z.boolean().default(false),
    match: z.enum(['any', 'all']).default('any'),
    levels: z.array(word).min(1).nullable().default(null),
    classes: z.array(word).min(1).nullable().default(null),
    insurances: z.array(INSURANCE_KEY).min(1).nullable().default(null),
    from: days.default('1'),
    to: days.nullable().default(null),
    perDay: z.union([positive, byRate], {
      error: say(
        '应为带引号的小数，或按等级和险种给出的映射',
        'Must be a decimal in quotes or a map by level and insurance',
      ),
    }),
    bands: z
      .array(z.strictObject({ upTo: days.nullable(), factor: notNegative }))
      .refine(
        bands => bands.every((band, i) => (band.upTo === null) === (i === bands.length - 1)),
        say('最后一段且只有最后一段的 upTo 为 null', 'The last band, and only it, has upTo null'),
      )
      .refine(
        bands => bands.slice(1, -1).every((band, i) => Number(band.upTo) > Number(bands[i]?.upTo)),
        say('upTo 须逐段增大', 'Upper days must rise'),
      )
      .default([]),
    maxDays: days.nullable().default(null),
    timesK: z.boolean().default(false),
  })
  .refine(one => one.to === null || Number(one.to) >= Number(one.from), {
    error: say('to 小于 from', 'to lies below from'),
    path: ['to'],
  })
  .refine(one => hasGroups(one.groups) || one.departments.length > 0 || one.marked, {
    error: say(
      '请列出病组或科室，或写 marked，否则没有病例按床日付费',
      'Name groups or departments, or say marked, or no case is paid by the day',
    ),
    path: ['groups'],
  })

const list: z.ZodType<readonly PerDiemDocument[]> = z.array(rule).min(1)

/** The schema of `perDiem`: a rule or a list of rules, kept as it is written, so that scenarios find its paths. */
export const PER_DIEM: z.ZodType<PerDiemDocument | readonly PerDiemDocument[] | null> = z
  .unknown()
  .transform((given, context) => {
    if (given === null || given === undefined) return null
    const parsed = (Array.isArray(given) ? list : rule).safeParse(given)
    if (parsed.success) return parsed.data
    for (const { message, path } of parsed.error.issues) context.addIssue({ code: 'custom', message, path })
    return z.NEVER
  })
  .default(null)

/** The rules of a pack in order. */
export function perDiemRules(given: PerDiemDocument | readonly PerDiemDocument[] | null): readonly PerDiemDocument[] {
  return given === null ? [] : 'perDay' in given ? [given] : given
}

/** Whether a list of groups names any, here or in a side table. */
export function hasGroups(groups: GroupList): boolean {
  return 'file' in groups || groups.length > 0
}
