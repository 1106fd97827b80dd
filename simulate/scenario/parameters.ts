import { z } from 'zod'
import { formatFen, parseDecimal, parseYuan } from '../../numbers/index.ts'
import type { Hospital } from '../../weights/index.ts'
import { POLICY_SCHEMA, type PolicyDocument } from '../policy/document.ts'
import type { Budget } from '../settle/region.ts'

/** Everything that a scenario may change, as one tree of texts. Frozen: a scenario works on a copy. */
export interface Parameters {
  readonly policy: PolicyDocument
  /** Fund budget in yuan by insurance. */
  readonly budget: Readonly<Record<string, { readonly fund: string }>>
  readonly coefficient: {
    /** x in k → 1 + (k − 1)·(1 − x): 0 leaves coefficients alone, 1 makes all of them 1. */
    readonly flatten: string
    /** Factor on the coefficients of a level, before flattening. */
    readonly level: Readonly<Record<string, string>>
  }
  readonly hospital: Readonly<Record<string, { readonly volume: string }>>
  readonly weights: { readonly scale: string }
}

const numeral = z.string({ error: 'A number is written as a decimal in quotes, such as "0.5"' })
const factor = numeral.refine(text => parseDecimal(text)?.gt(0) === true, 'Must be a decimal greater than zero')
const volume = numeral.refine(text => parseDecimal(text)?.isNegative() === false, 'Must be a decimal, zero or more')
const between = numeral.refine(
  text => parseDecimal(text)?.isNegative() === false && parseDecimal(text)?.lte(1) === true,
  'Must lie between 0 and 1',
)
const fund = numeral.refine(text => (parseYuan(text) ?? 0) > 0, 'Must be an amount in yuan greater than zero')

/** The schema of the tree: the types of all paths. */
export const PARAMETERS: z.ZodType<Parameters> = z.strictObject({
  policy: POLICY_SCHEMA,
  budget: z.record(z.string(), z.strictObject({ fund })),
  coefficient: z.strictObject({ flatten: between, level: z.record(z.string(), factor) }),
  hospital: z.record(z.string(), z.strictObject({ volume })),
  weights: z.strictObject({ scale: factor }),
})

/** The tree of a region as it stands. */
export function parametersOf(
  policy: PolicyDocument,
  budgets: readonly Budget[],
  hospitals: readonly Hospital[],
): Parameters {
  return deepFreeze({
    policy: structuredClone(policy),
    budget: Object.fromEntries(budgets.map(({ insurance, fund: fen }) => [insurance, { fund: formatFen(fen) }])),
    coefficient: {
      flatten: '0',
      level: Object.fromEntries(hospitals.map(({ level }) => [level, '1'])),
    },
    hospital: Object.fromEntries(hospitals.map(({ code }) => [code, { volume: '1' }])),
    weights: { scale: '1' },
  })
}

/** Freezes a tree of plain objects and lists. */
export function deepFreeze<T>(node: T): T {
  if (typeof node === 'object' && node !== null && !Object.isFrozen(node)) {
    Object.freeze(node)
    for (const child of Object.values(node)) deepFreeze(child)
  }
  return node
}
