import { Fault } from '../../messages/index.ts'
import { isBaseGroup, type Policy, priceOf } from '../policy/policy.ts'
import type { Quotient } from './case-input.ts'
import { type Matter, plain } from './earning.ts'

/** The amount in yuan that the cost is compared with (倍率的分母), as an exact quotient. */
export function ratioBase(matter: Matter, weight: Matter['coefficient']): Quotient {
  const { policy, one, prices, mean, coefficient } = matter
  if (policy.ratioMoney === 'groupMean' || policy.ratioMoney === 'levelMean') {
    const found = policy.ratioMoney === 'groupMean' ? prices.groupMean : prices.levelMean
    if (found === undefined) throw noMean(policy, one.group)
    return found
  }
  const factor = policy.ratioTimesK ? weight.times(coefficient) : weight
  const { ratioMoney: money } = policy
  const isBase = isBaseGroup(policy, one.group, one.parent, one.detail?.grassroots)
  const unit =
    money === 'pointValue' || money === 'meanFactor'
      ? policy.scale.times(priceOf(policy, money, { ...one, isBase }))
      : mean
  return plain(unit.times(factor))
}

/** The fault for a ratio to a mean cost that is not at hand. */
export function noMean(policy: Policy, group: string): Fault {
  return new Fault({
    code: 'POL-011',
    at: { field: 'ratioBase' },
    what: {
      zh: `政策 ${policy.id} 以病组均费为倍率基数，而没有 ${group} 的均费。`,
      en: `Policy ${policy.id} compares with the mean cost of the group, and there is none for ${group}.`,
    },
    fix: { zh: '请给出病组均费（groupMean 或 levelMean）。', en: 'Give the mean cost (groupMean or levelMean).' },
  })
}
