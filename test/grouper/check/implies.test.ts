import { expect, it } from 'vitest'
import { implies } from '../../../grouper/check/implies.ts'
import { parseRule } from '../../../grouper/scheme/parser.ts'

const CONTAINED: readonly string[] = ['DI_SMALL in DI_LARGE']

function check(narrow: string, wide: string): boolean {
  const within = (a: string, b: string): boolean => CONTAINED.includes(`${a} in ${b}`)
  return implies(parseRule(narrow).rule.expr, parseRule(wide).rule.expr, within)
}

it.each([
  ['NL = 3', ''],
  ['0', 'NL = 3'],
  ['(QTZD in MCC) and (NL <= 17)', 'QTZD in MCC'],
  ['(QTZD in CC) and (NL <= 17)', 'QTZD in {MCC, CC}'],
  ['NL > 70', 'NL >= 70'],
  ['NL = 70', 'NL >= 70'],
  ['NL <= 6 or NL = 7', 'NL < 8'],
  ['ZYZD in DI_SMALL', '{ZYZD, QTZD} in DI_LARGE'],
  ['ZYZD not in DI_LARGE', 'ZYZD not in DI_SMALL'],
  ['NL = 1 and XB = 2 and ZYTS > 4', 'XB = 2 and ZYTS > 3'],
  ['NL = 1', 'XB = 1 or NL < 2'],
  ['length(OP_A ∩ ZYSS) > 1', 'length(OP_A∩ZYSS)>1'],
])('%s implies %s', (narrow, wide) => expect(check(narrow, wide)).toBe(true))

it.each([
  ['', 'NL = 3'],
  ['QTZD in MCC', '(QTZD in MCC) and (NL <= 17)'],
  ['QTZD in {MCC, CC}', 'QTZD in CC'],
  ['NL >= 70', 'NL > 70'],
  ['NL >= 70', 'NL = 70'],
  ['NL < 8', 'XSRTL < 8'],
  ['ZYZD in DI_LARGE', 'ZYZD in DI_SMALL'],
  ['{ZYZD, QTZD} in DI_SMALL', 'ZYZD in DI_SMALL'],
  ['ZYZD not in DI_SMALL', 'ZYZD not in DI_LARGE'],
  ['NL <= 6 or XB = 1', 'NL < 8'],
  ['length(OP_A ∩ ZYSS) > 1', 'length(OP_A ∩ ZYSS) > 2'],
])('%s is not shown to imply %s', (narrow, wide) => expect(check(narrow, wide)).toBe(false))
