import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { bestResponse } from '../../simulate/behaviour/best-response.ts'
import { readBehaviour } from '../../simulate/behaviour/config.ts'
import { type EarningRules, paidValue, poolBase, valuesOf } from '../../simulate/behaviour/earned.ts'
import { equilibrium } from '../../simulate/behaviour/equilibrium.ts'
import {
  type Action,
  deterrence,
  type Player,
  payoff,
  pointValues,
  type Rules,
  STILL,
  sumOthers,
} from '../../simulate/behaviour/game.ts'
import { respond } from '../../simulate/behaviour/respond.ts'
import { readProjection } from '../../simulate/projection/config.ts'
import { project } from '../../simulate/projection/project.ts'
import { createBaseline } from '../../simulate/scenario/run.ts'
import { type Claim, dividePool } from '../../simulate/settle/pool.ts'
import { type PoolSettlement, settleRegion } from '../../simulate/settle/region.ts'
import { monthValues } from '../../simulate/settle/trend.ts'
import { mayBeRefused } from './capped-region.ts'
import { player, rules, solver } from './game.ts'
import { ruledRegion } from './ruled-region.ts'

// Floor, ceiling, rounding and elastic rates: behaviour, projection and months say what the settlement says.

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0)
const quick = { ...readBehaviour(), solver: { ...readBehaviour().solver, rounds: 1 } }
const still = {
  ...readProjection(), years: 1, runs: 2, inpatientShare: 1, useGrowth: 0, costGrowth: 0,
  uncertainty: { use: 0, cost: 0, income: 0 },
} // biome-ignore format: a projection

/**
 * How far the payment of a hospital by a pool may lie from what its points earn, fen: money on points is a whole fen (½)
 * and is shared by largest remainders (< 1). An elastic rate does both twice, and what it divides of a region's base points
 * is whole too: a hospital may have almost a unit of 1e-4 more or fewer, which moves it from one value to the other.
 */
function wholeUnits({ elastic, total }: PoolSettlement): number {
  if (elastic === null) return 1.5
  const { fixedPoints, extraPoints, fixedValue, extraValue } = elastic
  const unit = fixedValue === null || extraValue === null ? 0 : fixedValue.minus(extraValue).abs().toNumber() / 100
  return 3 + unit + doubles(total, fixedPoints, extraPoints)
}

/**
 * What a difference of doubles adds, fen: extra points are all points less base points, sums of at most seven doubles each;
 * where they are few, money goes by what is left of the last digits of the many: 16 roundings of 2⁻⁵³.
 */
function doubles(money: number, base: number, extra: number): number {
  return extra === 0 ? 0 : (money * 2 ** -49 * (base + extra)) / extra
}

describe('a settled region with rules on its point value', () => {
  test('responds from the point values and dues that it has, and each hospital earns at first what it is paid', () => {
    let met = 0
    fc.assert(
      fc.property(ruledRegion, input => {
        const settled = createBaseline(input)
        const raced = settled.settlement.pools.filter(one => one.points > 0)
        if (input.policy.method === 'rate' || raced.length === 0) return
        // Refused: capped-response.test.ts.
        if (mayBeRefused(input.policy)) return
        const [points] = respond(settled, quick)
        const { hospitals } = settled.settlement
        expect(points!.due.map(row => row.before)).toEqual(hospitals.map(row => row.due))
        for (const [s, value] of points!.equilibrium.path[0]!.pointValue.entries()) {
          // A pool divides whole fen: of few points the value shows it.
          const { pointValue, points: all } = raced[s]!
          const own = pointValue!.toNumber()
          expect(Math.abs(value - own)).toBeLessThan(1e-9 * (1 + own) + 200 / all)
        }
        met += raced.some(one => one.held !== 0) ? 1 : 0
        const { pvDecimals } = input.policy.document
        // Points that no pool pays are raced for by nobody; a rounded value is not what hospitals reckon with.
        if (pvDecimals !== null || raced.length < settled.settlement.pools.length) return
        const bound = sum(settled.settlement.pools.map(wholeUnits))
        for (const [h, { gross }] of hospitals.entries())
          expect(Math.abs(points!.still[h]!.revenue * 100 - gross)).toBeLessThan(bound + 1e-12 * gross)
      }),
      { numRuns: 150 },
    )
    expect(met).toBeGreaterThan(20)
  })

  test('is projected from what its funds pay: the first year spends the dues, a fan without spread is the settled value', () => {
    fc.assert(
      fc.property(ruledRegion, input => {
        const settled = createBaseline(input)
        const { rows, fans } = project(settled, 2025, still)
        const first = rows.filter(row => row.year === 2025)
        const due = sum(settled.settlement.hospitals.map(row => row.due))
        expect(Math.abs(sum(first.map(row => row.spending)) - due)).toBeLessThanOrEqual(1)
        for (const [i, row] of rows.entries()) {
          const own = settled.settlement.pools.find(one => one.insurances.includes(row.insurance))!
          if (row.year !== 2025) continue
          expect(row.pointValue).toBe(own.pointValue?.toNumber() ?? null)
          const fan = fans[i]!.pointValue
          if (fan !== null) expect(fan.wide).toEqual([row.pointValue, row.pointValue])
        }
      }),
      { numRuns: 100 },
    )
  })

  test('has in its only month the value of the year', () => {
    fc.assert(
      fc.property(ruledRegion, input => {
        const cases = { ...input.cases, months: ['2025-01'], month: input.cases.month.map(() => 0) }
        const settlement = settleRegion({ ...input, cases })
        const own = settlement.pools.filter(one => one.pointValue !== null)
        const months = monthValues(settlement, input.policy)
        expect(months.map(one => one.pointValue?.toString())).toEqual(own.map(one => one.pointValue?.toString()))
      }),
      { numRuns: 150 },
    )
  })
})

