/**
 * Numbers of series, each above those before, as the steps between them: seven bits a byte, the lowest first, the highest
 * bit saying that more follow. Steps between the ids of one hospital take a byte or two.
 */
export interface Rising {
  /** Three words a series: one more than its highest number; the bytes of its open block; where its steps begin to count. */
  words: Int32Array
  /** By series: the block that steps are written to, and those that are full. */
  readonly open: Uint8Array[]
  readonly full: Uint8Array[][]
}

const WORDS = 3
const LEAST_BYTES = 16
const MOST_BYTES = 1 << 16
/** A step takes five bytes at the most. */
const LONGEST_STEP = 5
/** Numbers handed over at a time. */
const PIECE = 4096

export function createRising(): Rising {
  return { words: new Int32Array(WORDS * 64), open: [], full: [] }
}

/** Notes a number from 0 to 2^30 if it is above all that were met of its series (0, 1 …), and says whether it is. */
export function riseTo(rising: Rising, series: number, number: number): boolean {
  const bytes = rising.open[series]
  const { words } = rising
  const word = series * WORDS
  if (bytes === undefined || words[word + 1]! + LONGEST_STEP > bytes.length) {
    openBlock(rising, series)
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

function openBlock(rising: Rising, series: number): void {
  const { words, open, full } = rising
  const word = series * WORDS
  const old = open[series]
  open[series] = new Uint8Array(old === undefined ? LEAST_BYTES : Math.min(old.length * 2, MOST_BYTES))
  if (old !== undefined) {
    full[series]!.push(old.subarray(0, words[word + 1]))
    words[word + 1] = 0
    return
  }
  full[series] = []
  if (word + WORDS <= words.length) return
  rising.words = new Int32Array(words.length * 2)
  rising.words.set(words)
}

/** Hands over the numbers of a series, and forgets all but the highest; `take` is given memory that is used again. */
export function takeNumbers({ words, open, full }: Rising, series: number, take: (numbers: Uint32Array) => void): void {
  const word = series * WORDS
  const blocks = [...full[series]!, open[series]!.subarray(0, words[word + 1])]
  const numbers = new Uint32Array(Math.min(PIECE, blocks.at(-1)!.length + (blocks.length - 1) * PIECE))
  let count = 0
  let next = words[word + 2]!
  for (const bytes of blocks) {
    for (let at = 0; at < bytes.length; ) {
      let shift = 0
      for (; bytes[at]! > 127; shift += 7) next += (bytes[at++]! & 127) << shift
      next += bytes[at++]! << shift
      numbers[count++] = next - 1
      if (count < numbers.length) continue
      take(numbers)
      count = 0
    }
  }
  if (count > 0) take(numbers.subarray(0, count))
  full[series] = []
  words[word + 1] = 0
  words[word + 2] = words[word]!
}
