import type { Lang, Text } from '../../messages/index.ts'
import { formatFen, formatPoints } from '../../numbers/index.ts'
import { changeLine } from '../cases/code-change.ts'
import { LAYER_NAMES } from './check.ts'
import type { DipExplanation, DipOperationNote, DipRowNote, DipStepNote } from './explain.ts'
import { printExpression } from './expression.ts'
import type { Decision, DipOutcome, DipReason, DipType } from './outcome.ts'
import type { DipTag } from './types.ts'
import type { Unmet } from './unmet.ts'

/** What a reason means and, where the user can act, what to do. */
export const DIP_REASON_TEXTS: Readonly<Record<DipReason, Text>> = {
  '': { zh: '', en: '' },
  'principal-missing': { zh: '没有主要诊断；请填写', en: 'there is no principal diagnosis; fill it in' },
  'principal-unknown': {
    zh: '主要诊断编码及其类目都不在字典中；请核对编码版本和写法',
    en: 'neither the principal diagnosis nor its category is in the dictionary; check the code and its edition',
  },
  'diagnosis-excluded': {
    zh: '主要诊断在“不纳入分组的主要诊断”清单中；请核对主要诊断的选择',
    en: 'the principal diagnosis is on the exclusion list; check the choice of principal diagnosis',
  },
  'diagnosis-not-listed': {
    zh: '病种目录中没有该主要诊断的病种',
    en: 'the catalogue has no group for this principal diagnosis',
  },
  'no-row-fits': {
    zh: '该主要诊断有病种，但没有一个符合病例的手术操作和条件',
    en: 'there are groups for the diagnosis, but none fits the operations and conditions of the case',
  },
}

const TYPE_TEXTS: Readonly<Record<DipType, Text>> = {
  '': { zh: '', en: '' },
  core: { zh: '核心病种', en: 'core group' },
  comprehensive: { zh: '综合病种', en: 'comprehensive group' },
  blank: { zh: '空白病组', en: 'blank group' },
}

const TAG_TEXTS: Readonly<Record<DipTag, Text>> = {
  grassroots: { zh: '基层病种', en: 'grassroots' },
  tcm: { zh: '中医优势病种', en: 'TCM' },
  'bed-day': { zh: '床日病种', en: 'bed-day' },
  'day-surgery': { zh: '日间手术病种', en: 'day surgery' },
}

const DECISION_TEXTS: Readonly<Record<Decision, Text>> = {
  'most-conditions': { zh: '条件最多', en: 'most conditions' },
  'most-operations': { zh: '符合的手术操作最多', en: 'most operations' },
  'exact-operations': { zh: '手术操作完全一致', en: 'exactly the operations of the case' },
  'main-operation': { zh: '含主要手术操作', en: 'names the main operation' },
  'full-codes': { zh: '完整编码优先', en: 'full codes' },
  'type-order': { zh: '操作类型与病种类型的顺序', en: 'order of types' },
  narrowest: { zh: '所列编码最少（范围最窄）', en: 'the narrower row' },
  'highest-score': { zh: '分值最高', en: 'highest score' },
  'closest-cost': { zh: '均费与病例费用最接近', en: 'mean cost closest to the bill' },
  first: { zh: '序号在前', en: 'lower sequence number' },
}

/** Rows that do not fit and are shown for one key; the others are counted. */
const MOST_MISSES = 4

