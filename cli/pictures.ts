import type { Lang } from '../messages/index.ts'
import { barChart, type Chart, compareChart, lineChart, quadrantChart } from '../report/index.ts'
import { type Comparison, inUnit, monthValues, type Policy, type Settlement } from '../simulate/index.ts'
import { insuranceNames } from './tables.ts'

/** The pictures of a settlement. Display units: yuan per point, 10,000 yuan, percent. */

const WAN = 1_000_000

/** Point value that each month alone would have under the policy, against the year's. */
export function pointValueChart(settlement: Settlement, policy: Policy, lang: Lang): Chart {
  const zh = lang === 'zh'
  const values = monthValues(settlement, policy)
  const months = [...new Set(values.map(value => value.month))].sort()
  const series = settlement.pools.flatMap(pool => {
    if (pool.pointValue === null) return []
    const own = values.filter(value => value.insurances === pool.insurances)
    const byMonth = new Map(own.map(value => [value.month, value.pointValue?.toNumber()]))
    return [
      { name: insuranceNames(pool.insurances, lang), values: months.map(month => byMonth.get(month)) },
      {
        name: `${insuranceNames(pool.insurances, lang)}${zh ? '（全年）' : ' (year)'}`,
        values: months.map(() => pool.pointValue?.toNumber()),
      },
    ]
  })
  return lineChart({
    title: zh ? '各月点值' : 'Point value by month',
    description: zh
      ? '把年度预算平均分到各月时，每月的点值；平线为全年点值。病例多的月份点值低。'
      : 'Point value of each month if every month had the same part of the budget; the flat lines are the year. Busy months are cheap.',
    lang,
    x: { label: zh ? '结算月份' : 'Month', values: months },
    y: { label: zh ? inUnit(policy.document, '点值（元/点）') : 'Point value (yuan per point)', decimals: 2 },
    series,
  })
}

/** Surplus of each hospital. */
export function surplusChart(settlement: Settlement, lang: Lang): Chart {
  const zh = lang === 'zh'
  return barChart({
    title: zh ? '医疗机构盈亏' : 'Surplus by hospital',
    description: zh
      ? '应付总额减医疗总费用，单位万元；正数为结余，负数为亏损。'
      : 'Gross payment less total cost, in 10,000 yuan; positive is surplus, negative is loss.',
    lang,
    item: zh ? '医疗机构' : 'Hospital',
    axis: { label: zh ? '盈亏（万元）' : 'Surplus (10,000 yuan)', decimals: 0 },
    bars: settlement.hospitals.map(row => ({
      label: `${row.hospital.code} ${row.hospital.name}`,
      value: row.surplus / WAN,
    })),
  })
}

interface GroupSurplus {
  readonly group: string
  readonly cases: number
  /** Cases outside the pool. */
  readonly outside: number
  /** Fen. */
  readonly surplus: number
}

/** Groups by cases and mean surplus. */
export function groupQuadrant(groups: readonly GroupSurplus[], nameOf: (group: string) => string, lang: Lang): Chart {
  const zh = lang === 'zh'
  // Cost and surplus leave out what lies outside the pool, and so must the cases.
  const rows = groups.map(row => ({ ...row, cases: row.cases - row.outside })).filter(row => row.cases > 0)
  const sorted = rows.map(row => row.cases).sort((a, b) => a - b)
  return quadrantChart({
    title: zh ? '病组盈亏象限' : 'Groups by volume and surplus',
    description: zh
      ? '横轴为病例数（对数），纵轴为例均盈亏，气泡大小为病例数；竖线为病例数中位数。'
      : 'Cases on a logarithmic axis against mean surplus per case; bubbles grow with cases; the vertical line is the median.',
    lang,
    item: zh ? '病组' : 'Group',
    x: { label: zh ? '病例数' : 'Cases', log: true, split: sorted[Math.floor(sorted.length / 2)] ?? 1 },
    y: { label: zh ? '例均盈亏（元）' : 'Mean surplus (yuan per case)', decimals: 0 },
    size: { label: zh ? '病例数' : 'Cases' },
    bubbles: rows.map(row => ({
      label: `${row.group} ${nameOf(row.group)}`,
      x: row.cases,
      y: row.surplus / row.cases / 100,
      size: row.cases,
    })),
    corners: zh
      ? ['量小结余', '量大结余', '量小亏损', '量大亏损']
      : ['few cases, surplus', 'many cases, surplus', 'few cases, loss', 'many cases, loss'],
    labels: 18,
  })
}

/** Change of each hospital's fund due in each scenario. */
export function scenarioChart({ scenarios }: Comparison, lang: Lang): Chart {
  const zh = lang === 'zh'
  const hospitals = scenarios[0]?.hospitals ?? []
  return compareChart({
    title: zh ? '情景比较：基金应付变化' : 'Scenarios: change of the fund due',
    description: zh
      ? '每家医疗机构在各情景下基金应付相对基线的变化，单位%。'
      : 'Change of the fund due of each hospital against the baseline, in percent.',
    lang,
    item: zh ? '医疗机构' : 'Hospital',
    items: hospitals.map(row => `${row.hospital.code} ${row.hospital.name}`),
    axis: { label: zh ? '变化（%）' : 'Change (%)', decimals: 1 },
    series: scenarios.map(one => ({
      name: one.title[lang],
      values: one.hospitals.map(row => row.share?.times(100).toNumber()),
    })),
    baseline: { name: zh ? '基线' : 'Baseline', value: 0 },
  })
}
