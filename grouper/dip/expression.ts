import type { Dialect } from './types.ts'

/** The signs of the official workbook: `|` binds tighter than `+`. */
export const OFFICIAL_DIALECT: Dialect = { and: '+', or: '|' }

/** An operation expression: every factor must be met, a factor by one of its codes. */
export type Factors = readonly (readonly string[])[]

/** Why an expression cannot be read. */
export interface ExpressionProblem {
  /** The part at fault; '' for an empty one. */
  readonly part: string
}

/** Operation codes of 医保版 and the like: `47.0100`, `37.5100x001`, `38.5901`, `00.66`. */
const OPERATION = /^\d{2}\.[0-9A-Za-z]{1,10}$/

/** Whether a text has the form of an operation code. */
export function isOperation(text: string): boolean {
  return OPERATION.test(text)
}

/**
 * Reads `A|B+C|D` as (A or B) and (C or D); blanks and line breaks do not count, a code twice in a factor counts once.
 * The official lists print the filler x in lower case; a capital one is read as that.
 */
export function parseExpression(text: string, dialect: Dialect = OFFICIAL_DIALECT): Factors | ExpressionProblem {
  const clean = foldSigns(text)
  if (clean === '') return []
  const factors: string[][] = []
  for (const factor of clean.split(dialect.and)) {
    const codes: string[] = []
    for (const part of dialect.or === '' ? [factor] : factor.split(dialect.or)) {
      const code = part.replaceAll('X', 'x')
      if (!isOperation(code)) return { part }
      if (!codes.includes(code)) codes.push(code)
    }
    factors.push(codes)
  }
  return factors
}

/** An expression as we write it. */
export function printExpression(factors: Factors, dialect: Dialect = OFFICIAL_DIALECT): string {
  return factors.map(factor => factor.join(dialect.or)).join(dialect.and)
}

/** Full-width signs as ASCII, without any blank. */
export function foldSigns(text: string): string {
  return text
    .replaceAll(/[\uff01-\uff5e]/g, sign => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replaceAll(/[\s\u3000]/g, '')
}
