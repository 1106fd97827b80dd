import { fit } from './columns.ts'
import { numberColumn, textColumn } from './grid.ts'
import { fullText, shortText } from './number.ts'
import { GAIN, LOSS } from './palette.ts'
import type { Axis } from './plot.ts'
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

export interface HeatChart extends ChartHead {
  /** What the rows stand for; head of the data table. */
  readonly item: string
  readonly rows: readonly string[]
  /** Short names of the columns, such as letters of MDCs, with what they mean for the pointer and the table. */
  readonly columns: readonly { readonly name: string; readonly meaning?: string }[]
  /** What the cells hold, with the unit. */
  readonly axis: Axis
  /** A value for each row and column; undefined where there is none. */
  readonly cells: readonly (readonly (number | undefined)[])[]
}

const ROW = 22
const SMALL = 9.5
/** Opacity of the strongest cell: text on it keeps its contrast. */
const STRONGEST = 0.6
const TEXTS = { least: { zh: '负', en: 'below zero' }, most: { zh: '正', en: 'above zero' } } as const

/** A table as colours: blue above zero, vermilion below, the stronger the larger; numbers in the cells where they fit. */
export function heatChart(chart: HeatChart): Chart {
  const { item, rows, columns, cells, axis } = chart
  if (cells.length !== rows.length) throw new RangeError(`${cells.length} rows of cells, ${rows.length} names`)
  const drawn: number[] = []
  for (const [r, row] of cells.entries()) {
    if (row.length !== columns.length) {
      throw new RangeError(`row "${rows[r]}" has ${row.length} cells, there are ${columns.length} columns`)
    }
    for (const [c, value] of row.entries()) {
      if (value === undefined) continue
      checkNumber(value, `cell "${rows[r]}" × "${columns[c]!.name}"`)
      drawn.push(Math.abs(value))
    }
  }
  const full = (value: number | undefined): string => (value === undefined ? '' : fullText(value, axis.decimals))
  const headOf = ({ name, meaning }: HeatChart['columns'][number]): string =>
    meaning === undefined ? name : `${name} ${meaning}`
  const data = {
    columns: [textColumn(item), ...columns.map(column => numberColumn(headOf(column)))],
    rows: rows.map((name, r) => [name, ...cells[r]!.map(full)]),
  }
  if (drawn.length === 0) return { svg: emptyPicture(chart), data }

  const width = chart.width ?? CHART_WIDTH
  const cut = rows.map(name => fit(name, 32))
  const left = Math.max(60, ...cut.map(name => textWidth(name))) + 14
  const cell = (width - left - 8) / columns.length
  const largest = drawn.reduce((most, value) => Math.max(most, value), 0)
  const top = 50
  const shade = (value: number): Record<string, string> => ({
    ...fill(value < 0 ? LOSS : GAIN),
    'fill-opacity': (largest === 0 ? 0 : STRONGEST * Math.sqrt(Math.abs(value) / largest)).toFixed(3),
  })
  const body = scaleOf(chart, largest, shade, left)
  for (const [c, { name }] of columns.entries()) {
    const size = Math.min(11, Math.max(8, (11 * (cell - 1)) / Math.max(1, textWidth(name, 11))))
    const text = textWidth(name, size) > cell ? fit(name, Math.max(1, Math.floor(cell / 6))) : name
    body.push(label(left + (c + 0.5) * cell, top - 10, text, { role: 'muted', anchor: 'middle', size }))
  }
  for (const [r, row] of cells.entries()) {
    const y = top + r * ROW
    body.push(label(left - 8, y + ROW / 2, cut[r]!, { anchor: 'end' }))
    for (const [c, value] of row.entries()) {
      if (value === undefined) continue
      const shape = { x: left + c * cell, y, width: Math.max(1, cell - 1), height: ROW - 1 }
      const text = cellText(value, chart)
      const parts = [element('rect', { ...shape, ...shade(value) })]
      if (text !== '' && textWidth(text, SMALL) < cell)
        parts.push(label(left + (c + 0.5) * cell, y + ROW / 2, text, { anchor: 'middle', size: SMALL }))
      body.push(mark(parts.join(''), `${rows[r]}\n${headOf(columns[c]!)}\n${axis.label} ${full(value)}`))
    }
  }
  return { svg: picture(chart, top + rows.length * ROW + 12, body), data }
}

/** The number in a cell: no digits after the point from 10 on, nothing where it would read as zero. */
function cellText(value: number, { axis, lang }: HeatChart): string {
  const text = shortText(value, lang, Math.abs(value) >= 9.95 ? 0 : axis.decimals)
  return /^-?0(\.0*)?$/.test(text) ? '' : text
}

/** What the colours mean, above the table. */
function scaleOf(
  { axis, lang }: HeatChart,
  largest: number,
  shade: (value: number) => Record<string, string>,
  left: number,
): string[] {
  const texts = [-largest, largest].map(value => shortText(value, lang, axis.decimals)) as [string, string]
  const marks = [label(left, 12, axis.label, { role: 'muted' })]
  let x = left + textWidth(axis.label) + 18
  marks.push(label(x, 12, `${TEXTS.least[lang]} ${texts[0]}`, { role: 'muted', size: 11 }))
  x += textWidth(`${TEXTS.least[lang]} ${texts[0]}`, 11) + 8
  for (const share of [-1, -0.5, -0.1, 0.1, 0.5, 1]) {
    marks.push(element('rect', { x, y: 6, width: 14, height: 12, ...shade(share * largest) }))
    x += 15
  }
  marks.push(label(x + 6, 12, `${texts[1]} ${TEXTS.most[lang]}`, { role: 'muted', size: 11 }))
  return marks
}
