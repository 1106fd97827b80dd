import { join } from 'node:path'
import { type Cell, type TableColumn, type TableSheet, writeSheets } from '../formats/index.ts'
import type { Lang } from '../messages/index.ts'
import {
  breakdown,
  CAUSES,
  type Comparison,
  DIMENSIONS,
  type Dimension,
  fundPaid,
  paidForCost,
  RULE_BLOCKS,
  type ScenarioComparison,
  type Settlement,
} from '../simulate/index.ts'
import { BLOCK_TEXTS, CAUSE_TEXTS } from './cause-names.ts'
import type { SettledRegion } from './pipeline.ts'
import { insuranceName, insuranceNames } from './tables.ts'
import { programVersion } from './version.ts'

/** The comparison of scenarios as one workbook: summary, hospitals, parts, groups, causes, equity. */

type Column = readonly [key: string, zh: string, en: string, kind: TableColumn['kind'], digits?: number]

function columnsOf(list: readonly Column[]): TableColumn[] {
  return list.map(([key, zh, en, kind, digits]) => ({
    key,
    title: { zh, en },
    kind,
    ...(digits === undefined ? {} : { digits }),
  }))
}

const SCENARIO: Column = ['scenario', '情景', 'Scenario', 'text']
const HOSPITAL: readonly Column[] = [
  ['hospital', '医疗机构编码', 'Hospital', 'text'],
  ['name', '医疗机构名称', 'Name', 'text'],
  ['level', '级别', 'Level', 'text'],
]

/** Writes `scenarios.xlsx`; returns its name. */
export function writeComparisonWorkbook(
  folder: string,
  comparison: Comparison,
  settled: Pick<SettledRegion, 'region' | 'book' | 'policy' | 'nameOf' | 'specialtyName'>,
  lang: Lang,
): string[] {
  const zh = lang === 'zh'
  const { region, book, policy } = settled
  const sheets: TableSheet[] = [
    summary(comparison, lang),
    pools(comparison, lang),
    hospitals(comparison, lang),
    parts(comparison, settled, lang),
    groups(comparison, settled, lang),
    causes(comparison, lang),
    equity(comparison, lang),
  ]
  writeSheets(join(folder, 'scenarios.xlsx'), sheets, {
    lang,
    notes: [
      [zh ? '地区' : 'Region', region.title[lang]],
      [zh ? '分组方案' : 'Scheme', `${book.schemeId} ${book.hash.slice(0, 12)}`],
      [zh ? '结算政策' : 'Policy', policy.id],
      [zh ? '受益受损界值' : 'Winners and losers by more than', comparison.threshold.toFixed()],
      [zh ? '程序版本' : 'Program', `dianzhi ${programVersion()}`],
    ],
  })
  return ['scenarios.xlsx']
}

const total = (settlement: Settlement, key: 'due' | 'gross' | 'patient' | 'cost' | 'surplus' | 'cases'): number =>
  settlement.hospitals.reduce((sum, row) => sum + row[key], 0)

function summary({ baseline, scenarios }: Comparison, lang: Lang): TableSheet {
  const row = (title: string, settlement: Settlement, one: ScenarioComparison | undefined): Cell[] => {
    const { gini, theil } = one?.inequality[1] ?? paidForCost(settlement)
    return [
      title,
      ...(['cases', 'cost', 'patient', 'gross', 'surplus'] as const).map(key => total(settlement, key)),
      fundPaid(settlement),
      fundPaid(settlement) - fundPaid(baseline),
      one?.winners,
      one?.losers,
      gini.toFixed(6),
      theil.toFixed(6),
      one?.check ?? 0,
    ]
  }
  return {
    name: lang === 'zh' ? '汇总' : 'Summary',
    columns: columnsOf([
      SCENARIO,
      ['cases', '病例数', 'Cases', 'integer'],
      ['cost', '医疗总费用', 'Cost', 'money'],
      ['patient', '患者支付', 'Patients pay', 'money'],
      ['gross', '应付总额', 'Gross payment', 'money'],
      ['surplus', '盈亏', 'Surplus', 'money'],
      ['fundPaid', '基金支出', 'Fund paid', 'money'],
      ['fundChange', '基金支出变化', 'Change of fund paid', 'money'],
      ['winners', '受益机构', 'Winners', 'integer'],
      ['losers', '受损机构', 'Losers', 'integer'],
      ['gini', '基尼系数', 'Gini', 'decimal', 6],
      ['theil', '泰尔指数', 'Theil', 'decimal', 6],
      ['check', '校验（分）', 'Check (fen)', 'integer'],
    ]),
    rows: [
      row(lang === 'zh' ? '基线' : 'Baseline', baseline, undefined),
      ...scenarios.map(one => row(one.title[lang], one.settlement, one)),
    ],
  }
}

