import type { DipGroup } from '../grouper/index.ts'
import type { Lang, Text } from '../messages/index.ts'
import { formatPoints } from '../numbers/index.ts'
import {
  countText,
  decimalText,
  type Fact,
  type Grid,
  histogramChart,
  numberColumn,
  page,
  percentOf,
  type Section,
  textColumn,
} from '../report/index.ts'
import {
  type Auxiliaries,
  type BuildFigures,
  DESTINATIONS,
  type Destination,
  type KeyReason,
  type LocalBuild,
  type NationalRow,
} from '../weights/index.ts'
import { auxiliarySections } from './auxiliary-sections.ts'
import { markdown } from './markdown.ts'

export interface DipReportInput {
  readonly build: LocalBuild
  readonly figures: BuildFigures
  readonly auxiliaries: Auxiliaries | undefined
  /** Program, catalogue and their hashes. */
  readonly footer: string
  readonly lang: Lang
}

/** The report of a built local catalogue: one HTML page, and the same as Markdown. */
export function dipReport(input: DipReportInput): { html: string; md: string } {
  const zh = input.lang === 'zh'
  const { id } = input.build.catalogue.manifest
  const title = zh ? `本地病种目录 ${id}` : `Local DIP catalogue ${id}`
  const sections = sectionsOf(input)
  const { footer, lang } = input
  return { html: page({ title, lang, sections, footer }), md: markdown(title, sections, footer) }
}

function sectionsOf(input: DipReportInput): Section[] {
  const { build, figures, auxiliaries, lang } = input
  const zh = lang === 'zh'
  return [
    { kind: 'facts', caption: zh ? '数据与参数' : 'Data and parameters', facts: factsOf(input) },
    ...build.notices.map((notice): Section => ({ kind: 'paragraph', text: notice[lang], note: true })),
    { kind: 'heading', text: zh ? '覆盖' : 'Coverage' },
    { kind: 'table', caption: zh ? '病例的去向' : 'Where the cases are', grid: coverageGrid(figures, lang) },
    { kind: 'heading', text: zh ? '组内离散' : 'Spread inside groups' },
    ...cvSections(figures, lang),
    { kind: 'heading', text: zh ? '重抽样稳定性' : 'Stability under resampling' },
    { kind: 'paragraph', text: stabilityText(figures, build.threshold, lang) },
    {
      kind: 'table',
      caption: zh ? '最不稳定的核心病种' : 'Core groups that are least certain',
      grid: unstableGrid(figures, lang),
    },
    { kind: 'heading', text: zh ? '与国家目录比较' : 'Against the national catalogue' },
    { kind: 'table', caption: zh ? '保留、新增、删除' : 'Kept, added, dropped', grid: comparisonGrid(figures, lang) },
    {
      kind: 'table',
      caption: zh ? '删除的国家病种及其病例去向（按病例数）' : 'National groups dropped, and where their cases went',
      grid: droppedGrid(figures, lang),
    },
    {
      kind: 'table',
      caption: zh ? '新增的本地病种（按病例数）' : 'Local groups added, by cases',
      grid: addedGrid(figures, lang),
    },
    ...keySections(build, lang),
    ...(auxiliaries === undefined ? [] : auxiliarySections(auxiliaries, lang)),
  ]
}

