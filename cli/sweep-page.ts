import type { Lang } from '../messages/index.ts'
import {
  type Chart,
  compareChart,
  type Grid,
  histogramChart,
  lineChart,
  page,
  rangeChart,
  roundBins,
  type Section,
  tornadoChart,
} from '../report/index.ts'
import { columnOf, type SweepResult, sobolOf, tornado } from '../simulate/index.ts'
import { insuranceName } from './tables.ts'

/** The pictures of a sweep: tornado, indices of the variance, or the results over the rows. */

/** Fen in 10,000 yuan; point values stay. */
function unitOf(output: string): number {
  return output.startsWith('pointValue') ? 1 : 1_000_000
}

/** What an output is called: `due:H001` → "Fund due H001 (10,000 yuan)". */
export function outputName(output: string, lang: Lang): string {
  const zh = lang === 'zh'
  const [kind, code = ''] = output.split(':')
  switch (kind) {
    case 'pointValue':
      return zh
        ? `点值 ${insuranceName(code, lang)}（元/点）`
        : `Point value, ${insuranceName(code, lang)} (yuan per point)`
    case 'due':
      return zh ? `基金应付 ${code}（万元）` : `Fund due, ${code} (10,000 yuan)`
    case 'surplus':
      return zh ? `盈亏 ${code}（万元）` : `Surplus, ${code} (10,000 yuan)`
    case 'paid':
      return zh ? '基金支出（万元）' : 'Fund paid (10,000 yuan)'
    default:
      return zh ? '未分配（万元）' : 'Residual (10,000 yuan)'
  }
}

/** The page of a sweep: a picture and a table for each output that is shown. */
export function sweepPage(
  result: SweepResult,
  outputs: readonly string[],
  gridOf: (output: string) => Grid,
  { footer, lang }: { readonly footer: string; readonly lang: Lang },
): string {
  const zh = lang === 'zh'
  const { sweep } = result
  const known = outputs.filter(output => columnOf(result, output).every(value => !Number.isNaN(value)))
  return page({
    title: sweep.title[lang],
    subtitle: zh
      ? `参数扫描：${DESIGNS[sweep.design].zh}，${result.rows.length} 个情景`
      : `Sweep: ${DESIGNS[sweep.design].en}, ${result.rows.length} scenarios`,
    lang,
    footer,
    sections: [
      { kind: 'paragraph', note: true, text: NOTES[sweep.design][lang] },
      ...known.flatMap((output): Section[] => [
        { kind: 'figure', caption: outputName(output, lang), chart: chartOf(result, output, lang) },
        { kind: 'table', caption: outputName(output, lang), grid: gridOf(output) },
      ]),
    ],
  })
}

const DESIGNS = {
  grid: { zh: '网格', en: 'grid' },
  latin: { zh: '拉丁超立方', en: 'Latin hypercube' },
  tornado: { zh: '逐个参数', en: 'one parameter at a time' },
  sobol: { zh: 'Sobol 指数', en: 'Sobol indices' },
} as const
const NOTES = {
  grid: {
    zh: '参数范围由扫描文件给出；结果是情景，不是预测。',
    en: 'The sweep file says how far parameters go; results are scenarios, no forecast.',
  },
  latin: {
    zh: '各参数在给定范围内均匀取值，互不相关；直方图显示结果落在哪里，不是发生的概率。',
    en: 'Parameters are spread evenly over their ranges, independent of one another; the histogram shows where results fall, not how likely they are.',
  },
  tornado: {
    zh: '每次只动一个参数，其余不变。条越长，该参数在给定范围内影响越大；范围不同，条长不可直接比较参数本身。',
    en: 'One parameter moves at a time, the others stay. A long bar means much effect within the range given: bars compare ranges, not parameters as such.',
  },
  sobol: {
    zh: '一阶指数 S：该参数单独解释的方差；总指数 ST：连同其与其他参数的交互。样本有限，指数有抽样误差，可略小于 0。',
    en: 'S is the share of the variance that a parameter explains alone, S_T with all its interactions. Indices are estimated from a sample and may fall a little below 0.',
  },
} as const

