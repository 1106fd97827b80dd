import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { type Clearing, clearRegion } from '../../simulate/settle/cycle.ts'
import type { CycleFacts } from '../../simulate/settle/cycle-facts.ts'
import { settleRegion } from '../../simulate/settle/region.ts'
import type { GroupedCases } from '../../weights/index.ts'
import { cashOf } from './cash.ts'
import { policyOf } from './examples.ts'

/**
 * A region small enough for paper: hospital A has three cases in January and one in February, B one in each. Every case
 * costs 10,000 yuan and has the weight 1, so 100 points. Patients of A pay 3,000 yuan each, those of B 4,000:
 * U = 12,000 + 8,000 = 20,000; the budget is 45,000; all points are 600.
 */
const CASES: GroupedCases = (() => {
  const hospital = [0, 0, 0, 0, 1, 1]
  const column = (value: number): Float64Array => new Float64Array(6).fill(value)
  const patient = Float64Array.from(hospital, h => (h === 0 ? 300_000 : 400_000))
  return {
    count: 6,
    groups: ['AA11'],
    parents: ['AA1'],
    hospitals: ['A', 'B'],
    insurances: ['310'],
    months: ['2025-01', '2025-02'],
    group: new Uint16Array(6),
    status: new Uint8Array(6),
    hospital: Uint16Array.from(hospital),
    insurance: new Uint16Array(6),
    month: Uint16Array.of(0, 0, 0, 1, 0, 1),
    los: new Uint16Array(6).fill(8),
    dischargeWay: new Uint8Array(6),
    cost: column(1_000_000),
    fund: patient.map(fen => 1_000_000 - fen),
    patient,
  }
})()

const CYCLE = {
  theta: '0.90',
  deposit: '0.05',
  depositReturn: [{ from: '90', share: '1' }, { from: '80', share: '0.9' }, { from: '0', share: 'score' }],
  advanceMonths: '1',
} // biome-ignore format: one cycle
const NO_FACTS: CycleFacts = { appraisal: new Map(), units: new Map(), through: null, home: new Map() }
/** A scores 85; January is cut by 500 yuan. B scores 70 and brings 100 yuan owed by it from last year. */
const FACTS: CycleFacts = {
  ...NO_FACTS,
  appraisal: new Map([
    ['A', { score: new Decimal(85), coefficient: null }],
    ['B', { score: new Decimal(70), coefficient: null }],
  ]),
  units: new Map([
    ['A\n310', { balance: 0, advance: 0, deductions: new Map([['2025-01', 50_000]]) }],
    ['B\n310', { balance: -10_000, advance: 0, deductions: new Map() }],
  ]),
}

function cleared(fields: object, facts: CycleFacts = FACTS): readonly Clearing[] {
  const policy = policyOf({
    method: 'points', scale: '100', avgCost: '10000', ratioBase: 'avgRw', coefficient: { kind: 'none' }, cycle: CYCLE,
    ...fields,
  }) // biome-ignore format: one policy
  const one = new Decimal(1)
  const settlement = settleRegion({
    cases: CASES,
    weights: { groups: ['AA11'], weight: [one], stable: [true], meanCost: 1_000_000, meanCostExact: new Decimal(1_000_000) },
    coefficients: { kind: 'none', of: () => one },
    policy,
    budgets: [{ insurance: '310', fund: 4_500_000 }],
    hospitals: [{ code: 'A', name: '甲', level: '3' }, { code: 'B', name: '乙', level: '2' }],
  }) // biome-ignore format: a region
  return clearRegion(settlement, policy, { provisional: new Map([['310', new Decimal(100)]]), facts })
}

const yuan = (fen: number): number => fen / 100
const sums = ({ due, deductions, sharing, payable, prepaid, advance, lostDeposit, carriedIn, carriedOut, final }: Clearing) =>
  [due, deductions, sharing, payable, prepaid, advance, lostDeposit, carriedIn, carriedOut, final].map(yuan) // biome-ignore format: one list

