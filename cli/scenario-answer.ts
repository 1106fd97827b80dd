import type { Lang, Text } from '../messages/index.ts'
import { decimalText, type Grid, moneyText, numberColumn, percentOf, percentText, textColumn } from '../report/index.ts'
import {
  type Assumed,
  breakdown,
  CAUSES,
  fundPaid,
  RULE_BLOCKS,
  type ScenarioComparison,
  type Settlement,
} from '../simulate/index.ts'
import { BLOCK_TEXTS, CAUSE_TEXTS } from './cause-names.ts'
import type { SettledRegion } from './pipeline.ts'
import { insuranceNames } from './tables.ts'

/** What a policy maker asks of a scenario, and what the settlement answers. */

/** A change with its sign, as money and as a share. */
function signedMoney(fen: number, lang: Lang): string {
  return `${fen > 0 ? '+' : ''}${moneyText(fen, lang)}`
}

function signedShare(share: string): string {
  return `${share.startsWith('-') ? '' : '+'}${percentText(share, 2)}`
}

const sum = (settlement: Settlement, key: 'due' | 'patient' | 'surplus' | 'cost'): number =>
  settlement.hospitals.reduce((all, row) => all + row[key], 0)

/** What goes from some hospitals to others, beyond what all of them gain or lose together. */
export function movedBetween({ hospitals }: ScenarioComparison): number {
  const all = hospitals.reduce((total, row) => total + Math.abs(row.change), 0)
  return Math.round((all - Math.abs(hospitals.reduce((total, row) => total + row.change, 0))) / 2)
}

/** "employees 98.16 → 98.06 (-0.10%)" for every pool. */
export function valuesText({ pools }: ScenarioComparison, lang: Lang): string {
  return pools
    .map(({ insurances, pointValue: [was, is], change }) => {
      const name = insuranceNames(insurances, lang)
      if (was === null || is === null || change === null) return `${name} –`
      return `${name} ${decimalText(was.toFixed(), 2)} → ${decimalText(is.toFixed(), 2)} (${signedShare(change.toFixed())})`
    })
    .join(lang === 'zh' ? '；' : '; ')
}

/** Questions and answers, in the order in which they are asked. */
export function answerGrid(
  one: ScenarioComparison,
  before: Settlement,
  { specialtyName }: Pick<SettledRegion, 'specialtyName'>,
  lang: Lang,
): Grid {
  const zh = lang === 'zh'
  const rows: [Text, string][] = [
    [{ zh: '基金要多付吗？', en: 'Does the fund pay more?' }, fundAnswer(one, before, lang)],
    [{ zh: '点值怎么变？', en: 'What becomes of the point value?' }, valuesText(one, lang)],
    [{ zh: '哪些级别得、哪些级别失？', en: 'Which levels gain, which lose?' }, levelsAnswer(one, lang)],
    [{ zh: '哪些机构得失最大？', en: 'Which hospitals gain or lose most?' }, hospitalsAnswer(one, lang)],
    [{ zh: '为什么？', en: 'Why?' }, causesAnswer(one, lang)],
    [{ zh: '哪些专科得失最大（应付总额，含患者支付）？', en: 'Which specialties gain or lose most (with what patients pay)?' }, specialtiesAnswer(one, before, letter => [letter, specialtyName(letter)].filter(part => part !== '').join(' '), lang)],
    [{ zh: '患者多付吗？', en: 'Do patients pay more?' }, patientAnswer(one, before, lang)],
    [{ zh: '医院盈亏合计怎么变？', en: 'What becomes of the surplus of all hospitals?' }, surplusAnswer(one, before, lang)],
    [{ zh: '更公平吗？', en: 'Is it fairer?' }, fairAnswer(one, lang)],
  ] // biome-ignore format: one row a question
  return {
    columns: [textColumn(zh ? '问题' : 'Question'), textColumn(zh ? '答案' : 'Answer')],
    rows: rows.map(([question, answer]) => [question[lang], answer]),
  }
}

function fundAnswer({ settlement }: ScenarioComparison, before: Settlement, lang: Lang): string {
  const [was, is] = [fundPaid(before), fundPaid(settlement)]
  if (was === is)
    return lang === 'zh'
      ? `不变：${moneyText(is, lang)}，预算固定。`
      : `No: ${moneyText(is, lang)} as before; the budget is fixed.`
  const share = percentOf(is - was, was)
  return lang === 'zh'
    ? `${is > was ? '多' : '少'}付 ${moneyText(Math.abs(is - was), lang)}（${share}）。`
    : `${is > was ? 'More' : 'Less'}, by ${moneyText(Math.abs(is - was), lang)} (${share}).`
}

const MOST = 3
/** Changes smaller than this, in fen, are not named. */
const NAMED = 100_000

interface PartOf {
  readonly name: string
  readonly change: number
  readonly was: number
}

