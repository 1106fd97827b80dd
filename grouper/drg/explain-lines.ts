import type { Lang, Text } from '../../messages/index.ts'
import { changeLine } from '../cases/code-change.ts'
import type { CodeField, ScalarField, Scheme } from '../scheme/types.ts'
import type { Choice, Effect, Group } from './choices.ts'
import { type Evidence, sizeOf, type Unmet } from './evidence.ts'
import type { CodeNote, ComplicationNote, Explanation, OtherMdc, RuleNote } from './explain.ts'
import type { Example, Miss } from './misses.ts'
import type { Outcome, Reason } from './outcome.ts'

const STATUS_TEXTS: Readonly<Record<Outcome['status'], Text>> = {
  grouped: { zh: '分组成功', en: 'grouped' },
  ambiguous: { zh: '歧义病案', en: 'ambiguous' },
  notGrouped: { zh: '未入组', en: 'not grouped' },
  invalid: { zh: '校验不通过', en: 'invalid' },
}

/** What a reason means and, where the user can act, what to do. */
export const REASON_TEXTS: Readonly<Record<Reason, Text>> = {
  '': { zh: '', en: '' },
  'principal-missing': { zh: '没有主要诊断；请填写', en: 'there is no principal diagnosis; fill it in' },
  'principal-unknown': {
    zh: '主要诊断编码不在字典中；请核对编码版本和写法',
    en: 'the principal diagnosis is not in the dictionary; check the code and its edition',
  },
  'principal-barred': {
    zh: '该编码不能作为主要诊断；请另选主要诊断',
    en: 'this code must not be principal; choose another principal diagnosis',
  },
  'sex-missing': { zh: '性别缺失；请填写 1 或 2', en: 'sex is missing; fill in 1 or 2' },
  'age-missing': { zh: '年龄缺失；请填写周岁', en: 'age is missing; fill in completed years' },
  'not-in-mdc': {
    zh: '主要诊断不属于任何 MDC 的诊断列表（或性别、年龄条件不符）',
    en: 'the principal diagnosis is in no MDC list (or sex or age does not fit)',
  },
  'not-in-adrg': {
    zh: '已进入 MDC，但不满足其中任何 ADRG 的条件',
    en: 'an MDC was entered, but none of its ADRGs holds',
  },
  ambiguous: {
    zh: '主要手术与主要诊断不相符（歧义组 QY）；请核对主要诊断和主要手术的选择',
    en: 'the principal procedure does not belong to the principal diagnosis (QY); check the choice of both',
  },
  fallback: { zh: '进入兜底组', en: 'taken by a fallback row' },
  'principal-grey': {
    zh: '主要诊断为灰码，本方案不予入组；请填报更具体的编码',
    en: 'the principal diagnosis is a grey code, which this scheme refuses; report a more specific code',
  },
}

const FIELD_TEXTS: Readonly<Record<CodeField | ScalarField, Text>> = {
  ZYZD: { zh: '主要诊断', en: 'principal diagnosis' },
  QTZD: { zh: '其他诊断', en: 'other diagnosis' },
  ZYSS: { zh: '主要手术', en: 'principal procedure' },
  QTSS: { zh: '其他手术', en: 'other procedure' },
  NL: { zh: '年龄（岁）', en: 'age in years' },
  XSRTL: { zh: '日龄（天）', en: 'age in days' },
  XSRTZ: { zh: '新生儿体重（克）', en: 'newborn weight in g' },
  XB: { zh: '性别', en: 'sex' },
  ZYTS: { zh: '住院天数', en: 'length of stay in days' },
  LYFS: { zh: '离院方式', en: 'discharge way' },
  ICUSC: { zh: '重症监护小时', en: 'ICU hours' },
  ZFY: { zh: '总费用（元）', en: 'total cost in yuan' },
}

const PART_TEXTS: Readonly<Record<CodeNote['part'], Text>> = {
  used: { zh: '', en: '' },
  'no-rule': { zh: '没有规则使用，不影响分组', en: 'no rule asks for it here; it does not change the group' },
  unknown: { zh: '不在字典中，不参与分组', en: 'not in the dictionary, takes no part' },
  barred: { zh: '不能作为主要诊断', en: 'must not be principal' },
}

const OTHER_MDC_TEXTS: Readonly<Record<OtherMdc['because'], Text>> = {
  unmet: { zh: '未进入', en: 'not entered' },
  'no-group': { zh: '已进入，但没有满足条件的组', en: 'entered, but none of its groups took the case' },
  later: { zh: '排在后面，未再尝试', en: 'stands later and was not tried' },
}

