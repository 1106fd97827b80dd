import { Decimal } from '../../numbers/index.ts'
import { type CaseMark, type GroupedCases, NO_AGE, NO_STAY } from '../../weights/index.ts'
import { evaluate, type Value } from '../policy/expression.ts'
import type { Policy } from '../policy/policy.ts'
import type { Variant } from './variant.ts'

/** The own rules whose conditions on the single case hold, and the facts that they ask for. */
export function heldRules(
  { rules }: Policy,
  cases: GroupedCases,
  i: number,
  mark: CaseMark,
  free: number,
): Pick<Variant, 'own' | 'asked'> {
  if (rules.own.length === 0) return { own: 0, asked: {} }
  const lookUp = (name: string): Value => factAt(cases, i, mark, name)
  let own = free
  const asked: Record<string, Decimal | string | boolean | null> = {}
  for (const [n, rule] of rules.own.entries()) {
    if ((free & (1 << n)) !== 0 || !rule.guards.every(node => evaluate(node, lookUp) === true)) continue
    own |= 1 << n
    for (const name of rule.asks) asked[name] = lookUp(name)
  }
  return { own, asked }
}

/** A fact of one case by its name in formulas; null where it is not known. */
function factAt({ los, dischargeWay, facts }: GroupedCases, i: number, mark: CaseMark, name: string): Value {
  switch (name) {
    case 'los':
      return los[i] === NO_STAY ? null : new Decimal(los[i]!)
    case 'way':
      return dischargeWay[i] === 0 ? null : String(dischargeWay[i])
    case 'age':
    case 'ageDays': {
      const value = facts?.[name][i] ?? NO_AGE
      return value === NO_AGE ? null : new Decimal(value)
    }
    case 'department':
      return facts?.departments[facts.department[i]!] ?? null
    case 'daySurgery':
      return mark.daySurgery
    case 'tcm':
      return mark.tcm
    default:
      return null
  }
}
