import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { bandsOf } from '../../simulate/policy/bands.ts'
import { bandSettings, checkPack } from '../../simulate/policy/check-pack.ts'
import { jumpsOf } from '../../simulate/policy/jumps.ts'
import { listPolicies, loadPolicy } from '../../simulate/policy/load.ts'
import { fallsOf } from '../../simulate/policy/monotone.ts'
import { compilePolicy, type Policy } from '../../simulate/policy/policy.ts'
import { type CasePayment, payCase } from '../../simulate/settle/case-payment.ts'
import { anyPolicy } from './arbitrary.ts'
import { caseOf, policyOf } from './examples.ts'

/** The cost bands of a policy alone: what else it has pays by facts of the case, not by its cost. */
const bandsOnly = ({ document }: Policy): Policy =>
  compilePolicy({ ...document, rules: [], review: null, elastic: null, rounding: { points: '4', money: 'fen' } })

interface Setting {
  readonly weight: Decimal
  readonly coefficient: Decimal
  readonly insurance: string
  readonly level: string
}

const MEAN = new Decimal(8000)

/** Payment of a normal case by its cost in fen, at the year-start value. */
const payer = (policy: Policy, setting: Setting): ((cost: number) => CasePayment) => {
  const mean = policy.method === 'rate' || policy.floating ? policy.rate(setting)! : (policy.avgCost ?? MEAN)
  const base = { n: mean.times(setting.weight).times('0.9'), d: new Decimal(1) }
  const pointValue = policy.method === 'rate' ? null : (policy.pointValue(setting) ?? mean.div(policy.scale))
  return cost =>
    payCase(policy, caseOf({ ...setting, cost }), { meanCost: MEAN, pointValue, groupMean: base, levelMean: base })
}

const setting = (level: string): fc.Arbitrary<Setting> =>
  fc
    .record({
      w: fc.integer({ min: 5, max: 900 }),
      k: fc.integer({ min: 40, max: 160 }),
      insurance: fc.constantFrom('310', '390'),
    })
    .map(({ w, k, insurance }) => ({
      weight: new Decimal(w).div(100),
      coefficient: new Decimal(k).div(100),
      insurance,
      level,
    }))

const levelOf = ({ document: { rate } }: Policy): string =>
  typeof rate === 'object' && rate !== null && !('level3' in rate) && 'level2.employee' in rate ? '2' : '3'

/** Steepest slope of the bands in fen of payment per fen of cost; `base` is what the cost is compared with, yuan. */
const steepest = (policy: Policy, { weight, coefficient, insurance, level }: Setting, base: Decimal): number => {
  const isRate = policy.method === 'rate'
  const mean = isRate || policy.floating ? policy.rate({ level, insurance })! : (policy.avgCost ?? MEAN)
  const unit = isRate ? mean : policy.scale.times(policy.pointValue({ level, insurance }) ?? mean.div(policy.scale))
  const slopes = bandsOf(policy, { weight, level, insurance, group: '', parent: '' }).map(band => {
    const ofCost = band.alpha.plus(band.alphaK.times(coefficient)).abs().times(unit).div(mean)
    const ofRatio = band.rho.plus(band.rhoK.times(coefficient)).abs().times(weight).times(unit).div(base)
    return band.costPaid ? 1 : ofCost.plus(ofRatio).toNumber()
  })
  return Math.max(...slopes, 1)
}

