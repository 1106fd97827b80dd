import type { Case } from '../cases/case.ts'
import type { CodeField, Scheme } from '../scheme/types.ts'
import { nameOf } from './evidence.ts'
import { interpret } from './interpret.ts'
import type { Outcome } from './outcome.ts'

/** The group that a case, or a case changed in one fact, falls into. */
export type Group = Pick<Outcome, 'status' | 'reason' | 'mdc' | 'adrg' | 'drg'> & { readonly name: string }

/** What one secondary code does: the result without it. */
export interface Effect {
  readonly field: 'QTZD' | 'QTSS'
  readonly code: string
  readonly name: string
  readonly changes: boolean
  readonly without: Group
}

/** What another choice of the principal diagnosis or procedure among the case's own codes would give. */
export interface Choice {
  readonly field: 'ZYZD' | 'ZYSS'
  readonly code: string
  readonly name: string
  readonly changes: boolean
  readonly result: Group
}

/** The group of a case as rules read it. */
export function groupOf(scheme: Scheme, given: Case): Group {
  const { status, reason, mdc, adrg, drg, leaf } = interpret(scheme, given)
  return { status, reason, mdc, adrg, drg, name: leaf?.drg.name ?? '' }
}

/** The marginal effect of every other diagnosis and other procedure, in the order of the case. */
export function effectsOf(scheme: Scheme, given: Case, now: Group): Effect[] {
  return [
    ...secondary(given.diagnoses).map(index => effect('QTZD', given.diagnoses, index, 'diagnoses')),
    ...secondary(given.procedures).map(index => effect('QTSS', given.procedures, index, 'procedures')),
  ]

  function effect(field: Effect['field'], codes: readonly string[], index: number, key: keyof Case): Effect {
    const without = groupOf(scheme, { ...given, [key]: codes.filter((_, other) => other !== index) })
    return { ...named(scheme, field, codes[index]!), changes: !sameGroup(without, now), without }
  }
}

/** Every other choice of principal diagnosis and principal procedure; the former principal becomes the first other code. */
export function choicesOf(scheme: Scheme, given: Case, now: Group): Choice[] {
  return [
    ...secondary(given.diagnoses).map(index => choice('ZYZD', given.diagnoses, index, 'diagnoses')),
    ...secondary(given.procedures).map(index => choice('ZYSS', given.procedures, index, 'procedures')),
  ]

  function choice(field: Choice['field'], codes: readonly string[], index: number, key: keyof Case): Choice {
    const reordered = [codes[index]!, ...codes.filter((_, other) => other !== index)]
    const result = groupOf(scheme, { ...given, [key]: reordered })
    return { ...named(scheme, field, codes[index]!), changes: !sameGroup(result, now), result }
  }
}

/** Whether two results are one group; results without a group differ by their reason. */
export function sameGroup(a: Group, b: Group): boolean {
  return a.mdc === b.mdc && a.adrg === b.adrg && a.drg === b.drg && a.reason === b.reason
}

/** Positions of the codes behind the first, each code once. */
function secondary(codes: readonly string[]): number[] {
  return codes.map((_, index) => index).filter(index => index > 0 && codes.indexOf(codes[index]!) === index)
}

function named<F extends CodeField>(scheme: Scheme, field: F, code: string): { field: F; code: string; name: string } {
  return { field, code, name: nameOf(scheme, field, code) }
}
