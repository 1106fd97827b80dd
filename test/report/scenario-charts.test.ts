import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Chart,
  heatChart,
  lineChart,
  lorenzChart,
  roundBins,
  stackChart,
  tornadoChart,
} from '../../report/index.ts'
import { elementsOf, marksOf } from './markup.ts'

const HEAD = { title: '标题', description: '说明', lang: 'zh' } as const
const AXIS = { label: '点值（元/点）', decimals: 2 }
const anything = fc.double({ min: -1e12, max: 1e12, noNaN: true })

/** Markup that closes, a mark for every number, and no number that is none. */
function isSound({ svg }: Chart, marks: number): void {
  elementsOf(svg)
  expect(marksOf(svg)).toBe(marks)
  expect(svg).not.toMatch(/NaN|undefined|Infinity/)
}

describe('tornadoChart', () => {
  const base = { name: '基线', value: 100 }
  const draw = (rows: readonly (readonly [number, number])[]): Chart =>
    tornadoChart({
      ...HEAD,
      item: '参数',
      axis: AXIS,
      base,
      rows: rows.map((results, i) => ({ label: `参数${i}`, ends: ['低', '高'], results })),
    })
  /** Left and right of the bars, in the order of drawing. */
  const bars = ({ svg }: Chart): [number, number][] =>
    [...svg.matchAll(/<title>参数[^<]*<\/title><rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
      ([, x, width]) => [Number(x), Number(x) + Number(width)],
    )

  test('bars begin at the result as it is and reach to both ends', () => {
    const chart = draw([[90, 105]])
    const [wide, narrow] = bars(chart) as [[number, number], [number, number]]
    expect(wide[1]).toBeCloseTo(narrow[0], 0)
    expect((wide[1] - wide[0]) / (narrow[1] - narrow[0])).toBeCloseTo(2, 1)
    expect(chart.data.rows).toEqual([['参数0', '低', '高', '90.00', '100.00', '105.00']])
  })
  test('ends on one side lie within one another, the shorter in front', () => {
    const [long, short] = bars(draw([[104, 110]])) as [[number, number], [number, number]]
    expect(long[0]).toBeCloseTo(short[0], 0)
    expect(short[1]).toBeLessThan(long[1])
  })
  test('draws any numbers, says so without any, refuses what is no number', () => {
    fc.assert(fc.property(fc.array(fc.tuple(anything, anything), { minLength: 1, maxLength: 12 }), rows => {
      isSound(draw(rows), 2 * rows.length)
    })) // biome-ignore format: one property
    expect(draw([]).svg).toContain('无数据')
    expect(() => draw([[1, Number.NaN]])).toThrow('a result of "参数0" must be a finite number')
  })
})

describe('heatChart', () => {
  const draw = (cells: readonly (readonly (number | undefined)[])[]): Chart =>
    heatChart({
      ...HEAD,
      item: '机构',
      axis: { label: '万元', decimals: 1 },
      rows: cells.map((_, r) => `医院${r}`),
      columns: cells[0]!.map((_, c) => ({ name: `M${c}` })),
      cells,
    })
  test('gain and loss have their colours, the stronger the larger; what is missing is not drawn', () => {
    const { svg, data } = draw([
      [4, -1],
      [undefined, 0],
    ])
    expect(marksOf(svg)).toBe(3)
    const shades = [
      ...svg.matchAll(/<title>医院[^<]*<\/title><rect [^>]*class="f-(mark\d)"[^>]*fill-opacity="([\d.]+)"/g),
    ]
    expect(shades.map(([, role, opacity]) => [role, Number(opacity)])).toEqual([
      ['mark1', 0.6],
      ['mark2', 0.3],
      ['mark1', 0],
    ])
    expect(data.rows).toEqual([
      ['医院0', '4.0', '-1.0'],
      ['医院1', '', '0.0'],
    ])
  })
  test('refuses a table whose rows are not as long as its columns', () => {
    expect(() => draw([[1, 2], [1]])).toThrow('row "医院1" has 1 cells, there are 2 columns')
  })
})

describe('lorenzChart', () => {
  const points = [[0, 0], [0.5, 0.25], [1, 1]] as const // biome-ignore format: one curve
  test('shows the curve and how far it lies below equality', () => {
    const chart = lorenzChart({ ...HEAD, weigh: '费用', have: '支付', series: [{ name: '基线', points }] })
    isSound(chart, 3)
    expect(chart.data.rows[1]).toEqual(['基线', '50.00', '25.00', '25.00'])
    // Both pictures: the curve in the square, the distance beside it.
    expect(chart.svg.match(/<path d="M[^"]*" class="s-mark1"/g)).toHaveLength(2)
  })
  test('of no members says so', () => {
    expect(lorenzChart({ ...HEAD, weigh: '费用', have: '支付', series: [] }).svg).toContain('无数据')
  })
})

describe('stackChart', () => {
  test('parts stand end to end on their side of zero, and the sum is theirs', () => {
    const chart = stackChart({
      ...HEAD,
      item: '机构',
      items: ['甲'],
      axis: AXIS,
      parts: [
        { name: '量', values: [30] },
        { name: '价', values: [-10] },
        { name: '规则', values: [20] },
      ],
    })
    isSound(chart, 4)
    const [volume, price, rule] = [
      ...chart.svg.matchAll(/<title>甲 [^<]*<\/title><rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g),
    ].map(([, x, width]) => [Number(x), Number(x) + Number(width)] as const)
    expect(rule![0]).toBeCloseTo(volume![1], 0)
    expect(price![1]).toBeCloseTo(volume![0], 0)
    expect(chart.data.rows).toEqual([['甲', '30.00', '-10.00', '20.00', '40.00']])
  })
  test('draws any numbers', () => {
    fc.assert(
      fc.property(fc.array(anything, { minLength: 1, maxLength: 12 }), values => {
        const chart = stackChart({
          ...HEAD,
          item: '机构',
          items: values.map((_, i) => `医院${i}`),
          axis: AXIS,
          parts: [{ name: '甲', values }],
        })
        isSound(chart, values.length + values.filter(value => value !== 0).length)
      }),
    )
  })
})

describe('a fan', () => {
  test('has its bands within one another, and levels that the lines do not reach stay in view', () => {
    const { svg, data } = lineChart({
      ...HEAD,
      x: { label: '年', values: ['2025', '2026'] },
      y: AXIS,
      series: [{ name: '预期', values: [10, 11] }],
      band: [
        { name: '90%', low: [9, 8], high: [11, 14] },
        { name: '50%', low: [9.5, 10], high: [10.5, 12] },
      ],
      reference: [
        { name: '红线', value: 3 },
        { name: '橙线', value: 6 },
      ],
    })
    expect(svg.match(/opacity="0.2"/g)).toHaveLength(2)
    expect(svg).toContain('>红线 3.00<')
    expect(data.rows[1]).toEqual(['2026', '11.00', '8.00', '14.00', '10.00', '12.00', '3.00', '6.00'])
  })
})

test('round bins hold every number, and their edges are round', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }), values => {
      const { counts, start, width } = roundBins(values)
      expect(counts.reduce((sum, n) => sum + n, 0)).toBe(values.length)
      expect(Number((start / width).toFixed(6)) % 1).toBeCloseTo(0, 6)
    }),
  )
})
