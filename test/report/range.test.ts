import { describe, expect, test } from 'vitest'
import { rangeChart } from '../../report/index.ts'
import { marksOf } from './markup.ts'

const HEAD = { title: '标题', description: '说明', lang: 'zh' } as const
const AXIS = { label: '费用（元）', decimals: 0 }

describe('rangeChart', () => {
  const chart = rangeChart({
    ...HEAD,
    item: '病组',
    axis: AXIS,
    log: true,
    names: { line: '范围', box: '四分位距', ticks: '界限', point: '均值', other: '上年' },
    rows: [
      { label: 'AA19 <甲>', line: [100, 10_000], box: [500, 2_000], point: 1_000, other: 900, ticks: [200, 5_000] },
      { label: 'BB19', point: 300 },
    ],
  })

  test('one mark a row, all numbers in the table, names escaped', () => {
    expect(marksOf(chart.svg)).toBe(2)
    expect(chart.svg).toContain('AA19 &lt;甲&gt;')
    expect(chart.data.columns.map(one => one.title)).toEqual([
      '病组', '均值', '上年', '范围 ≥', '范围 ≤', '四分位距 ≥', '四分位距 ≤', '界限 ≥', '界限 ≤',
    ]) // biome-ignore format: one list
    expect(chart.data.rows).toEqual([
      ['AA19 <甲>', '1,000', '900', '100', '10,000', '500', '2,000', '200', '5,000'],
      ['BB19', '300', '', '', '', '', '', '', ''],
    ])
  })

  test('positions keep the order of the numbers, on a logarithmic axis by ratio', () => {
    const rect =
      /<rect class="f-mark1"[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"/.exec(chart.svg) ??
      /x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="12"/.exec(chart.svg)!
    const lines = [...chart.svg.matchAll(/<line x1="([\d.]+)" y1="[\d.]+" x2="([\d.]+)"/g)].map(([, a, b]) => [
      Number(a),
      Number(b),
    ])
    const range = lines.find(([a, b]) => b! - a! > 100)!
    const [left, width] = [Number(rect[1]), Number(rect[2])]
    // ln(2,000 / 500) of ln(10,000 / 100)
    expect(width / (range[1]! - range[0]!)).toBeCloseTo(Math.log(4) / Math.log(100), 2)
    expect(left).toBeGreaterThan(range[0]!)
  })

  test('nothing to draw is said, and what cannot be drawn refused', () => {
    const empty = { ...HEAD, item: '病组', axis: AXIS, names: { point: '均值' }, rows: [] }
    expect(rangeChart(empty).svg).toContain('无数据')
    expect(() => rangeChart({ ...empty, rows: [{ label: 'x', point: Number.NaN }] })).toThrow(RangeError)
    expect(() => rangeChart({ ...empty, log: true, rows: [{ label: 'x', point: -1 }] })).toThrow(RangeError)
  })
})
