import type { z } from 'zod'
import type { Text } from '../messages/index.ts'
import { valueAt } from './cited.ts'

type Problem = z.core.$ZodIssue

/** What a schema may expect, as people who write the file call it. */
const KINDS: Readonly<Record<string, Text>> = {
  string: { zh: '文本', en: 'a text' },
  number: { zh: '数', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  null: { zh: '空值', en: 'nothing' },
  array: { zh: '列表', en: 'a list' },
  object: { zh: '若干字段（名称: 值）', en: 'fields (name: value)' },
  record: { zh: '若干字段（名称: 值）', en: 'fields (name: value)' },
}

const MISSING: Text = { zh: '缺少该字段', en: 'The field is missing' }

/** An issue of the library in words: what is due and what was found; undefined where its own words must do. */
export function wordsOf(issue: Problem, value: unknown): Text | undefined {
  const found = valueAt(value, issue.path)
  const whole = issue.path.length === 0
  switch (issue.code) {
    case 'invalid_type':
      return due([kindOf(issue.expected)], found, whole)
    case 'invalid_value':
      return due(
        issue.values.map(one => plain(shown(one))),
        found,
        whole,
      )
    case 'invalid_union':
      if ('options' in issue && issue.options !== undefined) {
        return due(
          issue.options.map(one => plain(shown(one))),
          found,
          whole,
        )
      }
      return due(
        issue.errors.flatMap(([first]) => (first?.code === 'invalid_type' ? [kindOf(first.expected)] : [])),
        found,
        whole,
      )
    case 'too_small':
      return limit(issue.origin, Number(issue.minimum), issue.inclusive !== false, true)
    case 'too_big':
      return limit(issue.origin, Number(issue.maximum), issue.inclusive !== false, false)
    case 'invalid_key':
      return {
        zh: `字段名 ${String(issue.path.at(-1))} 的写法不对`,
        en: `${String(issue.path.at(-1))} is no name that can stand here`,
      }
    case 'invalid_format':
      if (!('pattern' in issue) || issue.pattern === undefined) return undefined
      return {
        zh: `${shown(found)} 的写法不符合 ${issue.pattern}`,
        en: `${shown(found)} does not have the form ${issue.pattern}`,
      }
    default:
      return undefined
  }
}

/** Of the forms that a value may have, the issue of the one that it comes nearest to: where it fits above, and fails below. */
export function nearestIssue(issue: Problem): Problem {
  if (issue.code !== 'invalid_union') return issue
  const deep = issue.errors.map(([first]) => first).filter(first => first !== undefined && first.path.length > 0)
  if (deep.length !== 1) return issue
  const [inner] = deep
  return nearestIssue({ ...inner!, path: [...issue.path, ...inner!.path] })
}

function due(kinds: readonly Text[], found: unknown, whole: boolean): Text | undefined {
  if (found === undefined) return MISSING
  if (kinds.length === 0) return undefined
  const one = (lang: 'zh' | 'en', between: string): string => [...new Set(kinds.map(kind => kind[lang]))].join(between)
  // A whole file that is another text, such as one of cases, is not quoted.
  const { zh, en } = whole && typeof found === 'string' ? KINDS.string! : describe(found)
  return { zh: `应为${one('zh', '或')}，实为${zh}`, en: `Found ${en}; expected ${one('en', ' or ')}` }
}

function limit(origin: string, bound: number, inclusive: boolean, low: boolean): Text | undefined {
  const [zhWord, enWord] = low
    ? inclusive
      ? ['不得小于', 'at least']
      : ['须大于', 'more than']
    : inclusive
      ? ['不得大于', 'at most']
      : ['须小于', 'less than']
  if (origin === 'number' || origin === 'int')
    return { zh: `该数${zhWord} ${bound}`, en: `The number must be ${enWord} ${bound}` }
  if (origin !== 'array' && origin !== 'string') return undefined
  if (low && bound === 1) return { zh: '不能为空', en: 'It must not be empty' }
  return origin === 'array'
    ? { zh: `列表的项数${zhWord} ${bound}`, en: `The list must have ${enWord} ${bound} items` }
    : { zh: `文本的字数${zhWord} ${bound}`, en: `The text must have ${enWord} ${bound} characters` }
}

function describe(value: unknown): Text {
  if (value === null) return { zh: '空值', en: 'nothing' }
  if (Array.isArray(value)) return KINDS.array!
  if (typeof value === 'object') return KINDS.object!
  if (typeof value === 'string') return { zh: `文本${shown(value)}`, en: `the text ${shown(value)}` }
  return plain(shown(value))
}

function kindOf(expected: string): Text {
  return KINDS[expected] ?? plain(expected)
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function plain(text: string): Text {
  return { zh: text, en: text }
}
