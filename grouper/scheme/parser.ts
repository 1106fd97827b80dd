import { Fault, nearest, type Place, type Text } from '../../messages/index.ts'
import { foldRule, lex, type Token } from './lexer.ts'
import type { CodeField, Comparison, Expr, Rule, ScalarField } from './types.ts'

export const CODE_FIELDS: readonly CodeField[] = ['ZYZD', 'QTZD', 'ZYSS', 'QTSS']
export const SCALAR_FIELDS: readonly ScalarField[] = ['NL', 'XSRTL', 'XSRTZ', 'XB', 'ZYTS', 'LYFS', 'ICUSC', 'ZFY']
const COMPARISONS: readonly Comparison[] = ['=', '<', '<=', '>', '>=']
const KEYWORDS: readonly string[] = ['AND', 'OR', 'NOT', 'IN', 'LENGTH']

/** Deeper nesting is no rule but an accident, and would end in a stack overflow. */
const DEEPEST = 200

/** Columns of the names in a membership, from 1, for messages. */
export interface NamePlaces {
  readonly fields: readonly number[]
  readonly sets: readonly number[]
}

/** A rule with what later messages need. */
export interface ParsedRule {
  readonly rule: Rule
  /** Places of the names, by `in` and `length` node. */
  readonly places: ReadonlyMap<Expr, NamePlaces>
  /** What was read tolerantly; empty for a clean rule. */
  readonly repairs: readonly Text[]
}

/** Parses a rule; `at` is the place of the rule text, to which a fault adds the column inside it. */
export function parseRule(text: string, at: Place = {}): ParsedRule {
  const { tokens, repairs } = lex(text, at)
  const places = new Map<Expr, NamePlaces>()
  const kept = foldRule(text)
  if (tokens.length === 1) return { rule: { text: kept, expr: { op: 'always' } }, places, repairs }
  const parser = createParser(tokens, at, places)
  return { rule: { text: kept, expr: parser() }, places, repairs }
}

