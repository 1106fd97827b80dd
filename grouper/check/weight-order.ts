import type { Decimal } from '../../numbers/index.ts'
import { type SeverityClass, severityOf } from '../compare/severity.ts'
import type { Finding } from '../scheme/finding.ts'
import { printRule } from '../scheme/print.ts'
import type { Drg, Expr, Scheme } from '../scheme/types.ts'
import { raise } from './raise.ts'

/** From the severest to the mildest. */
const ORDER: readonly SeverityClass[] = ['mcc', 'cc', 'without']

/**
 * Leaves that weigh less than a milder sibling: with MCC less than with CC, with CC less than without. Siblings are
 * compared where the rest of their rules is the same (no age bands against each other). `weightOf` gives null where the
 * scheme's own table has no weight.
 */
export function* checkWeightOrder(scheme: Scheme, weightOf: (drg: string) => Decimal | null): Generator<Finding> {
  for (const adrg of scheme.mdcs.flatMap(mdc => mdc.adrgs)) {
    const ranked = adrg.drgs.flatMap(drg => {
      const rank = ORDER.indexOf(severityOf(adrg, drg))
      const weight = rank < 0 ? null : weightOf(drg.code)
      return weight === null ? [] : [{ drg, rank, weight, rest: restOf(drg) }]
    })
    for (const { drg, rank, weight, rest } of ranked) {
      const heavier = ranked.find(other => other.rank > rank && other.rest === rest && other.weight.gt(weight))
      if (heavier === undefined) continue
      yield raise('CHK-017', 'warning', { table: 'DRG', item: drg }, [
        `权重 ${weight.toFixed()} 低于较轻的 ${heavier.drg.code}（${heavier.weight.toFixed()}）`,
        `weighs ${weight.toFixed()}, less than the milder ${heavier.drg.code} (${heavier.weight.toFixed()})`,
      ])
    }
  }
}

/** A leaf's rule without what it asks of complications. */
function restOf({ rule: { expr } }: Drg): string {
  const parts = expr.op === 'and' ? expr.args : [expr]
  return parts
    .filter(part => !asksLevel(part))
    .map(printRule)
    .join(' and ')
}

function asksLevel(expr: Expr): boolean {
  return expr.op === 'in' && expr.sets.every(set => set === 'MCC' || set === 'CC')
}
