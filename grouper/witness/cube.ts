import type { CodeField, Comparison, Expr, ScalarField } from '../scheme/types.ts'

/** Inclusive bounds of an integer. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** One condition that a case must meet, not divisible any further. */
export type Literal =
  /** Some code of `field` is in one of `sets`. */
  | { readonly kind: 'some'; readonly field: CodeField; readonly sets: readonly string[] }
  /** No code of `field` is in any of `sets`. */
  | { readonly kind: 'none'; readonly field: CodeField; readonly sets: readonly string[] }
  /** The number of distinct codes of `fields` in `set` lies within the bounds. */
  | { readonly kind: 'count'; readonly fields: readonly CodeField[]; readonly set: string; readonly within: Interval }
  | { readonly kind: 'scalar'; readonly scalar: ScalarField; readonly within: Interval }
  /** The scalar is not known: a comparison with it is false. */
  | { readonly kind: 'missing'; readonly scalar: ScalarField }

const NEVER_MISSING: ReadonlySet<ScalarField> = new Set(['NL', 'XB', 'ZYTS', 'LYFS', 'ZFY'])

/**
 * The cases for which `expr` is `wanted`, as a disjunction of conjunctions of literals, made one at a time: a rule
 * may have more of them than anyone wants to see. Contradictions are not removed.
 */
export function* cubesOf(expr: Expr, wanted = true): Generator<readonly Literal[]> {
  switch (expr.op) {
    case 'always':
      if (wanted) yield []
      return
    case 'never':
      if (!wanted) yield []
      return
    case 'not':
      yield* cubesOf(expr.arg, !wanted)
      return
    case 'and':
    case 'or':
      if ((expr.op === 'and') === wanted) yield* conjunction(expr.args, wanted)
      else for (const arg of expr.args) yield* cubesOf(arg, wanted)
      return
    case 'in':
      if (wanted) for (const field of expr.fields) yield [{ kind: 'some', field, sets: expr.sets }]
      else yield expr.fields.map(field => ({ kind: 'none', field, sets: expr.sets }))
      return
    case 'length':
      for (const within of bounds(expr.cmp, expr.value, wanted)) {
        yield [{ kind: 'count', fields: expr.fields, set: expr.set, within }]
      }
      return
    case 'compare':
      for (const within of bounds(expr.cmp, expr.value, wanted)) yield [{ kind: 'scalar', scalar: expr.scalar, within }]
      if (!wanted && !NEVER_MISSING.has(expr.scalar)) yield [{ kind: 'missing', scalar: expr.scalar }]
  }
}

/** Every way to take one cube of each argument. */
export function* conjunction(args: readonly Expr[], wanted: boolean, from = 0): Generator<readonly Literal[]> {
  const arg = args[from]
  if (arg === undefined) {
    yield []
    return
  }
  for (const cube of cubesOf(arg, wanted)) {
    for (const rest of conjunction(args, wanted, from + 1)) yield [...cube, ...rest]
  }
}

/** The integers x for which `x cmp value` is `wanted`. */
function bounds(cmp: Comparison, value: number, wanted: boolean): Interval[] {
  const below = { low: Number.NEGATIVE_INFINITY, high: Math.ceil(value) - 1 }
  const above = { low: Math.floor(value) + 1, high: Number.POSITIVE_INFINITY }
  switch (cmp) {
    case '=':
      if (!wanted) return [below, above]
      return Number.isInteger(value) ? [{ low: value, high: value }] : []
    case '<':
      return [wanted ? below : { low: Math.ceil(value), high: Number.POSITIVE_INFINITY }]
    case '<=':
      return [wanted ? { low: Number.NEGATIVE_INFINITY, high: Math.floor(value) } : above]
    case '>':
      return [wanted ? above : { low: Number.NEGATIVE_INFINITY, high: Math.floor(value) }]
    case '>=':
      return [wanted ? { low: Math.ceil(value), high: Number.POSITIVE_INFINITY } : below]
  }
}
