import type { Cell } from './cell.ts'
import { piecesOf } from './cell-line.ts'
import { classNumber } from './classes.ts'
import { type BandColumns, cellOf, type Layout, type Line, lineOf, type Plan, type PlanInput, ROW } from './plan.ts'
import type { Ratio } from './ratio.ts'
import type { TrackCell } from './tracks.ts'
import { ordinary, type Variant } from './variant.ts'

/** Up to so many bands all cells have the same number of places. */
const MOST_PLACES = 8

/** Where a cell stands: its group, status and variant, its column and insurance. */
type Place = TrackCell

/**
 * Compiles the cells that occur (`used`, by ordinary cell) and those of tracks; every other cell stays empty. Cells with the
 * same figures share their lines.
 */
export function compilePlan(
  input: PlanInput,
  layout: Layout,
  used: Uint8Array,
  tracks: readonly TrackCell[] = [],
): Plan {
  const { columns, insurances, ordinaryCells } = layout.plan
  const cellAt = (place: Place): Cell =>
    cellOf(input, place, { ...layout.columns[place.column]!, insurance: input.insurances[place.insurance] ?? '' })
  const firstBand = new Int32Array(ordinaryCells + tracks.length).fill(-1)
  const places: Place[] = []
  const lines = createLines()
  const known = new Map<Variant, Map<number, Compiled[]>>()
  const add = (at: number, place: Place): void => {
    const { variant, group, status } = place
    const cell = cellAt(place)
    const ofVariant = known.get(variant) ?? new Map<number, Compiled[]>()
    known.set(variant, ofVariant)
    const alike = ofVariant.get(group * 4 + status) ?? []
    ofVariant.set(group * 4 + status, alike)
    const same = alike.find(one => hasLines(one, cell))
    firstBand[at] = same?.at ?? places.length
    if (same !== undefined) return
    const asked = { level: false, insurance: false }
    lines.add(linesOf(new Watched(cell, asked) as unknown as Cell))
    alike.push({ cell, asked, at: places.length })
    places.push(place)
  }
  const plain = ordinary(input.policy)
  const stays: Variant = { ...plain, rest: 'stay', own: 0 }
  for (const [r, { isStay, ...row }] of layout.rows.entries()) {
    const variant = isStay ? stays : plain
    for (let c = 0; c < columns; c++) {
      for (let s = 0; s < insurances; s++) {
        const cell = (r * columns + c) * insurances + s
        if (used[cell] === 1) add(cell, { ...row, variant, column: c, insurance: s })
      }
    }
  }
  for (const [i, track] of tracks.entries()) add(ordinaryCells + i, track)
  const { bands, starts } = lines.columns()
  const exact = new Map<number, readonly Line[]>()
  const position = new Map(Array.from(starts, (first, n) => [first, n]))
  return {
    ...layout.plan,
    firstBand: firstBand.map(n => (n < 0 ? n : starts[n]!)),
    bands,
    // Few values are asked for exactly: their lines are made again rather than kept.
    linesAt(first) {
      const found = exact.get(first) ?? linesOf(cellAt(places[position.get(first)!]!))
      exact.set(first, found)
      return found
    },
  }
}

function linesOf(cell: Cell): readonly Line[] {
  return piecesOf(cell).map(({ upTo, value }) => lineOf(cell, upTo, value))
}

/** Gathers the lines of one cell after another, as numbers only. */
function createLines(): {
  add(lines: readonly Line[]): void
  columns(): { readonly bands: BandColumns; readonly starts: Int32Array }
} {
  const upTo: number[] = []
  const rows: number[] = []
  const counts: number[] = []
  return {
    add(lines) {
      counts.push(lines.length)
      for (const { slope, intercept, cap, step, certainUpTo, fixed, inMoney, class: name, upTo: end } of lines) {
        upTo.push(end)
        rows.push(slope, intercept, cap, certainUpTo)
        rows.push(inMoney ? 0 : step, inMoney ? step : 0, inMoney ? 0 : fixed, classNumber(name))
      }
    },
    columns() {
      const widest = counts.reduce((all, n) => Math.max(all, n), 0)
      const most = widest > MOST_PLACES ? 0 : widest
      const places = most === 0 ? upTo.length : counts.length * most
      const bands = { most, upTo: new Float64Array(places), rows: new Float64Array(places * ROW) }
      const starts = new Int32Array(counts.length)
      let [from, to] = [0, 0]
      for (const [n, count] of counts.entries()) {
        starts[n] = to
        // Behind the last band, which has no end, stands the same one again.
        for (let b = 0; b < Math.max(count, most); b++, to++) {
          const line = from + Math.min(b, count - 1)
          bands.upTo[to] = upTo[line]!
          for (let k = 0; k < ROW; k++) bands.rows[to * ROW + k] = rows[line * ROW + k]!
        }
        from += count
      }
      return { bands, starts }
    },
  }
}

/** A cell with the position of its lines, and what they were asked of its setting. */
interface Compiled {
  readonly cell: Cell
  readonly asked: Asked
  readonly at: number
}

interface Asked {
  level: boolean
  insurance: boolean
}

/** A cell that notes in `asked` when its level or insurance is read; a class, so that all of them have one shape. */
class Watched {
  readonly of: Cell
  readonly asked: Asked
  constructor(of: Cell, asked: Asked) {
    const { level: _, insurance: __, ...rest } = of
    Object.assign(this, rest)
    this.of = of
    this.asked = asked
  }
  get level(): string {
    this.asked.level = true
    return this.of.level
  }
  get insurance(): string {
    this.asked.insurance = true
    return this.of.insurance
  }
}

/** Whether a cell of the same group, status and variant has these lines: it has the same figures, and whatever they depend on. */
function hasLines({ cell: one, asked }: Compiled, cell: Cell): boolean {
  return (
    isSame(one.coefficient, cell.coefficient) &&
    isSame(one.mean, cell.mean) &&
    isSame(one.base, cell.base) &&
    isSame(one.weight, cell.weight) &&
    isSame(one.volume, cell.volume) &&
    (one.level === cell.level || !asked.level) &&
    (one.insurance === cell.insurance || !asked.insurance)
  )
}

function isSame(a: Ratio | null, b: Ratio | null): boolean {
  return a === b || (a !== null && b !== null && a.n === b.n && a.d === b.d)
}
