import type { Finding } from '../scheme/finding.ts'
import type { Adrg, Drg, Expr } from '../scheme/types.ts'
import { cubesOf } from '../witness/cube.ts'
import { raise } from './raise.ts'
import type { Row } from './shadow.ts'

/**
 * Leaves for cases with an MCC behind a leaf that a CC opens: a case with both goes to the milder one. Leaves that can
 * not be reached at all are reported as such and left out here.
 */
export function* checkSeverityOrder(adrg: Adrg, shadows: ReadonlyMap<Row, Row>): Generator<Finding> {
  const milder: Drg[] = []
  for (const drg of adrg.drgs) {
    const levels = levelsOf(drg.rule.expr)
    const before = milder[0]
    if (before !== undefined && levels === 'MCC' && !shadows.has(drg)) {
      yield raise('CHK-015', 'warning', { table: 'DRG', item: drg }, [
        `要求 MCC，却排在有 CC 即可进入的 ${before.code} 之后：两者都有的病例归入较轻的组`,
        `asks for an MCC and stands behind ${before.code}, which a CC opens: a case with both goes to the milder group`,
      ])
    }
    if (levels === 'CC' || levels === 'either') milder.push(drg)
  }
}

/** What every way to meet a rule asks of complications: an MCC, a CC, either of them, or nothing that is the same for all. */
function levelsOf(expr: Expr): 'MCC' | 'CC' | 'either' | undefined {
  const found = new Set<string>()
  for (const way of cubesOf(expr)) {
    const asked = way.flatMap(literal => (literal.kind === 'some' && literal.field === 'QTZD' ? [literal.sets] : []))
    const levels = asked.find(sets => sets.every(set => set === 'MCC' || set === 'CC'))
    if (levels === undefined) return undefined
    found.add(levels.length > 1 ? 'either' : levels[0]!)
  }
  return found.size === 1 ? ([...found][0] as 'MCC' | 'CC' | 'either') : undefined
}
