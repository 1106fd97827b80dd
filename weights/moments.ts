import { Decimal, type Fen } from '../numbers/index.ts'

const LIMB = 2 ** 21
/** Squares of one limb stay below 2^42, so this many of them stay exact in a double. */
const BLOCK = 1024

/** Σc of integers, exact. */
export function sum(costs: Float64Array): Fen {
  let total = 0
  for (const cost of costs) total += cost
  if (!Number.isSafeInteger(total)) throw new RangeError(`the sum of ${costs.length} costs is not exact: ${total}`)
  return total
}

/**
 * Σc² of non-negative integers, exact: each cost is split in two limbs of 21 bits, and sums of their products are
 * moved to a big integer before they can leave the exact range of a double.
 */
export function squareSum(costs: Float64Array): bigint {
  let total = 0n
  for (let start = 0; start < costs.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, costs.length)
    let high = 0
    let cross = 0
    let low = 0
    for (let i = start; i < end; i++) {
      const cost = costs[i]!
      const h = Math.floor(cost / LIMB)
      if (h >= LIMB) {
        total += BigInt(cost) ** 2n
        continue
      }
      const l = cost - h * LIMB
      high += h * h
      cross += h * l
      low += l * l
    }
    total += (BigInt(high) << 42n) + (BigInt(cross) << 22n) + BigInt(low)
  }
  return total
}

/** Quantile by linear interpolation between order statistics ("type 7"), exact. `costs` ascending, not empty. */
export function quantile(costs: Float64Array, share: Decimal): Decimal {
  const place = share.times(costs.length - 1)
  const below = place.floor()
  const k = below.toNumber()
  const value = new Decimal(costs[k]!)
  const part = place.minus(below)
  return part.isZero() ? value : value.plus(part.times(costs[k + 1]! - costs[k]!))
}
