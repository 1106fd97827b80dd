import type { Lang } from '../messages/index.ts'
import {
  type Bins,
  barChart,
  type Chart,
  histogramChart,
  lineChart,
  type RangeRow,
  rangeChart,
} from '../report/index.ts'
import { type GroupNames, meanOf, qualityByMdc, type Workbench } from '../weights/index.ts'

/** The pictures of weights. Display units: yuan, weights, percent. */

/** Groups of a picture; more would not be read. */
const SHOWN = 30
const yuan = (fen: number): number => fen / 100

/** Positions of groups by their part of the total cost, greatest first. */
export function byCost({ weighing: { statistics } }: Workbench): number[] {
  const groups = [...statistics.groups.keys()].filter(g => statistics.groups[g]!.all.n > 0)
  return groups.sort((a, b) => statistics.groups[b]!.all.sum - statistics.groups[a]!.all.sum || a - b)
}

function labelOf({ weighing }: Workbench, { nameOf }: GroupNames, g: number): string {
  const group = weighing.weights.groups[g]!
  return `${group} ${nameOf(group)}`
}

/** Quartiles and limits of the groups that cost most. */
export function distributionChart(work: Workbench, names: GroupNames, lang: Lang): Chart {
  const zh = lang === 'zh'
  const { groups } = work.weighing.statistics
  const rows = byCost(work)
    .slice(0, SHOWN)
    .map((g): RangeRow => {
      const { range, lowest, highest, kept } = groups[g]!
      const mean = meanOf(kept)?.toNumber()
      return {
        label: labelOf(work, names, g),
        line: [yuan(range!.min), yuan(range!.max)],
        box: [yuan(range!.q1.toNumber()), yuan(range!.q3.toNumber())],
        ...(mean === undefined ? {} : { point: yuan(mean) }),
        ...(kept.n === 0 ? {} : { ticks: [yuan(lowest), yuan(highest)] }),
      }
    })
  return rangeChart({
    title: zh ? '各病组费用分布与裁剪界限' : 'Costs of groups and their trim limits',
    description: zh
      ? '费用总额最大的病组：最低到最高费用、四分位距、裁剪后保留的最低与最高费用、裁剪后均值，对数坐标。'
      : 'The groups that cost most: least to greatest cost, quartiles, least and greatest cost kept, mean of the kept costs; logarithmic axis.',
    lang,
    item: zh ? '病组' : 'Group',
    axis: { label: zh ? '费用（元）' : 'Cost (yuan)', decimals: 0 },
    log: true,
    names: zh
      ? { line: '最低—最高', box: '四分位距', ticks: '保留范围', point: '裁剪后均值' }
      : { line: 'least to greatest', box: 'quartiles', ticks: 'kept', point: 'mean of kept costs' },
    rows,
  })
}

/** Distribution of one group with the limits of trimming. */
export function groupHistogram(work: Workbench, names: GroupNames, g: number, lang: Lang): Chart {
  const zh = lang === 'zh'
  const { sorted, years, groups } = work.weighing.statistics
  const { lowest, highest, range } = groups[g]!
  const end = Math.min(range!.max, Math.max(highest * 1.15, range!.q3.toNumber() * 2))
  const title = labelOf(work, names, g)
  const costs = sorted.costs.subarray(sorted.starts[g * years.length], sorted.starts[(g + 1) * years.length])
  return histogramChart({
    title,
    description: zh
      ? '费用直方图，竖线为裁剪后保留的最低与最高费用。'
      : 'Histogram of costs; the lines are the least and the greatest cost kept.',
    lang,
    x: { label: zh ? '费用（元）' : 'Cost (yuan)', decimals: 0 },
    y: { label: zh ? '病例数' : 'Cases' },
    bins: binsOf(costs, yuan(end)),
    limits: [
      { name: zh ? '保留下限' : 'kept from', value: yuan(lowest) },
      { name: zh ? '保留上限' : 'kept to', value: yuan(highest) },
    ],
  })
}

function binsOf(costs: Float64Array, end: number): Bins {
  const count = 40
  const raw = end / count
  const power = 10 ** Math.floor(Math.log10(Math.max(raw, 0.01)))
  const width = [1, 2, 5, 10].map(step => step * power).find(step => step >= raw)!
  const counts = Array.from({ length: Math.max(1, Math.ceil(end / width)) }, () => 0)
  for (const cost of costs) counts[Math.min(counts.length - 1, Math.floor(yuan(cost) / width))]! += 1
  return { start: 0, width, counts, lastOpen: true }
}

/** Positions of groups by width of interval × cases, greatest first; by cost without intervals. */
function byDoubt(work: Workbench): number[] {
  const { intervals } = work
  if (intervals === undefined) return byCost(work)
  const doubt = (g: number): number => {
    const one = intervals[g]
    return one == null ? 0 : (one.high - one.low) * work.weighing.statistics.groups[g]!.kept.n
  }
  return byCost(work).sort((a, b) => doubt(b) - doubt(a) || a - b)
}

