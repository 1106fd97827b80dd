import type { CodeField, Comparison, Expr } from '../scheme/types.ts'

/** Least and greatest value that a scalar of the case may have. */
export interface Range {
  readonly least: number
  readonly most: number
}

/** What is known of a case before it is looked at whole; what is absent is not known. */
export interface Known {
  /** Whether the principal diagnosis (the principal procedure) is in one of these sets. */
  readonly ZYZD?: (sets: readonly string[]) => boolean
  readonly ZYSS?: (sets: readonly string[]) => boolean
  /** The case has no procedure at all. */
  readonly bare?: boolean
  /** Age in years and in days; null where the case has none, so that no comparison holds. */
  readonly NL?: Range
  readonly XSRTL?: Range | null
  readonly XB?: Range
}

const ALWAYS: Expr = { op: 'always' }
const NEVER: Expr = { op: 'never' }

/** What is left to ask of a rule when something is known; `always` or `never` where nothing is. */
export function residue(expr: Expr, known: Known): Expr {
  switch (expr.op) {
    case 'always':
    case 'never':
      return expr
    case 'not': {
      const arg = residue(expr.arg, known)
      return arg.op === 'always' ? NEVER : arg.op === 'never' ? ALWAYS : arg === expr.arg ? expr : { op: 'not', arg }
    }
    case 'and':
    case 'or': {
      const [decisive, neutral] = expr.op === 'and' ? [NEVER, ALWAYS] : [ALWAYS, NEVER]
      const args: Expr[] = []
      for (const arg of expr.args) {
        const left = residue(arg, known)
        if (left.op === decisive.op) return decisive
        if (left.op !== neutral.op) args.push(left)
      }
      if (args.length === 0) return neutral
      if (args.length === 1) return args[0]!
      const same = args.length === expr.args.length && args.every((arg, i) => arg === expr.args[i])
      return same ? expr : { op: expr.op, args }
    }
    case 'in': {
      const fields: CodeField[] = []
      for (const field of expr.fields) {
        if (known.bare === true && isProcedure(field)) continue
        const test = field === 'ZYZD' ? known.ZYZD : field === 'ZYSS' ? known.ZYSS : undefined
        if (test === undefined) fields.push(field)
        else if (test(plainSets(expr.sets))) return ALWAYS
      }
      return fields.length === 0 ? NEVER : fields.length === expr.fields.length ? expr : { ...expr, fields }
    }
    case 'compare': {
      const { scalar } = expr
      const range = scalar === 'NL' || scalar === 'XSRTL' || scalar === 'XB' ? known[scalar] : undefined
      if (range === undefined) return expr
      return range === null ? NEVER : residueOfRange(expr, range)
    }
    case 'length': {
      const none = known.bare === true && expr.fields.every(isProcedure)
      return none ? residueOfRange(expr, { least: 0, most: 0 }) : expr
    }
  }
}

/** A comparison with a value that lies in a range. */
function residueOfRange(expr: Extract<Expr, { cmp: Comparison }>, { least, most }: Range): Expr {
  const { cmp, value } = expr
  const [always, never] = {
    '=': [least === value && most === value, value < least || value > most],
    '<': [most < value, least >= value],
    '<=': [most <= value, least > value],
    '>': [least > value, most <= value],
    '>=': [least >= value, most < value],
  }[cmp] as [boolean, boolean]
  return always ? ALWAYS : never ? NEVER : expr
}

export function isProcedure(field: CodeField): boolean {
  return field === 'ZYSS' || field === 'QTSS'
}

/** The virtual sets hold only for other diagnoses. */
export function plainSets(sets: readonly string[]): readonly string[] {
  return sets.some(set => set === 'MCC' || set === 'CC') ? sets.filter(set => set !== 'MCC' && set !== 'CC') : sets
}
