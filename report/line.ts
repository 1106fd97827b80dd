import { numberColumn, textColumn } from './grid.ts'
import { fullText, shortText } from './number.ts'
import { type Role, SERIES } from './palette.ts'
import { type Axis, bottomAxis, createPlot, named, spread } from './plot.ts'
import { extent, linearScale } from './scale.ts'
import {
  type Chart,
  type ChartHead,
  checkNumber,
  element,
  emptyPicture,
  fill,
  label,
  line,
  mark,
  path,
  picture,
  stroke,
  symbol,
  textWidth,
} from './svg.ts'

export interface LineSeries {
  readonly name: string
  /** One value for each place on the horizontal axis; undefined where there is none. */
  readonly values: readonly (number | undefined)[]
}

/** A range of likely values around the lines, e.g. from a simulation. */
export interface LineBand {
  readonly name: string
  readonly low: readonly number[]
  readonly high: readonly number[]
}

/** A level with its name. */
export interface Level {
  readonly name: string
  readonly value: number
}

export interface LineChart extends ChartHead {
  readonly x: { readonly label: string; readonly values: readonly string[] }
  readonly y: Axis
  readonly series: readonly LineSeries[]
  /** Dashed levels across the picture, e.g. the budgeted value or warning levels; they are in view whatever the lines do. */
  readonly reference?: Level | readonly Level[]
  /** A band, or several within one another, the widest first, as the fan of a forecast. */
  readonly band?: LineBand | readonly LineBand[]
}

/** Lines over an ordered axis such as months, each named at its end. */
export function lineChart(chart: LineChart): Chart {
  const { x, y: axis, series, lang } = chart
  const [levels, bands] = [listOf(chart.reference), listOf(chart.band)]
  const drawn: number[] = []
  const check = (values: readonly (number | undefined)[], name: string): void => {
    if (values.length !== x.values.length) {
      throw new RangeError(`line "${name}" has ${values.length} values, the axis has ${x.values.length}`)
    }
    for (const [i, value] of values.entries()) {
      if (value === undefined) continue
      checkNumber(value, `value ${i} of line "${name}"`)
      drawn.push(value)
    }
  }
  for (const { name, values } of series) check(values, name)
  const data = dataOf(chart)
  if (drawn.length === 0) return { svg: emptyPicture(chart), data }
  for (const band of bands) {
    check(band.low, band.name)
    check(band.high, band.name)
  }
  for (const level of levels) {
    checkNumber(level.value, `reference "${level.name}"`)
    drawn.push(level.value)
  }

  const endings = endingsOf(chart)
  const scale = linearScale(...extent(drawn))
  const right = Math.max(...endings.map(ending => textWidth(ending.text))) + 28
  const plot = createPlot(chart, axis, scale, { height: 360, right })
  const step = (plot.right - plot.left) / x.values.length
  const at = (i: number): number => plot.left + (i + 0.5) * step
  const ticks = x.values.map((text, i) => ({ x: at(i), text }))
  const body = [...plot.marks, ...bottomAxis(plot, x.label, ticks)]

  for (const band of bands) {
    const upper = band.high.map((value, i) => path(at(i), plot.y(value)))
    const lower = band.low.map((value, i) => path(at(i), plot.y(value))).reverse()
    body.push(element('path', { d: `M${[...upper, ...lower].join('L')}z`, ...fill('mark6'), opacity: '0.2' }))
  }
  for (const level of levels) {
    const y = plot.y(level.value)
    body.push(line(plot.left, y, plot.right, y, 'muted', { 'stroke-dasharray': '6 4', 'stroke-width': '1.5' }))
  }
  const radius = step < 12 ? 2 : 3.5
  for (const [s, { name, values }] of series.entries()) {
    const role = SERIES[s % SERIES.length]!
    let d = ''
    for (const [i, value] of values.entries()) {
      if (value !== undefined) d += `${values[i - 1] === undefined ? 'M' : 'L'}${path(at(i), plot.y(value))}`
    }
    if (d !== '') body.push(element('path', { d, ...stroke(role, 2), 'stroke-linejoin': 'round' }))
    for (const [i, value] of values.entries()) {
      if (value === undefined) continue
      const tip = named(`${name} ${x.values[i]!}`, fullText(value, axis.decimals), lang)
      body.push(mark(symbol(s, at(i), plot.y(value), radius, role), tip))
    }
  }
  const heights = spread(
    endings.map(ending => plot.y(ending.value)),
    16,
    plot.top,
    plot.bottom,
  )
  for (const [i, { text, value, role, from }] of endings.entries()) {
    const y = heights[i]!
    const end = from === undefined ? plot.right : at(from) + radius + 2
    body.push(line(end, plot.y(value), plot.right + 10, y, role, { opacity: '0.5' }))
    body.push(label(plot.right + 14, y, text, { role }))
  }
  return { svg: picture(chart, plot.height, body), data }
}

function listOf<T>(given: T | readonly T[] | undefined): readonly T[] {
  return given === undefined ? [] : Array.isArray(given) ? given : [given as T]
}

interface Ending {
  readonly text: string
  readonly value: number
  readonly role: Role
  /** Place of the last value of a line; undefined for levels, which reach the border of the plot. */
  readonly from?: number
}

/** The names at the ends of the lines, of the reference and of the band. */
function endingsOf({ series, reference, band, y, lang }: LineChart): Ending[] {
  const text = (name: string, value: number): string => `${name} ${shortText(value, lang, y.decimals)}`
  const endings: Ending[] = []
  for (const [s, { name, values }] of series.entries()) {
    const from = values.findLastIndex(value => value !== undefined)
    const value = values[from]
    if (value !== undefined) endings.push({ text: text(name, value), value, role: SERIES[s % SERIES.length]!, from })
  }
  for (const level of listOf(reference)) {
    endings.push({ text: text(level.name, level.value), value: level.value, role: 'muted' })
  }
  for (const { name, high } of listOf(band)) endings.push({ text: name, value: high.at(-1)!, role: 'muted' })
  return endings
}

function dataOf({ x, y, series, reference, band }: LineChart): Chart['data'] {
  const text = (value: number | undefined): string => (value === undefined ? '' : fullText(value, y.decimals))
  const columns: LineSeries[] = [...series]
  for (const { name, low, high } of listOf(band)) {
    columns.push({ name: `${name} ≥`, values: low }, { name: `${name} ≤`, values: high })
  }
  for (const { name, value } of listOf(reference)) columns.push({ name, values: x.values.map(() => value) })
  return {
    columns: [textColumn(x.label), ...columns.map(({ name }) => numberColumn(name))],
    rows: x.values.map((place, i) => [place, ...columns.map(({ values }) => text(values[i]))]),
  }
}
