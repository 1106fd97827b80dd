import { Decimal, type Fen } from '../../numbers/index.ts'
import type { Policy } from '../policy/policy.ts'

/** The own standard of a Chinese-medicine case (中医优势病种): a weight, or an amount in fen. */
export interface TcmStandard {
  readonly weight: Decimal | null
  readonly amount: Fen | null
  /** Group whose weight it is a share of; null: its own. */
  readonly like: string | null
  readonly share: Decimal
  readonly timesK: boolean
  /** Whether the cost bands apply to it. */
  readonly bands: boolean
}

/**
 * The own standard of the cases of a group that are marked as Chinese medicine; undefined where the policy has none, or the
 * group that it goes by has no weight.
 */
export function tcmStandard(
  { rules }: Policy,
  { group, parent }: { readonly group: string; readonly parent: string },
  weightOf: (group: string) => Decimal | null | undefined,
): TcmStandard | undefined {
  const { standards } = rules.tcm ?? {}
  const rule = standards?.get(group) ?? standards?.get(parent)
  if (rule === undefined) return undefined
  const { amount, like, share, timesK, bands } = rule
  const own = like === null ? rule.weight : weightOf(like)
  if (amount === null && (own == null || own.isZero())) return undefined
  return { weight: own == null ? null : new Decimal(own).times(share), amount, like, share, timesK, bands }
}
