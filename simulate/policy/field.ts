import { z } from 'zod'
import { say } from '../../files/index.ts'
import { parseDecimal } from '../../numbers/index.ts'
import { FACTOR_KEY, INSURANCE, RATE_KEY } from './insurance.ts'

/** A decimal as written in a file: "0.4". */
export type Numeral = string

/** One number, or numbers by level and insurance (`level3`, `employee`, `level3.employee`). */
export type NumeralTable = Numeral | Readonly<Record<string, Numeral>>

/** Codes of groups or ADRGs, or the side table that lists them in a column `group`. */
export type GroupList = readonly string[] | { readonly file: string }

export const anyNumeral: z.ZodType<Numeral> = z
  .string({ error: say('数字写成带引号的小数，如 "0.4"', 'A number is written as a decimal in quotes, such as "0.4"') })
  .refine(
    text => parseDecimal(text) !== undefined,
    say('数字写成普通小数，如 "0.4"', 'A number is written as a plain decimal, such as "0.4"'),
  )
export const notNegative: z.ZodType<Numeral> = anyNumeral.refine(
  text => parseDecimal(text)?.isNegative() !== true,
  say('不能为负', 'Must not be negative'),
)
export const positive: z.ZodType<Numeral> = anyNumeral.refine(
  text => parseDecimal(text)?.gt(0) !== false,
  say('应大于零', 'Must be greater than zero'),
)
export const share: z.ZodType<Numeral> = notNegative.refine(
  text => parseDecimal(text)?.lte(1) !== false,
  say('应在 0 与 1 之间', 'Must lie between 0 and 1'),
)
export const days: z.ZodType<Numeral> = anyNumeral.refine(
  text => /^\d{1,4}$/.test(text),
  say('应为整数天数，如 "60"', 'Must be a whole number of days, such as "60"'),
)
export const whole: z.ZodType<Numeral> = anyNumeral.refine(
  text => /^\d{1,9}$/.test(text),
  say('应为整数，如 "60"', 'Must be a whole number, such as "60"'),
)
export const date: z.ZodType<string> = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, say('应为日期，如 2025-01-01', 'Must be a date such as 2025-01-01'))
export const word: z.ZodType<string> = z.string().min(1)
export const label: z.ZodType<{ zh: string; en: string }> = z.strictObject({ zh: word, en: word })
export const fileName: z.ZodType<{ file: string }> = z.strictObject({ file: word })
export const groupList: z.ZodType<GroupList> = z.union([z.array(word), fileName], {
  error: say(
    '应为病组列表，或 {file: …}（其中有 group 列）',
    'Must be a list of groups, or {file: …} with a column group',
  ),
})

export const INSURANCE_KEY: z.ZodString = z
  .string()
  .regex(
    INSURANCE,
    say('应为 employee、resident 或三位险种代码', 'Use employee, resident or the three digits of the insurance'),
  )
export const byInsurance: z.ZodType<Record<string, Numeral>> = z.record(INSURANCE_KEY, positive)
/** Prices that may also depend on the hospital, and be others for base groups. */
export const byFactor: z.ZodType<Record<string, Numeral>> = z.record(
  z
    .string()
    .regex(
      FACTOR_KEY,
      say(
        '应为 level3、employee、hospital:H001 或 hospital:H001.employee，基层病种加 .base',
        'Use level3, employee, hospital:H001 or hospital:H001.employee, with .base for base groups',
      ),
    ),
  positive,
)
export const byRate: z.ZodType<Record<string, Numeral>> = z.record(
  z
    .string()
    .regex(
      RATE_KEY,
      say('应为 level3、employee、310 或 level3.employee', 'Use level3, employee, 310 or level3.employee'),
    ),
  positive,
)
