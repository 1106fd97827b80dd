import type { Lang } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import { countText, decimalText, type Grid, NO_NUMBER, numberColumn, percentText, textColumn } from '../report/index.ts'
import {
  type GroupNames,
  meanOf,
  type Quality,
  type SchemeComparison,
  variationOf,
  type WeightConfig,
  type Workbench,
} from '../weights/index.ts'
import { byCost } from './weights-pictures.ts'

/** Tables of weights as people read them. */

const fixed = (value: Decimal | number | null | undefined, decimals: number): string =>
  value == null ? NO_NUMBER : decimalText(new Decimal(value).toFixed(), decimals)
const percent = (value: Decimal | number | null | undefined, decimals = 1): string =>
  value == null ? NO_NUMBER : percentText(new Decimal(value).toFixed(), decimals)
/** Yuan with both decimals: mean costs are compared, so they are not shortened to 万元. */
export const yuan = (fen: Decimal | null | undefined): string => fixed(fen?.div(100), 2)

const BASIS = {
  own: { zh: '本组', en: 'own' },
  shrunk: { zh: '收缩', en: 'shrunk' },
  parent: { zh: '核心病组', en: 'ADRG' },
  placeholder: { zh: '占位', en: 'placeholder' },
  lastYear: { zh: '上年', en: 'last year' },
  severity: { zh: '严重程度比', en: 'severity' },
  none: { zh: '无', en: 'none' },
} as const

/** One row a group that has cases or a weight, those that cost most first. */
export function weightsGrid(work: Workbench, { nameOf }: GroupNames, config: WeightConfig, lang: Lang): Grid {
  const zh = lang === 'zh'
  const { weights, statistics } = work.weighing
  const costly = byCost(work)
  const empty = [...weights.groups.keys()].filter(g => statistics.groups[g]!.all.n === 0 && weights.weight[g] !== null)
  const last = new Map(work.drift?.groups.map(one => [one.group, one]))
  return {
    columns: [
      textColumn(zh ? '编码' : 'Code'), textColumn(zh ? '病组' : 'Group'), numberColumn(zh ? '例数' : 'Cases'),
      numberColumn(zh ? '保留' : 'Kept'), numberColumn(zh ? '均费（元）' : 'Mean cost (yuan)'), numberColumn('CV'),
      numberColumn(zh ? '权重' : 'Weight'), textColumn(zh ? '来源' : 'Basis'),
      ...(work.intervals === undefined ? [] : [numberColumn(zh ? '区间' : 'Interval')]),
      ...(work.drift === undefined ? [] : [numberColumn(zh ? '上年' : 'Last year'), numberColumn(zh ? '变动' : 'Change')]),
    ],
    rows: [...costly, ...empty].map(g => {
      const { all, kept } = statistics.groups[g]!
      const interval = work.intervals?.[g]
      const before = last.get(g)
      return [
        weights.groups[g]!, nameOf(weights.groups[g]!), countText(all.n), countText(kept.n), yuan(meanOf(kept)),
        fixed(variationOf(kept), 2), fixed(weights.weight[g], config.decimals), BASIS[weights.basis[g]!][lang],
        ...(work.intervals === undefined ? [] : [interval == null ? NO_NUMBER : `${fixed(interval.low, config.decimals)} – ${fixed(interval.high, config.decimals)}`]),
        ...(work.drift === undefined ? [] : [fixed(before?.last, config.decimals), percent(before?.change)]),
      ]
    }),
  } // biome-ignore format: columns
}

/** Inversions that the printed weights have, and those that were repaired. */
export function inversionsGrid(work: Workbench, { nameOf }: GroupNames, config: WeightConfig, lang: Lang): Grid {
  const zh = lang === 'zh'
  const { inversions, groups, steps, weight } = work.weighing.weights
  const left = new Set(inversions.left.map(one => `${one.heavier} ${one.lighter}`))
  const cell = (g: number): string => `${groups[g]!} ${nameOf(groups[g]!)}`
  return {
    columns: [
      textColumn(zh ? '应较重' : 'Should weigh more'), textColumn(zh ? '应较轻' : 'Should weigh less'),
      numberColumn(zh ? '例数' : 'Cases'), numberColumn(zh ? '修复前' : 'Before'), numberColumn(zh ? '权重' : 'Weights'),
      textColumn(zh ? '状态' : 'State'),
    ],
    rows: inversions.found.map(one => [
      cell(one.heavier), cell(one.lighter), `${fixed(steps[one.heavier]!.cases, 0)} / ${fixed(steps[one.lighter]!.cases, 0)}`,
      `${fixed(steps[one.heavier]!.first, config.decimals)} / ${fixed(steps[one.lighter]!.first, config.decimals)}`,
      `${fixed(weight[one.heavier], config.decimals)} / ${fixed(weight[one.lighter], config.decimals)}`,
      left.has(`${one.heavier} ${one.lighter}`) ? (zh ? '仍倒挂' : 'stands') : (zh ? '已修复' : 'repaired'),
    ]),
  } // biome-ignore format: columns
}

