import { memberships } from './atoms.ts'
import { rowOf } from './origin.ts'
import type { CodeField, CodeKind, Complication, Expr, Scheme } from './types.ts'

/** A rule that looks a set up: the row that it stands in, and how. */
export interface Use {
  readonly level: 'mdc' | 'adrg' | 'drg'
  readonly code: string
  readonly name: string
  /** Line of the row in its table, where known. */
  readonly row?: number
  readonly fields: readonly CodeField[]
  /** `in`, `not in` (the rule wants none of the set), or `length` (it counts them). */
  readonly how: 'in' | 'not in' | 'length'
}

/** A set that holds the code, and every rule that looks it up. */
export interface SetUse {
  readonly id: string
  readonly size: number
  readonly uses: readonly Use[]
}

/** An exclusion table that holds the code: as principal diagnosis it takes these complications out. */
export interface ExclusionUse {
  readonly id: string
  readonly mcc: number
  readonly cc: number
}

/** Everything in a scheme that uses one code as one kind. Keys are stable: programs may read them. */
export interface CodeUse {
  readonly kind: CodeKind
  readonly code: string
  readonly name: string
  readonly withdrawn: boolean
  readonly barredPrincipal: boolean
  readonly sets: readonly SetUse[]
  /** Its level as other diagnosis, and how many principal diagnoses exclude it. */
  readonly complication?: Complication & { readonly excludedBy: number }
  readonly exclusions: readonly ExclusionUse[]
}

/** What a scheme does with a code; one entry for each dictionary that has it, none for an unknown code. */
export function findCode(scheme: Scheme, code: string): CodeUse[] {
  const found: CodeUse[] = []
  for (const kind of ['diagnosis', 'procedure'] as const) {
    const dictionary = kind === 'diagnosis' ? scheme.diagnoses : scheme.procedures
    const id = dictionary.ids.get(code)
    if (id === undefined) continue
    const complication = kind === 'diagnosis' ? scheme.complications.get(code) : undefined
    const excludedBy = scheme.exclusions.get(complication?.table ?? '')?.length ?? 0
    found.push({
      kind,
      code,
      name: dictionary.names[id]!,
      withdrawn: dictionary.withdrawn.has(id),
      barredPrincipal: kind === 'diagnosis' && scheme.barredPrincipal.has(code),
      sets: setsWith(scheme, kind, code),
      ...(complication === undefined ? {} : { complication: { ...complication, excludedBy } }),
      exclusions: kind === 'diagnosis' ? exclusionsWith(scheme, code) : [],
    })
  }
  return found
}

function setsWith(scheme: Scheme, kind: CodeKind, code: string): SetUse[] {
  const sets = [...scheme.sets.values()].filter(set => set.kind === kind && set.codes.includes(code))
  const uses = new Map<string, Use[]>(sets.map(set => [set.id, []]))
  for (const { level, row, expr } of rulesOf(scheme)) {
    const negated = negatedNodes(expr)
    for (const node of memberships(expr)) {
      const how = node.op === 'length' ? 'length' : negated.has(node) ? 'not in' : 'in'
      const line = rowOf(row)
      for (const set of node.op === 'in' ? node.sets : [node.set]) {
        const { code: at, name } = row
        const use: Use = {
          level,
          code: at,
          name,
          ...(line === undefined ? {} : { row: line }),
          fields: node.fields,
          how,
        }
        const known = uses.get(set)
        if (known === undefined || known.some(other => sameUse(other, use))) continue
        known.push(use)
      }
    }
  }
  return sets.map(set => ({ id: set.id, size: set.codes.length, uses: uses.get(set.id)! }))
}

interface Row {
  readonly code: string
  readonly name: string
}

function* rulesOf(scheme: Scheme): Generator<{ level: Use['level']; row: Row; expr: Expr }> {
  for (const mdc of scheme.mdcs) {
    yield { level: 'mdc', row: mdc, expr: mdc.rule.expr }
    for (const adrg of mdc.adrgs) {
      yield { level: 'adrg', row: adrg, expr: adrg.rule.expr }
      for (const drg of adrg.drgs) yield { level: 'drg', row: drg, expr: drg.rule.expr }
    }
  }
}

/** Nodes that stand under an odd number of `not`. */
function negatedNodes(expr: Expr, under = false): ReadonlySet<Expr> {
  if (expr.op === 'not') return negatedNodes(expr.arg, !under)
  if (expr.op === 'and' || expr.op === 'or') return new Set(expr.args.flatMap(arg => [...negatedNodes(arg, under)]))
  return new Set(under ? [expr] : [])
}

function sameUse(a: Use, b: Use): boolean {
  return (
    a.level === b.level &&
    a.code === b.code &&
    a.row === b.row &&
    a.how === b.how &&
    a.fields.join() === b.fields.join()
  )
}

function exclusionsWith(scheme: Scheme, code: string): ExclusionUse[] {
  const found: ExclusionUse[] = []
  for (const [id, codes] of scheme.exclusions) {
    if (!codes.includes(code)) continue
    const count = { MCC: 0, CC: 0 }
    for (const { level, table } of scheme.complications.values()) if (table === id) count[level]++
    found.push({ id, mcc: count.MCC, cc: count.CC })
  }
  return found
}
