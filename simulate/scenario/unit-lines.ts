import { Decimal } from '../../numbers/index.ts'
import type { Band } from '../policy/bands.ts'
import type { Cell } from '../settle/cell.ts'
import { piecesOf } from '../settle/cell-line.ts'
import { lineOf } from '../settle/plan.ts'
import { minus, type Ratio, reduced, toDouble } from '../settle/ratio.ts'

/** What one coefficient of a band adds to the lines of cells, by cell: steps per fen of cost, and steps. */
export interface Term {
  readonly slope: Numbers
  readonly intercept: Numbers
}

/** Rational numbers: the nearest double, and the quotient of small integers that it stands for; 0 / 0 where there is none. */
export interface Numbers {
  readonly near: Float64Array
  readonly n: Float64Array
  readonly d: Float64Array
}

/** Numbers to be written. */
export function createNumbers(count: number): Numbers {
  return { near: new Float64Array(count), n: new Float64Array(count), d: new Float64Array(count) }
}

/** Writes a number. */
export function putNumber(to: Numbers, at: number, exact: Ratio): void {
  to.near[at] = toDouble(exact)
  ;[to.n[at], to.d[at]] = small(exact)
}

const LONG = 10n ** 30n
const MOST = BigInt(Number.MAX_SAFE_INTEGER)

/** A quotient as two integers below 2^53; 0 and 0 where it is none. */
export function small(exact: Ratio): readonly [n: number, d: number] {
  if (exact.n === 0n) return [0, 1]
  // A long denominator comes from a mean with all its digits: it will not become short.
  if (exact.d > LONG) return [0, 0]
  const { n, d } = reduced(exact)
  return n >= -MOST && n <= MOST && d <= MOST ? [Number(n), Number(d)] : [0, 0]
}

/**
 * Bands are linear in their coefficients (α, β, γ …): the line of a cell is a constant and a term times each coefficient.
 * The terms are the cell's own, so that a new limit or share needs a few multiplications, not the rules again.
 */
export interface UnitLines {
  readonly constant: Term
  /** Highest value in steps; Infinity: none. */
  readonly cap: Float64Array
  readonly step: Float64Array
  readonly inMoney: Uint8Array
  /** The term of a coefficient, made when it is first asked for. */
  term(name: string): Term
}

/** A band taken apart: its coefficients that are not zero, and the text of all that is not a number. */
export interface BandForm {
  readonly key: string
  readonly coefficients: readonly (readonly [name: string, value: Decimal])[]
}

const ZERO: Decimal = new Decimal(0)
const ONE: Decimal = new Decimal(1)

/** The form of a band; bands of one key differ in coefficients and bounds only. */
export function formOf(band: Band): BandForm {
  const entries = Object.entries(band) as [string, unknown][]
  const numbers = entries.filter((entry): entry is [string, Decimal] => isCoefficient(entry))
  return {
    key: JSON.stringify(entries.filter(entry => !isCoefficient(entry) && !BOUNDS.has(entry[0]))),
    coefficients: numbers.filter(([, value]) => !value.isZero()),
  }
}

/** Fields of a band that say where it ends and what it is called. */
const BOUNDS: ReadonlySet<string> = new Set(['upTo', 'op', 'class'])

function isCoefficient([name, value]: readonly [string, unknown]): boolean {
  return value instanceof Decimal && name !== 'upTo'
}

/** The unit lines of the `wanted` among `count` cells under bands of the form of `band`; those of `names` at once. */
export function unitLines(
  count: number,
  wanted: Uint32Array,
  cellAt: (c: number) => Cell,
  band: Band,
  names: Iterable<string>,
): UnitLines {
  const empty = { ...band, upTo: null, op: '<=' as const }
  const all = Object.entries(band)
    .filter(isCoefficient)
    .map(([name]) => name)
  const bandWith = (name: string | null): Band =>
    ({ ...empty, ...Object.fromEntries(all.map(one => [one, one === name ? ONE : ZERO])) }) as Band
  const line = (cell: Cell, probe: Band): ReturnType<typeof lineOf> => {
    const [piece, ...rest] = piecesOf(cell, () => [probe])
    if (piece === undefined || rest.length > 0) throw new Error('one band is one piece')
    return lineOf(cell, piece.upTo, piece.value)
  }
  const column = (): Float64Array => new Float64Array(count)
  const zero = bandWith(null)
  const createTerm = (): Term => ({ slope: createNumbers(count), intercept: createNumbers(count) })
  const constant = createTerm()
  const cap = column()
  const step = column()
  const inMoney = new Uint8Array(count)
  const known = new Map([...names].map((name): [string, Term] => [name, createTerm()]))
  const fill = (c: number, cell: Cell, name: string, term: Term, from: ReturnType<typeof partsOf>): void => {
    const { slope, intercept } = partsOf(line(cell, bandWith(name)))
    putNumber(term.slope, c, minus(slope, from.slope))
    putNumber(term.intercept, c, minus(intercept, from.intercept))
  }
  for (const c of wanted) {
    const cell = cellAt(c)
    const own = line(cell, zero)
    const parts = partsOf(own)
    putNumber(constant.slope, c, parts.slope)
    putNumber(constant.intercept, c, parts.intercept)
    cap[c] = own.cap
    step[c] = own.step
    inMoney[c] = own.inMoney ? 1 : 0
    for (const [name, term] of known) fill(c, cell, name, term, parts)
  }
  return {
    constant,
    cap,
    step,
    inMoney,
    term(name) {
      const found = known.get(name)
      if (found !== undefined) return found
      const made = createTerm()
      for (const c of wanted) {
        const cell = cellAt(c)
        fill(c, cell, name, made, partsOf(line(cell, zero)))
      }
      known.set(name, made)
      return made
    },
  }
}

/** Slope and intercept of a line, exact. */
function partsOf({ exact: { a, b, d } }: ReturnType<typeof lineOf>): {
  readonly slope: Ratio
  readonly intercept: Ratio
} {
  return { slope: { n: a, d }, intercept: { n: b, d } }
}