/** Changes as "name +money (share)", those that are worth naming. */
function partsText(parts: readonly PartOf[], lang: Lang): string {
  if (parts.length === 0) return lang === 'zh' ? '几乎没有变化。' : 'Hardly any.'
  return parts
    .map(({ name, change, was }) => `${name} ${signedMoney(change, lang)} (${percentOf(change, was)})`)
    .join(lang === 'zh' ? '；' : '; ')
}

/** The fund due by level. */
function levelsAnswer({ hospitals }: ScenarioComparison, lang: Lang): string {
  const parts = [...Map.groupBy(hospitals, row => row.hospital.level)].map(([level, rows]) => ({
    name: lang === 'zh' ? `${level} 级` : `level ${level}`,
    change: rows.reduce((all, row) => all + row.change, 0),
    was: rows.reduce((all, row) => all + row.due[0], 0),
  }))
  return partsText(
    parts.filter(({ change }) => Math.abs(change) >= NAMED).sort((a, b) => b.change - a.change),
    lang,
  )
}

/** The largest changes of gross payment by specialty. */
function specialtiesAnswer(
  { settlement }: ScenarioComparison,
  before: Settlement,
  name: (part: string) => string,
  lang: Lang,
): string {
  const changes = breakdown(before, settlement, 'specialty')
    .map(({ part, before: was, after: is }) => ({ name: name(part), change: is.gross - was.gross, was: was.gross }))
    .filter(({ change }) => Math.abs(change) >= NAMED)
    .sort((a, b) => b.change - a.change)
  return partsText([...changes.slice(0, MOST), ...changes.slice(MOST).slice(-MOST)], lang)
}

function hospitalsAnswer({ hospitals, winners, losers }: ScenarioComparison, lang: Lang): string {
  const zh = lang === 'zh'
  const sorted = hospitals.filter(row => row.change !== 0).toSorted((a, b) => b.change - a.change)
  const [first, last] = [sorted[0], sorted.at(-1)]
  const count = zh
    ? `${winners} 家受益、${losers} 家受损（变动超过 0.1%）`
    : `${winners} gain and ${losers} lose by more than 0.1 %`
  if (first === undefined || last === undefined) return count
  const named = (row: typeof first): string =>
    `${row.hospital.name} ${signedMoney(row.change, lang)}${row.share === null ? '' : ` (${signedShare(row.share.toFixed())})`}`
  return zh
    ? `${count}；最多 ${named(first)}，最少 ${named(last)}。`
    : `${count}; most ${named(first)}, least ${named(last)}.`
}

/** The causes that move most money, the rules block by block. */
function causesAnswer({ hospitals }: ScenarioComparison, lang: Lang): string {
  const causes = [
    ...CAUSES.filter(cause => cause !== 'rule').map(cause => ({
      name: CAUSE_TEXTS[cause][lang],
      values: hospitals.map(row => row.causes[cause]),
    })),
    ...RULE_BLOCKS.map(block => ({ name: BLOCK_TEXTS[block][lang], values: hospitals.map(row => row.rules[block]) })),
  ].map(({ name, values }) => ({
    name,
    size: values.reduce((all, value) => all + Math.abs(value), 0),
    net: values.reduce((all, value) => all + value, 0),
  }))
  const shown = causes
    .filter(({ size }) => size >= NAMED)
    .sort((a, b) => b.size - a.size)
    .slice(0, MOST)
  if (shown.length === 0) return lang === 'zh' ? '没有明显的原因。' : 'Nothing moves much.'
  return shown.map(({ name, net }) => `${name} ${signedMoney(net, lang)}`).join(lang === 'zh' ? '；' : '; ')
}

function patientAnswer({ settlement }: ScenarioComparison, before: Settlement, lang: Lang): string {
  const change = sum(settlement, 'patient') - sum(before, 'patient')
  if (change === 0)
    return lang === 'zh'
      ? '不变：患者按项目付费，与支付方式无关。'
      : 'No: patients pay by the bill, whatever the fund does.'
  const share = percentOf(change, sum(before, 'patient'))
  return lang === 'zh'
    ? `${change > 0 ? '多' : '少'}付 ${moneyText(Math.abs(change), lang)}（${share}）。`
    : `${change > 0 ? 'More' : 'Less'}, by ${moneyText(Math.abs(change), lang)} (${share}).`
}

function surplusAnswer({ settlement }: ScenarioComparison, before: Settlement, lang: Lang): string {
  const [surplus, cost] = (['surplus', 'cost'] as const).map(key => sum(settlement, key) - sum(before, key))
  if (surplus === 0 && cost === 0) return lang === 'zh' ? '不变。' : 'It stays.'
  return lang === 'zh'
    ? `${signedMoney(surplus!, lang)}，其中费用变化 ${signedMoney(cost!, lang)}。`
    : `${signedMoney(surplus!, lang)}, while costs change by ${signedMoney(cost!, lang)}.`
}