const REVIEW_TEXT: Text = {
  zh: '编码复核（仅供核对编码：主要诊断和主要手术按编码规则选择，不以支付为依据）',
  en: 'Coding review (the choice of principal diagnosis and procedure follows the coding rules, not payment)',
}

/** The explanation as lines for a person. */
export function explanationLines(scheme: Scheme, explanation: Explanation, lang: Lang): string[] {
  const { outcome, review } = explanation
  const say = (text: Text): string => text[lang]
  const label = (zh: string, en: string): string => (lang === 'zh' ? zh : en)
  return [
    `${label('方案', 'Scheme')}  ${explanation.scheme.id}  ${explanation.scheme.hash.slice(0, 12)}`,
    ...explanation.changes.map(change => changeLine(change, lang)),
    ...explanation.codes.map(code => codeLine(code, lang)),
    ...explanation.rules.flatMap(rule => ruleLines(scheme, rule, lang)),
    ...explanation.otherMdcs
      .filter(mdc => !explanation.rules.some(rule => rule.level === 'mdc' && rule.code === mdc.code))
      .map(mdc => `MDC ${mdc.code} ${mdc.name}  ${say(OTHER_MDC_TEXTS[mdc.because])}`),
    ...explanation.complications.map(note => complicationLine(note, lang)),
    `${label('结果', 'Result')}  ${groupText(outcome, lang)}`,
    ...(outcome.reason === '' ? [] : [`${label('原因', 'Reason')}  ${say(REASON_TEXTS[outcome.reason])}`]),
    ...effectLines(explanation.effects, lang),
    ...explanation.misses.map(miss => missLine(scheme, miss, lang)),
    ...(review.choices.length + review.finerCodes.length === 0 ? [] : [say(REVIEW_TEXT)]),
    ...review.choices.map(choice => choiceLine(choice, lang)),
    ...review.finerCodes.map(({ field, code, name, result }) => {
      const what = label(`${say(FIELD_TEXTS[field])}更细的编码`, `finer code of the ${say(FIELD_TEXTS[field])}`)
      return `  ${what} ${code} ${name}  → ${groupText(result, lang)}`
    }),
  ]
}

function codeLine({ field, code, name, part, withdrawn, grey }: CodeNote, lang: Lang): string {
  const notes = [
    name,
    PART_TEXTS[part][lang],
    withdrawn ? { zh: '新版已停用', en: 'withdrawn by a later edition' }[lang] : '',
    grey ? { zh: '灰码，不得填报', en: 'grey code, not to be reported' }[lang] : '',
  ].filter(note => note !== '')
  return `${FIELD_TEXTS[field][lang]}  ${code}  ${notes.join(lang === 'zh' ? '；' : '; ')}`
}

function ruleLines(scheme: Scheme, rule: RuleNote, lang: Lang): string[] {
  const zh = lang === 'zh'
  const mark = rule.holds ? (zh ? '成立' : 'holds') : zh ? '不成立' : 'does not hold'
  const indent = { mdc: '', adrg: '  ', drg: '    ' }[rule.level]
  const text = rule.rule === '' ? (zh ? '（无条件）' : '(no condition)') : shortened(rule.rule)
  return [
    `${indent}${named(rule.level.toUpperCase(), rule.code, rule.name)}  ${mark}`,
    `${indent}  ${zh ? '条件' : 'rule'}  ${text}`,
    ...rule.evidence.map(fact => `${indent}  ${zh ? '依据' : 'because'}  ${evidenceText(scheme, fact, lang)}`),
    ...rule.unmet.map(unmet => `${indent}  ${zh ? '欠缺' : 'lacks'}  ${unmetText(scheme, unmet, lang)}`),
  ]
}

function complicationLine(note: ComplicationNote, lang: Lang): string {
  const zh = lang === 'zh'
  const table =
    note.table === '' ? (zh ? '无排除表' : 'no exclusion table') : `${zh ? '排除表' : 'exclusion table'} ${note.table}`
  const verdict = {
    '': zh ? `计入（${table}）` : `counts (${table})`,
    'not-listed': zh ? '不是 CC 或 MCC' : 'is neither CC nor MCC',
    excluded: zh ? `被主要诊断排除（${table}）` : `excluded by the principal diagnosis (${table})`,
    'is-principal': zh ? '与主要诊断相同，不计入' : 'is the principal diagnosis itself, does not count',
  }[note.because]
  const level = note.level === 'none' ? '' : `${note.level}  `
  return `${zh ? '并发症' : 'complication'}  ${note.code} ${note.name}  ${level}${verdict}`
}

