import { Fault, type Place } from '../../messages/index.ts'

/** Fields of codes that a condition can ask for. */
export const CODE_FIELDS = ['main', 'others', 'diagnoses', 'mainProcedure', 'otherProcedures', 'procedures'] as const
export type CodeFieldName = (typeof CODE_FIELDS)[number]

/** Of them those of diagnoses, and those of procedures. */
export const DX_FIELDS: readonly CodeFieldName[] = CODE_FIELDS.slice(0, 3)
export const PX_FIELDS: readonly CodeFieldName[] = CODE_FIELDS.slice(3)

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>='

/** A condition of a rule. A comparison with a value that a case does not have is false. */
export type Condition =
  | { readonly op: 'and' | 'or'; readonly args: readonly Condition[] }
  | { readonly op: 'not'; readonly arg: Condition }
  | { readonly op: 'in'; readonly field: CodeFieldName; readonly lists: readonly string[] }
  | { readonly op: 'missing'; readonly fact: string }
  | { readonly op: 'compare'; readonly left: string; readonly cmp: Comparator; readonly right: string | number }

/** What a condition may name. */
export interface Vocabulary {
  readonly facts: { has(name: string): boolean }
  readonly lists: { has(name: string): boolean }
}

/**
 * Reads the text of a condition:
 *
 *     or    := and ("or" and)*          and := not ("and" not)*        not := "not" not | test
 *     test  := "(" or ")" | codes ["not"] "in" (LIST | "{" LIST ("," LIST)* "}") | fact "missing" | fact cmp (number | fact)
 */
export function parseCondition(text: string, words: Vocabulary, at: Place): Condition {
  const tokens = text.match(/[A-Za-z][A-Za-z0-9_]*|\d+(?:\.\d+)?|<=|>=|!=|[=<>(){},]|\S/g) ?? []
  let next = 0

  const take = (): string => tokens[next++] ?? ''
  const taken = (wanted: string): boolean => {
    if (tokens[next] !== wanted) return false
    next++
    return true
  }
  const expect = (wanted: string): void => {
    if (!taken(wanted)) throw bad(at, text, tokens[next], wanted)
  }
  const chain = (op: 'and' | 'or', part: () => Condition): Condition => {
    const args = [part()]
    while (taken(op)) args.push(part())
    return args.length === 1 ? args[0]! : { op, args }
  }
  const or = (): Condition => chain('or', () => chain('and', not))
  const not = (): Condition => (taken('not') ? { op: 'not', arg: not() } : test())
  const list = (): string => {
    const name = take()
    if (!words.lists.has(name)) throw bad(at, text, name, 'LIST')
    return name
  }
  const test = (): Condition => {
    if (taken('(')) {
      const inner = or()
      expect(')')
      return inner
    }
    const name = take()
    const field = CODE_FIELDS.find(known => known === name)
    if (field !== undefined) {
      const negated = taken('not')
      expect('in')
      const lists: string[] = []
      if (taken('{')) {
        do lists.push(list())
        while (taken(','))
        expect('}')
      } else lists.push(list())
      const condition: Condition = { op: 'in', field, lists }
      return negated ? { op: 'not', arg: condition } : condition
    }
    if (!words.facts.has(name)) throw bad(at, text, name, 'fact')
    if (taken('missing')) return { op: 'missing', fact: name }
    const cmp = take()
    if (!isComparator(cmp)) throw bad(at, text, cmp, '= != < <= > >=')
    const right = take()
    if (/^\d/.test(right)) return { op: 'compare', left: name, cmp, right: Number(right) }
    if (!words.facts.has(right)) throw bad(at, text, right, 'fact')
    return { op: 'compare', left: name, cmp, right }
  }

  const condition = or()
  if (next < tokens.length) throw bad(at, text, tokens[next], 'and, or')
  return condition
}

function isComparator(text: string): text is Comparator {
  return text === '=' || text === '!=' || text === '<' || text === '<=' || text === '>' || text === '>='
}

function bad(at: Place, text: string, found: string | undefined, wanted: string): Fault {
  const shown = found === undefined || found === '' ? '∎' : found
  return new Fault({
    code: 'QUA-001',
    at,
    what: {
      zh: `条件“${text}”中，“${shown}”处应为 ${wanted}。`,
      en: `In the condition "${text}", ${wanted} is due at "${shown}".`,
    },
    fix: {
      zh: '请按 docs/quality.md 的语法、字段名和列表名改正。',
      en: 'Correct it by the grammar, fields and lists of docs/quality.md.',
    },
  })
}
