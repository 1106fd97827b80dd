import type { Lang, Text } from '../messages/index.ts'
import { countText, type Fact, moneyText, page, percentText, type Section } from '../report/index.ts'
import {
  type ClearingOutlook,
  type Comparison,
  clearingOutlook,
  inUnit,
  type LevelTotal,
  type Policy,
  type Settlement,
} from '../simulate/index.ts'
import type { EarlierCases } from './earlier-cases.ts'
import { levelsChart, levelsGrid } from './level-totals.ts'
import { groupQuadrant, pointValueChart, scenarioChart, surplusChart } from './pictures.ts'
import type { SettledRegion } from './pipeline.ts'
import { scenarioSections, surplusHeat } from './scenario-pictures.ts'
import {
  changesGrid,
  clearingGrid,
  gridInUnit,
  groupsGrid,
  hospitalsGrid,
  insuranceName,
  poolsGrid,
  scenariosGrid,
} from './tables.ts'
import { programVersion } from './version.ts'

export interface ReportInput {
  readonly settled: SettledRegion
  /** Totals of all levels from the case to the region. */
  readonly levels: readonly LevelTotal[]
  readonly comparison?: Comparison
  readonly lang: Lang
}

/** The HTML report of a settled region, with scenarios where there are any. */
export function regionReport({ settled, levels, comparison, lang }: ReportInput): string {
  const zh = lang === 'zh'
  const { region, baseline, nameOf, specialtyName, book, policy, clearings } = settled
  const { settlement } = baseline
  const names = new Map(settlement.hospitals.map(row => [row.hospital.code, row.hospital.name]))
  const sections: Section[] = [
    { kind: 'facts', caption: zh ? '数据与依据' : 'Data and basis', facts: factsOf(settled, lang) },
    { kind: 'heading', text: zh ? '预算与点值' : 'Budgets and point values' },
    {
      kind: 'table',
      caption: zh ? inUnit(policy.document, '基金预算、点数与点值') : 'Budgets, points and point values',
      grid: gridInUnit(policy, poolsGrid(settlement, lang)),
    },
    ...figure(
      zh ? '各月点值' : 'Point value by month',
      () => pointValueChart(settlement, policy, lang),
      hasPointValue(settlement),
    ),
    { kind: 'heading', text: zh ? '医疗机构' : 'Hospitals' },
    {
      kind: 'figure',
      caption: zh ? '医疗机构盈亏排名' : 'Hospitals by surplus',
      chart: surplusChart(settlement, lang),
    },
    {
      kind: 'table',
      caption: zh ? '医疗机构结算' : 'Settlement by hospital',
      grid: gridInUnit(policy, hospitalsGrid(settlement.hospitals, lang)),
    },
    {
      kind: 'table',
      caption: zh ? '月度预拨与年终清算（元）' : 'Monthly payments and clearing (yuan)',
      grid: clearingGrid(clearings, names, lang),
    },
    ...outlook(clearingOutlook(settlement, clearings, policy), lang),
    {
      kind: 'figure',
      caption: zh ? '盈亏在哪里：医疗机构 × 专科' : 'Where money is won and lost: hospital × specialty',
      chart: surplusHeat(settlement, specialtyName, lang),
    },
    { kind: 'heading', text: zh ? '病组' : 'Groups' },
    {
      kind: 'figure',
      caption: zh ? '病组盈亏象限' : 'Groups by volume and surplus',
      chart: groupQuadrant(settlement.groups, nameOf, lang),
    },
    {
      kind: 'table',
      caption: zh ? '病组盈亏' : 'Groups by surplus',
      grid: groupsGrid(settlement.groups, nameOf, lang),
    },
    { kind: 'heading', text: zh ? '各层级合计' : 'Totals of every level' },
    {
      kind: 'figure',
      caption: zh ? '从病例到地区，合计相同' : 'The same from the case to the region',
      chart: levelsChart(levels, lang),
    },
    {
      kind: 'table',
      caption: zh ? '各层级的行数与合计（元）' : 'Rows and totals of every level (yuan)',
      grid: gridInUnit(policy, levelsGrid(levels, lang)),
    },
  ]
  if (comparison !== undefined && comparison.scenarios.length > 0) {
    sections.push(
      { kind: 'heading', text: zh ? '情景比较' : 'Scenarios' },
      {
        kind: 'table',
        caption: zh ? '各情景的点值与受益受损机构数' : 'Point values, winners and losers',
        grid: scenariosGrid(comparison, lang),
      },
      {
        kind: 'figure',
        caption: zh ? '各机构基金应付变化' : 'Change of the fund due by hospital',
        chart: scenarioChart(comparison, lang),
      },
      {
        kind: 'table',
        caption: zh ? '各机构基金应付与变化' : 'Fund due and its change by hospital',
        grid: changesGrid(comparison, lang),
      },
      ...scenarioSections(comparison, specialtyName, lang),
    )
  }
  sections.push({
    kind: 'paragraph',
    note: true,
    text: zh
      ? '支付标准用于医保基金与医疗机构结算，不得作为限额考核或分配到医务人员个人（医保办发〔2024〕9号）。'
      : 'Payment standards settle accounts between fund and hospitals; they must not become limits for, or pay of, individual staff (医保办发〔2024〕9号).',
  })
  return page({
    title: `${region.title[lang]} ${region.year}`,
    subtitle: subtitleOf(policy)[lang],
    lang,
    sections,
    footer: `dianzhi ${programVersion()} · ${book.schemeId} ${book.hash.slice(0, 12)} · ${policy.id}`,
  })
}

