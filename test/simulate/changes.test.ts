import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { assumptionsOf, withAssumed } from '../../simulate/scenario/assumption.ts'
import { blockParts, blockRates, RULE_BLOCKS } from '../../simulate/scenario/blocks.ts'
import { breakdown, DIMENSIONS } from '../../simulate/scenario/breakdown.ts'
import { changeCases } from '../../simulate/scenario/cases.ts'
import { compare } from '../../simulate/scenario/compare.ts'
import { CAUSES } from '../../simulate/scenario/decompose.ts'
import { explainScenario } from '../../simulate/scenario/explain.ts'
import { inequality } from '../../simulate/scenario/inequality.ts'
import { leverOf } from '../../simulate/scenario/levers.ts'
import { isDated, parsePeriod, periodProblem, valueIn } from '../../simulate/scenario/period.ts'
import {
  type Baseline,
  checkScenarios,
  createBaseline,
  type Outcome,
  runScenario,
} from '../../simulate/scenario/run.ts'
import { readScenario } from '../../simulate/scenario/scenario.ts'
import { productChange, roundParts, shapley } from '../../simulate/scenario/shapley.ts'
import { addLedgers, scaleCells, scaleLedger } from '../../simulate/scenario/volume.ts'
import { CLASSES } from '../../simulate/settle/classes.ts'
import { sumByGroup } from '../../simulate/settle/ledger.ts'
import { type RegionInput, settleRegion, valueRegion } from '../../simulate/settle/region.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { anyPolicy, anyRegion, largestRegion, pick } from './arbitrary.ts'
import { POINTS, policyOf } from './examples.ts'

const folder = temporaryFolder()
const region = largestRegion(POINTS, { cases: 600, draws: 30 })
const baseline = createBaseline(region)
const months = region.cases.months

let files = 0
function write(text: string, name = `s${files++}`): string {
  return put(folder, `${name}.yaml`, `title: {zh: 测试, en: Test}\n${text}`)
}
function settled(text: string, base: Baseline = baseline): Outcome {
  return runScenario(base, readScenario(write(text)))
}
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

describe('periods', () => {
  test.each([
    ['2026', '2026-01', '2026-12'],
    ['2026-03-01', '2026-03', '9999-12'],
    ['2026-03-01.2026-05-31', '2026-03', '2026-05'],
    ['2024-02-01.2024-02-29', '2024-02', '2024-02'],
  ])('%s', (text, from, to) => expect(parsePeriod(text)).toMatchObject({ from, to }))
  test.each(['2026-3-1', '2026-03-02', '2026-03-01.2026-05-30', '2025-02-01.2025-02-29', '2026-05-01.2026-03-31', 'x'])(
    '%s is none',
    text => expect(parsePeriod(text)).toBeUndefined(),
  )
  test('the last open one holds; closed ones must not overlap', () => {
    const value = { '2025-03-01': 'b', '2024': 'a', '2025-07-01': 'c' }
    expect(isDated(value)).toBe(true)
    expect(['2024-05', '2025-02', '2025-03', '2025-06', '2025-07', '2030-01'].map(m => valueIn(value, m))).toEqual([
      'a',
      undefined,
      'b',
      'b',
      'c',
      'c',
    ])
    expect(periodProblem(value)).toBeUndefined()
    expect(periodProblem({ '2025': 'a', '2025-07-01': 'b' })).toBe('2025-07-01')
    expect(isDated({ 310: 'a' })).toBe(false)
  })
})

