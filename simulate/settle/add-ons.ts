import { Fault } from '../../messages/index.ts'
import { type Fen, type Points, roundFen, roundPoints } from '../../numbers/index.ts'
import type { Policy } from '../policy/policy.ts'
import type { CaseInput } from './case-input.ts'
import * as trace from './trace.ts'

/** What the items of a case add (除外支付), and what of its cost they take out of the ratio. */
export interface AddOns {
  readonly points: Points
  /** Paid from the pool, fen. */
  readonly paid: Fen
  /** Paid by another line, fen. */
  readonly separate: Fen
  /** Cost of the items that do not count in the bands, fen; never more than the case cost. */
  readonly removed: Fen
}

export const NO_ADD_ONS: AddOns = { points: 0, paid: 0, separate: 0, removed: 0 }

/** The items of one case: each amount is rounded half up on its own. */
export function addOnsOf(policy: Policy, one: Pick<CaseInput, 'cost' | 'detail'>, lines: trace.TraceLine[]): AddOns {
  const items = one.detail?.addOns
  if (items === undefined || items.length === 0) return NO_ADD_ONS
  let { points, paid, separate, removed } = NO_ADD_ONS
  for (const { item, cost } of items) {
    const rule = policy.rules.addOn.get(item)
    if (rule === undefined) throw unknownItem(policy, item)
    if (rule.removed) removed += cost
    if (rule.points !== null) {
      const added = roundPoints(rule.points)
      points += added
      lines.push(trace.addOnPoints(rule.title, added))
      continue
    }
    const amount = Math.min(rule.amount ?? (rule.share === null ? 0 : roundFen(rule.share.times(cost))), rule.cap)
    if (rule.fundedBy === 'pool') paid += amount
    else separate += amount
    lines.push(trace.addOn(rule.title, amount, rule.fundedBy))
  }
  return { points, paid, separate, removed: Math.min(removed, one.cost) }
}

/** The fault for an item that the policy does not list. */
export function unknownItem(policy: Policy, item: string): Fault {
  const known = [...policy.rules.addOn.keys()].join(', ') || '–'
  return new Fault({
    code: 'POL-010',
    at: { field: 'addOn' },
    what: {
      zh: `病例有除外支付项目“${item}”，政策 ${policy.id} 没有列出。`,
      en: `A case carries item "${item}", which policy ${policy.id} does not list.`,
    },
    fix: { zh: `已列出的有：${known}。`, en: `It lists ${known}.` },
  })
}
