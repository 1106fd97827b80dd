import type { Text } from '../messages/index.ts'
import { numberColumn, textColumn } from './grid.ts'
import { fullText, tickTexts } from './number.ts'
import { SERIES } from './palette.ts'
import { named } from './plot.ts'
import { legend } from './rows.ts'
import { linearScale } from './scale.ts'
import {
  CHART_WIDTH,
  type Chart,
  type ChartHead,
  checkNumber,
  element,
  emptyPicture,
  label,
  line,
  mark,
  path,
  picture,
  stroke,
  symbol,
  textWidth,
} from './svg.ts'

export interface LorenzSeries {
  readonly name: string
  /** Shares from 0 to 1 of what members weigh and of what they have, from (0, 0) to (1, 1), both rising. */
  readonly points: readonly (readonly [weigh: number, have: number])[]
}

export interface LorenzChart extends ChartHead {
  /** What the shares are of, e.g. "费用" and "支付". */
  readonly weigh: string
  readonly have: string
  readonly series: readonly LorenzSeries[]
}

const SIDE = 340
const TEXTS: Readonly<Record<'equal' | 'gap' | 'series', Text>> = {
  equal: { zh: '完全均等', en: 'all alike' },
  gap: { zh: '距完全均等（百分点）', en: 'Short of equality (percentage points)' },
  series: { zh: '方案', en: 'Case' },
}

/**
 * Lorenz curves, and beside them how far they lie below the line of equality: between hospitals the distance is often too
 * small to be seen on the curve.
 */
export function lorenzChart(chart: LorenzChart): Chart {
  const { series, weigh, have, lang } = chart
  for (const { name, points } of series) {
    for (const [i, point] of points.entries()) {
      for (const value of point) checkNumber(value, `point ${i} of "${name}"`)
    }
  }
  const percent = (value: number): string => fullText(value * 100, 2)
  const data = {
    columns: [
      textColumn(TEXTS.series[lang]),
      numberColumn(`${weigh} %`),
      numberColumn(`${have} %`),
      numberColumn(TEXTS.gap[lang]),
    ],
    rows: series.flatMap(({ name, points }) => points.map(([p, q]) => [name, percent(p), percent(q), percent(p - q)])),
  }
  if (data.rows.length === 0) return { svg: emptyPicture(chart), data }

  const width = chart.width ?? CHART_WIDTH
  const key = legend(
    series.map(({ name }, s) => ({ name, role: SERIES[s % SERIES.length]! })),
    width,
  )
  const top = key.height + 34
  const bottom = top + SIDE
  const left = 52
  const body = [...key.marks, ...curveFrame(chart, left, top)]
  const gaps = linearScale(0, Math.max(1e-6, ...series.flatMap(({ points }) => points.map(([p, q]) => (p - q) * 100))))
  const texts = tickTexts(gaps.ticks, lang)
  const second = left + SIDE + 40 + Math.max(...texts.map(text => textWidth(text)))
  const across = (share: number): number => second + share * (width - second - 16)
  const height = (gap: number): number => bottom - gaps.at(gap) * SIDE
  body.push(label(second - 30, top - 20, TEXTS.gap[lang], { role: 'muted' }))
  for (const [i, tick] of gaps.ticks.entries()) {
    body.push(line(across(0), height(tick), across(1), height(tick), tick === 0 ? 'axis' : 'grid'))
    body.push(label(second - 8, height(tick), texts[i]!, { role: 'muted', anchor: 'end' }))
  }
  body.push(...shares(across, bottom, `${weigh} %`))
  for (const [s, { name, points }] of series.entries()) {
    const role = SERIES[s % SERIES.length]!
    const x = (share: number): number => left + share * SIDE
    const y = (share: number): number => bottom - share * SIDE
    const draw = (places: readonly (readonly [number, number])[]): string =>
      element('path', { d: `M${places.map(place => path(...place)).join('L')}`, ...stroke(role, 2) })
    body.push(draw(points.map(([p, q]) => [x(p), y(q)])))
    body.push(draw(points.map(([p, q]) => [across(p), height((p - q) * 100)])))
    for (const [p, q] of points) {
      const tip = `${name}\n${named(weigh, `${percent(p)}%`, lang)}\n${named(have, `${percent(q)}%`, lang)}`
      const dots = symbol(s, x(p), y(q), 2.5, role) + symbol(s, across(p), height((p - q) * 100), 3, role)
      body.push(mark(dots, tip))
    }
  }
  return { svg: picture(chart, bottom + 46, body), data }
}

/** The square of shares with its line of equality. */
function curveFrame({ weigh, have, lang }: LorenzChart, left: number, top: number): string[] {
  const bottom = top + SIDE
  const marks = [label(4, top - 20, `${have} %`, { role: 'muted' })]
  for (const share of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    const y = bottom - share * SIDE
    marks.push(line(left, y, left + SIDE, y, share === 0 ? 'axis' : 'grid'))
    marks.push(label(left - 8, y, String(Math.round(share * 100)), { role: 'muted', anchor: 'end' }))
  }
  marks.push(...shares(share => left + share * SIDE, bottom, `${weigh} %`))
  marks.push(line(left, bottom, left + SIDE, top, 'muted', { 'stroke-dasharray': '6 4' }))
  marks.push(
    label(left + SIDE * 0.5 - 10, bottom - SIDE * 0.5 - 14, TEXTS.equal[lang], { role: 'muted', anchor: 'end' }),
  )
  return marks
}

function shares(x: (share: number) => number, bottom: number, name: string): string[] {
  const marks = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap(share => [
    line(x(share), bottom, x(share), bottom + 4, 'axis'),
    label(x(share), bottom + 14, String(Math.round(share * 100)), { role: 'muted', anchor: 'middle' }),
  ])
  marks.push(label(x(0.5), bottom + 32, name, { role: 'muted', anchor: 'middle' }))
  return marks
}
