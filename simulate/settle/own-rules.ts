import { Decimal } from '../../numbers/index.ts'
import type { OwnRule } from '../policy/case-rules.ts'
import { evaluate, type Value } from '../policy/expression.ts'
import { isBaseGroup } from '../policy/policy.ts'
import { type Matter, plain, standardDays, standardWeight, times } from './earning.ts'
import { ratioBase } from './ratio-base.ts'

/** Whether a rule of formulas applies to a case; what is not known does not apply. */
function applies(rule: OwnRule, lookUp: (name: string) => Value): boolean {
  return [...rule.guards, ...rule.when].every(node => evaluate(node, lookUp) === true)
}

/** The first own rule that pays a case, with its amount in yuan; undefined where none does. */
export function ownPayment(matter: Matter): { readonly rule: OwnRule; readonly amount: Decimal } | undefined {
  const lookUp = namesOf(matter)
  for (const rule of matter.policy.rules.own) {
    if (rule.kind === 'factor' || !applies(rule, lookUp)) continue
    const amount = evaluate(rule.formula, lookUp)
    if (amount instanceof Decimal) return { rule, amount }
  }
  return undefined
}

/** The factors of the own rules that apply. */
export function ownFactors(
  matter: Matter,
): readonly { readonly id: string; readonly title: OwnRule['title']; readonly factor: Decimal }[] {
  const lookUp = namesOf(matter)
  return matter.policy.rules.own.flatMap(rule => {
    if (rule.kind !== 'factor' || !applies(rule, lookUp)) return []
    const factor = evaluate(rule.formula, lookUp)
    return factor instanceof Decimal ? [{ id: rule.id, title: rule.title, factor }] : []
  })
}

/** Days that the base of the ratio is of: a base of weight is for as many days as the standard, a mean cost for the whole stay. */
function baseDays(matter: Matter): number {
  const { ratioMoney } = matter.policy
  return ratioMoney === 'groupMean' || ratioMoney === 'levelMean' ? 1 : (standardDays(matter) ?? 1)
}

/** The names of `RULE_NAMES` for one case. */
function namesOf(matter: Matter): (name: string) => Value {
  const { policy, one, cost, mean, weight, coefficient } = matter
  const { detail = {} } = one
  const base = weight === null ? null : times(ratioBase(matter, weight), plain(new Decimal(baseDays(matter))))
  const days = (value: number | null | undefined): Value => (value == null ? null : new Decimal(value))
  const names: Readonly<Record<string, () => Value>> = {
    cost: () => cost,
    mean: () => mean,
    w: () => weight,
    k: () => coefficient,
    standard: () => standardWeight(matter)?.times(mean) ?? null,
    base: () => (base === null ? null : base.n.div(base.d)),
    ratio: () => base && cost.times(base.d).div(base.n),
    group: () => one.group,
    adrg: () => one.parent,
    mdc: () => one.group.slice(0, 1),
    level: () => one.level,
    insurance: () => one.insurance,
    isBase: () => isBaseGroup(policy, one.group, one.parent, detail.grassroots),
    los: () => days(one.los),
    age: () => days(detail.age),
    ageDays: () => days(detail.ageDays),
    way: () => (detail.way === undefined || detail.way === 0 ? null : String(detail.way)),
    department: () => detail.department ?? null,
    daySurgery: () => detail.daySurgery ?? false,
    tcm: () => detail.tcm ?? false,
  }
  return name => names[name]?.() ?? null
}