function pools({ scenarios }: Comparison, lang: Lang): TableSheet {
  return {
    name: lang === 'zh' ? '点值与预算' : 'Point values',
    columns: columnsOf([
      SCENARIO,
      ['insurances', '险种', 'Insurance', 'text'],
      ['pointValueBefore', '基线点值', 'Point value before', 'decimal', 6],
      ['pointValueAfter', '情景点值', 'Point value after', 'decimal', 6],
      ['change', '变化', 'Change', 'decimal', 6],
      ['budgetBefore', '基线预算', 'Budget before', 'money'],
      ['budgetAfter', '情景预算', 'Budget after', 'money'],
      ['residualAfter', '未分配', 'Residual', 'money'],
    ]),
    rows: scenarios.flatMap(one =>
      one.pools.map(pool => [
        one.title[lang],
        insuranceNames(pool.insurances, lang),
        ...pool.pointValue.map(value => value?.toFixed(6)),
        pool.change?.toFixed(6),
        ...pool.budget,
        pool.residual[1],
      ]),
    ),
  }
}

const VERDICTS = {
  winner: { zh: '受益', en: 'winner' },
  loser: { zh: '受损', en: 'loser' },
  unchanged: { zh: '持平', en: 'unchanged' },
} as const

function hospitals({ scenarios }: Comparison, lang: Lang): TableSheet {
  return {
    name: lang === 'zh' ? '医疗机构' : 'Hospitals',
    columns: columnsOf([
      SCENARIO,
      ...HOSPITAL,
      ['dueBefore', '基线基金应付', 'Fund due before', 'money'],
      ['dueAfter', '情景基金应付', 'Fund due after', 'money'],
      ['change', '变化', 'Change', 'money'],
      ['share', '变化比例', 'Change, share', 'decimal', 6],
      ['surplusBefore', '基线盈亏', 'Surplus before', 'money'],
      ['surplusAfter', '情景盈亏', 'Surplus after', 'money'],
      ['rankBefore', '基线位次', 'Rank before', 'integer'],
      ['rankAfter', '情景位次', 'Rank after', 'integer'],
      ['verdict', '受益受损', 'Verdict', 'text'],
    ]),
    rows: scenarios.flatMap(one =>
      one.hospitals.map(row => [
        one.title[lang],
        row.hospital.code,
        row.hospital.name,
        row.hospital.level,
        ...row.due,
        row.change,
        row.share?.toFixed(6),
        ...row.surplus,
        ...row.rank,
        VERDICTS[row.verdict][lang],
      ]),
    ),
  }
}

const TOTALS: readonly Column[] = [
  ['casesBefore', '基线病例数', 'Cases before', 'integer'],
  ['casesAfter', '情景病例数', 'Cases after', 'integer'],
  ['costAfter', '情景费用', 'Cost after', 'money'],
  ['patientChange', '患者支付变化', 'Patients pay, change', 'money'],
  ['grossBefore', '基线应付总额', 'Gross before', 'money'],
  ['grossAfter', '情景应付总额', 'Gross after', 'money'],
  ['grossChange', '应付总额变化', 'Gross, change', 'money'],
  ['surplusBefore', '基线盈亏', 'Surplus before', 'money'],
  ['surplusAfter', '情景盈亏', 'Surplus after', 'money'],
]

const DIMENSION_TEXTS: Readonly<Record<Dimension, Readonly<Record<Lang, string>>>> = {
  level: { zh: '级别', en: 'level' },
  specialty: { zh: '专科', en: 'specialty' },
  insurance: { zh: '险种', en: 'insurance' },
  group: { zh: '病组', en: 'group' },
}

