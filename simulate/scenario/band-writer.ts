import { type Band, bandsOf } from '../policy/bands.ts'
import type { Policy } from '../policy/policy.ts'
import type { Cell } from '../settle/cell.ts'
import { baseInFen, bound, piecesOf } from '../settle/cell-line.ts'
import { classNumber } from '../settle/classes.ts'
import { type ExactLine, exactValue, type Line, lineOf } from '../settle/plan.ts'
import { ratioOf } from '../settle/ratio.ts'
import type { CellList } from './cell-list.ts'
import type { CellBands } from './sorted-kernel.ts'
import {
  type BandForm,
  createNumbers,
  formOf,
  type Numbers,
  putNumber,
  small,
  type Term,
  type UnitLines,
  unitLines,
} from './unit-lines.ts'

/** The bands of cells under a policy, with the exact value of a band at a cost. Valid until the next call. */
export interface WrittenBands {
  readonly bands: CellBands
  readonly exact: (band: number, cost: number) => number
}

/** A coefficient with the term that it multiplies; `n / d` is the coefficient again, 0 / 0 where it is not small. */
interface Share {
  readonly by: number
  readonly n: number
  readonly d: number
  readonly term: Term
}

/** value = (a·cost + b) / d, half up: small integers. */
interface SmallLine {
  readonly a: number
  readonly b: number
  readonly d: number
}

/** A band of a policy as numbers, ready for any cell that asks the same. */
interface Ready {
  readonly band: Band
  readonly upTo: number
  /** The bound as a quotient of small integers; 0 / 0 where it is none. */
  readonly n: number
  readonly d: number
  readonly class: number
  readonly lines: UnitLines
  readonly terms: readonly Share[]
  /** Name of the line: bands that differ only in where they end have one. */
  readonly name: string
}

/** A double that stands for a rational number within this part of it, a few roundings included. */
const NEAR = 2 ** -48

/** Lines whose ties are kept at most. */
const MOST_TIES = 64

/** All lines of a cell. */
export function linesOf(cell: Cell): readonly Line[] {
  return piecesOf(cell).map(({ upTo, value }) => lineOf(cell, upTo, value))
}

/**
 * Writes the bands of cells for one policy after another. What does not depend on the bands is prepared once; a policy
 * then costs a few multiplications a cell and band. Whatever doubles cannot tell for certain is computed exactly.
 */
