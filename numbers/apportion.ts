/**
 * Splits `total` in proportion to `shares` so that the parts add up to it exactly (largest remainder).
 * Every part is within one unit of its exact quota. Left-over units go to the largest remainders; ties go to the
 * larger share, then to the lower index. A negative total is split as its mirror image.
 *
 * @param total integer, e.g. fen
 * @param shares non-negative integers, e.g. points in 1e-4; not all zero unless total is zero
 * @returns integers, one a share
 */
export function apportion(total: number, shares: ArrayLike<number>): Float64Array {
  if (!Number.isSafeInteger(total)) throw new RangeError(`apportion: total must be an exact integer, found ${total}`)
  const n = shares.length
  const parts = new Float64Array(n)
  let sum = 0n
  for (let i = 0; i < n; i++) {
    const share = shares[i]!
    if (!Number.isSafeInteger(share) || share < 0) {
      throw new RangeError(`apportion: share ${i} must be a non-negative exact integer, found ${share}`)
    }
    sum += BigInt(share)
  }
  if (total === 0) return parts
  if (sum === 0n) throw new RangeError('apportion: all shares are zero, there is nobody to give the total to')

  const sign = total < 0 ? -1 : 1
  const size = BigInt(Math.abs(total))
  const remainders: bigint[] = []
  let left = size
  for (let i = 0; i < n; i++) {
    const quota = size * BigInt(shares[i]!)
    const part = quota / sum
    remainders[i] = quota % sum
    parts[i] = sign * Number(part)
    left -= part
  }
  const order = Array.from({ length: n }, (_, i) => i)
  order.sort((a, b) => {
    const byRemainder = remainders[b]! - remainders[a]!
    if (byRemainder !== 0n) return byRemainder > 0n ? 1 : -1
    return shares[b]! - shares[a]! || a - b
  })
  for (let i = 0; i < Number(left); i++) parts[order[i]!]! += sign
  return parts
}
