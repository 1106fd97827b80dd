import type { Lang } from '../messages/index.ts'
import {
  barChart,
  countBins,
  countText,
  decimalText,
  type Fact,
  type Grid,
  histogramChart,
  numberColumn,
  page,
  percentOf,
  pointsText,
  type Section,
  textColumn,
  waterfallChart,
  yuanText,
} from '../report/index.ts'
import { inUnit, type PreviewRow } from '../simulate/index.ts'
import { NO_LABEL } from '../weights/index.ts'
import { className } from './class-names.ts'
import { groupQuadrant } from './pictures.ts'
import type { Previewed } from './preview-inputs.ts'
import { explainCase } from './preview-tables.ts'
import { gridInUnit, insuranceName } from './tables.ts'
import { programVersion } from './version.ts'

const WAN = 1_000_000
/** Deviating cases that the page shows; the table has all. */
const SHOWN = 100
/** Rows of a picture. */
const BARS = 30

const ORIGINS = {
  given: { zh: '假定（命令行）', en: 'assumed (command line)' },
  published: { zh: '公布的点值表', en: 'published table' },
  provisional: { zh: '地区文件的预结点值', en: 'provisional value of the region file' },
  policy: { zh: '政策年初点值', en: 'year-start value of the policy' },
} as const

/** A hospital's expected settlement as one page. */
export function previewPage(previewed: Previewed, lang: Lang): string {
  const zh = lang === 'zh'
  const { preview, hospital, policy, book, notices, cases } = previewed
  const sums: typeof sumsGrid = (...given) => gridInUnit(policy, sumsGrid(...given))
  const period = `${cases.months[0] ?? ''} – ${cases.months.at(-1) ?? ''}`
  const sections: Section[] = [
    { kind: 'facts', caption: zh ? '数据与依据' : 'Data and basis', facts: factsOf(previewed, lang) },
    { kind: 'heading', text: zh ? '预计结算与确定程度' : 'Expected settlement, and how sure it is' },
    { kind: 'table', caption: zh ? '确定程度（元）' : 'How sure (yuan)', grid: certaintyGrid(previewed, lang) },
    { kind: 'figure', caption: zh ? '从应付总额到清算' : 'From gross to clearing', chart: flowChart(previewed, lang) },
    ...notices.map((notice): Section => ({ kind: 'paragraph', note: true, text: notice[lang] })),
    { kind: 'heading', text: zh ? '偏差病例' : 'Deviating cases' },
    {
      kind: 'table',
      caption: zh ? '各类病例（元）' : 'Cases by class (yuan)',
      grid: sums(preview.byClass, zh ? '类别' : 'Class', key => className(key, lang), lang, true, preview.total),
    },
    {
      kind: 'figure',
      caption: zh ? '费用倍率分布' : 'Cost ratios',
      chart: ratioChart(previewed, lang),
    },
    {
      kind: 'table',
      caption: zh
        ? `偏差病例，亏损最多的在前（共 ${countText(preview.total.deviating)} 例，列出至多 ${SHOWN} 例，全部见 cases.csv）`
        : `Deviating cases, largest loss first (${countText(preview.total.deviating)} in all, at most ${SHOWN} shown; cases.csv has all)`,
      grid: casesGrid(previewed, lang),
    },
  ]
  if (preview.byDepartment.length > 0) {
    const name = (key: string): string => (key === '' ? (zh ? '（未填）' : '(none)') : key)
    sections.push(
      { kind: 'heading', text: zh ? '科室' : 'Departments' },
      {
        kind: 'figure',
        caption: zh ? '科室盈亏' : 'Surplus by department',
        chart: surplusBars(preview.byDepartment, zh ? '科室' : 'Department', name, lang),
      },
      {
        kind: 'table',
        caption: zh ? '科室预计结算（元）' : 'Expected settlement by department (yuan)',
        grid: sums(preview.byDepartment, zh ? '科室' : 'Department', name, lang, true, preview.total),
      },
    )
  }
  const groupName = (key: string): string => `${key} ${previewed.nameOf(key)}`
  sections.push(
    { kind: 'heading', text: zh ? '病组' : 'Groups' },
    {
      kind: 'figure',
      caption: zh ? '病组盈亏象限' : 'Groups by volume and surplus',
      chart: groupQuadrant(
        previewed.preview.byGroup.map(({ key, ...row }) => ({ ...row, group: key })),
        previewed.nameOf,
        lang,
      ),
    },
    {
      kind: 'table',
      caption: zh ? '病组预计结算（元）' : 'Expected settlement by group (yuan)',
      grid: sums(preview.byGroup, zh ? '病组' : 'Group', groupName, lang),
    },
    { kind: 'heading', text: zh ? '月份与险种' : 'Months and insurances' },
    {
      kind: 'table',
      caption: zh ? '各月（元）' : 'By month (yuan)',
      grid: sums(preview.byMonth, zh ? '月份' : 'Month', key => key, lang, false, preview.total),
    },
    {
      kind: 'table',
      caption: zh ? '各险种（元）' : 'By insurance (yuan)',
      grid: sums(
        preview.byInsurance,
        zh ? '险种' : 'Insurance',
        key => insuranceName(key, lang),
        lang,
        false,
        preview.total,
      ),
    },
  )
  if (preview.byDoctor.length > 0) {
    sections.push(
      { kind: 'heading', text: zh ? '医生' : 'Doctors' },
      {
        kind: 'table',
        caption: zh
          ? '医生（元；只供病案与费用结构分析）'
          : 'By doctor (yuan; for the review of records and cost structure only)',
        grid: sums(preview.byDoctor, zh ? '医生' : 'Doctor', key => (key === '' ? '–' : key), lang),
      },
    )
  }
  sections.push({
    kind: 'paragraph',
    note: true,
    text: zh
      ? '本表为预计，不是结算依据。支付标准用于医保基金与医疗机构结算，不得作为限额考核或分配到医务人员个人（医保办发〔2024〕9号）。'
      : 'This is an expectation, not a settlement. Payment standards settle accounts between fund and hospitals; they must not become limits for, or pay of, individual staff (医保办发〔2024〕9号).',
  })
  return page({
    title: `${hospital.code} ${hospital.name} ${zh ? '医保预结算' : 'settlement preview'}`.replace('  ', ' '),
    subtitle: period,
    lang,
    sections,
    footer: `dianzhi ${programVersion()} · ${book.schemeId} ${book.hash.slice(0, 12)} · ${policy.id}`,
  })
}

