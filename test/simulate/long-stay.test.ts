import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { checkPack } from '../../simulate/policy/check-pack.ts'
import { POLICY_SCHEMA } from '../../simulate/policy/document.ts'
import { loadPolicy, policyFile } from '../../simulate/policy/load.ts'
import { compilePolicy, type Policy } from '../../simulate/policy/policy.ts'
import { payCase } from '../../simulate/settle/case-payment.ts'
import { acceptedCases } from '../../simulate/settle/review.ts'
import type { Origin } from '../../simulate/statement/origin.ts'
import { packValues } from '../../simulate/statement/pack-values.ts'
import { caseStatement } from '../../simulate/statement/statement.ts'
import { NO_MARK } from '../../weights/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { caseOf, policyOf } from './examples.ts'

const base = { method: 'points', scale: '100', avgCost: '10000', pointValue: '100', ratioBase: 'avgRwK' }
const prices = { meanCost: null, pointValue: new Decimal(100) }
const longStay = { groups: ['AA1'], from: '10' }
const stay = { group: 'AA11', parent: 'AA1', weight: new Decimal('0.05'), coefficient: new Decimal('1.2') }
const standardOf = (policy: Policy, fields: Parameters<typeof caseOf>[0]): string | undefined =>
  payCase(policy, caseOf({ ...stay, ...fields }), prices).standard?.toString()

