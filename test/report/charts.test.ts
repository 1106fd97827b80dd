import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Bubble,
  barChart,
  type Chart,
  compareChart,
  countBins,
  heatChart,
  histogramChart,
  lineChart,
  quadrantChart,
  waterfallChart,
} from '../../report/index.ts'
import { spread } from '../../report/plot.ts'
import { overlap, textWidth } from '../../report/svg.ts'
import { elementsOf, marksOf } from './markup.ts'
import { HOSPITALS } from './sample.ts'

const HEAD = { title: '标题', description: '说明', lang: 'zh' } as const
const AXIS = { label: '金额（万元）' }

/** Each picture drawn from a plain list of numbers, and how many marks it must then have. */
const DRAW: Readonly<Record<string, (values: readonly number[]) => Chart>> = {
  line: values =>
    lineChart({
      ...HEAD,
      x: { label: '月份', values: values.map((_, i) => `${i + 1}月`) },
      y: AXIS,
      series: [{ name: '职工', values }],
    }),
  bar: values =>
    barChart({ ...HEAD, item: '机构', axis: AXIS, bars: values.map((value, i) => ({ label: `医院${i}`, value })) }),
  compare: values =>
    compareChart({
      ...HEAD,
      item: '机构',
      items: values.map((_, i) => `医院${i}`),
      axis: AXIS,
      series: [{ name: '方案', values }],
    }),
  quadrant: values =>
    quadrantChart({
      ...HEAD,
      item: '病组',
      x: AXIS,
      y: AXIS,
      size: { label: '例数' },
      bubbles: values.map((value, i) => ({ label: `G${i}`, x: -value, y: value, size: Math.abs(value) })),
    }),
  heat: values =>
    heatChart({
      ...HEAD,
      item: '机构',
      axis: AXIS,
      rows: values.map((_, i) => `医院${i}`),
      columns: [{ name: 'B', meaning: '神经' }],
      cells: values.map(value => [value]),
    }),
  histogram: values =>
    histogramChart({ ...HEAD, x: AXIS, y: AXIS, bins: { start: 0, width: 0.1, counts: values.map(Math.abs) } }),
  waterfall: values =>
    waterfallChart({
      ...HEAD,
      item: '项目',
      axis: AXIS,
      steps: values.map((change, i) => ({ label: `第${i}项`, change: change / values.length })),
    }),
}

describe.each(Object.entries(DRAW))('%s', (_, draw) => {
  test('says so when there is nothing to draw', () => {
    const { svg, data } = draw([])
    expect(svg).toContain('无数据')
    expect(marksOf(svg)).toBe(0)
    expect(data.rows).toEqual([])
  })
  test('has title, description and language', () => {
    const { svg } = draw([1, 2])
    expect(svg).toMatch(/^<svg [^>]*role="img" lang="zh-CN"[^>]*>\n<title>标题<\/title>\n<desc>说明<\/desc>/)
  })
  test.each([
    ['one', [5]],
    ['equal', [3, 3, 3]],
    ['zeros', [0, 0]],
    ['negative', [-1, -2, -30]],
    ['huge', [1e-9, 1e15, -1e15]],
    ['largest', [1e300, -1e300]],
  ])('%s: a mark and a row for each number', (_, values) => {
    const { svg, data } = draw(values)
    elementsOf(svg)
    expect(marksOf(svg)).toBe(values.length)
    expect(data.rows).toHaveLength(values.length)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  })
  test('draws any numbers', () => {
    const numbers = fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(numbers, values => {
        const { svg } = draw(values)
        elementsOf(svg)
        expect(marksOf(svg)).toBe(values.length)
        expect(svg).not.toMatch(/NaN|undefined|Infinity/)
      }),
    )
  })
  test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d and says where', value => {
    expect(() => draw([1, value])).toThrow(RangeError)
    expect(() => draw([1, value])).toThrow(/must be a finite number, found (NaN|-?Infinity)$/)
  })
  test('gives the same bytes each time', () => {
    expect(draw([1, -2, 3])).toEqual(draw([1, -2, 3]))
  })
})

/** Texts of a picture with the room that they take, as estimated by the pictures themselves. */
function labelsOf(svg: string) {
  const pattern = /<text x="(-?[\d.]+)" y="(-?[\d.]+)"([^>]*)>([^<]*)<\/text>/g
  return [...svg.matchAll(pattern)].map(([, x, y, attributes, text]) => {
    const size = Number(/font-size="([\d.]+)"/.exec(attributes!)?.[1] ?? 12)
    const width = textWidth(text!, size)
    const shift = attributes!.includes('"end"') ? width : attributes!.includes('"middle"') ? width / 2 : 0
    const left = Number(x) - shift
    const bottom = Number(y) + size * 0.2
    return { text: text!, left, right: left + width, top: bottom - size, bottom }
  })
}