export function createBandWriter(cells: CellList): (policy: Policy) => WrittenBands {
  const { count, kind, question, questions } = cells
  const linear = Uint32Array.from(kind.keys()).filter(c => kind[c] === 'linear')
  /** What costs are compared with, fen. */
  const base = createNumbers(count)
  let isMeasured = false
  const measure = (policy: Policy): void => {
    for (const c of linear) putNumber(base, c, baseInFen(cells.at(c, policy)))
    isMeasured = true
  }
  const prepared = new Map<string, UnitLines>()
  /** Flat lines that doubles cannot round, by name of the line and cell. */
  const ties = new Map<string, Map<number, number>>()
  let out = createColumns(linear.length * 4)

  /** The bands of every question under a policy; questions with one list of bands share it. */
  const readyFor = (policy: Policy): readonly (readonly Ready[])[] => {
    const lists = questions.map(one => bandsOf(policy, one))
    const forms = new Map([...new Set(lists)].map(list => [list, list.map(formOf)]))
    const byKey = Map.groupBy([...forms.values()].flat(), form => form.key)
    const wanted = (form: BandForm): Set<string> =>
      new Set(byKey.get(form.key)!.flatMap(one => one.coefficients.map(([name]) => name)))
    const made = new Map<readonly Band[], readonly Ready[]>()
    for (const [list, own] of forms)
      made.set(
        list,
        list.map((band, i): Ready => {
          const form = own[i]!
          let lines = prepared.get(form.key)
          if (lines === undefined) {
            lines = unitLines(count, linear, c => cells.at(c, policy), band, wanted(form))
            prepared.set(form.key, lines)
          }
          const limit = band.upTo
          const [n, d] = limit === null ? [0, 0] : small(ratioOf(limit))
          return {
            band,
            upTo: limit === null ? Number.POSITIVE_INFINITY : limit.toNumber(),
            n,
            d,
            class: classNumber(band.class),
            lines,
            terms: form.coefficients.map(([name, value]): Share => {
              const [num, den] = small(ratioOf(value))
              return { by: value.toNumber(), n: num, d: den, term: lines.term(name) }
            }),
            name: `${form.key} ${form.coefficients.map(([name, value]) => `${name}=${value.toString()}`).join(' ')}`,
          }
        }),
      )
    return lists.map(list => made.get(list)!)
  }

  return policy => {
    if (!isMeasured) measure(policy)
    const ready = readyFor(policy)
    const exactLines = new Map<number, readonly Line[]>()
    const exactOf = (c: number): readonly Line[] => {
      const found = exactLines.get(c) ?? linesOf(cells.at(c, policy))
      exactLines.set(c, found)
      return found
    }
    const roundedTie = (c: number, i: number, one: Ready): number => {
      const { name } = one
      const byCell = ties.get(name) ?? new Map<number, number>()
      if (ties.size >= MOST_TIES) ties.clear()
      ties.set(name, byCell)
      const line = byCell.has(c) ? undefined : smallLine(one, c)
      const found = byCell.get(c) ?? (line === undefined ? exactOf(c)[i]!.intercept : rounded(line, 0))
      byCell.set(c, found)
      return found
    }
    const first = new Uint32Array(count + 1)
    let b = 0
    for (let c = 0; c < count; c++) {
      first[c] = b
      if (kind[c] === 'still') continue
      const own = kind[c] === 'anew' ? exactOf(c) : null
      const list = ready[question[c]!]!
      if (b + (own ?? list).length > out.upTo.length) out = enlarged(out)
      if (own !== null) {
        for (const line of own) writeLine(out, b++, line)
        continue
      }
      for (let i = 0; i < list.length; i++) {
        const one = list[i]!
        const { lines, terms } = one
        let slope = lines.constant.slope.near[c]!
        let intercept = lines.constant.intercept.near[c]!
        let slopeSize = Math.abs(slope)
        let interceptSize = Math.abs(intercept)
        for (let t = 0; t < terms.length; t++) {
          const { by, term } = terms[t]!
          const s = by * term.slope.near[c]!
          const a = by * term.intercept.near[c]!
          slope += s
          intercept += a
          slopeSize += Math.abs(s)
          interceptSize += Math.abs(a)
        }
        if (slopeSize === 0) {
          const whole = Math.floor(intercept)
          const part = intercept - whole - 0.5
          intercept = Math.abs(part) <= interceptSize * NEAR ? roundedTie(c, i, one) : part >= 0 ? whole + 1 : whole
        }
        out.upTo[b] = one.upTo === Number.POSITIVE_INFINITY ? one.upTo : limitOf(one, c, policy)
        out.slope[b] = slope
        out.intercept[b] = intercept
        out.slopeSize[b] = slopeSize
        out.interceptSize[b] = interceptSize
        out.cap[b] = lines.cap[c]!
        out.step[b] = lines.step[c]!
        out.inMoney[b] = lines.inMoney[c]!
        out.class[b] = one.class
        b++
      }
    }
    first[count] = b
    const known = new Map<number, SmallLine | ExactLine>()
    return {
      bands: { first, ...out },
      exact(band, cost) {
        let line = known.get(band)
        if (line === undefined) {
          // The cell whose bands these are: the last one that begins at or before it.
          let low = 0
          let high = count - 1
          while (low < high) {
            const middle = (low + high + 1) >>> 1
            if (first[middle]! <= band) low = middle
            else high = middle - 1
          }
          const i = band - first[low]!
          line =
            (kind[low] === 'linear' ? smallLine(ready[question[low]!]![i]!, low) : undefined) ?? exactOf(low)[i]!.exact
          known.set(band, line)
        }
        return typeof line.a === 'number' ? rounded(line as SmallLine, cost) : exactValue(line as ExactLine, cost)
      },
    }
  }

  /** The highest cost in fen that a band holds in a cell. */
  function limitOf({ band, upTo, n, d }: Ready, c: number, policy: Policy): number {
    const top = n * base.n[c]!
    const bottom = d * base.d[c]!
    // A quotient of integers below 2^53 never rounds across an integer.
    if (bottom > 0 && top < Number.MAX_SAFE_INTEGER && bottom < Number.MAX_SAFE_INTEGER) {
      const below = Math.floor(top / bottom)
      return band.op === '<' && below * bottom === top ? below - 1 : below
    }
    const y = upTo * base.near[c]!
    const below = Math.floor(y)
    const part = y - below
    if (part > y * NEAR && part < 1 - y * NEAR) return below
    return bound(band, baseInFen(cells.at(c, policy)))
  }
}

