import type { Text } from '../messages/index.ts'
import { numberColumn, textColumn } from './grid.ts'
import { fullText, shortText } from './number.ts'
import { GAIN, LOSS, type Role } from './palette.ts'
import { type Axis, named } from './plot.ts'
import { createRows } from './rows.ts'
import { extent } from './scale.ts'
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

/** A line of the account: something added or taken away, or the sum so far. */
export type WaterfallStep =
  | { readonly label: string; readonly change: number }
  | { readonly label: string; readonly total: true }

export interface WaterfallChart extends ChartHead {
  readonly item: string
  readonly axis: Axis
  /** From above to below; totals are computed, so the picture cannot contradict itself. */
  readonly steps: readonly WaterfallStep[]
}

const ROW = 26
const CHANGE: Text = { zh: '增减', en: 'Change' }
const SUM: Text = { zh: '累计', en: 'Sum so far' }

/** How a sum comes about, line by line: each bar begins where the one above it ended. */
export function waterfallChart(chart: WaterfallChart): Chart {
  const { item, axis, steps, lang } = chart
  let sum = 0
  const bars = steps.map(step => {
    if ('total' in step) return { label: step.label, from: 0, to: sum, change: undefined }
    checkNumber(step.change, `step "${step.label}"`)
    const from = sum
    sum += step.change
    checkNumber(sum, `the sum after step "${step.label}"`)
    return { label: step.label, from, to: sum, change: step.change }
  })
  const full = (value: number): string => fullText(value, axis.decimals)
  const data = {
    columns: [textColumn(item), numberColumn(CHANGE[lang]), numberColumn(SUM[lang])],
    rows: bars.map(bar => [bar.label, bar.change === undefined ? '' : full(bar.change), full(bar.to)]),
  }
  if (bars.length === 0) return { svg: emptyPicture(chart), data }

  const signed = (value: number): string => (value > 0 ? '+' : '') + shortText(value, lang, axis.decimals)
  const texts = bars.map(bar =>
    bar.change === undefined ? shortText(bar.to, lang, axis.decimals) : signed(bar.change),
  )
  const room = Math.max(...texts.map(text => textWidth(text))) + 8
  const range = extent([0, ...bars.map(bar => bar.to)])
  const rows = createRows(chart, {
    names: bars.map(bar => bar.label),
    axis,
    range,
    rowHeight: ROW,
    before: range[0] < 0 ? room : 0,
    after: room,
  })
  const body = [...rows.marks]
  for (const [i, { label: name, from, to, change }] of bars.entries()) {
    const y = rows.y(i)
    const role: Role = change === undefined ? 'mark6' : change < 0 ? LOSS : GAIN
    const start = rows.x(Math.min(from, to))
    const end = rows.x(Math.max(from, to))
    const width = Math.max(1, end - start)
    const bar = element('rect', { x: start, y: y - 8, width, height: 16, ...fill(role) })
    body.push(mark(bar, named(name, full(change ?? to), lang)))
    if (i + 1 < bars.length) body.push(line(rows.x(to), y + 8, rows.x(to), rows.y(i + 1) - 8, 'axis'))
    const left = to < 0 && from <= 0
    body.push(label(left ? start - 5 : end + 5, y, texts[i]!, { anchor: left ? 'end' : 'start', halo: true }))
  }
  return { svg: picture(chart, rows.height, body), data }
}