describe('the standard of a long stay', () => {
  test('is A·w·60 at Foshan in 2025 while w·days·S is paid, worked by hand', () => {
    const { document } = loadPolicy('foshan-2025')
    const policy = compilePolicy({ ...document, longStay: { ...document.longStay!, groups: ['AA1'] } })
    const paid = payCase(policy, caseOf({ ...stay, cost: 4_000_000, los: 45 }), {
      meanCost: new Decimal(10_000),
      pointValue: new Decimal(100),
    })
    // 0.05 × 45 × 100 = 225 points; 60 × 0.05 × 100 × 100 yuan; 40,000 / (10,000 × 0.05 × 60) = 1.3333.
    expect([paid.class, paid.points, paid.standard?.toString()]).toEqual(['longStay', 2_250_000, '30000'])
    const line = paid.trace.find(({ rule }) => rule === 'longStay.standard')
    expect(line?.numbers).toEqual({ days: '60', standard: '30000', ratio: '1.3333' })
  })

  test('is what is paid where the pack says no days', () => {
    const policy = policyOf({ ...base, longStay })
    expect(standardOf(policy, { los: 45 })).toBe('22500')
    // With the coefficient where the rule takes it, and of the whole stay below the first long day.
    expect(standardOf(policyOf({ ...base, longStay: { ...longStay, timesK: true } }), { los: 45 })).toBe('27000')
    expect(standardOf(policy, { los: 9 })).toBe('600')
    expect(standardOf(policy, { los: null })).toBe('600')
  })

  test('stays that of the weight for a day surgery, another group, and a Chinese-medicine case with a standard of its own', () => {
    const standards = [{ group: 'AA11', weight: '0.8' }]
    const policy = policyOf({ ...base, longStay: { ...longStay, standardDays: '60' }, daySurgery: { mode: 'standard' }, tcm: { standards } }) // biome-ignore format: one line
    expect(standardOf(policy, { los: 45 })).toBe('30000')
    expect(standardOf(policy, { los: 45, detail: { daySurgery: true } })).toBe('600')
    expect(standardOf(policy, { los: 45, group: 'BB11', parent: 'BB1' })).toBe('600')
    expect(standardOf(policy, { los: 45, detail: { tcm: true } })).toBe('9600')
  })

  test('is what own rules compare with, in the ratio of the cost too', () => {
    const title = { zh: '规则', en: 'Rule' }
    const dear = [{ id: 'dear', title, when: 'ratio > 1', factor: '1.1' }]
    const policy = policyOf({ ...base, longStay: { ...longStay, standardDays: '60' }, rules: dear })
    // The base is A·w·k for 60 days: 36,000 yuan. Paid are 45 days, 225 points.
    const points = (cost: number): number => payCase(policy, caseOf({ ...stay, los: 45, cost }), prices).points
    expect([points(3_600_000), points(3_600_001)]).toEqual([2_250_000, 2_475_000])
  })

  test('is what applications for special-case review are measured and ranked by', () => {
    const review = { quota: '0.25', ratio: '2', applications: 'eligible', outcome: 'cost' }
    const accepted = (fields: Record<string, unknown>, costs: readonly number[]): number[] => {
      const policy = policyOf({ ...base, review, ...fields, coefficient: { kind: 'none' } })
      const column = (value: number): Float64Array => new Float64Array(costs.length).fill(value)
      const one = new Decimal(1)
      const weights = ['0.05', '1'].map(text => new Decimal(text))
      const cases = {
        count: 4,
        groups: ['AA11', 'BB11'],
        parents: ['AA1', 'BB1'],
        hospitals: ['A'],
        insurances: ['310'],
        months: ['2025-01'],
        // Three long stays of 90 days, and an ordinary case of weight 1.
        group: Uint16Array.of(0, 0, 0, 1),
        status: new Uint8Array(4),
        hospital: new Uint16Array(4),
        insurance: new Uint16Array(4),
        month: new Uint16Array(4),
        los: Uint16Array.of(90, 90, 90, 8),
        dischargeWay: new Uint8Array(4),
        cost: Float64Array.from(costs, yuan => yuan * 100),
        fund: column(0),
        patient: column(0),
        facts: { age: new Int16Array(4), ageDays: new Int16Array(4), departments: [''], department: new Uint16Array(4), marks: [NO_MARK], mark: new Uint32Array(4) },
      } // biome-ignore format: one record
      const input = {
        policy,
        cases,
        weights: { groups: cases.groups, weight: weights, stable: [true, true], meanCost: 1_000_000, meanCostExact: one },
        coefficients: { kind: 'none' as const, of: () => one },
        hospitals: [{ code: 'A', name: '甲', level: '3' }],
      } // biome-ignore format: one record
      return [...acceptedCases(input)!]
    }
    // Standard of 60 days: 30,000 yuan, so the trigger lies at 60,000. One of four may be accepted, by its excess.
    const sixty = { longStay: { ...longStay, standardDays: '60' } }
    expect(accepted(sixty, [60_000, 60_000.01, 50_000, 25_000])).toEqual([0, 1, 0, 0])
    expect(accepted(sixty, [60_000, 59_000, 50_000, 20_000.01])).toEqual([0, 0, 0, 1])
    // Of the days of the stay: 45,000 and 90,000 yuan.
    expect(accepted({ longStay }, [90_000, 90_000.01, 50_000, 25_000])).toEqual([0, 1, 0, 0])
    expect(accepted({ longStay }, [60_000, 60_000.01, 50_000, 25_000])).toEqual([0, 0, 0, 1])
  })

  test('is stated with its formula, its days and where they stand', () => {
    const policy = loadPolicy('template')
    const table: Origin = { kind: 'table', source: { zh: '表', en: 'table' }, place: null, confidence: null }
    const sources = { pack: packValues(policy, policyFile('template')), case: table, weight: table, coefficient: table, meanCost: table, pointValue: table } // biome-ignore format: one line
    const one = caseOf({ ...stay, group: 'XR25', parent: 'XR2', los: 45, cost: 2_500_000 })
    const { steps } = caseStatement(policy, { one, prices, group: 0, groupCases: 0 }, sources)
    const [paid, standard] = ['longStay', 'longStay.standard'].map(rule => steps.find(step => step.rule === rule))
    expect([paid?.formula, standard?.formula]).toEqual(['v = w·d', 'r = c / (A·w·D) = 0.8333'])
    const cited = standard?.values.find(({ origin }) => origin.place?.field === 'longStay.standardDays')
    expect([cited?.symbol, cited?.value, cited?.origin.confidence, cited?.unit.en]).toEqual(['D', '60', 'C', 'days'])
    expect(paid?.values.map(({ origin }) => origin.place?.field)).not.toContain('longStay.standardDays')
    const withK = compilePolicy({ ...policy.document, longStay: { ...policy.document.longStay!, timesK: true } })
    const byK = caseStatement(withK, { one, prices, group: 0, groupCases: 0 }, sources).steps[0]
    expect([byK?.formula, byK?.values.slice(0, 3).map(({ symbol }) => symbol)]).toEqual(['v = w·d·k', ['d', 'w', 'k']])
  })
})

