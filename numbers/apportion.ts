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
  let sum = 0
  for (let i = 0; i < n; i++) {
    const share = shares[i]!
    if (!Number.isSafeInteger(share) || share < 0) {
      throw new RangeError(`apportion: share ${i} must be a non-negative exact integer, found ${share}`)
    }
    sum += share
  }
  const parts = new Float64Array(n)
  if (total === 0) return parts
  if (sum === 0) throw new RangeError('apportion: all shares are zero, there is nobody to give the total to')
  if (sum > EXACT) apportionLarge(Math.abs(total), shares, parts)
  else {
    const remainders = new Float64Array(n)
    const left = divide(Math.abs(total), shares, sum, parts, remainders)
    giveLeft(parts, shares, remainders, left)
  }
  if (total < 0) for (let i = 0; i < n; i++) parts[i] = 0 - parts[i]!
  return parts
}

/** Sums of shares up to which remainders, and what is next to them, are exact doubles. */
const EXACT = 2 ** 52
/** 2^27 + 1, which cuts a double into two halves of 26 bits (Dekker 1971). */
const HALVES = 134_217_729

/**
 * Whole parts and remainders of `size · share / sum`, exact: a product of two doubles is a double and an error that is one
 * too. Returns the units left over.
 */
function divide(
  size: number,
  shares: ArrayLike<number>,
  sum: number,
  parts: Float64Array,
  remainders: Float64Array,
): number {
  const sizeHigh = HALVES * size - (HALVES * size - size)
  const sizeLow = size - sizeHigh
  const sumHigh = HALVES * sum - (HALVES * sum - sum)
  const sumLow = sum - sumHigh
  let left = size
  for (let i = 0; i < parts.length; i++) {
    const share = shares[i]!
    const shareHigh = HALVES * share - (HALVES * share - share)
    const shareLow = share - shareHigh
    const product = size * share
    const error = sizeHigh * shareHigh - product + sizeHigh * shareLow + sizeLow * shareHigh + sizeLow * shareLow
    // The estimate is at most one off.
    let part = Math.floor(product / sum)
    const partHigh = HALVES * part - (HALVES * part - part)
    const partLow = part - partHigh
    const back = part * sum
    const backError = partHigh * sumHigh - back + partHigh * sumLow + partLow * sumHigh + partLow * sumLow
    let remainder = product - back + (error - backError)
    if (remainder < 0) {
      part -= 1
      remainder += sum
    } else if (remainder >= sum) {
      part += 1
      remainder -= sum
    }
    parts[i] = part
    remainders[i] = remainder
    left -= part
  }
  return left
}

/** Gives one unit each to the `left` largest remainders; ties to the larger share, then to the lower index. */
function giveLeft(parts: Float64Array, shares: ArrayLike<number>, remainders: Float64Array, left: number): void {
  if (left === 0) return
  const last = remainders.slice().sort()[parts.length - left]!
  const tied: number[] = []
  let open = left
  for (let i = 0; i < parts.length; i++) {
    if (remainders[i]! > last) {
      parts[i]! += 1
      open--
    } else if (remainders[i] === last) tied.push(i)
  }
  if (open < tied.length) tied.sort((a, b) => shares[b]! - shares[a]! || a - b)
  for (const i of tied.slice(0, open)) parts[i]! += 1
}

/** Both in integers of any size. */
function apportionLarge(size: number, shares: ArrayLike<number>, parts: Float64Array): void {
  let sum = 0n
  for (let i = 0; i < parts.length; i++) sum += BigInt(shares[i]!)
  const remainders: bigint[] = []
  let left = BigInt(size)
  for (let i = 0; i < parts.length; i++) {
    const quota = BigInt(size) * BigInt(shares[i]!)
    const part = quota / sum
    remainders[i] = quota % sum
    parts[i] = Number(part)
    left -= part
  }
  const order = Array.from(parts.keys()).sort((a, b) => {
    const byRemainder = remainders[b]! - remainders[a]!
    if (byRemainder !== 0n) return byRemainder > 0n ? 1 : -1
    return shares[b]! - shares[a]! || a - b
  })
  for (const i of order.slice(0, Number(left))) parts[i]! += 1
}
