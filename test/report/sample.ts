import type { Lang, Text } from '../../messages/index.ts'
import { at, createDraws, normal, unit } from '../../numbers/index.ts'
import {
  barChart,
  compareChart,
  countBins,
  histogramChart,
  lineChart,
  numberColumn,
  type Page,
  quadrantChart,
  textColumn,
  waterfallChart,
} from '../../report/index.ts'

/** Invented hospitals of an invented city, with names as long and as alike as real ones. */
const DISTRICTS = ['青山', '临江', '云溪', '石桥', '海宁路', '白鹭洲', '东柳', '高新技术产业开发'].map(
  name => `${name}区`,
)
const KINDS = ['人民医院', '中医医院', '妇幼保健院', '第二人民医院医共体总院', '社区卫生服务中心']
export const HOSPITALS: readonly string[] = KINDS.flatMap(kind => DISTRICTS.map(district => `澄江市${district}${kind}`))
const HOSPITALS_EN = KINDS.flatMap((_, k) =>
  DISTRICTS.map(
    (_, d) =>
      `${['People’s', 'Chinese Medicine', 'Maternity', 'No. 2 General', 'Community'][k]} Hospital, district ${d + 1}`,
  ),
)
const MONTHS = Array.from({ length: 12 }, (_, i) => `2025-${String(i + 1).padStart(2, '0')}`)

const draws = createDraws(7)
const noise = (kind: number, i: number): number => {
  const words = at(draws, kind, i, 0, 0)
  return normal(words[0]!, words[1]!)
}
const share = (kind: number, i: number): number => unit(at(draws, kind, i, 1, 0)[0]!)

