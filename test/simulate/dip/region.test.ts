import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal, POINT_UNIT } from '../../../numbers/index.ts'
import { loadPolicy } from '../../../simulate/policy/load.ts'
import { compilePolicy, type Policy } from '../../../simulate/policy/policy.ts'
import { clearRegion } from '../../../simulate/settle/cycle.ts'
import { type RegionInput, settleRegion } from '../../../simulate/settle/region.ts'
import type { GroupedCases } from '../../../weights/index.ts'
import { anyRegion } from '../arbitrary.ts'
import { policyOf } from '../examples.ts'

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0)

/** The pack of a city, with a published budget value or without, in either convention. */
const anyPack: fc.Arbitrary<Policy> = fc
  .record({
    id: fc.constantFrom('jiangmen', 'ganzhou', 'yichun', 'yingtan'),
    outliers: fc.constantFrom('dip3-draft', 'dip1-spec', 'hubei-base', 'jining', 'taian'),
    patientShare: fc.constantFrom('ratio', 'subtract'),
    pools: fc.constantFrom('perScheme', 'joint'),
    pointValue: fc.constantFrom(null, '9.5'),
    negativeDue: fc.constantFrom('net', 'floorZero'),
  })
  .map(({ id, outliers, ...rest }) => {
    const { document } = loadPolicy(id)
    const bases: Record<string, string> = { 'dip3-draft': 'pvRwK', 'dip1-spec': 'levelStandard' }
    const reference = bases[outliers] ?? 'meanFactor'
    return compilePolicy({
      ...document,
      ...(rest as object),
      outliers,
      ratioBase: reference as 'pvRwK',
      meanFactor: reference === 'meanFactor' ? { employee: '9', resident: '8.1' } : null,
      // A level with a coefficient of its own is drawn with the region.
      coefficient: { ...document.coefficient, kind: 'level', table: null, ladder: null },
    })
  })

const anyDipRegion = (size: number): fc.Arbitrary<RegionInput> => anyPack.chain(policy => anyRegion(policy, size))

