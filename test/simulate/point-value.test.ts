import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { caseMoney } from '../../simulate/settle/case-money.ts'
import { divideLedger } from '../../simulate/settle/division.ts'
import { part } from '../../simulate/settle/fund-share.ts'
import { hospitalGroupRows } from '../../simulate/settle/hospital-groups.ts'
import { type Claim, dividePool, type PoolTerms } from '../../simulate/settle/pool.ts'
import { settleRegion, valueRegion } from '../../simulate/settle/region.ts'
import { runExamples } from '../../simulate/verify/verify.ts'
import { ruledRegion } from './ruled-region.ts'

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0)
const MILLION = 100_000_000

/** The region of settlement.md §3.4, worked there: B = 78 million, points 1.2, 0.7 and 0.1 million, PV = 60. */
const example = (fields: object, expected: object) =>
  runExamples(
    [
      {
        id: 'region',
        kind: 'region-base',
        inputs: {
          fundBudget: '78000000.00',
          points: { A: '1200000', B: '700000', C: '100000' },
          patientPayments: { A: '27000000.00', B: '13000000.00', C: '2000000.00' },
          ...fields,
        },
        expected,
      },
    ],
    { file: 'examples.json' },
  ).flatMap(one => [...(one.problem === null ? [] : [one.problem.en]), ...one.checks.filter(check => !check.holds)])

describe('rules on the point value, worked by hand', () => {
  test('a ceiling of 58 yuan leaves 2 yuan a point, 4 million, to the residual', () => {
    const gross = { A: '69600000.00', B: '40600000.00', C: '5800000.00' }
    const fundDue = { A: '42600000.00', B: '27600000.00', C: '3800000.00' }
    const rest = { residual: '4000000.00', held: '4000000.00', pointValue: '58' }
    expect(example({ pvMax: '58' }, { gross, fundDue, ...rest })).toEqual([])
  })

  test('a floor of 62 yuan takes 4 million from it', () => {
    const rest = { residual: '-4000000.00', held: '-4000000.00', pointValue: '62', sumFundDue: '82000000.00' }
    expect(example({ pvMin: '62' }, rest)).toEqual([])
  })

  test('places: 60.123456 yuan is paid as 60.12, as 60.13 where it is rounded up', () => {
    const fundBudget = '78246912.00'
    expect(example({ fundBudget }, { pointValue: '60.123456', held: '0.00' })).toEqual([])
    expect(example({ fundBudget, pvDecimals: '2' }, { pointValue: '60.12', held: '6912.00' })).toEqual([])
    expect(
      example({ fundBudget, pvDecimals: '2', pvRounding: 'up' }, { pointValue: '60.13', held: '-13088.00' }),
    ).toEqual([])
    // The ceiling comes last: it is not rounded over.
    expect(example({ fundBudget, pvDecimals: '0', pvRounding: 'up', pvMax: '60.5' }, { pointValue: '60.5' })).toEqual(
      [],
    )
  })

  test('shares of the fund by hospital: closed to the budget, or left open', () => {
    const given = {
      patientShare: 'ratio',
      ratioLevel: 'hospital',
      ratio: '0.65',
      ratios: { A: '0.6', B: '0.7', C: '0.8' },
    }
    // Gross 72, 42 and 6 million; 43.2 + 29.4 + 4.8 = 77.4, times 78 / 77.4.
    const closed = { A: '43534883.72', B: '29627906.98', C: '4837209.30' }
    expect(example(given, { fundDue: closed, residual: '0.00' })).toEqual([])
    const open = { A: '43200000.00', B: '29400000.00', C: '4800000.00' }
    expect(example({ ...given, closeRatio: false }, { fundDue: open, residual: '600000.00' })).toEqual([])
  })

  test('elastic by volume: base points at 62 yuan, extra ones at what is left, at most the ceiling', () => {
    const basePoints = { A: '1000000', B: '600000', C: '100000' }
    // 1.7 million base points at 62: 105.4 million; 14.6 million on 0.3 million extra points.
    const gross = { A: '71733333.33', B: '42066666.67', C: '6200000.00' }
    const value = { fixedValue: '62', extraValue: '48.666667', residual: '0.00' }
    expect(example({ elastic: { basePoints, value: '62' } }, { gross, ...value })).toEqual([])
    const capped = { extraValue: '45', held: '1100000.00', residual: '1100000.00' }
    expect(example({ elastic: { basePoints, value: '62' }, pvMax: '45' }, capped)).toEqual([])
    // 8 : 2: 96 million on 1.7 million base points, 24 million on 0.3 million others.
    const shared = { fixedValue: '56.470588', extraValue: '80', residual: '0.00' }
    expect(example({ elastic: { basePoints, fixedShare: '0.8' } }, shared)).toEqual([])
  })

  test('V19: without extra volume it is the preset value, without base points it is the points method', () => {
    const all = { A: '1200000', B: '700000', C: '100000' }
    expect(example({ elastic: { basePoints: all, value: '55' } }, { pointValue: '55', held: '10000000.00' })).toEqual(
      [],
    )
    const gross = { A: '72000000.00', B: '42000000.00', C: '6000000.00' }
    expect(example({ elastic: { basePoints: {}, value: '55' } }, { pointValue: '60', gross })).toEqual([])
  })
})