/** The line of a band in a cell in small integers; undefined where they would not be exact. */
function smallLine({ lines: { constant }, terms }: Ready, c: number): SmallLine | undefined {
  let [a, b, d] = [0, 0, 1]
  /** Sum of the absolute parts, over `d`: while it is small every product was exact. */
  let size = 0
  const add = (by: number, over: number, { n, d: own }: Numbers, isSlope: boolean): void => {
    const bottom = over * own[c]!
    const both = (d / commonDivisor(d, bottom)) * bottom
    const part = by * n[c]! * (both / bottom)
    const grown = both / d
    a = a * grown + (isSlope ? part : 0)
    b = b * grown + (isSlope ? 0 : part)
    size = size * grown + Math.abs(part)
    d = both
  }
  for (const { n, d: over, term } of [{ n: 1, d: 1, term: constant }, ...terms]) {
    add(n, over, term.slope, true)
    add(n, over, term.intercept, false)
    // A term that is no small quotient has made d zero or no number.
    if (!(d > 0 && d + size < Number.MAX_SAFE_INTEGER)) return undefined
  }
  return { a, b, d }
}

function commonDivisor(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y > 0) [x, y] = [y, x % y]
  return x
}

/** (a·cost + b) / d rounded half up, exactly. */
function rounded({ a, b, d }: SmallLine, cost: number): number {
  if (2 * (Math.abs(a) * cost + Math.abs(b)) + d < Number.MAX_SAFE_INTEGER)
    return Math.floor((2 * (a * cost + b) + d) / (2 * d))
  return exactValue({ a: BigInt(a), b: BigInt(b), d: BigInt(d) }, cost)
}

type Columns = { -readonly [key in keyof Omit<CellBands, 'first'>]: CellBands[key] }

function createColumns(size: number): Columns {
  const doubles = (): Float64Array => new Float64Array(size)
  return {
    upTo: doubles(),
    slope: doubles(),
    intercept: doubles(),
    slopeSize: doubles(),
    interceptSize: doubles(),
    cap: doubles(),
    step: doubles(),
    inMoney: new Uint8Array(size),
    class: new Uint8Array(size),
  }
}

function enlarged(from: Columns): Columns {
  const to = createColumns(from.upTo.length * 2 + 1024)
  for (const key of Object.keys(from) as (keyof Columns)[]) to[key].set(from[key])
  return to
}

function writeLine(out: Columns, b: number, line: Line): void {
  out.upTo[b] = line.upTo
  out.slope[b] = line.slope
  out.intercept[b] = line.intercept
  out.slopeSize[b] = Math.abs(line.slope)
  out.interceptSize[b] = Math.abs(line.intercept)
  out.cap[b] = line.cap
  out.step[b] = line.step
  out.inMoney[b] = line.inMoney ? 1 : 0
  out.class[b] = classNumber(line.class)
}
