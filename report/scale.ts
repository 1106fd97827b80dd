/** A line of numbers laid out from 0 to 1. */
export interface Scale {
  readonly min: number
  readonly max: number
  /** Round numbers within [min, max], ascending, exact as decimals (0.3, never 0.30000000000000004). */
  readonly ticks: readonly number[]
  /** Position of a value: 0 at min, 1 at max. */
  at(value: number): number
}

const MANTISSAS = [1, 2, 5, 10]

/** The nicest step (1, 2 or 5 times a power of ten) that cuts `span` into about `count` parts, as mantissa and exponent. */
function niceStep(span: number, count: number): readonly [mantissa: number, exponent: number] {
  const raw = span / count
  const exponent = Math.floor(Math.log10(raw))
  const wanted = raw / 10 ** exponent
  // Geometric midpoints between the mantissas: the step nearest in ratio wins.
  const mantissa = MANTISSAS.find((each, i) => wanted <= Math.sqrt(each * (MANTISSAS[i + 1] ?? 20)))!
  return mantissa === 10 ? [1, exponent + 1] : [mantissa, exponent]
}

/** Sizes below this are zero to a picture. */
const NOTHING = 1e-290

/** An interval that is never empty: ends that are equal, or as good as, are moved apart by a tenth of their size. */
function opened(min: number, max: number): readonly [number, number] {
  const size = Math.max(Math.abs(min), Math.abs(max))
  if (size < NOTHING) return [0, 1]
  return max - min > size * 1e-9 ? [min, max] : [min - size / 10, max + size / 10]
}

/**
 * A linear scale from a tick at or below `min` to a tick at or above `max`, with about `count` steps.
 * Values may reach ±1e300.
 */
export function linearScale(min: number, max: number, count = 6): Scale {
  checkRange(min, max)
  const [low, high] = opened(min, max)
  const [mantissa, exponent] = niceStep(high - low, count)
  const inSteps = (value: number): number => value / mantissa / 10 ** exponent
  // A hair of tolerance: 0.3 / 0.1 is 2.9999999999999996.
  const first = Math.floor(inSteps(low) + 1e-9)
  const last = Math.ceil(inSteps(high) - 1e-9)
  const ticks: number[] = []
  for (let i = first; i <= last; i++) ticks.push(Number(`${i * mantissa}e${exponent}`))
  return scaleOver(ticks[0]!, ticks.at(-1)!, ticks, value => value)
}

/**
 * A logarithmic scale from a 1, 2 or 5 times a power of ten to another. Over more than three powers only the powers
 * themselves are ticks, at most about `count` of them.
 */
export function logScale(min: number, max: number, count = 8): Scale {
  checkRange(min, max)
  if (min < NOTHING) throw new RangeError(`a logarithmic scale needs positive numbers, found ${min}`)
  const low = Math.floor(Math.log10(min) + 1e-9)
  const high = Math.ceil(Math.log10(max) - 1e-9)
  const round: number[] = []
  for (let exponent = low; exponent <= high; exponent++) {
    for (const mantissa of [1, 2, 5]) round.push(Number(`${mantissa}e${exponent}`))
  }
  const from = round.findLastIndex(each => each <= min * (1 + 1e-9))
  const beyond = round.findIndex(each => each >= max * (1 - 1e-9))
  // One round number is no range: equal values get the next one as well.
  const kept = round.slice(from, Math.max(beyond, from + 1) + 1)
  const every = Math.ceil((high - low) / count)
  const ticks =
    high - low <= 3 ? kept : kept.filter(each => (Math.round(Math.log10(each) * 1e6) / 1e6 - low) % every === 0)
  return scaleOver(kept[0]!, kept.at(-1)!, ticks, Math.log10)
}

function scaleOver(min: number, max: number, ticks: readonly number[], measure: (value: number) => number): Scale {
  const low = measure(min)
  const span = measure(max) - low
  return { min, max, ticks, at: value => (measure(value) - low) / span }
}

/** Least and greatest of some numbers; at least one. */
export function extent(values: readonly number[]): [min: number, max: number] {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
  }
  return [min, max]
}

function checkRange(min: number, max: number): void {
  if (!(Math.abs(min) <= 1e300 && Math.abs(max) <= 1e300 && min <= max)) {
    throw new RangeError(`not a range of numbers: ${min} to ${max}`)
  }
}
