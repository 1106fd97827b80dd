import { fit } from './columns.ts'
import { tickTexts } from './number.ts'
import type { Role } from './palette.ts'
import type { Axis } from './plot.ts'
import { linearScale } from './scale.ts'
import { type Box, CHART_WIDTH, type ChartHead, element, label, line, symbol, textWidth } from './svg.ts'

const NAME_COLUMNS = 40
/** More rows than these have the numbers of the axis above them too. */
export const TALL = 15

/** The inside of a picture with a named row for each item and a horizontal axis. */
export interface Rows extends Box {
  /** Height of the picture. */
  readonly height: number
  /** Grid lines, axis numbers, axis label and row names. */
  readonly marks: readonly string[]
  x(value: number): number
  /** Middle of row `i`. */
  y(i: number): number
}

export interface RowsRoom {
  readonly names: readonly string[]
  readonly axis: Axis
  /** Least and greatest value that must fit. */
  readonly range: readonly [min: number, max: number]
  readonly rowHeight: number
  /** Pixels kept free at the left and right of the outermost ticks, for labels of marks. */
  readonly before?: number
  readonly after?: number
  /** Pixels kept free above, for a legend. */
  readonly above?: number
}

/** Rows from above to below, names at the left, cut with `…` where they are long. */
export function createRows(head: ChartHead, room: RowsRoom): Rows {
  const { names, axis, rowHeight } = room
  const scale = linearScale(...room.range)
  const cut = names.map(name => fit(name, NAME_COLUMNS))
  const gutter = Math.max(60, ...cut.map(name => textWidth(name))) + 14
  const tall = names.length > TALL
  const left = gutter
  const right = (head.width ?? CHART_WIDTH) - 16
  const top = (room.above ?? 0) + (tall ? 26 : 8)
  const bottom = top + names.length * rowHeight
  const from = left + (room.before ?? 0) + 6
  const to = right - (room.after ?? 0) - 6
  const x = (value: number): number => from + scale.at(value) * (to - from)
  const y = (i: number): number => top + (i + 0.5) * rowHeight

  const marks: string[] = []
  const texts = tickTexts(scale.ticks, head.lang)
  for (const [i, tick] of scale.ticks.entries()) {
    const at = x(tick)
    marks.push(line(at, top, at, bottom, tick === 0 ? 'axis' : 'grid'))
    marks.push(label(at, bottom + 12, texts[i]!, { role: 'muted', anchor: 'middle' }))
    if (tall) marks.push(label(at, top - 10, texts[i]!, { role: 'muted', anchor: 'middle' }))
  }
  marks.push(label((from + to) / 2, bottom + 32, axis.label, { role: 'muted', anchor: 'middle' }))
  for (const [i, name] of cut.entries()) marks.push(label(gutter - 10, y(i), name, { anchor: 'end' }))
  return { left, top, right, bottom, height: bottom + 46, marks, x, y }
}

export interface LegendItem {
  readonly name: string
  readonly role: Role
  readonly draw?: (x: number, y: number) => string
}

/** A legend in one or more lines from (0, 0); `height` is what it takes. */
export function legend(items: readonly LegendItem[], width: number): { marks: string[]; height: number } {
  const marks: string[] = []
  let x = 12
  let y = 12
  for (const [i, { name, role, draw }] of items.entries()) {
    const takes = textWidth(name) + 34
    if (x > 12 && x + takes > width) {
      x = 12
      y += 20
    }
    marks.push(draw?.(x, y) ?? symbol(i, x, y, 4.5, role))
    marks.push(label(x + 11, y, name))
    x += takes
  }
  return { marks, height: items.length === 0 ? 0 : y + 14 }
}

/** A small bar for legends. */
export function swatch(paint: Readonly<Record<string, string>>): (x: number, y: number) => string {
  return (x, y) => element('rect', { x: x - 6, y: y - 5, width: 13, height: 10, ...paint })
}
