import type { Profiles } from './profiles.ts'

/** The hot loops of building over profiles: pairs of diagnosis and operation, and their cases and costs. */

/** Numbers for pairs of 16-bit numbers, given in the order in which they first appear. */
export interface PairNumbers {
  /** Number of a slot's pair + 1; 0 = free. */
  slots: Uint32Array
  /** first × 65536 + second, by number. */
  pairs: Uint32Array
  count: number
}

export function createPairNumbers(): PairNumbers {
  return { slots: new Uint32Array(1 << 16), pairs: new Uint32Array(1 << 15), count: 0 }
}

/** Marks a profile that has no number. */
export const NONE = 0xffff_ffff

/**
 * Gives every profile that `wanted` marks (1) the number of its pair first[dx] and second[main] in `number`, all others
 * `NONE`. A pair whose first number is 0 counts as none.
 */
export function numberPairs(
  numbers: PairNumbers,
  { dx, main, count }: Pick<Profiles, 'dx' | 'main' | 'count'>,
  first: Uint16Array,
  second: Uint16Array,
  wanted: Uint8Array,
  number: Uint32Array,
): void {
  for (let k = 0; k < count; k++) {
    const head = first[dx[k]!]!
    if (wanted[k] !== 1 || head === 0) {
      number[k] = NONE
      continue
    }
    const pair = head * 65_536 + second[main[k]!]!
    const mask = numbers.slots.length - 1
    let slot = (Math.imul(pair, 0x9e37_79b1) >>> 7) & mask
    let found = numbers.slots[slot]!
    while (found !== 0 && numbers.pairs[found - 1] !== pair) {
      slot = (slot + 1) & mask
      found = numbers.slots[slot]!
    }
    if (found === 0) {
      if (numbers.count === numbers.pairs.length) grow(numbers)
      numbers.pairs[numbers.count] = pair
      found = ++numbers.count
      put(numbers.slots, pair, found)
    }
    number[k] = found - 1
  }
}

function put(slots: Uint32Array, pair: number, found: number): void {
  const mask = slots.length - 1
  let slot = (Math.imul(pair, 0x9e37_79b1) >>> 7) & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = found
}

function grow(numbers: PairNumbers): void {
  const pairs = new Uint32Array(numbers.pairs.length * 2)
  pairs.set(numbers.pairs)
  numbers.pairs = pairs
  numbers.slots = new Uint32Array(numbers.slots.length * 2)
  for (let k = 0; k < numbers.count; k++) put(numbers.slots, pairs[k]!, k + 1)
}

/** Counts the profiles of each number, adds up their cases and costs; `NONE` counts nowhere. */
export function sumNumbers(
  { cases, sum }: Pick<Profiles, 'cases' | 'sum'>,
  number: Uint32Array,
  profiles: Uint32Array,
  counts: Uint32Array,
  sums: Float64Array,
): void {
  for (let k = 0; k < number.length; k++) {
    const n = number[k]!
    if (n === NONE) continue
    profiles[n]!++
    counts[n]! += cases[k]!
    sums[n]! += sum[k]!
  }
}

/** Profiles (or cases) by number: those of number k at order[starts[k]…starts[k + 1]), in their own order; only numbers that `wanted` marks. */
export function orderByNumber(
  number: Uint32Array,
  counts: Uint32Array,
  wanted: Uint8Array,
): { readonly order: Uint32Array; readonly starts: Uint32Array } {
  const starts = new Uint32Array(counts.length + 1)
  for (let k = 0; k < counts.length; k++) starts[k + 1] = starts[k]! + (wanted[k] === 1 ? counts[k]! : 0)
  const next = starts.slice()
  const order = new Uint32Array(starts[counts.length]!)
  for (let i = 0; i < number.length; i++) {
    const k = number[i]!
    if (k !== NONE && wanted[k] === 1) order[next[k]!++] = i
  }
  return { order, starts }
}

/** Sums over some profiles of the costs with each related operation: cases, and cost in fen. */
export interface RelatedSums {
  readonly cases: Uint32Array
  readonly cost: Float64Array
  /** Operations met, the first `met` of them. */
  readonly operations: Uint16Array
  met: number
}

export function createRelatedSums(procedures: number): RelatedSums {
  return {
    cases: new Uint32Array(procedures),
    cost: new Float64Array(procedures),
    operations: new Uint16Array(procedures),
    met: 0,
  }
}

/**
 * Sums up the related operations of the profiles in `rows`; each stands once in a profile. One that the dictionary lacks, and
 * the main one where it stands twice, are no related operations.
 */
export function sumRelated({ batch, related, main, cases, sum }: Profiles, rows: Uint32Array, sums: RelatedSums): void {
  const { px, pxStart } = batch
  for (let k = 0; k < sums.met; k++) {
    const id = sums.operations[k]!
    sums.cases[id] = 0
    sums.cost[id] = 0
  }
  sums.met = 0
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    const n = cases[row]!
    if (n === 0) continue
    for (let e = related[row]!; e < pxStart[row + 1]!; e++) {
      const id = px[e]!
      if (id === 0 || id === main[row]) continue
      if (sums.cases[id] === 0) sums.operations[sums.met++] = id
      sums.cases[id]! += n
      sums.cost[id]! += sum[row]!
    }
  }
}

/** Whether a profile has a related operation. */
export function hasRelated({ batch, related }: Profiles, row: number, operation: number): boolean {
  for (let e = related[row]!; e < batch.pxStart[row + 1]!; e++) if (batch.px[e] === operation) return true
  return false
}
