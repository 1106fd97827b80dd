import { at, type Draws } from '../numbers/index.ts'

const WORDS = 0x1_0000_0000

/**
 * Draws the values [from, to) again, with replacement, once for each replicate [first, last), and sums what was drawn as
 * differences from `centre`: Σ d into `sums[place + r]`, Σ d² into `squares[place + r]`. A draw is named by its number,
 * replicate, group and year, so it does not depend on who draws or in what order. With whole values and a whole centre
 * Σ d is exact.
 */
export function drawAgain(
  draws: Draws,
  values: Float64Array,
  from: number,
  to: number,
  centre: number,
  group: number,
  year: number,
  first: number,
  last: number,
  sums: Float64Array,
  squares: Float64Array,
  place: number,
): void {
  const n = to - from
  const step = n / WORDS
  for (let r = first; r < last; r++) {
    let sum = 0
    let square = 0
    let i = 0
    for (let block = 0; i + 4 <= n; block++, i += 4) {
      const words = at(draws, block, r, group, year)
      const a = values[from + Math.floor(words[0]! * step)]! - centre
      const b = values[from + Math.floor(words[1]! * step)]! - centre
      const c = values[from + Math.floor(words[2]! * step)]! - centre
      const d = values[from + Math.floor(words[3]! * step)]! - centre
      sum += a + b + (c + d)
      square += a * a + b * b + (c * c + d * d)
    }
    if (i < n) {
      const words = at(draws, i >>> 2, r, group, year)
      for (let k = 0; i < n; k++, i++) {
        const d = values[from + Math.floor(words[k]! * step)]! - centre
        sum += d
        square += d * d
      }
    }
    sums[place + r] = sum
    squares[place + r] = square
  }
}
