import type { CaseBatch } from '../../grouper/index.ts'
import { type OperationPlan, USE } from './operations.ts'

/** Cases of the years as columns of code ids: what a catalogue is built from. */
export interface BuildColumns {
  readonly dx: Uint16Array
  /** Main operation after the exclusion rules; 0 = conservative. */
  readonly main: Uint16Array
  /** Related operations: `related[relatedStart[i]] … related[relatedStart[i + 1] - 1]`. */
  readonly relatedStart: Uint32Array
  related: Uint16Array
  /** Month label of the file at first, then position of the year; `NO_YEAR` = outside the years. */
  readonly month: Uint16Array
  /** Fen. */
  readonly cost: Float64Array
  readonly los: Uint16Array
}

/** Adds the principal diagnosis, the operations, cost and stay of a batch's cases behind the first `count`. */
export function gatherCases(plan: OperationPlan, batch: CaseBatch, columns: BuildColumns, count: number): void {
  const { use, scope, scopeBits, droppedEnds, limitedEnds } = plan
  const { dx, main, relatedStart, related } = columns
  let at = relatedStart[count]!
  for (let i = 0; i < batch.count; i++) {
    const row = count + i
    const first = batch.dxStart[i]!
    const principal = batch.dxStart[i + 1]! > first ? batch.dx[first]! : 0
    const bits = scopeBits[principal]!
    const start = at
    let found = 0
    for (let k = batch.pxStart[i]!; k < batch.pxStart[i + 1]!; k++) {
      const id = batch.px[k]!
      if (id === 0) continue
      const rule = use[id]!
      const usable = rule === USE.usable || (rule === USE.limited && ((bits >>> scope[id]!) & 1) === 1)
      if (found === 0) {
        if (usable) {
          found = id
          continue
        }
        if ((rule === USE.dropped && droppedEnds) || (rule === USE.limited && limitedEnds)) {
          at = start
          break
        }
      }
      if (rule !== USE.dropped) related[at++] = id
    }
    dx[row] = principal
    main[row] = found
    relatedStart[row + 1] = at
    columns.month[row] = batch.month[i]!
    columns.cost[row] = batch.cost[i]!
    columns.los[row] = batch.los[i]! < 0 ? 65_535 : Math.min(batch.los[i]!, 65_534)
  }
}

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

/** Marks a case that has no number. */
export const NONE = 0xffff_ffff

/**
 * Gives every case that `wanted` marks (1) the number of its pair first[dx] and second[main] in `number`, all others
 * `NONE`. A pair whose first number is 0 counts as none.
 */
export function numberPairs(
  numbers: PairNumbers,
  dx: Uint16Array,
  main: Uint16Array,
  first: Uint16Array,
  second: Uint16Array,
  wanted: Uint8Array,
  count: number,
  number: Uint32Array,
): void {
  for (let i = 0; i < count; i++) {
    const head = first[dx[i]!]!
    if (wanted[i] !== 1 || head === 0) {
      number[i] = NONE
      continue
    }
    const pair = head * 65_536 + second[main[i]!]!
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
    number[i] = found - 1
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

/** Counts the cases of each number; `NONE` counts nowhere. */
export function countNumbers(
  number: Uint32Array | Uint16Array,
  none: number,
  count: number,
  counts: Uint32Array,
): void {
  for (let i = 0; i < count; i++) {
    const k = number[i]!
    if (k !== none) counts[k]!++
  }
}

/** Counts the cases of each number and sums up their costs; `none` counts nowhere. */
export function sumNumbers(
  number: Uint32Array,
  none: number,
  count: number,
  cost: Float64Array,
  counts: Uint32Array,
  sums: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const k = number[i]!
    if (k === none) continue
    counts[k]!++
    sums[k]! += cost[i]!
  }
}

/** Cases by number: those of number k at order[starts[k]…starts[k + 1]), in their own order; only numbers that `wanted` marks. */
export function orderByNumber(
  number: Uint32Array,
  counts: Uint32Array,
  wanted: Uint8Array,
  count: number,
): { readonly order: Uint32Array; readonly starts: Uint32Array } {
  const starts = new Uint32Array(counts.length + 1)
  for (let k = 0; k < counts.length; k++) starts[k + 1] = starts[k]! + (wanted[k] === 1 ? counts[k]! : 0)
  const next = starts.slice()
  const order = new Uint32Array(starts[counts.length]!)
  for (let i = 0; i < count; i++) {
    const k = number[i]!
    if (k !== NONE && wanted[k] === 1) order[next[k]!++] = i
  }
  return { order, starts }
}

/** Sums over one number's cases of the costs with each related operation: cases, and cost in fen. */
export interface RelatedSums {
  readonly cases: Uint32Array
  readonly cost: Float64Array
  /** Stamp of the case that counted an operation last, so that one that stands twice counts once. */
  readonly stamp: Uint32Array
  /** Operations met, the first `met` of them. */
  readonly operations: Uint16Array
  met: number
}

export function createRelatedSums(procedures: number): RelatedSums {
  return {
    cases: new Uint32Array(procedures),
    cost: new Float64Array(procedures),
    stamp: new Uint32Array(procedures),
    operations: new Uint16Array(procedures),
    met: 0,
  }
}

/** Sums up the related operations of the cases in `rows`. */
export function sumRelated(columns: BuildColumns, rows: Uint32Array, sums: RelatedSums): void {
  const { relatedStart, related, cost, main } = columns
  for (let k = 0; k < sums.met; k++) {
    const id = sums.operations[k]!
    sums.cases[id] = 0
    sums.cost[id] = 0
    sums.stamp[id] = 0
  }
  sums.met = 0
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    for (let e = relatedStart[row]!; e < relatedStart[row + 1]!; e++) {
      const id = related[e]!
      if (id === main[row] || sums.stamp[id] === k + 1) continue
      if (sums.stamp[id] === 0) sums.operations[sums.met++] = id
      sums.stamp[id] = k + 1
      sums.cases[id]!++
      sums.cost[id]! += cost[row]!
    }
  }
}

/** Whether a case has a related operation. */
export function hasRelated({ relatedStart, related }: BuildColumns, row: number, operation: number): boolean {
  for (let e = relatedStart[row]!; e < relatedStart[row + 1]!; e++) if (related[e] === operation) return true
  return false
}
