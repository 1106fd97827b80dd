import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from '../../../numbers/index.ts'
import { settleDipPool } from '../../../simulate/dip/point-value.ts'
import { isDipExamples, runDipExamples } from '../../../simulate/dip/verify.ts'
import { hasReference, reference } from '../../reference.ts'

/** Paths that do not hold. */
function failing(inputs: unknown, expected: unknown, roundedTo = {}, id = 'one'): string[] {
  const [result] = runDipExamples({ examples: [{ id, inputs, expected, roundedTo }] })
  if (result!.problem !== null) return [result!.problem.en]
  return result!.checks.filter(check => !check.holds).map(check => check.field)
}

const GRID = {
  groupScore: '800',
  groupMeanCost: '8000',
  institutionCoefficient: '1.2',
  sameLevelStandard: '9600',
  auxiliaryCoefficient: '1.5',
  referenceByRuleSet: { 'hubei-base': '8000', jining: '8000', taian: '8000' },
  caseCosts: ['4000', '16000', '48000'],
}

describe('worked DIP examples', () => {
  it.runIf(hasReference())('of the reference all hold', () => {
    const file = reference('dip', 'worked-payment-dev.json')
    const results = runDipExamples(JSON.parse(readFileSync(file, 'utf8')))
    expect(results.map(({ id, checks }) => [id, checks.length > 0, checks.filter(one => !one.holds)])).toEqual(
      results.map(({ id }) => [id, true, []]),
    )
    expect(new Set(results.map(({ kind }) => kind)).size).toBe(6)
  })

  // 4000: ratio 0.5, low where the limit counts as low. 16000: 2, high from there in Hubei only. 48000: 6.
  it('score outliers by the local rules, with the auxiliary coefficient', () => {
    const expected = {
      scoreByCost: {
        // 4000 / 9600 < 0.5: k cancels; against the group mean 0.5 is not low by the 1.0 text.
        4000: { 'hubei-base': '720', jining: '600', taian: '600', 'dip1-spec': '1440', 'dip3-draft': '600' },
        16000: { 'hubei-base': '1440', jining: '1440', taian: '1440', 'dip1-spec': '1440', 'dip3-draft': '1440' },
        48000: { 'hubei-base': '7200', jining: '1440', taian: '6240', 'jining, blank group': '3360' },
      },
    }
    expect(failing(GRID, expected)).toEqual([])
  })

  it('weight totals where cases are counted, and years without cases not at all', () => {
    const inputs = {
      yearlyMeans: ['9000', '10000', '11000'],
      yearlyCases: ['100', '200', '100'],
      weights: ['1', '2', '7'],
    }
    expect(failing(inputs, { weightedMean: '10500' })).toEqual([])
    expect(failing({ ...inputs, reading: 'meanOfMeans' }, { weightedMean: '10600' })).toEqual([])
    expect(failing(inputs, { meanOfMeans: '10600', weightedTotals: '10500' })).toEqual([])
    expect(failing({ ...inputs, yearlyMeans: ['9000', null, '11000'] }, { meanOfMeans: '10750' })).toEqual([])
  })

  it('do not hold where a value differs or is unknown', () => {
    const inputs = { baseMeanCost: '100', withRelated: { a: '110', b: '109.99' }, thresholdPercent: '10' }
    expect(failing(inputs, { a: { keepAsOwnGroup: true }, b: { keepAsOwnGroup: false } })).toEqual([])
    expect(failing(inputs, { a: { keepAsOwnGroup: false, share: '1' } })).toEqual(['a.keepAsOwnGroup', 'a.share'])
  })

  it('pay nothing where the patient paid more than the standard', () => {
    const inputs = {
      costs: { diagnosisAndTreatment: '100', examination: '100', drugs: '100', consumables: '700' },
      fundBooked: '400',
      baseScore: '10',
      levelCoefficient: '1',
      pointValue: '50',
      ownCostShareOfServices: '0.5',
      ownCostShareOfDrugsAndConsumables: '1',
    }
    const expected = {
      patientPaid: '600',
      paymentStandard: '500',
      dipAccounting: '0',
      surplus: '-400',
      recoveryRate: '0',
      ownCost: '900',
      realSurplus: '-400',
    }
    expect(failing(inputs, expected)).toEqual([])
  })

  it('are known by their shape, and say why they cannot be run', () => {
    expect(isDipExamples({ examples: [{ id: 'x', inputs: GRID, expected: {} }] })).toBe(true)
    expect(isDipExamples([])).toBe(false)
    expect(isDipExamples({ examples: [] })).toBe(false)
    expect(failing({ rw: '1' }, {})[0]).toMatch(/no known kind/)
    expect(failing({ weights: ['x'] }, {})[0]).toMatch(/inputs\.weights\.0/)
    expect(failing(GRID, { scoreByCost: { 1: { nowhere: '1' } } })[0]).toMatch(/dip3-draft, dip1-spec/)
  })
})

describe('settlement by score', () => {
  it('splits the fund total to the fen, near each exact share', () => {
    const claim = fc.record({ raw: fc.integer({ min: 0, max: 1e9 }), k: fc.integer({ min: 1, max: 20_000 }) })
    fc.assert(
      fc.property(fc.nat(1e12), fc.array(claim, { minLength: 1, maxLength: 30 }), (total, rows) => {
        fc.pre(rows.some(({ raw }) => raw > 0))
        const claims = rows.map(({ raw, k }) => ({
          rawScore: new Decimal(raw).div(1e4),
          coefficient: new Decimal(k).div(1e4),
        }))
        const pool = settleDipPool(total, new Decimal('0.7'), claims)
        expect(pool.fund.reduce((all, one) => all + one, 0)).toBe(total)
        pool.scores.forEach((score, i) => {
          const exact = score.times(pool.pointValue!).times('0.7').times(100)
          expect(exact.minus(pool.fund[i]!).abs().toNumber()).toBeLessThan(1.000001)
        })
      }),
    )
  })
})
