import { z } from 'zod'
import { issueOf, say } from '../../files/index.ts'
import { Decimal, type Fen, parseDecimal, parseYuan } from '../../numbers/index.ts'
import { ExampleProblem } from './example.ts'

/** A decimal as text, as every number of an example is written. */
export const numeral: z.ZodType<string> = z
  .string({ error: say('数字请写成带引号的小数', 'a number is written as a decimal in quotes') })
  .refine(
    text => parseDecimal(text) !== undefined,
    say('数字请写成普通小数，如 "0.4"', 'a number is written as a plain decimal, such as "0.4"'),
  )

/** An amount in yuan with at most two decimals. */
export const amount: z.ZodType<string> = z
  .string({ error: say('金额请加引号', 'money is written in quotes') })
  .refine(
    text => parseYuan(text) !== undefined,
    say('金额以元为单位，最多两位小数', 'money is written in yuan with at most two decimals'),
  )

/** Numbers by hospital, level, insurance or any other key. */
export const numerals: z.ZodType<Readonly<Record<string, string>>> = z.record(z.string(), numeral)
export const amounts: z.ZodType<Readonly<Record<string, string>>> = z.record(z.string(), amount)

/** The inputs of an example, checked; a field that the kind does not know is a problem that names it, but for a `note`. */
export function readInputs<T>(inputs: unknown, schema: z.ZodType<T>): T {
  const facts = withoutNote(inputs)
  const result = schema.safeParse(facts)
  if (result.success) return result.data
  throw problemOf(schema, facts, result.error, 'inputs')
}

function withoutNote(inputs: unknown): unknown {
  if (typeof inputs !== 'object' || inputs === null || !('note' in inputs)) return inputs
  const { note: _, ...facts } = inputs
  return facts
}

/** The first issue of a schema as a problem with its path. */
export function problemOf<T>(schema: z.ZodType<T>, value: unknown, error: z.ZodError<T>, root: string): ExampleProblem {
  const { path: below, unknown, message } = issueOf(schema, value, error)
  const path = [root, ...below].map(String)
  if (unknown.length > 0) {
    const keys = unknown.map(key => [...path, key].join('.')).join(', ')
    return new ExampleProblem({ zh: `未知字段 ${keys}。`, en: `Unknown field ${keys}.` })
  }
  const place = path.join('.')
  return new ExampleProblem({ zh: `${place} 不符合要求：${message.zh}。`, en: `${place}: ${message.en}.` })
}

/** Yuan that a schema has checked, in fen. */
export function fen(text: string): Fen {
  const value = parseYuan(text)
  if (value === undefined) throw new Error(`not an amount: ${text}`)
  return value
}

/** A decimal, or the fallback where the example is silent. */
export function decimal(text: string | undefined, fallback: string = '0'): Decimal {
  return new Decimal(text ?? fallback)
}