describe('a region under DIP', () => {
  test('divides its budgets to the fen, down to months and groups, whatever its cases and outlier rules', () => {
    fc.assert(
      fc.property(anyDipRegion(80), input => {
        const { hospitals, pools, months, groups, units } = settleRegion(input)
        const budgets = sum(input.budgets.map(one => one.fund))
        expect(sum(hospitals.map(one => one.due)) + sum(pools.map(one => one.residual))).toBe(budgets)
        for (const rows of [months, groups, units])
          expect(sum(rows.map(row => row.gross))).toBe(sum(hospitals.map(row => row.gross)))
        expect(sum(months.map(row => row.points))).toBe(sum(hospitals.map(row => row.points)))
        expect(sum(hospitals.map(row => row.cases))).toBe(input.cases.count)
      }),
      { numRuns: 150 },
    )
  })

  test('pays out and clears what is due: advance, months and final payment add up', () => {
    fc.assert(
      fc.property(anyDipRegion(60), input => {
        const settlement = settleRegion(input)
        const provisional = new Map(input.budgets.map(one => [one.insurance, new Decimal('9.8')]))
        for (const one of clearRegion(settlement, input.policy, { provisional }))
          expect(one.prepaid + one.advance + one.final + one.lostDeposit).toBe(one.payable)
      }),
      { numRuns: 60 },
    )
  })

  test('gives a grassroots packet the same score in every hospital', () => {
    fc.assert(
      fc.property(anyDipRegion(40), input => {
        const first = input.cases.facts!.marks.findIndex(mark => mark.grassroots && mark.auxiliary === null)
        const group = input.weights.weight.findIndex(one => one !== null)
        fc.pre(group >= 0 && input.policy.document.outliers === 'dip3-draft')
        const weight = input.weights.weight[group]!
        const n = input.hospitals.length
        const mean = new Decimal(input.weights.meanCost)
        const column = <T extends Uint8Array | Uint16Array | Uint32Array | Int16Array | Float64Array>(
          of: T,
          value: number,
        ): T => new (of.constructor as new (length: number) => T)(n).fill(value) as T
        const cases: GroupedCases = {
          ...input.cases,
          count: n,
          group: column(input.cases.group, group),
          status: column(input.cases.status, 0),
          hospital: Uint16Array.from({ length: n }, (_, h) => h),
          insurance: column(input.cases.insurance, 0),
          month: column(input.cases.month, 0),
          los: column(input.cases.los, 5),
          dischargeWay: column(input.cases.dischargeWay, 1),
          cost: column(input.cases.cost, mean.times(weight).ceil().toNumber()),
          fund: column(input.cases.fund, 1),
          patient: column(input.cases.patient, 0),
          facts: {
            ...input.cases.facts!,
            age: column(input.cases.facts!.age, 40),
            ageDays: column(input.cases.facts!.ageDays, -1),
            department: column(input.cases.facts!.department, 0),
            mark: column(input.cases.facts!.mark, first),
          },
        }
        const policy = compilePolicy({
          ...input.policy.document,
          pointValue: null,
          review: null,
          patientShare: 'subtract',
        })
        const weights = { ...input.weights, stable: input.weights.stable.map(() => true) }
        const { hospitals } = settleRegion({ ...input, policy, weights, cases })
        const points = hospitals.map(row => row.points)
        expect(new Set(points)).toEqual(
          new Set([weight.times(1000).times(POINT_UNIT).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber()]),
        )
      }),
      { numRuns: 40 },
    )
  })

  // dip.md 9.3 and 10.1, example C of worked-payment-dev.json: the same numbers through the division that settles regions.
  test('settles the regional example by the code of every region', () => {
    const policy = policyOf({
      method: 'points',
      unit: 'score',
      scale: '1000',
      avgCost: 'fromData',
      ratioBase: 'pvRwK',
      pointValue: '800',
      outliers: 'dip3-draft',
      coefficient: { kind: 'hospital', table: { A: '1.1', B: '0.9', C: '0.8' } },
      patientShare: 'ratio',
      payRatio: '0.7',
    })
    const scores = ['6000', '4000', '2500']
    const n = scores.length
    const coefficients = { kind: 'hospital' as const, of: () => new Decimal(1) }
    // Costs near the standard, so that every case is normal.
    const cost = Float64Array.of(6600 * 80_000, 3600 * 80_000, 2000 * 80_000)
    const { hospitals, pools } = settleRegion({
      policy,
      budgets: [{ insurance: '310', fund: 700_000_000 }],
      hospitals: ['A', 'B', 'C'].map(code => ({ code, name: code, level: '3' })),
      coefficients,
      weights: {
        groups: scores.map((_, g) => `G${g}`),
        weight: scores.map(text => new Decimal(text).div(1000)),
        stable: scores.map(() => true),
        meanCost: 80_000_000,
        meanCostExact: new Decimal(80_000_000),
      },
      cases: {
        count: n,
        groups: scores.map((_, g) => `G${g}`),
        parents: scores.map((_, g) => `G${g}`),
        hospitals: ['A', 'B', 'C'],
        insurances: ['310'],
        months: ['2025-01'],
        group: Uint16Array.of(0, 1, 2),
        status: new Uint8Array(n),
        hospital: Uint16Array.of(0, 1, 2),
        insurance: new Uint16Array(n),
        month: new Uint16Array(n),
        los: new Uint16Array(n).fill(7),
        dischargeWay: new Uint8Array(n),
        cost,
        fund: cost.map(value => value * 0.7),
        patient: cost.map(value => value * 0.3),
      },
    })
    expect(hospitals.map(row => row.points / POINT_UNIT)).toEqual([6600, 3600, 2000])
    expect(pools[0]!.pointValue!.toFixed(6)).toBe('819.672131')
    expect(hospitals.map(row => row.gross)).toEqual([540_983_607, 295_081_967, 163_934_426])
    expect(hospitals.map(row => row.due)).toEqual([378_688_525, 206_557_377, 114_754_098])
  })
})
