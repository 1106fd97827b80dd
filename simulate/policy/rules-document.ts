import { z } from 'zod'
import { say } from '../../files/index.ts'
import { type Kind, kindText, type Names, parseExpression, sameKind, usesCost } from './expression.ts'
import { label, word } from './field.ts'
import { DAYS, NUMBER, YEARS, YUAN } from './unit.ts'

/** A rule of a city that no other key can say, as a line of formulas. */
export interface RuleDocument {
  readonly id: string
  readonly title: { readonly zh: string; readonly en: string }
  /** Condition under which the rule applies. */
  readonly when: string
  /** Exactly one: paid in money, worth at the mean cost (points), or a factor on what the case earns. */
  readonly pay: string | null
  readonly worth: string | null
  readonly factor: string | null
  readonly source: string | null
  readonly confidence: string | null
}

/** Names of a rule that are facts of the single case. */
export const CASE_NAMES: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['los', DAYS],
  ['age', YEARS],
  ['ageDays', DAYS],
  ['way', 'text'],
  ['department', 'text'],
  ['daySurgery', 'truth'],
  ['tcm', 'truth'],
])

/** Names that are the same for all cases of a group, level and insurance, and those that follow from the cost. */
const CELL_NAMES: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['cost', YUAN],
  ['ratio', NUMBER],
  ['mean', YUAN],
  ['standard', YUAN],
  ['base', YUAN],
  ['w', NUMBER],
  ['k', NUMBER],
  ['group', 'text'],
  ['adrg', 'text'],
  ['mdc', 'text'],
  ['level', 'text'],
  ['insurance', 'text'],
  ['isBase', 'truth'],
])

/** All names that a rule may use. */
export const RULE_NAMES: Names = new Map([...CASE_NAMES, ...CELL_NAMES])

/** Names of `documentedJumps`: weight, coefficient, limit, low threshold, the parameters of H4 and H5, and q = S·PV₀/A. */
export const JUMP_NAMES: Names = new Map(['w', 'k', 'L', 'l', 'a', 'b', 'd', 'q'].map(name => [name, NUMBER]))

function formula(kind: Kind, cost: 'may use the cost' | 'not the cost'): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    const parsed = parseExpression(text, RULE_NAMES)
    if ('error' in parsed) return context.addIssue({ code: 'custom', message: parsed.error })
    if (!sameKind(parsed.kind, kind)) {
      const message = `Must be ${kindText(kind)}; the formula is ${kindText(parsed.kind)}`
      return context.addIssue({ code: 'custom', message })
    }
    if (cost === 'not the cost' && usesCost(parsed.node))
      return context.addIssue({
        code: 'custom',
        message: say('系数不能依赖费用；条件可以', 'A factor may not depend on the cost; its condition may'),
      })
  })
}

const rule = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-zA-Z0-9-]*$/, say('只用字母、数字和连字符', 'Use letters, digits and hyphens')),
    title: label,
    when: formula('truth', 'may use the cost'),
    pay: formula(YUAN, 'may use the cost').nullable().default(null),
    worth: formula(YUAN, 'may use the cost').nullable().default(null),
    factor: formula(NUMBER, 'not the cost').nullable().default(null),
    source: word.nullable().default(null),
    confidence: z.enum(['P', 'R', 'S', 'C', 'A']).nullable().default(null),
  })
  .refine(
    one => [one.pay, one.worth, one.factor].filter(value => value !== null).length === 1,
    say('pay、worth 和 factor 只能且必须写一个', 'Give exactly one of pay, worth and factor'),
  )

/** The rules of a pack; their ids differ. */
export const RULES: z.ZodType<readonly RuleDocument[]> = z
  .array(rule)
  .refine(
    list => new Set(list.map(one => one.id)).size === list.length,
    say('有两条规则的 id 相同', 'Two rules have the same id'),
  )
