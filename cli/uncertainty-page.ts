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
} from '../report/index.ts'
import { convergence, draws, intervalOf, type Replicates, type Settlement } from '../simulate/index.ts'
import { insuranceName } from './tables.ts'

/** The pictures of drawn years: how sure point values and settlements are. */

export interface UncertaintyPage {
  readonly title: string
  readonly subtitle: string
  readonly footer: string
  readonly lang: Lang
  readonly values: Grid
  readonly dues: Grid
}

/** The page of a region drawn many times. */
export function uncertaintyPage(
  result: Replicates,
  settlement: Settlement,
  insurances: readonly string[],
  { title, subtitle, footer, lang, values, dues }: UncertaintyPage,
): string {
  const zh = lang === 'zh'
  const own = insurances.filter(code => !draws(result, 0, `pointValue:${code}`).some(Number.isNaN))
  const figure = (caption: string, chart: Chart): Section => ({ kind: 'figure', caption, chart })
  return page({
    title,
    subtitle,
    lang,
    footer,
    sections: [
      {
        kind: 'paragraph',
        note: true,
        text: zh
          ? '各项离散程度为假设，应以本地历史替换；区间说明的是这些假设下的不确定性。'
          : 'All spreads are assumptions until the region’s own history replaces them; intervals say how unsure results are under these assumptions.',
      },
      { kind: 'heading', text: zh ? '点值' : 'Point values' },
      ...own.map(code => figure(`${insuranceName(code, lang)}`, valueIntervals(result, code, lang))),
      { kind: 'table', caption: zh ? '点值区间' : 'Intervals of point values', grid: values },
      ...own.map(code =>
        figure(
          zh
            ? `基线点值的分布：${insuranceName(code, lang)}`
            : `Point value of the baseline, ${insuranceName(code, lang)}`,
          histogram(result, code, lang),
        ),
      ),
      ...(result.titles.length > 1
        ? [
            figure(
              zh ? '与基线之差（同一组随机数）' : 'Against the baseline, draw by draw',
              differences(result, own, lang),
            ),
          ]
        : []),
      { kind: 'heading', text: zh ? '医疗机构' : 'Hospitals' },
      figure(zh ? '基金应付的区间' : 'Intervals of the fund due', dueIntervals(result, settlement, lang)),
      figure(zh ? '亏损的概率' : 'Chance of a loss', lossChances(result, settlement, lang)),
      { kind: 'table', caption: zh ? '基金应付（基线）' : 'Fund due (baseline)', grid: dues },
      { kind: 'heading', text: zh ? '收敛' : 'Convergence' },
      ...own.map(code => figure(insuranceName(code, lang), convergencePath(result, code, lang))),
    ],
  })
}

const valueLabel = (lang: Lang): string => (lang === 'zh' ? '点值（元/点）' : 'Point value (yuan per point)')
const middle = (lang: Lang): string => (lang === 'zh' ? '中间 90%' : 'middle 90 %')
const half = (lang: Lang): string => (lang === 'zh' ? '中间 50%' : 'middle 50 %')

/** One row a scenario. */
function valueIntervals(result: Replicates, code: string, lang: Lang): Chart {
  const zh = lang === 'zh'
  return rangeChart({
    title: zh ? `点值区间：${insuranceName(code, lang)}` : `Point value, ${insuranceName(code, lang)}`,
    description: zh ? '中位数、中间 50% 与 90% 的抽样结果。' : 'Median, middle 50 % and 90 % of the draws.',
    lang,
    item: zh ? '情景' : 'Scenario',
    axis: { label: valueLabel(lang), decimals: 2 },
    names: { line: middle(lang), box: half(lang), point: zh ? '中位' : 'median' },
    rows: result.titles.map((title, k) => {
      const own = draws(result, k, `pointValue:${code}`)
      const [wide, narrow] = [intervalOf(own), intervalOf(own, 0.5)]
      return {
        label: title[lang],
        line: [wide.low, wide.high],
        box: [narrow.low, narrow.high],
        point: wide.median,
      }
    }),
  })
}

function histogram(result: Replicates, code: string, lang: Lang): Chart {
  const zh = lang === 'zh'
  const own = draws(result, 0, `pointValue:${code}`)
  const { low, high } = intervalOf(own)
  return histogramChart({
    title: zh ? '点值的分布' : 'Distribution of the point value',
    description: zh ? '抽样结果的分布，两线之间为中间 90%。' : 'The draws; the middle 90 % lie between the lines.',
    lang,
    x: { label: valueLabel(lang), decimals: 2 },
    y: { label: zh ? '次数' : 'Draws' },
    bins: roundBins([...own]),
    limits: [
      { name: '5%', value: Number(low.toFixed(2)) },
      { name: '95%', value: Number(high.toFixed(2)) },
    ],
  })
}

