import { RoaringBitmap32 } from 'roaring-wasm'
import { finish, ID_WORDS } from './hash.ts'
import { addHash, createHashSet, type HashSet } from './hash-set.ts'
import { createRising, type Rising, riseTo, takeNumbers } from './rising.ts'

/**
 * Ids that have been met. An id that ends in digits is kept as a number of its series (`identify`), exactly: while numbers
 * rise, as in a list by discharge, each is new and a step in `rising.ts`, one or two bytes; those met before one that does
 * not rise are in a bitmap, at two bytes at the most. Any other id, and one of a series that begins when there are
 * `MOST_SERIES`, is kept as a hash, see `hash-set.ts`.
 */
export interface Seen {
  /** Open addressing: two words of the series, and its position in `sets` + 1; 0 in an empty slot. */
  readonly slots: Int32Array
  /** The numbers of a series that are not in `rising`. */
  readonly sets: RoaringBitmap32[]
  readonly rising: Rising
  readonly others: HashSet
}

/** A nation's hospitals with a few kinds of ids each; ids without any order would make a series each. */
const MOST_SERIES = 1 << 16
const SLOTS = MOST_SERIES * 2
/** Words of a slot. */
const SLOT = 3

export function createSeen(): Seen {
  return { slots: new Int32Array(SLOTS * SLOT), sets: [], rising: createRising(), others: createHashSet() }
}

/**
 * Notes the ids of rows `from` … `to - 1` (`ID_WORDS` words a row in `ids`, as `identify` writes them) in their order
 * and returns the rows whose id stood before.
 */
export function meetAll(seen: Seen, ids: Int32Array, from: number, to: number): number[] {
  const again: number[] = []
  for (let row = from; row < to; row++) {
    const low = ids[row * ID_WORDS]!
    const high = ids[row * ID_WORDS + 1]!
    const number = ids[row * ID_WORDS + 2]!
    const series = number < 0 ? -1 : seriesOf(seen, low, high)
    const isNew =
      series < 0
        ? addText(seen.others, low, high, number)
        : riseTo(seen.rising, series, number) || addNumber(seen, series, number)
    if (!isNew) again.push(row)
  }
  return again
}

/** Adds a number that is not above all others of its series. */
function addNumber({ sets, rising }: Seen, series: number, number: number): boolean {
  const set = sets[series]!
  takeNumbers(rising, series, numbers => set.addMany(numbers))
  return set.tryAdd(number)
}

function addText(others: HashSet, low: number, high: number, number: number): boolean {
  const first = finish(low ^ Math.imul(number, 0x9e3779b1))
  return addHash(others, first, finish(high ^ Math.imul(number, 0x85ebca6b)) || 1)
}

/** The position of a series, which is opened where it is new; -1 where no more are opened. */
function seriesOf({ slots, sets }: Seen, low: number, high: number): number {
  let slot = (finish(low) & (SLOTS - 1)) * SLOT
  for (;;) {
    const position = slots[slot + 2]!
    if (position === 0) break
    if (slots[slot] === low && slots[slot + 1] === high) return position - 1
    slot = slot + SLOT === slots.length ? 0 : slot + SLOT
  }
  if (sets.length === MOST_SERIES) return -1
  slots[slot] = low
  slots[slot + 1] = high
  slots[slot + 2] = sets.push(new RoaringBitmap32())
  return sets.length - 1
}
