import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkPack } from '../../simulate/policy/check-pack.ts'
import { deadlinesOf } from '../../simulate/settle/deadlines.ts'
import { lastDay, nextMonth, workingDaysAfter } from '../../simulate/settle/working-days.ts'
import { policyOf } from './examples.ts'

const pack = (cycle: object) =>
  policyOf({ method: 'points', avgCost: '1', ratioBase: 'avgRw', cycle: { theta: '0.95', ...cycle } })
const of = (cycle: object, year: number) => deadlinesOf(pack(cycle).document.cycle, year)

describe('working days', () => {
  test.each([
    // Friday to Monday; over the Spring Festival of 2025 (28 January to 4 February, with Saturday 8 February worked).
    ['2025-01-10', 1, '2025-01-13'],
    ['2025-01-27', 1, '2025-02-05'],
    ['2025-01-24', 2, '2025-01-27'],
    ['2025-02-07', 1, '2025-02-08'],
    // National Day of 2025, 1 to 8 October; Saturday 11 October is worked.
    ['2025-09-30', 3, '2025-10-11'],
    ['2024-12-31', 1, '2025-01-02'],
  ])('%s and %i more: %s', (from, days, to) => {
    expect(workingDaysAfter(from, days)).toEqual({ date: to, isCertain: true })
  })

  test('of a year without a calendar of holidays count weekends only, and say so', () => {
    expect(workingDaysAfter('2031-04-30', 1)).toEqual({ date: '2031-05-01', isCertain: false })
  })

  test('add up: m and then n are m + n', () => {
    const date = fc
      .integer({ min: 0, max: 1000 })
      .map(n => new Date(Date.UTC(2024, 0, 1) + n * 86_400_000).toISOString().slice(0, 10))
    fc.assert(
      fc.property(date, fc.nat(40), fc.nat(40), (from, m, n) => {
        expect(workingDaysAfter(workingDaysAfter(from, m).date, n).date).toBe(workingDaysAfter(from, m + n).date)
      }),
    )
  })

  test('months end on their last day', () => {
    expect(['2024-02', '2025-02', '2025-12'].map(lastDay)).toEqual(['2024-02-29', '2025-02-28', '2025-12-31'])
    expect(nextMonth('2025-12')).toBe('2026-01')
  })
})

describe('deadlines', () => {
  test('are the national ones where the pack names none, by fiscal year', () => {
    expect([2024, 2025, 2026, 2027, 2030].map(year => of({}, year).clearBy)).toEqual([
      '2025-06-30', '2026-05-31', '2027-04-30', '2028-03-31', '2031-03-31',
    ]) // biome-ignore format: one list
    expect([2023, 2024, 2025, 2027].map(year => of({}, year).clearingShare?.toString() ?? null)).toEqual([
      null,
      null,
      '0.05',
      '0.03',
    ])
    // 30 working days after Friday 28 February 2025: 31 days on weekdays but Friday 4 April.
    expect(of({}, 2025).payBy('2025-02')).toEqual({ date: '2025-04-14', isCertain: true })
  })

  test("are the pack's own where it names them, by fiscal year if it likes", () => {
    const cycle = {
      clearBy: [
        { from: '2025', by: '04-30' },
        { from: '2026', by: '03-15' },
      ],
      clearingShare: '0.1',
    }
    expect([2024, 2025, 2026].map(year => of(cycle, year).clearBy)).toEqual([null, '2026-04-30', '2027-03-15'])
    expect(of(cycle, 2026).clearingShare?.toString()).toBe('0.1')
    expect(of({ claimDay: '08', settleWorkingDays: '15' }, 2025).payBy('2025-05').date).toBe('2025-06-27')
  })

  test.each([
    [{ clearBy: '02-30' }, 'clearBy'],
    [{ clearBy: '13-40' }, 'clearBy'],
    [
      {
        clearBy: [
          { from: '2026', by: '03-31' },
          { from: '2025', by: '03-31' },
        ],
      },
      'clearBy',
    ],
    [{ clearingShare: '1.5' }, 'clearingShare'],
    [{ claimDay: '31' }, 'claimDay'],
    [{ settleWorkingDays: '0' }, 'settleWorkingDays'],
    [{ workingCapital: { months: '-1' } }, 'months'],
  ])('%j is refused', (cycle, field) => {
    expect(() => pack(cycle)).toThrow(new RegExp(`"${field}"`))
  })

  test('policy check compares what the months leave with the share that the pack means to leave', () => {
    const found = (cycle: object) => checkPack(pack(cycle)).map(({ severity, field }) => [severity, field])
    expect(found({ theta: '0.9', clearingShare: '0.05' })).toEqual([['warning', 'cycle.clearingShare']])
    expect(found({ theta: '0.95', clearingShare: '0.05' })).toEqual([])
    expect(found({ theta: '0.9' })).toEqual([])
    expect(found({ settleWorkingDays: '45' })).toEqual([['warning', 'cycle.settleWorkingDays']])
  })
})
