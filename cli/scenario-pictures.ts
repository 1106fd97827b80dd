import type { Lang } from '../messages/index.ts'
import {
  barChart,
  type Chart,
  decimalText,
  heatChart,
  lorenzChart,
  moneyText,
  quadrantChart,
  type Section,
  stackChart,
  waterfallChart,
} from '../report/index.ts'
import {
  breakdown,
  CAUSES,
  type Comparison,
  hospitalGroupRows,
  type Inequality,
  paidForCost,
  RULE_BLOCKS,
  type ScenarioComparison,
  type Settlement,
  specialtyOf,
} from '../simulate/index.ts'
import { BLOCK_TEXTS, CAUSE_TEXTS } from './cause-names.ts'

/** The pictures of scenarios: causes, fairness, who gains and loses where. Money in 10,000 yuan. */

const WAN = 1_000_000

/** Names of specialties by the letter of their MDC. */
export type SpecialtyNames = (letter: string) => string

/** Surplus of each hospital by specialty. */
export function surplusHeat(settlement: Settlement, specialty: SpecialtyNames, lang: Lang): Chart {
  const zh = lang === 'zh'
  return heatOf(settlement, specialty, {
    lang,
    title: zh ? '盈亏热力图：医疗机构 × 专科' : 'Surplus: hospital × specialty',
    description: zh
      ? '每家医疗机构各专科（MDC）的应付总额减医疗总费用，单位万元。'
      : 'Gross payment less cost of each hospital and specialty (MDC), in 10,000 yuan.',
    label: zh ? '盈亏（万元）' : 'Surplus (10,000 yuan)',
    measure: cell => cell.surplus,
  })
}

interface HeatInput {
  readonly lang: Lang
  readonly title: string
  readonly description: string
  readonly label: string
  readonly before?: Settlement
  measure(cell: { readonly gross: number; readonly surplus: number }): number
}

function heatOf(settlement: Settlement, specialty: SpecialtyNames, input: HeatInput): Chart {
  const { lang, title, description, label, before, measure } = input
  const cells = new Map<string, number>()
  const letters = new Set<string>()
  const add = ({ hospitalGroups }: Settlement, sign: number): void => {
    for (const row of hospitalGroupRows(hospitalGroups)) {
      const letter = specialtyOf(row.group)
      letters.add(letter)
      const key = `${row.hospital}\n${letter}`
      cells.set(key, (cells.get(key) ?? 0) + sign * measure(row))
    }
  }
  add(settlement, 1)
  if (before !== undefined) add(before, -1)
  const columns = [...letters].sort()
  return heatChart({
    title,
    description,
    lang,
    item: lang === 'zh' ? '医疗机构' : 'Hospital',
    rows: settlement.hospitals.map(({ hospital }) => `${hospital.code} ${hospital.name}`),
    columns: columns.map(letter => {
      const meaning = specialty(letter)
      return { name: letter, ...(meaning === '' ? {} : { meaning }) }
    }),
    axis: { label, decimals: 1 },
    cells: settlement.hospitals.map(({ hospital }) =>
      columns.map(letter => {
        const value = cells.get(`${hospital.code}\n${letter}`)
        return value === undefined ? undefined : value / WAN
      }),
    ),
  })
}

/** How unequally hospitals are paid for what they spend, in the baseline and under every scenario. */
function lorenz({ baseline, scenarios }: Comparison, lang: Lang): Chart {
  const zh = lang === 'zh'
  const series = [
    [zh ? '基线' : 'Baseline', paidForCost(baseline)] as const,
    ...scenarios.map(one => [one.title[lang], one.inequality[1]] as const),
  ]
  const name = (title: string, { gini, theil }: Inequality): string => {
    const numbers = [gini, theil].map(value => decimalText(value.toFixed(8), 4))
    return zh
      ? `${title}（基尼 ${numbers[0]}，泰尔 ${numbers[1]}）`
      : `${title} (Gini ${numbers[0]}, Theil ${numbers[1]})`
  }
  return lorenzChart({
    title: zh ? '洛伦兹曲线：支付与费用' : 'Lorenz curve of payment to cost',
    description: zh
      ? '机构按支付与费用之比从低到高排列；曲线离对角线越远，支付越不均衡。右图放大曲线与对角线的距离。'
      : 'Hospitals in order of payment to cost. The farther a curve lies from the diagonal, the less evenly costs are paid; at the right the distance itself.',
    lang,
    weigh: zh ? '累计费用' : 'Cumulative cost',
    have: zh ? '累计支付' : 'Cumulative payment',
    series: series.map(([title, one]) => ({
      name: name(title, one),
      points: one.lorenz.map(([p, q]) => [p.toNumber(), q.toNumber()] as const),
    })),
  })
}

