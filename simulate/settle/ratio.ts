import type { Decimal } from '../../numbers/index.ts'

/** An exact quotient of integers; the denominator is positive. */
export interface Ratio {
  readonly n: bigint
  readonly d: bigint
}

/** Decimals that were turned into quotients: bands and weights come again in every cell of a plan. */
const known = new WeakMap<Decimal, Ratio>()

/** The exact value of a decimal. */
export function ratioOf(value: Decimal): Ratio {
  const found = known.get(value)
  if (found !== undefined) return found
  const made = quotientOf(value)
  known.set(value, made)
  return made
}

function quotientOf(value: Decimal): Ratio {
  const digits = Math.max(value.decimalPlaces(), 0)
  return { n: BigInt(value.toFixed(digits).replace('.', '')), d: 10n ** BigInt(digits) }
}

/** A whole number. */
export function integer(value: number): Ratio {
  return { n: BigInt(value), d: 1n }
}

/** The product of several. */
export function product(...factors: readonly Ratio[]): Ratio {
  let n = 1n
  let d = 1n
  for (const factor of factors) {
    n *= factor.n
    d *= factor.d
  }
  return { n, d }
}

export function plus(a: Ratio, b: Ratio): Ratio {
  if (a.n === 0n) return b
  if (b.n === 0n) return a
  return a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d }
}

export function negative({ n, d }: Ratio): Ratio {
  return { n: -n, d }
}

export function minus(a: Ratio, b: Ratio): Ratio {
  return plus(a, negative(b))
}

/** a ÷ b; b is not zero. */
export function over(a: Ratio, b: Ratio): Ratio {
  return b.n > 0n ? { n: a.n * b.d, d: a.d * b.n } : { n: -a.n * b.d, d: a.d * -b.n }
}

/** The same quotient in lowest terms. */
export function reduced({ n, d }: Ratio): Ratio {
  let [a, b] = [n < 0n ? -n : n, d]
  while (b !== 0n) [a, b] = [b, a % b]
  return a <= 1n ? { n, d } : { n: n / a, d: d / a }
}

/** The largest integer not above the quotient. */
export function floor({ n, d }: Ratio): bigint {
  const whole = n / d
  return n % d < 0n ? whole - 1n : whole
}

/** Rounded half up (towards plus infinity at a tie). */
export function roundHalfUp({ n, d }: Ratio): bigint {
  return floor({ n: 2n * n + d, d: 2n * d })
}

/** The nearest double, or one next to it: a relative error of at most 2^-52. */
export function toDouble({ n, d }: Ratio): number {
  if (n === 0n) return 0
  const size = n < 0n ? -n : n
  // Scale so that the integer quotient has at least 64 bits; its own rounding then lies far below a double's.
  const shift = BigInt(Math.max(0, 66 + bits(d) - bits(size)))
  const quotient = Number((size << shift) / d) / 2 ** Number(shift)
  return n < 0n ? -quotient : quotient
}

/** Binary digits of a positive integer, or one more or less. */
function bits(value: bigint): number {
  const near = Number(value)
  return Number.isFinite(near) ? Math.floor(Math.log2(near)) + 1 : value.toString(2).length
}
