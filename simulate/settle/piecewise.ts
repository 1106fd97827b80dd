import { type Comparison, compared, logic, type Node } from '../policy/expression.ts'
import { floor, integer, minus, negative, over, plus, product, type Ratio, ratioOf, reduced } from './ratio.ts'

/** A straight line in the cost: `slope · cost in fen + start`. */
export interface CostLine {
  readonly slope: Ratio
  readonly start: Ratio
}

/** A value for every whole number of fen: each piece reaches up to and including `upTo`; the last one is Infinity. */
export type Pieces<T> = readonly { readonly upTo: number; readonly value: T }[]

/** What a formula is on one stretch of cost: a line, a text, a truth, or not known. */
export type Stretch = CostLine | string | boolean | null

const ZERO: Ratio = integer(0)

/** One value whatever the cost. */
export function whole<T>(value: T): Pieces<T> {
  return [{ upTo: Number.POSITIVE_INFINITY, value }]
}

/** A number that does not depend on the cost. */
export function constant(value: Ratio): CostLine {
  return { slope: ZERO, start: value }
}

/** Combines two functions of the cost, stretch by stretch; a combination may split a stretch again. */
export function combine<A, B, C>(a: Pieces<A>, b: Pieces<B>, join: (a: A, b: B) => Pieces<C>): Pieces<C> {
  const result: { upTo: number; value: C }[] = []
  let [i, j] = [0, 0]
  let from = Number.NEGATIVE_INFINITY
  while (i < a.length && j < b.length) {
    const [left, right] = [a[i]!, b[j]!]
    const upTo = Math.min(left.upTo, right.upTo)
    for (const piece of join(left.value, right.value)) {
      if (piece.upTo > from) result.push({ upTo: Math.min(piece.upTo, upTo), value: piece.value })
      if (piece.upTo >= upTo) break
      from = Math.max(from, piece.upTo)
    }
    from = upTo
    if (left.upTo === upTo) i++
    if (right.upTo === upTo) j++
  }
  return result
}

/** Evaluates a formula for every cost at once; `lookUp` gives the names, exact. */
export function evaluatePieces(node: Node, lookUp: (name: string) => Pieces<Stretch>): Pieces<Stretch> {
  switch (node.kind) {
    case 'number':
      return whole(constant(ratioOf(node.value)))
    case 'text':
      return whole(node.value)
    case 'name':
      return lookUp(node.name)
    case 'negate':
      return map(evaluatePieces(node.of, lookUp), value =>
        isLine(value) ? { slope: negative(value.slope), start: negative(value.start) } : null,
      )
    case 'not':
      return map(evaluatePieces(node.of, lookUp), value => (typeof value === 'boolean' ? !value : null))
    case 'in':
      return map(evaluatePieces(node.left, lookUp), value =>
        typeof value === 'string' ? node.list.includes(value) : null,
      )
    case 'logic':
      return combine(evaluatePieces(node.left, lookUp), evaluatePieces(node.right, lookUp), (a, b) =>
        whole(logic(node.op, asTruth(a), asTruth(b))),
      )
    case 'arithmetic':
    case 'compare':
    case 'extreme':
      return combine(evaluatePieces(node.left, lookUp), evaluatePieces(node.right, lookUp), (a, b) => pair(node, a, b))
  }
}

type Pair = Extract<Node, { kind: 'arithmetic' | 'compare' | 'extreme' }>

function pair(node: Pair, a: Stretch, b: Stretch): Pieces<Stretch> {
  if (typeof a === 'string' && typeof b === 'string') return whole((a === b) === (node.op === '='))
  if (!isLine(a) || !isLine(b)) return whole(null)
  if (node.kind === 'compare') return signs(difference(a, b), sign => compared(node.op as Comparison, sign))
  if (node.kind === 'extreme')
    return signs<Stretch>(difference(a, b), sign => ((node.op === 'min') === sign < 0 ? a : b))
  switch (node.op) {
    case '+':
      return whole(sum(a, b))
    case '-':
      return whole(difference(a, b))
    case '*': {
      // One side is free of the cost: the parser saw to that.
      const [line, factor] = a.slope.n === 0n ? [b, a.start] : [a, b.start]
      return whole({ slope: reduced(product(line.slope, factor)), start: reduced(product(line.start, factor)) })
    }
    case '/':
      if (b.start.n === 0n) return whole(null)
      return whole({ slope: reduced(over(a.slope, b.start)), start: reduced(over(a.start, b.start)) })
    default:
      return whole(null)
  }
}

/** A line by its sign over whole fen: below its root, at it where it is whole, and above. */
function signs<T>(line: CostLine, of: (sign: number) => T): Pieces<T> {
  const { slope, start } = line
  if (slope.n === 0n) return whole(of(Number(start.n > 0n) - Number(start.n < 0n)))
  const root = over(negative(start), slope)
  const below = floor(root)
  const isWhole = below * root.d === root.n
  const before = slope.n > 0n ? -1 : 1
  return [
    { upTo: Number(isWhole ? below - 1n : below), value: of(before) },
    ...(isWhole ? [{ upTo: Number(below), value: of(0) }] : []),
    { upTo: Number.POSITIVE_INFINITY, value: of(-before) },
  ]
}

function map<A, B>(pieces: Pieces<A>, to: (value: A) => B): Pieces<B> {
  return pieces.map(({ upTo, value }) => ({ upTo, value: to(value) }))
}

function sum(a: CostLine, b: CostLine): CostLine {
  return { slope: reduced(plus(a.slope, b.slope)), start: reduced(plus(a.start, b.start)) }
}

function difference(a: CostLine, b: CostLine): CostLine {
  return { slope: reduced(minus(a.slope, b.slope)), start: reduced(minus(a.start, b.start)) }
}

function asTruth(value: Stretch): boolean | null {
  return typeof value === 'boolean' ? value : null
}

/** Whether a stretch is a number. */
export function isLine(value: Stretch): value is CostLine {
  return typeof value === 'object' && value !== null
}
