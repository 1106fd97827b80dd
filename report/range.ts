import { fit } from './columns.ts'
import { numberColumn, textColumn } from './grid.ts'
import { fullText, tickTexts } from './number.ts'
import { type Axis, named } from './plot.ts'
import { legend, swatch, TALL } from './rows.ts'
import { extent, linearScale, logScale } from './scale.ts'
import {
  CHART_WIDTH,
  type Chart,
  type ChartHead,
  checkNumber,
  element,
  emptyPicture,
  fill,
  label,
  line,
  mark,
  picture,
  stroke,
  symbol,
  textWidth,
} from './svg.ts'

/** One row: a thin line, a box on it, a point, and ticks such as limits. All but the point may be absent. */
export interface RangeRow {
  readonly label: string
  readonly line?: readonly [low: number, high: number]
  readonly box?: readonly [low: number, high: number]
  readonly point?: number
  /** A second point, such as last year's value. */
  readonly other?: number
  readonly ticks?: readonly number[]
}

export interface RangeChart extends ChartHead {
  /** What the rows stand for; head of the data table. */
  readonly item: string
  readonly axis: Axis
  /** A logarithmic axis; all numbers must then be above zero. */
  readonly log?: boolean
  /** What the parts of a row are, for the legend and the data table; a part without a name is not drawn. */
  readonly names: {
    readonly line?: string
    readonly box?: string
    readonly point?: string
    readonly other?: string
    readonly ticks?: string
  }
  readonly rows: readonly RangeRow[]
}

const ROW = 20

/** Ranges of several items on one axis: distributions with their limits, or values with their intervals. */
export function rangeChart(chart: RangeChart): Chart {
  const { rows, axis, names, lang } = chart
  const drawn = rows.flatMap(row => {
    const values = [...(row.line ?? []), ...(row.box ?? []), row.point, row.other, ...(row.ticks ?? [])].filter(
      one => one !== undefined,
    )
    for (const value of values) checkNumber(value, `a value of "${row.label}"`)
    return values
  })
  const data = dataOf(chart)
  if (drawn.length === 0) return { svg: emptyPicture(chart), data }

  const width = chart.width ?? CHART_WIDTH
  const key = legend(
    [
      ...(names.line === undefined
        ? []
        : [
            {
              name: names.line,
              role: 'axis' as const,
              draw: (x: number, y: number) => line(x - 7, y, x + 7, y, 'axis', { 'stroke-width': '2' }),
            },
          ]),
      ...(names.box === undefined
        ? []
        : [{ name: names.box, role: 'mark1' as const, draw: swatch({ ...fill('mark1'), opacity: '0.35' }) }]),
      ...(names.ticks === undefined
        ? []
        : [{ name: names.ticks, role: 'mark2' as const, draw: (x: number, y: number) => tick(x, y) }]),
      ...(names.point === undefined
        ? []
        : [{ name: names.point, role: 'mark1' as const, draw: (x: number, y: number) => symbol(0, x, y, 4, 'mark1') }]),
      ...(names.other === undefined
        ? []
        : [{ name: names.other, role: 'mark2' as const, draw: (x: number, y: number) => symbol(3, x, y, 4, 'mark2') }]),
    ],
    width,
  )
  const scale = chart.log === true ? logScale(...extent(drawn)) : linearScale(...extent(drawn))
  const cut = rows.map(row => fit(row.label, 40))
  const gutter = Math.max(60, ...cut.map(name => textWidth(name))) + 24
  const tall = rows.length > TALL
  const top = key.height + (tall ? 26 : 8)
  const bottom = top + rows.length * ROW
  const [from, to] = [gutter + 6, width - 30]
  const x = (value: number): number => from + scale.at(value) * (to - from)

  const body = [...key.marks]
  const texts = tickTexts(scale.ticks, lang)
  for (const [i, value] of scale.ticks.entries()) {
    body.push(line(x(value), top, x(value), bottom, value === 0 ? 'axis' : 'grid'))
    body.push(label(x(value), bottom + 12, texts[i]!, { role: 'muted', anchor: 'middle' }))
    if (tall) body.push(label(x(value), top - 10, texts[i]!, { role: 'muted', anchor: 'middle' }))
  }
  body.push(label((from + to) / 2, bottom + 32, axis.label, { role: 'muted', anchor: 'middle' }))
  for (const [i, row] of rows.entries()) {
    const y = top + (i + 0.5) * ROW
    body.push(label(gutter - 10, y, cut[i]!, { anchor: 'end' }))
    const shapes: string[] = []
    if (row.line !== undefined) shapes.push(line(x(row.line[0]), y, x(row.line[1]), y, 'axis', { 'stroke-width': '2' }))
    if (row.box !== undefined) {
      const [low, high] = row.box.map(x) as [number, number]
      const shape = { x: low, y: y - 6, width: Math.max(1, high - low), height: 12 }
      shapes.push(element('rect', { ...shape, ...fill('ground') }))
      shapes.push(element('rect', { ...shape, ...fill('mark1'), opacity: '0.35' }))
      shapes.push(element('rect', { ...shape, ...stroke('mark1', 1), fill: 'none' }))
    }
    for (const value of row.ticks ?? []) shapes.push(tick(x(value), y))
    if (row.other !== undefined) shapes.push(symbol(3, x(row.other), y, 4, 'mark2'))
    if (row.point !== undefined) shapes.push(symbol(0, x(row.point), y, 4, 'mark1'))
    const values = [row.point, row.other].filter(one => one !== undefined).map(one => fullText(one, axis.decimals))
    const around = row.line === undefined ? '' : ` (${row.line.map(one => fullText(one, axis.decimals)).join(' – ')})`
    body.push(mark(shapes.join(''), named(row.label, `${values.join(' / ')}${around}`, lang)))
  }
  return { svg: picture(chart, bottom + 46, body), data }
}

function tick(x: number, y: number): string {
  return line(x, y - 8, x, y + 8, 'mark2', { 'stroke-width': '2' })
}

function dataOf({ item, names, rows, axis }: RangeChart): Chart['data'] {
  const text = (value: number | undefined): string => (value === undefined ? '' : fullText(value, axis.decimals))
  const pair = (name: string | undefined): string[] => (name === undefined ? [] : [`${name} ≥`, `${name} ≤`])
  const one = (name: string | undefined): string[] => (name === undefined ? [] : [name])
  return {
    columns: [
      textColumn(item),
      ...[...one(names.point), ...one(names.other), ...pair(names.line), ...pair(names.box), ...pair(names.ticks)].map(
        numberColumn,
      ),
    ],
    rows: rows.map(row => [
      row.label,
      ...(names.point === undefined ? [] : [text(row.point)]),
      ...(names.other === undefined ? [] : [text(row.other)]),
      ...(names.line === undefined ? [] : [text(row.line?.[0]), text(row.line?.[1])]),
      ...(names.box === undefined ? [] : [text(row.box?.[0]), text(row.box?.[1])]),
      ...(names.ticks === undefined ? [] : [text(row.ticks?.[0]), text(row.ticks?.[1])]),
    ]),
  }
}
