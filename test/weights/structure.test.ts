import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTable } from '../../files/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { type WeightConfig, weigh } from '../../weights/index.ts'
import { findInversions, repairInversions, severityPairs } from '../../weights/inversion.ts'
import { isotonicBlocks, type Level } from '../../weights/isotonic.ts'
import { hasReference, reference } from '../reference.ts'
import { configWith, decimal, groupedOf, type Row } from './cases.ts'

const ORDER = configWith({}).severityOrder

/** Pooling of adjacent violators on a falling chain, as textbooks have it. */
function poolAdjacent(levels: readonly Level[]): number[] {
  const blocks: { value: number; cases: number; size: number }[] = []
  for (const { value, cases } of levels) {
    blocks.push({ value, cases, size: 1 })
    while (blocks.length > 1 && blocks.at(-2)!.value < blocks.at(-1)!.value) {
      const [b, a] = [blocks.pop()!, blocks.pop()!]
      const n = a.cases + b.cases
      blocks.push({ value: (a.value * a.cases + b.value * b.cases) / n, cases: n, size: a.size + b.size })
    }
  }
  return blocks.flatMap(block => Array.from({ length: block.size }, () => block.value))
}

const level = fc.record({ value: fc.integer({ min: 1, max: 9 }), cases: fc.integer({ min: 1, max: 9 }) })
const fitted = (levels: readonly Level[], pairs: readonly (readonly [number, number])[]): number[] => {
  const values = levels.map(() => 0)
  for (const block of isotonicBlocks(levels, pairs)) {
    const n = block.reduce((all, i) => all + levels[i]!.cases, 0)
    for (const i of block) values[i] = block.reduce((all, j) => all + levels[j]!.cases * levels[j]!.value, 0) / n
  }
  return values
}

describe('isotonic regression', () => {
  test('on a chain it is pooling of adjacent violators', () => {
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 7 }), levels => {
        const chain = levels.slice(1).map((_, i) => [i, i + 1] as const)
        const pooled = poolAdjacent(levels)
        for (const [i, value] of fitted(levels, chain).entries()) expect(value).toBeCloseTo(pooled[i]!, 9)
      }),
    )
  })

  test('on any order it keeps the order, and no small move along a set of members does better', () => {
    fc.assert(
      fc.property(
        fc.array(level, { minLength: 2, maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 8 }),
        (levels, raw) => {
          const pairs = raw.filter(([a, b]) => a < b && b < levels.length)
          const fit = fitted(levels, pairs)
          for (const [a, b] of pairs) expect(fit[a]).toBeGreaterThanOrEqual(fit[b]! - 1e-9)
          const loss = (values: readonly number[]): number =>
            values.reduce((all, v, i) => all + levels[i]!.cases * (v - levels[i]!.value) ** 2, 0)
          const best = loss(fit)
          for (let set = 1; set < 1 << levels.length; set++) {
            for (const step of [-1e-3, 1e-3]) {
              const other = fit.map((v, i) => ((set >> i) & 1 ? v + step : v))
              if (pairs.some(([a, b]) => other[a]! < other[b]!)) continue
              expect(loss(other)).toBeGreaterThanOrEqual(best - 1e-9)
            }
          }
        },
      ),
    )
  })
})

