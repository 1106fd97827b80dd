import type { CaseBatch } from '../../grouper/index.ts'
import { type OperationPlan, USE } from './operations.ts'

/**
 * The hot loops that tell cases apart by what can decide their group. Cases alike in all of it share a profile, a number;
 * what a profile holds stands in words of 16 bits:
 *
 * principal diagnosis · main operation · 2 × related operations + 1 with a main one · related operations, ascending, each
 * once · number of other diagnoses that a row may ask for, and those · age in days + 1 · newborn weight · cost in fen (four
 * words), where costs decide
 */

/** What of a case can decide its group under a catalogue and under any that has fewer of its rows. */
export interface ProfilePlan {
  readonly operations: OperationPlan
  /** By diagnosis id: the first id that rows cannot tell from it among the other diagnoses; 0 = none asks for it. */
  readonly others: Uint16Array
  /** Ages in days and weights in grams from which on rows differ, ascending; the last one ends what they ask for. */
  readonly ages: Uint16Array
  readonly weights: Uint16Array
  readonly byCost: boolean
}

/** Profiles in the order in which they first appear. */
export interface ProfileTable {
  words: Uint16Array
  /** Profile k is `words[starts[k]] … words[starts[k + 1] - 1]`. */
  starts: Uint32Array
  hashes: Int32Array
  /** Number + 1 by slot; 0 = free. */
  slots: Uint32Array
  count: number
}

/** Columns of all cases. */
export interface CaseColumns {
  /** Number of the profile. */
  readonly profile: Uint32Array
  /** Month label of the file at first, then position of the year; `NO_YEAR` = outside the years. */
  readonly month: Uint16Array
  /** Fen. */
  readonly cost: Float64Array
  readonly los: Uint16Array
}

/** Words of the longest profile: 500 operations, 500 other diagnoses, the rest. */
const LONGEST = 1024

export function createProfileTable(): ProfileTable {
  return {
    words: new Uint16Array(1 << 16),
    starts: new Uint32Array(1 << 14),
    hashes: new Int32Array(1 << 14),
    slots: new Uint32Array(1 << 15),
    count: 0,
  }
}

/** Numbers the profiles of a batch's cases, and puts them with cost, month and stay behind the first `from` cases. */
export function gatherProfiles(
  plan: ProfilePlan,
  batch: CaseBatch,
  table: ProfileTable,
  columns: CaseColumns,
  from: number,
): void {
  const { use, scope, scopeBits, droppedEnds, limitedEnds } = plan.operations
  const { others, ages, weights, byCost } = plan
  const { dx, dxStart, px, pxStart } = batch
  const key = new Uint16Array(LONGEST)
  for (let i = 0; i < batch.count; i++) {
    const dxFrom = dxStart[i]!
    const dxEnd = dxStart[i + 1]!
    const principal = dxEnd > dxFrom ? dx[dxFrom]! : 0
    const bits = scopeBits[principal]!
    key[0] = principal
    let end = 3
    let main = -1
    for (let k = pxStart[i]!; k < pxStart[i + 1]!; k++) {
      const id = px[k]!
      const rule = use[id]!
      if (main < 0) {
        if (rule === USE.usable || (rule === USE.limited && ((bits >>> scope[id]!) & 1) === 1)) {
          main = id
          continue
        }
        if ((rule === USE.dropped && droppedEnds) || (rule === USE.limited && limitedEnds)) {
          end = 3
          break
        }
      }
      if (rule !== USE.dropped) end = insert(key, 3, end, id)
    }
    key[1] = Math.max(main, 0)
    key[2] = (end - 3) * 2 + (main < 0 ? 0 : 1)
    const first = end + 1
    end = first
    for (let k = dxFrom + 1; k < dxEnd; k++) {
      const id = others[dx[k]!]!
      if (id !== 0) end = insert(key, first, end, id)
    }
    key[first - 1] = end - first
    const isInfant = batch.age[i]! <= 0 && batch.ageDays[i]! >= 0
    key[end++] = isInfant ? floorOf(ages, batch.ageDays[i]!) : 0
    key[end++] = floorOf(weights, batch.weight[i]!)
    const cost = batch.cost[i]!
    if (byCost) {
      // Missing costs are −1.
      for (let rest = cost + 1, k = 0; k < 4; k++, rest = Math.floor(rest / 65_536)) key[end++] = rest % 65_536
    }
    const row = from + i
    columns.profile[row] = profileOf(table, key, end)
    columns.month[row] = batch.month[i]!
    columns.cost[row] = cost
    columns.los[row] = batch.los[i]! < 0 ? 65_535 : Math.min(batch.los[i]!, 65_534)
  }
}

