import type { RejectReason } from './reject.ts'

// What is wrong with a row, as small integers in the order of `PROBLEMS`.
export const TOO_FEW_COLUMNS = 1
export const TOO_MANY_COLUMNS = 2
export const NOT_AN_INTEGER = 3
export const NOT_MONEY = 4
export const OUT_OF_RANGE = 5
export const BAD_SEX = 6
export const TOO_MANY_CODES = 7
export const CODE_TOO_LONG = 8
export const TOO_MANY_LABELS = 9
export const ENCODING = 10
export const ID_MISSING = 11
export const NEGATIVE = 12

export const PROBLEMS: readonly RejectReason[] = [
  'encoding',
  'too-few-columns',
  'too-many-columns',
  'not-an-integer',
  'not-money',
  'out-of-range',
  'bad-sex',
  'too-many-codes',
  'code-too-long',
  'too-many-labels',
  'encoding',
  'id-missing',
  'negative',
]