describe('payment as a function of the cost (V11)', () => {
  const bands = anyPolicy.map(bandsOnly)

  test('jumps at class boundaries by what jumpsOf says, and nowhere else', () => {
    let seen = 0
    fc.assert(
      fc.property(
        bands,
        setting('3'),
        fc.array(fc.integer({ min: 1, max: 8_000_000 }), { minLength: 4, maxLength: 4 }),
        (policy, at, costs) => {
          const pay = payer(policy, at)
          const { cutoffs, base } = pay(100_000)
          const slope = steepest(policy, at, base ?? MEAN)
          const limits = cutoffs.map(({ yuan }) => yuan.times(100))
          for (const cost of costs) {
            if (limits.some(limit => limit.minus(cost).abs().lt(3))) continue
            expect(Math.abs(pay(cost + 1).pay! - pay(cost).pay!), `at ${cost}`).toBeLessThanOrEqual(slope + 1)
          }
          const question = { ...at, group: 'XX11', parent: 'XX1' }
          const unit = policy.method === 'rate' ? policy.rate(at)! : policy.scale.times(policy.pointValue(at)!)
          const jumps = jumpsOf(policy, question, at.coefficient)
          for (const [i, limit] of limits.entries()) {
            const jump = jumps[i]
            if (limits.some((other, j) => j !== i && other.minus(limit).abs().lt(6)) || limit.lt(3)) continue
            const [below, above] = [limit.ceil().toNumber() - 1, limit.floor().toNumber() + 1].map(cost => pay(cost))
            const found = above!.pay! - below!.pay!
            if (jump?.size == null || below!.pay === 0 || above!.pay === 0) continue
            seen++
            const stated = jump.size.times(unit).times(100).toNumber()
            expect(Math.abs(found - stated), `${jump.at}: ${found} for ${stated}`).toBeLessThanOrEqual(3 * slope + 2)
          }
        },
      ),
      { numRuns: 1500 },
    )
    expect(seen).toBeGreaterThan(500)
  })

  test('is monotone wherever the check finds no fall, over random policies', () => {
    let [rising, falling] = [0, 0]
    fc.assert(
      fc.property(
        bands,
        setting('3'),
        fc.array(fc.integer({ min: 1, max: 9_000_000 }), { minLength: 30, maxLength: 30 }),
        (policy, at, costs) => {
          const question = { ...at, group: 'XX11', parent: 'XX1' }
          if ([...fallsOf(policy, [question], [at.coefficient])].length > 0) {
            falling++
            return
          }
          rising++
          const pay = payer(policy, at)
          const near = pay(100_000).cutoffs.flatMap(({ yuan }) =>
            [-1, 0, 1].map(step => yuan.times(100).floor().toNumber() + step),
          )
          const sorted = [...costs, ...near.filter(cost => cost > 0)].sort((a, b) => a - b)
          const paid = sorted.map(cost => pay(cost).pay!)
          for (const [i, value] of paid.entries())
            if (i > 0) expect(value, `cost ${sorted[i]}`).toBeGreaterThanOrEqual(paid[i - 1]!)
        },
      ),
      { numRuns: 1500 },
    )
    expect(Math.min(rising, falling)).toBeGreaterThan(200)
  })

  const packs = listPolicies().map(id => loadPolicy(id))

  test('packs that say so are monotone, and each that says nothing has a fall or leaves the value open', () => {
    const declared = packs.filter(({ document }) => document.monotone)
    expect(declared.length).toBeGreaterThan(4)
    for (const policy of declared) {
      fc.assert(
        fc.property(
          setting(levelOf(policy)),
          fc.array(fc.integer({ min: 1, max: 9_000_000 }), { minLength: 20, maxLength: 20 }),
          (at, costs) => {
            const pay = payer(policy, at)
            const near = pay(100_000).cutoffs.flatMap(({ yuan }) =>
              [-1, 0, 1].map(step => yuan.times(100).floor().toNumber() + step),
            )
            const sorted = [...costs, ...near].sort((a, b) => a - b)
            const paid = sorted.map(cost => pay(cost).pay!)
            for (const [i, value] of paid.entries())
              if (i > 0) expect(value, `${policy.id}, cost ${sorted[i]}`).toBeGreaterThanOrEqual(paid[i - 1]!)
          },
        ),
        { numRuns: 40 },
      )
    }
  })

  test('the check contradicts a pack that says so and is not', () => {
    const base = {
      method: 'points',
      scale: '100',
      avgCost: '6000',
      ratioBase: 'avgRwK',
      pointValue: '60',
      monotone: true,
    }
    const of = (fields: object): string[] =>
      checkPack(policyOf({ ...base, ...fields })).flatMap(({ field, text }) => (field === 'monotone' ? [text.en] : []))
    expect(of({})).toEqual([])
    // With k = 0.8 the standard ends at 2 · 0.8 and H1 goes on at L·w·(k − 1) less.
    expect(of({ high: { limit: '2', op: '>', formula: 'H1' } })[0]).toMatch(
      /where class normal ends it drops by 1.2 of weight/,
    )
    expect(of({ linearBands: [{ class: 'normal', upTo: null, gamma: '1', alpha: '-0.1' }] })[0]).toMatch(
      /inside class normal/,
    )
    const low = { threshold: '0.4', op: '<', formula: 'L1' }
    expect(of({ low })).toEqual([])
    expect(of({ low, pointValue: null })[0]).toMatch(/a point value or mean that the pack does not state/)
    const rule = { id: 'dear', title: { zh: '贵', en: 'Dear' }, when: 'cost > 9000 yuan', factor: '0.9' }
    expect(of({ rules: [rule] })[0]).toMatch(/own rule dear asks for the cost/)
  })

  test('settings of a pack cover every weight band, level and insurance that it tells apart', () => {
    for (const policy of packs) expect(bandSettings(policy).length, policy.id).toBeGreaterThan(0)
  })
})
