import type { Lang, Text } from '../../messages/index.ts'
import type { Case } from '../cases/case.ts'
import { type CodeChange, changeLine } from '../cases/code-change.ts'
import type { CodeField, Expr, ScalarField, Scheme } from '../scheme/types.ts'
import {
  asksDiagnosis,
  compare,
  excludedBy,
  type Facts,
  factsOf,
  holds,
  interpret,
  invalidReason,
  listsOf,
  members,
} from './interpret.ts'
import type { Outcome, Reason } from './outcome.ts'

/** A fact that made a condition hold. */
export type Evidence =
  | { readonly field: CodeField; readonly code: string; readonly name: string; readonly set: string }
  | { readonly field: ScalarField; readonly value: number; readonly condition: string }

/** A code of the case as the scheme sees it. */
export interface CodeNote {
  readonly field: CodeField
  readonly code: string
  readonly name: string
  readonly known: boolean
  readonly withdrawn: boolean
  /** A grey code (灰码): in the dictionary, not to be reported. */
  readonly grey: boolean
}

/** One rule that was tried, with what made it hold. */
export interface RuleNote {
  readonly level: 'mdc' | 'adrg' | 'drg'
  readonly code: string
  readonly name: string
  readonly rule: string
  readonly holds: boolean
  readonly evidence: readonly Evidence[]
}

/** How an other diagnosis was judged as a complication. */
export interface ComplicationNote {
  readonly code: string
  readonly name: string
  readonly level: 'MCC' | 'CC' | 'none'
  readonly table: string
  /** Whether it counts; if not, why. */
  readonly counts: boolean
  readonly because: '' | 'not-listed' | 'excluded' | 'is-principal'
}

/** Everything that led to the result of one case. Keys are stable: programs may read them. */
export interface Explanation {
  readonly scheme: { readonly id: string; readonly hash: string }
  /** What was done to the codes of the case before. */
  readonly changes: readonly CodeChange[]
  readonly codes: readonly CodeNote[]
  /** Rules in the order in which they were tried: the MDCs that hold or that list the principal diagnosis, the ADRGs
   * of those that hold up to the match, the leaves of the match. */
  readonly rules: readonly RuleNote[]
  readonly complications: readonly ComplicationNote[]
  readonly outcome: Pick<Outcome, 'status' | 'reason' | 'mdc' | 'adrg' | 'drg'> & { readonly name: string }
}

/** Groups one case literally and tells why; `changes` are those that were made to its codes before (`readCodes`). */
export function explain(scheme: Scheme, given: Case, changes: readonly CodeChange[] = []): Explanation {
  const facts = factsOf(given)
  const outcome = interpret(scheme, given)
  const { status, reason, mdc, adrg, drg, leaf } = outcome
  return {
    scheme: { id: scheme.manifest.id, hash: scheme.hash },
    changes,
    codes: codeNotes(scheme, facts),
    rules: invalidReason(scheme, given) === '' ? ruleNotes(scheme, facts, outcome) : [],
    complications: complicationNotes(scheme, facts),
    outcome: { status, reason, mdc, adrg, drg, name: leaf?.drg.name ?? '' },
  }
}

function codeNotes(scheme: Scheme, facts: Facts): CodeNote[] {
  const notes: CodeNote[] = []
  for (const field of ['ZYZD', 'QTZD', 'ZYSS', 'QTSS'] as const) {
    const dictionary = field === 'ZYZD' || field === 'QTZD' ? scheme.diagnoses : scheme.procedures
    for (const code of facts.codes[field]) {
      const id = dictionary.ids.get(code)
      const name = id === undefined ? '' : dictionary.names[id]!
      notes.push({
        field,
        code,
        name,
        known: id !== undefined,
        withdrawn: id !== undefined && dictionary.withdrawn.has(id),
        grey: id !== undefined && dictionary.grey.has(id),
      })
    }
  }
  return notes
}