/** Groups with too few cases or too wide a spread. */
export function unstableGrid(work: Workbench, { nameOf }: GroupNames, config: WeightConfig, lang: Lang): Grid {
  const zh = lang === 'zh'
  const { weights, statistics } = work.weighing
  const groups = [...weights.groups.keys()].filter(g => !weights.stable[g] && statistics.groups[g]!.all.n > 0)
  return {
    columns: [
      textColumn(zh ? '编码' : 'Code'), textColumn(zh ? '病组' : 'Group'), numberColumn(zh ? '保留例数' : 'Kept cases'),
      numberColumn('CV'), textColumn(zh ? '原因' : 'Why'), numberColumn(zh ? '本组权重' : 'Own weight'),
      numberColumn(zh ? '权重' : 'Weight'), textColumn(zh ? '来源' : 'Basis'),
    ],
    rows: groups.map(g => {
      const { kept } = statistics.groups[g]!
      const few = kept.n < config.nMin
      return [
        weights.groups[g]!, nameOf(weights.groups[g]!), countText(kept.n), fixed(variationOf(kept), 2),
        few ? (zh ? `少于 ${config.nMin} 例` : `fewer than ${config.nMin} cases`) : `CV ≥ ${config.cvMax.toString()}`,
        fixed(weights.steps[g]!.own, config.decimals), fixed(weights.weight[g], config.decimals), BASIS[weights.basis[g]!][lang],
      ]
    }),
  } // biome-ignore format: columns
}

/** Coefficients by level, hospital or parts, whichever there are. */
export function coefficientsGrid(work: Workbench, config: WeightConfig, lang: Lang): Grid {
  const zh = lang === 'zh'
  const { levels, hospitals, composites } = work.weighing.coefficients
  const { decimals } = config.coefficient
  if (composites.length > 0) {
    return {
      columns: [
        textColumn(zh ? '医疗机构' : 'Hospital'), textColumn(zh ? '级别' : 'Level'), numberColumn(zh ? '基本' : 'Basic'),
        ...composites[0]!.parts.map(part => numberColumn(part.index)), numberColumn(zh ? '系数' : 'Coefficient'),
      ],
      rows: composites.map(one => [
        one.hospital, one.level, fixed(one.basic, decimals),
        ...one.parts.map(part => `${fixed(part.added, decimals)} (${fixed(part.value, 4)})`), fixed(one.coefficient, decimals),
      ]),
    } // biome-ignore format: columns
  }
  const rows = [...levels.map(one => ({ ...one, hospital: '' })), ...hospitals]
  return {
    columns: [
      textColumn(zh ? '级别' : 'Level'), textColumn(zh ? '医疗机构' : 'Hospital'), numberColumn(zh ? '保留例数' : 'Kept cases'),
      numberColumn(zh ? '均费比' : 'Mean cost ratio'), numberColumn(zh ? '费用指数' : 'Cost index'), numberColumn(zh ? '系数' : 'Coefficient'),
    ],
    rows: rows.map(one => [
      one.level, one.hospital, countText(one.cases), fixed(one.levelMean, decimals), fixed(one.levelIndex, decimals), fixed(one.coefficient, decimals),
    ]),
  } // biome-ignore format: columns
}

/** Indices of hospitals. */
export function indicesGrid({ indices }: Workbench, lang: Lang): Grid {
  const zh = lang === 'zh'
  const titles = zh
    ? ['病例', '病组数', 'CMI', '费用消耗指数', '时间消耗指数', '每权重费用（元）', '每权重天数', '死亡', '低风险死亡', '药占比', '耗占比']
    : ['Cases', 'Groups', 'CMI', 'Cost index', 'Time index', 'Cost per weight (yuan)', 'Days per weight', 'Deaths', 'Low-risk deaths', 'Drugs', 'Consumables'] // biome-ignore format: titles
  return {
    columns: [textColumn(zh ? '医疗机构' : 'Hospital'), ...titles.map(numberColumn)],
    rows: indices.units
      .filter(one => one.dimension === 'hospital')
      .map(one => [
        one.hospital, countText(one.used), countText(one.groups), fixed(one.cmi, 4), fixed(one.costIndex, 4), fixed(one.timeIndex, 4),
        yuan(one.costPerWeight), fixed(one.daysPerWeight, 2), countText(one.deaths),
        `${countText(one.lowRiskDeaths)} / ${countText(one.lowRisk)}`, percent(one.drugShare), percent(one.consumableShare),
      ]),
  } // biome-ignore format: columns
}

const FIGURES: Readonly<Record<keyof Quality, { readonly zh: string; readonly en: string }>> = {
  groups: { zh: '有 CV 的病组', en: 'groups with a CV' },
  wideShare: { zh: 'CV ≥ 1 的病组占比', en: 'share of groups with CV ≥ 1' },
  narrowShare: { zh: 'CV < 0.5 的病组占比', en: 'share of groups with CV < 0.5' },
  meanVariation: { zh: '平均 CV（按例数加权）', en: 'mean CV by cases' },
  riv: { zh: '方差减少量 RIV', en: 'RIV' },
  logRiv: { zh: '对数费用的 RIV', en: 'RIV of ln cost' },
  rSquared: { zh: '权重解释的 R²', en: 'R² of the weights' },
}

/** Quality before and after trimming; of a second scheme beside it where there is one. */
export function qualityGrid(
  work: Workbench,
  lang: Lang,
  comparison?: SchemeComparison,
  names?: readonly [string, string],
): Grid {
  const zh = lang === 'zh'
  const when = zh ? ['裁剪前', '裁剪后'] : ['before trimming', 'after trimming']
  const qualities = comparison === undefined ? [work.weighing.quality] : [comparison.a.quality, comparison.b.quality]
  const heads = comparison === undefined ? [''] : names!.map(name => `${name} `)
  return {
    columns: [
      textColumn(zh ? '指标' : 'Figure'),
      ...heads.flatMap(head => when.map(one => numberColumn(`${head}${one}`))),
    ],
    rows: (Object.keys(FIGURES) as (keyof Quality)[]).map(key => [
      FIGURES[key][lang],
      ...qualities.flatMap(one =>
        [one.before[key], one.after[key]].map(value => (key === 'groups' ? countText(value) : fixed(value, 4))),
      ),
    ]),
  }
}
