import { Decimal } from '../numbers/index.ts'
import type { WeightConfig } from './config.ts'
import { totalExceeded, unknownGroups } from './refusal.ts'

/** A policy adjustment and what it met. */
export interface Adjusted {
  readonly id: string
  readonly factor: Decimal
  /** Positions of groups with a weight. */
  readonly groups: readonly number[]
}

interface Input {
  readonly groups: readonly string[]
  readonly parents: readonly string[]
  readonly weight: readonly (Decimal | null)[]
  readonly isPlaceholder: (group: number) => boolean
}

const ONE = new Decimal(1)
const ZERO = new Decimal(0)

/** Applies the factors of policy adjustments in their order, and finds the groups that calibration must leave alone. */
export function adjust(
  { groups, parents, weight, isPlaceholder }: Input,
  { adjustments, locked: lockedPatterns }: Pick<WeightConfig, 'adjustments' | 'locked'>,
): {
  readonly weight: (Decimal | null)[]
  readonly factor: readonly Decimal[]
  readonly locked: readonly boolean[]
  readonly adjustments: readonly Adjusted[]
} {
  const changed = [...weight]
  const factor = groups.map(() => ONE)
  const locked = groups.map(() => false)
  for (const g of matching(lockedPatterns, groups, parents, 'locked')) locked[g] = true
  const applied = adjustments.map((one, i) => {
    const found = matching(one.groups, groups, parents, `adjustments.${i}.groups`)
    const met = found.filter(g => weight[g] !== null && !isPlaceholder(g))
    for (const g of met) {
      changed[g] = changed[g]!.times(one.factor)
      factor[g] = factor[g]!.times(one.factor)
      if (one.held) locked[g] = true
    }
    return { id: one.id, factor: one.factor, groups: met }
  })
  return { weight: changed, factor, locked, adjustments: applied }
}

/**
 * λ = (W_target − W_locked) / W_free over the groups with a weight (settlement 1.8). The target is Σ n, so that the mean
 * weight is 1; without calibration it is Σ n·w before the adjustments, which a policy must not change
 * (医保发〔2025〕18号 Art. 15).
 */
export function calibrationFactor(
  {
    before,
    after,
    cases,
    fixed,
  }: {
    readonly before: readonly (Decimal | null)[]
    readonly after: readonly (Decimal | null)[]
    readonly cases: readonly Decimal[]
    readonly fixed: (group: number) => boolean
  },
  { calibrate, adjustments }: Pick<WeightConfig, 'calibrate' | 'adjustments'>,
): Decimal {
  if (!calibrate && adjustments.length === 0) return ONE
  let [target, held, free] = [ZERO, ZERO, ZERO]
  for (const [g, w] of after.entries()) {
    if (w === null) continue
    target = target.plus(calibrate ? cases[g]! : before[g]!.times(cases[g]!))
    if (fixed(g)) held = held.plus(w.times(cases[g]!))
    else free = free.plus(w.times(cases[g]!))
  }
  if (free.isZero()) return ONE
  const factor = target.minus(held).div(free)
  if (!factor.gt(0)) throw totalExceeded(held.div(target))
  return factor
}

/** Positions of the groups that patterns name, by their own code or that of their ADRG; `*` stands for any end. */
export function matching(
  patterns: readonly string[],
  groups: readonly string[],
  parents: readonly string[],
  field: string,
): number[] {
  const found = new Set<number>()
  for (const pattern of patterns) {
    const start = pattern.endsWith('*') ? pattern.slice(0, -1) : undefined
    const meets = (code: string): boolean => (start === undefined ? code === pattern : code.startsWith(start))
    const before = found.size
    let any = false
    for (const [g, group] of groups.entries()) {
      if (!meets(group) && !meets(parents[g]!)) continue
      any = true
      found.add(g)
    }
    if (!any && found.size === before) throw unknownGroups(field, pattern)
  }
  return [...found].sort((a, b) => a - b)
}
