import type { Case } from '../cases/case.ts'
import type { CodeField, Comparison, Expr, ScalarField, Scheme } from '../scheme/types.ts'
import { NO_GROUP, type Outcome, type Reason } from './outcome.ts'

/**
 * The literal interpreter: reads the rules of a scheme as they are written. It is the meaning of a scheme; the kernel
 * is its speed, and tests hold them against each other.
 */

/** The facts of one case that rules ask for. */
export interface Facts {
  readonly codes: Readonly<Record<CodeField, readonly string[]>>
  readonly scalars: Readonly<Record<ScalarField, number | undefined>>
}

/** A scheme's lists as sets, made once. */
export interface Lists {
  readonly sets: ReadonlyMap<string, ReadonlySet<string>>
  readonly exclusions: ReadonlyMap<string, ReadonlySet<string>>
}

const known = new WeakMap<Scheme, Lists>()

/** The lists of a scheme for membership tests. */
export function listsOf(scheme: Scheme): Lists {
  const made = known.get(scheme)
  if (made !== undefined) return made
  const lists: Lists = {
    sets: new Map([...scheme.sets].map(([id, set]) => [id, new Set(set.codes)])),
    exclusions: new Map([...scheme.exclusions].map(([id, codes]) => [id, new Set(codes)])),
  }
  known.set(scheme, lists)
  return lists
}

/** The facts of a case. Age in days counts only under one year; a weight of 0 is not a weight. */
export function factsOf(given: Case): Facts {
  const { diagnoses, procedures } = given
  return {
    codes: {
      ZYZD: diagnoses.slice(0, 1),
      QTZD: diagnoses.slice(1),
      ZYSS: procedures.slice(0, 1),
      QTSS: procedures.slice(1),
    },
    scalars: {
      NL: given.ageYears,
      XSRTL: given.ageYears === 0 ? given.ageDays : undefined,
      XSRTZ: given.weight === 0 ? undefined : given.weight,
      XB: given.sex,
      ZYTS: given.losDays,
      LYFS: given.dischargeWay,
      ICUSC: given.icuHours,
      ZFY: given.totalCost === undefined ? undefined : given.totalCost / 100,
    },
  }
}

/** Whether `left cmp right` holds; a missing left side never does. */
export function compare(left: number | undefined, cmp: Comparison, right: number): boolean {
  if (left === undefined) return false
  switch (cmp) {
    case '=':
      return left === right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}

/** The exclusion table that takes `code` out as a complication of `principal`, or undefined. */
export function excludedBy(scheme: Scheme, code: string, principal: string | undefined): string | undefined {
  const table = scheme.complications.get(code)?.table
  if (table === undefined || table === '' || principal === undefined) return undefined
  return listsOf(scheme).exclusions.get(table)?.has(principal) ? table : undefined
}

/** Other diagnoses that count as complication of the wanted level: listed, not excluded, not the principal itself. */
export function countingComplications(scheme: Scheme, facts: Facts, level: 'MCC' | 'CC'): readonly string[] {
  const [principal] = facts.codes.ZYZD
  return facts.codes.QTZD.filter(
    code =>
      code !== principal &&
      scheme.complications.get(code)?.level === level &&
      excludedBy(scheme, code, principal) === undefined,
  )
}

/** Codes of `field` that are in `set`; MCC and CC are the virtual sets of complications. */
export function members(scheme: Scheme, facts: Facts, field: CodeField, set: string): readonly string[] {
  if (set === 'MCC' || set === 'CC') return field === 'QTZD' ? countingComplications(scheme, facts, set) : []
  const list = listsOf(scheme).sets.get(set)
  return list === undefined ? [] : facts.codes[field].filter(code => list.has(code))
}

/** Whether a rule holds for the facts. */
export function holds(scheme: Scheme, expr: Expr, facts: Facts): boolean {
  switch (expr.op) {
    case 'always':
      return true
    case 'never':
      return false
    case 'and':
      return expr.args.every(arg => holds(scheme, arg, facts))
    case 'or':
      return expr.args.some(arg => holds(scheme, arg, facts))
    case 'not':
      return !holds(scheme, expr.arg, facts)
    case 'in':
      return expr.fields.some(field => expr.sets.some(set => members(scheme, facts, field, set).length > 0))
    case 'compare':
      return compare(facts.scalars[expr.scalar], expr.cmp, expr.value)
    case 'length': {
      const codes = new Set(expr.fields.flatMap(field => members(scheme, facts, field, expr.set)))
      return compare(codes.size, expr.cmp, expr.value)
    }
  }
}

/** Why a case cannot be grouped at all, or '' when it can. */
export function invalidReason(scheme: Scheme, given: Case): Reason {
  const [principal] = given.diagnoses
  if (principal === undefined || principal === '') return 'principal-missing'
  if (!scheme.diagnoses.ids.has(principal)) return 'principal-unknown'
  if (scheme.barredPrincipal.has(principal)) return 'principal-barred'
  if (scheme.manifest.grey === 'refuse' && scheme.diagnoses.grey.has(scheme.diagnoses.ids.get(principal)!)) {
    return 'principal-grey'
  }
  if (given.sex === undefined || given.sex === 0) return 'sex-missing'
  if (given.ageYears === undefined) return 'age-missing'
  return ''
}

/** Whether a rule asks for a diagnosis at all; gates that do not (先期分组) are not "being in an MDC". */
export function asksDiagnosis(expr: Expr): boolean {
  switch (expr.op) {
    case 'and':
    case 'or':
      return expr.args.some(asksDiagnosis)
    case 'not':
      return asksDiagnosis(expr.arg)
    case 'in':
    case 'length':
      return expr.fields.some(field => field === 'ZYZD' || field === 'QTZD')
    default:
      return false
  }
}

/** Groups one case by reading the rules in order: MDC, ADRG, DRG; the first leaf that holds is the result. */
export function interpret(scheme: Scheme, given: Case): Outcome {
  const none = { mdc: NO_GROUP, adrg: NO_GROUP, drg: NO_GROUP }
  const invalid = invalidReason(scheme, given)
  if (invalid !== '') return { status: 'invalid', reason: invalid, ...none }
  const facts = factsOf(given)
  let inMdc = false
  for (const mdc of scheme.mdcs) {
    if (!holds(scheme, mdc.rule.expr, facts)) continue
    inMdc ||= asksDiagnosis(mdc.rule.expr)
    for (const adrg of mdc.adrgs) {
      if (!holds(scheme, adrg.rule.expr, facts)) continue
      const drg = adrg.drgs.find(leaf => holds(scheme, leaf.rule.expr, facts))
      if (drg === undefined) continue
      const codes = { mdc: mdc.code, adrg: adrg.code, drg: drg.code, leaf: { mdc, adrg, drg } }
      if (drg.kind === 'grouped') return { status: 'grouped', reason: '', ...codes }
      if (drg.kind === 'ambiguous') return { status: 'ambiguous', reason: 'ambiguous', ...codes }
      return { status: 'notGrouped', reason: 'fallback', ...codes }
    }
  }
  return { status: 'notGrouped', reason: inMdc ? 'not-in-adrg' : 'not-in-mdc', ...none }
}
