import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { SHARING_SCHEMA, type SharingDocument } from '../../simulate/policy/cycle-document.ts'
import { POLICY_SCHEMA } from '../../simulate/policy/document.ts'
import { compilePolicy } from '../../simulate/policy/policy.ts'
import { adjustDues } from '../../simulate/settle/adjust.ts'
import { clearHospital, clearingByHospital, clearRegion, cycleTerms } from '../../simulate/settle/cycle.ts'
import { type CycleFacts, readCycleFacts } from '../../simulate/settle/cycle-facts.ts'
import { fundAccount } from '../../simulate/settle/fund-account.ts'
import { type Settlement, settleRegion } from '../../simulate/settle/region.ts'
import { sharedDue, sharingBands } from '../../simulate/settle/sharing.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { anyPolicy, anyRegion } from './arbitrary.ts'
import { cashOf } from './cash.ts'
import { policyOf } from './examples.ts'

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0)
const BANDS = [
  { upTo: '0.85', factor: '1.05' },
  { upTo: '1', keep: '1' },
  { upTo: '1.1', share: '0.6' },
  { upTo: null, share: '0' },
]
const sharing = (fields: object): SharingDocument => SHARING_SCHEMA.parse({ bands: BANDS, ...fields })!

describe('sharing of surplus and overspend', () => {
  const bands = sharingBands(sharing({}))

  test.each([
    [80, 84],
    [85, 89.25],
    [90, 100],
    [100, 100],
    [105, 103],
    [110, 106],
    [120, 106],
  ])('of a due of 100 against bills of %d pays %d', (billed, paid) => {
    expect(sharedDue(bands, 10_000, billed * 100)).toBe(paid * 100)
  })

  test('is continuous at 1 and at the upper band, and jumps by (1 − b·g)·D at the lower one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e7 }), n => {
        const due = n * 1000
        expect(sharedDue(bands, due, due)).toBe(due)
        expect(sharedDue(bands, due, due + 1) - due).toBeLessThanOrEqual(1)
        const top = (due / 10) * 11
        expect(sharedDue(bands, due, top + 1)).toBe(sharedDue(bands, due, top))
        const low = (due / 100) * 85
        expect(due - sharedDue(bands, due, low)).toBe(due - new Decimal(low).times('1.05').round().toNumber())
        expect(sharedDue(bands, due, low + 1)).toBe(due)
      }),
    )
  })

  test('pays a negative due as it is', () => {
    expect(sharedDue(bands, -500, 100)).toBe(-500)
  })

  test.each([
    [[{ upTo: '1', keep: '1' }], /.*/],
    [
      [
        { upTo: '0.9', keep: '1' },
        { upTo: null, share: '0' },
      ],
      /end at/,
    ],
    [
      [
        { upTo: '1', keep: '1', share: '0' },
        { upTo: null, share: '0' },
      ],
      /exactly one/,
    ],
    [
      [
        { upTo: '1', keep: '1' },
        { upTo: '1', share: '0' },
        { upTo: null, share: '0' },
      ],
      /must rise/,
    ],
  ])('refuses bands %j', (odd, message) => {
    expect(() => SHARING_SCHEMA.parse({ bands: odd })).toThrow(message)
  })
})

