import type { CodeField, Expr, ScalarField, Scheme } from '../scheme/types.ts'
import { compare, type Facts, holds, listsOf, members } from './interpret.ts'

/** A fact that made a condition hold. */
export type Evidence =
  | { readonly field: CodeField; readonly code: string; readonly name: string; readonly set: string }
  | { readonly field: ScalarField; readonly value: number; readonly condition: string }

/** A condition that a case does not meet, not divisible any further. */
export type Unmet =
  /** No code of the fields is in the sets; `codes` is how many they hold. */
  | {
      readonly kind: 'code'
      readonly fields: readonly CodeField[]
      readonly sets: readonly string[]
      readonly codes: number
    }
  /** A number that the case does not have, or another one. */
  | { readonly kind: 'number'; readonly field: ScalarField; readonly value: number | null; readonly condition: string }
  /** Too few or too many different codes of a set. */
  | {
      readonly kind: 'count'
      readonly fields: readonly CodeField[]
      readonly set: string
      readonly found: number
      readonly condition: string
    }
  /** What must not be there, is. */
  | { readonly kind: 'present'; readonly evidence: readonly Evidence[] }
  /** The condition holds for no case. */
  | { readonly kind: 'never' }

/** The facts that make a rule hold; for `or` those of the first part that holds. */
export function evidenceOf(scheme: Scheme, expr: Expr, facts: Facts): readonly Evidence[] {
  switch (expr.op) {
    case 'and':
      return expr.args.flatMap(arg => evidenceOf(scheme, arg, facts))
    case 'or': {
      const first = expr.args.find(arg => holds(scheme, arg, facts))
      return first === undefined ? [] : evidenceOf(scheme, first, facts)
    }
    case 'in':
      for (const field of expr.fields) {
        for (const set of expr.sets) {
          const [code] = members(scheme, facts, field, set)
          if (code !== undefined) return [{ field, code, name: nameOf(scheme, field, code), set }]
        }
      }
      return []
    case 'length':
      return expr.fields.flatMap(field =>
        members(scheme, facts, field, expr.set).map(code => ({
          field,
          code,
          name: nameOf(scheme, field, code),
          set: expr.set,
        })),
      )
    case 'compare': {
      const value = facts.scalars[expr.scalar]
      if (value === undefined || !compare(value, expr.cmp, expr.value)) return []
      return [{ field: expr.scalar, value, condition: `${expr.cmp} ${expr.value}` }]
    }
    default:
      return []
  }
}

/** What a case lacks to meet a rule; for `or` the part that lacks least. Empty exactly when the rule holds. */
export function unmetOf(scheme: Scheme, expr: Expr, facts: Facts): readonly Unmet[] {
  if (holds(scheme, expr, facts)) return []
  switch (expr.op) {
    case 'and':
      return expr.args.flatMap(arg => unmetOf(scheme, arg, facts))
    case 'or':
      return expr.args
        .map(arg => unmetOf(scheme, arg, facts))
        .reduce((least, unmet) => (unmet.length < least.length ? unmet : least))
    case 'not':
      return [{ kind: 'present', evidence: evidenceOf(scheme, expr.arg, facts) }]
    case 'in': {
      const codes = expr.sets.reduce((sum, set) => sum + sizeOf(scheme, set), 0)
      return [{ kind: 'code', fields: expr.fields, sets: expr.sets, codes }]
    }
    case 'length': {
      const found = new Set(expr.fields.flatMap(field => members(scheme, facts, field, expr.set))).size
      return [{ kind: 'count', fields: expr.fields, set: expr.set, found, condition: `${expr.cmp} ${expr.value}` }]
    }
    case 'compare': {
      const value = facts.scalars[expr.scalar] ?? null
      return [{ kind: 'number', field: expr.scalar, value, condition: `${expr.cmp} ${expr.value}` }]
    }
    default:
      return [{ kind: 'never' }]
  }
}

/** Number of codes in a set; of MCC and CC those listed at the level. */
export function sizeOf(scheme: Scheme, set: string): number {
  if (set !== 'MCC' && set !== 'CC') return listsOf(scheme).sets.get(set)?.size ?? 0
  let size = 0
  for (const { level } of scheme.complications.values()) if (level === set) size++
  return size
}

/** The name of a code in the dictionary of its field, '' where there is none. */
export function nameOf(scheme: Scheme, field: CodeField, code: string): string {
  const dictionary = field === 'ZYZD' || field === 'QTZD' ? scheme.diagnoses : scheme.procedures
  const id = dictionary.ids.get(code)
  return id === undefined ? '' : dictionary.names[id]!
}
