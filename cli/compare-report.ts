import type { Change, ReadSummary, Scheme, Transition } from '../grouper/index.ts'
import type { Lang, Text } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import {
  barChart,
  countText,
  decimalText,
  type Grid,
  NO_NUMBER,
  numberColumn,
  page,
  percentOf,
  type Section,
  textColumn,
  type WaterfallStep,
  waterfallChart,
} from '../report/index.ts'
import type { WeightEffect } from '../weights/index.ts'
import { programVersion } from './version.ts'

export const CHANGES: Readonly<Record<Change, Text>> = {
  same: { zh: '相同', en: 'same' },
  recoded: { zh: '组名相同、编码不同', en: 'same name, other code' },
  renamed: { zh: '编码相同、组名不同', en: 'same code, other name' },
  severity: { zh: '严重程度变化', en: 'other severity' },
  redivided: { zh: '同一 ADRG 细分方式不同', en: 'same ADRG, other division' },
  regrouped: { zh: '换组', en: 'other group' },
  ambiguous: { zh: '变为歧义', en: 'becomes ambiguous' },
  ungrouped: { zh: '变为未入组', en: 'becomes ungrouped' },
  grouped: { zh: '变为入组', en: 'becomes grouped' },
}

export interface CompareReportInput {
  readonly schemes: readonly [Scheme, Scheme]
  readonly summary: ReadSummary
  readonly transitions: readonly Transition[]
  readonly effect: WeightEffect | undefined
  readonly lang: Lang
}

/** Two schemes on the same cases, as a page: how many cases change and how, the moves, and what they do to the weights. */
export function compareReport({ schemes, summary, transitions, effect, lang }: CompareReportInput): string {
  const zh = lang === 'zh'
  const [a, b] = schemes
  const moved = transitions
    .map((transition, i) => ({ ...transition, effect: effect?.moves[i]?.effect }))
    .filter(({ change }) => change !== 'same')
    .sort((x, y) => y.cases - x.cases)
  const sections: Section[] = [
    {
      kind: 'facts',
      caption: zh ? '数据与依据' : 'Data and basis',
      facts: [
        ...schemes.map((scheme, i) => ({
          name: `${zh ? '方案' : 'Scheme'} ${'AB'[i]!}`,
          value: `${scheme.manifest.id} (${scheme.hash.slice(0, 12)})`,
        })),
        { name: zh ? '读入行数' : 'Rows read', value: countText(summary.rows) },
        { name: zh ? '拒收行数' : 'Rejected rows', value: countText(summary.rejected) },
        { name: zh ? '比较病例' : 'Cases compared', value: countText(summary.cases) },
      ],
    },
    { kind: 'heading', text: zh ? '分组变化' : 'What becomes of the cases' },
    {
      kind: 'figure',
      caption: zh ? '有变化的病例' : 'Cases that change',
      chart: barChart({
        title: zh ? '有变化的病例' : 'Cases that change',
        description: zh
          ? '各种变化的病例数，不含分组相同的病例。'
          : 'Cases by kind of change; those that stay the same are left out.',
        lang,
        item: zh ? '变化' : 'Change',
        axis: { label: zh ? '病例数' : 'Cases', decimals: 0 },
        bars: kinds(moved).map(change => ({
          label: CHANGES[change][lang],
          value: casesOf(moved.filter(one => one.change === change)),
        })),
      }),
    },
    { kind: 'table', caption: zh ? '变化种类' : 'Kinds of change', grid: changeGrid(transitions, lang) },
    { kind: 'heading', text: zh ? '去向' : 'Moves' },
    {
      kind: 'table',
      caption: zh ? '按病例数排列的变化' : 'Moves by number of cases',
      grid: moveGrid(moved, effect !== undefined, lang),
    },
  ]
  if (effect !== undefined) sections.push(...effectSections(transitions, effect, lang))
  return page({
    title: `${a.manifest.id} → ${b.manifest.id}`,
    subtitle: zh ? '同一批病例在两个方案下的分组' : 'The same cases under two schemes',
    lang,
    sections,
    footer: `dianzhi ${programVersion()} · ${schemes.map(one => `${one.manifest.id} ${one.hash.slice(0, 12)}`).join(' · ')}`,
  })
}

