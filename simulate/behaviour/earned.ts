import { Decimal, POINT_UNIT } from '../../numbers/index.ts'
import { moneyOfParts, quotient, ruledValue, type ValueRules } from '../settle/point-value.ts'

/** What makes points of a pool earn something else than the quotient of money and points. Yuan and points. */
export interface EarningRules {
  /** Floor, ceiling and rounding of the point value. */
  readonly value: ValueRules | null
  readonly elastic: ElasticRate | null
}

/** An elastic rate by volume: base points earn a preset value or share a part of the money, others what is left. */
interface ElasticRate {
  readonly value: number | null
  readonly fixedShare: number
  /** Base points of the region; null: every hospital has its own. */
  readonly base: number | null
}

/** Points come in units of 1e-4: what is less than half a unit is the rest of a sum of doubles, and no points. */
export const LEAST_POINTS: number = 0.5 / POINT_UNIT

/** Points of a pool, and those of them that are base points. */
export interface PoolPoints {
  readonly all: number
  readonly base: number
}

/** Yuan per base point and per other point of a pool; the same without an elastic rate. */
export interface PoolValues {
  readonly base: number
  readonly extra: number
}

/**
 * What points earn out of `money`, as `dividePool` has it, in doubles. Rounding of the value is left out: nobody chooses
 * by the last digit of a point value.
 */
export function valuesOf(money: number, { all, base }: PoolPoints, rules: EarningRules | null): PoolValues {
  if (all < LEAST_POINTS) return { base: 0, extra: 0 }
  const ruled = (value: number): number => (rules?.value == null ? value : held(value, rules.value))
  if (rules?.elastic == null) {
    const value = ruled(money / all)
    return { base: value, extra: value }
  }
  const { value, fixedShare } = rules.elastic
  const hasBase = base >= LEAST_POINTS
  const fixed = !hasBase ? 0 : value === null ? money * fixedShare : value * base
  const extra = all - base >= LEAST_POINTS ? ruled(Math.max(money - fixed, 0) / (all - base)) : 0
  return { base: hasBase ? fixed / base : 0, extra }
}

/**
 * The mean value of a pool's points as it is paid. Where the value is rounded, money and points are taken in whole units as
 * they are settled: a value is often exactly halfway, or would be but for the fen that the base points are rounded by.
 */
export function paidValue(money: number, points: PoolPoints, rules: EarningRules | null): number {
  const { all, base } = points
  if (all < LEAST_POINTS) return 0
  const { value = null, elastic = null } = rules ?? {}
  if (value === null || value.decimals === null) {
    const values = valuesOf(money, points, rules)
    return elastic === null ? values.extra : (base * values.base + (all - base) * values.extra) / all
  }
  const [fen, units, fixed] = [Math.round(money * 100), Math.round(all * POINT_UNIT), Math.round(base * POINT_UNIT)]
  const exact = quotient(fen, units)
  if (exact === null) return 0
  if (elastic === null) return ruledValue(exact, value).toNumber()
  const terms = {
    value: elastic.value === null ? null : new Decimal(elastic.value),
    fixedShare: new Decimal(elastic.fixedShare),
  }
  const earned = moneyOfParts(fen, { fixed, extra: units - fixed }, terms, value)
  return quotient(earned.fixed + earned.extra, units)!.toNumber()
}

/** Base points of a pool: the region's, as far as there are points, or what the hospitals' own come to. */
export function poolBase(rules: EarningRules | null, all: number, own: number): number {
  if (rules?.elastic == null) return 0
  return rules.elastic.base === null ? own : Math.min(rules.elastic.base, all)
}

function held(value: number, { min, max }: ValueRules): number {
  const below = max === null ? value : Math.min(value, max.toNumber())
  return min === null ? below : Math.max(below, min.toNumber())
}