const terms: PoolTerms = { method: 'points', patientShare: 'subtract', payRatio: null, negativeDue: 'net' }
const claim = fc
  .record({
    points: fc.integer({ min: 0, max: 1e9 }), paid: fc.nat(1e7), cost: fc.integer({ min: 100, max: 1e9 }),
    patient: fc.nat(1e8), base: fc.nat(1e9), share: fc.integer({ min: 1, max: 100 }),
  }) // biome-ignore format: a claim
  .map(({ base, share, ...one }): Claim => {
    const of = (value: number): number => part(value, share, 100)
    return { ...one, basePoints: base, fund: of(one.cost), fundPoints: of(one.points), fundPaid: of(one.paid) }
  })
const decimal = fc.integer({ min: 1, max: 9_999_999 }).map(n => new Decimal(n).div(1000))
const rules = fc.record({
  min: fc.option(decimal), max: fc.option(decimal),
  decimals: fc.option(fc.nat(4)), rounding: fc.constantFrom('halfUp' as const, 'down' as const, 'up' as const),
}) // biome-ignore format: rules
  .map(one => (one.min !== null && one.max?.lt(one.min) ? { ...one, min: one.max, max: one.min } : one))
const engine = fc.record({
  patientShare: fc.constantFrom('subtract' as const, 'ratio' as const),
  ratioLevel: fc.constantFrom('region' as const, 'hospital' as const, 'case' as const),
  closeRatio: fc.boolean(),
  value: fc.option(rules, { nil: undefined }),
  elastic: fc.option(
    fc.oneof(decimal.map(value => ({ value, fixedShare: null })), fc.nat(100).map(n => ({ value: null, fixedShare: new Decimal(n).div(100) }))),
    { nil: undefined },
  ),
}) // biome-ignore format: an engine