/** One line for each secondary code that matters, and one for all that do not. */
function effectLines(effects: readonly Effect[], lang: Lang): string[] {
  const zh = lang === 'zh'
  const head = zh ? '作用' : 'effect'
  const lines = effects.flatMap(({ field, code, name, changes, without }) => {
    const what = `${FIELD_TEXTS[field][lang]} ${code} ${name}`
    return changes ? [`${head}  ${zh ? `去掉${what}` : `without ${what}`}  → ${groupText(without, lang)}`] : []
  })
  const idle = effects.filter(effect => !effect.changes).map(effect => effect.code)
  if (idle.length === 0) return lines
  const codes = idle.join(', ')
  return [...lines, `${head}  ${zh ? `单独去掉 ${codes}，结果不变` : `the same result without any one of ${codes}`}`]
}

function missLine(scheme: Scheme, { level, code, unmet, example, result }: Miss, lang: Lang): string {
  const zh = lang === 'zh'
  const lacking = `${level.toUpperCase()} ${code} ${zh ? '欠缺' : 'lacks'} ${unmetText(scheme, unmet, lang)}`
  const instance = zh ? `例如${exampleText(example, lang)}` : `for instance ${exampleText(example, lang)}`
  return `${zh ? '相差一项' : 'one fact off'}  ${lacking}${zh ? '；' : '; '}${instance}  → ${groupText(result, lang)}`
}

function choiceLine({ field, code, name, changes, result }: Choice, lang: Lang): string {
  const zh = lang === 'zh'
  const group = changes ? groupText(result, lang) : zh ? '结果不变' : 'the same result'
  const as = zh ? `以 ${code} ${name} 为${FIELD_TEXTS[field].zh}` : `${code} ${name} as ${FIELD_TEXTS[field].en}`
  return `  ${as}  → ${group}`
}

/** Code, name and status of a group. */
export function groupText({ drg, name, status }: Group, lang: Lang): string {
  return [drg, name, STATUS_TEXTS[status][lang]].filter(part => part !== '').join('  ')
}

function evidenceText(scheme: Scheme, fact: Evidence, lang: Lang): string {
  const field = FIELD_TEXTS[fact.field][lang]
  if ('code' in fact) return `${field} ${fact.code} ${fact.name} ∈ ${setText(scheme, fact.set)}`
  return `${field} ${fact.value} ${fact.condition}`
}

function unmetText(scheme: Scheme, unmet: Unmet, lang: Lang): string {
  const zh = lang === 'zh'
  const fields = (list: readonly CodeField[]): string =>
    list.map(field => FIELD_TEXTS[field][lang]).join(zh ? '或' : ' or ')
  switch (unmet.kind) {
    case 'code': {
      const sets = unmet.sets.map(set => setText(scheme, set)).join(', ')
      return `${fields(unmet.fields)} ∈ ${sets}`
    }
    case 'number': {
      const value =
        unmet.value === null ? (zh ? '未填' : 'not given') : zh ? `现为 ${unmet.value}` : `is ${unmet.value}`
      return `${FIELD_TEXTS[unmet.field][lang]} ${unmet.condition}${zh ? `（${value}）` : ` (${value})`}`
    }
    case 'count': {
      const found = zh ? `（现有 ${unmet.found} 个）` : ` (${unmet.found} found)`
      return `${fields(unmet.fields)} ∈ ${setText(scheme, unmet.set)} ${unmet.condition}${found}`
    }
    case 'present': {
      const facts = unmet.evidence.map(fact => evidenceText(scheme, fact, lang)).join(', ')
      return zh ? `不应有 ${facts}` : `must not have ${facts}`
    }
    case 'never':
      return zh ? '永远不成立' : 'never holds'
  }
}

function exampleText(example: Example, lang: Lang): string {
  if ('without' in example) {
    const codes = example.without.join(', ')
    return lang === 'zh' ? `没有 ${codes}` : `without ${codes}`
  }
  const field = FIELD_TEXTS[example.field][lang]
  return 'code' in example ? `${field} ${example.code} ${example.name}` : `${field} ${example.value}`
}

/** Parts with a blank between; rows without name leave no gap. */
function named(...parts: readonly string[]): string {
  return parts.filter(part => part !== '').join(' ')
}

/** Rules of several thousand characters exist (MDCZ); a person needs their beginning. */
function shortened(rule: string): string {
  return rule.length <= 300 ? rule : `${rule.slice(0, 297)}…`
}

function setText(scheme: Scheme, set: string): string {
  return `${set} (${sizeOf(scheme, set)})`
}
