import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CODE_FIELDS, parseRule, SCALAR_FIELDS } from '../../../grouper/scheme/parser.ts'
import { printRule } from '../../../grouper/scheme/print.ts'
import type { Comparison, Expr } from '../../../grouper/scheme/types.ts'

it.each([
  ['', ''],
  ['1', ''],
  ['0', '0'],
  ['((NL>=70)) AND(XB=1)', 'NL >= 70 and XB = 1'],
  ['not({ZYSS,QTSS} in OP_ALL)', '{ZYSS, QTSS} not in OP_ALL'],
  ['ZYSS not in {OP_A}', 'ZYSS not in OP_A'],
  ['not (NL = 1 or NL = 2)', 'not (NL = 1 or NL = 2)'],
  ['NL=1 and XB=2 or QTZD in {MCC,CC}', '(NL = 1 and XB = 2) or QTZD in {MCC, CC}'],
  ['length(OP_A∩QTSS)>2', 'length(OP_A ∩ QTSS) > 2'],
])('%s is printed as %s', (text, printed) => {
  expect(printRule(parseRule(text).rule.expr)).toBe(printed)
})

const cmp = fc.constantFrom<Comparison[]>('=', '<', '<=', '>', '>=')
const value = fc.oneof(
  fc.nat(40_000),
  fc.integer({ min: 1, max: 9_999_999 }).map(fen => fen / 100),
)
const fields = fc.uniqueArray(fc.constantFrom(...CODE_FIELDS), { minLength: 1 })
const set = fc.oneof(
  fc.constantFrom('MCC', 'CC', 'DI_B00', 'OP1_BB1', 'OP_ZC14_INLINE1', 'OP_骨科'),
  fc.stringMatching(/^(DI|OP)_[A-Z0-9]{1,4}$/),
)
const { tree } = fc.letrec<{ tree: Expr; leaf: Expr; list: Expr; not: Expr }>(tie => ({
  tree: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, tie('leaf'), tie('list'), tie('not')),
  leaf: fc.oneof(
    fc.constant<Expr>({ op: 'always' }),
    fc.constant<Expr>({ op: 'never' }),
    fc.record({ op: fc.constant('in' as const), fields, sets: fc.array(set, { minLength: 1, maxLength: 4 }) }),
    fc.record({ op: fc.constant('compare' as const), scalar: fc.constantFrom(...SCALAR_FIELDS), cmp, value }),
    fc.record({ op: fc.constant('length' as const), set, fields, cmp, value }),
  ),
  list: fc.record({
    op: fc.constantFrom('and' as const, 'or' as const),
    args: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }),
  }),
  not: fc.record({ op: fc.constant('not' as const), arg: tie('tree') }),
}))

it('parses back to the same tree, and the text is a fixed point', () => {
  fc.assert(
    fc.property(tree, expr => {
      const printed = printRule(expr)
      const again = parseRule(printed)
      expect(again.rule).toEqual({ text: printed, expr })
      expect(again.repairs).toEqual([])
    }),
    { numRuns: 2_000 },
  )
})
