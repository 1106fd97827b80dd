import { z } from 'zod'
import { home, readDocument, say } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import { parseDecimal, parseYuan } from '../../numbers/index.ts'
import { cited } from '../cited.ts'
import { type CaseClass, CLASSES } from '../settle/classes.ts'

/** How large a line of a budget is: yuan, a share of something above it, or yuan for each of `heads` persons. */
export type Size =
  | { readonly kind: 'amount'; readonly value: string }
  | { readonly kind: 'share'; readonly value: string; readonly of: string }
  | { readonly kind: 'perHead'; readonly value: string; readonly heads: number }

interface LineHead {
  readonly id: string
  readonly title: Text
}

/** A line between fund income and the budget of case-based payment. */
export interface LineDocument extends LineHead {
  readonly size: Size
  /** '-' takes away, '+' adds. */
  readonly sign: '-' | '+'
}

/** A part of the budget that is set apart: a reserve, or a pool of its own for some cases. */
export interface PartDocument extends LineHead {
  readonly size: Size
  /** The cases that it pays; null: a reserve. */
  readonly cases: PartCases | null
  readonly pays: 'points' | 'cost' | 'capitation'
  /** Whether `cost` pays no more than the part holds. */
  readonly capped: boolean
  /** Where what is left of the part goes, or what it lacks comes from. */
  readonly rest: 'pool' | 'fund'
}

/** Which cases a part pays: those that meet every list that is given. */
export interface PartCases {
  readonly hospitals: readonly string[] | null
  /** Leaves or ADRGs. */
  readonly groups: readonly string[] | null
  readonly classes: readonly CaseClass[] | null
}

/** From fund income to the budget of case-based inpatient payment. */
export interface WaterfallDocument {
  readonly income: string
  /** Share of the income that the year may spend. */
  readonly spendRatio: string
  readonly lines: readonly LineDocument[]
  /** How the budget is set from what is left: all of it, a share of it, or last year's grown. */
  readonly budget:
    | { readonly basis: 'subtraction' }
    | { readonly basis: 'share'; readonly share: string }
    | { readonly basis: 'growth'; readonly lastYear: string; readonly growth: string; readonly cap: string | null }
}

/** The budget of one insurance as the region file states it. */
export interface BudgetDocument {
  readonly insurance: string
  readonly fund: string | null
  readonly waterfall: WaterfallDocument | null
  readonly within: readonly PartDocument[]
}

const word = z.string().min(1)
const money = z
  .string({ error: say('金额请加引号，如 "123456.00"', 'Money is written in quotes, such as "123456.00"') })
  .refine(
    text => (parseYuan(text) ?? 0) > 0,
    say('须为大于零的金额（元），如 "123456.00"', 'Must be an amount in yuan greater than zero, such as "123456.00"'),
  )
const decimal = z
  .string({
    error: say('数字请写成带引号的小数，如 "0.97"', 'A number is written as a decimal in quotes, such as "0.97"'),
  })
  .refine(
    text => parseDecimal(text) !== undefined,
    say('数字请写成普通小数，如 "0.97"', 'A number is written as a plain decimal, such as "0.97"'),
  )
const share = decimal.refine(
  text => parseDecimal(text)?.isNegative() === false && parseDecimal(text)?.lte(1) === true,
  say('须在 0 与 1 之间', 'Must lie between 0 and 1'),
)

const LABELS: ReadonlyMap<string, Text & { readonly place: 'above' | 'within' }> = new Map(
  readDocument(
    home('policies', 'budget-lines.yaml'),
    z.strictObject({
      lines: z.array(
        z.strictObject({ id: word, place: z.enum(['above', 'within']), zh: word, en: word, source: word }),
      ),
    }),
  ).lines.map(({ id, place, zh, en }) => [id, { place, zh, en }]),
)

const size = {
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, say('请用小写字母、数字和连字符', 'Use small letters, digits and hyphens')),
  title: z.strictObject({ zh: word, en: word }).optional(),
  kind: z.enum(['amount', 'share', 'perHead']),
  value: cited(
    decimal.refine(text => parseDecimal(text)?.isNegative() === false, say('不能为负数', 'Must not be negative')),
  ),
  of: word.optional(),
  heads: cited(z.int().min(1)).optional(),
}

interface SizeInput {
  readonly id: string
  readonly title?: Text | undefined
  readonly kind: Size['kind']
  readonly value: string
  readonly of?: string | undefined
  readonly heads?: number | undefined
}

/** What is wrong with the size of a line, with the field. */
function* oddSize(line: SizeInput, place: 'above' | 'within'): Generator<[field: string, message: string]> {
  if (line.kind === 'share' && line.of === undefined)
    yield [
      'of',
      say(
        `比例须写 of：${place === 'above' ? 'income、spend、left' : 'budget、left'}，或上面某一行的 id`,
        `A share needs of: ${place === 'above' ? 'income, spend, left' : 'budget, left'} or the id of a line above it`,
      ),
    ]
  if (line.kind !== 'share' && line.of !== undefined)
    yield ['of', say('只有份额（share）才写 of', 'Only a share has of')]
  if (line.kind === 'share' && parseDecimal(line.value)?.gt(1) === true)
    yield ['value', say('比例须在 0 与 1 之间', 'A share must lie between 0 and 1')]
  if (line.kind !== 'share' && parseYuan(line.value) === undefined)
    yield ['value', say('须为金额（元），如 "640.00"', 'Must be an amount in yuan, such as "640.00"')]
  if ((line.kind === 'perHead') !== (line.heads !== undefined))
    yield [
      'heads',
      say('perHead 须写人数 heads，其他种类不写', 'perHead, and only it, needs heads, the number of persons'),
    ]
  if (line.title === undefined && LABELS.get(line.id)?.place !== place)
    yield ['id', unlabelled([...LABELS].flatMap(([id, label]) => (label.place === place ? [id] : [])))]
}

