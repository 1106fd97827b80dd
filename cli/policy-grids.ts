import { type AuxiliaryPack, readAuxiliaryPack } from '../grouper/index.ts'
import type { Lang, Text } from '../messages/index.ts'
import { type Grid, numberColumn, textColumn } from '../report/index.ts'
import {
  bandSettings,
  jumpRows,
  leverOf,
  type OutlierDocument,
  outlierRules,
  type Policy,
  type Provenance,
  packValues,
  readProvenance,
} from '../simulate/index.ts'
import { className } from './class-names.ts'

/** A table of a pack with its heading. */
export interface NamedGrid {
  readonly title: string
  readonly grid: Grid
}

/** Every rule of a pack as tables: what it states with meaning, confidence and source, the classes of cost, DIP rules, jumps. */
export function packGrids(policy: Policy, file: string, lang: Lang): readonly NamedGrid[] {
  const zh = lang === 'zh'
  const outliers = outlierRules(policy.document.outliers)
  const types = policy.document.auxiliary?.types
  const auxiliary = types === undefined ? undefined : readAuxiliaryPack(types)
  return [
    { title: zh ? '参数与来源' : 'Values and sources', grid: valuesGrid(policy, file, lang) },
    { title: zh ? '费用类别' : 'Cost classes', grid: bandsGrid(policy, lang) },
    ...(outliers === null ? [] : [{ title: outlierTitle(outliers, lang), grid: outlierGrid(outliers, lang) }]),
    ...(auxiliary === undefined
      ? []
      : [
          {
            title: `${zh ? '辅助分型' : 'Auxiliary types'}: ${auxiliary.title[lang]}`,
            grid: auxiliaryGrid(auxiliary, lang),
          },
        ]),
    { title: zh ? '边界处的跳变' : 'Jumps where a class ends', grid: jumpsGrid(policy, lang) },
  ]
}

/** What a pack says of itself stands above its tables. */
const ABOVE = new Set(['id', 'version', 'title', 'validFrom', 'validTo', 'policyBasis', 'method', 'documentedJumps'])

/** Every value that the file of a pack states, an item of a list on one line, with its meaning and its origin where it has one. */
function valuesGrid(policy: Policy, file: string, lang: Lang): Grid {
  const titles =
    lang === 'zh'
      ? ['参数', '含义', '取值', '单位', '可信度', '来源']
      : ['parameter', 'meaning', 'value', 'unit', 'confidence', 'source']
  const origins = new Map(readProvenance(file).map(one => [one.path, one]))
  const pack = packValues(policy, file)
  const leaves = pack
    .keys()
    .filter(key => !ABOVE.has(key))
    .flatMap(key => pack.at(key).map(leaf => ({ ...leaf, key })))
    .map(({ key, value, unit, origin: { place } }) => {
      // A side table is cited by its file.
      const path = place?.field ?? key
      const named = [...origins.values()].find(one => Object(one.value).file === value)
      const stated = originOf(path, origins) ?? named
      return { path, value, unit: unit[lang], confidence: stated?.confidence ?? '', source: stated?.source ?? '' }
    })
  const rows = [...Map.groupBy(leaves, ({ path }) => /^.+?\.\d+(?=\.)/.exec(path)?.[0] ?? path)].map(([path, own]) => {
    const once = (of: (leaf: (typeof own)[number]) => string): string =>
      [...new Set(own.map(of))].filter(Boolean).join('; ')
    const isItem = own[0]!.path !== path
    const value = isItem ? own.map(one => `${one.path.slice(path.length + 1)} ${one.value}`).join(', ') : own[0]!.value
    const { label } = leverOf(`policy.${path}`)
    return [
      path,
      label[lang],
      value,
      isItem ? '' : own[0]!.unit,
      once(one => one.confidence) || '–',
      once(one => one.source),
    ]
  })
  return { columns: titles.map(textColumn), rows }
}

/** The origin of a value, or of the list or map in which it stands. */
function originOf(path: string, origins: ReadonlyMap<string, Provenance>): Provenance | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const found = origins.get(at)
    if (found !== undefined) return found
  }
  return undefined
}

/** The cost classes and where they end, for each weight band that the limits tell apart. */
function bandsGrid(policy: Policy, lang: Lang): Grid {
  const titles =
    lang === 'zh'
      ? ['权重至', '级别', '险种', '病组', '类别与上限（倍率）']
      : ['weight', 'level', 'insurance', 'group', 'classes and where they end (ratio)']
  const rows = bandSettings(policy).map(({ question, bands }) => [
    question.weight.toString(),
    question.level,
    question.insurance,
    question.group || '–',
    bands
      .map(band => `${className(band.class, lang)}${band.upTo === null ? '' : ` ${band.op} ${band.upTo}`}`)
      .join(' · '),
  ])
  return { columns: titles.map((title, i) => (i === 0 ? numberColumn(title) : textColumn(title))), rows }
}

