import { memberships } from '../scheme/atoms.ts'
import type { Adrg, CodeField, Expr, Rule, Scheme } from '../scheme/types.ts'

/** Questions about the form of one rule. */

/** Whether a rule holds for every case. */
export function isAlways(rule: Rule): boolean {
  return rule.expr.op === 'always'
}

/** Whether some leaf takes every case that the ADRG's condition lets in. */
export function hasOpenLeaf(adrg: Adrg): boolean {
  return adrg.drgs.some(drg => isAlways(drg.rule))
}

/** Whether all leaves mean "not grouped": the fallback rows X00 and 0000. */
export function isFallback(adrgs: readonly Adrg[]): boolean {
  return adrgs.every(adrg => adrg.drgs.every(drg => drg.kind === 'notGrouped'))
}

/** Whether a rule asks for a code of one of these fields. */
export function asksFor(expr: Expr, ...fields: readonly CodeField[]): boolean {
  return memberships(expr).some(node => node.fields.some(field => fields.includes(field)))
}

/** Codes that a rule wants as principal diagnosis and nowhere else; what stands under `not` is not wanted. */
export function principalsOf(scheme: Scheme, expr: Expr): ReadonlySet<string> {
  const codes = new Set<string>()
  for (const node of wanted(expr)) {
    if (node.op !== 'in' || node.fields.join() !== 'ZYZD') continue
    for (const set of node.sets) for (const code of scheme.sets.get(set)?.codes ?? []) codes.add(code)
  }
  return codes
}

function wanted(expr: Expr): readonly Expr[] {
  if (expr.op === 'and' || expr.op === 'or') return expr.args.flatMap(wanted)
  return expr.op === 'not' ? [] : [expr]
}