/** Puts a number into the ascending ones at [from, end) of a key, once; returns their end. */
function insert(key: Uint16Array, from: number, end: number, id: number): number {
  let at = end
  while (at > from && key[at - 1]! > id) at--
  if (at > from && key[at - 1] === id) return end
  for (let k = end; k > at; k--) key[k] = key[k - 1]!
  key[at] = id
  return end + 1
}

/** Place of the last bound that a value reaches, from 1; 0 where it reaches none or lies beyond the last. */
function floorOf(bounds: Uint16Array, value: number): number {
  let place = 0
  while (place < bounds.length && value >= bounds[place]!) place++
  return place === bounds.length ? 0 : place
}

/** Number of the profile that the first `length` words of a key hold. */
function profileOf(table: ProfileTable, key: Uint16Array, length: number): number {
  let hash = length
  for (let k = 0; k < length; k++) {
    hash = Math.imul(hash ^ key[k]!, 0x9e37_79b1)
    hash ^= hash >>> 15
  }
  const mask = table.slots.length - 1
  let slot = hash & mask
  for (;;) {
    const found = table.slots[slot]!
    if (found === 0) break
    if (table.hashes[found - 1] === hash && isSame(table, found - 1, key, length)) return found - 1
    slot = (slot + 1) & mask
  }
  if (table.count + 2 > table.starts.length) grow(table)
  const start = table.starts[table.count]!
  if (start + length > table.words.length) {
    const larger = new Uint16Array(table.words.length * 2)
    larger.set(table.words)
    table.words = larger
  }
  for (let k = 0; k < length; k++) table.words[start + k] = key[k]!
  table.hashes[table.count] = hash
  table.count++
  table.starts[table.count] = start + length
  put(table.slots, hash, table.count)
  return table.count - 1
}

function isSame({ words, starts }: ProfileTable, profile: number, key: Uint16Array, length: number): boolean {
  const start = starts[profile]!
  if (starts[profile + 1]! - start !== length) return false
  for (let k = 0; k < length; k++) if (words[start + k] !== key[k]) return false
  return true
}

function put(slots: Uint32Array, hash: number, found: number): void {
  const mask = slots.length - 1
  let slot = hash & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = found
}

function grow(table: ProfileTable): void {
  const starts = new Uint32Array(table.starts.length * 2)
  starts.set(table.starts)
  const hashes = new Int32Array(table.hashes.length * 2)
  hashes.set(table.hashes)
  table.starts = starts
  table.hashes = hashes
  table.slots = new Uint32Array(table.slots.length * 2)
  for (let k = 0; k < table.count; k++) put(table.slots, hashes[k]!, k + 1)
}

/** Takes the profiles of another table over, and the cases [from, to) that were numbered by it. */
export function takeOver(
  table: ProfileTable,
  { words, starts, count }: Pick<ProfileTable, 'words' | 'starts' | 'count'>,
  profile: Uint32Array,
  from: number,
  to: number,
): void {
  const numbers = new Uint32Array(count)
  for (let k = 0; k < count; k++) {
    numbers[k] = profileOf(table, words.subarray(starts[k]!, starts[k + 1]!), starts[k + 1]! - starts[k]!)
  }
  for (let i = from; i < to; i++) profile[i] = numbers[profile[i]!]!
}

/** Number and total cost (fen) of the cases of each profile that `used` marks. */
export function sumProfiles(
  { profile, cost }: CaseColumns,
  used: Uint8Array,
  cases: Uint32Array,
  sums: Float64Array,
): void {
  for (let i = 0; i < used.length; i++) {
    if (used[i] !== 1) continue
    const k = profile[i]!
    cases[k]!++
    sums[k]! += cost[i]!
  }
}
