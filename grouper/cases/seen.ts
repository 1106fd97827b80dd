import { hashBytes } from './labels.ts'

/**
 * Ids that have been met, as 64-bit hashes: 8 to 16 bytes an id. Two different ids fall together with a chance of
 * about n² / 2^65, less than one in a million for 5 million ids.
 */
export interface Seen {
  count: number
  low: Uint32Array
  high: Uint32Array
}

export function createSeen(): Seen {
  return { count: 0, low: new Uint32Array(1 << 16), high: new Uint32Array(1 << 16) }
}

/** Notes an id; true when it stood before. */
export function meet(seen: Seen, buffer: Uint8Array, from: number, to: number): boolean {
  const low = hashBytes(buffer, from, to)
  // 0 marks an empty slot.
  const high = hashBytes(buffer, from, to, 0x5bd1e995) || 1
  if (seen.count * 2 > seen.low.length) grow(seen)
  if (!insert(seen.low, seen.high, low, high)) return true
  seen.count++
  return false
}

function insert(lows: Uint32Array, highs: Uint32Array, low: number, high: number): boolean {
  const last = lows.length - 1
  let slot = (low ^ Math.imul(high, 0x9e3779b1)) & last
  while (highs[slot] !== 0) {
    if (highs[slot] === high && lows[slot] === low) return false
    slot = (slot + 1) & last
  }
  lows[slot] = low
  highs[slot] = high
  return true
}

function grow(seen: Seen): void {
  const lows = new Uint32Array(seen.low.length * 2)
  const highs = new Uint32Array(seen.low.length * 2)
  for (let i = 0; i < seen.low.length; i++) {
    if (seen.high[i] !== 0) insert(lows, highs, seen.low[i]!, seen.high[i]!)
  }
  seen.low = lows
  seen.high = highs
}
