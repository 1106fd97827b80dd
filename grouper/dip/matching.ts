import { z } from 'zod'
import { home, readDocument, say } from '../../files/index.ts'
import type { Text } from '../../messages/index.ts'
import { nearest } from '../../messages/index.ts'
import { OFFICIAL_DIALECT } from './expression.ts'
import type { Dialect, DipMatching, TieStep } from './types.ts'

/** The matching rules of the national 3.0 scheme, with the project's conventions where it is silent. */
export const NATIONAL_MATCHING: DipMatching = {
  mainOperation: 'first',
  droppedOperation: 'skip',
  limitedOperation: 'skip',
  auxiliaryFallback: 'blank-row',
  conservativeFallback: 'none',
  shortOperations: 'exact',
  tieRule: ['most-conditions', 'most-operations', 'narrowest', 'highest-score'],
  comprehensive: 'none',
  comprehensiveBy: 'main',
  intervention: 4,
}

/** Steps of a tie rule in the order of their numbers in `layout.ts`, from 1. */
export const TIE_STEPS: readonly TieStep[] = [
  'most-conditions',
  'most-operations',
  'narrowest',
  'highest-score',
  'closest-cost',
  'exact-operations',
  'main-operation',
  'full-codes',
  'type-order',
]

/** Matching rules as a file gives them: what is left out is as in the national scheme. */
export interface MatchingFacts {
  /** Id of a city's way of matching in `schemes/dip-matching.yaml`, which the other keys then change. */
  readonly style?: string | undefined
  readonly mainOperation?: DipMatching['mainOperation'] | undefined
  readonly droppedOperation?: DipMatching['droppedOperation'] | undefined
  readonly limitedOperation?: DipMatching['limitedOperation'] | undefined
  readonly auxiliaryFallback?: DipMatching['auxiliaryFallback'] | undefined
  readonly conservativeFallback?: DipMatching['conservativeFallback'] | undefined
  readonly shortOperations?: DipMatching['shortOperations'] | undefined
  readonly tieRule?: TieStep[] | undefined
  readonly comprehensive?: DipMatching['comprehensive'] | undefined
  readonly comprehensiveBy?: DipMatching['comprehensiveBy'] | undefined
  readonly intervention?: DipMatching['intervention'] | undefined
  readonly relatedShare?: number | undefined
  readonly blankGroup?: string | undefined
}

const rules = {
  mainOperation: z.enum(['first', 'any']).optional(),
  droppedOperation: z.enum(['skip', 'conservative']).optional(),
  limitedOperation: z.enum(['skip', 'conservative']).optional(),
  auxiliaryFallback: z.enum(['blank-row', 'none']).optional(),
  conservativeFallback: z.enum(['core', 'core-unless-surgery', 'none']).optional(),
  shortOperations: z.enum(['exact', 'children']).optional(),
  tieRule: z
    .array(z.enum(TIE_STEPS))
    .refine(steps => new Set(steps).size === steps.length, say('每一步只写一次', 'write every step once'))
    .optional(),
  comprehensive: z.enum(['none', 'formed', 'listed']).optional(),
  comprehensiveBy: z.enum(['main', 'highest']).optional(),
  intervention: z.union([z.literal(3), z.literal(4)]).optional(),
  relatedShare: z.int().min(1).max(100).optional(),
  blankGroup: z.string().min(1).optional(),
}

/** One city's way of matching. */
export interface MatchingStyle {
  readonly title: Text
  readonly source: string
  readonly confidence: 'O-draft' | 'P' | 'C'
  /** Id of the style whose rules count where `matching` names none. */
  readonly like?: string | undefined
  readonly matching: MatchingFacts
  /** Name of the signs in its operation cells. */
  readonly dialect?: string | undefined
}

const ONE_SIGN = say('须写一个符号', 'one sign is due')
const signs = z
  .strictObject({
    and: z.string().refine(text => text.length === 1, ONE_SIGN),
    or: z.string().refine(text => text.length <= 1, ONE_SIGN),
  })
  .refine(({ and, or }) => and !== or, say('and 与 or 不能是同一个符号', 'and and or must be two different signs'))