describe('a pool with every rule of division', () => {
  const list = fc.array(claim, { minLength: 1, maxLength: 7 })

  test('dues and residual add up to the budget; without floors the residual is what rules hold, times the fund share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e11 }), list, engine, (budget, claims, given) => {
        const pool = dividePool(budget, claims, { ...terms, ...given })
        expect(sum(pool.due) + pool.residual).toBe(budget)
        expect(sum(pool.gross)).toBe(pool.paid + (pool.points === 0 ? 0 : pool.money))
        if (pool.points === 0 || pool.paid > pool.total) return
        expect(pool.total).toBe(pool.paid + pool.money + pool.held)
        if (given.patientShare === 'subtract') expect(pool.residual).toBe(pool.held)
        else if (given.ratioLevel === 'region' || given.closeRatio) {
          const off = new Decimal(pool.held)
            .times(pool.payRatio ?? 1)
            .minus(pool.residual)
            .abs()
          // Pool and dues are each rounded to the fen.
          expect(off.lte(2)).toBe(true)
        }
        const { value, elastic } = given
        const paid = elastic === undefined ? pool.pointValue : (pool.elastic?.extraValue ?? null)
        if (value === undefined || paid === null) return
        if (value.max !== null) expect(paid.lte(value.max)).toBe(true)
        if (value.min !== null) expect(paid.gte(value.min)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('with all shares of the fund alike, hospitals and cases get what the region’s share gives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e11 }), list, fc.integer({ min: 1, max: 100 }), (budget, drawn, n) => {
        const claims = drawn.map(one => ({
          ...one, paid: 0, cost: one.cost * 100, fund: one.cost * n, fundPaid: 0, points: one.points * 100, fundPoints: one.points * n,
        })) // biome-ignore format: a claim
        const by = (ratioLevel: 'region' | 'hospital' | 'case'): Float64Array =>
          dividePool(budget, claims, { ...terms, patientShare: 'ratio', ratioLevel }).due
        // Targets are rounded to the fen before they are closed.
        for (const level of ['hospital', 'case'] as const)
          for (const [i, due] of by(level).entries()) expect(Math.abs(due - by('region')[i]!)).toBeLessThanOrEqual(3)
      }),
    )
  })

  test('homogeneity: pool and bounds times m, all money times m; points times m and bounds over m, no money changes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        list,
        decimal,
        fc.integer({ min: 2, max: 9 }),
        (budget, drawn, max, m) => {
          const claims = drawn.map(one => ({ ...one, points: one.points + 1 }))
          const value = (bound: Decimal) => ({ min: null, max: bound, decimals: null, rounding: 'halfUp' as const })
          const before = dividePool(budget, claims, { ...terms, value: value(max) })
          const more = claims.map(one => ({ ...one, paid: one.paid * m, patient: one.patient * m }))
          const money = dividePool(budget * m, more, { ...terms, value: value(max.times(m)) })
          for (const [i, due] of money.due.entries())
            expect(Math.abs(due - before.due[i]! * m)).toBeLessThanOrEqual(2 * m)
          const scaled = claims.map(one => ({ ...one, points: one.points * m }))
          const points = dividePool(budget, scaled, { ...terms, value: value(max.div(m)) })
          for (const [i, due] of points.due.entries()) expect(Math.abs(due - before.due[i]!)).toBeLessThanOrEqual(1)
        },
      ),
    )
  })
})

describe('a region with every rule of division', () => {
  test('conserves to the fen: dues and residuals the budgets, months, groups and cases the hospitals', () => {
    fc.assert(
      fc.property(ruledRegion, input => {
        const { values, ledger } = valueRegion(input)
        const division = divideLedger(ledger, input)
        const settlement = settleRegion(input)
        const budget = sum(input.budgets.map(({ fund }) => fund))
        const left = sum(settlement.pools.map(({ residual }) => residual))
        expect(sum(settlement.hospitals.map(({ due }) => due)) + left).toBe(budget)
        const money = caseMoney(division, input.cases, values, input.policy.document.patientShare)
        for (const row of settlement.hospitals) {
          const of = <T extends { readonly hospital: string }>(rows: readonly T[]): T[] =>
            rows.filter(({ hospital }) => hospital === row.hospital.code)
          const cases = (column: Float64Array): number =>
            sum(column.filter((_, i) => input.cases.hospitals[input.cases.hospital[i]!] === row.hospital.code))
          for (const key of ['gross', 'net'] as const) {
            expect(sum(of(settlement.months).map(one => one[key])), key).toBe(row[key])
            expect(sum(of([...hospitalGroupRows(settlement.hospitalGroups)]).map(one => one[key])), key).toBe(row[key])
            expect(cases(money[key]), key).toBe(row[key])
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

test('a share of an amount is exact where doubles are not', () => {
  expect(part(MILLION, 1, 3)).toBe(33_333_333)
  expect(part(9_007_199_254_740_991, 2, 3)).toBe(6_004_799_503_160_661)
  expect(part(5, 1, 2)).toBe(3)
  expect(part(7, 3, 0)).toBe(0)
})
