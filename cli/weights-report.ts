import type { Lang } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import { countText, decimalText, type Fact, page, percentText, type Section } from '../report/index.ts'
import type { GroupNames, WeightConfig, Workbench } from '../weights/index.ts'
import { programVersion } from './version.ts'
import {
  byCost,
  distributionChart,
  groupHistogram,
  intervalChart,
  intervalTitle,
  mdcChart,
  monthChart,
} from './weights-pictures.ts'
import {
  coefficientsGrid,
  indicesGrid,
  inversionsGrid,
  qualityGrid,
  unstableGrid,
  weightsGrid,
  yuan,
} from './weights-tables.ts'

export interface WeightsReport {
  readonly work: Workbench
  readonly config: WeightConfig
  readonly names: GroupNames
  readonly scheme: { readonly id: string; readonly hash: string }
  /** Id of the scheme that the first one is compared with. */
  readonly against?: string
  /** SHA-256 of the complete configuration. */
  readonly configHash: string
  readonly rows: number
  readonly lang: Lang
}

/** Choices of the configuration in Chinese; in English they stand as they are written there. */
const CHOICES = {
  none: '不裁剪', sd: '标准差', lnsd: '对数标准差', iqr: '四分位距', percentile: '百分位', multiple: '倍率',
  arithmetic: '算术平均', geometric: '几何平均', studentised: '对数学生化',
} as const // biome-ignore format: a table

/** Groups with a histogram of their own. */
const HISTOGRAMS = 6

/** The HTML report of a weighing. */
export function weightsReport(input: WeightsReport): string {
  const { work, config, names, scheme, lang, configHash } = input
  const zh = lang === 'zh'
  const { weights, coefficients } = work.weighing
  const heading = (zhText: string, en: string): Section => ({ kind: 'heading', text: zh ? zhText : en })
  const months = monthChart(work, lang)
  const sections: Section[] = [
    { kind: 'facts', caption: zh ? '数据与依据' : 'Data and basis', facts: factsOf(input) },
    heading('费用分布与裁剪', 'Costs and trimming'),
    {
      kind: 'figure',
      caption: zh ? '费用分布与裁剪界限' : 'Costs and trim limits',
      chart: distributionChart(work, names, lang),
    },
    ...byCost(work)
      .slice(0, HISTOGRAMS)
      .map((g): Section => {
        const chart = groupHistogram(work, names, g, lang)
        const group = weights.groups[g]!
        return { kind: 'figure', caption: `${group} ${names.nameOf(group)}`, chart }
      }),
    heading('权重', 'Weights'),
    {
      kind: 'figure',
      caption: intervalTitle(work, lang),
      chart: intervalChart(work, names, lang),
    },
    {
      kind: 'table',
      caption: zh ? '权重表（按费用总额）' : 'Weights, by total cost',
      grid: weightsGrid(work, names, config, lang),
    },
    heading('倒挂', 'Inversions'),
    {
      kind: 'table',
      caption: zh
        ? `严重程度倒挂：发现 ${weights.inversions.found.length} 对，发布权重中仍有 ${weights.inversions.left.length} 对`
        : `Severity inversions: ${weights.inversions.found.length} found, ${weights.inversions.left.length} left in the weights`,
      grid: inversionsGrid(work, names, config, lang),
    },
    heading('非稳定病组', 'Unstable groups'),
    {
      kind: 'table',
      caption: zh ? '例数过少或变异过大的病组' : 'Groups with too few cases or too wide a spread',
      grid: unstableGrid(work, names, config, lang),
    },
    heading('分组质量', 'Quality of the grouping'),
    { kind: 'table', caption: zh ? '全部病组' : 'All groups', grid: qualityGrid(work, lang) },
    {
      kind: 'figure',
      caption: zh ? '各 MDC 的方差减少量' : 'Reduction in variance by MDC',
      chart: mdcChart(work, names, lang),
    },
    ...comparisonSections(input),
  ]
  if (coefficients.kind !== 'none') {
    sections.push(heading('医疗机构系数', 'Hospital coefficients'), {
      kind: 'table',
      caption: zh ? '系数' : 'Coefficients',
      grid: coefficientsGrid(work, config, lang),
    })
  }
  sections.push(heading('运行指标', 'Indices'))
  if (months !== undefined)
    sections.push({ kind: 'figure', caption: zh ? '各月指标' : 'Indices by month', chart: months })
  sections.push(
    { kind: 'table', caption: zh ? '医疗机构' : 'Hospitals', grid: indicesGrid(work, lang) },
    {
      kind: 'paragraph',
      note: true,
      text: zh
        ? '支付标准用于医保基金与医疗机构结算，不得作为限额考核或分配到医务人员个人（医保办发〔2024〕9号）。'
        : 'Payment standards settle accounts between fund and hospitals; they must not become limits for, or pay of, individual staff (医保办发〔2024〕9号).',
    },
  )
  return page({
    title: zh ? `权重测算：${config.title.zh}` : `Weights: ${config.title.en}`,
    subtitle: `${scheme.id} ${scheme.hash.slice(0, 12)}`,
    lang,
    sections,
    footer: `dianzhi ${programVersion()} · ${scheme.id} ${scheme.hash.slice(0, 12)} · ${config.id} ${configHash.slice(0, 12)}`,
  })
}

