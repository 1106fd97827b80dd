import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { compilePolicy, type Policy } from '../../simulate/policy/policy.ts'
import { CLASSES } from '../../simulate/settle/classes.ts'
import { clearRegion } from '../../simulate/settle/cycle.ts'
import { hospitalGroupRows } from '../../simulate/settle/hospital-groups.ts'
import { type Claim, dividePool, type PoolTerms } from '../../simulate/settle/pool.ts'
import { type RegionInput, type Settlement, settleRegion } from '../../simulate/settle/region.ts'
import { anyPolicy, anyRegion, pick } from './arbitrary.ts'
import { policyOf } from './examples.ts'

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

/** Whether a case is paid without regard to any other: no mean of a group, no quota. */
function isAlone({ ratioMoney, rules }: Policy): boolean {
  const means = ratioMoney === 'groupMean' || ratioMoney === 'levelMean' || rules.early?.mode === 'proRata'
  return !means && rules.review === null && rules.volumeCap.size === 0
}

const region = anyPolicy.chain(policy => anyRegion(policy, 80))
const pointsRegion = anyPolicy.filter(({ method }) => method === 'points').chain(policy => anyRegion(policy, 80))

function withDocument(input: RegionInput, fields: Partial<Policy['document']>): RegionInput {
  return { ...input, policy: compilePolicy({ ...input.policy.document, ...fields }) }
}

