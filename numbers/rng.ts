/**
 * Counter-based random numbers (Philox4x32-10 of Random123): a draw is a pure function of its name
 * (seed, counter), not of a sequence, so results depend neither on threads nor on chunk sizes nor on other draws.
 */
export interface Draws {
  /** The four 32-bit words of the last `at`. */
  readonly words: Uint32Array
  readonly key0: number
  readonly key1: number
}

/** Draws of one seed (an integer from 0 to 2^53 - 1). */
export function createDraws(seed: number): Draws {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`seed must be an integer from 0 to 2^53-1, found ${seed}`)
  return { words: new Uint32Array(4), key0: seed >>> 0, key1: Math.floor(seed / 0x1_0000_0000) >>> 0 }
}

function high(a: number, b: number): number {
  const a0 = a & 0xffff
  const a1 = a >>> 16
  const b0 = b & 0xffff
  const b1 = b >>> 16
  const low = a0 * b0
  const middle = a1 * b0 + (low >>> 16)
  const cross = a0 * b1 + (middle % 0x1_0000)
  return (a1 * b1 + Math.floor(middle / 0x1_0000) + Math.floor(cross / 0x1_0000)) >>> 0
}

/** Fills `draws.words` with the four words that belong to the counter (c0, c1, c2, c3), each 32 bits. */
export function at(draws: Draws, c0: number, c1: number, c2: number, c3: number): Uint32Array {
  let x0 = c0 >>> 0
  let x1 = c1 >>> 0
  let x2 = c2 >>> 0
  let x3 = c3 >>> 0
  let k0 = draws.key0
  let k1 = draws.key1
  for (let round = 0; round < 10; round++) {
    const h0 = high(0xd2511f53, x0)
    const l0 = Math.imul(0xd2511f53, x0) >>> 0
    const h1 = high(0xcd9e8d57, x2)
    const l1 = Math.imul(0xcd9e8d57, x2) >>> 0
    x0 = (h1 ^ x1 ^ k0) >>> 0
    x1 = l1
    x2 = (h0 ^ x3 ^ k1) >>> 0
    x3 = l0
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  const { words } = draws
  words[0] = x0
  words[1] = x1
  words[2] = x2
  words[3] = x3
  return words
}

/** A word as a number in (0, 1). */
export function unit(word: number): number {
  return (word + 0.5) / 0x1_0000_0000
}

/** Two words as one standard normal number (Box–Muller). */
export function normal(word0: number, word1: number): number {
  return Math.sqrt(-2 * Math.log(unit(word0))) * Math.cos(2 * Math.PI * unit(word1))
}