function factsOf(
  { summary, cases, unpayable, policy, book, prices, hospital, preview }: Previewed,
  lang: Lang,
): Fact[] {
  const zh = lang === 'zh'
  const [basis] = policy.document.policyBasis
  return [
    {
      name: zh ? '医疗机构' : 'Hospital',
      value: `${hospital.code} ${hospital.name} · ${zh ? '级别' : 'level'} ${hospital.level}`,
    },
    { name: zh ? '分组方案' : 'Scheme', value: `${book.schemeId} (${book.hash.slice(0, 12)})` },
    {
      name: zh ? '结算政策' : 'Policy',
      value: policy.document.title[lang],
      ...(basis === undefined ? {} : { source: { title: `${basis.document} [${basis.confidence ?? '–'}]` } }),
    },
    ...[...prices].map(([insurance, { low, expected, high, origin }]) => ({
      name: `${zh ? inUnit(policy.document, '点值（元/点）') : 'Point value (yuan), '}${insuranceName(insurance, lang)}`,
      value: low.eq(high)
        ? decimalText(expected.toFixed(), 4)
        : `${decimalText(expected.toFixed(), 4)} (${decimalText(low.toFixed(), 4)} – ${decimalText(high.toFixed(), 4)})`,
      source: { title: ORIGINS[origin][lang] },
    })),
    {
      name: zh ? '病例' : 'Cases',
      value: zh
        ? `读入 ${countText(summary.rows)} 行；本机构 ${countText(cases.count)} 例，其中支付范围外 ${countText(preview.total.outside)} 例；缺结算信息 ${countText(unpayable.length)} 例，拒收 ${countText(summary.rejected)} 行`
        : `${countText(summary.rows)} rows read; ${countText(cases.count)} cases of the hospital, ${countText(preview.total.outside)} of them outside the pool; ${countText(unpayable.length)} without the facts to pay them, ${countText(summary.rejected)} rejected`,
    },
  ]
}

