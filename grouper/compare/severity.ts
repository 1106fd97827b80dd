import { memberships } from '../scheme/atoms.ts'
import type { Adrg, Drg } from '../scheme/types.ts'

/**
 * What a leaf says about complications: it wants an MCC, wants a CC (or either), is what its siblings leave without, does
 * not divide by them (undivided ADRGs, age bands), or is no group.
 */
export type SeverityClass = 'mcc' | 'cc' | 'without' | 'undivided' | ''

/** The severity class of a leaf, by its rule and those of its siblings; never by a character of its code. */
export function severityOf(adrg: Adrg, drg: Drg): SeverityClass {
  if (drg.kind !== 'grouped') return ''
  const asked = levelsOf(drg)
  if (asked.has('CC')) return 'cc'
  if (asked.has('MCC')) return 'mcc'
  return adrg.drgs.some(sibling => levelsOf(sibling).size > 0) ? 'without' : 'undivided'
}

function levelsOf(drg: Drg): ReadonlySet<string> {
  const nodes = memberships(drg.rule.expr)
  return new Set(
    nodes.flatMap(node => (node.op === 'in' ? node.sets.filter(set => set === 'MCC' || set === 'CC') : [])),
  )
}