describe('a scenario by period', () => {
  test('for every month is the same as without periods', () => {
    const plain = settled('set: {policy.low.threshold: "0.6"}\n')
    const dated = settled('set:\n  policy.low.threshold: {"2025": "0.6"}\n')
    expect(dated.settlement).toEqual(plain.settlement)
  })
  test('adds up the months under their own rules', () => {
    const outcome = settled('set:\n  policy.low.threshold: {"2025-02-01": "0.6"}\n')
    expect(outcome.segments.map(segment => segment.months)).toEqual([['2025-01'], ['2025-02', '2025-03']])
    const later = settled('set: {policy.low.threshold: "0.6"}\n')
    const width = months.length
    for (const [i, value] of outcome.ledger.byMonth.points.entries()) {
      const side = i % width === 0 ? baseline.valued.ledger : later.ledger
      expect(value).toBe(side.byMonth.points[i])
    }
  })
  test.each([
    ['set:\n  budget.310.fund: {"2025-02-01": "5.00"}\n', 'SCN-011'],
    ['set:\n  policy.low.threshold: {"2031": "0.6"}\n', 'SCN-010'],
    ['set:\n  policy.low.threshold: {"2025": "0.6", "2025-02-01": "0.5"}\n', 'SCN-007'],
    ['scale:\n  budget.310.fund: {"2025-02-31": "+5%"}\n', 'SCN-007'],
  ])('%s is refused', (text, code) => {
    expect(() => settled(text)).toThrow(expect.objectContaining({ code }))
  })
})

describe('a stack', () => {
  test('is applied first', () => {
    write('set: {policy.low.threshold: "0.5"}\nscale: {budget.*.fund: "*2"}\n', 'below')
    const outcome = settled('stack: [below]\nset: {policy.low.threshold: "0.6"}\n')
    const { parameters } = outcome.segments[0]!
    expect(parameters.policy.low?.threshold).toBe('0.6')
    expect(outcome.settlement.pools[0]!.budget).toBe(baseline.settlement.pools[0]!.budget * 2)
  })
  test('with a mistake is refused', () => {
    expect(() => settled('stack: [nowhere]\n')).toThrow(expect.objectContaining({ code: 'SCN-008' }))
    write('stack: [b]\n', 'a')
    write('stack: [a]\n', 'b')
    expect(() => settled('stack: [a]\n')).toThrow(expect.objectContaining({ code: 'SCN-009' }))
  })
})