function collisions(svg: string): string[] {
  const boxes = labelsOf(svg)
  return boxes.flatMap((a, i) => boxes.slice(i + 1).flatMap(b => (overlap(a, b) ? [`${a.text} | ${b.text}`] : [])))
}

function cutOff(svg: string): string[] {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!
  return labelsOf(svg)
    .filter(box => box.left < 0 || box.right > Number(width) || box.top < 0 || box.bottom > Number(height))
    .map(box => box.text)
}

describe('lineChart', () => {
  const base = {
    ...HEAD,
    x: { label: '月份', values: Array.from({ length: 24 }, (_, i) => `${2024 + Math.floor(i / 12)}-${(i % 12) + 1}`) },
    y: { label: '点值（元/点）', decimals: 2 },
  }
  test('names lines at their ends without collisions, even where they end together', () => {
    const series = Array.from({ length: 6 }, (_, s) => ({
      name: `险种${s}`,
      values: base.x.values.map((_, i) => (i === 23 ? 60 : 50 + s)),
    }))
    const { svg } = lineChart({ ...base, series, reference: { name: '预算点值', value: 60 } })
    expect(collisions(svg)).toEqual([])
    expect(cutOff(svg)).toEqual([])
    for (const { name } of series) expect(svg).toContain(`>${name} 60.00<`)
    expect(svg).toContain('>预算点值 60.00<')
    expect(svg).toContain('stroke-dasharray')
  })
  test('leaves a gap where a value is missing', () => {
    const x = { label: '月份', values: ['1', '2', '3', '4'] }
    const { svg, data } = lineChart({ ...base, x, series: [{ name: '职工', values: [1, 2, undefined, 4] }] })
    expect(marksOf(svg)).toBe(3)
    expect(/<path d="M[^M]*L[^M]*M[^ML]* [^ML]*" class="s-mark1"/.test(svg)).toBe(true)
    expect(data.rows[2]).toEqual(['3', ''])
  })
  test('refuses a line or band of another length', () => {
    expect(() => lineChart({ ...base, series: [{ name: '职工', values: [1] }] })).toThrow(
      new RangeError('line "职工" has 1 values, the axis has 24'),
    )
    const series = [{ name: '职工', values: base.x.values.map(() => 1) }]
    expect(() => lineChart({ ...base, series, band: { name: '区间', low: [1], high: [2] } })).toThrow(RangeError)
  })
})

describe('barChart', () => {
  const bars = HOSPITALS.map((label, i) => ({ label, value: (i - 20) * 37.5, before: (20 - i) * 30 }))
  test('ranks forty hospitals without collisions or cut labels', () => {
    const { svg, data } = barChart({ ...HEAD, item: '机构', axis: AXIS, bars })
    expect(HOSPITALS).toHaveLength(40)
    expect(collisions(svg)).toEqual([])
    expect(cutOff(svg)).toEqual([])
    expect(data.rows[0]).toEqual([HOSPITALS[39], '712.5', '-570'])
    expect(data.rows.at(-1)![1]).toBe('-750')
  })
  test('draws losses to the left of zero and gains to the right', () => {
    const { svg } = barChart({
      ...HEAD,
      item: '机构',
      axis: AXIS,
      bars: [
        { label: '甲', value: 10 },
        { label: '乙', value: -10 },
      ],
    })
    const [gain, loss] = [...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*f-mark/g)].map(found => ({
      left: Number(found[1]),
      right: Number(found[1]) + Number(found[2]),
    }))
    expect(loss!.right).toBeCloseTo(gain!.left, 5)
    expect(gain!.right - gain!.left).toBeCloseTo(loss!.right - loss!.left, 5)
  })
  test('keeps the order of equal values', () => {
    const equal = ['甲', '乙', '丙'].map(label => ({ label, value: 1 }))
    const { data } = barChart({ ...HEAD, item: '机构', axis: AXIS, bars: equal })
    expect(data.rows.map(row => row[0])).toEqual(['甲', '乙', '丙'])
  })
})

describe('compareChart', () => {
  test('leaves out what is missing, and names the baseline', () => {
    const { svg, data } = compareChart({
      ...HEAD,
      item: '机构',
      items: HOSPITALS,
      axis: AXIS,
      series: [
        { name: '预算增长3%', values: HOSPITALS.map((_, i) => i) },
        { name: '取消系数', values: HOSPITALS.map((_, i) => (i % 2 === 0 ? -i : undefined)) },
      ],
      baseline: { name: '现行政策', value: 0 },
    })
    expect(marksOf(svg)).toBe(60)
    expect(svg).toContain('>现行政策<')
    expect(data.rows[1]).toEqual([HOSPITALS[1], '1', ''])
    expect(collisions(svg)).toEqual([])
    expect(cutOff(svg)).toEqual([])
  })
})

