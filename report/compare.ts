import { numberColumn, textColumn } from './grid.ts'
import { fullText } from './number.ts'
import { SERIES } from './palette.ts'
import { type Axis, named } from './plot.ts'
import { createRows, legend, TALL } from './rows.ts'
import { extent } from './scale.ts'
import {
  CHART_WIDTH,
  type Chart,
  type ChartHead,
  checkNumber,
  emptyPicture,
  label,
  line,
  mark,
  picture,
  symbol,
} from './svg.ts'

export interface CompareSeries {
  readonly name: string
  /** One value for each item; undefined where there is none. */
  readonly values: readonly (number | undefined)[]
}

export interface CompareChart extends ChartHead {
  /** What the rows stand for, e.g. "医疗机构"; head of the data table. */
  readonly item: string
  readonly items: readonly string[]
  readonly axis: Axis
  /** One series a scenario. */
  readonly series: readonly CompareSeries[]
  /** The level that all are compared with, e.g. no change. */
  readonly baseline?: { readonly name: string; readonly value: number }
}

/** A dot for each item and scenario, the dots of an item joined by a thin line. */
export function compareChart(chart: CompareChart): Chart {
  const { item, items, axis, series, baseline, lang } = chart
  const drawn: number[] = []
  for (const { name, values } of series) {
    if (values.length !== items.length) {
      throw new RangeError(`series "${name}" has ${values.length} values, there are ${items.length} items`)
    }
    for (const [i, value] of values.entries()) {
      if (value === undefined) continue
      checkNumber(value, `"${items[i]}" of series "${name}"`)
      drawn.push(value)
    }
  }
  if (baseline !== undefined) checkNumber(baseline.value, `baseline "${baseline.name}"`)
  const full = (value: number | undefined): string => (value === undefined ? '' : fullText(value, axis.decimals))
  const data = {
    columns: [textColumn(item), ...series.map(({ name }) => numberColumn(name))],
    rows: items.map((name, i) => [name, ...series.map(({ values }) => full(values[i]))]),
  }
  if (drawn.length === 0) return { svg: emptyPicture(chart), data }

  const key = legend(
    series.map(({ name }, s) => ({ name, role: SERIES[s % SERIES.length]! })),
    chart.width ?? CHART_WIDTH,
  )
  const rows = createRows(chart, {
    names: items,
    axis,
    range: extent(baseline === undefined ? drawn : [...drawn, baseline.value]),
    rowHeight: 20,
    above: key.height + (baseline === undefined ? 0 : 18),
  })
  const body = [...key.marks, ...rows.marks]
  if (baseline !== undefined) {
    const x = rows.x(baseline.value)
    const above = key.height + 6
    body.push(line(x, items.length > TALL ? rows.top : above + 8, x, rows.bottom, 'text', { 'stroke-width': '1.5' }))
    body.push(label(x, above, baseline.name, { role: 'muted', anchor: 'middle' }))
  }
  for (const [i, name] of items.entries()) {
    const y = rows.y(i)
    const values = series.flatMap(each => each.values[i] ?? [])
    if (values.length === 0) continue
    const [low, high] = extent(values)
    body.push(line(rows.x(low), y, rows.x(high), y, 'axis', { 'stroke-width': '1.5' }))
    for (const [s, { name: scenario, values: all }] of series.entries()) {
      const value = all[i]
      if (value === undefined) continue
      const dot = symbol(s, rows.x(value), y, 4.5, SERIES[s % SERIES.length]!)
      body.push(mark(dot, named(`${name} ${scenario}`, fullText(value, axis.decimals), lang)))
    }
  }
  return { svg: picture(chart, rows.height, body), data }
}
