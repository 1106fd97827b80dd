import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { home } from '../../files/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { evaluate, parseExpression } from '../../simulate/policy/expression.ts'
import { jumpsOf } from '../../simulate/policy/jumps.ts'
import { listPolicies, loadPolicy, policyFile, readProvenance } from '../../simulate/policy/load.ts'
import { compilePolicy, type Policy } from '../../simulate/policy/policy.ts'
import { JUMP_NAMES } from '../../simulate/policy/rules-document.ts'
import { type RegionInput, settleRegion } from '../../simulate/settle/region.ts'
import { coverageOf, runExamples } from '../../simulate/verify/verify.ts'
import { anyRegion } from './arbitrary.ts'
import { readJson } from './examples.ts'

/** A synthetic region that the pack has prices for; Wuhan prices level 2 only. */
function regionOf(policy: Policy, seed: number): RegionInput {
  const input = fc
    .sample(anyRegion(policy, 400), { numRuns: 12, seed })
    .reduce((a, b) => (a.cases.count > b.cases.count ? a : b))
  const prices = policy.document.rate
  const level = typeof prices === 'object' && prices !== null && !('level3' in prices) ? '2' : undefined
  const { facts: _, ...cases } = input.cases
  return { ...input, cases, hospitals: input.hospitals.map(one => ({ ...one, level: level ?? one.level })) }
}

describe.each(listPolicies())('pack %s', id => {
  const policy = loadPolicy(id)
  const file = home('policies', id, 'examples.json')

  test('has worked cases that take every branch and stand on every boundary, and all hold', () => {
    expect(existsSync(file)).toBe(true)
    const results = runExamples(readJson(file), { file })
    expect(results.filter(({ problem }) => problem !== null)).toEqual([])
    expect(results.flatMap(one => one.checks.filter(check => !check.holds).map(check => [one.id, check]))).toEqual([])
    const branches = coverageOf(policy, policyFile(id), readJson(file), file)
    expect(branches.filter(one => !one.isHit).map(one => one.id)).toEqual([])
    expect(branches.length).toBeGreaterThan(3)
  })

  test('states the confidence of every value that it annotates, and annotates the ones that pay', () => {
    const found = readProvenance(policyFile(id))
    expect(found.filter(({ confidence }) => !/^[PRSCA]$/.test(confidence ?? ''))).toEqual([])
    const paths = found.map(({ path }) => path.split('.')[0])
    for (const key of [
      'low',
      'high',
      'outliers',
      'rate',
      'ratioBase',
      'pointValue',
      'avgCost',
      'coefficient',
    ] as const) {
      const value = policy.document[key]
      const isSilent =
        value === null || value === 'fromData' || (key === 'coefficient' && policy.coefficientKind === 'none')
      if (!isSilent) expect(paths, key).toContain(key)
    }
  })

  test('knows its jumps', () => {
    if (policy.linearBands !== null) return
    const documented = policy.document.documentedJumps
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 40, max: 160 }),
        fc.constantFrom('310', '390'),
        (w, k, insurance) => {
          const [weight, coefficient] = [new Decimal(w).div(100), new Decimal(k).div(100)]
          const question = { weight, level: '3', insurance, group: 'XX11', parent: 'XX1' }
          const jumps = jumpsOf(policy, question, coefficient)
          expect(jumps.map(jump => jump.at)).toEqual(documented.map(jump => jump.at))
          const none = new Decimal(0)
          const names: Record<string, Decimal> = {
            w: weight,
            k: coefficient,
            l: policy.low?.threshold(question) ?? none,
            L: policy.high?.limit(question) ?? none,
            a: policy.high?.a ?? none,
            b: policy.high?.b ?? none,
            d: policy.high?.d ?? none,
          }
          for (const [i, jump] of jumps.entries()) {
            const parsed = parseExpression(documented[i]!.formula, JUMP_NAMES)
            if (jump.size === null || 'error' in parsed) continue
            expect(evaluate(parsed.node, name => names[name]!)?.toString(), `${jump.at}`).toBe(jump.size.toString())
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('settles a synthetic region to the fen', () => {
    for (const seed of [1, 2]) {
      const input = regionOf(policy, seed)
      const settlement = settleRegion(input)
      const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
      const budgets = sum(input.budgets.map(({ fund }) => fund))
      const dues =
        sum(settlement.hospitals.map(({ due }) => due)) + sum(settlement.pools.map(({ residual }) => residual))
      expect(dues).toBe(budgets)
      expect(sum(settlement.hospitals.map(row => row.cases))).toBe(input.cases.count)
      const months = sum(settlement.months.map(row => row.gross))
      expect(months).toBe(sum(settlement.hospitals.map(row => row.gross)))
    }
  })
})

test('a pack with a table of classes pays by the class of the hospital table', () => {
  const policy = loadPolicy('shangrao-2025')
  const input = regionOf(policy, 5)
  const pay = (level: string): number =>
    settleRegion({ ...input, hospitals: input.hospitals.map(one => ({ ...one, class: level })) }).hospitals.reduce(
      (all, row) => all + row.gross,
      0,
    )
  expect(pay('A')).toBe(pay('B'))
  expect(pay('M')).toBeLessThan(pay('A'))
  expect(compilePolicy(policy.document).coefficientKind).toBe('class')
})

test('a branch without a worked case is named', () => {
  const file = home('policies', 'qingyang-2025', 'examples.json')
  const policy = loadPolicy('qingyang-2025')
  const examples = (readJson(file) as { id: string }[]).filter(({ id }) => !/at-high|los|stay/.test(id))
  const missing = coverageOf(policy, policyFile('qingyang-2025'), examples, file).filter(one => !one.isHit)
  expect(missing.map(one => one.id)).toContain('boundary high')
  expect(missing.map(one => one.id)).toContain('los.long')
  expect(missing.map(one => one.text.en)).toContain('a cost at the boundary of class high')
})