function fairAnswer({ inequality }: ScenarioComparison, lang: Lang): string {
  const [was, is] = inequality.map(({ gini }) => Number(gini.toFixed(4))) as [number, number]
  const texts = inequality.map(({ gini }) => decimalText(gini.toFixed(8), 4))
  const word =
    is < was
      ? { zh: '更均衡', en: 'more even' }
      : is > was
        ? { zh: '更不均衡', en: 'less even' }
        : { zh: '不变', en: 'as before' }
  return lang === 'zh'
    ? `机构支付与费用之比的基尼系数 ${texts[0]} → ${texts[1]}，${word.zh}（0 为人人同比例）。`
    : `Gini of payment to cost over hospitals ${texts[0]} → ${texts[1]}, ${word.en} (0: all are paid the same share).`
}

/** One row an assumed figure: its value, what it might be, and who says so. */
export function assumptionsGrid(assumed: readonly Assumed[], lang: Lang): Grid {
  const zh = lang === 'zh'
  return {
    columns: [
      textColumn(zh ? '假设的数值' : 'Assumed figure'),
      textColumn(zh ? '取值' : 'Value'),
      textColumn(zh ? '试算范围' : 'Tried'),
      textColumn(zh ? '依据' : 'Basis'),
      textColumn(zh ? '可信度' : 'Confidence'),
    ],
    rows: assumed.map(({ figure, value, low, high, source, confidence }) => [
      figure[lang],
      value ?? '–',
      low === null && high === null ? '–' : [low, high].filter(one => one !== null).join(' – '),
      source[lang],
      CONFIDENCE[confidence][lang],
    ]),
  }
}

const CONFIDENCE: Readonly<Record<Assumed['confidence'], Text>> = {
  P: { zh: 'P 公开文件', en: 'P published' },
  R: { zh: 'R 由公开数据算出', en: 'R recomputed' },
  S: { zh: 'S 二手', en: 'S secondary' },
  C: { zh: 'C 假设', en: 'C assumed' },
  A: { zh: 'A 推导', en: 'A derived' },
}

/** A scenario computed again with another value of an assumed figure. */
export interface Trial {
  readonly assumed: Assumed
  readonly value: string
  readonly one: ScenarioComparison
}

/** What the answer would be if an assumption were wrong. */
export function trialsGrid(one: ScenarioComparison, trials: readonly Trial[], lang: Lang): Grid {
  const zh = lang === 'zh'
  const cells = (of: ScenarioComparison): string[] => {
    const sorted = of.hospitals.filter(row => row.change !== 0).toSorted((a, b) => b.change - a.change)
    return [
      valuesText(of, lang),
      moneyText(movedBetween(of), lang),
      `${of.winners} / ${of.losers}`,
      sorted[0]?.hospital.name ?? '–',
      sorted.at(-1)?.hospital.name ?? '–',
    ]
  }
  return {
    columns: [
      textColumn(zh ? '假设' : 'Assumption'),
      textColumn(zh ? '点值' : 'Point value'),
      numberColumn(zh ? '机构间转移' : 'Moves between hospitals'),
      numberColumn(zh ? '受益 / 受损' : 'Gain / lose'),
      textColumn(zh ? '得最多' : 'Gains most'),
      textColumn(zh ? '失最多' : 'Loses most'),
    ],
    rows: [
      [zh ? '如上' : 'As above', ...cells(one)],
      ...trials.map(({ assumed, value, one: other }) => [`${assumed.figure[lang]} ${value}`, ...cells(other)]),
    ],
  }
}

/** Where everything that is not assumed by the scenario comes from. */
export function sourcesGrid({ region, policy, book, config, weighing, baseline }: SettledRegion, lang: Lang): Grid {
  const zh = lang === 'zh'
  const [basis] = policy.document.policyBasis
  const rows: [Text, string][] = [
    [{ zh: '病例、费用、医院', en: 'Cases, costs, hospitals' }, `${region.title[lang]}: ${region.cases.map(baseName).join(', ')}, ${baseName(region.hospitalFile)}`],
    [{ zh: '基金预算', en: 'Fund budgets' }, baseline.input.budgets.map(one => `${insuranceNames([one.insurance], lang)} ${moneyText(one.fund, lang)}`).join(zh ? '；' : '; ')],
    [{ zh: '结算规则', en: 'Payment rules' }, `${policy.id}${basis === undefined ? '' : `: ${basis.document} [${basis.confidence ?? '–'}]`}`],
    [{ zh: '分组方案', en: 'Grouping scheme' }, `${book.schemeId} (${book.hash.slice(0, 12)})`],
    [{ zh: '权重', en: 'Weights' }, region.weights === null ? (zh ? `由这些病例按 ${config.id} 测算，次均费用 ${moneyText(weighing.weights.meanCost, lang)}` : `derived from these cases by ${config.id}, mean cost ${moneyText(weighing.weights.meanCost, lang)}`) : baseName(region.weights)],
  ] // biome-ignore format: one row a figure
  return {
    columns: [textColumn(zh ? '其他数值' : 'Other figures'), textColumn(zh ? '来源' : 'Source')],
    rows: rows.map(([what, source]) => [what[lang], source]),
  }
}

function baseName(path: string): string {
  return path.replace(/^.*[/\\]/, '')
}
