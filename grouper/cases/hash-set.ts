/**
 * A set of 64-bit hashes: 11 to 21 bytes each. Two different texts fall together with a chance of about n² / 2^65, less
 * than one in ten thousand for 50 million.
 */
export interface HashSet {
  count: number
  /** Two words a hash; the second is 0 in an empty slot only. */
  slots: Int32Array
}

export function createHashSet(): HashSet {
  return { count: 0, slots: new Int32Array(1 << 16) }
}

/** Takes in a hash, whose second word is not 0, and says whether it is new. */
export function addHash(set: HashSet, low: number, high: number): boolean {
  if ((set.count + 1) * 8 > set.slots.length * 3) grow(set)
  const isNew = insert(set.slots, low, high)
  if (isNew) set.count++
  return isNew
}

function insert(slots: Int32Array, low: number, high: number): boolean {
  const last = slots.length - 2
  let slot = (low << 1) & last
  for (;;) {
    const found = slots[slot + 1]!
    if (found === 0) break
    if (found === high && slots[slot] === low) return false
    slot = (slot + 2) & last
  }
  slots[slot] = low
  slots[slot + 1] = high
  return true
}

/** Doubles the slots: at most three of four are taken. */
function grow(set: HashSet): void {
  const old = set.slots
  const slots = new Int32Array(old.length * 2)
  for (let slot = 0; slot < old.length; slot += 2) {
    if (old[slot + 1] !== 0) insert(slots, old[slot]!, old[slot + 1]!)
  }
  set.slots = slots
}