function ruleNotes(scheme: Scheme, facts: Facts, outcome: Outcome): RuleNote[] {
  const notes: RuleNote[] = []
  const note = (
    level: RuleNote['level'],
    item: { code: string; name: string; rule: { text: string; expr: Expr } },
  ): boolean => {
    const truth = holds(scheme, item.rule.expr, facts)
    const evidence = truth ? evidenceOf(scheme, item.rule.expr, facts) : []
    notes.push({ level, code: item.code, name: item.name, rule: item.rule.text, holds: truth, evidence })
    return truth
  }
  for (const mdc of scheme.mdcs) {
    const truth = holds(scheme, mdc.rule.expr, facts)
    if (!truth && !listsPrincipal(scheme, mdc.rule.expr, facts)) continue
    // A gate that asks for no diagnosis (先期分组) is told only where it led somewhere.
    if (truth && !asksDiagnosis(mdc.rule.expr) && outcome.mdc !== mdc.code) continue
    note('mdc', mdc)
    if (!truth) continue
    for (const adrg of mdc.adrgs) {
      if (!note('adrg', adrg)) {
        // Of the ADRGs that do not hold, those that list the principal diagnosis or procedure are worth telling.
        if (!mentionsCase(scheme, adrg.rule.expr, facts)) notes.pop()
        continue
      }
      if (adrg.drgs.some(leaf => note('drg', leaf))) return notes
    }
  }
  return notes
}

function listsPrincipal(scheme: Scheme, expr: Expr, facts: Facts): boolean {
  return atoms(expr).some(
    atom =>
      atom.op === 'in' &&
      atom.fields.includes('ZYZD') &&
      atom.sets.some(set => members(scheme, facts, 'ZYZD', set).length > 0),
  )
}

function mentionsCase(scheme: Scheme, expr: Expr, facts: Facts): boolean {
  return atoms(expr).some(atom => atom.op === 'in' && evidenceOf(scheme, atom, facts).length > 0)
}

function atoms(expr: Expr): readonly Expr[] {
  if (expr.op === 'and' || expr.op === 'or') return expr.args.flatMap(atoms)
  return expr.op === 'not' ? atoms(expr.arg) : [expr]
}

/** The facts that make a rule hold; for `or` those of the first part that holds. */
export function evidenceOf(scheme: Scheme, expr: Expr, facts: Facts): readonly Evidence[] {
  switch (expr.op) {
    case 'and':
      return expr.args.flatMap(arg => evidenceOf(scheme, arg, facts))
    case 'or': {
      const first = expr.args.find(arg => holds(scheme, arg, facts))
      return first === undefined ? [] : evidenceOf(scheme, first, facts)
    }
    case 'in':
      for (const field of expr.fields) {
        for (const set of expr.sets) {
          const [code] = members(scheme, facts, field, set)
          if (code !== undefined) return [{ field, code, name: nameOf(scheme, field, code), set }]
        }
      }
      return []
    case 'length':
      return expr.fields.flatMap(field =>
        members(scheme, facts, field, expr.set).map(code => ({
          field,
          code,
          name: nameOf(scheme, field, code),
          set: expr.set,
        })),
      )
    case 'compare': {
      const value = facts.scalars[expr.scalar]
      if (value === undefined || !compare(value, expr.cmp, expr.value)) return []
      return [{ field: expr.scalar, value, condition: `${expr.cmp} ${expr.value}` }]
    }
    default:
      return []
  }
}

function nameOf(scheme: Scheme, field: CodeField, code: string): string {
  const dictionary = field === 'ZYZD' || field === 'QTZD' ? scheme.diagnoses : scheme.procedures
  const id = dictionary.ids.get(code)
  return id === undefined ? '' : dictionary.names[id]!
}

function complicationNotes(scheme: Scheme, facts: Facts): ComplicationNote[] {
  const [principal] = facts.codes.ZYZD
  return facts.codes.QTZD.map(code => {
    const listed = scheme.complications.get(code)
    const name = nameOf(scheme, 'QTZD', code)
    if (listed === undefined) return { code, name, level: 'none', table: '', counts: false, because: 'not-listed' }
    const { level, table } = listed
    if (code === principal) return { code, name, level, table, counts: false, because: 'is-principal' }
    const excluded = excludedBy(scheme, code, principal) !== undefined
    return { code, name, level, table, counts: !excluded, because: excluded ? 'excluded' : '' }
  })
}

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