/** The explanation of a case as lines for a person. */
export function dipExplanationLines(explanation: DipExplanation, lang: Lang): string[] {
  const { scheme, changes, diagnoses, operations, keys, steps, outcome, source, figures } = explanation
  const label = (zh: string, en: string): string => (lang === 'zh' ? zh : en)
  const raw =
    source?.raw === undefined ? '' : `  ${label('原表', 'as printed')} ${source.raw.filter(Boolean).join(' ¦ ')}`
  return [
    `${label('病种目录', 'Catalogue')}  ${scheme.id}  ${scheme.hash.slice(0, 12)}`,
    ...changes.map(change => changeLine(change, lang)),
    ...diagnoses.map(({ place, code, name, known }) => {
      const what =
        place === 'principal' ? label('主要诊断', 'principal diagnosis') : label('其他诊断', 'other diagnosis')
      const unread = place === 'principal' && outcome.reason === 'principal-unknown'
      const note = known
        ? name
        : unread
          ? label('不在字典中', 'not in the dictionary')
          : label('不在字典中，按亚目或类目读取', 'not in the dictionary, read by its subcategory or category')
      return `${what}  ${code}  ${note}`
    }),
    ...operations.map(operation => operationLine(operation, lang)),
    ...(outcome.conservative && outcome.reason !== 'diagnosis-excluded'
      ? [label('没有可用的手术操作，按保守治疗入组', 'no usable operation: a conservative case')]
      : []),
    ...(keys.length === 0 ? [] : [`${label('诊断键', 'diagnosis keys')}  ${keys.join(' → ')}`]),
    ...steps.flatMap(step => stepLines(step, operations.find(({ main }) => main)?.code ?? '', lang)),
    `${label('结果', 'Result')}  ${dipResultText(explanation, lang)}`,
    ...(outcome.reason === '' ? [] : [`${label('原因', 'Reason')}  ${DIP_REASON_TEXTS[outcome.reason][lang]}`]),
    ...tieLine(outcome, lang),
    ...(outcome.tags.length === 0
      ? []
      : [`${label('标记', 'Marks')}  ${outcome.tags.map(tag => TAG_TEXTS[tag][lang]).join(label('、', ', '))}`]),
    ...(source === undefined ? [] : [`${label('出处', 'Source')}  ${source.sheet}:${source.row}${raw}`]),
    ...(figures.score === undefined ? [] : [`${label('分值', 'Score')}  ${formatPoints(figures.score)}`]),
    ...(figures.meanCost === undefined
      ? []
      : [`${label('次均费用（元）', 'Mean cost (yuan)')}  ${formatFen(figures.meanCost)}`]),
  ]
}

/** Group, name, layer, type and key on one line. */
export function dipResultText({ outcome, name, key }: DipExplanation, lang: Lang): string {
  const { code, layer, type, status } = outcome
  if (status !== 'grouped') {
    const text = { notGrouped: { zh: '未入组', en: 'not grouped' }, invalid: { zh: '校验不通过', en: 'invalid' } }[
      status
    ]
    return `${code}  ${text[lang]}`
  }
  const parts = [
    code,
    name,
    layer === '' ? '' : LAYER_NAMES[layer][lang],
    TYPE_TEXTS[type][lang],
    key === '' ? '' : `${lang === 'zh' ? '诊断键' : 'key'} ${key}`,
  ]
  return parts.filter(part => part !== '').join('  ')
}

/** How a tie was decided; nothing without a tie. */
export function tieLine({ candidates, code, decidedBy }: DipOutcome, lang: Lang): string[] {
  if (decidedBy === undefined) return []
  const others = candidates.join(lang === 'zh' ? '、' : ', ')
  const why = DECISION_TEXTS[decidedBy][lang]
  return [
    lang === 'zh'
      ? `歧义  ${others} 同样符合；按本目录的并列规则（${why}）取 ${code}`
      : `Ambiguous  ${others} fit equally well; the tie rule of this catalogue (${why}) takes ${code}`,
  ]
}

function operationLine({ code, name, known, use, main, rule, scope }: DipOperationNote, lang: Lang): string {
  const zh = lang === 'zh'
  const what = main ? (zh ? '主要手术操作' : 'main operation') : zh ? '其他手术操作' : 'other operation'
  const notes = [
    known ? name : zh ? '不在字典中' : 'not in the dictionary',
    main ? '' : ruleText(use, rule, scope ?? [], zh),
  ]
  return `${what}  ${code}  ${notes.filter(note => note !== '').join(zh ? '；' : '; ')}`
}