test('what points earn in the game is what a pool divides, for any bounds and elastic rate', () => {
  const yuan = fc.integer({ min: 1, max: 500 })
  fc.assert(
    fc.property(
      fc.array(fc.record({ points: fc.integer({ min: 1, max: 1e9 }), base: fc.nat(1e9) }), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.integer({ min: 1, max: 1e10 }),
      fc.option(yuan),
      fc.option(yuan),
      fc.constantFrom('none', 'value', 'share'),
      yuan,
      (list, budget, min, over, kind, preset) => {
        const max = over === null ? null : (min ?? 0) + over
        const decimal = (n: number | null): Decimal | null => (n === null ? null : new Decimal(n))
        const value = { min: decimal(min), max: decimal(max), decimals: null, rounding: 'halfUp' as const }
        const elastic = {
          value: kind === 'value' ? new Decimal(preset) : null,
          fixedShare: kind === 'share' ? new Decimal('0.6') : null,
        }
        const claims = list.map(
          ({ points, base }): Claim => ({ points, paid: 0, cost: 0, patient: 0, fund: 0, basePoints: base }),
        )
        const pool = dividePool(budget, claims, {
          method: 'points', patientShare: 'subtract', payRatio: null, negativeDue: 'net', value, ...(kind === 'none' ? {} : { elastic }),
        }) // biome-ignore format: a pool
        const earning: EarningRules = {
          value,
          elastic: kind === 'none' ? null : { value: elastic.value?.toNumber() ?? null, fixedShare: 0.6, base: null },
        }
        const own = list.map(({ points, base }) => Math.min(points, base) / 10_000)
        const all = sum(list.map(({ points }) => points / 10_000))
        const base = poolBase(earning, all, sum(own))
        const values = valuesOf(budget / 100, { all, base }, earning)
        const { fixedPoints = 0, extraPoints = 0 } = pool.elastic ?? {}
        const off = (pool.elastic === null ? 1.5 : 3) + doubles(budget, fixedPoints, extraPoints) + 1e-12 * budget
        for (const [i, { points }] of list.entries()) {
          const part = earning.elastic === null ? 0 : own[i]!
          const earned = part * values.base + (points / 10_000 - part) * values.extra
          expect(Math.abs(earned * 100 - pool.gross[i]!)).toBeLessThan(off)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('the value that the game shows is the one that the pool pays, also where it is exactly halfway', () => {
  const decimal = (text: string | null): Decimal | null => (text === null ? null : new Decimal(text))
  fc.assert(
    fc.property(
      fc.oneof(fc.constant(1), fc.constant(10_000)).chain(unit => {
        const points = fc.integer({ min: 1, max: 1e7 / unit }).map(n => n * unit)
        return fc.array(fc.tuple(points, fc.nat(1e7)), { minLength: 1, maxLength: 4 })
      }),
      fc.oneof(
        fc.integer({ min: 1, max: 1e10 }),
        fc.integer({ min: 1, max: 2000 }).map(half => half / 2),
      ),
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom('halfUp', 'down', 'up'),
      fc.constantFrom(null, { value: '58.5', share: null }, { value: null, share: '0.7' }),
      (list, budget, decimals, rounding, kind) => {
        const all = sum(list.map(([points]) => points))
        const base = kind === null ? 0 : sum(list.map(([points, most]) => Math.min(points, most)))
        // A value in halves of a unit of the last place times the points, where that is whole fen; else any budget.
        const exact = (budget / 10 ** decimals / 100) * all
        const fund = Number.isInteger(budget) || !Number.isInteger(exact) ? Math.ceil(budget) : exact
        const value = { min: null, max: null, decimals, rounding }
        const elastic = kind === null ? null : { value: decimal(kind.value), fixedShare: decimal(kind.share) }
        const claims = list.map(
          ([points, most]): Claim => ({ points, paid: 0, cost: 0, patient: 0, fund: 0, basePoints: most }),
        )
        const pool = dividePool(fund, claims, {
          method: 'points', patientShare: 'subtract', payRatio: null, negativeDue: 'net', value, ...(elastic === null ? {} : { elastic }),
        }) // biome-ignore format: a pool
        const earning: EarningRules = {
          value,
          elastic: kind && {
            value: elastic?.value?.toNumber() ?? null,
            fixedShare: Number(kind.share ?? 1),
            base: null,
          },
        }
        const points = { all: all / 10_000, base: base / 10_000 }
        expect(paidValue(fund / 100, points, earning)).toBe(pool.pointValue!.toNumber())
      },
    ),
    { numRuns: 500 },
  )
})

const players: readonly Player[] = [80, 100, 140].map((points, h) =>
  player({ code: `H${h}`, points: Float64Array.of(points), cost: 0.7 * points, kappa: points, eta: 0.1 }),
)
const ruled = (earning: EarningRules, fields: Partial<Rules> = {}): Rules =>
  rules({
    budget: Float64Array.of(320),
    earning: [earning],
    bounds: { volume: [0.5, 2], upcoding: 0.1, effort: 0, splitting: 0, refusal: 0 },
    ...fields,
  })
const bounds = (min: number | null, max: number | null): EarningRules => ({
  value: {
    min: min === null ? null : new Decimal(min),
    max: max === null ? null : new Decimal(max),
    decimals: null,
    rounding: 'halfUp',
  },
  elastic: null,
})
const elastic = (value: number, base: number): EarningRules => ({
  value: null,
  elastic: { value, fixedShare: 1, base },
})

describe('a value that a rule fixes is a rate', () => {
  test.each([
    ['a ceiling below every value', 0.5, bounds(null, 0.5)],
    ['a floor above every value', 1.3, bounds(1.3, null)],
    ['a preset value for all points', 0.9, elastic(0.9, 10_000)],
  ])('%s', (_, rate, earning) => {
    const fixed = equilibrium(players, ruled(earning, { method: 'rate', rate: Float64Array.of(rate) }), solver)
    const found = equilibrium(players, ruled(earning), solver)
    expect(found.converged).toBe(true)
    for (const [h, action] of found.actions.entries()) {
      expect(action.m).toBeCloseTo(fixed.actions[h]!.m, 5)
      expect(action.u).toBeCloseTo(fixed.actions[h]!.u, 5)
    }
    expect(found.payoffs.map(one => one.profit)).toEqual(fixed.payoffs.map(one => expect.closeTo(one.profit, 4)))
    expect(deterrence(players, found.actions, ruled(earning))).toBeCloseTo(1, 6)
  })

  test('bounds that nothing reaches change nothing', () => {
    const plain = equilibrium(players, { ...ruled(bounds(null, null)), earning: [null] }, solver)
    const bounded = equilibrium(players, ruled(bounds(0.01, 100)), solver)
    for (const [h, action] of bounded.actions.entries()) expect(action.m).toBeCloseTo(plain.actions[h]!.m, 5)
    const at = deterrence(players, plain.actions, { ...ruled(bounds(null, null)), earning: [null] })
    expect(deterrence(players, plain.actions, ruled(bounds(0.01, 100)))).toBeCloseTo(at, 5)
  })
})

test('a best response is the best of a fine grid, whatever rule bends the payoff', () => {
  const share = fc.double({ min: 0.5, max: 2, noNaN: true })
  const earning = fc.oneof(
    fc.tuple(share, share).map(([a, b]) => bounds(Math.min(a, b), Math.max(a, b))),
    share.map(value => bounds(value, null)),
    fc.tuple(share, fc.integer({ min: 20, max: 400 })).map(([value, base]) => elastic(value, base)),
  )
  fc.assert(
    fc.property(earning, fc.array(share, { minLength: 3, maxLength: 3 }), (by, m) => {
      const given = ruled(by)
      const actions = m.map((one): Action => ({ ...STILL, m: one }))
      const others = sumOthers(players, actions, given, 0)
      const price = pointValues(players, actions, given)
      const get = (one: Action): number => payoff(players[0]!, one, others, price, given).profit
      const best = get(bestResponse(players[0]!, actions[0]!, others, price, given))
      for (let n = 0; n <= 60; n++)
        for (const u of [0, 0.1]) expect(best).toBeGreaterThanOrEqual(get({ ...STILL, m: 0.5 + n / 40, u }) - 1e-3)
    }),
  )
})