function factsOf({ build, lang }: DipReportInput): Fact[] {
  const zh = lang === 'zh'
  const { screening, cases, threshold, config, national, settled } = build
  const fact = (name: Text, value: string): Fact => ({ name: name[lang], value })
  const { kind, share } = config.threshold
  const rule = kind === 'fixed' ? (zh ? '固定' : 'fixed') : `${zh ? '覆盖率' : 'coverage'} ${share.times(100)} %`
  return [
    fact({ zh: '国家目录', en: 'National catalogue' }, national.manifest.id),
    fact({ zh: '年份', en: 'Years' }, cases.years.join(', ')),
    fact({ zh: '读入病例', en: 'Cases read' }, countText(screening.cases)),
    fact({ zh: '不在年份内', en: 'Outside the years' }, countText(screening.outsideYears)),
    fact({ zh: '无费用', en: 'Without a cost' }, countText(screening.withoutCost)),
    fact({ zh: '主要诊断缺失或未知', en: 'Principal diagnosis missing or unknown' }, countText(screening.invalid)),
    fact({ zh: '主要诊断不纳入分组', en: 'Principal diagnosis excluded' }, countText(screening.excluded)),
    fact({ zh: '用于形成目录', en: 'Cases that groups are formed from' }, countText(screening.groupable)),
    fact({ zh: '病例数临界值', en: 'Case threshold' }, `${countText(threshold)} (${rule})`),
    fact(
      { zh: '相关手术增幅下限', en: 'Related operation adds at least' },
      `${config.related.percent} %${zh ? '；国家病种不足者' : '; national groups that add less: '}${ACTIONS[config.related.national][lang]}`,
    ),
    fact(
      { zh: '变异系数上限', en: 'CV limit' },
      `${config.cv.max}${zh ? '；超限者' : '; groups above it: '}${ACTIONS[config.cv.action][lang]}`,
    ),
    fact({ zh: '分值与入组一致所需轮数', en: 'Passes until scores and groups agreed' }, String(settled.passes)),
  ]
}

/** What is done with groups beyond a limit. */
const ACTIONS: Readonly<Record<'drop' | 'flag', Text>> = {
  drop: { zh: '不设', en: 'not formed' },
  flag: { zh: '标记', en: 'flagged' },
}

const KIND: Readonly<Record<Destination, Text>> = {
  national: { zh: '核心病种（国家）', en: 'core, national' },
  local: { zh: '核心病种（本地新增）', en: 'core, local' },
  comprehensive: { zh: '综合病种', en: 'comprehensive' },
  none: { zh: '未入组', en: 'ungrouped' },
}

function coverageGrid({ coverage }: BuildFigures, lang: Lang): Grid {
  const zh = lang === 'zh'
  const all = DESTINATIONS.reduce((sum, name) => sum + coverage[name].cases, 0)
  return {
    columns: [
      textColumn(zh ? '去向' : 'group'),
      numberColumn(zh ? '病种数' : 'groups'),
      numberColumn(zh ? '病例数' : 'cases'),
      numberColumn(zh ? '占比' : 'share'),
    ],
    rows: DESTINATIONS.map(name => [
      KIND[name][lang],
      name === 'none' ? '–' : countText(coverage[name].groups),
      countText(coverage[name].cases),
      percentOf(coverage[name].cases, all),
    ]),
  }
}

function cvSections({ cv, meanCv, groups }: BuildFigures, lang: Lang): Section[] {
  const zh = lang === 'zh'
  const varied = groups.filter(one => one.isVaried)
  const bins = { start: 0, width: 0.1, counts: cv.map(bin => bin.groups), lastOpen: true }
  const all = cv.reduce((sum, bin) => sum + bin.cases, 0)
  return [
    {
      kind: 'paragraph',
      text: zh
        ? `核心病种变异系数均值 ${meanCv?.toFixed(3) ?? '–'}；${countText(varied.length)} 个病种超过上限。变异系数按总体标准差计算。`
        : `Mean CV of core groups ${meanCv?.toFixed(3) ?? '–'}; ${countText(varied.length)} groups exceed the limit. CV with the population's standard deviation.`,
    },
    {
      kind: 'figure',
      caption: zh ? '病种变异系数分布' : 'Groups by CV',
      chart: histogramChart({
        title: zh ? '病种变异系数分布' : 'Groups by coefficient of variation',
        description: zh
          ? '各变异系数区间的病种数。'
          : 'Number of groups in each range of the coefficient of variation.',
        lang,
        x: { label: zh ? '变异系数' : 'CV', decimals: 1 },
        y: { label: zh ? '病种数' : 'groups', decimals: 0 },
        bins,
      }),
    },
    {
      kind: 'table',
      caption: zh ? '按变异系数的病种和病例' : 'Groups and cases by CV',
      grid: {
        columns: [
          textColumn('CV'),
          numberColumn(zh ? '病种数' : 'groups'),
          numberColumn(zh ? '病例数' : 'cases'),
          numberColumn(zh ? '病例占比' : 'share of cases'),
        ],
        rows: cv.map(({ from, to, groups: n, cases }) => [
          Number.isFinite(to) ? `${from} – ${to}` : `≥ ${from}`,
          countText(n),
          countText(cases),
          percentOf(cases, all),
        ]),
      },
    },
  ]
}

