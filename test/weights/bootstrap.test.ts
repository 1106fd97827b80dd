import { beforeAll, describe, expect, test } from 'vitest'
import { at, createDraws, type Decimal, normal, unit } from '../../numbers/index.ts'
import { bootstrap, type WeightConfig, type WeightInterval, weigh } from '../../weights/index.ts'
import { normalQuantile } from '../../weights/normal.ts'
import { configWith, groupedOf, type Row } from './cases.ts'
import { coverage, knownRegion, shrinkageGain } from './known-region.ts'

const NONE = { ...configWith({}).coefficient, kind: 'none' } as const
const sampled = (changes: Partial<Omit<WeightConfig, 'trim'>>): WeightConfig =>
  configWith(
    {
      nMin: 1,
      unstableMode: 'ownWeight',
      coefficient: NONE,
      bootstrap: { ...configWith({}).bootstrap, replicates: 200 },
      ...changes,
    },
    { method: 'none' },
  )

/** Costs of two years in four groups of two ADRGs, in a fixed disorder. */
const rows: Row[] = ['AA11', 'AA15', 'BB11', 'BB15'].flatMap((group, g) =>
  Array.from({ length: [3, 40, 200, 90][g]! }, (_, i) => {
    const w = at(createDraws(5), i, g, 0, 0)
    return {
      group,
      cost: Math.round(100_000 * (g + 1) * Math.exp(0.5 * normal(w[0]!, w[1]!))),
      month: unit(w[2]!) < 0.5 ? '2023-01' : '2024-01',
    }
  }),
)
const intervals = async (
  config: WeightConfig,
  list: readonly Row[] = rows,
  threads = 1,
): Promise<(WeightInterval | null)[]> => {
  const cases = groupedOf(list)
  const { statistics, weights } = weigh(cases, [], config)
  return bootstrap(statistics, weights, cases.parents, config, { threads })
}

describe('intervals of weights', () => {
  const years = { ...configWith({}).years, factors: [1, 2].map(n => configWith({}).cvMax.times(n)) as Decimal[] }
  const variants: readonly (readonly [string, Partial<Omit<WeightConfig, 'trim'>>])[] = [
    ['as they are', {}],
    ['years', { years }],
    ['mean of means', { years: { ...years, reading: 'meanOfMeans' } }],
    ['geometric', { average: 'geometric' }],
    ['shrunk', { shrinkage: { method: 'buhlmannStraub', apply: 'all' } }],
    ['fixed shrinkage', { shrinkage: { method: 'fixed', apply: 'all' } }],
    ['repaired', { inversions: 'pool' }],
    ['benchmark', { method: 'benchmark', benchmark: 'BB11', calibrate: false }],
    ['all cases', { denominator: 'allCases', calibrate: false }],
    ['percentiles', { bootstrap: { ...configWith({}).bootstrap, replicates: 200, interval: 'percentile' } }],
  ]

  test.each(variants)('hold the weight that they belong to: %s', async (name, changes) => {
    const config = sampled(changes)
    const { weights } = weigh(groupedOf(rows), [], config)
    const found = await intervals(config)
    for (const [g, weight] of weights.weight.entries()) {
      const { low, high } = found[g]!
      // The benchmark itself never moves.
      if (name === 'benchmark' && g === 2) expect([low, high]).toEqual([1, 1])
      else expect(low).toBeLessThan(weight!.toNumber())
      if (name !== 'benchmark' || g !== 2) expect(high).toBeGreaterThan(weight!.toNumber())
    }
  })

  test('groups that a repair gave one weight have one interval, and a lone case in it borrows no certainty', async () => {
    // The heavier group is dearer by the order of severity, its only case cheaper than those of the lighter one.
    const lone = [...rows.filter(row => row.group !== 'AA11'), { group: 'AA11', cost: 20_000, month: '2024-01' }]
    const config = sampled({ inversions: 'pool' })
    const { groups } = groupedOf(lone)
    const found = await intervals(config, lone)
    const [heavy, light] = ['AA11', 'AA15'].map(name => found[groups.indexOf(name)]!)
    expect(heavy).toEqual(light)
    const apart = await intervals(sampled({}), lone.filter(row => row.group !== 'AA11')) // biome-ignore format: short
    const width = (one: WeightInterval): number => Math.log(one.high / one.low)
    // 41 cases, of which 40 are those of the lighter group.
    const before = apart[groupedOf(lone.filter(row => row.group !== 'AA11')).groups.indexOf('AA15')]!
    expect(width(heavy!) / width(before)).toBeGreaterThan(0.8)
    expect(width(heavy!) / width(before)).toBeLessThan(1.25)
  })

  test('equal costs leave nothing to doubt; a single case is judged by the spread of all', async () => {
    const same = [
      ...Array.from({ length: 20 }, () => ({ group: 'AA19', cost: 500 })),
      ...rows,
      { group: 'CC19', cost: 900 },
    ]
    const found = await intervals(sampled({}), same)
    const labels = groupedOf(same).groups
    const equal = found[labels.indexOf('AA19')]!
    expect(equal.high / equal.low).toBeLessThan(1.2)
    expect(found[labels.indexOf('CC19')]).toMatchObject({ method: 'pooled' })
  })

  test('seeds differ, threads and the order of cases do not, to the last bit', async () => {
    const config = sampled({ years })
    const one = await intervals(config)
    expect(await intervals(config, [...rows].reverse())).toEqual(one)
    for (const threads of [2, 7]) expect(await intervals(config, rows, threads)).toEqual(one)
    expect(await intervals({ ...config, bootstrap: { ...config.bootstrap, seed: 2 } })).not.toEqual(one)
  })

  test('costs times a factor give the same intervals but for the rounding of doubles', async () => {
    const one = await intervals(sampled({}))
    const scaled = await intervals(
      sampled({}),
      rows.map(row => ({ ...row, cost: row.cost * 8 })),
    )
    for (const [g, interval] of one.entries()) {
      expect(scaled[g]!.low / interval!.low).toBeCloseTo(1, 9)
      expect(scaled[g]!.high / interval!.high).toBeCloseTo(1, 9)
    }
  })

  test('quantiles of the normal distribution as tables print them', () => {
    const published = [
      [0.5, 0],
      [0.9, 1.281552],
      [0.95, 1.644854],
      [0.975, 1.959964],
      [0.995, 2.575829],
      [0.001, -3.090232],
    ]
    for (const [p, z] of published) expect(normalQuantile(p!)).toBeCloseTo(z!, 5)
  })
})

describe('a region whose true weights are known', () => {
  let region: ReturnType<typeof knownRegion>
  beforeAll(() => {
    region = knownRegion(8_000, 3)
  })

  test('90 % intervals hold the truth 88 to 92 % of the time (small form of the nightly test)', async () => {
    const { intervals: all, held } = await coverage(region, { replicates: 6, draws: 300, threads: 1 })
    expect(all).toBeGreaterThan(2_000)
    expect(held / all).toBeGreaterThan(0.88)
    expect(held / all).toBeLessThan(0.92)
  })

  test('shrinkage lowers the mean squared error against raw means', () => {
    const { raw, shrunk } = shrinkageGain(region, 6)
    expect(shrunk).toBeLessThan(raw)
  })
})
