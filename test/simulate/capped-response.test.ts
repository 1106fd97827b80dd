import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestResponse } from '../../simulate/behaviour/best-response.ts'
import type { GameCap } from '../../simulate/behaviour/caps.ts'
import { readBehaviour } from '../../simulate/behaviour/config.ts'
import { equilibrium } from '../../simulate/behaviour/equilibrium.ts'
import { type Action, type Player, payoff, pointValues, STILL, sumOthers } from '../../simulate/behaviour/game.ts'
import { respond } from '../../simulate/behaviour/respond.ts'
import { compilePolicy, type Policy } from '../../simulate/policy/policy.ts'
import { type Baseline, createBaseline, runScenario } from '../../simulate/scenario/run.ts'
import { readScenario } from '../../simulate/scenario/scenario.ts'
import { NO_MARK } from '../../weights/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { anyPolicy, anyRegion } from './arbitrary.ts'
import { months, region } from './capped-region.ts'
import { player, rules, solver } from './game.ts'

const folder = temporaryFolder()
const settled = (baseline: Baseline, text: string) =>
  runScenario(baseline, readScenario(put(folder, 's.yaml', `title: {zh: 甲, en: A}\n${text}`)))

/** A player of 10 cases of 10 points, all of them under the one cap. */
const under = (code: string, fields: Partial<Player> = {}): Player =>
  player({ code, points: Float64Array.of(0), capped: { cases: Float64Array.of(10), points: Float64Array.of(100) }, ...fields }) // biome-ignore format: one line
const equals = (n: number, fields: Partial<Player> = {}): Player[] =>
  Array.from({ length: n }, (_, h) => under(`H${h}`, fields))
const spread = (quota: number, factor: number): readonly GameCap[] => [{ quota, factor, byDate: false, slots: [0] }]

describe('the race of equals whose cases all fall under one cap', () => {
  test.each([2, 3, 5, 20])(
    '%i hospitals share what the quota leaves by their cases: m* = T(N − 1)/(N²v) as before',
    n => {
      const found = equilibrium(equals(n), rules({ caps: spread(5, 0) }), solver)
      for (const action of found.actions) expect(action.m).toBeCloseTo((1000 * (n - 1)) / (n * n * 50), 5)
      expect(found.gap).toBeLessThan(1e-9)
    },
  )

  test('under a rate they race for the quota: m* = (1 − φ)q(N − 1) / (N²c(v/Rp − φ)), where without cap each would grow to its bound', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 9 }),
        fc.constantFrom(0, 0.2, 0.4),
        fc.integer({ min: 45, max: 90 }),
        fc.integer({ min: 5, max: 40 }),
        (n, factor, v, share) => {
          // A quota of a part of the n · 10 cases at volume 1; 100 points earn 100 yuan a unit of volume.
          const quota = (n * 10 * share) / 100
          const m = ((1 - factor) * quota * (n - 1)) / (n * n * 10 * (v / 100 - factor))
          // Beyond the quota, and within the bound of volume: the formula is that of an inner optimum.
          fc.pre(n * 10 * m > quota * 1.01 && m < 90)
          const found = equilibrium(
            equals(n, { cost: v }),
            rules({ method: 'rate', caps: spread(quota, factor) }),
            solver,
          )
          for (const action of found.actions) expect(action.m).toBeCloseTo(m, 4)
        },
      ),
      { numRuns: 10 },
    )
  })

  test('counts by date as it counts over the year, where all months are alike', () => {
    const by = (caps: readonly GameCap[], slots: number) => {
      const capped = {
        cases: new Float64Array(slots).fill(10 / slots),
        points: new Float64Array(slots).fill(100 / slots),
      }
      const players = [under('A', { capped }), under('B', { capped })]
      const given = rules({ caps })
      const actions = [{ ...STILL, m: 1.7 }, STILL]
      const value = pointValues(players, actions, given)
      return [value[0]!, ...players.map((one, h) => payoff(one, actions[h]!, sumOthers(players, actions, given, h), value, given).revenue)] // biome-ignore format: one list
    }
    const year = by(spread(16, 0.5), 1)
    const dated = by([{ quota: 16, factor: 0.5, byDate: true, slots: [0, 1, 2, 3] }], 4)
    // 27 cases: 16 + 11 / 2 = 21.5 of them count, at 10 points each.
    expect(year[0]).toBeCloseTo(1000 / 215, 12)
    for (const [i, value] of year.entries()) expect(dated[i]).toBeCloseTo(value, 9)
  })
})

