import type { z } from 'zod'
import { zhCN } from 'zod/locales'
import type { Text } from '../messages/index.ts'
import { valueAt } from './cited.ts'
import { nearestIssue, wordsOf } from './issue-text.ts'

/** Chinese of the messages that schemas carry, by their English: zod keeps one text. */
const CHINESE = new Map<string, string>()

/** A message for a schema, in both languages; `issueOf` finds the Chinese again. */
export function say(zh: string, en: string): string {
  CHINESE.set(en, zh)
  return en
}

/** A message of `say` in both languages; one of another origin as it stands. */
export function textOf(message: string): Text {
  return { zh: CHINESE.get(message) ?? message, en: message }
}

/** What a schema found wrong first. */
export interface Issue {
  readonly path: readonly (string | number)[]
  /** Keys that the schema does not know; none where the value itself is wrong. */
  readonly unknown: readonly string[]
  readonly message: Text
}

/** The first issue of a value that does not fit its schema. */
export function issueOf<T>(schema: z.ZodType<T>, value: unknown, error: z.ZodError<T>): Issue {
  const first = tellingIssue(error.issues, value)
  const issue = CHINESE.has(first.message) ? first : nearestIssue(first)
  const own = CHINESE.get(issue.message)
  // What has no words here is said by zod, in the language of a parse; another parse gives the other language.
  const words = own === undefined ? wordsOf(issue, value) : { zh: own, en: issue.message }
  const again = (): string | undefined =>
    schema.safeParse(value, { error: zhCN().localeError }).error?.issues[0]?.message
  return {
    path: issue.path.map(part => (typeof part === 'symbol' ? String(part) : part)),
    unknown: issue.code === 'unrecognized_keys' ? issue.keys : [],
    message: words ?? { zh: again() ?? issue.message, en: issue.message },
  }
}

/** The first issue; where it is a key that is missing, one that is unknown beside it says more: the key may be misspelt. */
function tellingIssue(issues: readonly z.core.$ZodIssue[], value: unknown): z.core.$ZodIssue {
  const first = issues[0]!
  if (first.path.length === 0 || valueAt(value, first.path) !== undefined) return first
  const beside = first.path.slice(0, -1).join('.')
  return issues.find(({ code, path }) => code === 'unrecognized_keys' && path.join('.') === beside) ?? first
}