const stylesSchema: z.ZodType<{ dialects: Record<string, Dialect>; styles: Record<string, MatchingStyle> }> =
  z.strictObject({
    dialects: z.record(z.string(), signs),
    styles: z.record(
      z.string(),
      z.strictObject({
        title: z.strictObject({ zh: z.string(), en: z.string() }),
        source: z.string(),
        confidence: z.enum(['O-draft', 'P', 'C']),
        like: z.string().optional(),
        matching: z.strictObject(rules),
        dialect: z.string().optional(),
      }),
    ),
  })

let known: z.infer<typeof stylesSchema> | undefined

function shipped(): z.infer<typeof stylesSchema> {
  known ??= readDocument(home('schemes', 'dip-matching.yaml'), stylesSchema)
  return known
}

/** The ways of matching that ship with the package, by id. */
export function matchingStyles(): ReadonlyMap<string, MatchingStyle> {
  return new Map(Object.entries(shipped().styles))
}

/** A name out of a list; the message tells what there is, and what was probably meant. */
function nameOf(list: () => readonly string[], zh: string, en: string): z.ZodType<string> {
  return z.string().superRefine((given, context) => {
    const names = list()
    if (names.includes(given)) return
    const meant = nearest(given, names)
    const [hintZh, hintEn] = meant === undefined ? ['', ''] : [`；是否指 ${meant}`, `; did you mean ${meant}`]
    context.addIssue(
      say(
        `没有${zh} ${given}，只有 ${names.join('、')}${hintZh}`,
        `no ${en} ${given}, there are ${names.join(', ')}${hintEn}`,
      ),
    )
  })
}

export const matchingSchema: z.ZodType<MatchingFacts> = z.strictObject({
  style: nameOf(() => Object.keys(shipped().styles), '匹配规则', 'style of matching').optional(),
  ...rules,
})

/** Whole matching rules from those given. */
export function matchingOf(facts: MatchingFacts = {}): DipMatching {
  const { style, ...own } = facts
  const given = [...rulesOfStyle(style), own]
    .flatMap(each => Object.entries(each))
    .filter(([, value]) => value !== undefined)
  return { ...NATIONAL_MATCHING, ...Object.fromEntries(given) }
}

/** The rules of a style behind those of the style that it is like. */
function rulesOfStyle(id: string | undefined): MatchingFacts[] {
  const style = id === undefined ? undefined : shipped().styles[id]
  return style === undefined ? [] : [...rulesOfStyle(style.like), style.matching]
}

/** The rules that differ from the national ones, as a file gives them. */
export function matchingFacts(matching: DipMatching): MatchingFacts {
  const differs = Object.entries(matching).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(NATIONAL_MATCHING[key as keyof DipMatching]),
  )
  return Object.fromEntries(differs)
}

/** Signs as a file gives them: themselves, or their name in `schemes/dip-matching.yaml`. */
export type DialectFacts = Dialect | string

const dialectName = nameOf(() => Object.keys(shipped().dialects), '符号写法', 'dialect')

// A union would only say that neither form fits.
export const dialectSchema: z.ZodType<DialectFacts> = z.unknown().superRefine((given, context) => {
  const { error } = (typeof given === 'string' ? dialectName : signs).safeParse(given)
  for (const issue of error?.issues ?? [])
    context.addIssue({ code: 'custom', path: issue.path, message: issue.message })
}) as z.ZodType<unknown> as z.ZodType<DialectFacts>

/** The signs of a catalogue's tables: its own, else those of its style, else the official ones. */
export function dialectOf(given: DialectFacts | undefined, style: string | undefined): Dialect {
  const { dialects, styles } = shipped()
  const facts = given ?? (style === undefined ? undefined : styles[style]!.dialect)
  if (facts === undefined) return OFFICIAL_DIALECT
  return typeof facts === 'string' ? dialects[facts]! : facts
}
