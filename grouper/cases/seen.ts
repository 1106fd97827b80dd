/**
 * Ids that have been met, as 64-bit hashes: 11 to 21 bytes an id. Two different ids fall together with a chance of
 * about n² / 2^65, less than one in a million for 5 million ids.
 */
export interface Seen {
  count: number
  /** Two words an id; the second is 0 in an empty slot only. */
  slots: Int32Array
}

export function createSeen(): Seen {
  return { count: 0, slots: new Int32Array(1 << 16) }
}

/**
 * Notes the ids of rows `from` … `to - 1` (two words a row in `hashes`) in their order and returns the rows whose id
 * stood before. One loop over many rows, so that the cache misses of the table overlap.
 */
export function meetAll(seen: Seen, hashes: Int32Array, from: number, to: number): number[] {
  const again: number[] = []
  reserve(seen, to - from)
  const { slots } = seen
  for (let row = from; row < to; row++) {
    if (insert(slots, hashes[row * 2]!, hashes[row * 2 + 1]!)) seen.count++
    else again.push(row)
  }
  return again
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

/** Makes room for `more` ids with at most three of four slots taken. */
function reserve(seen: Seen, more: number): void {
  const old = seen.slots
  let size = old.length
  while ((seen.count + more) * 8 > size * 3) size *= 2
  if (size === old.length) return
  const slots = new Int32Array(size)
  for (let slot = 0; slot < old.length; slot += 2) {
    if (old[slot + 1] !== 0) insert(slots, old[slot]!, old[slot + 1]!)
  }
  seen.slots = slots
}
