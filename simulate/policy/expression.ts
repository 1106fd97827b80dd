import { Decimal } from '../../numbers/index.ts'

/** Values of the names in a documented formula: w weight, k coefficient, L high limit, l low threshold, and a, b, d. */
type Names = Readonly<Record<string, Decimal>>
export type Expression = (names: Names) => Decimal

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z])|([-+*/()]))/y
const NAMES = new Set(['w', 'k', 'L', 'l', 'a', 'b', 'd'])

/** A formula such as `L*w*(1-k)`: numbers, names, + - * / and brackets. Undefined when it is not one. */
export function parseExpression(text: string): Expression | undefined {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text)
    if (match === null) return undefined
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '')
  }
  let at = 0
  const atom = (): Expression | undefined => {
    const token = tokens[at++]
    if (token === undefined) return undefined
    if (token === '-') {
      const inner = atom()
      return inner && (names => inner(names).neg())
    }
    if (token === '(') {
      const inner = sum()
      return tokens[at++] === ')' ? inner : undefined
    }
    if (/^\d/.test(token)) {
      const value = new Decimal(token)
      return () => value
    }
    return NAMES.has(token) ? names => names[token] ?? new Decimal(Number.NaN) : undefined
  }
  const chain = (next: () => Expression | undefined, signs: string): Expression | undefined => {
    let left = next()
    while (left !== undefined && at < tokens.length && signs.includes(tokens[at] ?? ' ')) {
      const sign = tokens[at++]
      const before = left
      const right = next()
      left = right && (names => apply(sign, before(names), right(names)))
    }
    return left
  }
  const product = (): Expression | undefined => chain(atom, '*/')
  const sum = (): Expression | undefined => chain(product, '+-')
  const whole = sum()
  return at === tokens.length ? whole : undefined
}

function apply(sign: string | undefined, left: Decimal, right: Decimal): Decimal {
  if (sign === '+') return left.plus(right)
  if (sign === '-') return left.minus(right)
  return sign === '*' ? left.times(right) : left.div(right)
}