const facts: fc.Arbitrary<CycleFacts> = fc
  .record({
    scores: fc.array(fc.record({ score: fc.option(fc.integer({ min: 0, max: 100 })), coefficient: fc.option(fc.integer({ min: 90, max: 105 })) }), { minLength: 5, maxLength: 5 }),
    units: fc.array(
      fc.record({
        hospital: fc.integer({ min: 1, max: 5 }), insurance: fc.constantFrom('310', '390'),
        balance: fc.integer({ min: -50_000, max: 50_000 }), advance: fc.integer({ min: 0, max: 90_000 }),
        month: fc.constantFrom('', '2025-01', '2025-02', '2025-12'), deduction: fc.integer({ min: 0, max: 40_000 }),
        control: fc.option(fc.integer({ min: 0, max: 9_000_000_000 })), capital: fc.option(fc.integer({ min: 0, max: 50_000 })), held: fc.integer({ min: 0, max: 9000 }),
      }),
      { maxLength: 6 },
    ),
    through: fc.constantFrom(null, null, '2025-01', '2025-02'),
  })
  .map(({ scores, units, through }) => ({
    appraisal: new Map(
      scores.map(({ score, coefficient }, i) => [
        `H${i + 1}`,
        { score: score === null ? null : new Decimal(score), coefficient: coefficient === null ? null : new Decimal(coefficient).div(100) },
      ]),
    ),
    units: new Map(
      units.map(one => [
        `H${one.hospital}\n${one.insurance}`,
        {
          balance: one.balance, advance: one.advance, deductions: new Map([[one.month, one.deduction]]), workingCapitalBefore: one.held,
          ...(one.control === null ? {} : { control: one.control }), ...(one.capital === null ? {} : { workingCapital: one.capital }),
        },
      ]),
    ),
    through,
    home: new Map(),
  })) // biome-ignore format: facts of a year

test('by group, a surplus of one group does not pay for the overspend of another', () => {
  const amounts = {
    cases: 2,
    outside: 0,
    points: 100,
    cost: 0,
    patient: 0,
    gross: 0,
    surplus: 0,
    net: 20_000,
    fund: 20_000,
  }
  const unit = { hospital: 'H1', insurance: '310', ...amounts, due: 20_000 }
  const unitGroups = [
    { hospital: 'H1', insurance: '310', group: 'A', net: 10_000, fund: 8000 },
    { hospital: 'H1', insurance: '310', group: 'B', net: 10_000, fund: 12_000 },
  ] // biome-ignore format: a unit
  const settlement = { units: [unit], unitGroups } as unknown as Settlement
  const by = (base: string): number => {
    const policy = policyOf({ method: 'points', avgCost: '1', ratioBase: 'avgRw', sharing: { bands: BANDS, base } })
    return adjustDues(settlement, policy, undefined)[0]!.sharing
  }
  // Billed 200 of 200: nothing to share. A: 80 of 100 is paid 84; B: 120 of 100 is paid 100 + 0.6 · 10 = 106.
  expect(by('hospital')).toBe(0)
  expect(by('group')).toBe(8400 + 10_600 - 20_000)
})

const rules = fc.record({
  cycle: fc.record({
    theta: fc.constantFrom('0.85', '0.9', '0.95'),
    deposit: fc.constantFrom('0', '0.05'),
    depositReturn: fc.constantFrom('1', '0.4', [{ from: '90', share: '1' }, { from: '60', share: 'score' }, { from: '0', share: '0' }]),
    advanceMonths: fc.constantFrom('0', '1', '1.5', [{ from: '80', share: '1.2' }, { from: '0', share: '0.5' }]),
    workingCapital: fc.option(fc.record({ months: fc.constantFrom('0.3', '1'), recovery: fc.constantFrom('atClearing', 'rollOver') })),
    advanceRecovery: fc.constantFrom('atClearing', 'rollOver'),
    negativeFinal: fc.constantFrom('payBack', 'carryOver'),
  }),
  appraisal: fc.record({
    coefficient: fc.constantFrom(null, [{ from: '80', share: '1.01' }, { from: '0', share: '0.97' }]),
    leftover: fc.constantFrom('reserve', 'redistribute'),
  }),
  control: fc.option(fc.record({ above: fc.constantFrom('0', '0.3'), leftover: fc.constantFrom('reserve', 'redistribute') })),
  sharing: fc.option(
    fc
      .record({ bands: fc.constant(BANDS), base: fc.constantFrom('hospital', 'group', 'region'), balance: fc.constantFrom('reserve', 'secondRoundByPoints'), byScore: fc.constantFrom(null, [{ from: '80', share: '1' }, { from: '0', share: '0.6' }]) })
      .map(one => (one.base === 'region' ? { ...one, byScore: null } : one)),
  ),
}) // biome-ignore format: rules of a year