/** Scenario less baseline in each draw, in percent: far surer than the two intervals side by side. */
function differences(result: Replicates, insurances: readonly string[], lang: Lang): Chart {
  const zh = lang === 'zh'
  return rangeChart({
    title: zh ? '情景与基线的点值之差' : 'Point value of scenarios less that of the baseline',
    description: zh
      ? '每次抽样中情景与基线之差（%）；随机数相同，差值比各自的区间确定得多。'
      : 'Scenario less baseline in each draw (%): the same year meets both, so the difference is far surer than either.',
    lang,
    item: zh ? '情景' : 'Scenario',
    axis: { label: zh ? '点值变化（%）' : 'Change of the point value (%)', decimals: 2 },
    names: { line: middle(lang), point: zh ? '中位' : 'median' },
    rows: result.titles.slice(1).flatMap((title, i) =>
      insurances.map(code => {
        const base = draws(result, 0, `pointValue:${code}`)
        const change = draws(result, i + 1, `pointValue:${code}`).map((value, r) => (value / base[r]! - 1) * 100)
        const { low, median, high } = intervalOf(change)
        return { label: `${title[lang]} · ${insuranceName(code, lang)}`, line: [low, high], point: median }
      }),
    ),
  })
}

/** Fund due of every hospital, as a share of what was settled. */
function dueIntervals(result: Replicates, { hospitals }: Settlement, lang: Lang): Chart {
  const zh = lang === 'zh'
  return rangeChart({
    title: zh ? '各机构基金应付的区间' : 'Fund due by hospital',
    description: zh ? '以实际结算为 100。' : 'What was settled is 100.',
    lang,
    item: zh ? '医疗机构' : 'Hospital',
    axis: { label: zh ? '基金应付（结算 = 100）' : 'Fund due (settled = 100)', decimals: 1 },
    names: { line: middle(lang), box: half(lang), point: zh ? '中位' : 'median' },
    rows: hospitals
      .filter(({ due }) => due > 0)
      .map(({ hospital, due }) => {
        const own = draws(result, 0, `due:${hospital.code}`).map(value => (value / due) * 100)
        const [wide, narrow] = [intervalOf(own), intervalOf(own, 0.5)]
        return {
          label: `${hospital.code} ${hospital.name}`,
          line: [wide.low, wide.high],
          box: [narrow.low, narrow.high],
          point: wide.median,
        }
      }),
  })
}

function lossChances(result: Replicates, { hospitals }: Settlement, lang: Lang): Chart {
  const zh = lang === 'zh'
  return compareChart({
    title: zh ? '亏损的概率' : 'Chance of a loss',
    description: zh ? '应付总额低于费用的抽样比例。' : 'Share of draws in which gross payment lies below cost.',
    lang,
    item: zh ? '医疗机构' : 'Hospital',
    items: hospitals.map(({ hospital }) => `${hospital.code} ${hospital.name}`),
    axis: { label: zh ? '概率（%）' : 'Chance (%)', decimals: 1 },
    series: result.titles.map((title, k) => ({
      name: title[lang],
      values: hospitals.map(({ hospital }) => {
        const own = draws(result, k, `surplus:${hospital.code}`)
        return (own.reduce((n, value) => n + (value < 0 ? 1 : 0), 0) / own.length) * 100
      }),
    })),
    baseline: { name: zh ? '不亏' : 'Never', value: 0 },
  })
}

/** Mean and interval over the number of draws: when they stand still there were enough. */
function convergencePath(result: Replicates, code: string, lang: Lang): Chart {
  const zh = lang === 'zh'
  const steps = convergence(draws(result, 0, `pointValue:${code}`))
  return lineChart({
    title: zh ? '随抽样次数的变化' : 'Over the number of draws',
    description: zh
      ? '均值和中间 90% 不再变化，说明次数够了。'
      : 'Where mean and middle 90 % stand still there were enough draws.',
    lang,
    x: { label: zh ? '抽样次数' : 'Draws', values: steps.map(step => String(step.count)) },
    y: { label: valueLabel(lang), decimals: 2 },
    series: [
      { name: zh ? '均值' : 'Mean', values: steps.map(step => step.mean) },
      { name: '5%', values: steps.map(step => step.low) },
      { name: '95%', values: steps.map(step => step.high) },
    ],
  })
}