function chartOf(result: SweepResult, output: string, lang: Lang): Chart {
  switch (result.sweep.design) {
    case 'tornado':
      return tornadoOf(result, output, lang)
    case 'sobol':
      return sobolChart(result, output, lang)
    case 'latin':
      return distribution(result, output, lang)
    case 'grid':
      return gridChart(result, output, lang)
  }
}

function tornadoOf(result: SweepResult, output: string, lang: Lang): Chart {
  const zh = lang === 'zh'
  const unit = unitOf(output)
  const bars = tornado(result, output)
  const name = outputName(output, lang)
  return tornadoChart({
    title: name,
    description: zh
      ? '每个参数单独取低值和高值时的结果，最宽的在上。'
      : 'The result with each parameter alone at its low and at its high end, the widest first.',
    lang,
    item: zh ? '参数' : 'Parameter',
    axis: { label: name, decimals: 2 },
    base: { name: zh ? '基线' : 'Baseline', value: bars[0]!.base / unit },
    rows: bars.map(({ lever, low, high }) => {
      const { label, values, mode } = result.sweep.levers[lever]!
      const end = (value: string): string => (mode === 'scale' ? `×${value}` : value)
      return {
        label: label[lang],
        ends: [end(values[0]!), end(values.at(-1)!)],
        results: [low / unit, high / unit],
      }
    }),
  })
}

function sobolChart(result: SweepResult, output: string, lang: Lang): Chart {
  const zh = lang === 'zh'
  const indices = sobolOf(result, output)
  return compareChart({
    title: outputName(output, lang),
    description: zh ? '各参数解释的方差份额。' : 'Shares of the variance that parameters explain.',
    lang,
    item: zh ? '参数' : 'Parameter',
    items: result.sweep.levers.map(({ label }) => label[lang]),
    axis: { label: zh ? '方差份额（%）' : 'Share of the variance (%)', decimals: 1 },
    series: [
      { name: zh ? '一阶指数 S' : 'First-order index S', values: indices.map(one => one.first * 100) },
      { name: zh ? '总指数 ST' : 'Total index S_T', values: indices.map(one => one.total * 100) },
    ],
    baseline: { name: '0', value: 0 },
  })
}

function distribution(result: SweepResult, output: string, lang: Lang): Chart {
  const zh = lang === 'zh'
  const name = outputName(output, lang)
  const values = columnOf(result, output).map(value => value / unitOf(output))
  return histogramChart({
    title: name,
    description: zh ? '全部情景的结果分布。' : 'The results of all rows.',
    lang,
    x: { label: name, decimals: 2 },
    y: { label: zh ? '情景数' : 'Scenarios' },
    bins: roundBins(values),
  })
}

/** Over the values of the first lever; a line for each value of a second one where there are few, else the span. */
function gridChart(result: SweepResult, output: string, lang: Lang): Chart {
  const zh = lang === 'zh'
  const { rows, sweep } = result
  const [first, second] = sweep.levers
  const values = columnOf(result, output).map(value => value / unitOf(output))
  const places = first!.values
  const head = {
    title: outputName(output, lang),
    description: zh ? '各参数取值下的结果。' : 'Results over the values of the parameters.',
    lang,
  }
  const axis = { label: outputName(output, lang), decimals: 2 }
  const of = (wanted: (row: readonly (string | undefined)[]) => boolean): number[] =>
    values.filter((_, i) => wanted(rows[i]!))
  if (sweep.levers.length <= 2 && (second?.values.length ?? 1) <= 6) {
    return lineChart({
      ...head,
      x: { label: first!.label[lang], values: places },
      y: axis,
      series: (second?.values ?? [undefined]).map(value => ({
        name: value === undefined ? first!.label[lang] : `${second!.label[lang]} ${value}`,
        values: places.map(place => of(row => row[0] === place && (value === undefined || row[1] === value))[0]),
      })),
    })
  }
  return rangeChart({
    ...head,
    item: first!.label[lang],
    axis,
    names: {
      line: zh ? '其余参数变动时的范围' : 'range over the other parameters',
      point: zh ? '中位' : 'median',
    },
    rows: places.map(place => {
      const own = of(row => row[0] === place).sort((a, b) => a - b)
      return { label: place, line: [own[0]!, own.at(-1)!], point: own[own.length >> 1]! }
    }),
  })
}
