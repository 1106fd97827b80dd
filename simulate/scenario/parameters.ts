import { z } from 'zod'
import { say } from '../../files/index.ts'
import { formatFen, parseDecimal, parseYuan } from '../../numbers/index.ts'
import type { Hospital } from '../../weights/index.ts'
import { POLICY_SCHEMA, type PolicyDocument } from '../policy/document.ts'
import type { Budget } from '../settle/region.ts'
import { CHANGE, type Change } from './change.ts'

/** Factors on the number and on the cost of some cases. */
export interface Shift {
  readonly volume: string
  readonly cost: string
}

/** Everything that a scenario may change, as one tree of texts. Frozen: a scenario works on a copy. */
export interface Parameters {
  /** Grouping scheme: an id or a folder; `asGrouped` leaves the cases as they are grouped. */
  readonly scheme: string
  readonly policy: PolicyDocument
  /** Fund budget in yuan by insurance. */
  readonly budget: Readonly<Record<string, { readonly fund: string }>>
  readonly coefficient: {
    /** x in k → 1 + (k − 1)·(1 − x): 0 leaves coefficients alone, 1 makes all of them 1. */
    readonly flatten: string
    /** Factor on the coefficients of a level, before flattening. */
    readonly level: Readonly<Record<string, string>>
  }
  readonly weights: {
    /** Factor on all weights. */
    readonly scale: string
    /** Factors on the weights of groups, by code or its beginning; factors of nested beginnings multiply. */
    readonly group: Readonly<Record<string, string>>
    /** `total`: weights that no factor names are scaled so that the sum of weights over the region's cases stays. */
    readonly balance: 'off' | 'total'
    /** `baseline`: the region's weights; `cases`: derived again from the cases as the scenario changes them. */
    readonly from: 'baseline' | 'cases'
  }
  /** Factors on all cases, and on those of a level, an insurance or a hospital; they multiply. */
  readonly region: Shift
  readonly level: Readonly<Record<string, Shift>>
  readonly insurance: Readonly<Record<string, Shift>>
  readonly hospital: Readonly<Record<string, Shift>>
  /** Changes of the cases by name, carried out in the order of their names' appearance. */
  readonly changes: Readonly<Record<string, Change>>
}

/** What the tree of a region is made of. */
export interface Ground {
  readonly policy: PolicyDocument
  readonly budgets: readonly Budget[]
  readonly hospitals: readonly Hospital[]
}

/** Branches to which a scenario may add entries. */
export const OPEN: readonly string[] = ['changes', 'weights.group']

const numeral = z.string({
  error: say('数字请写成带引号的小数，如 "0.5"', 'A number is written as a decimal in quotes, such as "0.5"'),
})
const factor = numeral.refine(
  text => parseDecimal(text)?.gt(0) === true,
  say('须为大于零的小数', 'Must be a decimal greater than zero'),
)
const volume = numeral.refine(
  text => parseDecimal(text)?.isNegative() === false,
  say('须为不小于零的小数', 'Must be a decimal, zero or more'),
)
const between = numeral.refine(
  text => parseDecimal(text)?.isNegative() === false && parseDecimal(text)?.lte(1) === true,
  say('须在 0 与 1 之间', 'Must lie between 0 and 1'),
)
const fund = numeral.refine(
  text => (parseYuan(text) ?? 0) > 0,
  say('须为大于零的金额（元）', 'Must be an amount in yuan greater than zero'),
)
const cost = factor.refine(
  text => (parseDecimal(text)?.decimalPlaces() ?? 0) <= 12,
  say('小数位不能超过十二位', 'Must have at most twelve digits'),
)
const shift = z.strictObject({ volume, cost })

/** The schema of each branch of the tree. */
export const BRANCHES: { readonly [key in keyof Parameters]: z.ZodType<Parameters[key]> } = {
  scheme: z.string().min(1),
  policy: POLICY_SCHEMA,
  budget: z.record(z.string(), z.strictObject({ fund })),
  coefficient: z.strictObject({ flatten: between, level: z.record(z.string(), factor) }),
  weights: z.strictObject({
    scale: factor,
    group: z.record(z.string().min(1), factor),
    balance: z.enum(['off', 'total']),
    from: z.enum(['baseline', 'cases']),
  }),
  region: shift,
  level: z.record(z.string(), shift),
  insurance: z.record(z.string(), shift),
  hospital: z.record(z.string(), shift),
  changes: z.record(
    z.string().regex(/^[a-z0-9-]+$/, say('请用小写字母、数字和连字符', 'Use small letters, digits and hyphens')),
    CHANGE,
  ),
}

/** The tree of a region as it stands. */
export function parametersOf({ policy, budgets, hospitals }: Ground): Parameters {
  const levels = [...new Set(hospitals.map(({ level }) => level))].sort()
  const same: Shift = { volume: '1', cost: '1' }
  const shifts = (keys: readonly string[]): Record<string, Shift> =>
    Object.fromEntries(keys.map(key => [key, { ...same }]))
  return deepFreeze({
    scheme: 'asGrouped',
    policy: structuredClone(policy),
    budget: Object.fromEntries(budgets.map(({ insurance, fund: fen }) => [insurance, { fund: formatFen(fen) }])),
    coefficient: { flatten: '0', level: Object.fromEntries(levels.map(level => [level, '1'])) },
    weights: { scale: '1', group: {}, balance: 'off', from: 'baseline' },
    region: same,
    level: shifts(levels),
    insurance: shifts(budgets.map(({ insurance }) => insurance)),
    hospital: shifts(hospitals.map(({ code }) => code)),
    changes: {},
  })
}

/** Freezes a tree of plain objects and lists; columns of numbers in it cannot be frozen. */
export function deepFreeze<T>(node: T): T {
  if (typeof node === 'object' && node !== null && !ArrayBuffer.isView(node) && !Object.isFrozen(node)) {
    Object.freeze(node)
    for (const child of Object.values(node)) deepFreeze(child)
  }
  return node
}