/** Recursive descent over the tokens; one function a line of the grammar in docs/scheme-format.md. */
function createParser(tokens: readonly Token[], at: Place, places: Map<Expr, NamePlaces>): () => Expr {
  let next = 0
  let depth = 0
  const peek = (): Token => tokens[next]!
  const isWord = (word: string, token: Token = peek()): boolean =>
    token.kind === 'word' && token.text.toUpperCase() === word
  const isSymbol = (symbol: string): boolean => peek().kind === 'symbol' && peek().text === symbol
  const fault = (code: string, token: Token, what: Text, fix: Text): Fault =>
    new Fault({ code, at: { ...at, column: token.column }, what, fix })

  function expected(zh: string, en: string): Fault {
    const token = peek()
    const [zhFound, enFound] =
      token.kind === 'end' ? ['规则结束', 'the rule ends'] : [`“${token.text}”`, `"${token.text}"`]
    return fault(
      'RUL-002',
      token,
      {
        zh: `此处应为${zh}，但${token.kind === 'end' ? '' : '出现'}${zhFound}。`,
        en: `Expected ${en}, found ${enFound}.`,
      },
      {
        zh: '请对照规则语法：字段 in 集合、数值字段 比较符 数字，用 and、or、not 和括号连接。',
        en: 'See the rule grammar: field in set, or number field, comparison, number; joined by and, or, not and parentheses.',
      },
    )
  }

  function open(): number {
    if (++depth > DEEPEST) {
      throw fault(
        'RUL-011',
        peek(),
        { zh: `嵌套超过 ${DEEPEST} 层。`, en: `Nested deeper than ${DEEPEST} levels.` },
        { zh: '请去掉多余的括号或 not。', en: 'Remove superfluous parentheses or nots.' },
      )
    }
    return next++
  }

  function close(opened: number, symbol: ')' | '}'): void {
    if (!isSymbol(symbol)) {
      const token = tokens[opened]!
      if (peek().kind !== 'end') throw expected(`“${symbol}”`, `"${symbol}"`)
      throw fault(
        'RUL-003',
        token,
        { zh: `“${token.text}”没有闭合。`, en: `"${token.text}" is never closed.` },
        { zh: `请补上“${symbol}”。`, en: `Add "${symbol}".` },
      )
    }
    next++
    depth--
  }

  function chain(op: 'and' | 'or', part: () => Expr): Expr {
    const first = part()
    if (!isWord(op.toUpperCase())) return first
    const args = [first]
    while (isWord(op.toUpperCase())) {
      next++
      args.push(part())
    }
    return { op, args }
  }

  const or = (): Expr => chain('or', and)
  const and = (): Expr => chain('and', not)

  function not(): Expr {
    if (!isWord('NOT')) return atom()
    open()
    const arg = not()
    depth--
    return { op: 'not', arg }
  }

  function atom(): Expr {
    const token = peek()
    if (isSymbol('(')) {
      const opened = open()
      const inner = or()
      close(opened, ')')
      return inner
    }
    if (token.kind === 'number') return constant(token)
    if (isWord('LENGTH')) return length()
    if (isSymbol('{')) return membership()
    if (token.kind !== 'word' || KEYWORDS.includes(token.text.toUpperCase())) {
      throw expected('字段、数字 0 或 1、“(”', 'a field, the number 0 or 1, or "("')
    }
    const name = token.text.toUpperCase()
    if (!isScalar(name)) return membership()
    next++
    if (isWord('IN') || isWord('NOT')) {
      throw fault(
        'RUL-010',
        token,
        { zh: `${name} 是数值字段，不能用 in。`, en: `${name} is a number, it cannot be in a set.` },
        { zh: `请写比较，例如 ${name} >= 1。`, en: `Write a comparison, for instance ${name} >= 1.` },
      )
    }
    return { op: 'compare', scalar: name, cmp: comparison(), value: number() }
  }

  function constant(token: Token): Expr {
    next++
    if (token.text === '1') return { op: 'always' }
    if (token.text === '0') return { op: 'never' }
    throw fault(
      'RUL-009',
      token,
      {
        zh: `单独的数字只能是 1（恒真）或 0（恒假），不能是 ${token.text}。`,
        en: `A number on its own is 1 (true) or 0 (false), not ${token.text}.`,
      },
      {
        zh: '比较时请把字段写在左边，例如 NL >= 70。',
        en: 'In a comparison the field stands on the left, for instance NL >= 70.',
      },
    )
  }

  function membership(): Expr {
    const fields = names(codeField)
    const negated = isWord('NOT')
    if (negated) next++
    if (!isWord('IN')) {
      const token = peek()
      if (token.kind === 'symbol' && COMPARISONS.some(cmp => cmp === token.text)) {
        const [field] = fields.values
        throw fault(
          'RUL-010',
          token,
          { zh: `${field} 是编码字段，不能比较大小。`, en: `${field} holds codes, it cannot be compared.` },
          { zh: `请写 ${field} in 集合。`, en: `Write ${field} in a set.` },
        )
      }
      throw expected('in 或 not in', 'in or not in')
    }
    next++
    const sets = names(setName)
    const node: Expr = { op: 'in', fields: fields.values, sets: sets.values }
    places.set(node, { fields: fields.columns, sets: sets.columns })
    return negated ? { op: 'not', arg: node } : node
  }

  function length(): Expr {
    next++
    if (!isSymbol('(')) throw expected('“(”', '"("')
    const opened = open()
    const column = peek().column
    const set = setName()
    if (!isSymbol('∩')) throw expected('“∩”', '"∩"')
    next++
    const fields = names(codeField)
    close(opened, ')')
    const node: Expr = { op: 'length', set, fields: fields.values, cmp: comparison(), value: number() }
    places.set(node, { fields: fields.columns, sets: [column] })
    return node
  }

  function names<T>(one: () => T): { values: T[]; columns: number[] } {
    const values: T[] = []
    const columns: number[] = []
    const take = (): void => {
      columns.push(peek().column)
      values.push(one())
    }
    if (!isSymbol('{')) {
      take()
      return { values, columns }
    }
    const opened = open()
    take()
    while (isSymbol(',')) {
      next++
      take()
    }
    close(opened, '}')
    return { values, columns }
  }

  function codeField(): CodeField {
    const token = peek()
    if (token.kind !== 'word') throw expected('字段', 'a field')
    const field = CODE_FIELDS.find(name => name === token.text.toUpperCase())
    if (field !== undefined) {
      next++
      return field
    }
    const near = nearest(token.text, [...CODE_FIELDS, ...SCALAR_FIELDS])
    throw fault(
      'RUL-004',
      token,
      { zh: `未知字段 ${token.text}。`, en: `Unknown field ${token.text}.` },
      {
        zh: `${near === undefined ? '' : `是否应为 ${near}？`}编码字段：${CODE_FIELDS.join('、')}；数值字段：${SCALAR_FIELDS.join('、')}。`,
        en: `${near === undefined ? '' : `Did you mean ${near}? `}Code fields: ${CODE_FIELDS.join(', ')}; number fields: ${SCALAR_FIELDS.join(', ')}.`,
      },
    )
  }

  function setName(): string {
    const token = peek()
    if (token.kind !== 'word' || KEYWORDS.includes(token.text.toUpperCase())) throw expected('集合编号', 'a set id')
    next++
    const virtual = token.text.toUpperCase()
    return virtual === 'MCC' || virtual === 'CC' ? virtual : token.text
  }

  function comparison(): Comparison {
    const token = peek()
    const cmp = token.kind === 'symbol' ? COMPARISONS.find(one => one === token.text) : undefined
    if (cmp === undefined) throw expected('比较符 = < <= > >=', 'a comparison = < <= > >=')
    next++
    return cmp
  }

  function number(): number {
    const token = peek()
    if (token.kind !== 'number') throw expected('数字', 'a number')
    next++
    return Number(token.text)
  }

  return () => {
    const expr = or()
    const token = peek()
    if (token.kind === 'end') return expr
    throw fault(
      'RUL-012',
      token,
      { zh: `规则在“${token.text}”之前已经完整。`, en: `The rule is complete before "${token.text}".` },
      { zh: '请删去多余的部分，或用 and / or 连接。', en: 'Remove what follows or join it with and / or.' },
    )
  }
}

function isScalar(name: string): name is ScalarField {
  return SCALAR_FIELDS.some(field => field === name)
}
