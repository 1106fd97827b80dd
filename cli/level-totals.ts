import type { Lang, Text } from '../messages/index.ts'
import { formatFen } from '../numbers/index.ts'
import {
  type Chart,
  compareChart,
  countText,
  decimalText,
  type Grid,
  numberColumn,
  pointsText,
  textColumn,
} from '../report/index.ts'
import type { LevelTotal } from '../simulate/index.ts'

const LEVELS: Readonly<Record<LevelTotal['level'], Text>> = {
  case: { zh: '病例', en: 'Case' },
  doctor: { zh: '医生', en: 'Doctor' },
  department: { zh: '科室', en: 'Department' },
  hospitalGroup: { zh: '机构 × 病组', en: 'Hospital × group' },
  group: { zh: '病组', en: 'Group' },
  month: { zh: '机构 × 险种 × 月', en: 'Hospital × insurance × month' },
  unit: { zh: '机构 × 险种', en: 'Hospital × insurance' },
  hospital: { zh: '医疗机构', en: 'Hospital' },
  scheme: { zh: '险种', en: 'Insurance' },
  region: { zh: '地区', en: 'Region' },
}

/** The totals of every level, to the fen: they are the same on every line. */
export function levelsGrid(levels: readonly LevelTotal[], lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '层级' : 'Level'),
      ...(zh
        ? ['行数', '病例', '点数', '医疗总费用', '患者支付', '应付总额', '盈亏', '基金应付']
        : ['Rows', 'Cases', 'Points', 'Total cost', 'Patients pay', 'Gross', 'Surplus', 'Fund due']
      ).map(numberColumn),
    ],
    rows: levels.map(row => [
      LEVELS[row.level][lang],
      countText(row.rows),
      countText(row.cases),
      pointsText(row.points, 4),
      ...[row.cost, row.patient, row.gross, row.surplus, row.net].map(value => decimalText(formatFen(value), 2)),
    ]),
  }
}

/** The totals of every level: dots of one colour stand under one another. */
export function levelsChart(levels: readonly LevelTotal[], lang: Lang): Chart {
  const zh = lang === 'zh'
  const series = (name: string, key: 'cost' | 'gross' | 'net' | 'patient') => ({
    name,
    values: levels.map(row => row[key] / 100),
  })
  return compareChart({
    title: zh ? '各层级合计' : 'Totals of every level',
    description: zh
      ? '每个层级各行之和，单位元。各层级逐分相等，故同色的点上下对齐。'
      : 'What the rows of each level add up to, in yuan. All levels are equal to the fen, so that dots of a colour stand in line.',
    lang,
    item: zh ? '层级' : 'Level',
    items: levels.map(row => LEVELS[row.level][lang]),
    axis: { label: zh ? '元' : 'yuan', decimals: 2 },
    series: [
      series(zh ? '医疗总费用' : 'Total cost', 'cost'),
      series(zh ? '应付总额' : 'Gross', 'gross'),
      series(zh ? '基金应付' : 'Fund due', 'net'),
      series(zh ? '患者支付' : 'Patients pay', 'patient'),
    ],
    baseline: { name: '0', value: 0 },
  })
}
