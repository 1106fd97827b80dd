import { describe, expect, it } from 'vitest'
import { parseRule } from '../../../grouper/scheme/parser.ts'
import type { CodeField, Comparison, Expr, ScalarField } from '../../../grouper/scheme/types.ts'
import { faultOf } from './faults.ts'

const and = (...args: Expr[]): Expr => ({ op: 'and', args })
const or = (...args: Expr[]): Expr => ({ op: 'or', args })
const not = (arg: Expr): Expr => ({ op: 'not', arg })
const compare = (scalar: ScalarField, cmp: Comparison, value: number): Expr => ({ op: 'compare', scalar, cmp, value })
function member(fields: CodeField | CodeField[], sets: string | string[]): Expr {
  return { op: 'in', fields: [fields].flat(), sets: [sets].flat() }
}
const ANY: CodeField[] = ['ZYSS', 'QTSS']
const expr = (text: string): Expr => parseRule(text).rule.expr

describe('the rules of the official workbook', () => {
  it.each([
    ['', { op: 'always' }],
    ['1', { op: 'always' }],
    ['0', { op: 'never' }],
    ['QTZD in MCC', member('QTZD', 'MCC')],
    ['QTZD in CC', member('QTZD', 'CC')],
    ['QTZD in {MCC, CC}', member('QTZD', ['MCC', 'CC'])],
    ['NL>=70', compare('NL', '>=', 70)],
    ['NL<=6', compare('NL', '<=', 6)],
    ['QTZD in MCC and NL>=70', and(member('QTZD', 'MCC'), compare('NL', '>=', 70))],
    ['{ZYSS, QTSS} in OP_ARB', member(ANY, 'OP_ARB')],
    ['ZYZD in DI_OBD or QTZD in MCC', or(member('ZYZD', 'DI_OBD'), member('QTZD', 'MCC'))],
    ['(ZYZD in DI_M00) and (XB = 1)', and(member('ZYZD', 'DI_M00'), compare('XB', '=', 1))],
    [
      '(ZYSS in OP1_BB1 and {ZYSS, QTSS} in OP2_BB1) or (ZYSS in OP2_BB1 and {ZYSS, QTSS} in OP1_BB1)',
      or(
        and(member('ZYSS', 'OP1_BB1'), member(ANY, 'OP2_BB1')),
        and(member('ZYSS', 'OP2_BB1'), member(ANY, 'OP1_BB1')),
      ),
    ],
    [
      '((NL=0) and (XSRTL>=29) and (XSRTL<366) and (ZYZD in DI_PV1) and (ZYSS not in OP_ALL)) or ((NL=0) and (XSRTL<29))',
      or(
        and(
          compare('NL', '=', 0),
          compare('XSRTL', '>=', 29),
          compare('XSRTL', '<', 366),
          member('ZYZD', 'DI_PV1'),
          not(member('ZYSS', 'OP_ALL')),
        ),
        and(compare('NL', '=', 0), compare('XSRTL', '<', 29)),
      ),
    ],
    [
      '(ZYSS in OP1_DC2 and {ZYSS, QTSS} in OP4_DC2)\n OR (ZYSS in OP2_DC2 AND {ZYSS, QTSS} in OP3_DC2 and {ZYSS, QTSS} in OP4_DC2)',
      or(
        and(member('ZYSS', 'OP1_DC2'), member(ANY, 'OP4_DC2')),
        and(member('ZYSS', 'OP2_DC2'), member(ANY, 'OP3_DC2'), member(ANY, 'OP4_DC2')),
      ),
    ],
    ['length(OP_X ∩ {ZYSS, QTSS}) >= 2', { op: 'length', set: 'OP_X', fields: ANY, cmp: '>=', value: 2 }],
    ['not ({ZYSS, QTSS} in OP_ALL)', not(member(ANY, 'OP_ALL'))],
    [
      '(ZYTS < 5) and ((LYFS = 2) or (LYFS = 5))',
      and(compare('ZYTS', '<', 5), or(compare('LYFS', '=', 2), compare('LYFS', '=', 5))),
    ],
    ['ICUSC >= 96 or ZFY > 12345.67', or(compare('ICUSC', '>=', 96), compare('ZFY', '>', 12345.67))],
  ] as [string, Expr][])('%s', (text, tree) => {
    expect(expr(text)).toEqual(tree)
  })

  it('binds not before and before or', () => {
    const [a, b, c] = [compare('NL', '=', 1), compare('NL', '=', 2), compare('NL', '=', 3)]
    expect(expr('NL = 1 or not NL = 2 and NL = 3')).toEqual(or(a, and(not(b), c)))
    expect(expr('not not NL = 1')).toEqual(not(not(a)))
    expect(expr('(NL = 1 and NL = 2) and NL = 3')).toEqual(and(and(a, b), c))
  })
})

