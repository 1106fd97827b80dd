import type { Text } from '../messages/index.ts'
import { numberColumn, textColumn } from './grid.ts'
import { fullText, shortText } from './number.ts'
import { SERIES } from './palette.ts'
import { type Axis, named } from './plot.ts'
import { createRows, legend, swatch } from './rows.ts'
import { extent } from './scale.ts'
import {
  CHART_WIDTH,
  type Chart,
  type ChartHead,
  checkNumber,
  element,
  emptyPicture,
  fill,
  label,
  mark,
  picture,
  symbol,
  textWidth,
} from './svg.ts'

export interface StackChart extends ChartHead {
  /** What the rows stand for; head of the data table. */
  readonly item: string
  readonly items: readonly string[]
  readonly axis: Axis
  /** What the sums consist of; one value for each item. */
  readonly parts: readonly { readonly name: string; readonly values: readonly number[] }[]
}

const ROW = 22
const SUM: Text = { zh: '合计', en: 'Sum' }
/** More parts than colours repeat them paler. */
const PALE = '0.45'

/** Sums with what they consist of: parts above zero to the right of it, parts below to the left, a diamond at the sum. */
export function stackChart(chart: StackChart): Chart {
  const { item, items, axis, parts, lang } = chart
  for (const { name, values } of parts) {
    if (values.length !== items.length) {
      throw new RangeError(`part "${name}" has ${values.length} values, there are ${items.length} items`)
    }
    for (const [i, value] of values.entries()) checkNumber(value, `"${items[i]}" of part "${name}"`)
  }
  const sums = items.map((name, i) => {
    const sum = parts.reduce((all, { values }) => all + values[i]!, 0)
    checkNumber(sum, `the sum of "${name}"`)
    return sum
  })
  const full = (value: number): string => fullText(value, axis.decimals)
  const data = {
    columns: [textColumn(item), ...parts.map(({ name }) => numberColumn(name)), numberColumn(SUM[lang])],
    rows: items.map((name, i) => [name, ...parts.map(({ values }) => full(values[i]!)), full(sums[i]!)]),
  }
  if (items.length === 0 || parts.length === 0) return { svg: emptyPicture(chart), data }

  const paint = (p: number): Record<string, string> => ({
    ...fill(SERIES[p % SERIES.length]!),
    ...(p >= SERIES.length ? { 'fill-opacity': PALE } : {}),
  })
  const key = legend(
    [
      ...parts.map(({ name }, p) => ({ name, role: SERIES[p % SERIES.length]!, draw: swatch(paint(p)) })),
      { name: SUM[lang], role: 'text' as const, draw: (x: number, y: number) => symbol(3, x, y, 4, 'text') },
    ],
    chart.width ?? CHART_WIDTH,
  )
  const side = (i: number, sign: 1 | -1): number =>
    parts.reduce((all, { values }) => all + Math.max(0, sign * values[i]!), 0) * sign
  const texts = sums.map(sum => shortText(sum, lang, axis.decimals))
  const room = (wanted: (sum: number) => boolean): number =>
    Math.max(0, ...texts.map((text, i) => (wanted(sums[i]!) ? textWidth(text) + 12 : 0)))
  const rows = createRows(chart, {
    names: items,
    axis,
    range: extent([0, ...items.flatMap((_, i) => [side(i, 1), side(i, -1)])]),
    rowHeight: ROW,
    before: room(sum => sum < 0),
    after: room(sum => sum >= 0),
    above: key.height,
  })
  const body = [...key.marks, ...rows.marks]
  for (const [i, name] of items.entries()) {
    const y = rows.y(i)
    const at = { right: 0, left: 0 }
    for (const [p, { name: part, values }] of parts.entries()) {
      const value = values[i]!
      if (value === 0) continue
      const from = value > 0 ? at.right : at.left
      if (value > 0) at.right += value
      else at.left += value
      const [x1, x2] = [rows.x(Math.min(from, from + value)), rows.x(Math.max(from, from + value))]
      const bar = element('rect', { x: x1, y: y - 7, width: Math.max(0.5, x2 - x1), height: 14, ...paint(p) })
      body.push(mark(bar, named(`${name} ${part}`, full(value), lang)))
    }
    const sum = symbol(3, rows.x(sums[i]!), y, 4, 'text')
    body.push(mark(sum, named(`${name} ${SUM[lang]}`, full(sums[i]!), lang)))
    const isLoss = sums[i]! < 0
    const end = isLoss ? rows.x(Math.min(at.left, sums[i]!)) - 8 : rows.x(Math.max(at.right, sums[i]!)) + 8
    body.push(label(end, y, texts[i]!, { anchor: isLoss ? 'end' : 'start', size: 11, halo: true }))
  }
  return { svg: picture(chart, rows.height, body), data }
}