describe('a settled region', () => {
  test('V1, V2: dues and residuals add up to the budgets to the fen, months and groups to the hospitals', () => {
    fc.assert(
      fc.property(region, fc.constantFrom('net' as const, 'floorZero' as const), (drawn, negativeDue) => {
        const input = withDocument(drawn, { negativeDue })
        const settlement = settleRegion(input)
        const budget = sum(input.budgets.map(({ fund }) => fund))
        expect(
          sum(settlement.hospitals.map(({ due }) => due)) + sum(settlement.pools.map(({ residual }) => residual)),
        ).toBe(budget)
        for (const row of settlement.hospitals) {
          const months = settlement.months.filter(({ hospital }) => hospital === row.hospital.code)
          const groups = [...hospitalGroupRows(settlement.hospitalGroups)].filter(
            ({ hospital }) => hospital === row.hospital.code,
          )
          for (const key of [
            'cases',
            'outside',
            'points',
            'cost',
            'patient',
            'fund',
            'gross',
            'surplus',
            'net',
          ] as const) {
            expect(sum(months.map(month => month[key])), key).toBe(row[key])
            expect(sum(groups.map(group => group[key])), key).toBe(row[key])
          }
          const units = settlement.units.filter(({ hospital }) => hospital === row.hospital.code)
          for (const key of ['cases', 'gross', 'net', 'due'] as const)
            expect(sum(units.map(unit => unit[key])), key).toBe(row[key])
          // A negative due is floored pool by pool.
          if (negativeDue === 'net') expect(row.due).toBe(row.net)
          else expect(row.due).toBeGreaterThanOrEqual(Math.max(row.net, 0))
        }
      }),
      { numRuns: 200 },
    )
  })

  test('a points pool with points leaves no residual unless amounts off the top exceed it, in both conventions', () => {
    fc.assert(
      fc.property(pointsRegion, fc.constantFrom('subtract' as const, 'ratio' as const), (drawn, patientShare) => {
        const settlement = settleRegion(withDocument(drawn, { patientShare, negativeDue: 'net' }))
        for (const pool of settlement.pools) {
          if (pool.points > 0 && pool.paid <= pool.total) expect(pool.residual).toBe(0)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('V16: every case has exactly one class', () => {
    fc.assert(
      fc.property(region, input => {
        const settlement = settleRegion(input)
        for (const row of [...settlement.hospitals, ...settlement.months])
          expect(sum(Object.values(row.classes))).toBe(row.cases)
        expect(sum(settlement.hospitals.map(({ cases }) => cases))).toBe(input.cases.count)
        expect(Object.keys(settlement.hospitals[0]?.classes ?? {})).toEqual([...CLASSES])
      }),
      { numRuns: 100 },
    )
  })

  test('V12: neither the order of the cases nor of the hospitals matters', () => {
    fc.assert(
      fc.property(region, fc.infiniteStream(fc.nat()), (input, draws) => {
        const { cases } = input
        const whole = settleRegion(input)
        const keys = Array.from({ length: cases.count }, () => draws.next().value as number)
        const order = keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b)
        expect(settleRegion({ ...input, cases: pick(cases, order) })).toEqual(whole)
        const last = cases.hospitals.length - 1
        const turned = {
          ...cases,
          hospitals: cases.hospitals.toReversed(),
          hospital: cases.hospital.map(h => last - h),
        }
        expect(settleRegion({ ...input, cases: turned, hospitals: input.hospitals.toReversed() })).toEqual(whole)
      }),
      { numRuns: 100 },
    )
  })

  test('V4: all weights × f and A ÷ f leave all money unchanged when no limit depends on the weight', () => {
    const policy = policyOf({
      method: 'points', scale: '100', avgCost: '6338.35', ratioBase: 'avgRwK',
      low: { threshold: '0.4', op: '<', formula: 'L2' }, high: { limit: '2', op: '>', formula: 'H1' },
      special: { ungrouped: { costShare: '0.7' }, ambiguous: { costShare: '0.8' } },
      coefficient: { kind: 'level' },
    }) // biome-ignore format: a policy
    fc.assert(
      fc.property(anyRegion(policy, 60), fc.constantFrom('2', '0.5', '4'), (input, f) => {
        const scaled = {
          ...withDocument(input, { avgCost: new Decimal('6338.35').div(f).toFixed() }),
          weights: { ...input.weights, weight: input.weights.weight.map(w => w?.times(f) ?? null) },
        }
        const [before, after] = [settleRegion(input), settleRegion(scaled)]
        // All points grow by f, up to the rounding of each case; money, their shares of the pool, stays.
        for (const [i, row] of after.hospitals.entries()) {
          const old = before.hospitals[i]!
          expect(row.classes).toEqual(old.classes)
          expect(Math.abs(row.points - old.points * Number(f))).toBeLessThanOrEqual(row.cases * (1 + Number(f)))
        }
      }),
      { numRuns: 100 },
    )
  })

  test('V5: under a rate a hospital does not depend on the others', () => {
    fc.assert(
      fc.property(
        anyPolicy.filter(policy => policy.method === 'rate' && isAlone(policy)).chain(policy => anyRegion(policy, 60)),
        drawn => {
          const input = withDocument(drawn, { patientShare: 'subtract' })
          const alone = Array.from({ length: input.cases.count }, (_, i) => i).filter(
            i => input.cases.hospital[i] === 0,
          )
          const code = input.cases.hospitals[0]
          const rowOf = (settlement: Settlement): unknown =>
            settlement.hospitals.find(({ hospital }) => hospital.code === code)
          expect(rowOf(settleRegion({ ...input, cases: pick(input.cases, alone) }))).toEqual(rowOf(settleRegion(input)))
        },
      ),
      { numRuns: 100 },
    )
  })

  test('V13: the joint point value lies between those of the schemes, and equals them when they are equal', () => {
    fc.assert(
      fc.property(pointsRegion, drawn => {
        // A quota of reviews counts by pool, so that a joint one accepts other cases.
        const fields = { patientShare: 'subtract', review: null } as const
        const split = settleRegion(withDocument(drawn, { ...fields, pools: 'perScheme' })).pools
        const [joint] = settleRegion(withDocument(drawn, { ...fields, pools: 'joint' })).pools
        const values = split.map(({ pointValue }) => pointValue)
        if (values.includes(null) || joint?.pointValue == null || split.some(({ paid, total }) => paid > total)) return
        const found = values as Decimal[]
        const slack = new Decimal('1e-30')
        expect(
          joint.pointValue.gte(Decimal.min(...found).minus(slack)) &&
            joint.pointValue.lte(Decimal.max(...found).plus(slack)),
        ).toBe(true)
      }),
      { numRuns: 100 },
    )
    const claims: readonly Claim[] = [{ points: 30_000, paid: 0, cost: 0, patient: 0, fund: 0 }]
    const terms: PoolTerms = { method: 'points', patientShare: 'subtract', payRatio: null, negativeDue: 'net' }
    const one = dividePool(600, claims, terms).pointValue
    expect(dividePool(1200, [...claims, ...claims], terms).pointValue?.eq(one ?? 0)).toBe(true)
  })

  test('V14: prepayments, advance and final payment add up to the due less the lost deposit', () => {
    fc.assert(
      fc.property(
        pointsRegion,
        fc.integer({ min: 0, max: 95 }),
        fc.integer({ min: 0, max: 100 }),
        (drawn, theta, back) => {
          const cycle = {
            ...drawn.policy.document.cycle,
            theta: (theta / 100).toFixed(2),
            deposit: '0.05',
            depositReturn: (back / 100).toFixed(2),
            advanceMonths: '1',
            advanceRecovery: 'atClearing' as const,
            negativeFinal: 'payBack' as const,
            workingCapital:
              back % 2 === 0
                ? null
                : { months: '0.35', recovery: theta % 2 === 0 ? ('rollOver' as const) : ('atClearing' as const) },
          }
          const input = withDocument(drawn, { cycle })
          for (const one of clearRegion(settleRegion(input), input.policy)) {
            const paid = sum(one.months.map(month => month.paid)) + one.advance + one.workingCapital + one.final
            expect(paid).toBe(one.due - one.lostDeposit + one.workingCapitalAfter - one.workingCapitalBefore)
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('a pool', () => {
  const claim = fc.record({
    points: fc.integer({ min: 1, max: 1e9 }), paid: fc.constant(0), cost: fc.integer({ min: 1, max: 1e9 }),
    patient: fc.integer({ min: 0, max: 1e8 }), fund: fc.constant(0),
  }).map(one => ({ ...one, fund: Math.ceil(one.cost * 0.65) })) // biome-ignore format: a claim
  const claims = fc.array(claim, { minLength: 2, maxLength: 8 })
  const terms: PoolTerms = { method: 'points', patientShare: 'subtract', payRatio: null, negativeDue: 'net' }
  const budget = fc.integer({ min: 1, max: 1e11 })

  test('V2: with one ratio for the region the dues are those of the fund alone', () => {
    fc.assert(
      fc.property(budget, claims, (fund, list) => {
        const ratio = dividePool(fund, list, { ...terms, patientShare: 'ratio' })
        const alone = dividePool(
          fund,
          list.map(one => ({ ...one, patient: 0 })),
          terms,
        )
        // Two roundings instead of one: a share may differ by a fen, and by the fen of the larger pool.
        for (const [i, due] of ratio.due.entries()) expect(Math.abs(due - alone.due[i]!)).toBeLessThanOrEqual(2)
        expect(sum([...ratio.due])).toBe(fund)
      }),
    )
  })

  test('V3, V7: the point value follows the pool and falls with the points; money does not', () => {
    fc.assert(
      fc.property(budget, claims, fc.integer({ min: 2, max: 9 }), (fund, list, m) => {
        const none = list.map(one => ({ ...one, patient: 0 }))
        const before = dividePool(fund, none, terms)
        const more = dividePool(
          fund,
          none.map(one => ({ ...one, points: one.points * m })),
          terms,
        )
        expect(more.gross).toEqual(before.gross)
        expect(
          more.pointValue
            ?.times(m)
            .minus(before.pointValue ?? 0)
            .abs()
            .lt('1e-25'),
        ).toBe(true)
        expect(
          dividePool(fund * m, none, terms)
            .pointValue?.div(m)
            .minus(before.pointValue ?? 0)
            .abs()
            .lt('1e-25'),
        ).toBe(true)
      }),
    )
  })

  test('V6: more points at one hospital raise its gross and lower every other, the total stays', () => {
    fc.assert(
      fc.property(budget, claims, fc.integer({ min: 1, max: 1e8 }), (fund, list, extra) => {
        const before = dividePool(fund, list, terms)
        const after = dividePool(
          fund,
          list.map((one, i) => (i === 0 ? { ...one, points: one.points + extra } : one)),
          terms,
        )
        expect(sum([...after.gross])).toBe(sum([...before.gross]))
        for (const [i, value] of after.gross.entries()) {
          // Largest remainders may move a fen the other way.
          if (i === 0) expect(value).toBeGreaterThanOrEqual(before.gross[i]! - 1)
          else expect(value).toBeLessThanOrEqual(before.gross[i]! + 1)
        }
      }),
    )
  })

  test('one without points keeps its money as a residual', () => {
    const pool = dividePool(1000, [{ points: 0, paid: 300, cost: 400, patient: 100, fund: 300 }], terms)
    expect([pool.pointValue, [...pool.due], pool.residual]).toEqual([null, [200], 800])
  })

  test('amounts off the top above the pool leave points worth nothing and a negative residual', () => {
    const list = [
      { points: 5, paid: 0, cost: 9, patient: 10, fund: 0 },
      { points: 0, paid: 3000, cost: 9, patient: 0, fund: 0 },
    ]
    const pool = dividePool(1000, list, terms)
    expect([pool.pointValue?.toNumber(), [...pool.due], pool.residual]).toEqual([0, [-10, 3000], -1990])
  })

  test('the ratio convention refuses cases without fund amounts, and a share of next to nothing', () => {
    const ratio = { ...terms, patientShare: 'ratio' } as const
    const list = [{ points: 5, paid: 0, cost: 9e14, patient: 0, fund: 0 }]
    expect(() => dividePool(1000, list, ratio)).toThrow(/SET-001/)
    expect(() => dividePool(1000, [{ ...list[0]!, fund: 1 }], ratio)).toThrow(/SET-002/)
  })

  test('a floored due is taken from the residual', () => {
    const list = [
      { points: 1, paid: 0, cost: 9, patient: 900, fund: 0 },
      { points: 1, paid: 0, cost: 9, patient: 0, fund: 0 },
    ]
    const pool = dividePool(100, list, { ...terms, negativeDue: 'floorZero' })
    expect([[...pool.net], [...pool.due], pool.residual]).toEqual([[-400, 500], [0, 500], -400])
  })
})
