import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { evaluate, kindText, parseExpression } from '../../simulate/policy/expression.ts'
import { RULE_NAMES } from '../../simulate/policy/rules-document.ts'
import { constant, evaluatePieces, isLine, whole } from '../../simulate/settle/piecewise.ts'
import { integer, plus, product, ratioOf } from '../../simulate/settle/ratio.ts'
import { policyOf } from './examples.ts'

const parse = (text: string) => parseExpression(text, RULE_NAMES)
const kind = (text: string): string => {
  const parsed = parse(text)
  return 'error' in parsed ? parsed.error : kindText(parsed.kind)
}

describe('the formula language', () => {
  test.each([
    ['cost / 2 + 500 yuan', 'yuan'],
    ['120 yuan / 1 day * los', 'yuan'],
    ['los / 7 days', 'a plain number'],
    ['cost * w / los', 'yuan/days'],
    ["group in ('ES2', 'FR4') and not (age >= 6 years)", 'a condition'],
    ['min(cost, 2 * standard, base)', 'yuan'],
    ['-w * -2', 'a plain number'],
  ])('%s is %s', (text, is) => expect(kind(text)).toBe(is))

  test.each([
    ['cost + los', 'column 6: yuan + days has no meaning'],
    ['cost > 20 days', 'column 6: yuan cannot be compared with days'],
    ['cost * ratio', 'column 6: the cost may not be squared'],
    ['standard / cost', 'column 10: nothing may be divided by the cost'],
    ['weight > 1', 'column 1: "weight" is not known'],
    ['w > 1 and k', 'column 7: and joins conditions'],
    ["level > '2'", 'column 7: texts have no order'],
    ['(w + 1', 'column 7: the formula ends too early'],
    ['w ; 1', 'column 3: ";" is not part of the language'],
    ['w 2', 'column 3: "2" is not expected here'],
    ["group in ('ES2', 3)", 'column 18: a list holds texts'],
  ])('%s is refused: %s', (text, error) => expect(kind(text)).toContain(error))

  test('what is not known decides nothing, unless the rest does', () => {
    const value = (text: string) => {
      const parsed = parse(text)
      return 'error' in parsed ? parsed.error : evaluate(parsed.node, name => (name === 'w' ? new Decimal(2) : null))
    }
    expect([
      value('w > 1 and age > 6 years'),
      value('w > 3 and age > 6 years'),
      value('w > 1 or age > 6 years'),
    ]).toEqual([null, false, true])
    expect([value('not age > 6 years'), value('w / (w - 2)')]).toEqual([null, null])
  })

  test('a rule of the wrong kind is refused when the file is read', () => {
    const rule = (fields: Record<string, string>) => () =>
      policyOf({
        method: 'points', avgCost: '1', ratioBase: 'avgRw', rules: [{ id: 'x', title: { zh: '一', en: 'One' }, ...fields }],
      }) // biome-ignore format: one pack
    expect(rule({ when: 'w', pay: 'cost' })).toThrow(/Must be a condition; the formula is a plain number/)
    expect(rule({ when: 'w > 1', pay: 'w' })).toThrow(/Must be yuan/)
    expect(rule({ when: 'w > 1', factor: 'ratio' })).toThrow(/may not depend on the cost/)
    expect(rule({ when: 'w > 1', factor: '1', pay: 'cost' })).toThrow(/exactly one/)
  })
})

describe('a formula for every cost at once', () => {
  const texts = [
    'ratio > 1.5', 'cost = 2 * standard', 'cost != 3 yuan', 'min(cost, 0.5 * standard) >= 2 yuan or ratio < 0.1',
    'max(cost - 1 yuan, base) + min(cost / 3, 5 yuan)', '-cost * 0.3 + standard / w', 'not (cost <= base and cost >= base)',
    'min(max(cost, 2 yuan), max(3 yuan - cost, 1 yuan))', "level = '3' and ratio >= 1", 'cost / (w - w)',
  ] // biome-ignore format: a list

  test('equals the formula at each fen', () => {
    const decimal = fc.integer({ min: 1, max: 60 }).map(n => new Decimal(n).div(10))
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        decimal,
        decimal,
        decimal,
        fc.integer({ min: 0, max: 2000 }),
        (text, w, standard, base, fen) => {
          const parsed = parse(text)
          if ('error' in parsed) throw new Error(parsed.error)
          const line = (slope: Decimal) => ({ slope: ratioOf(slope), start: integer(0) })
          const pieces = evaluatePieces(parsed.node, name => {
            if (name === 'cost') return whole(line(new Decimal('0.01')))
            if (name === 'ratio')
              return whole({ slope: { n: ratioOf(base).d, d: 100n * ratioOf(base).n }, start: integer(0) })
            return whole(
              name === 'level' ? '3' : constant(ratioOf(name === 'w' ? w : name === 'base' ? base : standard)),
            )
          })
          expect(pieces.map(({ upTo }) => upTo)).toEqual(pieces.map(({ upTo }) => upTo).sort((a, b) => a - b))
          // Bounds of the pieces and one fen beside them are where an engine could be wrong.
          for (const cost of [
            fen,
            ...pieces.flatMap(({ upTo }) => (Number.isFinite(upTo) ? [upTo - 1, upTo, upTo + 1] : [])),
          ]) {
            const yuan = new Decimal(cost).div(100)
            const names: Record<string, Decimal | string> = {
              cost: yuan,
              ratio: yuan.div(base),
              w,
              base,
              standard,
              level: '3',
            }
            const wanted = evaluate(parsed.node, name => names[name] ?? null)
            const found = pieces.find(({ upTo }) => cost <= upTo)!.value
            if (!isLine(found)) {
              expect(found, `${text} at ${cost}`).toBe(wanted)
              continue
            }
            const { n, d } = plus(product(found.slope, integer(cost)), found.start)
            expect(
              new Decimal(n.toString())
                .div(d.toString())
                .minus(wanted as Decimal)
                .abs()
                .lt('1e-30'),
            ).toBe(true)
          }
        },
      ),
      { numRuns: 3000 },
    )
  })
})
