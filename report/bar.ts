import type { Text } from '../messages/index.ts'
import { numberColumn, textColumn } from './grid.ts'
import { fullText, shortText } from './number.ts'
import { GAIN, LOSS } from './palette.ts'
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
  textWidth,
} from './svg.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  /** The value of the period before, drawn as a wider, paler bar behind. */
  readonly before?: number
}

export interface BarChart extends ChartHead {
  /** What the bars stand for, e.g. "医疗机构"; head of the data table. */
  readonly item: string
  readonly axis: Axis
  readonly bars: readonly Bar[]
  /** Names of the value and of the value before, e.g. "2025年" and "2024年". */
  readonly periods?: { readonly value: string; readonly before: string }
}

const ROW = 20
const PERIODS: { readonly value: Text; readonly before: Text } = {
  value: { zh: '本期', en: 'This period' },
  before: { zh: '上期', en: 'Period before' },
}

/** A ranking: one bar an item, greatest first, to the right of zero or to its left. Equal values keep their order. */
export function barChart(chart: BarChart): Chart {
  const { axis, lang, item } = chart
  const periods = chart.periods ?? { value: PERIODS.value[lang], before: PERIODS.before[lang] }
  for (const { label: name, value, before } of chart.bars) {
    checkNumber(value, `bar "${name}"`)
    if (before !== undefined) checkNumber(before, `bar "${name}", period before,`)
  }
  const bars = [...chart.bars].sort((a, b) => b.value - a.value)
  const compared = bars.some(bar => bar.before !== undefined)
  const full = (value: number | undefined): string => (value === undefined ? '' : fullText(value, axis.decimals))
  const data = {
    columns: [
      textColumn(item),
      numberColumn(compared ? periods.value : axis.label),
      ...(compared ? [numberColumn(periods.before)] : []),
    ],
    rows: bars.map(bar => [bar.label, full(bar.value), ...(compared ? [full(bar.before)] : [])]),
  }
  if (bars.length === 0) return { svg: emptyPicture(chart), data }

  const texts = bars.map(bar => shortText(bar.value, lang, axis.decimals))
  const room = (wanted: (bar: Bar) => boolean): number =>
    Math.max(0, ...bars.map((bar, i) => (wanted(bar) ? textWidth(texts[i]!) + 8 : 0)))
  const key = legend(
    compared
      ? [
          { name: periods.value, role: GAIN, draw: swatch(fill(GAIN)) },
          { name: periods.before, role: 'mark6', draw: swatch({ ...fill('mark6'), opacity: '0.35' }) },
        ]
      : [],
    chart.width ?? CHART_WIDTH,
  )
  const rows = createRows(chart, {
    names: bars.map(bar => bar.label),
    axis,
    range: extent([0, ...bars.flatMap(bar => (bar.before === undefined ? [bar.value] : [bar.value, bar.before]))]),
    rowHeight: ROW,
    before: room(bar => bar.value < 0),
    after: room(bar => bar.value >= 0),
    above: key.height,
  })

  const zero = rows.x(0)
  const rect = (value: number, y: number, height: number, paint: Readonly<Record<string, string>>): string => {
    const end = rows.x(value)
    return element('rect', {
      x: Math.min(zero, end),
      y: y - height / 2,
      // A value near zero keeps a hair that can be seen.
      width: Math.max(1, Math.abs(end - zero)),
      height,
      ...paint,
    })
  }
  const body = [...key.marks, ...rows.marks]
  for (const [i, { label: name, value, before }] of bars.entries()) {
    const y = rows.y(i)
    const behind = before === undefined ? '' : rect(before, y, 16, { ...fill('mark6'), opacity: '0.35' })
    const front = rect(value, y, before === undefined ? 13 : 8, fill(value < 0 ? LOSS : GAIN))
    const was = before === undefined ? '' : ` (${named(periods.before, fullText(before, axis.decimals), lang)})`
    body.push(mark(behind + front, named(name, fullText(value, axis.decimals), lang) + was))
    const at = rows.x(value)
    body.push(
      value < 0
        ? label(at - 5, y, texts[i]!, { anchor: 'end', size: 11, halo: true })
        : label(at + 5, y, texts[i]!, { size: 11, halo: true }),
    )
  }
  return { svg: picture(chart, rows.height, body), data }
}
