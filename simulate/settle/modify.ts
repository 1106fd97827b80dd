import { Decimal } from '../../numbers/index.ts'
import { isListed, volumeFactor } from '../policy/case-rules.ts'
import { ageBand, auxiliaryOf } from './case-test.ts'
import { type Earning, type Matter, plain, times } from './earning.ts'
import * as trace from './modifier-trace.ts'
import { ownFactors } from './own-rules.ts'

/** Modifiers in their order: auxiliary type, age, Chinese medicine, factors of own rules, volume cap, readmission. */
export function modified(matter: Matter, earning: Earning): Earning {
  const { policy, one, prices, lines } = matter
  const { tcm, readmission, volumeCap } = policy.rules
  let { value } = earning
  const auxiliary = earning.byGroup && earning.auxiliary !== false ? auxiliaryOf(policy, one) : undefined
  if (auxiliary !== undefined) {
    value = times(value, plain(new Decimal(auxiliary.coefficient)))
    lines.push(trace.auxiliary(auxiliary))
  }
  if (earning.byGroup) {
    const age = ageBand(policy, one)
    if (age !== undefined && !age.beforeBands) {
      value = times(value, plain(age.factor))
      lines.push(trace.factor('age', age.factor))
    }
    // An own standard stands in place of the factor.
    if (
      tcm !== null &&
      matter.tcm === undefined &&
      (one.detail?.tcm === true || isListed(tcm.list, one.group, one.parent))
    ) {
      value = times(value, plain(tcm.factor))
      lines.push(trace.factor('tcm', tcm.factor))
    }
    for (const { factor, title, id } of ownFactors(matter)) {
      value = times(value, plain(factor))
      lines.push(trace.ownFactor(id, title, factor))
    }
    const cap = volumeCap.get(one.group) ?? volumeCap.get(one.parent)
    if (cap !== undefined && prices.volume !== undefined) {
      const part = volumeFactor(cap, prices.volume)
      value = times(value, part)
      lines.push(trace.volume(cap, prices.volume, part.n.div(part.d)))
    }
  }
  const after = one.detail?.readmittedAfter
  const isOpen = one.status === 0 && !['perDiem', 'review', 'outsideLos'].includes(earning.class)
  if (readmission !== null && isOpen && after !== undefined && after <= readmission.days) {
    if (!isListed(readmission.exempt, one.group, one.parent)) {
      value = times(value, plain(readmission.factor))
      lines.push(trace.readmitted(after, readmission.factor))
    }
  }
  return value === earning.value ? earning : { ...earning, value: { n: value.n, d: new Decimal(value.d) } }
}
