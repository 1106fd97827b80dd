import { numberColumn, textColumn } from './grid.ts'
import { fullText, tickTexts } from './number.ts'
import { GAIN, LOSS } from './palette.ts'
import { type Axis, bottomAxis, createPlot, named, type Plot } from './plot.ts'
import { extent, linearScale, logScale } from './scale.ts'
import {
  type Box,
  type Chart,
  type ChartHead,
  checkNumber,
  element,
  emptyPicture,
  FONT_SIZE,
  fill,
  label,
  line,
  mark,
  overlap,
  picture,
  textWidth,
} from './svg.ts'

export interface Bubble {
  readonly label: string
  readonly x: number
  readonly y: number
  /** Area of the bubble, not negative; e.g. cases. */
  readonly size: number
}

export interface QuadrantAxis extends Axis {
  /** Where the quadrants part; default the middle of the axis for x, 0 for y. */
  readonly split?: number
}

export interface QuadrantChart extends ChartHead {
  readonly item: string
  readonly x: QuadrantAxis & { readonly log?: boolean }
  readonly y: QuadrantAxis
  readonly size: Axis
  readonly bubbles: readonly Bubble[]
  /** Names of the quadrants: upper left, upper right, lower left, lower right. */
  readonly corners?: readonly [string, string, string, string]
  /** At most so many bubbles are named; default 20. */
  readonly labels?: number
}

interface Drawn {
  readonly bubble: Bubble
  readonly x: number
  readonly y: number
  readonly r: number
}

const INSET = 16
const RADIUS = 20
const LEAST_RADIUS = 2.5
/** A name may lie over so many other bubbles. */
const CROWD = 2

/** Items by two measures, with quadrants; bubbles by size, the most extreme named where there is room. */
export function quadrantChart(chart: QuadrantChart): Chart {
  const { item, x: across, y: up, size, bubbles, lang } = chart
  for (const { label: name, ...values } of bubbles) {
    for (const [key, value] of Object.entries(values)) checkNumber(value, `${key} of "${name}"`)
    if (values.size < 0) throw new RangeError(`size of "${name}" must not be negative, found ${values.size}`)
    if (across.log === true && values.x <= 0) {
      throw new RangeError(`x of "${name}" must be positive on a logarithmic axis, found ${values.x}`)
    }
  }
  const data = {
    columns: [textColumn(item), numberColumn(across.label), numberColumn(up.label), numberColumn(size.label)],
    rows: bubbles.map(({ label: name, ...values }) => [
      name,
      fullText(values.x, across.decimals),
      fullText(values.y, up.decimals),
      fullText(values.size, size.decimals),
    ]),
  }
  if (bubbles.length === 0) return { svg: emptyPicture(chart), data }

  const ySplit = up.split ?? 0
  checkNumber(ySplit, 'split of y')
  const yScale = linearScale(...extent([ySplit, ...bubbles.map(bubble => bubble.y)]))
  const plot = createPlot(chart, up, yScale, { height: 540, inset: INSET })
  const xs = bubbles.map(bubble => bubble.x)
  if (across.split !== undefined) {
    checkNumber(across.split, 'split of x')
    xs.push(across.split)
  }
  const xScale = across.log === true ? logScale(...extent(xs)) : linearScale(...extent(xs), 8)
  const x = (value: number): number => plot.left + INSET + xScale.at(value) * (plot.right - plot.left - 2 * INSET)
  const xSplit = across.split === undefined ? (plot.left + plot.right) / 2 : x(across.split)
  // Ticks of a logarithmic axis span many sizes: each has the unit that suits it.
  const texts =
    across.log === true ? xScale.ticks.flatMap(tick => tickTexts([tick], lang)) : tickTexts(xScale.ticks, lang)
  const ticks = xScale.ticks.map((tick, i) => ({ x: x(tick), text: texts[i]! }))

  const largest = Math.max(...bubbles.map(bubble => bubble.size))
  const drawn = bubbles
    .map(bubble => ({
      bubble,
      x: x(bubble.x),
      y: plot.y(bubble.y),
      r: largest === 0 ? LEAST_RADIUS : Math.max(LEAST_RADIUS, RADIUS * Math.sqrt(bubble.size / largest)),
    }))
    // Small bubbles on top of large ones, so that each can be seen and pointed at.
    .sort((a, b) => b.r - a.r)

  const level = plot.y(ySplit)
  const body = [
    ...plot.marks,
    ...ticks.map(tick => line(tick.x, plot.top, tick.x, plot.bottom, 'grid')),
    ...bottomAxis(plot, across.label, ticks),
    line(plot.left, level, plot.right, level, 'text', { 'stroke-width': '1.2' }),
    line(xSplit, plot.top, xSplit, plot.bottom, 'text', { 'stroke-width': '1.2' }),
  ]
  for (const { bubble, x: cx, y: cy, r } of drawn) {
    const circle = element('circle', { cx, cy, r, ...fill(bubble.y < ySplit ? LOSS : GAIN), 'fill-opacity': '0.5' })
    const numbers = [
      named(across.label, fullText(bubble.x, across.decimals), lang),
      named(up.label, fullText(bubble.y, up.decimals), lang),
      named(size.label, fullText(bubble.size, size.decimals), lang),
    ]
    body.push(mark(circle, `${bubble.label}\n${numbers.join('\n')}`))
  }
  const corners = cornersOf(plot, chart.corners)
  for (const { text, x: at, y, anchor } of corners)
    body.push(label(at, y, text, { role: 'muted', anchor, bold: true, halo: true }))
  const names = placeLabels(
    drawn,
    plot,
    { x: xSplit, y: level },
    corners.map(corner => corner.box),
    chart.labels ?? 20,
  )
  body.push(...names)
  return { svg: picture(chart, plot.height, body), data }
}