function stabilityText({ stability, coverage }: BuildFigures, threshold: number, lang: Lang): string {
  const { replicates, groups } = stability
  const now = countText(coverage.national.groups + coverage.local.groups)
  if (replicates === 0) return lang === 'zh' ? '未作重抽样。' : 'No resamples were drawn.'
  const [fewest, mean, most] = [countText(groups.fewest), groups.mean.toFixed(1), countText(groups.most)]
  return lang === 'zh'
    ? `病例有放回重抽 ${replicates} 次：现有 ${now} 个核心病种中，达到临界值 ${threshold} 例的平均 ${mean} 个（${fewest}–${most}）。`
    : `Cases were resampled ${replicates} times: of the ${now} core groups ${mean} on average reach the threshold of ${threshold} cases (${fewest} to ${most}).`
}

function unstableGrid({ groups }: BuildFigures, lang: Lang): Grid {
  const zh = lang === 'zh'
  const rows = groups.filter(one => one.stays < 1).sort((a, b) => a.stays - b.stays || a.cases - b.cases)
  return {
    columns: [
      textColumn(zh ? '病种' : 'group'),
      textColumn(zh ? '名称' : 'name'),
      numberColumn(zh ? '病例数' : 'cases'),
      numberColumn(zh ? '保留比例' : 'stays'),
    ],
    rows: rows.map(({ group, cases, stays }) => [
      group.code,
      nameOf(group),
      countText(cases),
      `${(stays * 100).toFixed(1)}%`,
    ]),
  }
}

/** The name of a group, or its codes where it has none. */
function nameOf({ name, dx, main, related }: DipGroup): string {
  const codes = [dx, main, ...related].map(shortList).filter(text => text !== '')
  return name === '' ? codes.join(' + ') : name
}

/** Codes of a list that are shown of a long one. */
const MOST_CODES = 3

/** A list with blanks to wrap at, a long one cut. */
function shortList(list: readonly string[]): string {
  const cut = list.length > MOST_CODES + 1
  return list.slice(0, cut ? MOST_CODES : list.length).join(' | ') + (cut ? ` | … (${list.length})` : '')
}

function comparisonGrid({ national, coverage }: BuildFigures, lang: Lang): Grid {
  const zh = lang === 'zh'
  const kept = national.filter(row => row.status === 'kept')
  const dropped = national.filter(row => row.status === 'dropped')
  const sum = (rows: typeof national, of: 'before' | 'after'): string =>
    countText(rows.reduce((all, row) => all + row[of], 0))
  return {
    columns: [
      textColumn(zh ? '国家病种' : 'national groups'),
      numberColumn(zh ? '病种数' : 'groups'),
      numberColumn(zh ? '国家目录下病例' : 'cases before'),
      numberColumn(zh ? '本地目录下病例' : 'cases now'),
    ],
    rows: [
      [zh ? '保留' : 'kept', countText(kept.length), sum(kept, 'before'), sum(kept, 'after')],
      [zh ? '删除' : 'dropped', countText(dropped.length), sum(dropped, 'before'), '0'],
      [
        zh ? '新增（标记为本地）' : 'added, marked local',
        countText(coverage.local.groups),
        '–',
        countText(coverage.local.cases),
      ],
    ],
  }
}

function droppedGrid({ national }: BuildFigures, lang: Lang): Grid {
  const zh = lang === 'zh'
  const reasons: Readonly<Record<NationalRow['reason'], string>> = zh
    ? { '': '', threshold: '病例不足', related: '相关手术增幅不足' }
    : { '': '', threshold: 'too few cases', related: 'related adds too little' }
  const rows = national
    .filter(row => row.status === 'dropped' && row.before > 0)
    .sort((a, b) => b.before - a.before || (a.group.code < b.group.code ? -1 : 1))
  return {
    columns: [
      textColumn(zh ? '病种' : 'group'),
      textColumn(zh ? '名称' : 'name'),
      textColumn(zh ? '原因' : 'why'),
      numberColumn(zh ? '相关手术增幅 %' : 'related adds %'),
      numberColumn(zh ? '病例数' : 'cases'),
      ...DESTINATIONS.map(name => numberColumn(KIND[name][lang])),
    ],
    rows: rows.map(({ group, reason, increment, before, to }) => [
      group.code,
      nameOf(group),
      reasons[reason],
      increment?.toFixed(1) ?? '–',
      countText(before),
      ...DESTINATIONS.map(name => countText(to[name])),
    ]),
  }
}