/** A page with every section and picture at the size of a small city: 40 hospitals, 600 groups, 12 months. */
export function samplePage(lang: Lang): Page {
  const say = (text: Text): string => text[lang]
  const hospitals = lang === 'zh' ? HOSPITALS : HOSPITALS_EN
  const surplus = hospitals.map((_, i) => noise(1, i) * 900 + 120)
  const head = (title: Text) => ({ title: say(title), description: say(title), lang })
  const hospital = say({ zh: '医疗机构', en: 'Hospital' })
  const yuanPerPoint = say({ zh: '点值（元/点）', en: 'Point value (yuan per point)' })
  const wan = say({ zh: '盈亏（万元）', en: 'Surplus (10,000 yuan)' })

  const values = lineChart({
    ...head({ zh: '2025年各月点值', en: 'Point value by month, 2025' }),
    x: { label: say({ zh: '结算月份', en: 'Settlement month' }), values: MONTHS },
    y: { label: yuanPerPoint, decimals: 2 },
    series: [
      { name: say({ zh: '职工', en: 'Employees' }), values: MONTHS.map((_, i) => 60 - i * 0.4 + noise(2, i) * 0.6) },
      {
        name: say({ zh: '居民', en: 'Residents' }),
        values: MONTHS.map((_, i) => (i === 5 ? undefined : 57.5 - i * 0.2 + noise(3, i) * 0.7)),
      },
    ],
    reference: { name: say({ zh: '预算点值', en: 'Budgeted' }), value: 58.5 },
    band: {
      name: say({ zh: '90%区间', en: '90% range' }),
      low: MONTHS.map((_, i) => 59 - i * 0.55),
      high: MONTHS.map((_, i) => 60.5 - i * 0.15),
    },
  })
  const ranking = barChart({
    ...head({ zh: '各医疗机构盈亏排序', en: 'Hospitals ranked by surplus' }),
    item: hospital,
    axis: { label: wan, decimals: 1 },
    bars: hospitals.map((label, i) => ({ label, value: surplus[i]!, before: surplus[i]! * 0.7 + noise(4, i) * 200 })),
    periods: { value: say({ zh: '2025年', en: '2025' }), before: say({ zh: '2024年', en: '2024' }) },
  })
  const groups = Array.from({ length: 600 }, (_, i) => ({
    label: `${'BCEFGHIJKLMNOR'[i % 14]}${'RSTUVX'[Math.floor(i / 14) % 6]}${1 + (Math.floor(i / 84) % 9)}${'135'[i % 3]}`,
    x: Math.max(1, Math.round(Math.exp(4.2 + 1.6 * noise(5, i)))),
    y: noise(6, i) * 900 * (share(7, i) > 0.97 ? 5 : 1) - 80,
  })).map(group => ({ ...group, size: group.x }))
  const quadrant = quadrantChart({
    ...head({ zh: '病组象限图：病例数与例均盈亏', en: 'Groups by cases and mean surplus' }),
    item: say({ zh: '病组', en: 'Group' }),
    x: { label: say({ zh: '病例数（对数）', en: 'Cases (log)' }), log: true, split: 100 },
    y: { label: say({ zh: '例均盈亏（元）', en: 'Mean surplus (yuan per case)' }), decimals: 0 },
    size: { label: say({ zh: '病例数', en: 'Cases' }) },
    bubbles: groups,
    corners:
      lang === 'zh'
        ? ['量小盈余', '量大盈余', '量小亏损', '量大亏损']
        : ['few, surplus', 'many, surplus', 'few, loss', 'many, loss'],
  })
  const scenarios: Text[] = [
    { zh: '预算增长3%', en: 'Budget +3%' },
    { zh: '高倍率界值降至2', en: 'High limit lowered to 2' },
    { zh: '取消机构系数', en: 'No hospital coefficient' },
  ]
  const change = compareChart({
    ...head({ zh: '各方案下应付金额变化', en: 'Change of the amount due by scenario' }),
    item: hospital,
    items: hospitals,
    axis: { label: say({ zh: '变化（%）', en: 'Change (%)' }), decimals: 2 },
    series: scenarios.map((name, s) => ({
      name: say(name),
      values: hospitals.map((_, i) => [3, -0.5, 0][s]! + noise(10 + s, i) * [0.2, 0.8, 2.5][s]!),
    })),
    baseline: { name: say({ zh: '现行政策', en: 'Current policy' }), value: 0 },
  })
  const pointValues = compareChart({
    ...head({ zh: '各方案下点值', en: 'Point value by scenario' }),
    item: say({ zh: '险种', en: 'Insurance' }),
    items: lang === 'zh' ? ['职工', '居民'] : ['Employees', 'Residents'],
    axis: { label: yuanPerPoint, decimals: 2 },
    series: scenarios.map((name, s) => ({ name: say(name), values: [60 + s * 0.7, 48.2 - s * 0.3] })),
  })
  const ratios = Array.from({ length: 20_000 }, (_, i) => Math.exp(0.45 * noise(8, i) - 0.1))
  const ratio = histogramChart({
    ...head({ zh: '费用倍率分布', en: 'Distribution of the cost ratio' }),
    x: { label: say({ zh: '倍率', en: 'Cost ratio' }) },
    y: { label: say({ zh: '病例数', en: 'Cases' }) },
    bins: countBins(ratios, 0, 0.1, 35),
    limits: [
      { name: say({ zh: '低倍率界值', en: 'Low limit' }), value: 0.4 },
      { name: say({ zh: '高倍率界值', en: 'High limit' }), value: 2 },
    ],
  })
  const budget = waterfallChart({
    ...head({ zh: '职工医保住院总额的形成', en: 'How the inpatient budget comes about' }),
    item: say({ zh: '项目', en: 'Line' }),
    axis: { label: say({ zh: '金额（元）', en: 'Amount (yuan)' }) },
    steps: [
      { label: say({ zh: '基金收入预算', en: 'Fund income budget' }), change: 2_345_678_900 },
      { label: say({ zh: '略有结余', en: 'Planned surplus' }), change: -70_370_367 },
      { label: say({ zh: '风险储备金', en: 'Risk reserve' }), change: -68_259_256 },
      { label: say({ zh: '普通门诊、慢特病门诊', en: 'Outpatient care' }), change: -612_000_000 },
      { label: say({ zh: '紧密型医共体按人头付费', en: 'Consortium capitation' }), change: -156_000_000 },
      { label: say({ zh: '异地就医', en: 'Care outside the region' }), change: -265_430_000 },
      { label: say({ zh: '集采结余留用', en: 'Procurement surplus' }), change: -18_900_000 },
      { label: say({ zh: '上年结转', en: 'Carried over' }), change: 35_000_000 },
      { label: say({ zh: '按病种付费总额', en: 'Case-based budget' }), total: true },
    ],
  })

  return {
    title: say({ zh: '澄江市2025年DRG付费年终清算模拟报告', en: 'Chengjiang City: DRG clearing 2025, simulated' }),
    subtitle: say({ zh: '示例，数据均为虚构', en: 'A sample; all data are invented' }),
    lang,
    sections: [
      { kind: 'heading', text: say({ zh: '概况', en: 'Overview' }) },
      {
        kind: 'facts',
        facts: [
          {
            name: say({ zh: '分组方案', en: 'Scheme' }),
            value: 'CHS-DRG 2.0',
            source: { title: '医保办发〔2024〕9号', link: 'https://www.nhsa.gov.cn/art/2024/7/23/art_53_13314.html' },
          },
          { name: say({ zh: '病例数', en: 'Cases' }), value: '1,234,567' },
          { name: say({ zh: '总额', en: 'Budget' }), value: lang === 'zh' ? '11.90亿元' : '¥1.19bn' },
        ],
      },
      {
        kind: 'paragraph',
        note: true,
        text: say({
          zh: '病种支付标准不得作为考核或薪酬分配的限额。',
          en: 'Payment standards must not be used as limits for appraising or paying staff.',
        }),
      },
      { kind: 'heading', text: say({ zh: '点值与总额', en: 'Point value and budget' }) },
      { kind: 'figure', caption: say({ zh: '图1 各月点值', en: 'Figure 1. Point value' }), chart: values },
      { kind: 'figure', caption: say({ zh: '图2 总额形成', en: 'Figure 2. Budget' }), chart: budget },
      { kind: 'heading', text: say({ zh: '医疗机构', en: 'Hospitals' }) },
      { kind: 'figure', caption: say({ zh: '图3 盈亏排序', en: 'Figure 3. Surplus' }), chart: ranking },
      { kind: 'figure', caption: say({ zh: '图4 方案比较', en: 'Figure 4. Scenarios' }), chart: change },
      { kind: 'figure', caption: say({ zh: '图5 各方案点值', en: 'Figure 5. Point values' }), chart: pointValues },
      { kind: 'heading', text: say({ zh: '病组', en: 'Groups' }) },
      { kind: 'figure', caption: say({ zh: '图6 病组象限', en: 'Figure 6. Quadrants' }), chart: quadrant },
      { kind: 'figure', caption: say({ zh: '图7 费用倍率', en: 'Figure 7. Cost ratio' }), chart: ratio },
      {
        kind: 'table',
        caption: say({ zh: '表1 病组盈亏', en: 'Table 1. Groups' }),
        grid: {
          columns: [
            textColumn(say({ zh: '病组', en: 'Group' })),
            numberColumn(say({ zh: '病例数', en: 'Cases' })),
            numberColumn(say({ zh: '例均盈亏（元）', en: 'Mean surplus (yuan)' })),
          ],
          rows: groups.map(group => [group.label, String(group.x), group.y.toFixed(2)]),
        },
      },
    ],
    footer: 'dianzhi 0.1.0 · chs-drg-2.0 · seed 7',
  }
}
