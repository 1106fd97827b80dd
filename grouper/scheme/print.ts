import type { Expr } from './types.ts'

/** A rule as canonical text: `always` is '', keywords in lower case. Parsing it gives the same tree. */
export function printRule(expr: Expr): string {
  return expr.op === 'always' ? '' : print(expr)
}

function print(expr: Expr): string {
  switch (expr.op) {
    case 'always':
      return '1'
    case 'never':
      return '0'
    case 'and':
    case 'or':
      return expr.args.map(operand).join(` ${expr.op} `)
    case 'not':
      return expr.arg.op === 'in' ? member(expr.arg, ' not in ') : `not ${operand(expr.arg)}`
    case 'in':
      return member(expr, ' in ')
    case 'compare':
      return `${expr.scalar} ${expr.cmp} ${expr.value}`
    case 'length':
      return `length(${expr.set} ∩ ${group(expr.fields)}) ${expr.cmp} ${expr.value}`
  }
}

function operand(expr: Expr): string {
  return expr.op === 'and' || expr.op === 'or' ? `(${print(expr)})` : print(expr)
}

function member(expr: Expr & { op: 'in' }, link: string): string {
  return group(expr.fields) + link + group(expr.sets)
}

function group(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `{${names.join(', ')}}`
}