test('a best response under caps is at least as good as any other action', () => {
  const one = (max: number) => fc.double({ min: 0, max, noNaN: true })
  const action = fc.record({ m: fc.double({ min: 0.5, max: 1.5, noNaN: true }), u: one(0.15), e: one(0.1), y: one(0.1), x: one(0.5) }) // biome-ignore format: one line
  const bounds = { volume: [0.5, 1.5] as const, upcoding: 0.15, effort: 0.1, splitting: 0.1, refusal: 0.5 }
  const capped = fc
    .tuple(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 4, maxLength: 4 }), one(60))
    .map(([list, points]) => ({
      cases: Float64Array.from(list),
      points: Float64Array.from(list, n => (n * points) / 10),
    }))
  const cap = (slots: readonly number[], byDate: boolean) =>
    fc.record({ quota: fc.integer({ min: 0, max: 120 }), factor: fc.constantFrom(0, 0.5, 0.9, 1), byDate: fc.constant(byDate), slots: fc.constant(slots) }) // biome-ignore format: one line
  fc.assert(
    fc.property(
      action,
      action,
      capped,
      capped,
      fc.tuple(cap([0], false), cap([1, 2, 3], true)),
      fc.constantFrom('points' as const, 'rate' as const),
      (mine, theirs, own, other, caps, method) => {
        const given = rules({ method, caps, bounds, detection: 0.1, fine: 2, patientPayScales: true })
        const fields = { points: Float64Array.of(60), patient: Float64Array.of(40), cost: 60, kappa: 60, eta: 0.2, psi: 500, splitPoints: 0.5, splitCost: 0.2, dearPoints: 0.1, dearCost: 0.2 } // biome-ignore format: one line
        const players = [player({ code: 'A', ...fields, capped: own }), player({ code: 'B', ...fields, capped: other })]
        const others = sumOthers(players, [STILL, theirs], given, 0)
        const price = pointValues(players, [STILL, theirs], given)
        const get = (action: Action): number => payoff(players[0]!, action, others, price, given).profit
        expect(get(bestResponse(players[0]!, STILL, others, price, given))).toBeGreaterThanOrEqual(get(mine) - 1e-6)
      },
    ),
    { numRuns: 80 },
  )
})