describe('repair of inversions', () => {
  const groups = ['AA11', 'AA13', 'AA15', 'AA19', 'BB11', 'BB15']
  const parents = groups.map(group => group.slice(0, 3))
  const pairs = severityPairs(groups, parents, ORDER)

  test('the order compares leaves of one ADRG with the same end', () => {
    expect(pairs).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
      [4, 5],
    ])
    const codes = ['BV11A', 'BV11B', 'BV13A', 'BV15B', 'BV1B']
    expect(
      severityPairs(
        codes,
        codes.map(() => 'BV1'),
        ORDER,
      ),
    ).toEqual([
      [0, 2],
      [1, 3],
    ])
  })

  test('both become the mean weighted by cases', () => {
    const weight = ['2', '1', '3', '9', '5', '4'].map(decimal)
    const cases = ['10', '10', '30', '1', '1', '1'].map(decimal)
    expect(findInversions(weight, pairs).map(one => [one.heavier, one.lighter, one.excess.toString()])).toEqual([
      [0, 2, '1'],
      [1, 2, '2'],
    ])
    const { weight: repaired, moved } = repairInversions(weight, cases, pairs, () => false)
    expect(repaired.map(String)).toEqual(['2.4', '2.4', '2.4', '9', '5', '4'])
    expect(moved).toEqual([0, 1, 2])
  })

  test('Σ n·w stays, the result is in order, a second repair changes nothing', () => {
    const values = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(values, fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 6, maxLength: 6 }), (w, n) => {
        const weight = w.map(one => new Decimal(one).div(100))
        const cases = n.map(one => new Decimal(one))
        const { weight: repaired } = repairInversions(weight, cases, pairs, () => false)
        const sum = (list: readonly (Decimal | null)[]): Decimal =>
          list.reduce<Decimal>((all, one, g) => all.plus(one!.times(cases[g]!)), new Decimal(0))
        expect(sum(repaired).minus(sum(weight)).abs().lt('1e-30')).toBe(true)
        const known = pairs.filter(([a, b]) => n[a]! > 0 && n[b]! > 0)
        expect(findInversions(repaired, known)).toEqual([])
        expect(repairInversions(repaired, cases, pairs, () => false).moved.filter(g => n[g]! > 0)).toEqual([])
      }),
    )
  })

  test.skipIf(!hasReference())('published tables have the inversions that the reference counted', () => {
    const count = (name: string): number => {
      const { header, rows } = readTable(reference('settlement', 'payment-tables', `${name}.csv`))
      const at = header.indexOf('RW')
      const listed = rows.filter(
        ({ cells }) => /^[A-Z]{2}\d[\dA-Z]$/.test(cells[0]!.trim()) && /^\d/.test(cells[at]?.trim() ?? ''),
      )
      const codes = listed.map(({ cells }) => cells[0]!.trim())
      const found = findInversions(
        listed.map(({ cells }) => decimal(cells[at]!.trim())),
        severityPairs(
          codes,
          codes.map(code => code.slice(0, 3)),
          [
            ['1', '3'],
            ['3', '5'],
            ['1', '5'],
          ],
        ),
      )
      return found.length
    }
    const names = [
      'xian-2020',
      'lanzhou-2023',
      'yantai-2023',
      'changzhou-2022',
      'fuzhou-2022',
      'beijing-2022',
      'yancheng-2022',
      'linyi-2022',
    ]
    expect(names.map(count)).toEqual([84, 83, 18, 3, 1, 0, 0, 0])
  })
})

describe('policy adjustments', () => {
  const several = (group: string, cost: number, n: number): Row[] => Array.from({ length: n }, () => ({ group, cost }))
  const rows = [...several('AA11', 100, 10), ...several('AA15', 200, 10), ...several('BB19', 300, 10)]
  const base = { nMin: 1, decimals: 8, coefficient: { ...configWith({}).coefficient, kind: 'none' } } as const
  const table = (changes: Partial<Omit<WeightConfig, 'trim'>>) =>
    weigh(groupedOf(rows), [], configWith({ ...base, ...changes })).weights
  const texts = (changes: Partial<Omit<WeightConfig, 'trim'>>): string[] =>
    table(changes).weight.map(w => w!.toString())
  const rise = (held: boolean) => ({ adjustments: [{ id: 'tcm', groups: ['BB*'], factor: decimal('1.2'), held }] })

  test('a held factor stands in full and the others pay for it; one that is not held shares the cost', () => {
    // 0.5, 1, 1.5: the third to 1.8; the others share 3 − 1.8 = 1.2, or all are divided by 3.3 / 3.
    expect(texts(rise(true))).toEqual(['0.4', '0.8', '1.8'])
    expect(texts(rise(false))).toEqual(['0.45454545', '0.90909091', '1.63636364'])
    expect(texts({ ...rise(true), locked: ['AA11'] })).toEqual(['0.5', '0.7', '1.8'])
  })

  test('without calibration the total before the adjustment stays', () => {
    const { calibration, weight } = table({ ...rise(true), calibrate: false })
    expect(calibration.meanWeight.toString()).toBe('1')
    expect(weight.map(String)).toEqual(['0.4', '0.8', '1.8'])
  })

  test('codes that no group has, and more than there is to give, are refused', () => {
    expect(() => texts({ locked: ['ZZ*'] })).toThrow('WGT-013')
    expect(() => texts({ adjustments: [{ id: 'all', groups: ['BB19'], factor: decimal('9'), held: true }] })).toThrow(
      'WGT-014',
    )
  })

  test('repair comes before, and inversions that are left are told', () => {
    const { weight, inversions, steps } = table({ inversions: 'pool' })
    expect(weight.map(String)).toEqual(['0.75', '0.75', '1.5'])
    expect([inversions.found.length, inversions.left.length, steps[0]!.pooled]).toEqual([1, 0, true])
    expect(table({}).inversions.left).toHaveLength(1)
  })
})