function cornersOf(plot: Plot, corners: QuadrantChart['corners']) {
  return (corners ?? []).map((text, i) => {
    const right = i % 2 === 1
    const y = i < 2 ? plot.top + 11 : plot.bottom - 11
    const x = right ? plot.right - 6 : plot.left + 6
    const anchor = right ? ('end' as const) : ('start' as const)
    return { text, x, y, anchor, box: boxOf(x, y, text, anchor) }
  })
}

function boxOf(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end'): Box {
  const width = textWidth(text)
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { left, right: left + width, top: y - FONT_SIZE * 0.65, bottom: y + FONT_SIZE * 0.65 }
}

/**
 * Names the bubbles that lie farthest from where the quadrants meet (height counts more than breadth, and size counts),
 * each at that one of eight places around it which touches no other name, not the border, and the fewest other bubbles.
 * A bubble without such a place, or in a crowd, goes without a name; its tip and the data table have it.
 */
function placeLabels(
  drawn: readonly Drawn[],
  plot: Plot,
  centre: { x: number; y: number },
  taken: readonly Box[],
  most: number,
): string[] {
  const width = plot.right - plot.left
  const height = plot.bottom - plot.top
  const extremeness = ({ x, y, r }: Drawn): number =>
    Math.hypot((0.5 * (x - centre.x)) / width, (1.5 * (y - centre.y)) / height) + (0.5 * r) / RADIUS
  const order = [...drawn].sort((a, b) => extremeness(b) - extremeness(a))
  const occupied = [...taken]
  const marks: string[] = []
  for (const own of order.slice(0, 3 * most)) {
    if (marks.length >= most) break
    const places = placesAround(own)
      .map(place => ({ ...place, box: boxOf(place.x, place.y, own.bubble.label, place.anchor) }))
      .filter(({ box }) => inside(box, plot) && !occupied.some(other => overlap(box, other)))
      .map(place => ({ ...place, covered: drawn.filter(each => each !== own && covers(each, place.box)).length }))
      .filter(place => place.covered <= CROWD)
    const place = places.reduce<(typeof places)[number] | undefined>(
      (best, each) => (best === undefined || each.covered < best.covered ? each : best),
      undefined,
    )
    if (place === undefined) continue
    occupied.push(place.box)
    marks.push(label(place.x, place.y, own.bubble.label, { anchor: place.anchor, halo: true }))
  }
  return marks
}

interface Place {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
}

function placesAround({ x, y, r }: Drawn): Place[] {
  const side = r + 4
  const above = r + FONT_SIZE * 0.75
  const slant = r * 0.7 + 4
  return [
    { x: x + side, y, anchor: 'start' },
    { x: x - side, y, anchor: 'end' },
    { x, y: y - above, anchor: 'middle' },
    { x, y: y + above, anchor: 'middle' },
    { x: x + slant, y: y - slant, anchor: 'start' },
    { x: x + slant, y: y + slant, anchor: 'start' },
    { x: x - slant, y: y - slant, anchor: 'end' },
    { x: x - slant, y: y + slant, anchor: 'end' },
  ]
}

function inside(box: Box, frame: Box): boolean {
  return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom
}

function covers({ x, y, r }: Drawn, box: Box): boolean {
  return overlap({ left: x - r, right: x + r, top: y - r, bottom: y + r }, box)
}
