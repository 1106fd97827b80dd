import { describe, expect, it } from 'vitest'
import { checkRule, type KnownSets } from '../../../grouper/scheme/checker.ts'
import { parseRule } from '../../../grouper/scheme/parser.ts'
import { textsOf } from './faults.ts'

const SETS: KnownSets = new Map([
  ['DI_B00', { kind: 'diagnosis' }],
  ['OP_ALL', { kind: 'procedure' }],
  ['OP_BB1', { kind: 'procedure' }],
])
const AT = { file: 'DRG.csv', line: 7, field: 'DRG规则' }

function check(text: string): { zh: string; en: string }[] {
  return checkRule(parseRule(text, AT), SETS, AT).map(fault => textsOf(fault))
}

it.each([
  '',
  'ZYZD in DI_B00 and {ZYSS, QTSS} in {OP_ALL, OP_BB1}',
  'QTZD in {MCC, CC, DI_B00} and not QTZD in MCC',
  'length(OP_ALL ∩ {ZYSS, QTSS}) >= 2 or NL < 7',
])('finds nothing in "%s"', text => {
  expect(check(text)).toEqual([])
})

describe('finds', () => {
  it.each([
    [
      'RUL-005',
      'NL = 1 or ZYSS in {OP_ALL, OP_BB2}',
      28,
      '集合 OP_BB2 不存在。是否应为 OP_BB1？请改正编号，或在集合表中补上它。',
      'There is no set OP_BB2. Did you mean OP_BB1? Correct the id or add the set to the table of sets.',
    ],
    [
      'RUL-006',
      '{ZYZD, QTSS} in DI_B00',
      8,
      'ZYZD 与 QTSS 混用：一个是诊断，一个是手术操作。请分成两个条件，用 and 或 or 连接。',
      'ZYZD and QTSS are mixed: one holds diagnoses, the other procedures. Write two conditions and join them with and or or.',
    ],
    [
      'RUL-007',
      'ZYZD not in OP_ALL',
      13,
      '集合 OP_ALL 是手术操作，字段 ZYZD 是诊断。请换用同类的集合或字段。',
      'The set OP_ALL holds procedures, the field ZYZD diagnoses. Use a set or a field of the same kind.',
    ],
    [
      'RUL-008',
      '{ZYZD, QTZD} in mcc',
      17,
      'MCC 是其他诊断的属性，不能写成 ZYZD, QTZD in MCC。请写 QTZD in MCC。',
      'MCC is a property of other diagnoses, ZYZD, QTZD in MCC has no meaning. Write QTZD in MCC.',
    ],
    [
      'RUL-008',
      'length(CC ∩ QTZD) > 2',
      8,
      'CC 是其他诊断的属性，不能写成 length(CC ∩ …)。请写 QTZD in CC。',
      'CC is a property of other diagnoses, length(CC ∩ …) has no meaning. Write QTZD in CC.',
    ],
  ])('%s in "%s"', (code, text, column, zh, en) => {
    expect(check(text)).toEqual([
      { zh: `${code} DRG.csv:7:${column} [DRG规则]  ${zh}`, en: `${code} DRG.csv:7:${column} [DRG规则]  ${en}` },
    ])
  })

  it('everything that is wrong, left to right', () => {
    const codes = checkRule(parseRule('ZYZD in OP_ALL and ZYSS in {MCC, nowhere}'), SETS).map(fault => fault.code)
    expect(codes).toEqual(['RUL-007', 'RUL-008', 'RUL-005'])
  })
})
