import type { Case } from '../cases/case.ts'
import type { Finding } from '../scheme/finding.ts'
import type { Adrg, LeafPath, Scheme } from '../scheme/types.ts'
import { contradictionsOf, findArchetypes, type Unreached } from '../witness/archetype.ts'
import { caseOf } from '../witness/box.ts'
import { raise } from './raise.ts'
import { shadowsOf } from './shadow.ts'

/** A case that reaches a leaf. */
export interface Witness {
  readonly leaf: LeafPath
  readonly given: Case
}

/** Which leaves of a scheme are reached, shown by cases, and why the others are not. */
export interface Reach {
  /** In the order of the scheme. */
  readonly witnesses: readonly Witness[]
  readonly findings: readonly Finding[]
}

/** Any seed will do; a fixed one gives the same witnesses again. */
const SEED = 1

/**
 * Finds a case for every leaf of a scheme, or says why there is none. Leaves that `checkScheme` shows to be behind an
 * earlier row (CHK-001) are not reported again.
 */
export function checkReach(scheme: Scheme): Reach {
  const shadows = shadowsOf(scheme)
  const witnesses: Witness[] = []
  const findings: Finding[] = []
  const closed = new Set<Adrg>()
  for (const { leaf, archetypes, unreached } of findArchetypes(scheme, { seed: SEED, perLeaf: 1 })) {
    const { mdc, adrg, drg } = leaf
    const [archetype] = archetypes
    if (archetype !== undefined) witnesses.push({ leaf, given: caseOf(archetype, 'low') })
    else if (closed.has(adrg) || [mdc, adrg, drg].some(row => shadows.has(row))) continue
    else if (contradictionsOf(scheme, [mdc.rule.expr, adrg.rule.expr]) !== undefined) {
      closed.add(adrg)
      findings.push(neverWithGate(leaf, scheme))
    } else findings.push(unreachedLeaf(leaf, unreached!))
  }
  return { witnesses, findings }
}

function neverWithGate({ mdc, adrg }: LeafPath, scheme: Scheme): Finding {
  const facts = contradictionsOf(scheme, [mdc.rule.expr, adrg.rule.expr])!.slice(0, 3).join('; ')
  return raise('CHK-014', 'error', { table: 'ADRG', item: adrg }, [
    `${mdc.code} 的条件与本条件不能同时成立（${facts}），永远不会被选中`,
    `the condition of ${mdc.code} and its own never hold together (${facts}); it is never reached`,
  ])
}

function unreachedLeaf({ drg }: LeafPath, unreached: Unreached): Finding {
  const subject = { table: 'DRG', item: drg } as const
  if (unreached.kind !== 'taken') {
    const facts = unreached.kind === 'contradiction' ? ` (${unreached.facts.slice(0, 3).join('; ')})` : ''
    return raise('CHK-013', 'warning', subject, [
      `在进入该 ADRG、又不属于前面各组的病例中，条件永远不成立${facts}`,
      `never holds for a case that is in the ADRG and in no earlier group of it${facts}`,
    ])
  }
  const by = [...unreached.by].sort((a, b) => b[1] - a[1])
  const tried = by.reduce((sum, [, n]) => sum + n, 0)
  const takers = by.slice(0, 3).map(([code, n]) => `${code} ${n}`)
  if (tried === 0) {
    return raise('CHK-016', 'warning', subject, [
      '找不到能进入本组的病例：凑不齐所需的编码',
      'no case was found that reaches it: the codes that it needs do not come together',
    ])
  }
  return raise('CHK-016', 'warning', subject, [
    `找不到能进入本组的病例：试过的 ${tried} 例都归入前面的组（${takers.join(', ')}）`,
    `no case was found that reaches it: all ${tried} that were tried fall into earlier groups (${takers.join(', ')})`,
  ])
}