describe('an accepted special case of a long-stay group', () => {
  const folder = temporaryFolder()
  const table: Origin = { kind: 'table', source: { zh: '表', en: 'table' }, place: null, confidence: null }
  /** Points of the case, and what the steps of its statement list with a letter. */
  function stated(rules: string, fields: Parameters<typeof caseOf>[0]): [number, ...Record<string, unknown>[]] {
    const file = put(
      folder,
      'policy.yaml',
      `id: a-city
title: {zh: 市, en: City}
validFrom: "2025-01-01"
policyBasis: [{document: a paper}]
method: points
scale: "100"
avgCost: "10000"
ratioBase: avgRwK
${rules}`,
    )
    const policy = loadPolicy(file)
    const sources = { pack: packValues(policy, file), case: table, weight: table, coefficient: table, meanCost: table, pointValue: table } // biome-ignore format: one line
    const one = caseOf({ ...stay, los: 45, cost: 5_000_000, detail: { accepted: true }, ...fields })
    const { steps, points } = caseStatement(policy, { one, prices, group: 0, groupCases: 0 }, sources)
    const lettered = steps.map(({ rule, values }) => ({
      rule,
      ...Object.fromEntries(values.filter(({ symbol }) => symbol !== '').map(({ symbol, value }) => [symbol, value])),
    }))
    return [points, ...lettered.filter(({ rule }) => rule.startsWith('review'))]
  }
  const times = 'review: {quota: "0.05", outcome: standardTimes, value: "1.5"}\n'
  const share = 'review: {quota: "0.05", outcome: excessShare, value: "0.5"}\n'
  const [c, w, d, D, k] = ['50000.00', '0.05', '45', '60', '1.2']

  test('is stated by the days of its standard, and its coefficient only where the rule takes it', () => {
    const sixty = 'longStay: {groups: [AA1], from: "10", standardDays: "60"}\n'
    // 1.5 × 0.05 × 60 = 4.5 weights.
    expect(stated(sixty + times, {})).toEqual([4_500_000, { rule: 'review.standardTimes', c, w, D }])
    // The standard is 30,000 yuan, the excess 20,000: 40,000 / 10,000 = 4 weights.
    expect(stated(sixty + share, {})).toEqual([4_000_000, { rule: 'review.excessShare', c, w, D }])
    // 1.5 × 0.05 × 60 × 1.2 = 5.4 weights.
    expect(stated(sixty.replace('}', ', timesK: true}') + times, {})).toEqual([
      5_400_000,
      { rule: 'review.standardTimes', c, w, k, D },
    ])
    // 1.5 × 0.05 × 45 = 3.375 weights: without days of its own the standard is that of the stay.
    const own = 'longStay: {groups: [AA1], from: "10"}\n'
    expect(stated(own + times, {})).toEqual([3_375_000, { rule: 'review.standardTimes', c, w, d }])
    // Below the first long day the weight is that of the whole stay: 1.5 × 0.05 × 1.2 = 0.09.
    expect(stated(own + times, { los: 9 })).toEqual([90_000, { rule: 'review.standardTimes', c, w, k }])
  })

  test('is said to be paid at cost where it is, and lists no weight then', () => {
    const rest = 'longStay: {groups: [AA1]}\n'
    expect(stated(rest + times, { weight: null })).toEqual([0, { rule: 'review.cost', c }])
    expect(stated(`${rest}review: {quota: "0.05", outcome: shareOfCost, value: "0.8"}\n`, {})).toEqual([
      0,
      { rule: 'review.shareOfCost', c },
    ])
  })
})

describe('a pack with long stays', () => {
  const found = (fields: Record<string, unknown>) =>
    checkPack(policyOf({ ...base, ...fields })).map(({ severity, field }) => [severity, field])
  const day = { groups: ['AA1'], perDay: '4' }

  test('is told of payment by the day before it', () => {
    expect(found({ longStay })).toEqual([])
    expect(found({ longStay, perDiem: { ...day, from: '10' } })).toEqual([['error', 'longStay.groups']])
    expect(found({ longStay, perDiem: { ...day, from: '11' } })).toEqual([['warning', 'longStay.groups']])
    expect(found({ longStay, perDiem: { ...day, levels: ['3'] } })).toEqual([['warning', 'longStay.groups']])
    expect(found({ longStay, perDiem: { ...day, to: '9' } })).toEqual([])
    expect(found({ longStay, perDiem: { ...day, groups: ['BB1'] } })).toEqual([])
  })

  test('is told of a standard that every case exceeds', () => {
    expect(found({ longStay: { ...longStay, standardDays: '9' } })).toEqual([['note', 'longStay.standardDays']])
    expect(found({ longStay: { ...longStay, standardDays: '10' } })).toEqual([])
  })

  test.each(['0', '1.5'])('refuses a standard of %s days', standardDays => {
    const given = { id: 'x', title: { zh: '测', en: 'x' }, validFrom: '2025-01-01', policyBasis: [{ document: 'x' }], ...base, longStay: { ...longStay, standardDays } } // biome-ignore format: one line
    expect(POLICY_SCHEMA.safeParse(given).error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'longStay.standardDays',
    ])
  })
})