function comparisonSections({ work, scheme, against, lang }: WeightsReport): Section[] {
  const { comparison } = work
  if (comparison === undefined || against === undefined) return []
  const zh = lang === 'zh'
  return [
    {
      kind: 'table',
      caption: zh
        ? `两个方案，两者都能入组的 ${countText(comparison.common)} 例`
        : `Two schemes on the ${countText(comparison.common)} cases that both group`,
      grid: qualityGrid(work, lang, comparison, [scheme.id, against]),
    },
  ]
}

function factsOf({ work, config, scheme, rows, configHash, lang }: WeightsReport): Fact[] {
  const zh = lang === 'zh'
  const { statistics, weights, quality, prepared } = work.weighing
  const { screening, years } = statistics
  const kept = statistics.groups.reduce((sum, one) => sum + one.kept.n, 0)
  const fact = (zhName: string, en: string, value: string): Fact => ({ name: zh ? zhName : en, value })
  const choice = (name: keyof typeof CHOICES): string => (zh ? CHOICES[name] : name)
  const { method, iterate } = config.trim
  const passes = zh ? `最多 ${iterate} 轮` : `at most ${iterate} ${iterate === 1 ? 'pass' : 'passes'}`
  const leftOut = [
    screening.ambiguous, screening.notGrouped, screening.invalid, screening.withoutCost, screening.otherInsurance,
    screening.outsideYears, screening.belowCost, screening.longStay,
  ] // biome-ignore format: one list
  return [
    fact('分组方案', 'Scheme', `${scheme.id} (${scheme.hash.slice(0, 12)})`),
    fact('测算参数', 'Configuration', `${config.id} (${configHash.slice(0, 12)})`),
    fact('读入行数', 'Rows read', countText(rows)),
    fact('参与测算 / 裁剪后', 'Cases used / kept', `${countText(screening.used)} / ${countText(kept)}`),
    fact(
      '未参与：歧义 / 未入组 / 校验不通过 / 无费用 / 其他险种 / 其他年份 / 费用过低 / 住院过长',
      'Left out: ambiguous / not grouped / invalid / no cost / other insurance / other years / low cost / long stay',
      leftOut.map(countText).join(' / '),
    ),
    ...(years.length > 1
      ? [
          fact(
            '年份与权数',
            'Years and factors',
            years.map(one => `${one.name} × ${one.factor}`).join(zh ? '，' : ', '),
          ),
        ]
      : []),
    fact('裁剪', 'Trimming', method === 'none' ? choice(method) : `${choice(method)}${zh ? '，' : ', '}${passes}`),
    fact('均值', 'Average', choice(config.average)),
    ...(prepared.structure === undefined
      ? []
      : [
          fact(
            '费用结构调整',
            'Cost structure adjusted',
            `${countText(prepared.structure.adjusted)} / ${countText(screening.used)}`,
          ),
        ]),
    fact('次均费用（元）', 'Mean cost (yuan)', yuan(new Decimal(weights.meanCost))),
    fact(
      '归一系数 λ / 平均权重',
      'Calibration λ / mean weight',
      `${weights.calibration.factor.toFixed(6)} / ${weights.calibration.meanWeight.toFixed(6)}`,
    ),
    fact(
      '稳定 / 有权重的病组',
      'Stable groups / groups with a weight',
      `${countText(weights.stable.filter(Boolean).length)} / ${countText(weights.weight.filter(one => one !== null).length)}`,
    ),
    ...(weights.credibility === undefined
      ? []
      : [
          fact(
            '可信度常数 k（Bühlmann–Straub）',
            'Credibility constant k (Bühlmann–Straub)',
            Number.isFinite(weights.credibility.k) ? weights.credibility.k.toFixed(2) : '∞',
          ),
        ]),
    ...(work.intervals === undefined
      ? []
      : [
          fact(
            '权重区间',
            'Intervals',
            `${percentText(config.bootstrap.level.toFixed(), 0)}, ${countText(config.bootstrap.replicates)} × ${choice(config.bootstrap.interval)}`,
          ),
        ]),
    ...(work.drift === undefined
      ? []
      : [
          fact('较上年变动过大的病组', 'Groups with a large change', countText(work.drift.large)),
          fact(
            '换用新权重对总权重的影响',
            'Total weight, new table / last year',
            work.drift.total === null ? '–' : decimalText(work.drift.total.toFixed(), 6),
          ),
        ]),
    fact(
      'RIV（裁剪前 / 后）',
      'RIV (before / after trimming)',
      `${percentText(quality.before.riv.toFixed(6), 1)} / ${percentText(quality.after.riv.toFixed(6), 1)}`,
    ),
    fact(
      'CV ≥ 1 的病组占比（裁剪前 / 后）',
      'Groups with CV ≥ 1 (before / after)',
      `${percentText(quality.before.wideShare.toFixed(6), 1)} / ${percentText(quality.after.wideShare.toFixed(6), 1)}`,
    ),
  ]
}
