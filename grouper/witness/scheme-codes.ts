import type { Dictionary } from '../codes/dictionary.ts'
import type { CodeField, Expr, Scheme, Severity } from '../scheme/types.ts'

/** The codes of a scheme as the solver and the generator need them. */
export interface SchemeCodes {
  readonly scheme: Scheme
  readonly sets: ReadonlyMap<string, ReadonlySet<string>>
  readonly exclusions: ReadonlyMap<string, ReadonlySet<string>>
  /** Diagnoses that may be principal: known, not withdrawn, not barred. */
  readonly principals: ReadonlySet<string>
  /** Known procedures that are not withdrawn. */
  readonly procedures: ReadonlySet<string>
  /** Diagnoses that as other diagnosis can change no group: in no list that a rule looks up there, no MCC, no CC. */
  readonly neutralDiagnoses: readonly string[]
  /** Procedures that can change no group in any position. */
  readonly neutralProcedures: readonly string[]
  /** MCC and CC codes. */
  readonly complications: Readonly<Record<Severity, ReadonlySet<string>>>
  readonly unions: Map<string, ReadonlySet<string>>
}

/** Collects the codes of a scheme. */
export function codesOf(scheme: Scheme): SchemeCodes {
  const consulted: Record<CodeField, Set<string>> = {
    ZYZD: new Set(),
    QTZD: new Set(),
    ZYSS: new Set(),
    QTSS: new Set(),
  }
  for (const mdc of scheme.mdcs) {
    collectSets(mdc.rule.expr, consulted)
    for (const adrg of mdc.adrgs) {
      collectSets(adrg.rule.expr, consulted)
      for (const drg of adrg.drgs) collectSets(drg.rule.expr, consulted)
    }
  }
  const membersOf = (ids: Iterable<string>): Set<string> => {
    const codes = new Set<string>()
    for (const id of ids) for (const code of scheme.sets.get(id)?.codes ?? []) codes.add(code)
    return codes
  }
  const diagnoses = current(scheme.diagnoses)
  const procedures = current(scheme.procedures)
  const consultedDiagnoses = membersOf(consulted.QTZD)
  const consultedProcedures = membersOf([...consulted.ZYSS, ...consulted.QTSS])
  const withLevel = (level: Severity): Set<string> =>
    new Set(diagnoses.filter(code => scheme.complications.get(code)?.level === level))
  return {
    scheme,
    sets: new Map([...scheme.sets].map(([id, set]) => [id, new Set(set.codes)])),
    exclusions: new Map([...scheme.exclusions].map(([id, list]) => [id, new Set(list)])),
    principals: new Set(diagnoses.filter(code => !scheme.barredPrincipal.has(code))),
    procedures: new Set(procedures),
    neutralDiagnoses: diagnoses.filter(code => !consultedDiagnoses.has(code) && !scheme.complications.has(code)),
    neutralProcedures: procedures.filter(code => !consultedProcedures.has(code)),
    complications: { MCC: withLevel('MCC'), CC: withLevel('CC') },
    unions: new Map(),
  }
}

/** The codes of any of the sets; MCC and CC stand for all complications of that level. */
export function unionOf(codes: SchemeCodes, sets: readonly string[]): ReadonlySet<string> {
  if (sets.length === 1) return setOf(codes, sets[0]!)
  const key = sets.join(' ')
  let union = codes.unions.get(key)
  if (union === undefined) {
    union = new Set(sets.flatMap(set => [...setOf(codes, set)]))
    codes.unions.set(key, union)
  }
  return union
}

const EMPTY: ReadonlySet<string> = new Set()

function setOf(codes: SchemeCodes, set: string): ReadonlySet<string> {
  if (set === 'MCC' || set === 'CC') return codes.complications[set]
  return codes.sets.get(set) ?? EMPTY
}

/** Whether `code` beside `principal` counts as a complication of the level. */
export function isComplication(codes: SchemeCodes, code: string, level: Severity, principal: string): boolean {
  const complication = codes.scheme.complications.get(code)
  return (
    complication?.level === level && code !== principal && !codes.exclusions.get(complication.table)?.has(principal)
  )
}

function current(dictionary: Dictionary): string[] {
  return dictionary.codes.filter((code, id) => code !== '' && !dictionary.withdrawn.has(id))
}

function collectSets(expr: Expr, into: Record<CodeField, Set<string>>): void {
  switch (expr.op) {
    case 'and':
    case 'or':
      for (const arg of expr.args) collectSets(arg, into)
      break
    case 'not':
      collectSets(expr.arg, into)
      break
    case 'in':
      for (const field of expr.fields) for (const set of expr.sets) into[field].add(set)
      break
    case 'length':
      for (const field of expr.fields) into[field].add(expr.set)
  }
}