/** From the gross payment as it is to that of the scenario, cause by cause; only what changes is drawn. */
function causesWaterfall({ hospitals }: ScenarioComparison, lang: Lang): Chart {
  const zh = lang === 'zh'
  const total = (of: (row: ScenarioComparison['hospitals'][number]) => number): number =>
    hospitals.reduce((sum, row) => sum + of(row), 0) / WAN
  // The rules block by block, those that move anything.
  const blocks = RULE_BLOCKS.filter(block => hospitals.some(row => row.rules[block] !== 0)).map(block => ({
    label: BLOCK_TEXTS[block][lang],
    change: total(row => row.rules[block]),
  }))
  return waterfallChart({
    title: zh ? '应付总额变化的原因' : 'Why gross payment changes',
    description: zh
      ? '全地区应付总额的变化按原因逐项相加（Shapley 分解，合计到分）。'
      : 'The change of the gross payment of all hospitals, cause by cause (Shapley; adds up to the fen).',
    lang,
    item: zh ? '原因' : 'Cause',
    axis: { label: zh ? '应付总额变化（万元）' : 'Change of gross payment (10,000 yuan)', decimals: 2 },
    steps: [
      ...CAUSES.flatMap(cause =>
        cause === 'rule' ? blocks : [{ label: CAUSE_TEXTS[cause][lang], change: total(row => row.causes[cause]) }],
      ),
      { label: zh ? '合计' : 'Together', total: true as const },
    ],
  })
}

/** The same for every hospital. */
function causesStack({ hospitals }: ScenarioComparison, lang: Lang): Chart {
  const zh = lang === 'zh'
  return stackChart({
    title: zh ? '各机构应付总额变化的原因' : 'Why the payment of each hospital changes',
    description: zh
      ? '每家机构应付总额的变化分解为原因，菱形为合计，单位万元。'
      : 'The change of each hospital’s gross payment by its causes; diamonds are the sums, in 10,000 yuan.',
    lang,
    item: zh ? '医疗机构' : 'Hospital',
    items: hospitals.map(({ hospital }) => `${hospital.code} ${hospital.name}`),
    axis: { label: zh ? '变化（万元）' : 'Change (10,000 yuan)', decimals: 2 },
    parts: CAUSES.map(cause => ({
      name: CAUSE_TEXTS[cause][lang],
      values: hospitals.map(row => row.causes[cause] / WAN),
    })),
  })
}

/** Who gains and loses, and how they stand: change of the fund due against surplus rate under the scenario. */
function hospitalsQuadrant({ hospitals, settlement }: ScenarioComparison, lang: Lang): Chart {
  const zh = lang === 'zh'
  const rows = hospitals.flatMap((row, h) => {
    const { cost, cases } = settlement.hospitals[h]!
    if (row.share === null || cost === 0) return []
    const label = `${row.hospital.code} ${row.hospital.name}`
    return [{ label, x: row.share.times(100).toNumber(), y: (row.surplus[1] / cost) * 100, size: cases }]
  })
  return quadrantChart({
    title: zh ? '受益受损与盈亏象限' : 'Winners and losers by surplus',
    description: zh
      ? '横轴为基金应付变化（%），纵轴为情景下的盈亏率（盈亏占费用，%），气泡为病例数。'
      : 'Change of the fund due (%) against the surplus as a share of cost under the scenario (%); bubbles grow with cases.',
    lang,
    item: zh ? '医疗机构' : 'Hospital',
    x: { label: zh ? '基金应付变化（%）' : 'Change of fund due (%)', decimals: 2, split: 0 },
    y: { label: zh ? '盈亏率（%）' : 'Surplus of cost (%)', decimals: 2 },
    size: { label: zh ? '病例数' : 'Cases' },
    bubbles: rows,
    corners: zh
      ? ['受损仍结余', '受益且结余', '受损且亏损', '受益仍亏损']
      : ['loses, in surplus', 'gains, in surplus', 'loses, in loss', 'gains, in loss'],
  })
}