/** The explanation as lines for a person. */
export function explanationLines(scheme: Scheme, explanation: Explanation, lang: Lang): string[] {
  const zh = lang === 'zh'
  const say = (text: Text): string => text[lang]
  const lines: string[] = []
  lines.push(`${zh ? '方案' : 'Scheme'}  ${explanation.scheme.id}  ${explanation.scheme.hash.slice(0, 12)}`)
  for (const change of explanation.changes) lines.push(changeLine(change, lang))
  for (const code of explanation.codes) {
    const notes = [
      code.known ? code.name : zh ? '不在字典中，不参与分组' : 'not in the dictionary, takes no part',
      ...(code.withdrawn ? [zh ? '新版已停用' : 'withdrawn by a later edition'] : []),
      ...(code.grey ? [zh ? '灰码，不得填报' : 'grey code, not to be reported'] : []),
    ]
    lines.push(`${say(FIELD_TEXTS[code.field])}  ${code.code}  ${notes.join(zh ? '；' : '; ')}`)
  }
  for (const rule of explanation.rules) {
    const mark = rule.holds ? (zh ? '成立' : 'holds') : zh ? '不成立' : 'does not hold'
    const indent = { mdc: '', adrg: '  ', drg: '    ' }[rule.level]
    lines.push(`${indent}${rule.level.toUpperCase()} ${rule.code} ${rule.name}  ${mark}`)
    const text = rule.rule === '' ? (zh ? '（无条件）' : '(no condition)') : shortened(rule.rule)
    lines.push(`${indent}  ${zh ? '条件' : 'rule'}  ${text}`)
    for (const fact of rule.evidence) {
      const what =
        'code' in fact
          ? `${say(FIELD_TEXTS[fact.field])} ${fact.code} ${fact.name} ∈ ${setText(scheme, fact.set)}`
          : `${say(FIELD_TEXTS[fact.field])} ${fact.value} ${fact.condition}`
      lines.push(`${indent}  ${zh ? '依据' : 'because'}  ${what}`)
    }
  }
  for (const note of explanation.complications) {
    const table =
      note.table === ''
        ? zh
          ? '无排除表'
          : 'no exclusion table'
        : `${zh ? '排除表' : 'exclusion table'} ${note.table}`
    const verdict = {
      '': zh ? '计入' : 'counts',
      'not-listed': zh ? '不是 CC 或 MCC' : 'is neither CC nor MCC',
      excluded: zh ? `被主要诊断排除（${table}）` : `excluded by the principal diagnosis (${table})`,
      'is-principal': zh ? '与主要诊断相同，不计入' : 'is the principal diagnosis itself, does not count',
    }[note.because]
    const level = note.level === 'none' ? '' : `${note.level}  `
    lines.push(`${zh ? '并发症' : 'complication'}  ${note.code} ${note.name}  ${level}${verdict}`)
  }
  const { outcome } = explanation
  const name = outcome.name === '' ? '' : `  ${outcome.name}`
  lines.push(`${zh ? '结果' : 'Result'}  ${outcome.drg}${name}  ${say(STATUS_TEXTS[outcome.status])}`)
  if (outcome.reason !== '') lines.push(`${zh ? '原因' : 'Reason'}  ${say(REASON_TEXTS[outcome.reason])}`)
  return lines
}

/** Rules of several thousand characters exist (MDCZ); a person needs their beginning. */
function shortened(rule: string): string {
  return rule.length <= 300 ? rule : `${rule.slice(0, 297)}…`
}

function setText(scheme: Scheme, set: string): string {
  const size = listsOf(scheme).sets.get(set)?.size
  return size === undefined ? set : `${set} (${size})`
}
