import { Decimal } from '../../numbers/index.ts'
import { NUMBER, type Unit, unitText } from './unit.ts'

/** A formula of a policy file, parsed and with units that fit. */
export type Node =
  | { readonly kind: 'number'; readonly value: Decimal }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'negate'; readonly of: Node }
  | { readonly kind: 'arithmetic'; readonly op: '+' | '-' | '*' | '/'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'extreme'; readonly op: 'min' | 'max'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Node; readonly right: Node }
  | { readonly kind: 'in'; readonly left: Node; readonly list: readonly string[] }
  | { readonly kind: 'logic'; readonly op: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'not'; readonly of: Node }

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/** What a formula is: a number of some unit, a text, or a truth. */
export type Kind = Unit | 'text' | 'truth'

/** The names that formulas of one place may use. */
export type Names = ReadonlyMap<string, Kind>

/** A formula, or why it is none: the message names the column. */
export type Parsed = { readonly node: Node; readonly kind: Kind } | { readonly error: string }

interface Token {
  readonly text: string
  readonly type: 'number' | 'word' | 'text' | 'sign' | 'end'
  readonly column: number
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z][A-Za-z0-9]*)|'([^']*)'|(<=|>=|!=|[-+*/(),=<>]))/y
const UNIT_WORDS: ReadonlyMap<string, Unit> = new Map([
  ['yuan', { ...NUMBER, yuan: 1 }],
  ['days', { ...NUMBER, days: 1 }],
  ['day', { ...NUMBER, days: 1 }],
  ['years', { ...NUMBER, years: 1 }],
])

class Mistake extends Error {}

/**
 * Parses a formula: numbers with units (`20 days`, `500 yuan`), names, 'texts', + − * /, min, max, comparisons, `in`, `and`,
 * `or`, `not`. Units are checked: yuan cannot be added to days, and a comparison needs the same on both sides.
 */
export function parseExpression(text: string, names: Names): Parsed {
  try {
    const parser = new Parser(tokensOf(text), names)
    return parser.whole()
  } catch (error) {
    if (error instanceof Mistake) return { error: error.message }
    throw error
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) {
      const gap = /^\s*/.exec(text.slice(start))?.[0].length ?? 0
      throw new Mistake(`column ${start + gap + 1}: "${text[start + gap] ?? ''}" is not part of the language`)
    }
    const [all, number, word, quoted, sign] = match
    const found = number ?? word ?? quoted ?? sign ?? ''
    const type = number !== undefined ? 'number' : word !== undefined ? 'word' : quoted !== undefined ? 'text' : 'sign'
    tokens.push({ text: found, type, column: start + all.length - found.length - (type === 'text' ? 1 : 0) + 1 })
  }
  tokens.push({ text: '', type: 'end', column: end + 1 })
  return tokens
}

interface Typed {
  readonly node: Node
  readonly kind: Kind
}

/** Recursive descent: or → and → not → comparison → sum → product → sign → atom. */
class Parser {
  private at = 0
  private readonly tokens: readonly Token[]
  private readonly names: Names

  constructor(tokens: readonly Token[], names: Names) {
    this.tokens = tokens
    this.names = names
  }

  whole(): Typed {
    const result = this.logic('or')
    if (this.peek().type !== 'end') this.fail(`"${this.peek().text}" is not expected here`)
    return result
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { text: '', type: 'end', column: 1 }
  }

  private take(text: string): boolean {
    const token = this.peek()
    const found = token.text === text && (token.type === 'sign' || token.type === 'word')
    if (found) this.at++
    return found
  }

  private fail(message: string, token: Token = this.peek()): never {
    throw new Mistake(`column ${token.column}: ${token.type === 'end' ? 'the formula ends too early' : message}`)
  }

  private need(text: string): void {
    if (!this.take(text)) this.fail(`"${text}" is expected, not "${this.peek().text}"`)
  }

  private logic(op: 'or' | 'and'): Typed {
    const next = (): Typed => (op === 'or' ? this.logic('and') : this.not())
    let left = next()
    for (let token = this.peek(); this.take(op); token = this.peek()) {
      const right = next()
      if (left.kind !== 'truth' || right.kind !== 'truth') this.wrong(token, `${op} joins conditions`)
      left = { node: { kind: 'logic', op, left: left.node, right: right.node }, kind: 'truth' }
    }
    return left
  }

