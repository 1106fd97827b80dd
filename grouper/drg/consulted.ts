import { memberships } from '../scheme/atoms.ts'
import type { CodeField, Rule, Scheme } from '../scheme/types.ts'
import { listsOf } from './interpret.ts'

/** What a code at its place in a case has to do with the grouping. */
export type Part = 'used' | 'no-rule' | 'unknown' | 'barred'

const asked = new WeakMap<Scheme, Readonly<Record<CodeField, ReadonlySet<string>>>>()

/**
 * `used`: some rule, or the level of complications, looks the code up in this field; `no-rule`: none does; `unknown`: not
 * in the dictionary, dropped; `barred`: must not be principal.
 */
export function partOf(scheme: Scheme, field: CodeField, code: string): Part {
  const isDiagnosis = field === 'ZYZD' || field === 'QTZD'
  if (!(isDiagnosis ? scheme.diagnoses : scheme.procedures).ids.has(code)) return 'unknown'
  if (field === 'ZYZD' && scheme.barredPrincipal.has(code)) return 'barred'
  if (field === 'QTZD' && scheme.complications.has(code)) return 'used'
  const { sets } = listsOf(scheme)
  for (const set of setsAskedFor(scheme)[field]) if (sets.get(set)?.has(code)) return 'used'
  return 'no-rule'
}

/** The sets that rules look each field up in, collected once for a scheme. */
function setsAskedFor(scheme: Scheme): Readonly<Record<CodeField, ReadonlySet<string>>> {
  const made = asked.get(scheme)
  if (made !== undefined) return made
  const byField: Record<CodeField, Set<string>> = { ZYZD: new Set(), QTZD: new Set(), ZYSS: new Set(), QTSS: new Set() }
  for (const { expr } of rulesOf(scheme)) {
    for (const node of memberships(expr)) {
      const sets = node.op === 'in' ? node.sets : [node.set]
      for (const field of node.fields) for (const set of sets) byField[field].add(set)
    }
  }
  asked.set(scheme, byField)
  return byField
}

function* rulesOf(scheme: Scheme): Generator<Rule> {
  for (const mdc of scheme.mdcs) {
    yield mdc.rule
    for (const adrg of mdc.adrgs) {
      yield adrg.rule
      for (const drg of adrg.drgs) yield drg.rule
    }
  }
}