function kinds(transitions: readonly Transition[]): Change[] {
  return (Object.keys(CHANGES) as Change[]).filter(change => transitions.some(one => one.change === change))
}

function casesOf(transitions: readonly Transition[]): number {
  return transitions.reduce((all, { cases }) => all + cases, 0)
}

function changeGrid(transitions: readonly Transition[], lang: Lang): Grid {
  const zh = lang === 'zh'
  const total = casesOf(transitions)
  return {
    columns: [
      textColumn(zh ? '变化' : 'Change'),
      numberColumn(zh ? '病例数' : 'Cases'),
      numberColumn(zh ? '占比' : 'Share'),
      numberColumn(zh ? '去向数' : 'Moves'),
    ],
    rows: kinds(transitions).map(change => {
      const own = transitions.filter(one => one.change === change)
      const cases = casesOf(own)
      return [CHANGES[change][lang], countText(cases), percentOf(cases, total, 2), countText(own.length)]
    }),
  }
}

function moveGrid(
  moved: readonly (Transition & { readonly effect: Decimal | null | undefined })[],
  weighed: boolean,
  lang: Lang,
): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn('A'),
      textColumn(zh ? 'A 名称' : 'Name in A'),
      textColumn('B'),
      textColumn(zh ? 'B 名称' : 'Name in B'),
      textColumn(zh ? '变化' : 'Change'),
      numberColumn(zh ? '病例数' : 'Cases'),
      ...(weighed ? [numberColumn(zh ? '权重变化' : 'Change of weight')] : []),
    ],
    rows: moved.map(({ a, b, change, cases, effect }) => [
      a.drg,
      a.name,
      b.drg,
      b.name,
      CHANGES[change][lang],
      countText(cases),
      ...(weighed ? [effect ? decimalText(effect.toFixed(), 2) : NO_NUMBER] : []),
    ]),
  }
}

function effectSections(transitions: readonly Transition[], effect: WeightEffect, lang: Lang): Section[] {
  const zh = lang === 'zh'
  const steps: WaterfallStep[] = [{ label: zh ? '方案 A' : 'Scheme A', change: effect.before.toNumber() }]
  for (const change of kinds(transitions)) {
    const sum = transitions.reduce(
      (all, one, i) => (one.change === change ? all.plus(effect.moves[i]!.effect ?? 0) : all),
      new Decimal(0),
    )
    if (!sum.isZero()) steps.push({ label: CHANGES[change][lang], change: sum.toNumber() })
  }
  steps.push({ label: zh ? '方案 B' : 'Scheme B', total: true })
  const caption = zh ? '权重合计的变化' : 'How the sum of weights changes'
  return [
    { kind: 'heading', text: zh ? '权重' : 'Weights' },
    {
      kind: 'figure',
      caption,
      chart: waterfallChart({
        title: caption,
        description: zh
          ? '两边都有权重的病例：从方案 A 的权重合计到方案 B，按变化种类。'
          : "Over cases with a weight on both sides: from the sum of A's weights to that of B's, by kind of change.",
        lang,
        item: zh ? '变化' : 'Change',
        axis: { label: zh ? '权重合计' : 'Sum of weights', decimals: 2 },
        steps,
      }),
    },
    {
      kind: 'paragraph',
      text: zh
        ? `权重按各自方案的权重表查取，绝不按编码对应；${countText(effect.withoutWeight)} 个病例至少一边没有权重，未计入。`
        : `Each side is looked up in its own table, never joined by code; ${countText(effect.withoutWeight)} cases lack a weight on one side and are left out.`,
    },
  ]
}