/** Expected amounts, and which of them may still change. */
export function certaintyGrid({ policy, preview: { certainty, total } }: Previewed, lang: Lang): Grid {
  const zh = lang === 'zh'
  const row = (name: string, fen: number, note: string): string[] => [name, yuanText(fen), note]
  return {
    columns: [
      textColumn(zh ? '项目' : 'Item'),
      numberColumn(zh ? '金额（元）' : 'Yuan'),
      textColumn(zh ? '说明' : 'Note'),
    ],
    rows: [
      row(
        zh ? '预计应付总额' : 'Expected gross payment',
        certainty.gross,
        zh ? '预期点值' : 'at the expected point value',
      ),
      row(
        zh ? '其中按金额支付' : 'of this paid in money',
        certainty.firm,
        zh ? '不随点值变化' : 'does not move with the point value',
      ),
      row(
        zh ? inUnit(policy.document, '其中按点数支付') : 'of this by points',
        certainty.byPoints,
        zh
          ? `随终算点值变化：${yuanText(certainty.low - certainty.firm)} 至 ${yuanText(certainty.high - certainty.firm)}`
          : `provisional until the final point value: ${yuanText(certainty.low - certainty.firm)} to ${yuanText(certainty.high - certainty.firm)}`,
      ),
      row(zh ? '预计基金应付' : 'Expected fund due', certainty.due, zh ? '扣除患者支付后' : 'after what patients pay'),
      row(zh ? '月度预拨' : 'Paid monthly', certainty.paidMonthly, zh ? '按月度预拨比例' : 'by the monthly share'),
      row(zh ? '质量保证金' : 'Deposit', certainty.deposit, zh ? '考核后返还' : 'returned by appraisal'),
      row(
        zh ? '留待年终清算' : 'Left to clearing',
        certainty.atClearing,
        zh ? '点值、考核、扣减、分担均未定' : 'point value, appraisal, deductions and sharing are open',
      ),
      row(zh ? '医疗总费用' : 'Total cost', total.cost, zh ? '支付范围内' : 'of the cases in the pool'),
      row(
        zh ? '预计盈亏' : 'Expected surplus',
        total.surplus,
        zh
          ? `点值区间内：${yuanText(total.low - total.cost)} 至 ${yuanText(total.high - total.cost)}`
          : `over the range: ${yuanText(total.low - total.cost)} to ${yuanText(total.high - total.cost)}`,
      ),
    ],
  }
}

/** Sums by some key in yuan, largest loss first where sorted, and their total. */
export function sumsGrid(
  rows: readonly PreviewRow[],
  title: string,
  nameOf: (key: string) => string,
  lang: Lang,
  sorted = true,
  total?: PreviewRow,
): Grid {
  const zh = lang === 'zh'
  const list = sorted ? rows.toSorted((a, b) => a.surplus - b.surplus) : rows
  const cells = (name: string, row: PreviewRow): string[] => [
    name,
    countText(row.cases),
    countText(row.deviating),
    pointsText(row.points, 0),
    ...[row.cost, row.gross, row.firm, row.due, row.surplus].map(yuanText),
    percentOf(row.surplus, row.cost),
  ]
  return {
    columns: [
      textColumn(title),
      numberColumn(zh ? '病例数' : 'Cases'),
      numberColumn(zh ? '偏差病例' : 'Deviating'),
      numberColumn(zh ? '点数' : 'Points'),
      numberColumn(zh ? '总费用' : 'Cost'),
      numberColumn(zh ? '预计应付' : 'Expected pay'),
      numberColumn(zh ? '其中确定' : 'of this firm'),
      numberColumn(zh ? '预计基金应付' : 'Fund due'),
      numberColumn(zh ? '预计盈亏' : 'Surplus'),
      numberColumn(zh ? '盈亏率' : 'Share'),
    ],
    rows: [
      ...list.map(row => cells(nameOf(row.key), row)),
      ...(total === undefined ? [] : [cells(zh ? '合计' : 'Total', total)]),
    ],
  }
}

function casesGrid(previewed: Previewed, lang: Lang): Grid {
  const zh = lang === 'zh'
  const { cases, ids, preview } = previewed
  const { details } = cases
  return {
    columns: [
      textColumn(zh ? '病案号' : 'Case'),
      textColumn(zh ? '月份' : 'Month'),
      textColumn(zh ? '科室' : 'Department'),
      textColumn(zh ? '病组' : 'Group'),
      textColumn(zh ? '类别' : 'Class'),
      numberColumn(zh ? '倍率' : 'Ratio'),
      numberColumn(zh ? '总费用（元）' : 'Cost (yuan)'),
      numberColumn(zh ? '预计应付（元）' : 'Expected pay (yuan)'),
      numberColumn(zh ? '预计盈亏（元）' : 'Surplus (yuan)'),
    ],
    rows: preview.cases
      .slice(0, SHOWN)
      .filter(one => one.deviates)
      .map(({ at, class: name, gross, surplus }) => {
        const { ratio } = explainCase(previewed, at)
        const department = details?.department[at] ?? NO_LABEL
        return [
          ids[at]!,
          cases.months[cases.month[at]!]!,
          department === NO_LABEL ? '' : details!.departments[department]!,
          groupTitle(previewed, at),
          className(name, lang),
          ratio === null ? '–' : decimalText(ratio.toFixed(), 2),
          yuanText(cases.cost[at]!),
          yuanText(gross),
          yuanText(surplus),
        ]
      }),
  }
}

