import type { Lang, Text } from '../messages/index.ts'
import {
  type Chart,
  type Grid,
  heatChart,
  type LineBand,
  lineChart,
  page,
  rangeChart,
  type Section,
} from '../report/index.ts'
import type { Projection, ProjectionConfig, Settlement } from '../simulate/index.ts'
import { insuranceName } from './tables.ts'

/** The pictures of a projection: fans of point value and months payable, the fund, hospitals, weights. */

export interface ProjectionPage {
  readonly title: string
  readonly footer: string
  readonly lang: Lang
  readonly grid: Grid
  readonly config: ProjectionConfig
  /** Scenarios that come into force, by their titles. */
  readonly reforms: readonly { readonly from: number; readonly title: Text }[]
  readonly settlement: Settlement
  nameOf(group: string): string
}

const HUNDRED_MILLION = 10_000_000_000
const MILLION = 100_000_000

/** The page of a projection. */
export function projectionPage(projection: Projection, input: ProjectionPage): string {
  const { title, footer, lang, grid, config } = input
  const zh = lang === 'zh'
  const insurances = [...new Set(projection.rows.map(row => row.insurance))]
  const figure = (caption: string, chart: Chart | undefined): Section[] =>
    chart === undefined ? [] : [{ kind: 'figure', caption, chart }]
  return page({
    title: `${title} · ${zh ? '多年预测' : 'projection'}`,
    subtitle: config.title[lang],
    lang,
    footer,
    sections: [
      {
        kind: 'paragraph',
        note: true,
        text: zh
          ? '增长、人口、筹资和预警界值均为预测文件中的假设；预测不是结算。'
          : 'Growth, population, financing and warning levels are assumptions of the projection file; a projection is no settlement.',
      },
      ...changesOf(input),
      ...insurances.flatMap((code): Section[] => [
        { kind: 'heading', text: insuranceName(code, lang) },
        ...figure(zh ? '点值' : 'Point value', valueFan(projection, code, lang)),
        ...figure(
          zh ? '可支付月数与预警界值' : 'Months payable and warning levels',
          monthsFan(projection, code, input),
        ),
        ...figure(zh ? '基金收入与支出' : 'Income and spending of the fund', fundLines(projection, code, lang)),
      ]),
      { kind: 'table', caption: zh ? '逐年结果' : 'Year by year', grid, shown: 40 },
      { kind: 'heading', text: zh ? '医疗机构' : 'Hospitals' },
      ...figure(
        zh ? '各机构盈亏率' : 'Surplus of each hospital as a share of its cost',
        hospitalHeat(projection, input),
      ),
      ...figure(zh ? '权重变动最大的病组' : 'Groups whose weights move most', weightRanges(projection, input)),
    ],
  })
}

/** What befalls the years: reforms and events, so that a bend in a line has its reason beside it. */
function changesOf({ reforms, config: { events, trends }, lang }: ProjectionPage): Section[] {
  const zh = lang === 'zh'
  const lines = [
    ...reforms.map(({ from, title }) => (zh ? `${from} 年起：${title.zh}` : `From ${from}: ${title.en}`)),
    ...events.map(({ title, from, to }) => {
      const years =
        to === from ? String(from) : zh ? `${from} 年起${to === null ? '' : `至 ${to} 年`}` : `${from} – ${to ?? ''}`
      return `${years}${zh ? '：' : ': '}${title[lang]}`
    }),
    ...trends.map(({ where, use, cost }) => {
      const which = Object.values(where).flat().join(' ')
      return zh
        ? `${which || '全部'}：每年另增用量 ${percent(use)}、费用 ${percent(cost)}`
        : `${which || 'all'}: each year use ${percent(use)} and cost ${percent(cost)} on top`
    }),
  ]
  return lines.length === 0 ? [] : [{ kind: 'paragraph', text: lines.join('\n') }]
}

function percent(value: number): string {
  return `${value < 0 ? '' : '+'}${Number((value * 100).toFixed(4))}%`
}

function bandsOf(
  fans: readonly { readonly wide: readonly [number, number]; readonly half: readonly [number, number] }[],
  lang: Lang,
): LineBand[] {
  const zh = lang === 'zh'
  return [
    { name: zh ? '中间 90%' : 'middle 90 %', low: fans.map(one => one.wide[0]), high: fans.map(one => one.wide[1]) },
    { name: zh ? '中间 50%' : 'middle 50 %', low: fans.map(one => one.half[0]), high: fans.map(one => one.half[1]) },
  ]
}

function valueFan({ rows, fans }: Projection, code: string, lang: Lang): Chart | undefined {
  const zh = lang === 'zh'
  const own = fans.flatMap((fan, i) =>
    fan.insurance === code && fan.pointValue !== null ? [{ fan: fan.pointValue, row: rows[i]! }] : [],
  )
  if (own.length === 0) return undefined
  return lineChart({
    title: zh ? '点值扇形图' : 'Fan of the point value',
    description: zh
      ? '线为预期，色带为随机路径的中间 50% 与 90%。'
      : 'The line is expected, the bands the middle 50 % and 90 % of drawn paths.',
    lang,
    x: { label: zh ? '年度' : 'Year', values: own.map(({ row }) => String(row.year)) },
    y: { label: zh ? '点值（元/点）' : 'Point value (yuan per point)', decimals: 2 },
    series: [{ name: zh ? '预期' : 'Expected', values: own.map(({ row }) => row.pointValue ?? undefined) }],
    band: bandsOf(
      own.map(({ fan }) => fan),
      lang,
    ),
  })
}