describe('changes of cases', () => {
  const around = { hospitals: region.hospitals, weights: region.weights }
  const changed = (change: object) => changeCases(region.cases, { one: { where: {}, ...change } as never }, around)

  test('of a where without a fit are refused by name', () => {
    const terms = { ...region, provisional: new Map(), months, groups: region.cases.groups }
    const scenario = readScenario(write('set:\n  changes.a: {kind: volume, factor: "2", where: {hospital: [H9]}}\n'))
    expect(() => checkScenarios(terms, [scenario])).toThrow(expect.objectContaining({ code: 'SCN-012' }))
    const other = readScenario(write('baseline: elsewhere\n'))
    expect(() => checkScenarios({ ...terms, ids: ['here'] }, [other])).toThrow(
      expect.objectContaining({ code: 'SCN-013' }),
    )
  })

  test('volume 2 of some cases equals having them twice', () => {
    const outcome = settled(
      'set:\n  changes.a: {kind: volume, factor: "2", where: {group: [G1], month: ["2025-02"]}}\n',
    )
    const { cases } = region
    const twice = [...Array(cases.count).keys()].flatMap(i =>
      cases.groups[cases.group[i]!]!.startsWith('G1') && cases.month[i] === 1 ? [i, i] : [i],
    )
    expect(outcome.settlement).toEqual(settleRegion({ ...region, cases: pick(cases, twice) }))
    expect(outcome.stage).toBe('volume')
  })

  test('volume factors of level, insurance and hospital multiply', () => {
    const both = settled('set: {level.3.volume: "2", insurance.310.volume: "3", hospital.H5.volume: "0"}\n')
    const { ledger } = both
    for (const [h, code] of ledger.hospitals.entries()) {
      const level = region.hospitals.find(one => one.code === code)!.level
      for (const [s, insurance] of ledger.insurances.entries()) {
        const factor = (level === '3' ? 2 : 1) * (insurance === '310' ? 3 : 1) * (code === 'H5' ? 0 : 1)
        for (let m = 0; m < months.length; m++) {
          const at = (h * 2 + s) * months.length + m
          expect(ledger.byMonth.points[at]).toBe(baseline.valued.ledger.byMonth.points[at]! * factor)
        }
      }
    }
  })

  test('cost keeps what patients and fund bear together', () => {
    const { cases } = changed({ kind: 'cost', factor: '0.8', share: '0.5' })
    for (let i = 0; i < cases.count; i++) {
      expect(cases.cost[i]).toBe(Math.floor(region.cases.cost[i]! * 0.9 + 0.5 + 1e-6))
    }
    expect(changed({ kind: 'cost', factor: '1', share: '1' }).cases).toBe(region.cases)
  })

  test('patients pay at most the bill', () => {
    const { cases } = changed({ kind: 'patient', factor: '1000' })
    for (let i = 0; i < cases.count; i++) {
      expect(cases.patient[i]! + cases.fund[i]!).toBe(region.cases.patient[i]! + region.cases.fund[i]!)
      expect(cases.fund[i]).toBeGreaterThanOrEqual(0)
    }
  })

  test('coding of all cases moves them to the next heavier group of their ADRG, and only there', () => {
    const parents = ['P', 'P', 'P', 'Q', 'AQY', '0000']
    const weights = {
      ...region.weights,
      weight: ['1', '3', '2', '5', null, null].map(w => (w === null ? null : new Decimal(w))),
    }
    const given = { ...region.cases, parents }
    const up = changeCases(
      given,
      { a: { kind: 'coding', where: {}, share: '1', to: 'up' } },
      { ...around, weights },
    ).cases
    for (let i = 0; i < given.count; i++) {
      const expected = given.status[i] === 0 ? [2, 1, 1, 3, 4, 5][given.group[i]!] : given.group[i]
      expect(up.group[i]).toBe(expected)
    }
  })

  test('a larger share holds every case of a smaller one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (a, b) => {
        const dropped = (share: number): Set<number> => {
          const { origin } = changed({ kind: 'refusal', share: String(share / 100), ratio: '0.5' })
          return new Set([...Array(region.cases.count).keys()].filter(i => !origin.includes(i)))
        }
        const [few, many] = [dropped(Math.min(a, b)), dropped(Math.max(a, b))]
        for (const i of few) expect(many.has(i)).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  test('splitting doubles stays, transfer keeps them, refusal drops the dear ones', () => {
    const split = changed({ kind: 'splitting', share: '1', cost: '0.5' })
    const grouped = region.cases.status.filter(status => status === 0).length
    expect(split.cases.count).toBe(region.cases.count + grouped)
    const moved = changed({ kind: 'transfer', share: '1', cost: '1', to: { level: ['1'] } }).cases
    const ones = region.hospitals.filter(one => one.level === '1').map(one => one.code)
    expect(new Set([...moved.hospital].map(h => moved.hospitals[h]!))).toEqual(new Set(ones))
    expect(sum([...moved.cost])).toBe(sum([...region.cases.cost]))
    const { cases } = changed({ kind: 'refusal', share: '1', ratio: '1' })
    expect(cases.count).toBeLessThan(region.cases.count)
  })

  test('stays change days, and cases with no known stay stay so', () => {
    const { cases } = changed({ kind: 'stay', factor: '0.5' })
    for (let i = 0; i < cases.count; i++) {
      const old = region.cases.los[i]!
      expect(cases.los[i]).toBe(old === 65_535 || old === 0 ? old : Math.max(1, Math.floor(old / 2 + 0.5)))
    }
  })
})

describe('weights', () => {
  test('balance keeps Σ n·w', () => {
    const total = ({ weights }: Pick<Outcome, 'weights'>): Decimal => {
      let all = new Decimal(0)
      for (let i = 0; i < region.cases.count; i++)
        if (region.cases.status[i] === 0) all = all.plus(weights.weight[region.cases.group[i]!] ?? 0)
      return all
    }
    const before = total({ weights: region.weights })
    const named = region.weights.groups[region.weights.weight.findIndex(weight => weight !== null)]
    const kept = settled(`set: {weights.group.${named}: "1.5", weights.balance: total}\n`)
    const free = settled(`set: {weights.group.${named}: "1.5"}\n`)
    expect(total(kept).minus(before).abs().lt(before.times('1e-7'))).toBe(true)
    expect(total(free).eq(before)).toBe(false)
  })
})

describe('scaled ledgers', () => {
  test('months and groups of a unit add up to the same sums, factor 1 is the identity', () => {
    fc.assert(
      fc.property(
        anyPolicy.chain(policy => anyRegion(policy, 60)),
        fc.integer({ min: 0, max: 30_000 }),
        (input, factor) => {
          const { ledger } = valueRegion(input)
          const exact = new Decimal(factor).div(10_000)
          const scaled = scaleLedger(ledger, exact)
          const units = ledger.hospitals.length * ledger.insurances.length
          for (const key of ['cases', 'outside', 'points', 'paid', 'cost', 'patient', 'fund'] as const) {
            const unit = (column: Float64Array, u: number): number => {
              const width = column.length / units
              return sum([...column.subarray(u * width, (u + 1) * width)])
            }
            for (let u = 0; u < units; u++) {
              expect(unit(scaled.byMonth[key], u), key).toBe(unit(sumByGroup(scaled)[key], u))
              const wanted = exact
                .times(unit(ledger.byMonth[key], u))
                .toDecimalPlaces(0, Decimal.ROUND_HALF_UP)
                .toNumber()
              expect(Math.abs(unit(scaled.byMonth[key], u) - wanted), key).toBeLessThanOrEqual(
                key === 'outside' ? Number.POSITIVE_INFINITY : 0,
              )
            }
          }
          for (let cell = 0; cell < scaled.byMonth.cases.length; cell++) {
            const classes = scaled.classes.subarray(cell * CLASSES.length, (cell + 1) * CLASSES.length)
            expect(sum([...classes])).toBe(scaled.byMonth.cases[cell])
          }
          expect(scaleCells(ledger, [new Decimal(1)], () => 0)).toBe(ledger)
          expect(addLedgers([ledger, scaleLedger(ledger, new Decimal(0))])).toMatchObject({ byMonth: ledger.byMonth })
          expect(sumByGroup(addLedgers([ledger, ledger]))).toEqual(sumByGroup(scaleLedger(ledger, new Decimal(2))))
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a comparison', () => {
  const texts = [
    'scale: {budget.*.fund: "+5%"}\n',
    'set: {coefficient.flatten: "0.5"}\n',
    'set: {hospital.H3.volume: "1.237"}\n',
    'set: {policy.high: null, policy.pools: joint}\n',
    'set: {region.cost: "1.1"}\n',
  ]
  test('V18: causes add up to the change to the fen, breakdowns to the region', () => {
    fc.assert(
      fc.property(
        anyPolicy.chain(policy => anyRegion(policy, 60)),
        fc.constantFrom(...texts),
        (input, text) => {
          const base = createBaseline(input)
          const outcome = settled(text.replace('policy.high: null', 'policy.negativeDue: floorZero'), base)
          const [one] = compare(base, [outcome]).scenarios
          expect(one!.check).toBe(0)
          for (const { causes, rules, gross } of one!.hospitals) {
            expect(sum(CAUSES.map(cause => causes[cause]))).toBe(gross[1] - gross[0])
            expect(sum(RULE_BLOCKS.map(block => rules[block]))).toBe(causes.rule)
          }
          for (const dimension of DIMENSIONS) {
            const parts = breakdown(base.settlement, outcome.settlement, dimension)
            for (const key of ['cases', 'cost', 'patient', 'gross', 'surplus'] as const) {
              expect(sum(parts.map(part => part.before[key]))).toBe(sum(base.settlement.hospitals.map(row => row[key])))
              expect(sum(parts.map(part => part.after[key]))).toBe(
                sum(outcome.settlement.hospitals.map(row => row[key])),
              )
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('names the cause: a budget moves the price alone, volume volume and price, coefficients k and price', () => {
    const causes = (text: string): Record<string, number>[] =>
      compare(baseline, [settled(text)]).scenarios[0]!.hospitals.map(row => ({ ...row.causes }))
    for (const row of causes(texts[0]!)) expect([row.volume, row.mix, row.coefficient]).toEqual([0, 0, 0])
    for (const row of causes(texts[1]!)) expect([row.volume, row.mix]).toEqual([0, 0])
  })
})

describe('the blocks of rules', () => {
  const plain = policyOf({
    method: 'points', scale: '100', avgCost: '6338.35', ratioBase: 'avgRw',
    low: { threshold: '0.4', op: '<', formula: 'L2' }, high: { limit: '2', op: '>', formula: 'H1' },
    special: { ungrouped: { costShare: '0.7' }, ambiguous: { costShare: '0.8' } },
  }) // biome-ignore format: a policy
  /** Without a point value there is no price that rules could be told from. */
  const isPriced = ({ settlement }: Pick<Outcome, 'settlement'>): boolean =>
    settlement.pools.every(pool => pool.pointValue?.gt(0) === true)
  const blocksOf = (text: string, input: RegionInput) => {
    const base = createBaseline(input)
    const outcome = settled(text, base)
    if (!isPriced(base) || !isPriced(outcome)) return []
    return compare(base, [outcome]).scenarios[0]!.hospitals.map(row => row.rules)
  }
  test('name the rule that changed: a high limit moves high cost, a low threshold low cost, a share the cases without a group', () => {
    let moved = 0
    fc.assert(
      fc.property(anyRegion(plain, 40), input => {
        const cases = [
          ['set: {policy.high.limit: "1.2"}\n', ['highCost', 'modifiers']],
          ['set: {policy.low.threshold: "0.8"}\n', ['lowCost', 'modifiers']],
          ['set: {policy.special.ungrouped.costShare: "0.1"}\n', ['special']],
        ] as const
        for (const [text, blocks] of cases) {
          for (const rules of blocksOf(text, input)) {
            const others = RULE_BLOCKS.filter(
              block => !(blocks as readonly string[]).includes(block) && block !== 'money',
            )
            // No other block moves, but for a fen of rounding.
            for (const block of others) expect(Math.abs(rules[block]), `${text} ${block}`).toBeLessThanOrEqual(2)
            moved += Math.abs(rules[blocks[0]])
          }
        }
      }),
      { numRuns: 12 },
    )
    expect(moved).toBeGreaterThan(0)
  })
  test('worked: three cases of weight 1, one of which falls below the low threshold and earns 50 points in place of 100', () => {
    const at = RULE_BLOCKS.indexOf('lowCost')
    const rates = (low: number, normal: number, weights: readonly [low: number, normal: number], price: number) =>
      blockRates(
        {
          n: 3,
          w: new Decimal(3),
          wk: new Decimal(3),
          blocks: RULE_BLOCKS.map(block => ({
            points: (block === 'lowCost' ? low : block === 'modifiers' ? normal : 0) * 10_000,
            paid: 0,
            wk: new Decimal(block === 'lowCost' ? weights[0] : block === 'modifiers' ? weights[1] : 0),
          })),
        },
        { scale: new Decimal(100), price: new Decimal(price), earned: new Decimal(low + normal).div(3) },
      )
    const [before, after] = [rates(0, 300, [0, 3], 6000), rates(50, 200, [1, 2], 7200)]
    const moved = after.points.map((rate, b) => Number(rate.minus(before.points[b]!).times(3).toFixed(9)) + 0)
    expect(moved).toEqual(RULE_BLOCKS.map((_, b) => (b === at ? -50 : 0)))
    // 1.8 M fen over 300 and then 250 points: 60 and 72 yuan. A point lost is worth their mean.
    const parts = blockParts(before, after, new Decimal(3 * 6600), -50 * 6600)
    expect(parts).toEqual(RULE_BLOCKS.map((_, b) => (b === at ? -330_000 : 0)))
  })
})

describe('Shapley', () => {
  const number = fc.integer({ min: -1000, max: 1000 }).map(n => new Decimal(n))
  test('adds up, gives nothing to a factor without effect, and the same to equals', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 8, maxLength: 8 }), values => {
        const parts = shapley(3, set => values[set]!)
        expect(sum(parts.map(part => part.toNumber()))).toBeCloseTo(values[7]!.minus(values[0]!).toNumber(), 6)
        const idle = shapley(3, set => values[set & 3]!)
        expect(idle[2]!.toNumber()).toBe(0)
        const bits = [0, 1, 1, 2, 1, 2, 2, 3]
        const same = shapley(3, set => values[bits[set]!]!)
        expect(same[0]!.eq(same[1]!) && same[1]!.eq(same[2]!)).toBe(true)
      }),
    )
  })
  test('of a product of two is the symmetric form ½(x₀ + x₁)Δy', () => {
    const [x, y] = [[3, 5], [7, 11]] // biome-ignore format: two factors
    const parts = shapley(2, set => new Decimal(x![set & 1]!).times(y![set >> 1]!))
    expect(parts.map(String)).toEqual([String((2 * (7 + 11)) / 2), String((4 * (3 + 5)) / 2)])
  })
  test('parts of a product add up to the fen whatever its factors are, as where points all but vanish', () => {
    const factor = fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: -12, max: 12 }))
    const side = fc.record({
      paid: fc.integer({ min: 1, max: 1e12 }),
      factors: fc.array(factor, { minLength: 4, maxLength: 4 }),
    })
    fc.assert(
      fc.property(side, side, (before, after) => {
        const [old, now] = [before, after].map(({ paid, factors }) => {
          const given = factors.map(([digits, exponent]) => new Decimal(digits).times(new Decimal(10).pow(exponent)))
          return [...given, new Decimal(paid).div(given.reduce((product, one) => product.times(one), new Decimal(1)))]
        })
        const parts = productChange(old!, now!, after.paid - before.paid)
        for (const part of parts) expect(Number.isSafeInteger(part)).toBe(true)
        expect(sum(parts)).toBe(after.paid - before.paid)
      }),
      { numRuns: 1_000 },
    )
  })
  test('rounded parts add up', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.integer({ min: -1e9, max: 1e9 }).map(n => n / 1000),
          { minLength: 1, maxLength: 6 },
        ),
        values => {
          const total = Math.round(sum(values)) + 0
          const parts = roundParts(
            values.map(value => new Decimal(value)),
            total,
          )
          expect(sum(parts)).toBe(total)
          for (const [i, part] of parts.entries()) expect(Math.abs(part - values[i]!)).toBeLessThanOrEqual(1.000001)
        },
      ),
    )
  })
})

describe('inequality', () => {
  test('worked: two equal weights, incomes 1 and 3: Gini 1/4, Theil ¼ln½ + ¾ln1½', () => {
    const { gini, theil } = inequality([{ have: 3, weigh: 1 }, { have: 1, weigh: 1 }]) // biome-ignore format: two
    expect(gini.toNumber()).toBeCloseTo(0.25, 12)
    expect(theil.toNumber()).toBeCloseTo(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), 12)
  })
  test('is 0 when all are paid alike, scale-free, and its curve runs below the diagonal', () => {
    expect(inequality([2, 4, 6].map(n => ({ have: n * 3, weigh: n }))).gini.toNumber()).toBeCloseTo(0, 12)
    const member = fc.record({ have: fc.integer({ min: 0, max: 1e6 }), weigh: fc.integer({ min: 1, max: 1e6 }) })
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 20 }), members => {
        const one = inequality(members)
        const scaled = inequality(members.map(({ have, weigh }) => ({ have: have * 7, weigh: weigh * 3 })))
        expect(scaled.gini.toNumber()).toBeCloseTo(one.gini.toNumber(), 9)
        expect(one.gini.gte('-1e-20') && one.gini.lt(1)).toBe(true)
        expect(one.theil.gte('-1e-20')).toBe(true)
        for (const [p, q] of one.lorenz) expect(q.lte(p.plus('1e-20'))).toBe(true)
      }),
    )
  })
})

