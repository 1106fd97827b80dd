import type { Adrg, Drg, Mdc, Scheme } from '../scheme/types.ts'
import { hasOpenLeaf, isAlways } from './gate.ts'
import { implies } from './implies.ts'

/** A row of MDC, ADRG or DRG. */
export type Row = Mdc | Adrg | Drg

/**
 * Rows that can never be the result, each with the earlier sibling that takes every case which meets their condition
 * and lets none of its cases go.
 */
export function shadowsOf(scheme: Scheme): ReadonlyMap<Row, Row> {
  const within = createWithin(scheme)
  const shadows = new Map<Row, Row>()
  const cast = <T extends Row>(siblings: readonly T[], keepsAll: (one: T) => boolean): void => {
    const keepers: T[] = []
    for (const one of siblings) {
      const keeper = keepers.find(before => implies(one.rule.expr, before.rule.expr, within))
      if (keeper !== undefined) shadows.set(one, keeper)
      else if (keepsAll(one)) keepers.push(one)
    }
  }
  cast(scheme.mdcs, mdc => mdc.adrgs.some(adrg => isAlways(adrg.rule) && hasOpenLeaf(adrg)))
  for (const mdc of scheme.mdcs) {
    cast(mdc.adrgs, hasOpenLeaf)
    for (const adrg of mdc.adrgs) cast(adrg.drgs, () => true)
  }
  return shadows
}

/** Whether the codes of one set all are in another. */
function createWithin(scheme: Scheme): (narrow: string, wide: string) => boolean {
  const codes = new Map<string, ReadonlySet<string>>()
  return (narrow, wide) => {
    const inner = scheme.sets.get(narrow)
    const outer = scheme.sets.get(wide)
    if (inner === undefined || outer === undefined || inner.codes.length > outer.codes.length) return false
    let known = codes.get(wide)
    if (known === undefined) {
      known = new Set(outer.codes)
      codes.set(wide, known)
    }
    return inner.codes.every(code => known.has(code))
  }
}