function monthsFan({ rows, fans }: Projection, code: string, { lang, config }: ProjectionPage): Chart {
  const zh = lang === 'zh'
  const own = fans.flatMap((fan, i) => (fan.insurance === code ? [{ fan, row: rows[i]! }] : []))
  const { red, orange, excess } = config.warning[config.residents.includes(code) ? 'residents' : 'employees']
  return lineChart({
    title: zh ? '可支付月数' : 'Months payable',
    description: zh
      ? '低于红线为红色预警，低于橙线为橙色预警，高于上线为结余偏多。'
      : 'Below the red level the fund is red, below orange it is orange, above the upper level it holds much.',
    lang,
    x: { label: zh ? '年度' : 'Year', values: own.map(({ row }) => String(row.year)) },
    y: { label: zh ? '可支付月数' : 'Months payable', decimals: 1 },
    series: [{ name: zh ? '预期' : 'Expected', values: own.map(({ row }) => row.months) }],
    reference: [
      { name: LEVEL_NAMES.red[lang], value: red },
      { name: LEVEL_NAMES.orange[lang], value: orange },
      { name: LEVEL_NAMES.excess[lang], value: excess },
    ],
    band: bandsOf(
      own.map(({ fan }) => fan.months),
      lang,
    ),
  })
}

const LEVEL_NAMES: Readonly<Record<'red' | 'orange' | 'excess', Text>> = {
  red: { zh: '红线', en: 'red' },
  orange: { zh: '橙线', en: 'orange' },
  excess: { zh: '偏多', en: 'excess' },
}

function fundLines({ rows }: Projection, code: string, lang: Lang): Chart {
  const zh = lang === 'zh'
  const own = rows.filter(row => row.insurance === code)
  const unit = zh ? HUNDRED_MILLION : MILLION
  const series = (name: string, key: 'income' | 'spending' | 'balance' | 'budget') => ({
    name,
    values: own.map(row => row[key] / unit),
  })
  return lineChart({
    title: zh ? '基金收支' : 'The fund',
    description: zh
      ? '收入、支出、累计结余和按病种付费预算。'
      : 'Income, spending, balance, and the budget of case-based payment.',
    lang,
    x: { label: zh ? '年度' : 'Year', values: own.map(row => String(row.year)) },
    y: { label: zh ? '亿元' : 'Million yuan', decimals: 2 },
    series: [
      series(zh ? '收入' : 'Income', 'income'),
      series(zh ? '支出' : 'Spending', 'spending'),
      series(zh ? '累计结余' : 'Balance', 'balance'),
      series(zh ? '病种付费预算' : 'Case-based budget', 'budget'),
    ],
  })
}

/** Surplus over cost of every hospital and year, percent. */
function hospitalHeat({ hospitals }: Projection, { lang, settlement }: ProjectionPage): Chart {
  const zh = lang === 'zh'
  const years = [...new Set(hospitals.map(row => row.year))]
  const found = new Map(hospitals.map(row => [`${row.hospital.code} ${row.year}`, row]))
  return heatChart({
    title: zh ? '各机构盈亏率' : 'Surplus rate by hospital and year',
    description: zh ? '应付总额减费用，占费用的百分比。' : 'Gross payment less cost, as a share of cost in percent.',
    lang,
    item: zh ? '医疗机构' : 'Hospital',
    rows: settlement.hospitals.map(({ hospital }) => `${hospital.code} ${hospital.name}`),
    columns: years.map(year => ({ name: String(year) })),
    axis: { label: zh ? '盈亏率（%）' : 'Surplus of cost (%)', decimals: 1 },
    cells: settlement.hospitals.map(({ hospital }) =>
      years.map(year => {
        const row = found.get(`${hospital.code} ${year}`)
        return row === undefined || row.cost === 0 ? undefined : (row.surplus / row.cost) * 100
      }),
    ),
  })
}

const MOST = 20

/** From the first to the last index of the groups that move most. */
function weightRanges({ weights }: Projection, { lang, nameOf }: ProjectionPage): Chart | undefined {
  const zh = lang === 'zh'
  const years = weights.map(row => row.year)
  const last = Math.max(...years)
  const ends = weights
    .filter(row => row.year === last)
    .sort((a, b) => Math.abs(Math.log(b.index)) - Math.abs(Math.log(a.index)) || (a.group < b.group ? -1 : 1))
    .slice(0, MOST)
  if (ends.length === 0) return undefined
  return rangeChart({
    title: zh ? '权重变动' : 'How weights move',
    description: zh
      ? `${last} 年权重与起始权重之比，起始为 1。`
      : `Weights of ${last} over those of the start, which are 1.`,
    lang,
    item: zh ? '病组' : 'Group',
    axis: { label: zh ? '权重（起始 = 1）' : 'Weight (start = 1)', decimals: 3 },
    names: { point: String(last), line: zh ? '与起始之差' : 'from the start' },
    rows: ends.map(({ group, index }) => ({
      label: `${group} ${nameOf(group)}`,
      line: [Math.min(1, index), Math.max(1, index)],
      point: index,
    })),
  })
}
