import type { Case } from '../cases/case.ts'
import type { CodeField, LeafPath, ScalarField, Scheme } from '../scheme/types.ts'
import { type Group, groupOf, sameGroup } from './choices.ts'
import { evidenceOf, nameOf, type Unmet, unmetOf } from './evidence.ts'
import { excludedBy, type Facts, factsOf, interpret } from './interpret.ts'

/** A fact that the case would need: a code, a number, or codes that must not be there. */
export type Example =
  | { readonly field: CodeField; readonly code: string; readonly name: string }
  | { readonly field: ScalarField; readonly value: number }
  | { readonly without: readonly string[] }

/**
 * A group that the case misses by one fact. `example` is one fact that would do, and `result` is what the interpreter
 * gives with it: a miss is shown, not guessed.
 */
export interface Miss {
  /** The row whose condition lacks the fact. */
  readonly level: 'mdc' | 'adrg' | 'drg'
  readonly code: string
  readonly name: string
  readonly unmet: Unmet
  readonly example: Example
  readonly result: Group
}

/** Misses told at most. */
const MOST = 12
/** Codes of a set that are tried at most before a miss is given up. */
const TRIES = 60

/**
 * Groups that stand before the result and lack one fact: a leaf of the same ADRG, an ADRG of which another condition is
 * met, an MDC that lists the principal diagnosis. Another principal code is not a missing fact; that is a choice.
 */
export function missesOf(scheme: Scheme, given: Case, now: Group): Miss[] {
  const facts = factsOf(given)
  const reached = interpret(scheme, given).leaf?.drg
  const misses: Miss[] = []
  for (const mdc of scheme.mdcs) {
    const gate = unmetOf(scheme, mdc.rule.expr, facts)
    const opensGate = gate.length === 1 && meetsList(scheme, mdc.rule.expr, facts)
    if (gate.length > 0 && !opensGate) continue
    for (const adrg of mdc.adrgs) {
      const inner = unmetOf(scheme, adrg.rule.expr, facts)
      if (gate.length + inner.length > 1) continue
      if (inner.length > 0 && !meetsList(scheme, adrg.rule.expr, facts)) continue
      for (const drg of adrg.drgs) {
        if (drg === reached || misses.length === MOST) return misses
        if (drg.kind !== 'grouped') continue
        const last = unmetOf(scheme, drg.rule.expr, facts)
        const [unmet, ...more] = [...gate, ...inner, ...last]
        if (unmet === undefined || more.length > 0) continue
        const [level, row] =
          gate.length > 0
            ? (['mdc', mdc] as const)
            : inner.length > 0
              ? (['adrg', adrg] as const)
              : (['drg', drg] as const)
        const found = tryFact(scheme, given, unmet, { mdc, adrg, drg })
        if (found === undefined || sameGroup(found.result, now)) continue
        if (misses.some(miss => miss.level === level && miss.code === row.code && level !== 'drg')) continue
        misses.push({ level, code: row.code, name: row.name, unmet, ...found })
      }
    }
  }
  return misses
}

/** Whether some list of the rule holds a code of the case, so that the rule is about it at all. */
function meetsList(scheme: Scheme, expr: LeafPath['adrg']['rule']['expr'], facts: Facts): boolean {
  if (expr.op === 'and' || expr.op === 'or') return expr.args.some(arg => meetsList(scheme, arg, facts))
  return expr.op === 'in' && evidenceOf(scheme, expr, facts).length > 0
}

/** One fact that takes the case to the leaf. */
function tryFact(
  scheme: Scheme,
  given: Case,
  unmet: Unmet,
  { drg }: LeafPath,
): { example: Example; result: Group } | undefined {
  let tries = 0
  for (const { example, changed } of factsFor(scheme, given, unmet)) {
    if (interpret(scheme, changed).leaf?.drg === drg) return { example, result: groupOf(scheme, changed) }
    if (++tries === TRIES) return undefined
  }
  return undefined
}

function* factsFor(scheme: Scheme, given: Case, unmet: Unmet): Generator<{ example: Example; changed: Case }> {
  switch (unmet.kind) {
    case 'number': {
      const [cmp, text] = unmet.condition.split(' ') as [string, string]
      const step = cmp === '>' ? 1 : cmp === '<' ? -1 : 0
      const value = Number(text) + step
      yield { example: { field: unmet.field, value }, changed: { ...given, ...scalar(unmet.field, value) } }
      return
    }
    case 'present': {
      const codes = new Set(unmet.evidence.flatMap(fact => ('code' in fact ? [fact.code] : [])))
      const left = (list: readonly string[]): string[] => list.filter((code, i) => i === 0 || !codes.has(code))
      const changed = { ...given, diagnoses: left(given.diagnoses), procedures: left(given.procedures) }
      yield { example: { without: [...codes] }, changed }
      return
    }
    case 'code':
    case 'count': {
      const field = unmet.fields.find(one => one === 'QTZD' || one === 'QTSS') ?? unmet.fields[0]!
      if (field === 'ZYZD' || (field === 'ZYSS' && given.procedures.length > 0)) return
      const sets = unmet.kind === 'code' ? unmet.sets : [unmet.set]
      for (const code of plainFirst(sets.flatMap(set => codesIn(scheme, set, given.diagnoses[0])))) {
        const key = field === 'QTZD' ? 'diagnoses' : 'procedures'
        if (given[key].includes(code)) continue
        yield {
          example: { field, code, name: nameOf(scheme, field, code) },
          changed: { ...given, [key]: [...given[key], code] },
        }
      }
    }
  }
}

/** Codes of a set that may still be reported; of MCC and CC those that the principal diagnosis does not exclude. */
function codesIn(scheme: Scheme, set: string, principal: string | undefined): string[] {
  if (set !== 'MCC' && set !== 'CC') {
    const { codes = [], kind } = scheme.sets.get(set) ?? {}
    const { ids, withdrawn } = kind === 'procedure' ? scheme.procedures : scheme.diagnoses
    return codes.filter(code => !withdrawn.has(ids.get(code) ?? 0))
  }
  const codes: string[] = []
  for (const [code, { level }] of scheme.complications) {
    const reported = !scheme.diagnoses.withdrawn.has(scheme.diagnoses.ids.get(code) ?? 0)
    if (level === set && reported && excludedBy(scheme, code, principal) === undefined) codes.push(code)
  }
  return codes
}

/** Codes without extension first: the plainest code of a set is the best example. */
function plainFirst(codes: readonly string[]): string[] {
  return [...codes].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
}

function scalar(field: ScalarField, value: number): Partial<Case> {
  switch (field) {
    case 'NL':
      return { ageYears: value }
    case 'XSRTL':
      return { ageYears: 0, ageDays: value }
    case 'XSRTZ':
      return { weight: value }
    case 'XB':
      return { sex: value }
    case 'ZYTS':
      return { losDays: value }
    case 'LYFS':
      return { dischargeWay: value }
    case 'ICUSC':
      return { icuHours: value }
    case 'ZFY':
      return { totalCost: value * 100 }
  }
}
