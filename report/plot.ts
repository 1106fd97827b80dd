import type { Lang } from '../messages/index.ts'
import { tickTexts } from './number.ts'
import type { Scale } from './scale.ts'
import { type Box, CHART_WIDTH, type ChartHead, label, line, textWidth } from './svg.ts'

/** The label of an axis and how its numbers are written. */
export interface Axis {
  /** With the unit, e.g. "点值（元/点）". */
  readonly label: string
  /** Digits after the point in labels of marks and in the data table; default as needed. */
  readonly decimals?: number
}

/** The inside of a picture with a vertical axis. */
export interface Plot extends Box {
  readonly width: number
  readonly height: number
  /** Grid lines, axis numbers and the axis label. */
  readonly marks: readonly string[]
  y(value: number): number
}

export interface PlotRoom {
  readonly height: number
  readonly top?: number
  readonly right?: number
  readonly bottom?: number
  /** Pixels between the outermost ticks and the border of the plot. */
  readonly inset?: number
}

/** A plot with the vertical axis at its left; the axis label lies above it, where it needs no turning of the head. */
export function createPlot(head: ChartHead, axis: Axis, scale: Scale, room: PlotRoom): Plot {
  const width = head.width ?? CHART_WIDTH
  const texts = tickTexts(scale.ticks, head.lang)
  const inset = room.inset ?? 0
  const left = Math.max(...texts.map(text => textWidth(text))) + 14
  const top = (room.top ?? 0) + 32
  const bottom = room.height - (room.bottom ?? 44)
  const right = width - (room.right ?? 16)
  const y = (value: number): number => bottom - inset - scale.at(value) * (bottom - top - 2 * inset)
  const marks = [label(4, top - 20, axis.label, { role: 'muted' })]
  for (const [i, tick] of scale.ticks.entries()) {
    marks.push(line(left, y(tick), right, y(tick), 'grid'))
    marks.push(label(left - 8, y(tick), texts[i]!, { role: 'muted', anchor: 'end' }))
  }
  return { left, top, right, bottom, width, height: room.height, marks, y }
}

/** Numbers under a plot; those that would touch the one before are left out. */
export function bottomAxis(plot: Plot, axisLabel: string, ticks: readonly { x: number; text: string }[]): string[] {
  const marks = [line(plot.left, plot.bottom, plot.right, plot.bottom, 'axis')]
  let free = Number.NEGATIVE_INFINITY
  for (const { x, text } of ticks) {
    const half = textWidth(text) / 2
    if (x - half < free) continue
    free = x + half + 8
    marks.push(line(x, plot.bottom, x, plot.bottom + 4, 'axis'))
    marks.push(label(x, plot.bottom + 14, text, { role: 'muted', anchor: 'middle' }))
  }
  marks.push(label((plot.left + plot.right) / 2, plot.bottom + 32, axisLabel, { role: 'muted', anchor: 'middle' }))
  return marks
}

/** Heights of labels moved apart so that none stands closer than `gap` to the next, within [low, high] where possible. */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b)
  const placed = [...wanted]
  let next = low
  for (const i of order) {
    placed[i] = Math.max(placed[i]!, next)
    next = placed[i]! + gap
  }
  next = high
  for (const i of order.reverse()) {
    placed[i] = Math.min(placed[i]!, next)
    next = placed[i]! - gap
  }
  return placed
}

/** Chinese names and numbers are parted by a colon of their own. */
export function named(name: string, value: string, lang: Lang): string {
  return lang === 'zh' ? `${name}：${value}` : `${name}: ${value}`
}