describe('what spreadsheets do to a rule', () => {
  it.each([
    ['line breaks and escaped control characters', 'ZYSS in OP_ALL_x000D_\r\n_x000D_and NL_x000a_ = 0'],
    ['no-break, full-width and zero-width blanks', '\u00a0ZYSS\u3000in\u200bOP_ALL and\ufeffNL = 0\u2003'],
    ['full-width forms', 'ＺＹＳＳ in ｛OP＿ALL｝ and （NL ＝ ０）'],
    ['fields and keywords in any case', 'zyss IN OP_ALL And nl = 0'],
  ])('%s do not matter', (_, text) => {
    expect(expr(text)).toEqual(and(member('ZYSS', 'OP_ALL'), compare('NL', '=', 0)))
  })

  it('reads ≥ and ≤ and the Chinese list comma, and says so', () => {
    const { rule, repairs } = parseRule('NL≥70 or ｛ZYSS、QTSS｝ in OP_X or NL ≤ 6')
    expect(rule).toEqual({
      text: 'NL>=70 or {ZYSS,QTSS} in OP_X or NL <= 6',
      expr: or(compare('NL', '>=', 70), member(ANY, 'OP_X'), compare('NL', '<=', 6)),
    })
    expect(repairs).toEqual([
      { zh: '全角或非 ASCII 运算符按半角读取', en: 'full-width or non-ASCII operators read as ASCII' },
    ])
    expect(parseRule('NL >= 70').repairs).toEqual([])
  })

  it('keeps the text with blanks folded', () => {
    expect(parseRule(' ZYSS  in OP_ALL_x000D_\n and NL=0\u00a0').rule.text).toBe('ZYSS in OP_ALL and NL=0')
    expect(parseRule(' \u3000\n').rule).toEqual({ text: '', expr: { op: 'always' } })
  })
})

describe('a rule that cannot be read', () => {
  const at = { file: 'ADRG.csv', line: 4, field: 'ADRG规则' }
  const grammar = {
    zh: '请对照规则语法：字段 in 集合、数值字段 比较符 数字，用 and、or、not 和括号连接。',
    en: 'See the rule grammar: field in set, or number field, comparison, number; joined by and, or, not and parentheses.',
  }
  const fields = {
    zh: '编码字段：ZYZD、QTZD、ZYSS、QTSS；数值字段：NL、XSRTL、XSRTZ、XB、ZYTS、LYFS、ICUSC、ZFY。',
    en: 'Code fields: ZYZD, QTZD, ZYSS, QTSS; number fields: NL, XSRTL, XSRTZ, XB, ZYTS, LYFS, ICUSC, ZFY.',
  }

  it.each([
    [
      'RUL-001',
      'NL != 1',
      4,
      '规则中不能出现“!”。可用的符号有 ( ) { } , = < <= > >= ∩；“不等于”请写 not (… = …)。',
      '"!" has no meaning in a rule. Symbols are ( ) { } , = < <= > >= ∩; for "not equal" write not (… = …).',
    ],
    [
      'RUL-002',
      'ZYSS in',
      8,
      `此处应为集合编号，但规则结束。${grammar.zh}`,
      `Expected a set id, found the rule ends. ${grammar.en}`,
    ],
    [
      'RUL-002',
      'NL >= 70 and or',
      14,
      `此处应为字段、数字 0 或 1、“(”，但出现“or”。${grammar.zh}`,
      `Expected a field, the number 0 or 1, or "(", found "or". ${grammar.en}`,
    ],
    ['RUL-003', '(NL >= 70', 1, '“(”没有闭合。请补上“)”。', '"(" is never closed. Add ")".'],
    ['RUL-003', 'ZYSS in {OP_A, OP_B', 9, '“{”没有闭合。请补上“}”。', '"{" is never closed. Add "}".'],
    [
      'RUL-004',
      'ZYZZ in DI_A',
      1,
      `未知字段 ZYZZ。是否应为 ZYZD？${fields.zh}`,
      `Unknown field ZYZZ. Did you mean ZYZD? ${fields.en}`,
    ],
    ['RUL-004', 'NL = 1 and WEIGHT > 3', 12, `未知字段 WEIGHT。${fields.zh}`, `Unknown field WEIGHT. ${fields.en}`],
    [
      'RUL-009',
      '70 <= NL',
      1,
      '单独的数字只能是 1（恒真）或 0（恒假），不能是 70。比较时请把字段写在左边，例如 NL >= 70。',
      'A number on its own is 1 (true) or 0 (false), not 70. In a comparison the field stands on the left, for instance NL >= 70.',
    ],
    [
      'RUL-010',
      'XB in {1, 2}',
      1,
      'XB 是数值字段，不能用 in。请写比较，例如 XB >= 1。',
      'XB is a number, it cannot be in a set. Write a comparison, for instance XB >= 1.',
    ],
    [
      'RUL-010',
      'ZYZD = 3',
      6,
      'ZYZD 是编码字段，不能比较大小。请写 ZYZD in 集合。',
      'ZYZD holds codes, it cannot be compared. Write ZYZD in a set.',
    ],
    [
      'RUL-011',
      `${'('.repeat(201)}1${')'.repeat(201)}`,
      201,
      '嵌套超过 200 层。请去掉多余的括号或 not。',
      'Nested deeper than 200 levels. Remove superfluous parentheses or nots.',
    ],
    [
      'RUL-012',
      'NL >= 70) and XB = 1',
      9,
      '规则在“)”之前已经完整。请删去多余的部分，或用 and / or 连接。',
      'The rule is complete before ")". Remove what follows or join it with and / or.',
    ],
  ])('%s %s', (code, text, column, zh, en) => {
    expect(faultOf(() => parseRule(text, at))).toEqual({
      zh: `${code} ADRG.csv:4:${column} [ADRG规则]  ${zh}`,
      en: `${code} ADRG.csv:4:${column} [ADRG规则]  ${en}`,
    })
  })

  it.each([
    'length(OP_X) > 1',
    'length(OP_X ∩ ZYSS)',
    'NL 70',
    'NL > x',
    '{ZYSS QTSS} in OP_X',
    'ZYSS not OP_X',
    'and',
  ])('RUL-002 %s', text => {
    expect(faultOf(() => parseRule(text)).en).toMatch(/^RUL-002 \d+ {2}Expected /)
  })

  it('counts columns in the text as it stands', () => {
    expect(faultOf(() => parseRule('_x000D_\n\u3000NL >= 70 ?')).en).toMatch(/^RUL-001 19 /)
  })
})
