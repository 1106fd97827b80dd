import { memberships } from '../scheme/atoms.ts'
import type { Finding } from '../scheme/finding.ts'
import type { Adrg, Scheme } from '../scheme/types.ts'
import { checkCoverage } from './coverage.ts'
import { isAlways, isFallback } from './gate.ts'
import { checkLists, type Dictionaries } from './lists.ts'
import { checkOverlaps } from './overlap.ts'
import { raise, type Subject } from './raise.ts'
import { checkSeverityOrder } from './severity.ts'
import { type Row, shadowsOf } from './shadow.ts'

/**
 * What is wrong or odd in a scheme, as far as its tables show it; nothing is grouped for it (that is `checkReach`). It
 * stops nothing. Rows in the order in which they are tried, then lists.
 *
 * @param known dictionaries that codes must stand in; default the scheme's own, which hold its local codes too
 */
export function checkScheme(
  scheme: Scheme,
  known: Dictionaries = { diagnosis: scheme.diagnoses, procedure: scheme.procedures },
): Finding[] {
  return [...checkRows(scheme), ...checkCoverage(scheme), ...checkOverlaps(scheme), ...checkLists(scheme, known)]
}

function* checkRows(scheme: Scheme): Generator<Finding> {
  const shadows = shadowsOf(scheme)
  for (const mdc of scheme.mdcs) yield* shadowed({ table: 'MDC', item: mdc }, shadows)
  for (const mdc of scheme.mdcs) {
    if (isAlways(mdc.rule) && !isFallback(mdc.adrgs)) yield alwaysHolds({ table: 'MDC', item: mdc })
    for (const adrg of mdc.adrgs) yield* shadowed({ table: 'ADRG', item: adrg }, shadows)
    for (const adrg of mdc.adrgs) {
      yield* checkGate(adrg)
      for (const drg of adrg.drgs) yield* shadowed({ table: 'DRG', item: drg }, shadows)
      yield* checkSeverityOrder(adrg, shadows)
      yield* checkLeaves(adrg)
    }
  }
}

function* shadowed(subject: Subject & { item: Row }, shadows: ReadonlyMap<Row, Row>): Generator<Finding> {
  const keeper = shadows.get(subject.item)
  if (keeper === undefined) return
  yield raise(
    'CHK-001',
    'error',
    subject,
    isAlways(keeper.rule)
      ? [
          `排在总是成立的 ${keeper.code} 之后，永远不会被选中`,
          `stands behind ${keeper.code}, which takes every case, and is never reached`,
        ]
      : [
          `符合条件的病例都已归入前面的 ${keeper.code}，永远不会被选中`,
          `every case that meets its condition is taken by ${keeper.code} before it; it is never reached`,
        ],
  )
}

function alwaysHolds(subject: Subject): Finding {
  return raise('CHK-002', 'warning', subject, ['规则为空，总是成立', 'the rule is empty and always holds'])
}

function* checkGate(adrg: Adrg): Generator<Finding> {
  const subject: Subject = { table: 'ADRG', item: adrg }
  if (isAlways(adrg.rule)) {
    if (!isFallback([adrg])) yield alwaysHolds(subject)
  } else if (adrg.drgs.length > 0 && memberships(adrg.rule.expr).length === 0) {
    yield raise('CHK-012', 'warning', subject, [
      '条件中没有任何编码列表，任何诊断和手术都可进入',
      'the condition names no list of codes: any diagnosis and any procedure will do',
    ])
  }
  if (adrg.drgs.length === 0) {
    yield raise('CHK-005', 'warning', subject, ['没有 DRG，病例永远不会分到这里', 'has no DRG, no case can come here'])
  }
}

function* checkLeaves(adrg: Adrg): Generator<Finding> {
  for (const drg of adrg.drgs) {
    if (drg.kind !== 'grouped') continue
    const subject: Subject = { table: 'DRG', item: drg }
    if (drg.name === '') yield raise('CHK-006', 'warning', subject, ['没有名称', 'has no name'])
    if (drg.code === adrg.code) {
      yield raise('CHK-007', 'warning', subject, [
        '是 ADRG 编码，不是 DRG 编码',
        'is the code of its ADRG, not of a DRG',
      ])
    }
  }
}
