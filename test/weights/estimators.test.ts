import { describe, expect, test } from 'vitest'
import { Fault } from '../../messages/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { readWeightConfig, type WeightConfig, weigh } from '../../weights/index.ts'
import { configWith, decimal, groupedOf, type Row } from './cases.ts'

/** Nothing but the estimator: no trimming, no test of stability, no calibration, many decimals. */
const plain = (changes: Partial<Omit<WeightConfig, 'trim'>> = {}): WeightConfig =>
  configWith(
    { unstableMode: 'ownWeight', nMin: 1, calibrate: false, decimals: 8, cvMax: decimal('1000'), ...changes },
    { method: 'none' },
  )
const NO_LEVELS = { coefficient: { ...configWith({}).coefficient, kind: 'none' as const } }
const weightsOf = (rows: readonly Row[], config: WeightConfig): (string | null)[] =>
  weigh(groupedOf(rows), [], { ...config, ...NO_LEVELS }).weights.weight.map(w => w?.toString() ?? null)
const several = (group: string, costs: readonly number[], more: Partial<Row> = {}): Row[] =>
  costs.map(cost => ({ group, cost, ...more }))
const years = (changes: Partial<WeightConfig['years']>): WeightConfig['years'] => ({ ...plain().years, ...changes })
const faultOf = (work: () => unknown): Fault => {
  try {
    work()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('no fault')
}

test('the configurations that ship are complete', () => {
  const years = readWeightConfig('policies/weights-three-years.yaml')
  expect([years.years.factors.toString(), years.trim.scope, years.bootstrap.replicates]).toEqual([
    '1,2,7',
    'groupYear',
    1_000,
  ])
  expect(readWeightConfig('policies/weights-xiamen-2024.yaml').coefficient.composite.parts).toHaveLength(4)
})

describe('averages', () => {
  test('geometric: of 1 and 4 it is 2, of 2 and 8 it is 4, of all four √8', () => {
    const rows = [...several('AA19', [100, 400]), ...several('BB19', [200, 800])]
    const expected = [200, 400].map(mean =>
      new Decimal(mean / Math.exp(Math.log(100 * 400 * 200 * 800) / 4)).toFixed(8),
    )
    expect(weightsOf(rows, plain({ average: 'geometric' })).map(w => new Decimal(w!).toFixed(8))).toEqual(expected)
  })

  test('a benchmark group has weight 1, and a fixed amount is a cost of 1', () => {
    const rows = [...several('AA19', [100_000]), ...several('BB19', [250_000])]
    expect(weightsOf(rows, plain({ method: 'benchmark', benchmark: 'AA19' }))).toEqual(['1', '2.5'])
    expect(weightsOf(rows, plain({ method: 'fixed', fixedAmount: decimal('500') }))).toEqual(['2', '5'])
    expect(faultOf(() => weightsOf(rows, plain({ method: 'benchmark', benchmark: 'XX' }))).code).toBe('WGT-012')
  })
})

describe('years', () => {
  // The worked figures of the specification: 9,000, 10,000, 11,000 under 1:2:7 give 10,600.
  const rows = [
    ...several('AA19', [900_000], { month: '2022-03' }),
    ...several('AA19', [1_000_000], { month: '2023-03' }),
    ...several('AA19', [1_100_000, 1_100_000], { month: '2024-03' }),
    ...several('BB19', [1_060_000], { month: '2024-03' }),
  ]
  const factors = ['1', '2', '7'].map(decimal)
  const fixed = { method: 'fixed', fixedAmount: decimal('10000') } as const

  test('mean of means', () => {
    expect(weightsOf(rows, plain({ ...fixed, years: years({ factors, reading: 'meanOfMeans' }) }))).toEqual([
      '1.06',
      '1.06',
    ])
  })

  test('weighted totals: Σ a·C / Σ a·n', () => {
    // (9,000 + 2 · 10,000 + 7 · 22,000) / (1 + 2 + 14)
    const expected = new Decimal(183_000).div(17).div(10_000).toFixed(8)
    expect(weightsOf(rows, plain({ ...fixed, years: years({ factors }) }))[0]).toBe(new Decimal(expected).toString())
  })

  test('factors by year leave the other years out and count them', () => {
    const config = { ...plain({ ...fixed, years: years({ factors: { 2022: decimal('1') } }) }), ...NO_LEVELS }
    const { weights, statistics } = weigh(groupedOf(rows), [], config)
    expect(weights.weight.map(w => w?.toString() ?? null)).toEqual(['0.9', null])
    expect(statistics.screening).toMatchObject({ used: 1, outsideYears: 4 })
    expect(faultOf(() => weightsOf(rows, plain({ years: years({ factors: { 2030: decimal('1') } }) }))).at.field).toBe(
      'years.factors.2030',
    )
  })

  test('a price index brings a year to the level of another', () => {
    const index = years({ factors, priceIndex: { 2022: decimal('1.2'), 2023: decimal('1.08') } })
    // All years at 10,800 and 11,000: (10,800 + 2 · 10,800 + 7 · 22,000) / 17
    const expected = new Decimal(186_400).div(17).div(10_000).toFixed(8)
    expect(weightsOf(rows, plain({ ...fixed, years: index }))[0]).toBe(new Decimal(expected).toString())
  })

  test('equal factors are no factors', () => {
    const same = plain({ years: years({ factors: ['3', '3', '3'].map(decimal) }) })
    expect(weightsOf(rows, same)).toEqual(weightsOf(rows, plain()))
  })
})

test('only the insurance schemes that are asked for take part, however they are written', () => {
  const rows = [
    ...several('AA19', [100], { insurance: '310' }),
    ...several('AA19', [900], { insurance: '390' }),
    ...several('BB19', [300], { insurance: '310' }),
  ]
  expect(weightsOf(rows, plain({ insurances: ['职工'] }))).toEqual(['0.5', '1.5'])
})

test('absolute limits of cost and stay', () => {
  const rows = [
    ...several('AA19', [499, 500]),
    ...several('AA19', [1_000], { los: 61 }),
    ...several('AA19', [1_500], { los: 60 }),
  ]
  const config = { ...plain({ screen: { minCost: decimal('5'), maxStay: 60 } }), ...NO_LEVELS }
  const { statistics } = weigh(groupedOf(rows), [], config)
  expect(statistics.screening).toMatchObject({ used: 2, belowCost: 1, longStay: 1 })
  expect(statistics.groups[0]?.all.sum).toBe(2_000)
})

describe('trimming by weight', () => {
  test('bands of the high multiple go by the weight before trimming', () => {
    // Both groups have one case of 2.6 means. A: weight below 1, limit 3: kept. B: above 2, limit 2: cut.
    const shape = [...Array(16).fill(90), 260]
    const rows = [
      ...several('AA19', shape),
      ...several(
        'BB19',
        shape.map(cost => cost * 100),
      ),
      ...several('CC19', Array(400).fill(1_000)),
    ]
    const bands = [
      { upTo: decimal('1'), high: decimal('3') },
      { upTo: decimal('2'), high: decimal('2.5') },
      { upTo: null, high: decimal('2') },
    ]
    const config = configWith(
      {},
      { method: 'multiple', multiple: { low: decimal('0'), high: decimal('3'), centre: 'mean', bands } },
    )
    const { statistics } = weigh(groupedOf(rows), [], { ...config, ...NO_LEVELS })
    expect(statistics.groups.map(one => one.cutHigh)).toEqual([0, 1, 0])
  })

  test('limits of each year are its own', () => {
    // In one heap the old year's costs are far below the new one's; each year by itself has no outlier.
    const rows = [
      ...several('AA19', [10, 11, 12], { month: '2022-01' }),
      ...several(
        'AA19',
        Array.from({ length: 30 }, (_, i) => 1_000 + i),
        { month: '2023-01' },
      ),
    ]
    const factors = ['1', '1'].map(decimal)
    const kept = (scope: 'group' | 'groupYear'): number => {
      const config = { ...configWith({ years: years({ factors }) }, { method: 'iqr', scope }), ...NO_LEVELS }
      return weigh(groupedOf(rows), [], config).statistics.groups[0]!.kept.n
    }
    expect([kept('group'), kept('groupYear')]).toEqual([30, 33])
  })
})

describe('cost structure', () => {
  const fees = (drug: number, technical: number): readonly number[] => [0, 0, technical, drug, 0, 0]
  const rows = [
    ...several('AA19', [10_000], { fees: fees(8_000, 2_000) }),
    ...several('BB19', [10_000], { fees: fees(2_000, 8_000) }),
  ]

  test('shares move from drugs to technical work, the total stays', () => {
    // Observed half and half; drugs to 0.25, technical to 0.75: factors 0.5 and 1.5.
    const target = { drug: decimal('0.25'), technical: decimal('0.75') }
    expect(weightsOf(rows, plain({ costStructure: target }))).toEqual(['0.7', '1.3'])
  })

  test('target = observed changes nothing, and cases without charges stay as they are', () => {
    const same = { drug: decimal('0.5'), technical: decimal('0.5') }
    expect(weightsOf(rows, plain({ costStructure: same }))).toEqual(['1', '1'])
    const more = [...rows, ...several('CC19', [10_000])]
    const config = { ...plain({ costStructure: { drug: decimal('0.25'), technical: decimal('0.75') } }), ...NO_LEVELS }
    const { prepared } = weigh(groupedOf(more), [], config)
    expect([...prepared.cost]).toEqual([7_000, 13_000, 10_000])
    expect(prepared.structure).toMatchObject({ adjusted: 2, withoutFees: 1, feesExceedCost: 0 })
  })

  test('what cannot be adjusted is refused', () => {
    expect(faultOf(() => weightsOf(several('AA19', [1]), plain({ costStructure: { drug: decimal('1') } }))).code).toBe(
      'WGT-010',
    )
    expect(faultOf(() => weightsOf(rows, plain({ costStructure: { nursing: decimal('1') } }))).code).toBe('WGT-011')
  })
})

describe('groups without cases', () => {
  // AA11 : AA1 = 2, BB11 : BB1 = 1.5, so the end 1 stands for a median ratio of 1.75.
  const rows = [
    ...several('AA11', [400]), ...several('AA15', [100, 100]),
    ...several('BB11', [300]), ...several('BB15', [100]),
    ...several('CC15', [200]),
  ] // biome-ignore format: one ADRG a line
  const groups = ['AA11', 'AA15', 'BB11', 'BB15', 'CC11', 'CC15']
  const borrowed = (emptyGroups: WeightConfig['emptyGroups'], last?: string): [string | undefined, string] => {
    const table = {
      groups,
      weight: groups.map((group, g) =>
        g === 4 ? (last === undefined ? null : decimal(last)) : decimal(group.endsWith('1') ? '1' : '0.5'),
      ),
      stable: groups.map(() => true),
      meanCost: 1,
      meanCostExact: decimal('1'),
    }
    const config = { ...plain({ emptyGroups, method: 'fixed', fixedAmount: decimal('1') }), ...NO_LEVELS }
    const { weights } = weigh(groupedOf(rows, groups), [], config, { last: table })
    return [weights.weight[4]?.toString(), weights.basis[4]!]
  }

  test.each([
    [[], undefined, [undefined, 'none']],
    [['parent'], undefined, ['2', 'parent']],
    [['severity', 'parent'], undefined, ['3.5', 'severity']],
    // Σ n·w of the others: now 4 + 2 + 3 + 1 + 2 = 12, last year 1 + 1 + 1 + 0.5 + 0.5 = 4: a shift of 3.
    [['lastYear', 'parent'], '0.8', ['2.4', 'lastYear']],
    [['lastYear', 'parent'], undefined, ['2', 'parent']],
  ] as const)('%j', (order, last, expected) => {
    expect(borrowed(order, last)).toEqual(expected)
  })
})
