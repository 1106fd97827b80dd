import type { GroupedCases } from '../../weights/index.ts'
import type { PointColumns } from './points-kernel.ts'

/** Points (1e-4) and money (fen) of every case times the fund's share of its own bill, rounded half up. */
export interface FundShares {
  readonly points: Float64Array
  readonly paid: Float64Array
}

/** ρ_i of each case: what its bill charges to the fund over its cost (§3.4). */
export function fundShares({ count, fund, cost }: GroupedCases, { points, paid }: PointColumns): FundShares {
  const out = { points: new Float64Array(count), paid: new Float64Array(count) }
  for (let i = 0; i < count; i++) {
    out.points[i] = part(points[i]!, fund[i]!, cost[i]!)
    out.paid[i] = part(paid[i]!, fund[i]!, cost[i]!)
  }
  return out
}

/** value · n / d, rounded half up, for non-negative integers; nothing of nothing. */
export function part(value: number, n: number, d: number): number {
  if (value === 0 || d === 0) return 0
  const twice = 2 * value * n + d
  // A quotient of integers below 2^53 never rounds across an integer; larger products go through integers without bound.
  if (twice < Number.MAX_SAFE_INTEGER) return Math.floor(twice / (2 * d))
  return Number((2n * BigInt(value) * BigInt(n) + BigInt(d)) / (2n * BigInt(d)))
}