function unlabelled(ids: readonly string[]): string {
  return say(
    `请写 title: {zh, en}；不写时 id 须为 ${ids.join('、')} 之一`,
    `Give title: {zh, en}; without one the id must be one of ${ids.join(', ')}`,
  )
}

function sized<T extends SizeInput>(line: T): LineHead & { readonly size: Size } {
  const { id, kind, value } = line
  const label = LABELS.get(id)
  const title = line.title ?? { zh: label?.zh ?? id, en: label?.en ?? id }
  if (kind === 'share') return { id, title, size: { kind, value, of: line.of ?? 'left' } }
  return { id, title, size: kind === 'perHead' ? { kind, value, heads: line.heads ?? 0 } : { kind, value } }
}

const line: z.ZodType<LineDocument> = z
  .strictObject({ ...size, sign: z.enum(['-', '+']).default('-') })
  .superRefine((one, context) => {
    for (const [field, message] of oddSize(one, 'above'))
      context.addIssue({ code: 'custom', message, path: [field], continue: false })
  })
  .transform(one => ({ ...sized(one), sign: one.sign }))

const list = z.array(word).min(1).nullable().default(null)

const part: z.ZodType<PartDocument> = z
  .strictObject({
    ...size,
    cases: z
      .strictObject({
        hospitals: list,
        groups: list,
        classes: z.array(z.enum(CLASSES)).min(1).nullable().default(null),
      })
      .refine(
        one => Object.values(one).some(value => value !== null),
        say('请写明医疗机构、病组或类别', 'Name hospitals, groups or classes'),
      )
      .nullable()
      .default(null),
    pays: z.enum(['points', 'cost', 'capitation']).optional(),
    capped: z.boolean().default(true),
    rest: z.enum(['pool', 'fund']).default('fund'),
  })
  .superRefine((one, context) => {
    const add = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', message, path: [field], continue: false })
    for (const [field, message] of oddSize(one, 'within')) add(field, message)
    if ((one.cases === null) !== (one.pays === undefined)) {
      add('pays', 'A part with cases needs pays: points, cost or capitation; a reserve has neither')
    }
  })
  .transform(one => ({
    ...sized(one),
    cases: one.cases,
    pays: one.pays ?? 'points',
    capped: one.capped,
    rest: one.rest,
  }))

const waterfall: z.ZodType<WaterfallDocument> = z.strictObject({
  income: cited(money),
  spendRatio: cited(share).default('1'),
  lines: z.array(line).default([]),
  budget: z
    .discriminatedUnion('basis', [
      z.strictObject({ basis: z.literal('subtraction') }),
      z.strictObject({ basis: z.literal('share'), share: cited(share) }),
      z.strictObject({
        basis: z.literal('growth'),
        lastYear: cited(money),
        growth: cited(decimal),
        cap: cited(decimal.nullable()).default(null),
      }),
    ])
    .default({ basis: 'subtraction' }),
})

/** The schema of one entry of `budgets`, but for its insurance. */
export const BUDGET_FIELDS: {
  readonly fund: z.ZodType<string | null>
  readonly waterfall: z.ZodType<WaterfallDocument | null>
  readonly within: z.ZodType<readonly PartDocument[]>
} = {
  fund: money.nullable().default(null),
  waterfall: waterfall.nullable().default(null),
  within: z.array(part).default([]),
}

/** What is wrong with an entry as a whole, with the path of the field. */
export function* oddBudget(
  one: Omit<BudgetDocument, 'insurance'>,
): Generator<[path: (string | number)[], message: string]> {
  if ((one.fund === null) === (one.waterfall === null))
    yield [
      ['fund'],
      say('请写 fund，或推出它的 waterfall，二者取一', 'Give either fund, or waterfall from which it follows'),
    ]
  if (one.waterfall?.budget.basis === 'growth') {
    const { growth, cap } = one.waterfall.budget
    if (cap !== null && parseDecimal(growth)?.gt(cap) === true)
      yield [['waterfall', 'budget', 'growth'], say(`增长率超过上限 ${cap}`, `The growth exceeds its cap of ${cap}`)]
    if (parseDecimal(growth)?.gt(-1) !== true)
      yield [['waterfall', 'budget', 'growth'], say('须大于 -1', 'Must be greater than -1')]
  }
  yield* oddReferences(one.waterfall?.lines ?? [], ['income', 'spend', 'left'], ['waterfall', 'lines'])
  yield* oddReferences(one.within, ['budget', 'left'], ['within'])
}

function* oddReferences(
  lines: readonly (LineDocument | PartDocument)[],
  words: readonly string[],
  path: readonly string[],
): Generator<[path: (string | number)[], message: string]> {
  const known = new Set(words)
  for (const [i, { id, size: one }] of lines.entries()) {
    if (one.kind === 'share' && !known.has(one.of))
      yield [
        [...path, i, 'of'],
        say(
          `“${one.of}”不是 ${words.join('、')}，也不是上面的某一行`,
          `"${one.of}" is neither ${words.join(', ')} nor a line above this one`,
        ),
      ]
    if (known.has(id))
      yield [
        [...path, i, 'id'],
        say(`“${id}”出现两次，或本身是保留词`, `"${id}" stands there twice, or is a word of its own`),
      ]
    known.add(id)
  }
}