describe('a region', () => {
  const config = readBehaviour()
  const none = config.splitting.max
  const onlyVolume = { ...config, upcoding: { ...config.upcoding, max: none }, effort: { ...config.effort, max: none } }
  const still = { ...onlyVolume, solver: { ...config.solver, rounds: 1 } }
  const CAPPED = ['G0', 'P1', 'G2']
  const cuts = fc.constantFrom('spread' as const, 'byDate' as const)
  /** Policies that divide by points and nothing else, with caps or without. */
  const plain = (isCapped: boolean): fc.Arbitrary<Policy> =>
    fc
      .tuple(anyPolicy.filter(({ method, document }) => method === 'points' && !document.reclassifyAtYearEnd), cuts)
      .map(([{ document }, cut]) =>
        compilePolicy({
          ...document, redirect: [], elastic: null, pvMin: null, pvMax: null, pvDecimals: null, patientShare: 'subtract', negativeDue: 'net',
          volumeCap: isCapped ? CAPPED.map(group => ({ group, quota: '2', factor: '0.35', cut })) : [],
        }),
      ) // biome-ignore format: one document
  const volumeText = (codes: readonly string[], volumes: readonly number[]): string =>
    `set: {${codes.map((code, h) => `hospital.${code}.volume: "${volumes[h]!}"`).join(', ')}}\n`
  const anyVolume = fc.array(fc.constantFrom(0.8, 0.9, 1, 1.05, 1.2), { minLength: 9, maxLength: 9 })

  test('settles a response of volumes as the scenario of these volumes, caps counted anew', () => {
    let moved = 0
    fc.assert(
      fc.property(plain(true).chain(policy => anyRegion(policy, 60)), input => {
        const baseline = createBaseline(input)
        fc.pre(baseline.settlement.pools.some(({ points }) => points > 0))
        const [found] = respond(baseline, { ...onlyVolume, solver: { ...onlyVolume.solver, rounds: 3 } })
        const { players, equilibrium: end, due } = found!
        const volumes = end.actions.map(({ m }) => Number(m.toFixed(9)))
        const { settlement } = settled(baseline, volumeText(players.map(({ code }) => code), volumes))
        expect(due.map(({ after }) => after)).toEqual(settlement.hospitals.map(row => row.due))
        expect(due.map(({ before }) => before)).toEqual(baseline.settlement.hospitals.map(row => row.due))
        if (volumes.some(m => m !== 1)) moved++
      }),
      { numRuns: 25 },
    ) // biome-ignore format: one property
    expect(moved).toBeGreaterThan(20)
  })

  test.each([false, true])(
    'reckons with what the settlement pays at any volumes, but for whole units (caps: %s)',
    isCapped => {
      let met = 0
      fc.assert(
      fc.property(plain(isCapped).chain(policy => anyRegion(policy, 60)), anyVolume, (input, list) => {
        const baseline = createBaseline(input)
        fc.pre(baseline.settlement.pools.some(({ points }) => points > 0))
        fc.pre(input.visitors === undefined || input.visitors.length === 0)
        const [{ players, rules: given, pools }] = respond(baseline, still) as [ReturnType<typeof respond>[number]]
        const codes = players.map(({ code }) => code)
        const volumes = codes.map((_, h) => list[h % list.length]!)
        const actions = volumes.map(m => ({ ...STILL, m }))
        const { settlement } = settled(baseline, volumeText(codes, volumes))
        const price = pointValues(players, actions, given)
        // Money and points in whole units: half a unit for each sum of a hospital and insurance, and for each case that a cap
        // has valued anew (1.2 times at most, beside as many at the start), which is rounded to the step of the policy.
        const capped = (h: number): number => (isCapped ? 2.2 * (baseline.settlement.hospitals[h]?.cases ?? 0) : 0)
        for (const [p, { insurances }] of pools.entries()) {
          const sums = insurances.length
          const off = codes.map((_, h) => 0.5e-4 * (sums + capped(h) * input.policy.rules.step.points))
          const allOff = off.reduce((a, b) => a + b, 0)
          const total = players.map((one, h) => payoffPoints(one, actions[h]!, given, players, actions, p, h))
          const all = total.reduce((a, b) => a + b, 0)
          if (all < 1 || allOff > all / 10) continue
          // Patients' payments and money off the top: half a fen for each hospital and insurance.
          const money = 0.005 * 2 * sums * codes.length
          for (const [h, code] of codes.entries()) {
            const units = settlement.units.filter(unit => unit.hospital === code && insurances.includes(unit.insurance))
            const gross = units.reduce((sum, unit) => sum + unit.gross, 0) / 100
            const own = total[h]! * price[p]! + players[h]!.paid[p]! * volumes[h]!
            const share = total[h]! / all
            const bound = money * share + (price[p]! * (off[h]! + share * allOff)) / (1 - allOff / all) + 0.005 * sums + 0.01 // biome-ignore format: one sum
            // A pool that money off the top has emptied pays no points, in both.
            if (price[p]! > 0) expect(Math.abs(own - gross)).toBeLessThanOrEqual(bound + 1e-9 * Math.abs(own))
            met++
          }
        }
      }),
      { numRuns: 80 },
    ) // biome-ignore format: one property
      expect(met).toBeGreaterThan(20)
    },
  )

  test('refuses what it cannot tell beside caps', () => {
    const volumeCap = [{ group: 'AA11', quota: '4' }]
    const list = months('AA11', [3, 2, 4])
    const refused = (fields: Record<string, unknown>) => () => respond(createBaseline(region([...list, ['BB11', '2025-01']], { volumeCap, ...fields })), still) // biome-ignore format: one line
    const fault = (field: string) => expect.objectContaining({ code: 'BHV-003', at: { field } })
    expect(refused({ elastic: { by: 'volume', basePoints: { employee: '500' }, value: '90' } })).toThrow(
      fault('elastic'),
    )
    expect(refused({ elastic: { groups: ['AA11'], rate: '9000' } })).toThrow(fault('volumeCap'))
    expect(refused({ pvMin: '80' })).toThrow(fault('pvMin'))
    expect(refused({ pvMax: '80' })).toThrow(fault('pvMax'))
    expect(refused({})).not.toThrow()
  })

  test('refuses cases that are paid as a group under another cap: they count by the one and are cut by the other', () => {
    const list = [...months('AA11', [2]), ...months('BB11', [2])]
    const asGroup = (i: number, fields: Record<string, unknown>) => () => {
      const redirect = [{ id: 'r', group: list[i]![0], to: list[3 - i]![0] }]
      const marks = list.map((_, k) => (k === i ? { ...NO_MARK, redirect: 'r' } : NO_MARK))
      return respond(createBaseline(region(list, { redirect, ...fields }, marks)), still)
    }
    const volumeCap = [{ group: 'AA11', quota: '1' }]
    for (const i of [0, 3])
      expect(asGroup(i, { volumeCap })).toThrow(expect.objectContaining({ code: 'BHV-003', at: { field: 'redirect' } }))
    expect(asGroup(0, {})).not.toThrow()
    expect(() => respond(createBaseline(region(list, { volumeCap, redirect: [{ id: 'r', group: 'AA11', to: 'BB11' }] })), still)).not.toThrow() // biome-ignore format: one line
  })
})

/** Points of a player in one pool at given actions, from its own payoff under a rate of 1 yuan a point there alone. */
function payoffPoints(
  one: Player,
  action: Action,
  given: Parameters<typeof payoff>[4],
  players: readonly Player[],
  actions: readonly Action[],
  pool: number,
  self: number,
): number {
  const rate = given.budget.map((_, p) => (p === pool ? 1 : 0))
  const bare = { ...one, paid: one.paid.map(() => 0) }
  const by = { ...given, method: 'rate' as const, rate }
  return payoff(bare, action, sumOthers(players, actions, by, self), rate, by).revenue
}
