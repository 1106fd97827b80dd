import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { tableOf } from '../../simulate/policy/coefficients.ts'
import { listPolicies, loadPolicy, policyFile } from '../../simulate/policy/load.ts'
import { payCase } from '../../simulate/settle/case-payment.ts'
import { CLASSES } from '../../simulate/settle/classes.ts'
import { valueCases } from '../../simulate/settle/points.ts'
import { createCaseReader } from '../../simulate/statement/case-at.ts'
import type { Origin } from '../../simulate/statement/origin.ts'
import { packValues } from '../../simulate/statement/pack-values.ts'
import { caseStatement, type StatementSources } from '../../simulate/statement/statement.ts'
import { anyPolicy, anyRegion } from './arbitrary.ts'
import { caseOf, policyOf } from './examples.ts'

test('a case read back from a table is paid as the kernel paid it, whatever decided over it', () => {
  fc.assert(
    fc.property(
      anyPolicy.chain(policy => anyRegion(policy, 40)),
      input => {
        const values = valueCases(input)
        const caseAt = createCaseReader(input, () => null)
        for (let i = 0; i < input.cases.count; i++) {
          const { one, prices } = caseAt(i)
          const { class: name, points, paid, separate } = payCase(input.policy, one, prices)
          const found = [CLASSES[values.class[i]!], values.points[i], values.paid[i], values.separate?.[i] ?? 0]
          expect([name, points, paid, separate]).toEqual(found)
        }
      },
    ),
    { numRuns: 300 },
  )
})

const origin = (name: string): Origin => ({
  kind: 'table',
  source: { zh: name, en: name },
  place: null,
  confidence: null,
})

function sourcesOf(id: string | null): StatementSources {
  const policy = loadPolicy(id ?? 'jinhua')
  return {
    pack: packValues(policy, id === null ? null : policyFile(id)),
    case: origin('case'),
    weight: origin('weight'),
    coefficient: origin('coefficient'),
    meanCost: origin('mean'),
    pointValue: origin('price'),
  }
}

describe.each(listPolicies())('pack %s', id => {
  test('a statement names the file and line of every parameter that it uses, and the line holds its value', () => {
    const policy = loadPolicy(id)
    const sources = sourcesOf(id)
    const mean = new Decimal(8000)
    const { rate } = policy.document
    const key = typeof rate === 'object' && rate !== null ? Object.keys(rate)[0]! : 'level3'
    const level = /^level([^.]+)/.exec(key)?.[1] ?? '3'
    const hospital = { code: 'H1', name: '', level }
    const table = policy.coefficients === null ? null : tableOf(policy, { kind: 'none', of: () => new Decimal(1) }, { groups: ['XX11'], parents: ['XX1'] }, [hospital]) // biome-ignore format: one line
    const coefficient = table?.of(0, level, 'H1') ?? new Decimal('1.05')
    const seen = new Set<string>()
    for (const [status, cost, los] of [
      [0, 800_000, 7],
      [0, 100_000, 7],
      [0, 9_900_000, 7],
      [0, 450_000, 7],
      [0, 800_000, 1],
      [0, 800_000, 90],
      [1, 800_000, 7],
      [2, 800_000, 7],
    ] as const) {
      // biome-ignore format: cases
      if (status !== 0 && policy.special[status] === null) continue
      const one = caseOf({ status, cost, los, coefficient, level, weight: new Decimal('1.1') })
      const quotient = { n: mean, d: new Decimal(1) }
      const prices = { meanCost: mean, pointValue: new Decimal(60), groupMean: quotient, levelMean: quotient }
      const { steps, pay } = caseStatement(policy, { one, prices, group: 0, groupCases: 3 }, sources)
      expect(pay).not.toBeNull()
      for (const { rule, text, values } of steps) {
        seen.add(rule.split('.')[0]!)
        expect([text.zh, text.en]).not.toContain('')
        for (const { name, value, origin: found } of values) {
          expect([name.zh, name.en, value, found.source.zh, found.source.en], rule).not.toContain('')
          if (found.kind !== 'policy') continue
          const { file, line } = found.place!
          const written = readFileSync(file!, 'utf8').split('\n')[line! - 1]
          // A list is shown in another form than it is written in.
          if (!/[ ;,:]/.test(value)) expect(written, `${rule} ${name.en}`).toContain(value)
        }
      }
    }
    expect(seen).toContain(policy.method === 'rate' ? 'paid' : 'points')
  })
})

test('formulas stand in letters with what they give, checked by hand', () => {
  // Jinhua: A = 9427, high limit of a weight of 2 is 2.5, H1 pays what exceeds 2.5 weights on top.
  const policy = loadPolicy('jinhua')
  const one = caseOf({ weight: new Decimal(2), coefficient: new Decimal('1.1'), cost: 6_598_900 })
  const prices = { meanCost: null, pointValue: new Decimal('84.71') }
  const { steps, points, pay } = caseStatement(policy, { one, prices, group: 0, groupCases: 0 }, sourcesOf('jinhua'))
  // r = 65989 / (9427 × 2 × 1.1) = 3.1818…; v = 2.2 + 7 − 2.5 × 2 = 4.2
  expect(steps.map(step => step.formula)).toEqual([
    'r = c / (A·w·k) = 3.1818',
    'v = w·k + c/A − L·w = 4.2',
    'p = S·v',
    'pay = p·PV',
  ])
  expect([points, pay]).toEqual([4_200_000, 3_557_820])
  const cited = steps.flatMap(step => step.values.map(value => [value.symbol, value.value]))
  expect(cited).toEqual(expect.arrayContaining([['w', '2'], ['k', '1.1'], ['A', '9427'], ['S', '100'], ['PV', '84.71']])) // biome-ignore format: one line
})

test('a special case that a separate line pays by its standard names the rate', () => {
  const review = { quota: '0.05', outcome: 'standardTimes', value: '1.5', fundedBy: 'separate' }
  const policy = policyOf({ method: 'rate', rate: '9000', ratioBase: 'rateRw', review })
  const one = caseOf({ weight: new Decimal(2), coefficient: new Decimal('1.1'), detail: { accepted: true } })
  const prices = { meanCost: null, pointValue: null }
  const sources = { ...sourcesOf(null), pack: packValues(policy, null) }
  const { steps, separate } = caseStatement(policy, { one, prices, group: 0, groupCases: 0 }, sources)
  // 1.5 × 2 × 1.1 × 9000 yuan.
  expect(separate).toBe(2_970_000)
  const lettered = steps.flatMap(step => step.values.map(({ symbol, value }) => [step.rule, symbol, value]))
  expect(lettered.filter(([, symbol]) => symbol !== '')).toEqual([
    ['review.standardTimes', 'c', '1000.00'],
    ['review.standardTimes', 'w', '2'],
    ['review.standardTimes', 'k', '1.1'],
    ['separate', 'R', '9000'],
  ])
})

test('a policy without a file says so and does not invent a place', () => {
  const policy = loadPolicy('jinhua')
  const one = caseOf({})
  const prices = { meanCost: null, pointValue: null }
  const { steps, pay } = caseStatement(policy, { one, prices, group: 0, groupCases: 0 }, sourcesOf(null))
  expect(pay).toBeNull()
  const places = steps.flatMap(step => step.values.map(value => value.origin.place))
  expect(places.every(place => place === null)).toBe(true)
})
