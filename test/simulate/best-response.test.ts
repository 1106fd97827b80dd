import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { bestResponse } from '../../simulate/behaviour/best-response.ts'
import type { EarningRules } from '../../simulate/behaviour/earned.ts'
import { equilibrium } from '../../simulate/behaviour/equilibrium.ts'
import {
  type Action,
  type Player,
  payoff,
  pointValues,
  type Rules,
  STILL,
  sumOthers,
} from '../../simulate/behaviour/game.ts'
import { player, rules, solver } from './game.ts'

// The best answer to what others do, where rules bend what points earn or let it jump: compared with grids and closed forms.

const elastic = (value: number, base: number): EarningRules => ({
  value: null,
  elastic: { value, fixedShare: 1, base },
})
const players = (kappa: number): readonly Player[] =>
  [80, 100, 140].map((points, h) =>
    player({ code: `H${h}`, points: Float64Array.of(points), cost: 0.7 * points, kappa: kappa * points, eta: 0.1 }),
  )

interface Game {
  readonly best: Action
  readonly profit: (action: Action) => number
}
/** The first hospital's best response to what the others do, and its profit by any action. */
function answer(all: readonly Player[], actions: readonly Action[], given: Rules, price?: Float64Array): Game {
  const others = sumOthers(all, actions, given, 0)
  const expected = price ?? pointValues(all, actions, given)
  const profit = (action: Action): number => payoff(all[0]!, action, others, expected, given).profit
  return { best: bestResponse(all[0]!, actions[0]!, others, expected, given), profit }
}

describe('where an elastic rate jumps', () => {
  const upTo = (upcoding: number): Rules['bounds'] => ({
    volume: [0.5, 2],
    upcoding,
    effort: 0,
    splitting: 0,
    refusal: 0,
  })
  // Others have 192 points; up to 250 in all a point earns 0.5, with the first beyond that all share 200.
  const actions = [STILL, { ...STILL, m: 0.8 }, { ...STILL, m: 0.8 }]
  const given = (detection: number, upcoding: number): Rules =>
    rules({ budget: Float64Array.of(200), earning: [elastic(0.5, 250)], detection, bounds: upTo(upcoding) })

  test('the volume just beyond it is found', () => {
    const { best, profit } = answer(players(0), actions, given(0, 0))
    expect(best.m).toBeCloseTo(58 / 80, 5)
    expect(profit(best)).toBeCloseTo((200 * 58) / 250 - 0.7 * 58, 4)
  })

  // Along the edge 58 = 80·m·(1 + 0.1·u): all codes higher spare a part of 56·m and cost the fine π·8·m·u, which pays up to
  // π = 0.7. Beyond the edge a point earns 200·192 / 250² = 0.61, so that from 0.61 on codes do not pay by themselves.
  test.each([
    [0.6, 1],
    [0.65, 1],
    [0.72, 0],
  ])('at a burden of %f codes are higher by %i, with the volume that keeps to the edge', (detection, u) => {
    for (const m of [0.5, 1, 2]) {
      const { best, profit } = answer(
        players(0),
        [{ ...STILL, m }, ...actions.slice(1)],
        given(detection, 1),
        Float64Array.of(1),
      )
      const volume = 58 / 80 / (1 + 0.1 * u)
      expect(best.u).toBeCloseTo(u, 5)
      expect(best.m).toBeCloseTo(volume, 5)
      expect(profit(best)).toBeCloseTo((200 * 58) / 250 - 56 * volume - detection * 8 * volume * u, 4)
    }
  })

  test.each([0.5, 1, 2])('the search of an equilibrium ends beyond it, from a volume of %f', m => {
    const start = [{ ...STILL, m }, ...actions.slice(1)]
    const found = equilibrium(players(0), given(0, 0), solver, [0], start)
    expect(found.converged).toBe(true)
    expect(found.gap).toBeLessThan(1e-6)
    expect(found.payoffs[0]!.profit).toBeCloseTo((200 * 58) / 250 - 0.7 * 58, 4)
  })

  test('a remnant of adding doubles is no point beyond it', () => {
    const three = [0.5, 0.5, 0.5 + 2 ** -52].map((m): Action => ({ ...STILL, m }))
    const { profit } = answer(players(1), three, rules({ budget: Float64Array.of(320), earning: [elastic(0.5, 198)] }))
    expect(profit({ ...STILL, m: 0.975 })).toBeCloseTo(0.5 * 78 - 56 * 0.975 - 40 * 0.025 ** 2, 9)
    // A unit more: 320 yuan for 198.0001 points.
    const m = 78.0001 / 80
    expect(profit({ ...STILL, m })).toBeCloseTo((320 * 78.0001) / 198.0001 - 56 * m - 40 * (1 - m) ** 2, 6)
  })
})

