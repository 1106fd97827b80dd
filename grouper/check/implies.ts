import { printRule } from '../scheme/print.ts'
import type { Comparison, Expr } from '../scheme/types.ts'

type Member = Extract<Expr, { op: 'in' }>
type Compare = Extract<Expr, { op: 'compare' }>

/**
 * Whether every case that meets `narrow` meets `wide`. Sound, not complete: true is proven from the form of the rules
 * and from `within` (whether one set lies in another), false means "not shown".
 */
export function implies(narrow: Expr, wide: Expr, within: (narrow: string, wide: string) => boolean): boolean {
  const each = (a: Expr, b: Expr): boolean => implies(a, b, within)
  if (wide.op === 'always' || narrow.op === 'never') return true
  if (narrow.op === 'or') return narrow.args.every(arg => each(arg, wide))
  if (wide.op === 'and') return wide.args.every(arg => each(narrow, arg))
  if (wide.op === 'or' && wide.args.some(arg => each(narrow, arg))) return true
  if (narrow.op === 'and') return narrow.args.some(arg => each(arg, wide))
  if (narrow.op === 'not' && wide.op === 'not') return each(wide.arg, narrow.arg)
  if (narrow.op === 'in' && wide.op === 'in') return memberWithin(narrow, wide, within)
  if (narrow.op === 'compare' && wide.op === 'compare') return rangeWithin(narrow, wide)
  return narrow.op === wide.op && printRule(narrow) === printRule(wide)
}

function memberWithin(narrow: Member, wide: Member, within: (narrow: string, wide: string) => boolean): boolean {
  return (
    narrow.fields.every(field => wide.fields.includes(field)) &&
    narrow.sets.every(set => wide.sets.some(other => set === other || within(set, other)))
  )
}

/** Whether the values that meet one comparison meet the other, both of one scalar. */
function rangeWithin(narrow: Compare, wide: Compare): boolean {
  if (narrow.scalar !== wide.scalar) return false
  const [a, b] = [rangeOf(narrow.cmp, narrow.value), rangeOf(wide.cmp, wide.value)]
  const low = a.low > b.low || (a.low === b.low && (b.lowIn || !a.lowIn))
  const high = a.high < b.high || (a.high === b.high && (b.highIn || !a.highIn))
  return low && high
}

function rangeOf(cmp: Comparison, value: number): { low: number; lowIn: boolean; high: number; highIn: boolean } {
  const below = cmp === '<' || cmp === '<='
  const above = cmp === '>' || cmp === '>='
  return {
    low: below ? Number.NEGATIVE_INFINITY : value,
    lowIn: cmp !== '>',
    high: above ? Number.POSITIVE_INFINITY : value,
    highIn: cmp !== '<',
  }
}