function addedGrid({ groups }: BuildFigures, lang: Lang): Grid {
  const zh = lang === 'zh'
  const rows = groups
    .filter(one => one.kind === 'local')
    .sort((a, b) => b.cases - a.cases || a.group.sequence - b.group.sequence)
  return {
    columns: [
      textColumn(zh ? '病种' : 'group'),
      textColumn(zh ? '名称' : 'name'),
      numberColumn(zh ? '病例数' : 'cases'),
      numberColumn(zh ? '次均费用（元）' : 'mean cost, yuan'),
      numberColumn('CV'),
      numberColumn(zh ? '分值' : 'score'),
      numberColumn(zh ? '相关手术增幅 %' : 'related adds %'),
      numberColumn(zh ? '保留比例' : 'stays'),
    ],
    rows: rows.map(({ group, cases, mean, cv, increment, stays }) => [
      group.code,
      group.name,
      countText(cases),
      mean === null ? '–' : decimalText(mean.div(100).toFixed(2), 2),
      cv?.toFixed(3) ?? '–',
      group.figures.score === undefined ? '–' : formatPoints(group.figures.score),
      increment?.toFixed(1) ?? '–',
      Number.isNaN(stays) ? '–' : `${(stays * 100).toFixed(1)}%`,
    ]),
  }
}

/** How categories are keyed: one key, or one for each subcategory. */
function keySections({ keys, config }: LocalBuild, lang: Lang): Section[] {
  const zh = lang === 'zh'
  if (!config.keys.merge) return []
  const names: Readonly<Record<KeyReason, string>> = zh
    ? {
        alike: '合并：手术和费用相近',
        national: '合并：国家目录按类目',
        'national-subcategories': '不合并：国家目录按亚目',
        operations: '不合并：共有手术的病例不足',
        costs: '不合并：费用相差较大',
      }
    : {
        alike: 'merged: operations and costs alike',
        national: 'merged: as the national catalogue has it',
        'national-subcategories': 'apart: the national catalogue keys subcategories',
        operations: 'apart: too few cases share an operation',
        costs: 'apart: costs differ',
      }
  const reasons = (Object.keys(names) as KeyReason[]).map(reason => {
    const members = keys.filter(one => one.reason === reason)
    return [
      names[reason],
      countText(members.length),
      countText(members.reduce((sum, { cases }) => sum + cases, 0)),
      members
        .slice(0, 12)
        .map(({ category }) => category)
        .join(' ') + (members.length > 12 ? ' …' : ''),
    ]
  })
  const { percent, share } = config.keys
  return [
    { kind: 'heading', text: zh ? '诊断键：类目或亚目' : 'Diagnosis keys: category or subcategory' },
    {
      kind: 'paragraph',
      text: zh
        ? `本地病种按亚目（4 位）聚类；同一手术下各亚目次均费用相差不足 ${percent} %、且至少 ${share.times(100)} % 的病例手术为各亚目共有时，合并为类目（3 位）。逐类目的结果见 keys.csv。`
        : `Local groups are clustered by subcategory (four characters); they become one category (three) where mean costs under one operation differ by less than ${percent} % and at least ${share.times(100)} % of the cases have an operation that subcategories share. keys.csv has every category.`,
    },
    {
      kind: 'table',
      caption: zh ? '没有国家病种的病例的类目' : 'Categories of the cases that no national group takes',
      grid: {
        columns: [
          textColumn(zh ? '结果' : 'result'),
          numberColumn(zh ? '类目数' : 'categories'),
          numberColumn(zh ? '病例数' : 'cases'),
          textColumn(zh ? '类目' : 'which'),
        ],
        rows: reasons,
      },
    },
  ]
}