test('a hospital alone in a pool has it for the least that it can do', () => {
  const { best, profit } = answer([player({ code: 'A' })], [STILL], rules())
  expect(best.m).toBeLessThan(1e-5)
  expect(profit(best)).toBeCloseTo(1000, 3)
})

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })
const some = (one: fc.Arbitrary<number>): fc.Arbitrary<number> => fc.oneof(fc.constant(0), one)
const column = (one: fc.Arbitrary<number>): fc.Arbitrary<Float64Array> =>
  fc.array(one, { minLength: 2, maxLength: 2 }).map(list => Float64Array.from(list))
const anyEarning = fc
  .record({
    min: fc.option(between(0.3, 2)),
    over: fc.option(between(0, 2)),
    preset: fc.option(between(0.1, 2.5)),
    fixedShare: between(0, 1),
    base: fc.option(fc.oneof(fc.integer({ min: 20, max: 500 }), between(20, 500))),
    isElastic: fc.boolean(),
  })
  .map(({ min, over, preset, fixedShare, base, isElastic }): EarningRules | null => {
    const decimal = (n: number | null): Decimal | null => (n === null ? null : new Decimal(n))
    const max = over === null ? null : (min ?? 0.3) + over
    const isHeld = min !== null || max !== null
    if (!isHeld && !isElastic) return null
    return {
      value: isHeld ? { min: decimal(min), max: decimal(max), decimals: null, rounding: 'halfUp' } : null,
      elastic: isElastic ? { value: preset, fixedShare, base } : null,
    }
  })
const anyPlayer = fc
  .record({
    points: column(fc.oneof(fc.integer({ min: 1, max: 200 }), between(1, 200))),
    patient: column(some(between(0, 60))),
    visiting: column(some(between(0, 60))),
    paid: column(some(between(0, 60))),
    base: column(some(between(0, 200))),
    cost: between(0.1, 1.2), kappa: some(between(0, 3)), psi: between(0.5, 10), eta: some(between(0, 0.6)),
    splitPoints: between(0, 1), splitCost: between(0, 0.6), dearPoints: some(between(0, 0.5)), dearCost: some(between(0, 0.7)),
  }) // biome-ignore format: a player
  .map(({ cost, kappa, psi, ...rest }) => {
    const all = cost * (rest.points[0]! + rest.points[1]!)
    return player({ code: 'A', ...rest, cost: all, kappa: kappa * all, psi: psi * all })
  })
const anyAction = fc.record({
  m: between(0.5, 2),
  u: some(between(0, 0.2)),
  e: fc.constant(0),
  y: fc.constant(0),
  x: fc.constant(0),
})
const anyRules = fc
  .record({
    budget: column(between(50, 800)),
    earning: fc.array(anyEarning, { minLength: 2, maxLength: 2 }),
    patientPayScales: fc.boolean(),
    detection: some(between(0, 0.5)),
    fine: between(0, 2),
    bounds: fc.record({
      volume: fc.tuple(fc.constantFrom(0, 0.5, 0.8, 1), fc.constantFrom(1, 1.2, 2)),
      upcoding: some(between(0.05, 1)), effort: some(between(0, 0.5)), splitting: some(between(0, 0.3)), refusal: some(between(0, 1)),
    }),
  }) // biome-ignore format: rules
  .map(fields => rules({ ...fields, rate: new Float64Array(2) }))

test('nothing on a grid of all choices is better, in two pools of any rules', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyPlayer, anyAction), { minLength: 2, maxLength: 4 }), anyRules, (list, given) => {
      const { best, profit } = answer(list.map(([one]) => one), list.map(([, one]) => one), given) // biome-ignore format: a game
      const { volume, upcoding, effort, splitting, refusal } = given.bounds
      const steps = (low: number, high: number, n: number): number[] =>
        high > low ? Array.from({ length: n + 1 }, (_, i) => low + ((high - low) * i) / n) : [low]
      const most = profit(best)
      for (const m of steps(...volume, 40))
        for (const u of steps(0, upcoding, 4))
          for (const e of steps(0, effort, 4))
            for (const y of steps(0, splitting, 2))
              for (const x of steps(0, refusal, 4)) {
                const other = profit({ m, u, e, y, x })
                if (other > most) expect(most).toBeGreaterThanOrEqual(other - 1e-6 * (1 + Math.abs(other)))
              }
    }),
  )
})
