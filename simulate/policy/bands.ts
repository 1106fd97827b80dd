import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import type { BandClass, BandFlag } from './bands-document.ts'
import { type FormulaId, type Linear, linearForm } from './formula.ts'
import type { LimitQuestion } from './limit.ts'
import type { Policy } from './policy.ts'

/** A cost band of one case setting in canonical form, the ratio tested in order; the last `upTo` is null. */
export interface Band extends Linear {
  readonly class: BandClass
  readonly upTo: Decimal | null
  readonly op: '<' | '<='
  /** False where an auxiliary coefficient leaves what the band gives alone. */
  readonly auxiliary?: boolean
  readonly flag?: BandFlag | null
}

const NOTHING: Decimal = new Decimal(0)

/** The high limit of a case; null when the policy has no high class, a fault when it has one but not for this case. */
export function highLimit(policy: Policy, question: LimitQuestion): Decimal | null {
  if (policy.high === null) return null
  const limit = policy.high.limit(question)
  if (limit !== undefined) return limit
  const { level, insurance } = question
  throw new Fault({
    code: 'POL-004',
    at: { field: 'high' },
    what: {
      zh: `政策 ${policy.id} 没有险种 ${insurance}、级别 ${level} 的高倍率界值。`,
      en: `Policy ${policy.id} has no high limit for insurance ${insurance} at level ${level}.`,
    },
    fix: { zh: '请在 high.byLevel 或 high.byScheme 中补上。', en: 'Add it to high.byLevel or high.byScheme.' },
  })
}

/** The low threshold of a case; null when the policy has no low class, a fault when it has none for the insurance. */
export function lowThreshold(policy: Policy, question: LimitQuestion): Decimal | null {
  if (policy.low === null) return null
  const threshold = policy.low.threshold(question)
  if (threshold !== undefined) return threshold
  throw new Fault({
    code: 'POL-005',
    at: { field: 'low.threshold' },
    what: {
      zh: `政策 ${policy.id} 没有险种 ${question.insurance}、级别 ${question.level} 的低倍率界值。`,
      en: `Policy ${policy.id} has no low threshold for insurance ${question.insurance} at level ${question.level}.`,
    },
    fix: { zh: '请在 low.threshold 或 low.byLevel 中补上。', en: 'Add it to low.threshold or low.byLevel.' },
  })
}

/** Lists of bands by policy, high limit and low threshold: settings with the same ones share a list. */
const known = new WeakMap<Policy, Map<Decimal | null, Map<Decimal | null, readonly Band[]>>>()

/** All bands of a case setting: the named formulas of low, taper, normal and high, or the linear bands as given. */
export function bandsOf(policy: Policy, question: LimitQuestion): readonly Band[] {
  if (policy.linearBands !== null) return policy.linearBands
  const limit = highLimit(policy, question)
  const threshold = lowThreshold(policy, question)
  const byLimit = known.get(policy) ?? new Map<Decimal | null, Map<Decimal | null, readonly Band[]>>()
  known.set(policy, byLimit)
  const byThreshold = byLimit.get(limit) ?? new Map<Decimal | null, readonly Band[]>()
  byLimit.set(limit, byThreshold)
  const bands = byThreshold.get(threshold) ?? namedBands(policy, limit, threshold)
  byThreshold.set(threshold, bands)
  return bands
}

function namedBands(policy: Policy, limit: Decimal | null, threshold: Decimal | null): readonly Band[] {
  const { low, taper, high } = policy
  const form = (id: FormulaId): Linear =>
    linearForm(id, {
      limit: limit ?? NOTHING,
      ratioTimesK: policy.ratioTimesK,
      ofStandard: policy.ratioMoney === 'mean' || policy.ratioMoney === 'rate',
      timesK: low?.timesK ?? false,
      share: low?.share ?? NOTHING,
      beta: taper?.beta ?? NOTHING,
      a: high?.a ?? NOTHING,
      b: high?.b ?? NOTHING,
      d: high?.d ?? NOTHING,
    })
  const bands: Band[] = []
  if (low !== null) bands.push({ class: 'low', upTo: threshold, op: low.op, ...form(low.formula) })
  if (taper !== null) bands.push({ class: 'taper', upTo: taper.upTo, op: taper.op, ...form('L4') })
  // A case at the limit itself is normal when the high class begins above it.
  bands.push({ class: 'normal', upTo: limit, op: high?.op === '>=' ? '<' : '<=', ...form('N') })
  if (high !== null) bands.push({ class: 'high', upTo: null, op: '<=', ...form(high.formula) })
  return bands
}
