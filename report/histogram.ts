import type { Text } from '../messages/index.ts'
import { numberColumn, textColumn } from './grid.ts'
import { fullText, tickTexts } from './number.ts'
import { GAIN, LOSS } from './palette.ts'
import { type Axis, bottomAxis, createPlot, named } from './plot.ts'
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
  picture,
  textWidth,
} from './svg.ts'

/** Bins of equal width: bin `i` holds start + i·width ≤ value < start + (i + 1)·width. */
export interface Bins {
  readonly start: number
  readonly width: number
  readonly counts: readonly number[]
  /** The last bin holds everything above it too. */
  readonly lastOpen?: boolean
}

export interface Limit {
  readonly name: string
  readonly value: number
}

export interface HistogramChart extends ChartHead {
  readonly x: Axis
  readonly y: Axis
  readonly bins: Bins
  /** Limit lines, ascending; bins outside the first and last (or above a single one) are drawn in another colour. */
  readonly limits?: readonly Limit[]
}

const REST: Text = { zh: '及以上', en: ' and more' }

/** Counts numbers into about `count` bins of a round width that reach from the least to the greatest. */
export function roundBins(values: readonly number[], count = 24): Bins {
  for (const value of values) checkNumber(value, 'a value to count')
  if (values.length === 0) return { start: 0, width: 1, counts: [] }
  const { ticks } = linearScale(...extent(values), count)
  const [start, next] = ticks as [number, number]
  const width = Number((next - start).toPrecision(12))
  // The scale lets a value lie a hair outside its first tick.
  const kept = values.map(value => Math.max(value, start))
  return { start, width, counts: countBins(kept, start, width, Math.max(1, ticks.length - 1)).counts }
}

/** Counts numbers into `count` bins of equal width; the last takes everything above it too. Below `start` is refused. */
export function countBins(values: Iterable<number>, start: number, width: number, count: number): Bins {
  if (!(width > 0 && count >= 1))
    throw new RangeError(`bins need a positive width and number, found ${width}, ${count}`)
  const counts = Array.from({ length: count }, () => 0)
  for (const value of values) {
    checkNumber(value, 'a value to count')
    if (value < start) throw new RangeError(`value ${value} lies below the first bin, which begins at ${start}`)
    let bin = Math.min(count - 1, Math.floor((value - start) / width))
    // Division errs by a hair: 0.3 / 0.1 is 2.9999999999999996. The printed edge decides.
    if (bin < count - 1 && value >= edge(start, width, bin + 1)) bin++
    else if (bin > 0 && value < edge(start, width, bin)) bin--
    counts[bin]! += 1
  }
  return { start, width, counts, lastOpen: true }
}

function edge(start: number, width: number, i: number): number {
  return Number((start + i * width).toPrecision(12))
}

/** How numbers are distributed, with limit lines. */
export function histogramChart(chart: HistogramChart): Chart {
  const { x: across, y: up, bins, limits = [], lang } = chart
  const { start, width, counts } = bins
  checkNumber(start, 'start of the bins')
  checkNumber(width, 'width of the bins')
  if (width <= 0) throw new RangeError(`width of the bins must be positive, found ${width}`)
  for (const [i, count] of counts.entries()) {
    checkNumber(count, `count of bin ${i}`)
    if (count < 0) throw new RangeError(`count of bin ${i} must not be negative, found ${count}`)
  }
  for (const { name, value } of limits) checkNumber(value, `limit "${name}"`)
  const nameOf = (i: number): string => {
    const low = fullText(edge(start, width, i), across.decimals)
    if (bins.lastOpen === true && i === counts.length - 1) return `${low}${REST[lang]}`
    return `${low} – ${fullText(edge(start, width, i + 1), across.decimals)}`
  }
  const data = {
    columns: [textColumn(across.label), numberColumn(up.label)],
    rows: counts.map((count, i) => [nameOf(i), fullText(count, up.decimals)]),
  }
  if (counts.length === 0) return { svg: emptyPicture(chart), data }

  const end = edge(start, width, counts.length)
  const scale = linearScale(...extent([0, ...counts]))
  const plot = createPlot(chart, up, scale, { height: 340, top: limits.length * 16 })
  const x = (value: number): number => plot.left + ((value - start) / (end - start)) * (plot.right - plot.left)
  const ticks = linearScale(start, end, 12).ticks.filter(tick => tick >= start && tick <= end)
  const texts = tickTexts(ticks, lang)
  const body = [
    ...plot.marks,
    ...bottomAxis(
      plot,
      across.label,
      ticks.map((tick, i) => ({ x: x(tick), text: texts[i]! })),
    ),
  ]
  const low = limits.length > 1 ? limits[0]!.value : Number.NEGATIVE_INFINITY
  const high = limits.at(-1)?.value ?? Number.POSITIVE_INFINITY
  for (const [i, count] of counts.entries()) {
    const middle = start + (i + 0.5) * width
    const from = x(edge(start, width, i))
    const top = plot.y(count)
    const bar = element('rect', {
      x: from + 0.5,
      y: top,
      width: Math.max(0.5, x(edge(start, width, i + 1)) - from - 1),
      height: plot.bottom - top,
      ...fill(middle < low || middle > high ? LOSS : GAIN),
    })
    body.push(mark(bar, named(nameOf(i), fullText(count, up.decimals), lang)))
  }
  for (const [i, { name, value }] of limits.entries()) {
    if (value < start || value > end) continue
    const text = `${name} ${fullText(value)}`
    const at = x(value)
    const y = plot.top - 10 - (limits.length - 1 - i) * 16
    const turned = at + textWidth(text) + 6 > plot.right
    body.push(line(at, y - 6, at, plot.bottom, 'text', { 'stroke-dasharray': '5 3', 'stroke-width': '1.5' }))
    body.push(label(turned ? at - 5 : at + 5, y, text, { anchor: turned ? 'end' : 'start', halo: true }))
  }
  return { svg: picture(chart, plot.height, body), data }
}
