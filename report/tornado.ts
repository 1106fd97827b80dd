import { numberColumn, textColumn } from './grid.ts'
import { fullText, shortText } from './number.ts'
import { GAIN, LOSS, type Role } from './palette.ts'
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
  line,
  mark,
  picture,
  textWidth,
} from './svg.ts'

/** One parameter: its two ends as texts, and the result at each. */
export interface TornadoRow {
  readonly label: string
  readonly ends: readonly [low: string, high: string]
  readonly results: readonly [low: number, high: number]
}

export interface TornadoChart extends ChartHead {
  /** What the rows stand for; head of the data table. */
  readonly item: string
  readonly axis: Axis
  /** The result with every parameter as it is, with its name. */
  readonly base: { readonly name: string; readonly value: number }
  /** In the order in which they are drawn: the widest first, as a rule. */
  readonly rows: readonly TornadoRow[]
}

const ROW = 26
const TEXTS = {
  low: { zh: '参数取低值', en: 'parameter at its low end' },
  high: { zh: '参数取高值', en: 'parameter at its high end' },
  lowEnd: { zh: '低值', en: 'Low' },
  highEnd: { zh: '高值', en: 'High' },
  lowResult: { zh: '低值时', en: 'At low' },
  highResult: { zh: '高值时', en: 'At high' },
} as const

/** How far each parameter, moved alone, moves a result: two bars a row from the result as it is, with a mark for each end. */
export function tornadoChart(chart: TornadoChart): Chart {
  const { axis, base, item, lang, rows: all } = chart
  checkNumber(base.value, `base "${base.name}"`)
  for (const { label: name, results } of all) {
    for (const value of results) checkNumber(value, `a result of "${name}"`)
  }
  const full = (value: number): string => fullText(value, axis.decimals)
  const data = {
    columns: [
      textColumn(item),
      textColumn(TEXTS.lowEnd[lang]),
      textColumn(TEXTS.highEnd[lang]),
      numberColumn(TEXTS.lowResult[lang]),
      numberColumn(base.name),
      numberColumn(TEXTS.highResult[lang]),
    ],
    rows: all.map(row => [row.label, ...row.ends, full(row.results[0]), full(base.value), full(row.results[1])]),
  }
  if (all.length === 0) return { svg: emptyPicture(chart), data }

  const key = legend(
    [
      { name: TEXTS.low[lang], role: LOSS, draw: swatch(fill(LOSS)) },
      { name: TEXTS.high[lang], role: GAIN, draw: swatch(fill(GAIN)) },
    ],
    chart.width ?? CHART_WIDTH,
  )
  const texts = all.map(({ ends, results }) =>
    results.map((value, i) => `${ends[i]} → ${shortText(value, lang, axis.decimals)}`),
  )
  const room = Math.max(...texts.flat().map(text => textWidth(text, 11))) + 10
  const rows = createRows(chart, {
    names: all.map(row => row.label),
    axis,
    range: extent([base.value, ...all.flatMap(row => row.results)]),
    rowHeight: ROW,
    before: room,
    after: room,
    above: key.height + 18,
  })
  const zero = rows.x(base.value)
  const body = [...key.marks, ...rows.marks]
  const above = `${base.name} ${shortText(base.value, lang, axis.decimals)}`
  body.push(label(zero, key.height + 8, above, { role: 'muted', anchor: 'middle' }))
  for (const [i, { label: name, ends, results }] of all.entries()) {
    const y = rows.y(i)
    // Where both ends lead to the same side the shorter bar lies in front, thinner, so that both can be seen.
    const order = [0, 1].sort((a, b) => Math.abs(results[b]! - base.value) - Math.abs(results[a]! - base.value))
    const isOneSided = (results[0] - base.value) * (results[1] - base.value) > 0
    for (const [k, e] of order.entries()) {
      const end = rows.x(results[e]!)
      const role: Role = e === 0 ? LOSS : GAIN
      const height = isOneSided && k === 1 ? 7 : 15
      const shape = { x: Math.min(zero, end), y: y - height / 2, width: Math.max(1, Math.abs(end - zero)), height }
      const tip = named(`${name} ${ends[e]!}`, full(results[e]!), lang)
      body.push(mark(element('rect', { ...shape, ...fill(role) }), tip))
      // In front of a longer bar there is no room for a text: the table has it.
      if (isOneSided && k === 1) continue
      // An end that changes nothing is named on the side that the other end leaves free.
      const isStill = results[e]! === base.value
      const isLeft = isStill
        ? results[1 - e]! > base.value || (results[0] === results[1] && e === 0)
        : results[e]! < base.value
      body.push(
        label(isLeft ? end - 5 : end + 5, y, texts[i]![e]!, { anchor: isLeft ? 'end' : 'start', size: 11, halo: true }),
      )
    }
  }
  body.push(line(zero, rows.top, zero, rows.bottom, 'text', { 'stroke-width': '1.5' }))
  return { svg: picture(chart, rows.height, body), data }
}
