import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { type Hospital, variationOf, weigh } from '../../weights/index.ts'
import { configWith, decimal, groupedOf, type Row } from './cases.ts'

const HOSPITALS: Hospital[] = [
  { code: 'H001', name: '甲', level: '3' },
  { code: 'H002', name: '乙', level: '2' },
]
const NO_SCREENS = { otherInsurance: 0, outsideYears: 0, belowCost: 0, longStay: 0 }
const own = configWith({ unstableMode: 'ownWeight', nMin: 1 }, { method: 'none' })
const weightsOf = (rows: Row[], config = own) =>
  weigh(groupedOf(rows), HOSPITALS, config).weights.weight.map(w => w?.toString() ?? null)
const several = (group: string, costs: number[], more: Partial<Row> = {}): Row[] =>
  costs.map(cost => ({ group, cost, ...more }))

describe('weights', () => {
  test('mean cost of the group over mean cost of all', () => {
    // Means 5,000 and 20,000 over a regional mean of 10,000 yuan.
    const rows = [...several('AA19', [400_000, 600_000]), ...several('BB19', [2_000_000])]
    expect(weightsOf(rows)).toEqual(['0.5', '2'])
  })

  test('a configuration that does not fit the groups is refused by the name of its file', () => {
    const odd = configWith({ locked: ['ZZ*'] }, { method: 'none' })
    const refused = (): unknown =>
      weigh(groupedOf(several('AA19', [500, 700])), HOSPITALS, odd, { configFile: 'my.yaml' })
    expect(refused).toThrow(/WGT-013 my\.yaml \[/)
  })

  test('only grouped cases with a cost take part; the others are counted by reason', () => {
    const rows = [
      ...several('AA19', [500, 500]),
      { group: 'AA19', cost: 9_999_999, status: 1 },
      { group: 'AA19', cost: 9_999_999, status: 2 },
      { group: 'AA19', cost: 9_999_999, status: 3 },
      { group: 'AA19', cost: 0 },
      { group: 'AA19', cost: -5 },
      { group: 'AA19', cost: Number.NaN },
    ]
    const { statistics, weights } = weigh(groupedOf(rows), HOSPITALS, own)
    expect(statistics.screening).toEqual({
      cases: 8,
      used: 2,
      ambiguous: 1,
      notGrouped: 1,
      invalid: 1,
      withoutCost: 3,
      ...NO_SCREENS,
    })
    expect(weights.meanCost).toBe(500)
  })

  test('the regional mean is rounded half up, and kept exact beside', () => {
    const { weights } = weigh(groupedOf(several('AA19', [1, 2])), HOSPITALS, own)
    expect(weights.meanCost).toBe(2)
    expect(weights.meanCostExact.toString()).toBe('1.5')
  })

  test('the denominator may be the mean before trimming', () => {
    // Trimmed: 10 × 100 and one 1,000 cut. Mean of kept 100, of all 2,000 / 11.
    const rows = several('AA19', [...Array(10).fill(100), 1000])
    const trim = {
      method: 'multiple',
      multiple: { low: decimal('0'), high: decimal('3'), centre: 'mean', bands: [] },
    } as const
    const all = configWith({ denominator: 'allCases', calibrate: false, nMin: 1 }, trim)
    expect(weightsOf(rows, all)).toEqual(['0.55'])
    expect(weightsOf(rows, configWith({ denominator: 'allCases', calibrate: true, nMin: 1 }, trim))).toEqual(['1'])
    expect(weightsOf(rows, configWith({ calibrate: false, nMin: 1 }, trim))).toEqual(['1'])
  })
})

describe('unstable groups', () => {
  // AA11: 8 cases of 100, stable. AA15: 2 cases of 350, too few. Their ADRG: mean 150. BB19: 10 cases of 50. Region: 100.
  const rows = [
    ...several('AA11', Array(8).fill(100)),
    ...several('AA15', [350, 350]),
    ...several('BB19', Array(10).fill(50)),
  ]
  const modes = { ownWeight: '3.5', noWeight: null, parent: '1.5', placeholderOne: '1', shrunk: '1.6818' } as const

  test.each(Object.entries(modes))('%s', (unstableMode, expected) => {
    const config = configWith(
      { unstableMode: unstableMode as keyof typeof modes, calibrate: false, nMin: 5 },
      { method: 'none' },
    )
    const { weights } = weigh(groupedOf(rows), HOSPITALS, config)
    expect(weights.stable).toEqual([true, false, true])
    expect(weights.weight.map(w => w?.toString() ?? null)).toEqual(['1', expected, '0.5'])
  })

  test('a CV of 1 or more is unstable too', () => {
    // 0.01 × (1, 1, 1, 1, 100): CV above 2.
    const { weights, statistics } = weigh(
      groupedOf(several('AA19', [1, 1, 1, 1, 100])),
      HOSPITALS,
      configWith({}, { method: 'none' }),
    )
    expect(variationOf(statistics.groups[0]!.kept)?.gte(1)).toBe(true)
    expect(weights.stable).toEqual([false])
  })

  test('a group without cases takes the weight of its ADRG, or none', () => {
    const groups = ['AA11', 'AA15', 'CC19']
    const cases = groupedOf(several('AA11', Array(8).fill(100)), groups)
    const of = (unstableMode: 'shrunk' | 'placeholderOne') =>
      weigh(cases, HOSPITALS, configWith({ unstableMode })).weights.weight.map(w => w?.toString() ?? null)
    expect(of('shrunk')).toEqual(['1', '1', null])
    expect(of('placeholderOne')).toEqual(['1', null, null])
  })

  test('calibration leaves placeholders at 1 and scales the rest', () => {
    const config = configWith({ unstableMode: 'placeholderOne' }, { method: 'none' })
    const { weights } = weigh(groupedOf(rows), HOSPITALS, config)
    // λ = (20 − 2) / (8 · 1 + 10 · 0.5) = 18 / 13.
    expect(weights.calibration.factor.toFixed(10)).toBe(decimal('18').div(13).toFixed(10))
    expect(weights.weight.map(w => w?.toString())).toEqual(['1.3846', '1', '0.6923'])
  })
})

describe('coefficients', () => {
  // Both levels treat the same mix; level 3 at twice the cost.
  const rows = [
    ...several('AA19', [200, 200], { hospital: 'H001' }),
    ...several('AA19', [100, 100], { hospital: 'H002' }),
    ...several('BB19', [600], { hospital: 'H001' }),
    ...several('BB19', [300], { hospital: 'H002' }),
  ]
  const coefficients = (index: 'levelMean' | 'levelIndex', max = '1.6') => {
    const { coefficient } = own
    const changed = { ...own, coefficient: { ...coefficient, index, max: decimal(max) } }
    const table = weigh(groupedOf(rows), HOSPITALS, changed).coefficients
    return ['2', '3', '9'].map(level => table.of(0, level, '').toString())
  }

  test('mean and index agree when the mix is the same; an unknown level has 1', () => {
    expect(coefficients('levelMean')).toEqual(['0.6667', '1.3333', '1'])
    expect(coefficients('levelIndex')).toEqual(['0.6667', '1.3333', '1'])
  })

  test('only the index looks through the mix', () => {
    const mixed = [
      ...several('AA19', [100, 100], { hospital: 'H002' }),
      ...several('BB19', [400, 400], { hospital: 'H001' }),
    ]
    const table = weigh(groupedOf(mixed), HOSPITALS, own).coefficients
    expect(table.levels.map(one => [one.level, one.levelMean.toString(), one.levelIndex.toString()])).toEqual([
      ['2', '0.4', '1'],
      ['3', '1.6', '1'],
    ])
  })

  test('clamped', () => {
    expect(coefficients('levelIndex', '1.2')).toEqual(['0.6667', '1.2', '1'])
  })

  test('by group and level, drawn to the level by z = n / (n + n0)', () => {
    // AA19: 300 at level 3, 100 at level 2, 200 in the region. BB19: 100 everywhere. A = 1000 / 6, so w = 1.2 and 0.6;
    // the index of level 3 is 700 / (3 A) = 1.4, of level 2 300 / (3 A) = 0.6.
    const uneven = [
      ...several('AA19', [300, 300], { hospital: 'H001' }),
      ...several('AA19', [100, 100], { hospital: 'H002' }),
      ...several('BB19', [100], { hospital: 'H001' }),
      ...several('BB19', [100], { hospital: 'H002' }),
    ]
    const table = (n0: string) => {
      const coefficient = { ...own.coefficient, kind: 'groupLevel' as const, shrinkN0: decimal(n0) }
      const { coefficients } = weigh(groupedOf(uneven), HOSPITALS, { ...own, coefficient })
      return [0, 1].flatMap(group => ['3', '2', '9'].map(level => coefficients.of(group, level, '').toString()))
    }
    expect(table('0')).toEqual(['1.5', '0.5', '1', '1', '1', '1'])
    // n0 = 2: z = 1/2 for AA19 (two cases a level), 1/3 for BB19 (one case).
    expect(table('2')).toEqual(['1.45', '0.55', '1', '1.2667', '0.7333', '1'])
  })

  test('a hospital that the list does not name is a fault', () => {
    expect(() => weigh(groupedOf(several('AA19', [1], { hospital: 'H009' })), HOSPITALS, own)).toThrow(
      'WGT-001 [code]  Hospital H009 has cases but is not in the list of hospitals, so its level is not known.',
    )
  })
})

describe('quality', () => {
  test('reduction in variance by hand', () => {
    // Groups (1, 3) and (7, 9): mean 5, squares about it 16 + 4 + 4 + 16 = 40, within groups 4.
    const { quality } = weigh(groupedOf([...several('AA19', [1, 3]), ...several('BB19', [7, 9])]), HOSPITALS, own)
    expect(quality.before.riv).toBeCloseTo(0.9, 12)
    expect(quality.before).toMatchObject({ groups: 2, wideShare: 0, narrowShare: 0.5 })
  })
})

const rows = fc.array(
  fc.record({
    group: fc.constantFrom('AA11', 'AA13', 'AA15', 'BB19', 'CC19'),
    cost: fc.integer({ min: 1, max: 5_000_000 }),
    hospital: fc.constantFrom('H001', 'H002'),
  }),
  { minLength: 1, maxLength: 120 },
)
const configs = fc
  .record({
    unstableMode: fc.constantFrom('ownWeight', 'shrunk', 'parent', 'placeholderOne', 'noWeight'),
    denominator: fc.constantFrom('keptCases', 'allCases'),
  } as const)
  .map(changes => configWith(changes, { minCases: 8 }))

describe('invariants', () => {
  test('the mean weight of the kept cases is 1, as near as printed decimals allow (V8)', () => {
    fc.assert(
      fc.property(rows, configs, (list, config) => {
        const { weights, statistics } = weigh(groupedOf(list), HOSPITALS, config)
        let cases = 0
        let total = new Decimal(0)
        for (const [g, w] of weights.weight.entries()) {
          if (w === null) continue
          cases += statistics.groups[g]!.kept.n
          total = total.plus(w.times(statistics.groups[g]!.kept.n))
        }
        if (cases === 0) return
        expect(weights.calibration.meanWeight.equals(total.div(cases))).toBe(true)
        expect(weights.calibration.meanWeight.minus(1).abs().lte('0.00005')).toBe(true)
      }),
    )
  })

  test('scaling all costs by an integer leaves weights and coefficients unchanged', () => {
    fc.assert(
      fc.property(rows, configs, fc.integer({ min: 2, max: 100 }), (list, config, factor) => {
        const one = weigh(groupedOf(list), HOSPITALS, config)
        const scaled = weigh(groupedOf(list.map(row => ({ ...row, cost: row.cost * factor }))), HOSPITALS, config)
        expect(scaled.weights.weight).toEqual(one.weights.weight)
        expect(scaled.coefficients.levels.map(level => level.coefficient)).toEqual(
          one.coefficients.levels.map(level => level.coefficient),
        )
        expect(scaled.weights.meanCostExact.toFixed(20)).toBe(one.weights.meanCostExact.times(factor).toFixed(20))
      }),
    )
  })

  test('the order of the cases changes nothing', () => {
    fc.assert(
      fc.property(rows, configs, fc.infiniteStream(fc.nat()), (list, config, keys) => {
        const shuffled = list.map(row => ({ row, key: keys.next().value })).sort((a, b) => a.key - b.key)
        const groups = ['AA11', 'AA13', 'AA15', 'BB19', 'CC19']
        const one = weigh(groupedOf(list, groups), HOSPITALS, config)
        const other = weigh(
          groupedOf(
            shuffled.map(item => item.row),
            groups,
          ),
          HOSPITALS,
          config,
        )
        const { coefficients, prepared: _, ...rest } = one
        const { coefficients: otherCoefficients, prepared: __, ...otherRest } = other
        expect(otherRest).toEqual(rest)
        expect(otherCoefficients.levels).toEqual(coefficients.levels)
      }),
    )
  })

  test('without trimming, the cost index of the region is 1 (V9)', () => {
    fc.assert(
      fc.property(rows, list => {
        const exact = configWith({ unstableMode: 'ownWeight', decimals: 12 }, { method: 'none' })
        const { coefficients } = weigh(groupedOf(list), HOSPITALS, exact)
        const cost = coefficients.levels.reduce((all, level) => all + level.cost, 0)
        const expected = coefficients.levels.reduce((all, level) => all.plus(level.weight), new Decimal(0))
        expect(expected.times(cost).div(cost).div(list.length).minus(1).abs().lt('1e-11')).toBe(true)
        const index = coefficients.levels.reduce(
          (all, level) => all.plus(level.levelIndex.times(level.weight)),
          new Decimal(0),
        )
        expect(index.div(list.length).minus(1).abs().lt('1e-11')).toBe(true)
      }),
    )
  })

  test('no trimming is the identity (V10)', () => {
    fc.assert(
      fc.property(rows, list => {
        const { statistics } = weigh(groupedOf(list), HOSPITALS, own)
        for (const group of statistics.groups) expect(group.kept).toEqual(group.all)
      }),
    )
  })
})
