import { Decimal, type Fen, roundFen } from '../../numbers/index.ts'

/**
 * The change of a value from `before` to `after` divided over `count` factors by Shapley's rule: the mean over all orders
 * of what each factor moves when it changes. `value` takes the set of changed factors as bits; the parts add up to
 * value(all) − value(none) exactly.
 */
export function shapley(count: number, value: (changed: number) => Decimal): Decimal[] {
  const all = Array.from({ length: 1 << count }, (_, set) => value(set))
  // Weight of a set of s others: s!·(n − s − 1)!/n!, with the common denominator n!.
  const factorial = [1]
  for (let i = 1; i <= count; i++) factorial.push(factorial[i - 1]! * i)
  return Array.from({ length: count }, (_, i) => {
    let sum = new Decimal(0)
    for (let set = 0; set < all.length; set++) {
      if ((set & (1 << i)) !== 0) continue
      const size = bits(set)
      sum = sum.plus(all[set | (1 << i)]!.minus(all[set]!).times(factorial[size]! * factorial[count - size - 1]!))
    }
    return sum.div(factorial[count]!)
  })
}

function bits(set: number): number {
  let count = 0
  for (let left = set; left > 0; left >>= 1) count += left & 1
  return count
}

/** Parts up to here are whole numbers of fen when up to 16 are added. */
const MOST_PART = Number.MAX_SAFE_INTEGER / 16

/**
 * Parts rounded to whole fen so that they add up to `total`: what rounding leaves goes to the largest remainders. Parts of
 * more than five trillion yuan that cancel (a point value before times the volume after, where points all but vanish) say
 * nothing: then the largest one takes the whole change.
 */
export function roundParts(parts: readonly Decimal[], total: Fen): Fen[] {
  const largest = parts.reduce((best, part, i) => (part.abs().gt(parts[best]!.abs()) ? i : best), 0)
  if (parts[largest]?.abs().gt(MOST_PART)) return parts.map((_, i) => (i === largest ? total : 0))
  const whole = parts.map(part => part.floor().toNumber() + 0)
  let left = total - whole.reduce((sum, part) => sum + part, 0)
  if (Math.abs(left) > parts.length) throw new Error(`parts do not add up: ${left} of ${total} are left`)
  const order = parts
    .map((part, i) => ({ i, rest: part.minus(whole[i]!) }))
    .sort((a, b) => b.rest.comparedTo(a.rest) || a.i - b.i)
  for (let k = 0; left !== 0 && order.length > 0; k = (k + 1) % order.length) {
    const step = Math.sign(left)
    whole[order[k]!.i]! += step
    left -= step
  }
  return whole
}

/** The parts of a change by a product of factors, in fen; see `shapley`. */
export function productChange(before: readonly Decimal[], after: readonly Decimal[], total: Fen): Fen[] {
  const parts = shapley(before.length, changed =>
    before.reduce((product, old, i) => product.times((changed & (1 << i)) === 0 ? old : after[i]!), new Decimal(1)),
  )
  return roundParts(parts, roundFen(new Decimal(total)))
}
