import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from '../../../numbers/index.ts'
import { addsEnough, incrementPercent } from '../../../weights/dip/increment.ts'
import { meanOfOne, meanOfSum, meanValue } from '../../../weights/dip/mean.ts'
import { benchmarkBasis, meanCostBasis, quotaBasis, scoreOf } from '../../../weights/dip/score.ts'
import { caseThreshold } from '../../../weights/dip/threshold.ts'
import { weightedMean } from '../../../weights/dip/years.ts'

const WEIGHTS = [1, 2, 7].map(weight => new Decimal(weight))

describe('scores by three methods', () => {
  const group = meanOfOne(12_800)

  it('divide by the region, the benchmark group or the quota', () => {
    expect(scoreOf(group, meanCostBasis(meanOfOne(6_400))).toString()).toBe('2000')
    expect(scoreOf(group, benchmarkBasis(group)).toString()).toBe('1000')
    expect(scoreOf(group, quotaBasis('100')).toString()).toBe('128')
  })

  it('keep Σ score × cases = 1000 × cases by the mean-cost method', () => {
    const groups = fc.array(fc.tuple(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000_000 })), {
      minLength: 1,
      maxLength: 20,
    })
    fc.assert(
      fc.property(groups, all => {
        const cases = all.reduce((n, [count]) => n + count, 0)
        const sum = all.reduce((money, [, cost]) => money + cost, 0)
        const basis = meanCostBasis(meanOfSum(sum, cases)!)
        const total = all.reduce(
          (scores, [count, cost]) => scores.plus(scoreOf(meanOfSum(cost, count)!, basis).times(count)),
          new Decimal(0),
        )
        expect(
          total
            .minus(1000 * cases)
            .abs()
            .toNumber(),
        ).toBeLessThan(1e-20 * cases)
      }),
    )
  })
})

describe('1:2:7 over three years', () => {
  const year = (mean: number, cases: number) => ({ cases, sum: mean * cases })
  const published = [year(9_000, 100), year(10_000, 200), year(11_000, 100)]

  it('has two readings', () => {
    expect(meanValue(weightedMean(published, WEIGHTS, 'meanOfMeans')!).toString()).toBe('10600')
    expect(meanValue(weightedMean(published, WEIGHTS, 'weightedTotals')!).toString()).toBe('10500')
  })

  it('leaves out years without cases', () => {
    const gap = [year(9_000, 30), year(0, 0), year(11_000, 10)]
    expect(meanValue(weightedMean(gap, WEIGHTS, 'meanOfMeans')!).toString()).toBe('10750')
    expect(weightedMean([year(0, 0), year(0, 0), year(0, 0)], WEIGHTS, 'meanOfMeans')).toBeUndefined()
  })

  it('gives both readings the same mean where every year has as many cases', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(1e9), fc.nat(1e9), fc.nat(1e9)), fc.integer({ min: 1, max: 1e6 }), (sums, cases) => {
        const years = sums.map(sum => ({ sum, cases }))
        const [one, two] = (['meanOfMeans', 'weightedTotals'] as const).map(reading =>
          meanValue(weightedMean(years, WEIGHTS, reading)!),
        )
        expect(one!.toString()).toBe(two!.toString())
      }),
    )
  })
})

describe('the rule for related operations', () => {
  it('is met at the limit itself', () => {
    const ten = new Decimal(10)
    expect(addsEnough(meanOfSum(33, 3)!, meanOfOne(10), ten)).toBe(true)
    expect(addsEnough(meanOfSum('32.999999999', 3)!, meanOfOne(10), ten)).toBe(false)
  })

  it('agrees with table 3-3 of the draft (I21.0, drug-eluting stent)', () => {
    const base = meanOfOne(28_033)
    expect(incrementPercent(meanOfOne(28_849), base).toFixed(2)).toBe('2.91')
    expect(incrementPercent(meanOfOne(44_003), base).toFixed(2)).toBe('56.97')
  })
})

describe('the case threshold', () => {
  const share = (text: string) => ({ kind: 'coverage', share: new Decimal(text) }) as const

  it('is the largest number that still covers the share', () => {
    const counts = [1, 50, 4, 20, 20, 5]
    expect(caseThreshold(counts, 100, share('0.95'))).toBe(5)
    expect(caseThreshold(counts, 100, share('0.951'))).toBe(4)
    expect(caseThreshold(counts, 100, share('0.5'))).toBe(50)
    expect(caseThreshold(counts, 1000, share('0.95'))).toBe(1)
    expect(caseThreshold(counts, 100, { kind: 'fixed', cases: 15 })).toBe(15)
  })

  it('covers the share, and one more case in the threshold would not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (counts, percent) => {
          const total = counts.reduce((all, one) => all + one, 0)
          const held = (least: number): number => counts.filter(one => one >= least).reduce((all, one) => all + one, 0)
          const n = caseThreshold(counts, total, share(String(percent / 100)))
          expect(held(n) * 100).toBeGreaterThanOrEqual(percent * total)
          const next = Math.min(...counts.filter(one => one > n))
          if (Number.isFinite(next)) expect(held(next) * 100).toBeLessThan(percent * total)
        },
      ),
    )
  })
})
