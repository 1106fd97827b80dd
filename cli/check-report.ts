import type { QualityPack, RuleCount, Scheme } from '../grouper/index.ts'
import type { Lang } from '../messages/index.ts'
import {
  barChart,
  countText,
  type Grid,
  numberColumn,
  page,
  percentOf,
  type Section,
  textColumn,
} from '../report/index.ts'
import { type Lacking, RECORDS_ONLY } from './check-lacks.ts'
import { programVersion } from './version.ts'

export interface CheckReportInput {
  readonly scheme: Scheme
  readonly pack: QualityPack
  /** By rule and hospital. */
  readonly counts: readonly RuleCount[]
  /** Findings by severity. */
  readonly tally: ReadonlyMap<string, number>
  /** Rules that were checked on no case, with what they lack. */
  readonly lacks: readonly Lacking[]
  readonly lang: Lang
}

/** Rules drawn in the picture; the table has all. */
const DRAWN = 25

/** Data quality as a page: which rules find something, and in which hospitals. It names no case. */
export function checkReport({ scheme, pack, counts, tally, lacks, lang }: CheckReportInput): string {
  const zh = lang === 'zh'
  const names = new Map(pack.rules.map(rule => [rule.id, rule.name[lang]]))
  const rules = sums(counts, one => one.rule)
  const first = counts[0]?.rule
  const cases = new Map(counts.filter(one => one.rule === first).map(one => [one.hospital, one.cases]))
  const busy = rules.filter(one => one.findings > 0)
  const sections: Section[] = [
    {
      kind: 'facts',
      caption: zh ? '数据与依据' : 'Data and basis',
      facts: [
        { name: zh ? '分组方案' : 'Scheme', value: `${scheme.manifest.id} (${scheme.hash.slice(0, 12)})` },
        { name: zh ? '检查病例' : 'Cases checked', value: countText(sum(cases.values())) },
        { name: zh ? '规则' : 'Rules', value: countText(pack.rules.length) },
        ...(
          [
            ['E', '错误', 'Errors'],
            ['W', '警告', 'Warnings'],
            ['I', '提示', 'Notes'],
          ] as const
        ).map(([severity, ...name]) => ({ name: name[zh ? 0 : 1], value: countText(tally.get(severity) ?? 0) })),
      ],
    },
    { kind: 'heading', text: zh ? '规则' : 'Rules' },
    {
      kind: 'figure',
      caption: zh ? '发现最多的规则' : 'Rules with most findings',
      chart: barChart({
        title: zh ? '发现最多的规则' : 'Rules with most findings',
        description: zh ? '每条规则发现的问题数。' : 'Findings of each rule.',
        lang,
        item: zh ? '规则' : 'Rule',
        axis: { label: zh ? '问题数' : 'Findings', decimals: 0 },
        bars: busy.slice(0, DRAWN).map(one => ({ label: `${one.key} ${names.get(one.key)}`, value: one.findings })),
      }),
    },
    {
      kind: 'table',
      caption: zh ? '按规则' : 'By rule',
      shown: 60,
      grid: rulesGrid(rules, names, lang),
    },
    ...lackTable(
      zh ? '没有检查的规则' : 'Rules that were not checked',
      lacks.filter(one => !one.ofRecords),
      lang,
    ),
    ...lackTable(
      RECORDS_ONLY[lang],
      lacks.filter(one => one.ofRecords),
      lang,
    ),
    { kind: 'heading', text: zh ? '医疗机构' : 'Hospitals' },
    { kind: 'table', caption: zh ? '按医疗机构' : 'By hospital', grid: hospitalsGrid(counts, cases, names, lang) },
    {
      kind: 'paragraph',
      note: true,
      text: zh
        ? '未检查不等于通过：文件缺少规则所需字段、病例缺少该值，或名单为空时，计入“未检查”。逐例问题见 CSV 结果。'
        : 'Not checked is not passed: a rule whose field or list is missing is counted as not checked. The CSV result lists the findings case by case.',
    },
  ]
  return page({
    title: zh ? '病例数据质量' : 'Data quality of cases',
    lang,
    sections,
    footer: `dianzhi ${programVersion()} · ${scheme.manifest.id} ${scheme.hash.slice(0, 12)}`,
  })
}

interface Sum {
  readonly key: string
  readonly cases: number
  readonly findings: number
  readonly notChecked: number
}

function lackTable(caption: string, lacks: readonly Lacking[], lang: Lang): Section[] {
  if (lacks.length === 0) return []
  const zh = lang === 'zh'
  return [
    {
      kind: 'table',
      caption,
      grid: {
        columns: [textColumn(zh ? '规则' : 'Rule'), textColumn(zh ? '缺少' : 'What is missing')],
        rows: lacks.map(({ rules, lack }) => [
          rules.map(rule => `${rule.id} ${rule.name[lang]}`).join(zh ? '、' : ', '),
          lack[lang],
        ]),
      },
    },
  ]
}

/** Sums by rule or hospital, most findings first. */
function sums(counts: readonly RuleCount[], keyOf: (count: RuleCount) => string): Sum[] {
  const groups = new Map<string, Sum>()
  for (const one of counts) {
    const key = keyOf(one)
    const { cases, findings, notChecked } = groups.get(key) ?? { cases: 0, findings: 0, notChecked: 0 }
    groups.set(key, {
      key,
      cases: cases + one.cases,
      findings: findings + one.findings,
      notChecked: notChecked + one.notChecked,
    })
  }
  return [...groups.values()].sort((a, b) => b.findings - a.findings)
}

function sum(values: Iterable<number>): number {
  let all = 0
  for (const value of values) all += value
  return all
}

function rulesGrid(rules: readonly Sum[], names: ReadonlyMap<string, string>, lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '规则' : 'Rule'),
      textColumn(zh ? '名称' : 'Name'),
      numberColumn(zh ? '问题' : 'Findings'),
      numberColumn(zh ? '占已检查病例' : 'Of cases checked'),
      numberColumn(zh ? '未检查' : 'Not checked'),
    ],
    rows: rules.map(({ key, cases, findings, notChecked }) => [
      key,
      names.get(key) ?? '',
      countText(findings),
      percentOf(findings, cases - notChecked, 2),
      countText(notChecked),
    ]),
  }
}

function hospitalsGrid(
  counts: readonly RuleCount[],
  cases: ReadonlyMap<string, number>,
  names: ReadonlyMap<string, string>,
  lang: Lang,
): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '医疗机构' : 'Hospital'),
      textColumn(zh ? '发现最多的规则' : 'Rule with most findings'),
      numberColumn(zh ? '病例' : 'Cases'),
      numberColumn(zh ? '问题' : 'Findings'),
      numberColumn(zh ? '每千例' : 'Per 1,000 cases'),
    ],
    rows: sums(counts, one => one.hospital).map(({ key, findings }) => {
      const own = cases.get(key) ?? 0
      const worst = counts
        .filter(one => one.hospital === key)
        .reduce((most, one) => (one.findings > most.findings ? one : most))
      return [
        key === '' ? '–' : key,
        worst.findings === 0 ? '–' : `${worst.rule} ${names.get(worst.rule)} (${countText(worst.findings)})`,
        countText(own),
        countText(findings),
        own === 0 ? '–' : countText(Math.round((1000 * findings) / own)),
      ]
    }),
  }
}
