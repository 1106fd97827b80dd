import type { Expr } from './types.ts'

/** A condition that is not made of others. */
export type Atom = Exclude<Expr, { op: 'and' | 'or' | 'not' }>

/** The conditions that a rule is made of, left to right. */
export function atoms(expr: Expr): readonly Atom[] {
  switch (expr.op) {
    case 'and':
    case 'or':
      return expr.args.flatMap(atoms)
    case 'not':
      return atoms(expr.arg)
    default:
      return [expr]
  }
}

/** The `in` and `length` nodes of a rule, left to right. */
export function memberships(expr: Expr): Extract<Atom, { op: 'in' | 'length' }>[] {
  return atoms(expr).filter(atom => atom.op === 'in' || atom.op === 'length')
}