/** What the picture of weights holds besides them. */
export function intervalTitle({ intervals, drift }: Workbench, lang: Lang): string {
  const zh = lang === 'zh'
  const more = [
    ...(intervals === undefined ? [] : [zh ? '区间' : 'intervals']),
    ...(drift === undefined ? [] : [zh ? '上年权重' : 'last year']),
  ]
  return [zh ? '权重' : 'Weights', ...more].join(zh ? '、' : ', ')
}

/** Weights with their intervals, and last year's beside them. */
export function intervalChart(work: Workbench, names: GroupNames, lang: Lang): Chart {
  const zh = lang === 'zh'
  const { weights } = work.weighing
  const last = new Map(work.drift?.groups.map(one => [one.group, one.last?.toNumber()]))
  const moved = work.drift?.groups.filter(one => one.change !== null) ?? []
  moved.sort((a, b) => b.effect!.abs().cmp(a.effect!.abs()) || a.group - b.group)
  const chosen = work.drift === undefined ? byDoubt(work) : moved.map(one => one.group)
  const level = work.intervals !== undefined
  const rows = chosen
    .filter(g => weights.weight[g] != null)
    .slice(0, SHOWN)
    .map((g): RangeRow => {
      const interval = work.intervals?.[g]
      const other = last.get(g)
      return {
        label: labelOf(work, names, g),
        point: weights.weight[g]!.toNumber(),
        ...(interval == null ? {} : { line: [interval.low, interval.high] as const }),
        ...(other === undefined ? {} : { other }),
      }
    })
  return rangeChart({
    title: intervalTitle(work, lang),
    description: zh
      ? work.drift === undefined
        ? '区间宽度乘例数最大的病组：总权重在这里最不确定。'
        : '对总权重影响最大的病组，按影响从大到小。'
      : work.drift === undefined
        ? 'The groups with the greatest width of interval times cases: there the total is least certain.'
        : 'The groups whose change moves the total most, the greatest first.',
    lang,
    item: zh ? '病组' : 'Group',
    axis: { label: zh ? '权重（对数坐标）' : 'Weight (logarithmic)', decimals: 4 },
    log: true,
    names: {
      point: zh ? '权重' : 'weight',
      ...(level ? { line: zh ? '区间' : 'interval' } : {}),
      ...(work.drift === undefined ? {} : { other: zh ? '上年权重' : 'last year' }),
    },
    rows,
  })
}

/** Reduction in variance within each MDC, after and before trimming. */
export function mdcChart(work: Workbench, { mdcOf }: GroupNames, lang: Lang): Chart {
  const zh = lang === 'zh'
  const percent = (share: number): number => share * 100
  return barChart({
    title: zh ? '各 MDC 的方差减少量' : 'Reduction in variance by MDC',
    description: zh
      ? 'MDC 内部的方差减少量（RIV），单位 %；深色为裁剪后，浅色为裁剪前。'
      : 'Reduction in variance within each MDC in percent, after trimming, and before it as the paler bar.',
    lang,
    item: 'MDC',
    axis: { label: 'RIV (%)', decimals: 1 },
    bars: qualityByMdc(work, mdcOf).map(one => ({
      label: `${one.mdc} (n = ${one.cases.toLocaleString('en-US')})`,
      value: percent(one.after.riv),
      before: percent(one.before.riv),
    })),
    periods: zh ? { value: '裁剪后', before: '裁剪前' } : { value: 'after trimming', before: 'before trimming' },
  })
}

/** CMI and the consumption indices by month; undefined where there is one month only. */
export function monthChart({ indices }: Workbench, lang: Lang): Chart | undefined {
  const zh = lang === 'zh'
  const months = indices.units.filter(one => one.dimension === 'month')
  if (months.length < 2) return undefined
  return lineChart({
    title: zh ? '各月 CMI 与消耗指数' : 'CMI and consumption indices by month',
    description: zh
      ? '全地区各月的 CMI、费用消耗指数和时间消耗指数。'
      : 'CMI, cost and time consumption index of the region by month.',
    lang,
    x: { label: zh ? '月份' : 'Month', values: months.map(one => one.unit) },
    y: { label: zh ? '指数' : 'Index', decimals: 3 },
    series: [
      { name: 'CMI', values: months.map(one => one.cmi?.toNumber()) },
      { name: zh ? '费用消耗指数' : 'cost index', values: months.map(one => one.costIndex?.toNumber()) },
      { name: zh ? '时间消耗指数' : 'time index', values: months.map(one => one.timeIndex?.toNumber()) },
    ],
  })
}