  private not(): Typed {
    const token = this.peek()
    if (!this.take('not')) return this.comparison()
    const of = this.not()
    if (of.kind !== 'truth') this.wrong(token, 'not needs a condition')
    return { node: { kind: 'not', of: of.node }, kind: 'truth' }
  }

  private comparison(): Typed {
    const left = this.sum()
    const token = this.peek()
    if (this.take('in')) return this.membership(left, token)
    const op = (['<=', '>=', '!=', '=', '<', '>'] as const).find(sign => this.take(sign))
    if (op === undefined) return left
    const right = this.sum()
    if (left.kind === 'truth' || !sameKind(left.kind, right.kind))
      this.wrong(token, `${kindText(left.kind)} cannot be compared with ${kindText(right.kind)}`)
    if (left.kind === 'text' && op !== '=' && op !== '!=') this.wrong(token, `texts have no order; use = or in`)
    return { node: { kind: 'compare', op, left: left.node, right: right.node }, kind: 'truth' }
  }

  private membership(left: Typed, token: Token): Typed {
    if (left.kind !== 'text') this.wrong(token, `in needs a text before it`)
    this.need('(')
    const list: string[] = []
    do {
      const item = this.peek()
      if (item.type !== 'text') this.fail(`a list holds texts such as 'ES21'`)
      list.push(item.text)
      this.at++
    } while (this.take(','))
    this.need(')')
    return { node: { kind: 'in', left: left.node, list }, kind: 'truth' }
  }

  private sum(): Typed {
    let left = this.product()
    for (let token = this.peek(); ; token = this.peek()) {
      const op = (['+', '-'] as const).find(sign => this.take(sign))
      if (op === undefined) return left
      const right = this.product()
      if (!isUnit(left.kind) || !isUnit(right.kind) || !sameKind(left.kind, right.kind))
        this.wrong(token, `${kindText(left.kind)} ${op} ${kindText(right.kind)} has no meaning`)
      left = { node: { kind: 'arithmetic', op, left: left.node, right: right.node }, kind: left.kind }
    }
  }

  private product(): Typed {
    let left = this.sign()
    for (let token = this.peek(); ; token = this.peek()) {
      const op = (['*', '/'] as const).find(sign => this.take(sign))
      if (op === undefined) return left
      const right = this.sign()
      if (!isUnit(left.kind) || !isUnit(right.kind)) this.wrong(token, `${op} needs numbers on both sides`)
      if (op === '*' && usesCost(left.node) && usesCost(right.node)) this.wrong(token, 'the cost may not be squared')
      if (op === '/' && usesCost(right.node)) this.wrong(token, 'nothing may be divided by the cost')
      const factor = op === '*' ? 1 : -1
      const [a, b] = [left.kind, right.kind]
      const kind = { yuan: a.yuan + factor * b.yuan, days: a.days + factor * b.days, years: a.years + factor * b.years }
      left = { node: { kind: 'arithmetic', op, left: left.node, right: right.node }, kind }
    }
  }

  private sign(): Typed {
    const token = this.peek()
    if (!this.take('-')) return this.atom()
    const of = this.sign()
    if (!isUnit(of.kind)) this.wrong(token, '- needs a number')
    return { node: { kind: 'negate', of: of.node }, kind: of.kind }
  }

  private atom(): Typed {
    const token = this.peek()
    this.at++
    if (token.type === 'text') return { node: { kind: 'text', value: token.text }, kind: 'text' }
    if (token.type === 'number') {
      const unit = this.peek().type === 'word' ? UNIT_WORDS.get(this.peek().text) : undefined
      if (unit !== undefined) this.at++
      return { node: { kind: 'number', value: new Decimal(token.text) }, kind: unit ?? NUMBER }
    }
    if (token.type === 'sign' && token.text === '(') {
      const inner = this.logic('or')
      this.need(')')
      return inner
    }
    if (token.type !== 'word') this.fail(`"${token.text}" is not expected here`, token)
    if (token.text === 'min' || token.text === 'max') return this.extreme(token.text, token)
    const kind = this.names.get(token.text)
    if (kind === undefined)
      this.fail(`"${token.text}" is not known; there are ${[...this.names.keys()].join(', ')}`, token)
    return { node: { kind: 'name', name: token.text }, kind }
  }

