/**
 * Numbers of series, each above those before, as the steps between them: seven bits a byte, the lowest first, the highest
 * bit saying that more follow. Steps between the ids of one hospital take a byte or two.
 */
export interface Rising {
  /** Three words a series: one more than its highest number; the bytes of its steps; where they begin to count. */
  words: Int32Array
  /** By series. */
  readonly steps: Uint8Array[]
}

const WORDS = 3
const LEAST_BYTES = 16
/** A step takes five bytes at the most. */
const LONGEST_STEP = 5
/** Numbers handed over at a time. */
const PIECE = 4096

export function createRising(): Rising {
  return { words: new Int32Array(WORDS * 64), steps: [] }
}

/** Notes a number from 0 to 2^30 if it is above all that were met of its series (0, 1 …), and says whether it is. */
export function riseTo(rising: Rising, series: number, number: number): boolean {
  const bytes = rising.steps[series]
  const { words } = rising
  const word = series * WORDS
  if (bytes === undefined || words[word + 1]! + LONGEST_STEP > bytes.length) {
    makeRoom(rising, series)
    return riseTo(rising, series, number)
  }
  let step = number + 1 - words[word]!
  if (step <= 0) return false
  let at = words[word + 1]!
  while (step > 127) {
    bytes[at++] = step | 128
    step >>>= 7
  }
  bytes[at++] = step
  words[word] = number + 1
  words[word + 1] = at
  return true
}

function makeRoom(rising: Rising, series: number): void {
  const { words, steps } = rising
  if ((series + 1) * WORDS > words.length) {
    rising.words = new Int32Array(words.length * 2)
    rising.words.set(words)
  }
  const old = steps[series] ?? new Uint8Array(0)
  const larger = new Uint8Array(Math.max(LEAST_BYTES, Math.ceil(old.length * 1.5)))
  larger.set(old)
  steps[series] = larger
}

/** Hands over the numbers of a series, and forgets all but the highest; `take` is given memory that is used again. */
export function takeNumbers({ words, steps }: Rising, series: number, take: (numbers: Uint32Array) => void): void {
  const bytes = steps[series]!
  const word = series * WORDS
  const end = words[word + 1]!
  const numbers = new Uint32Array(Math.min(PIECE, end))
  let count = 0
  let next = words[word + 2]!
  for (let at = 0; at < end; ) {
    let shift = 0
    for (; bytes[at]! > 127; shift += 7) next += (bytes[at++]! & 127) << shift
    next += bytes[at++]! << shift
    numbers[count++] = next - 1
    if (count < numbers.length) continue
    take(numbers)
    count = 0
  }
  if (count > 0) take(numbers.subarray(0, count))
  words[word + 1] = 0
  words[word + 2] = words[word]!
  // What is not above the highest goes elsewhere from here on, mostly: few steps will come.
  if (bytes.length > PIECE) steps[series] = new Uint8Array(LEAST_BYTES)
}