function subtitleOf({ method, document: { unit } }: Policy): Text {
  if (method === 'rate') return { zh: '区域费率法结算', en: 'Regional settlement by rates' }
  return unit === 'score'
    ? { zh: '区域按病种分值（DIP）结算', en: 'Regional settlement by DIP scores' }
    : { zh: '区域点数法结算', en: 'Regional settlement by points' }
}

function hasPointValue(settlement: Settlement): boolean {
  return settlement.pools.some(pool => pool.pointValue !== null)
}

function figure(caption: string, chart: () => ReturnType<typeof surplusChart>, wanted: boolean): Section[] {
  return wanted ? [{ kind: 'figure', caption, chart: chart() }] : []
}

function factsOf(
  { summary, payable, outside, notices, unpayable, book, policy, weighing, region, baseline, earlier }: SettledRegion,
  lang: Lang,
): Fact[] {
  const zh = lang === 'zh'
  const { before, after } = weighing.quality
  const grouped = weighing.statistics.screening
  const [basis] = policy.document.policyBasis
  return [
    { name: zh ? '分组方案' : 'Scheme', value: `${book.schemeId} (${book.hash.slice(0, 12)})` },
    {
      name: zh ? '结算政策' : 'Policy',
      value: policy.document.title[lang],
      ...(basis === undefined ? {} : { source: { title: `${basis.document} [${basis.confidence ?? '–'}]` } }),
    },
    { name: zh ? '读入行数' : 'Rows read', value: countText(summary.rows) },
    { name: zh ? '拒收行数' : 'Rejected rows', value: countText(summary.rejected) },
    { name: zh ? '缺结算信息的病例' : 'Cases without the facts to pay them', value: countText(unpayable.length) },
    { name: zh ? '结算病例' : 'Cases settled', value: countText(payable.count) },
    { name: zh ? '其中支付范围外' : 'Of these outside the pool', value: countText(outside) },
    ...(earlier === null
      ? []
      : [{ name: zh ? '往年病例（系数）' : 'Cases of earlier years', value: earlierText(earlier, zh) }]),
    { name: zh ? '医疗机构' : 'Hospitals', value: countText(baseline.settlement.hospitals.length) },
    {
      name: zh ? '歧义 / 未入组 / 校验不通过' : 'Ambiguous / not grouped / invalid',
      value: [grouped.ambiguous, grouped.notGrouped, grouped.invalid].map(countText).join(' / '),
    },
    { name: zh ? '次均费用（裁剪后）' : 'Mean cost (trimmed)', value: moneyText(weighing.weights.meanCost, lang) },
    {
      name: zh ? '方差减少量 RIV（裁剪前 / 后）' : 'RIV (before / after trimming)',
      value: `${percentText(String(before.riv), 1)} / ${percentText(String(after.riv), 1)}`,
    },
    {
      name: zh ? 'CV ≥ 1 的病组占比（裁剪前）' : 'Groups with CV ≥ 1 (before trimming)',
      value: percentText(String(before.wideShare), 1),
    },
    {
      name: zh ? '基金预算' : 'Budget',
      value: region.budgets
        .map(({ insurance, fund }) => `${insuranceName(insurance, lang)} ${moneyText(fund, lang)}`)
        .join(zh ? '；' : '; '),
    },
    ...notices.map(notice => ({ name: zh ? '提示' : 'Note', value: notice[lang].replace(/^(注意：|Note: )/, '') })),
  ]
}

/** Of the rows of earlier years, how many the coefficients rest on. */
function earlierText({ rows, cases, rejected, unpayable }: EarlierCases, zh: boolean): string {
  const [all, used, out, left] = [rows, cases, rejected, unpayable.length].map(countText)
  return zh
    ? `读入 ${all} 行 = ${used} 例 + 拒收 ${out} 行 + 未计入 ${left} 例`
    : `${all} rows in = ${used} cases + ${out} rejects + ${left} left out`
}

/** When months are to be paid and the year cleared, and what the months left to the clearing. */
function outlook(one: ClearingOutlook | null, lang: Lang): Section[] {
  if (one === null) return []
  const { months, clearBy, share, target } = one
  const zh = lang === 'zh'
  const paid = months.map(({ month, date }) => (zh ? `${month} 最晚 ${date} 拨付` : `${month} to be paid by ${date}`))
  const cleared = clearBy === null ? [] : [zh ? `最晚 ${clearBy} 清算` : `to be cleared by ${clearBy}`]
  const aim =
    target === null
      ? ''
      : zh
        ? `，目标 ${percentText(target.toFixed())}`
        : `, the target is ${percentText(target.toFixed())}`
  const left =
    share === null
      ? []
      : [(zh ? `留待清算 ${percentText(share.toFixed())}` : `${percentText(share.toFixed())} left to clearing`) + aim]
  const open = months.some(month => !month.isCertain)
    ? [zh ? '部分年份的节假日未知，只按周末计' : 'public holidays of some years are not known: weekends only']
    : []
  return [{ kind: 'paragraph', text: [...paid, ...cleared, ...left, ...open].join(zh ? '；' : '; ') }]
}
