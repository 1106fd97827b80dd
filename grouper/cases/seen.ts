import { RoaringBitmap32 } from 'roaring-wasm'
import { ID_WORDS } from './hash.ts'
import { addHash, createHashSet, type HashSet } from './hash-set.ts'

/**
 * Ids that have been met. An id that ends in digits is kept as a number in the set of its series (`identify`): an eighth
 * of a byte where numbers are serial, two bytes where they are scattered, and exact. Any other id, and one of a series
 * that begins when there are `MOST_SERIES`, is kept as a hash, see `hash-set.ts`.
 */
export interface Seen {
  /** Open addressing: two words of the series' hash, and its position in `numbers` + 1; 0 in an empty slot. */
  readonly series: Int32Array
  readonly numbers: RoaringBitmap32[]
  readonly others: HashSet
}

/** A nation's hospitals with a few kinds of ids each; ids without any order would make a series each. */
const MOST_SERIES = 1 << 16
const SLOTS = MOST_SERIES * 2

export function createSeen(): Seen {
  return { series: new Int32Array(SLOTS * 3), numbers: [], others: createHashSet() }
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
    const numbers = number < 0 ? undefined : seriesOf(seen, low, high)
    const isNew =
      numbers !== undefined
        ? numbers.tryAdd(number)
        : addHash(seen.others, low ^ Math.imul(number, 0x9e3779b1), high ^ Math.imul(number, 0x85ebca6b) || 1)
    if (!isNew) again.push(row)
  }
  return again
}

/** The numbers of a series, which is opened where it is new; undefined where no more are opened. */
function seriesOf({ series, numbers }: Seen, low: number, high: number): RoaringBitmap32 | undefined {
  let slot = (low & (SLOTS - 1)) * 3
  for (;;) {
    const position = series[slot + 2]!
    if (position === 0) break
    if (series[slot] === low && series[slot + 1] === high) return numbers[position - 1]
    slot = slot + 3 === series.length ? 0 : slot + 3
  }
  if (numbers.length === MOST_SERIES) return undefined
  series[slot] = low
  series[slot + 1] = high
  series[slot + 2] = numbers.length + 1
  const opened = new RoaringBitmap32()
  numbers.push(opened)
  return opened
}
