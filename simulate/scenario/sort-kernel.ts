/** Places of `count` things dealt to their keys, those of one key in the order in which they came: one pass, exact. */
export function deal(order: Uint32Array, key: Uint32Array, keys: number): Uint32Array {
  const next = new Uint32Array(keys + 1)
  for (let n = 0; n < order.length; n++) next[key[order[n]!]! + 1]!++
  for (let k = 0; k < keys; k++) next[k + 1]! += next[k]!
  const out = new Uint32Array(order.length)
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!
    out[next[key[i]!]!++] = i
  }
  return out
}

const DIGIT = 2048

/** Places in order of an integer amount, by its digits of eleven bits, the last digit first. */
export function orderByAmount(amount: Float64Array, count: number): Uint32Array {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < count; i++) {
    const one = amount[i]!
    if (one < least) least = one
    if (one > most) most = one
  }
  let order: Uint32Array = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  const digit = new Uint32Array(count)
  for (let unit = 1; unit <= most - least; unit *= DIGIT) {
    for (let i = 0; i < count; i++) digit[i] = Math.floor((amount[i]! - least) / unit) % DIGIT
    order = deal(order, digit, DIGIT)
  }
  return order
}