/** Change of surplus of the specialties, the parts of which a policy maker is asked about. */
function specialtyBars(one: ScenarioComparison, before: Settlement, specialty: SpecialtyNames, lang: Lang): Chart {
  const zh = lang === 'zh'
  return barChart({
    title: zh ? '各专科应付总额变化' : 'Change of gross payment by specialty',
    description: zh ? '各专科（MDC）应付总额的变化，单位万元。' : 'Change of gross payment by MDC, in 10,000 yuan.',
    lang,
    item: zh ? '专科' : 'Specialty',
    axis: { label: zh ? '变化（万元）' : 'Change (10,000 yuan)', decimals: 2 },
    bars: breakdown(before, one.settlement, 'specialty').map(({ part, before: was, after: is }) => ({
      label: `${part} ${specialty(part)}`.trim(),
      value: (is.gross - was.gross) / WAN,
    })),
  })
}

/** The sections of a report on scenarios: fairness over all of them, then each with its causes and whom it meets. */
export function scenarioSections(comparison: Comparison, specialty: SpecialtyNames, lang: Lang): Section[] {
  const zh = lang === 'zh'
  const figure = (chart: Chart, caption: string): Section => ({ kind: 'figure', caption, chart })
  return [
    figure(lorenz(comparison, lang), zh ? '支付与费用的均衡程度' : 'How evenly costs are paid'),
    ...comparison.scenarios.flatMap((one): Section[] => [
      { kind: 'heading', level: 3, text: one.title[lang] },
      { kind: 'paragraph', text: sentence(one, comparison, lang) },
      figure(
        causesWaterfall(one, lang),
        zh ? '全地区应付总额变化的原因' : 'Why the gross payment of the region changes',
      ),
      figure(causesStack(one, lang), zh ? '各机构变化的原因' : 'Why the payment of each hospital changes'),
      figure(
        heatOf(one.settlement, specialty, {
          lang,
          title: zh ? '应付总额变化：医疗机构 × 专科' : 'Change of gross payment: hospital × specialty',
          description: zh
            ? '情景相对基线，每家机构各专科应付总额的变化，单位万元。'
            : 'Change of gross payment against the baseline by hospital and specialty, in 10,000 yuan.',
          label: zh ? '应付总额变化（万元）' : 'Change of gross payment (10,000 yuan)',
          before: comparison.baseline,
          measure: cell => cell.gross,
        }),
        zh ? '钱在哪里增减：医疗机构 × 专科' : 'Where money is gained and lost: hospital × specialty',
      ),
      figure(specialtyBars(one, comparison.baseline, specialty, lang), zh ? '各专科的变化' : 'Change by specialty'),
      figure(hospitalsQuadrant(one, lang), zh ? '受益受损与盈亏' : 'Winners and losers, and how they stand'),
    ]),
  ]
}

/** The scenario in one line. */
function sentence(one: ScenarioComparison, { threshold }: Comparison, lang: Lang): string {
  const moved = one.hospitals.reduce((sum, row) => sum + Math.abs(row.change), 0)
  const share = `${threshold.times(100).toFixed()}%`
  const due = one.hospitals.reduce((sum, row) => sum + row.change, 0)
  const between = Math.round((moved - Math.abs(due)) / 2)
  return lang === 'zh'
    ? `基金应付合计变化 ${moneyText(due, lang)}，机构之间转移 ${moneyText(between, lang)}；${one.winners} 家受益、${one.losers} 家受损（变动超过 ${share}）。`
    : `Fund due changes by ${moneyText(due, lang)} in all, and ${moneyText(between, lang)} moves between hospitals; ${one.winners} win and ${one.losers} lose (by more than ${share}).`
}