describe('a year by hand', () => {
  test('subtracting what patients paid', () => {
    const [a, b] = cleared({ patientShare: 'subtract' })
    // T = 45,000 + 20,000 = 65,000 over 600 points: PV = 108.33; A 400 points = 43,333.33 − 12,000 = 31,333.33.
    // January of A: 300 points × 100 − 9,000 = 21,000; × 0.9 − 500 = 18,400; deposit 1,050. February 7,000: 6,300 and 350.
    expect(a!.months.map(m => [m.state, ...[m.provisional, m.deduction, m.paid, m.deposit].map(yuan)])).toEqual([
      ['paid', 21_000, 500, 18_400, 1050],
      ['paid', 7000, 0, 6300, 350],
    ])
    // Advance (21,000 + 7,000) / 2 = 14,000. Score 85 returns 0.9 of 1,400: 140 lost. Payable 31,333.33 − 500 = 30,833.33.
    // Final 30,833.33 − 140 − 24,700 − 14,000 = −8,006.67: A pays back.
    expect(sums(a!)).toEqual([31_333.33, 500, 0, 30_833.33, 24_700, 14_000, 140, 0, 0, -8006.67])
    // B: 200 points = 21,666.67 − 8,000 = 13,666.67. Months 10,000 − 4,000 = 6,000 each: 5,400 paid, 300 held; score 70
    // returns 0.7 of 600: 180 lost. Final 13,666.67 − 180 − 100 − 10,800 − 6,000 = −3,413.33.
    expect(sums(b!)).toEqual([13_666.67, 0, 0, 13_666.67, 10_800, 6000, 180, -100, 0, -3413.33])
  })

  test('by the ratio, with the fund paying ρ of the points', () => {
    const [a, b] = cleared({ patientShare: 'ratio' })
    // ρ = 40,000 / 60,000 = 2/3; due 45,000 / 600 × 400 = 30,000: 1,333.33 less than by subtraction, P_h/P · U − U_h.
    // January of A: 30,000 × 2/3 = 20,000; × 0.9 − 500 = 17,500; February 6,666.67: 6,000, deposit 333.33.
    expect(a!.months.map(m => [m.provisional, m.paid, m.deposit].map(yuan))).toEqual([
      [20_000, 17_500, 1000],
      [6666.67, 6000, 333.33],
    ])
    // Advance 26,666.67 / 2 = 13,333.34 (half up). Lost 0.1 × 1,333.33 = 133.33.
    // Final 29,500 − 133.33 − 23,500 − 13,333.34 = −7,466.67.
    expect(sums(a!)).toEqual([30_000, 500, 0, 29_500, 23_500, 13_333.34, 133.33, 0, 0, -7466.67])
    expect(yuan(b!.due)).toBe(15_000)
  })

  test('with sharing of surplus and overspend by bands', () => {
    const sharing = {
      bands: [{ upTo: '0.85', factor: '1.05' }, { upTo: '1', keep: '0.9' }, { upTo: '1.1', share: '0.6' }, { upTo: null, share: '0' }],
      base: 'hospital',
      balance: 'reserve',
    } // biome-ignore format: bands
    const [a, b] = cleared({ patientShare: 'ratio', sharing }, NO_FACTS)
    // A billed 28,000 of 30,000 due (0.933): 28,000 + 0.9 × 2,000 = 29,800. B billed 12,000 of 15,000 (0.8): 12,600.
    expect([yuan(a!.sharing), yuan(a!.payable)]).toEqual([-200, 29_800])
    expect([yuan(b!.sharing), yuan(b!.payable)]).toEqual([-2400, 12_600])
  })

  test('half way, and with the debt carried into the next year', () => {
    const [open] = cleared({ patientShare: 'subtract' }, { ...FACTS, through: '2025-01' })
    expect([open!.state, ...open!.months.map(m => m.state)]).toEqual(['open', 'paid', 'open'])
    expect([yuan(open!.prepaid), yuan(open!.final)]).toEqual([18_400, 0])
    const [carried] = cleared({ patientShare: 'subtract', cycle: { ...CYCLE, negativeFinal: 'carryOver' } })
    expect([yuan(carried!.final), yuan(carried!.carriedOut)]).toEqual([0, -8006.67])
    const [kept] = cleared({ patientShare: 'subtract', cycle: { ...CYCLE, advanceRecovery: 'rollOver' } })
    // The advance stays with A: −8,006.67 + 14,000.
    expect([yuan(kept!.final), yuan(kept!.advanceAfter)]).toEqual([5993.33, 14_000])
  })

  test('with working capital of half a mean month, taken back or kept, and the dates of a pack', () => {
    const cycle = {
      ...CYCLE,
      workingCapital: { months: '0.5', recovery: 'atClearing' },
      claimDay: '10',
      settleWorkingDays: '20',
      clearBy: '04-15',
    }
    const [a] = cleared({ patientShare: 'subtract', cycle })
    // Half of 14,000 is paid at the start and taken off at the end: −8,006.67 − 7,000.
    expect([a!.workingCapital, a!.workingCapitalAfter, a!.final].map(yuan)).toEqual([7000, 0, -15_006.67])
    // Claims of January by 10 February 2025, a Monday; 20 working days later is Monday 10 March. February: 10 March, then 8 April,
    // since Friday 4 April is a holiday.
    expect(a!.months.map(month => month.payBy)).toEqual(['2025-03-10', '2025-04-08'])
    expect(a!.clearBy).toBe('2026-04-15')
    const kept = { ...cycle, workingCapital: { months: '0.5', recovery: 'rollOver' } }
    const facts = {
      ...FACTS,
      units: new Map([['A\n310', { ...FACTS.units.get('A\n310')!, workingCapitalBefore: 600_000 }], ['B\n310', { ...FACTS.units.get('B\n310')!, workingCapital: 123_456 }]]),
    } // biome-ignore format: two units
    const [rolled, given] = cleared({ patientShare: 'subtract', cycle: kept }, facts)
    // 6,000 are still held from last year: 1,000 are added, and all of 7,000 stays.
    expect(
      [rolled!.workingCapital, rolled!.workingCapitalBefore, rolled!.workingCapitalAfter, rolled!.final].map(yuan),
    ).toEqual([1000, 6000, 7000, -8006.67])
    // The region's table takes the place of the months.
    expect([given!.workingCapital, given!.workingCapitalAfter].map(yuan)).toEqual([1234.56, 1234.56])
    for (const one of [rolled!, given!])
      expect(one.prepaid + one.advance + one.workingCapital + one.final).toBe(cashOf(one))
  })

  test('with control totals: beyond them a fifth is paid, the rest goes by points to those within theirs', () => {
    const control = { above: '0.2', leftover: 'reserve' }
    // A's total is 28,000 of 31,333.33: of 3,333.33 beyond it 2,666.66 are lost. B stays within 20,000.
    const facts = {
      ...NO_FACTS,
      units: new Map([['A\n310', { balance: 0, advance: 0, deductions: new Map(), control: 2_800_000 }], ['B\n310', { balance: 0, advance: 0, deductions: new Map(), control: 2_000_000 }]]),
    } // biome-ignore format: two units
    const kept = cleared({ patientShare: 'subtract', control }, facts)
    expect(kept.map(one => [one.due, one.control, one.payable].map(yuan))).toEqual([
      [31_333.33, -2666.66, 28_666.67],
      [13_666.67, 0, 13_666.67],
    ])
    const shared = cleared({ patientShare: 'subtract', control: { ...control, leftover: 'redistribute' } }, facts)
    expect(shared.map(one => [one.control, one.payable].map(yuan))).toEqual([
      [-2666.66, 28_666.67],
      [2666.66, 16_333.33],
    ])
  })

  test('with appraisal linked to the advance and to what is kept of a surplus', () => {
    const steps = (high: string, low: string) => [{ from: '80', share: high }, { from: '0', share: low }] // biome-ignore format: steps
    const [a, b] = cleared({
      patientShare: 'ratio',
      cycle: { ...CYCLE, advanceMonths: steps('1', '0.5') },
      sharing: { bands: [{ upTo: '1', keep: '0.9' }, { upTo: null, share: '0.5' }], byScore: steps('1', '0.6') },
    }) // biome-ignore format: one policy
    // A (85): a mean month of 13,333.34. B (70): months 10,000 × 2/3 = 6,666.67, half of them 3,333.34.
    expect([a!.advance, b!.advance].map(yuan)).toEqual([13_333.34, 3333.34])
    // A billed 28,000 less 500 audited of 29,500 due: 27,500 + 0.9 × 2,000 = 29,300. B billed 12,000 of 15,000:
    // 12,000 + 0.9 × 0.6 × 3,000 = 13,620.
    expect([a!.sharing, b!.sharing].map(yuan)).toEqual([-200, -1380])
  })
})