const REFERENCES: Readonly<Record<OutlierDocument['reference'], Text>> = {
  levelStandard: { zh: '同级别病种支付标准', en: 'the payment standard of the packet at the level' },
  groupMean: { zh: '病种例均费用', en: 'the mean cost of the packet' },
  meanFactor: { zh: '分值 × 均次费用系数', en: 'score × mean-cost factor' },
}
const FLAGS: Readonly<Record<string, Text>> = {
  watch: { zh: '提示关注', en: 'flagged' },
  specialCaseReview: { zh: '特例单议', en: 'special-case review' },
  expertReview: { zh: '专家评审', en: 'expert review' },
}

function outlierTitle(
  { title, reference, noScore, blankGroup, source, confidence }: OutlierDocument,
  lang: Lang,
): string {
  const zh = lang === 'zh'
  const parts = [
    `${zh ? '费用异常规则' : 'Outlier rules'}: ${title[lang]}`,
    zh ? `r = 费用 ÷ ${REFERENCES[reference].zh}` : `r = cost ÷ ${REFERENCES[reference].en}`,
    ...(noScore === null ? [] : [zh ? '没有分值的病种按费用支付' : 'a packet without a score is paid its bill']),
    ...(blankGroup === null
      ? []
      : [
          zh
            ? `空白病组：分值 × 费用 ÷ 均费 × ${blankGroup.factor}`
            : `blank packet: score × cost ÷ mean × ${blankGroup.factor}`,
        ]),
    `${source} [${confidence}]`,
  ]
  return parts.join(zh ? '；' : '; ')
}

/** What a case scores in each band of outlier rules. */
function outlierGrid({ bands }: OutlierDocument, lang: Lang): Grid {
  const titles =
    lang === 'zh' ? ['类别', '倍率 r 至', '病例分值', '标记'] : ['class', 'ratio r up to', 'score of the case', 'flag']
  const rows = bands.map(({ class: name, upTo, op, slope, constant, perCoefficient, institution, auxiliary, flag }) => [
    className(name === 'extreme' ? 'ultraHigh' : name, lang),
    upTo === null ? '–' : `${op} ${upTo}`,
    `RW${factorText([[slope, 'r'], [constant, ''], [perCoefficient, 'k']])}${institution ? ' × k' : ''}${auxiliary ? ' × a' : ''}`,
    flag === null ? '' : (FLAGS[flag]?.[lang] ?? flag),
  ]) // biome-ignore format: one row
  return { columns: titles.map(textColumn), rows }
}

/** ` × (r − 2 + k)`; nothing where the factor is 1. */
function factorText(terms: readonly (readonly [string, string])[]): string {
  const written = terms.flatMap(([text, letter]) => {
    const [sign, size] = text.startsWith('-') ? ['−', text.slice(1)] : ['+', text]
    if (Number(size) === 0) return []
    return [[sign, letter === '' ? size : Number(size) === 1 ? letter : `${size}·${letter}`] as const]
  })
  const [first, ...rest] = written
  if (first === undefined) return ' × 0'
  const sum = `${first[0] === '−' ? '−' : ''}${first[1]}${rest.map(([sign, term]) => ` ${sign} ${term}`).join('')}`
  if (rest.length === 0) return sum === '1' ? '' : ` × ${sum}`
  return ` × (${sum})`
}

function auxiliaryGrid({ types }: AuxiliaryPack, lang: Lang): Grid {
  const titles = lang === 'zh' ? ['类型', '名称', '分类'] : ['type', 'name', 'classes']
  const rows = types.map(({ id, title, classes }) => [id, title[lang], classes.map(one => one.title[lang]).join(' · ')])
  return { columns: titles.map(textColumn), rows }
}

/** Jumps of the payment where a class ends, in weights. */
export function jumpsGrid(policy: Policy, lang: Lang): Grid {
  const zh = lang === 'zh'
  const titles = zh
    ? ['边界', '倍率', '权重', '系数', '级别', '险种', '跳变（权重）', '说明']
    : ['where it ends', 'ratio', 'weight', 'k', 'level', 'insurance', 'jump (weights)', 'remark']
  const rows = jumpRows(policy).map(row => [
    className(row.at, lang),
    row.ratio.toString(),
    row.weight.toString(),
    row.coefficient.toString(),
    row.level,
    row.insurance,
    row.size?.toDecimalPlaces(6).toString() ?? '–',
    remark(row.size === null ? null : row.size.comparedTo(0), row.documented, zh),
  ])
  return { columns: titles.map((title, i) => (i === 0 || i > 6 ? textColumn(title) : numberColumn(title))), rows }
}

function remark(sign: number | null, documented: boolean | null, zh: boolean): string {
  if (sign === null) return zh ? '按费用支付，取决于点值' : 'paid at cost: depends on the point value'
  if (sign === 0) return ''
  const known = documented === true ? '' : zh ? '（未说明）' : ' (not documented)'
  if (sign < 0) return (zh ? '费用更高反而少得' : 'a dearer case earns less') + known
  return (zh ? '越过即多得' : 'a reason to pass it') + known
}