const year = fc
  .record({ region: anyPolicy.chain(policy => anyRegion(policy, 60)), rules, facts })
  .map(({ region, rules: given, facts: known }) => ({
    region: {
      ...region,
      policy: compilePolicy(POLICY_SCHEMA.parse({ ...region.policy.document, ...given })),
    },
    facts: known,
  }))

describe('a year of payments', () => {
  test('adds up for every hospital and scheme, in total, and against the budget', () => {
    fc.assert(
      fc.property(year, ({ region, facts: known }) => {
        const { document } = region.policy
        const settlement = settleRegion(region)
        const clearings = clearRegion(settlement, region.policy, { facts: known })
        for (const one of clearings) {
          expect(one.due + one.appraisal + one.control - one.deductions + one.sharing).toBe(one.payable)
          expect(sum(one.months.map(({ paid }) => paid))).toBe(one.prepaid)
          expect(one.prepaid + one.advance + one.workingCapital + one.final).toBe(cashOf(one))
          if (one.state === 'cleared') {
            if (document.cycle.negativeFinal === 'payBack') expect(one.carriedOut).toBe(0)
            if (document.cycle.advanceRecovery === 'atClearing') expect(one.advanceAfter).toBe(0)
          }
          for (const { state, paid, deposit } of one.months)
            if (state === 'open') expect([paid, deposit]).toEqual([0, 0])
        }
        expect(sum(clearings.map(({ due }) => due))).toBe(sum(settlement.hospitals.map(({ due }) => due)))
        const hospitals = clearingByHospital(clearings)
        for (const one of hospitals)
          expect(one.prepaid + one.advance + one.workingCapital + one.final).toBe(cashOf(one))
        const account = fundAccount(settlement, clearings)
        expect(account.agreed).toBe(sum(region.budgets.map(({ fund }) => fund)))
        expect(account.due + account.residual).toBe(account.agreed)
        expect(account.payable + account.kept - account.lostDeposit).toBe(account.agreed)
        expect(account.cash).toBe(sum(hospitals.map(cashOf)))

        // What is handed on among hospitals stays among them, scheme by scheme, where anybody has points.
        for (const scheme of Map.groupBy(clearings, one => one.insurance).values()) {
          const hasPoints = settlement.units.some(unit => unit.insurance === scheme[0]!.insurance && unit.points > 0)
          if (hasPoints && document.appraisal.leftover === 'redistribute')
            expect(sum(scheme.map(one => one.appraisal))).toBe(0)
          const isWithin = scheme.some(one => one.control > 0) || scheme.every(one => one.control === 0)
          if (document.control?.leftover === 'redistribute' && isWithin)
            expect(sum(scheme.map(one => one.control))).toBe(0)
          if (document.control?.leftover !== 'redistribute')
            for (const one of scheme) expect(one.control).toBeLessThanOrEqual(0)
          if (hasPoints && document.sharing?.balance === 'secondRoundByPoints')
            expect(sum(scheme.map(one => one.sharing))).toBe(0)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('adds up with carry-over over two years', () => {
    fc.assert(
      fc.property(year, fc.integer({ min: 1, max: 5 }), (first, times) => {
        const one = clearRegion(settleRegion(first.region), first.region.policy, { facts: first.facts })
        const units = new Map(
          one.map(row => [
            `${row.hospital}\n${row.insurance}`,
            {
              balance: row.carriedOut,
              advance: row.advanceAfter,
              workingCapitalBefore: row.workingCapitalAfter,
              deductions: new Map<string, number>(),
            },
          ]),
        )
        const region = {
          ...first.region,
          budgets: first.region.budgets.map(({ insurance, fund }) => ({ insurance, fund: fund * times })),
        }
        const two = clearRegion(settleRegion(region), region.policy, {
          facts: { ...first.facts, units, through: null },
        })
        for (const later of two) {
          const before = one.find(row => row.hospital === later.hospital && row.insurance === later.insurance)!
          expect([later.carriedIn, later.advanceBefore]).toEqual([before.carriedOut, before.advanceAfter])
          const cash = sum([before, later].map(row => row.prepaid + row.advance + row.workingCapital + row.final))
          const earned = sum([before, later].map(row => row.payable - row.lostDeposit))
          const held = later.workingCapitalAfter - before.workingCapitalBefore
          expect(cash).toBe(
            earned + before.carriedIn - later.carriedOut + later.advanceAfter - before.advanceBefore + held,
          )
        }
        expect(two).toHaveLength(one.length)
      }),
      { numRuns: 100 },
    )
  })

  test('of the worked example of the reference, with deductions, score and carry-over', () => {
    // Due 45.0 million, provisional 44.5; theta 0.95 pays 42.275 less 0.1 audited; deposit 5 % is 2.225, of which a score
    // of 85 returns 0.9 and 0.2225 is lost; payable 45.0 − 0.1 = 44.9; final 44.9 − 0.2225 + 0.3 − 42.175 = 2.8025.
    const policy = policyOf({
      method: 'points',
      ratioBase: 'avgRw',
      avgCost: '1',
      cycle: {
        theta: '0.95',
        deposit: '0.05',
        depositReturn: [
          { from: '90', share: '1' },
          { from: '80', share: '0.9' },
          { from: '0', share: 'score' },
        ],
      },
    })
    const wan = 1_000_000
    const one = clearHospital(
      'A',
      4500 * wan,
      [{ month: '2025-01', amount: 4450 * wan }],
      cycleTerms(policy, new Decimal(85)),
      {
        adjusted: { appraisal: 0, deductions: 10 * wan, sharing: 0 },
        facts: { balance: 30 * wan, advance: 0, deductions: new Map([['2025-01', 10 * wan]]) },
      },
    )
    expect([one.prepaid, one.lostDeposit, one.final].map(fen => fen / wan)).toEqual([4217.5, 22.25, 280.25])
  })
})

describe('tables of a year', () => {
  const folder = temporaryFolder()
  const known = { hospitals: new Set(['H1']), insurances: new Set(['310']), home: new Map() }
  const files = { appraisal: null, deductions: null, opening: null, through: null }

  test('are read', () => {
    const read = readCycleFacts(
      {
        appraisal: put(folder, 'a.csv', 'hospital,score,coefficient\nH1,88,\n'),
        deductions: put(folder, 'd.csv', 'hospital,insurance,month,amount,reason\nH1,职工,2025-03,12.5,分解住院\nH1,310,2025-03,1,\nH1,310,,3.00,\n'),
        opening: put(folder, 'o.csv', 'hospital,insurance,balance,advance\nH1,310,-7,9\n'),
        through: null,
      },
      known,
    )
    expect(read.appraisal.get('H1')!.score?.toNumber()).toBe(88)
    expect(read.units.get('H1\n310')).toEqual({ balance: -700, advance: 900, deductions: new Map([['2025-03', 1350], ['', 300]]) })
  }) // biome-ignore format: a table

  test.each([
    ['hospital,score\nH1,9\n', 'CYC-001'],
    ['hospital,score,coefficient\nH2,9,\n', 'CYC-002'],
    ['hospital,score,coefficient\nH1,109,\n', 'CYC-002'],
    ['hospital,score,coefficient\nH1,9,\nH1,9,\n', 'CYC-002'],
  ])('are refused: %j', (text, code) => {
    expect(() => readCycleFacts({ ...files, appraisal: put(folder, 'odd.csv', text) }, known)).toThrow(code)
  })
})