describe('quadrantChart', () => {
  const bubbles: Bubble[] = Array.from({ length: 600 }, (_, i) => ({
    label: `G${i}`,
    x: 1 + ((i * 7919) % 5000),
    y: ((i * 104_729) % 4001) - 2000,
    size: 1 + ((i * 31) % 900),
  }))
  const chart = {
    ...HEAD,
    item: '病组',
    x: { label: '例数', log: true, split: 100 },
    y: { label: '例均盈亏（元）' },
    size: { label: '例数' },
  }
  test('names few of 600 groups, and no name touches another', () => {
    const { svg } = quadrantChart({ ...chart, bubbles, corners: ['甲', '乙', '丙', '丁'], labels: 15 })
    expect(marksOf(svg)).toBe(600)
    expect(svg.match(/>G\d+<\/text>/g)!.length).toBeLessThanOrEqual(15)
    expect(svg.match(/>G\d+<\/text>/g)!.length).toBeGreaterThan(0)
    expect(collisions(svg)).toEqual([])
    expect(cutOff(svg)).toEqual([])
  })
  test('names the most extreme', () => {
    const far = { label: '极端病组', x: 5000, y: -20_000, size: 800 }
    expect(quadrantChart({ ...chart, bubbles: [...bubbles, far], labels: 1 }).svg).toContain('>极端病组</text>')
  })
  test('refuses what cannot stand on its axes', () => {
    const one = (bubble: Partial<Bubble>) => () =>
      quadrantChart({ ...chart, bubbles: [{ label: 'BR23', x: 1, y: 1, size: 1, ...bubble }] })
    expect(one({ x: 0 })).toThrow(new RangeError('x of "BR23" must be positive on a logarithmic axis, found 0'))
    expect(one({ size: -1 })).toThrow(new RangeError('size of "BR23" must not be negative, found -1'))
    expect(one({ y: Number.NaN })).toThrow(new RangeError('y of "BR23" must be a finite number, found NaN'))
  })
})

describe('histogramChart', () => {
  test('counts into bins; printed edges decide', () => {
    expect(countBins([0, 0.1, 0.2, 0.3, 0.35, 0.6, 99], 0, 0.1, 5)).toEqual({
      start: 0,
      width: 0.1,
      counts: [1, 1, 1, 2, 2],
      lastOpen: true,
    })
    expect(() => countBins([-1], 0, 0.1, 5)).toThrow(
      new RangeError('value -1 lies below the first bin, which begins at 0'),
    )
    expect(() => countBins([1], 0, 0, 5)).toThrow(RangeError)
  })
  test('loses no value', () => {
    const values = fc.array(fc.double({ min: 0, max: 100, noNaN: true }))
    fc.assert(
      fc.property(values, list => countBins(list, 0, 0.1, 30).counts.reduce((a, b) => a + b, 0) === list.length),
    )
  })
  test('shows the limits, and what lies outside in another colour', () => {
    const { svg, data } = histogramChart({
      ...HEAD,
      x: { label: '倍率' },
      y: { label: '例数' },
      bins: { start: 0, width: 0.5, counts: [3, 9, 7, 5, 2, 1], lastOpen: true },
      limits: [
        { name: '低倍率', value: 0.5 },
        { name: '高倍率', value: 2 },
      ],
    })
    expect(svg.match(/<rect [^>]*f-mark2/g)).toHaveLength(3)
    expect(svg.match(/<rect [^>]*f-mark1/g)).toHaveLength(3)
    expect(svg).toContain('>低倍率 0.5<')
    expect(svg).toContain('>高倍率 2<')
    expect(data.rows.map(row => row[0])).toEqual(['0 – 0.5', '0.5 – 1', '1 – 1.5', '1.5 – 2', '2 – 2.5', '2.5及以上'])
    expect(collisions(svg)).toEqual([])
  })
})

describe('waterfallChart', () => {
  test('computes its totals', () => {
    const { svg, data } = waterfallChart({
      ...HEAD,
      item: '项目',
      axis: AXIS,
      steps: [
        { label: '基金收入预算', change: 100 },
        { label: '风险储备金', change: -5 },
        { label: '按病种付费总额', total: true },
      ],
    })
    expect(data.rows).toEqual([
      ['基金收入预算', '100', '100'],
      ['风险储备金', '-5', '95'],
      ['按病种付费总额', '', '95'],
    ])
    expect(svg).toContain('>-5<')
    expect(svg).toContain('>+100<')
    expect(collisions(svg)).toEqual([])
    expect(cutOff(svg)).toEqual([])
  })
})

test('spread keeps labels apart, in order, and within the borders where they fit', () => {
  expect(spread([10, 12, 50], 16, 0, 100)).toEqual([10, 26, 50])
  expect(spread([95, 96], 16, 0, 100)).toEqual([84, 100])
  expect(spread([], 16, 0, 100)).toEqual([])
})