test('an explanation names every parameter that changes, its label, its sources and its months', () => {
  const scenario = readScenario(
    write(
      'reference: [{title: 草案}]\nset:\n  policy.low.threshold: {"2025-02-01": "0.6"}\n  coefficient.flatten: "0.5"\n  changes.a: {kind: volume, factor: "2"}\nscale: {budget.310.fund: "+10%"}\n',
    ),
  )
  const found = explainScenario(baseline.parameters, scenario, months, [
    { path: 'low.threshold', confidence: 'S', source: 'a list' },
  ])
  expect(found.filter(one => one.months?.[0] === '2025-02').map(one => one.path)).toEqual([
    'policy.low.threshold',
    'budget.310.fund',
    'coefficient.flatten',
    'changes.a',
  ])
  const low = found.find(one => one.path === 'policy.low.threshold')!
  expect(low).toMatchObject({
    before: '0.4',
    after: '0.6',
    origin: { source: 'a list' },
    references: [{ title: '草案' }],
  })
  expect(low.label.en).toBe('low threshold')
  expect(explainScenario(baseline.parameters, readScenario(write('')), months)).toEqual([])
})

describe('assumptions', () => {
  const CHANGE = 'set:\n  changes.a: {kind: cost, factor: "0.7", share: "0.4"}\n  policy.high.bands: [[null, "2"]]\n'
  const assumption = (path: string): string =>
    `assumptions:\n  - {figure: {zh: 甲, en: A}, path: ${path}, low: "0.2", source: {zh: 乙, en: B}, confidence: C}\n`
  test('have the value that the scenario sets, in its own layer', () => {
    const below = write(`${assumption('changes.a.share')}${CHANGE}`, 'assumed-below')
    const scenario = readScenario(write(`stack: [assumed-below]\nscale: {budget.*.fund: "+1%"}\n`))
    const [one] = assumptionsOf(scenario)
    expect(one).toMatchObject({ value: '0.4', low: '0.2', high: null, confidence: 'C' })
    const other = withAssumed(scenario, one!, '0.2')
    expect(other.stack[0]!.set['changes.a']).toEqual({ kind: 'cost', factor: '0.7', share: '0.2' })
    expect(other.scale).toEqual(scenario.scale)
    // Computed anew it is what its own file would be.
    const written = settled(`${CHANGE.replace('"0.4"', '"0.2"')}scale: {budget.*.fund: "+1%"}\n`)
    expect(runScenario(baseline, other).settlement.hospitals).toEqual(written.settlement.hospitals)
    expect(readScenario(below).set['changes.a']).toMatchObject({ share: '0.4' })
  })
  test('reach into lists and periods', () => {
    const scenario = readScenario(write(`${assumption('policy.high.bands.0.1')}${CHANGE}`))
    expect(assumptionsOf(scenario)[0]!.value).toBe('2')
    expect(withAssumed(scenario, assumptionsOf(scenario)[0]!, '3').set['policy.high.bands']).toEqual([[null, '3']])
    const dated = readScenario(
      write(`${assumption('policy.low.threshold.2025-02-01')}set: {policy.low.threshold: {"2025-02-01": "0.5"}}\n`),
    )
    expect(assumptionsOf(dated)[0]!.value).toBe('0.5')
  })
  test.each(['changes.a.shares', 'changes.b.share', 'changes.a', 'policy.high.bands.3.1'])(
    'a path that sets nothing is refused: %s',
    path => {
      const { policy, budgets, hospitals, cases } = region
      const scenario = readScenario(write(`${assumption(path)}${CHANGE}`))
      expect(() =>
        checkScenarios({ policy, budgets, hospitals, provisional: new Map(), months: cases.months }, [scenario]),
      ).toThrow(expect.objectContaining({ code: 'SCN-015' }))
    },
  )
})

test('every key of a policy has a label, or is refused with the reason', () => {
  for (const key of Object.keys(POINTS.document)) {
    const labels = ['', '.x'].map(rest => leverOf(`policy.${key}${rest}`))
    if (labels.some(({ label }, i) => label.en !== `policy.${key}${['', '.x'][i]}`)) continue
    expect(() => settled(`set: {policy.${key}: null}\n`), key).toThrow(expect.objectContaining({ code: 'SCN-006' }))
  }
})