  private extreme(op: 'min' | 'max', token: Token): Typed {
    this.need('(')
    let left = this.sum()
    this.need(',')
    do {
      const right = this.sum()
      if (!isUnit(left.kind) || !sameKind(left.kind, right.kind))
        this.wrong(token, `${op} needs numbers of one unit, not ${kindText(left.kind)} and ${kindText(right.kind)}`)
      left = { node: { kind: 'extreme', op, left: left.node, right: right.node }, kind: left.kind }
    } while (this.take(','))
    this.need(')')
    return left
  }

  private wrong(token: Token, message: string): never {
    throw new Mistake(`column ${token.column}: ${message}`)
  }
}

function isUnit(kind: Kind): kind is Unit {
  return typeof kind === 'object'
}

/** Whether two kinds are the same: the same unit, both texts, or both truths. */
export function sameKind(a: Kind, b: Kind): boolean {
  if (!isUnit(a) || !isUnit(b)) return a === b
  return a.yuan === b.yuan && a.days === b.days && a.years === b.years
}

/** A kind as messages name it. */
export function kindText(kind: Kind): string {
  return isUnit(kind) ? unitText(kind) : kind === 'text' ? 'a text' : 'a condition'
}

/** Names whose value depends on the cost of the case. */
const COST_NAMES: ReadonlySet<string> = new Set(['cost', 'ratio'])

/** Whether the value of a formula depends on the cost of the case. */
export function usesCost(node: Node): boolean {
  return namesOf(node).some(name => COST_NAMES.has(name))
}

/** The names that a formula uses, each as often as it stands there. */
export function namesOf(node: Node): readonly string[] {
  switch (node.kind) {
    case 'number':
    case 'text':
      return []
    case 'name':
      return [node.name]
    case 'negate':
    case 'not':
      return namesOf(node.of)
    case 'in':
      return namesOf(node.left)
    case 'arithmetic':
    case 'extreme':
    case 'compare':
    case 'logic':
      return [...namesOf(node.left), ...namesOf(node.right)]
  }
}

/** A value of a formula: exact number, text, truth, or null where a fact is not known. */
export type Value = Decimal | string | boolean | null

/**
 * Evaluates a formula by the letter. What is not known makes the result unknown (null), unless the rest decides:
 * `false and unknown` is false, `true or unknown` is true.
 */
export function evaluate(node: Node, lookUp: (name: string) => Value): Value {
  switch (node.kind) {
    case 'number':
    case 'text':
      return node.value
    case 'name':
      return lookUp(node.name)
    case 'negate': {
      const of = evaluate(node.of, lookUp)
      return of instanceof Decimal ? of.neg() : null
    }
    case 'not': {
      const of = evaluate(node.of, lookUp)
      return of === null ? null : of === false
    }
    case 'in': {
      const left = evaluate(node.left, lookUp)
      return typeof left === 'string' ? node.list.includes(left) : null
    }
    case 'logic':
      return logic(node.op, evaluate(node.left, lookUp), evaluate(node.right, lookUp))
    case 'arithmetic':
    case 'extreme':
    case 'compare':
      return combined(node, evaluate(node.left, lookUp), evaluate(node.right, lookUp))
  }
}

/** Three-valued `and` and `or`. */
export function logic(op: 'and' | 'or', left: Value, right: Value): boolean | null {
  const decisive = op === 'or'
  if (left === decisive || right === decisive) return decisive
  return left === null || right === null ? null : !decisive
}

function combined(
  { op }: Extract<Node, { kind: 'arithmetic' | 'extreme' | 'compare' }>,
  left: Value,
  right: Value,
): Value {
  if (typeof left === 'string' && typeof right === 'string') return (left === right) === (op === '=')
  if (!(left instanceof Decimal) || !(right instanceof Decimal)) return null
  switch (op) {
    case '+':
      return left.plus(right)
    case '-':
      return left.minus(right)
    case '*':
      return left.times(right)
    case '/':
      return right.isZero() ? null : left.div(right)
    case 'min':
      return Decimal.min(left, right)
    case 'max':
      return Decimal.max(left, right)
    default:
      return compared(op, left.comparedTo(right))
  }
}

/** Whether a comparison holds, given the sign of left − right. */
export function compared(op: Comparison, sign: number): boolean {
  switch (op) {
    case '=':
      return sign === 0
    case '!=':
      return sign !== 0
    case '<':
      return sign < 0
    case '<=':
      return sign <= 0
    case '>':
      return sign > 0
    case '>=':
      return sign >= 0
  }
}