function ruleText(
  use: DipOperationNote['use'],
  rule: DipOperationNote['rule'],
  scope: readonly string[],
  zh: boolean,
): string {
  if (use === 'dropped') {
    return rule === 'conservative'
      ? zh
        ? '不纳入分组：按保守治疗入组，不计'
        : 'on the exclusion list: counts as conservative, dropped'
      : zh
        ? '因排在前面的手术操作按保守治疗，不计'
        : 'dropped, because an operation before it makes the case conservative'
  }
  if (use === 'usable') return zh ? '作为相关手术操作' : 'counts as related'
  if (rule === 'limited') {
    return zh
      ? `仅 ${scope.join('|')} 作为主要诊断时可作主要手术操作，这里只作相关手术操作`
      : `main only under ${scope.join('|')}; counts as related here`
  }
  return zh ? '不可作为主要手术操作，只作相关手术操作' : 'never main; counts as related'
}

function stepLines({ layer, key, how, rows }: DipStepNote, main: string, lang: Lang): string[] {
  const zh = lang === 'zh'
  const fitting = rows.filter(({ unmet }) => unmet.length === 0)
  const misses = rows.filter(({ unmet }) => unmet.length > 0).sort((a, b) => nearness(b, main) - nearness(a, main))
  const near = misses.filter(row => nearness(row, main) > 0).slice(0, MOST_MISSES)
  const where = [LAYER_NAMES[layer][lang], key].filter(part => part !== '').join(' ')
  const fallback = how === 'fallback' ? (zh ? '（无手术操作的行）' : ' (rows without operation)') : ''
  const head = zh
    ? `${where}${fallback}  ${rows.length} 行，${fitting.length} 行符合`
    : `${where}${fallback}  ${rows.length} rows, ${fitting.length} fit`
  return [
    head,
    ...fitting.map(row => `  ${zh ? '符合' : 'fits'}  ${rowText(row)}`),
    ...near.map(
      row =>
        `  ${zh ? '不符' : 'misses'}  ${rowText(row)}  ${row.unmet.map(each => unmetText(each, zh)).join(zh ? '；' : '; ')}`,
    ),
  ]
}

/** How near a row came: it asks for the main operation of the case, or lacks only one thing that is no operation. */
function nearness({ main: listed, unmet }: DipRowNote, main: string): number {
  if (main !== '' && listed.includes(main)) return 3 - Math.min(2, unmet.length)
  return unmet.length === 1 && !['main', 'operation', 'conservative', 'any-dx'].includes(unmet[0]!.what) ? 1 : 0
}

function rowText({ code, name, main, related }: DipRowNote): string {
  const expression = printExpression([...(main.length === 0 ? [] : [main]), ...related])
  return [code, name, shortened(expression)].filter(part => part !== '').join('  ')
}

const LONGEST = 90

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}

function unmetText({ what, codes }: Unmet, zh: boolean): string {
  const list = shortened(codes.join('|'))
  switch (what) {
    case 'main':
      return zh ? `主要手术操作不是 ${list}` : `the main operation is not ${list}`
    case 'conservative':
      return zh ? '只收没有可用手术操作的病例' : 'only for cases without a usable operation'
    case 'related':
      return zh ? `缺相关手术操作 ${list}` : `no related operation ${list}`
    case 'operation':
      return zh ? `缺手术操作 ${list}` : `no operation ${list}`
    case 'any-dx':
      return zh ? `诊断中没有 ${list}` : `no diagnosis ${list}`
    case 'other-dx':
      return zh ? `其他诊断中没有 ${list}` : `no other diagnosis ${list}`
    case 'age':
      return zh ? `日龄不在 ${list} 天` : `age is not ${list} days`
    case 'weight':
      return zh ? `出生体重不在 ${list} 克` : `birth weight is not ${list} g`
    case 'burn-area':
      return zh ? `烧伤面积（T31、T32）不在 ${list}%` : `burnt surface (T31, T32) is not ${list} %`
    case 'drug-resistant':
      return zh ? '不是耐药结核' : 'not drug-resistant'
    case 'not-drug-resistant':
      return zh ? '是耐药结核' : 'drug-resistant'
    case 'related-share':
      return zh
        ? `相关手术费用 ${codes[0]} 元不足总费用的 ${codes[1]}`
        : `related operations of ${codes[0]} yuan are less than ${codes[1]} of the bill`
  }
}