function partRows(
  { baseline, scenarios }: Comparison,
  dimension: Dimension,
  lang: Lang,
  head: (part: string) => Cell[],
): Cell[][] {
  return scenarios.flatMap(one =>
    breakdown(baseline, one.settlement, dimension).map(({ part, before, after }) => [
      one.title[lang],
      ...head(part),
      before.cases,
      after.cases,
      after.cost,
      after.patient - before.patient,
      before.gross,
      after.gross,
      after.gross - before.gross,
      before.surplus,
      after.surplus,
    ]),
  )
}

function parts(
  comparison: Comparison,
  { specialtyName }: Pick<SettledRegion, 'specialtyName'>,
  lang: Lang,
): TableSheet {
  const nameOf = (dimension: Dimension, part: string): string =>
    dimension === 'specialty' ? specialtyName(part) : dimension === 'insurance' ? insuranceName(part, lang) : part
  return {
    name: lang === 'zh' ? '级别专科险种' : 'Levels and specialties',
    columns: columnsOf([
      SCENARIO,
      ['dimension', '维度', 'Dimension', 'text'],
      ['part', '编码', 'Part', 'text'],
      ['partName', '名称', 'Name', 'text'],
      ...TOTALS,
    ]),
    rows: DIMENSIONS.filter(dimension => dimension !== 'group').flatMap(dimension =>
      partRows(comparison, dimension, lang, part => [DIMENSION_TEXTS[dimension][lang], part, nameOf(dimension, part)]),
    ),
  }
}

function groups(comparison: Comparison, { nameOf }: Pick<SettledRegion, 'nameOf'>, lang: Lang): TableSheet {
  return {
    name: lang === 'zh' ? '病组' : 'Groups',
    columns: columnsOf([
      SCENARIO,
      ['group', '病组', 'Group', 'text'],
      ['groupName', '病组名称', 'Name', 'text'],
      ...TOTALS,
    ]),
    rows: partRows(comparison, 'group', lang, part => [part, nameOf(part)]),
  }
}

/** The change of every hospital's gross payment by its causes, and that of the rules by their blocks. */
function causes({ scenarios }: Comparison, lang: Lang): TableSheet {
  return {
    name: lang === 'zh' ? '原因' : 'Causes',
    columns: columnsOf([
      SCENARIO,
      ...HOSPITAL,
      ['grossChange', '应付总额变化', 'Gross, change', 'money'],
      ...CAUSES.map((cause): Column => [cause, CAUSE_TEXTS[cause].zh, CAUSE_TEXTS[cause].en, 'money']),
      ...RULE_BLOCKS.map((block): Column => [`rule.${block}`, BLOCK_TEXTS[block].zh, BLOCK_TEXTS[block].en, 'money']),
    ]),
    rows: scenarios.flatMap(one =>
      one.hospitals.map(({ hospital, gross, causes: own, rules }) => [
        one.title[lang],
        hospital.code,
        hospital.name,
        hospital.level,
        gross[1] - gross[0],
        ...CAUSES.map(cause => own[cause]),
        ...RULE_BLOCKS.map(block => rules[block]),
      ]),
    ),
  }
}

/** Lorenz curves with Gini and Theil, the baseline's first. */
function equity({ baseline, scenarios }: Comparison, lang: Lang): TableSheet {
  const curves = [
    [lang === 'zh' ? '基线' : 'Baseline', paidForCost(baseline)] as const,
    ...scenarios.map(one => [one.title[lang], one.inequality[1]] as const),
  ]
  return {
    name: lang === 'zh' ? '公平性' : 'Equity',
    columns: columnsOf([
      SCENARIO,
      ['gini', '基尼系数', 'Gini', 'decimal', 8],
      ['theil', '泰尔指数', 'Theil', 'decimal', 8],
      ['costShare', '累计费用占比', 'Cumulative cost', 'decimal', 8],
      ['paymentShare', '累计支付占比', 'Cumulative payment', 'decimal', 8],
    ]),
    rows: curves.flatMap(([title, { gini, theil, lorenz }]) =>
      lorenz.map(point => [title, ...[gini, theil, ...point].map(value => value.toFixed(8))]),
    ),
  }
}