/** Code and name of a case's group. */
function groupTitle({ cases, nameOf }: Previewed, at: number): string {
  const group = cases.groups[cases.group[at]!]!
  return `${group} ${nameOf(group)}`.trim()
}

function flowChart(
  { policy, preview: { certainty, total } }: Previewed,
  lang: Lang,
): ReturnType<typeof waterfallChart> {
  const zh = lang === 'zh'
  const wan = (fen: number): number => fen / WAN
  return waterfallChart({
    title: zh ? '从应付总额到清算' : 'From gross to clearing',
    description: zh
      ? inUnit(
          policy.document,
          '按点数和按金额的支付之和为应付总额，减去患者支付为基金应付，再减月度预拨和保证金，余下留待清算；单位万元。',
        )
      : 'Payment by points and in money makes the gross; less what patients pay it is the fund due; less monthly payments and deposit the rest waits for clearing. In 10,000 yuan.',
    lang,
    item: zh ? '项目' : 'Item',
    axis: { label: zh ? '万元' : '10,000 yuan', decimals: 2 },
    steps: [
      { label: zh ? inUnit(policy.document, '按点数支付') : 'By points', change: wan(certainty.byPoints) },
      { label: zh ? '按金额支付' : 'In money', change: wan(certainty.firm) },
      { label: zh ? '应付总额' : 'Gross', total: true },
      { label: zh ? '患者支付' : 'Patients pay', change: wan(certainty.due - total.gross) },
      { label: zh ? '基金应付' : 'Fund due', total: true },
      { label: zh ? '月度预拨' : 'Paid monthly', change: wan(-certainty.paidMonthly) },
      { label: zh ? '质量保证金' : 'Deposit', change: wan(-certainty.deposit) },
      { label: zh ? '留待清算' : 'Left to clearing', total: true },
    ],
  })
}

function ratioChart(previewed: Previewed, lang: Lang): ReturnType<typeof histogramChart> {
  const zh = lang === 'zh'
  const ratios = previewed.preview.cases.flatMap(({ at }) => {
    const { ratio } = explainCase(previewed, at)
    return ratio === null ? [] : [ratio.toNumber()]
  })
  return histogramChart({
    title: zh ? '费用倍率分布' : 'Cost ratios',
    description: zh
      ? '每例费用与倍率基数之比；1 为正好等于标准。最后一格含所有更高的倍率。'
      : 'Cost of each case over the base of its ratio; 1 is just the standard. The last bin holds all higher ratios.',
    lang,
    x: { label: zh ? '倍率' : 'Ratio', decimals: 1 },
    y: { label: zh ? '病例数' : 'Cases', decimals: 0 },
    bins: countBins(ratios, 0, 0.1, 35),
    limits: [{ name: zh ? '标准' : 'standard', value: 1 }],
  })
}

function surplusBars(
  rows: readonly PreviewRow[],
  item: string,
  nameOf: (key: string) => string,
  lang: Lang,
): ReturnType<typeof barChart> {
  const zh = lang === 'zh'
  return barChart({
    title: zh ? `${item}盈亏` : `Surplus by ${item.toLowerCase()}`,
    description: zh
      ? `预计应付减医疗总费用，单位万元；至多 ${BARS} 行，按绝对值取。`
      : `Expected gross payment less cost, in 10,000 yuan; at most ${BARS} rows, the largest either way.`,
    lang,
    item,
    axis: { label: zh ? '盈亏（万元）' : 'Surplus (10,000 yuan)', decimals: 2 },
    bars: rows
      .toSorted((a, b) => Math.abs(b.surplus) - Math.abs(a.surplus))
      .slice(0, BARS)
      .map(row => ({ label: nameOf(row.key), value: row.surplus / WAN })),
  })
}
