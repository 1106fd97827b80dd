import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseDocumentText } from '../../files/index.ts'
import { Decimal } from '../../numbers/index.ts'
import { BUDGET_FIELDS, oddBudget, type PartDocument, type WaterfallDocument } from '../../simulate/budget/document.ts'
import { partsOf, waterfallOf } from '../../simulate/budget/waterfall.ts'
import { caseMoney } from '../../simulate/settle/case-money.ts'
import { claimsOf, dividePools } from '../../simulate/settle/claims.ts'
import { poolClasses } from '../../simulate/settle/classes.ts'
import { divideLedger } from '../../simulate/settle/division.ts'
import { hospitalGroupRows } from '../../simulate/settle/hospital-groups.ts'
import { settlementOf, valueRegion } from '../../simulate/settle/region.ts'
import { cutLedger, divideTables } from '../../simulate/settle/table-division.ts'
import { anyBudgetedRegion, withParts } from './with-parts.ts'

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0)
const decimal = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: from * 1000, max: to * 1000 }).map(n => (n / 1000).toFixed(3))
const yuan = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: from * 100, max: to * 100 }).map(fen => (fen / 100).toFixed(2))

const SCHEMA = z.strictObject(BUDGET_FIELDS).superRefine((one, context) => {
  for (const [path, message] of oddBudget(one)) context.addIssue({ code: 'custom', message, path })
})
const read = (text: string) => parseDocumentText(text, 'budget.yaml', SCHEMA)

describe('the waterfall', () => {
  test('of a worked example', () => {
    // 1,000 million income, 97 % planned; 3 % of income to the reserve, 200 million outpatient, 52,000 persons at 640
    // yuan, 10 % of what is left for care elsewhere: 970 − 30 − 200 − 33.28 = 706.72; less 70.672 = 636.048 million.
    const { waterfall } = read(`
waterfall:
  income: {value: "1000000000.00", confidence: P, source: budget}
  spendRatio: "0.97"
  lines:
    - {id: risk-reserve, kind: share, of: income, value: "0.03"}
    - {id: outpatient-general, kind: amount, value: "200000000"}
    - {id: consortium-capitation, kind: perHead, heads: 52000, value: "640.00"}
    - {id: away-in-province, kind: share, of: left, value: "0.1"}
`)
    const result = waterfallOf(waterfall!)
    expect(result.budget).toBe(63_604_800_000)
    expect(result.lines.map(line => line.change / 100)).toEqual([-30e6, -30e6, -200e6, -33_280_000, -70_672_000])
    expect(result.lines.at(-1)!.title.zh).toBe('省内异地就医')
    const grown = waterfallOf({
      ...waterfall!,
      budget: { basis: 'growth', lastYear: '600000000.00', growth: '0.05', cap: '0.06' },
    })
    expect([grown.budget, grown.unallocated]).toEqual([63_000_000_000, 604_800_000])
  })

  test('adds up whatever its lines are', () => {
    const size = fc.oneof(
      yuan(0, 1e6).map(value => ({ kind: 'amount' as const, value })),
      fc.record({ value: decimal(0, 1), of: fc.constantFrom('income', 'spend', 'left') }).map(one => ({ kind: 'share' as const, ...one })),
      fc.record({ value: yuan(0, 900), heads: fc.integer({ min: 1, max: 9999 }) }).map(one => ({ kind: 'perHead' as const, ...one })),
    )
    const document: fc.Arbitrary<WaterfallDocument> = fc.record({
      income: yuan(1e6, 1e9),
      spendRatio: decimal(0.8, 1),
      lines: fc.array(
        fc.record({ id: fc.constant('x'), title: fc.constant({ zh: '甲', en: 'A' }), size, sign: fc.constantFrom('-' as const, '+' as const) }),
        { maxLength: 6 },
      ),
      budget: fc.oneof(
        fc.constant({ basis: 'subtraction' as const }),
        decimal(0, 1).map(share => ({ basis: 'share' as const, share })),
        fc.record({ lastYear: yuan(1, 1e8), growth: decimal(-0.5, 0.5) }).map(one => ({ basis: 'growth' as const, cap: null, ...one })),
      ),
    })
    fc.assert(
      fc.property(document, one => {
        const { income, lines, budget, unallocated } = waterfallOf(one)
        expect(income + sum(lines.map(line => line.change))).toBe(budget + unallocated)
        let left = income
        for (const line of lines) {
          left += line.change
          expect(line.left).toBe(left)
        }
        if (one.budget.basis === 'subtraction') expect(unallocated).toBe(0)
      }),
    )
  })

  test.each([
    ['neither fund nor waterfall', 'within: []', /either fund/],
    ['growth above its cap', 'waterfall: {income: "9.00", budget: {basis: growth, lastYear: "8.00", growth: "0.09", cap: "0.06"}}', /exceeds its cap/],
    ['a share of nothing known', 'waterfall: {income: "9.00", lines: [{id: maternity, kind: share, value: "0.1", of: drugs}]}', /neither income/],
    ['an unknown line without a title', 'waterfall: {income: "9.00", lines: [{id: drugs, kind: amount, value: "1"}]}', /Give title/],
    ['a share above one', 'waterfall: {income: "9.00", lines: [{id: maternity, kind: share, value: "1.1", of: left}]}', /between 0 and 1/],
    ['heads that are missing', 'waterfall: {income: "9.00", lines: [{id: maternity, kind: perHead, value: "1.1"}]}', /needs heads/],
    ['a part that pays nobody', 'fund: "9.00"\nwithin: [{id: per-diem, kind: share, of: budget, value: "0.1", pays: cost}]', /reserve has neither/],
    ['a line twice', 'fund: "9.00"\nwithin: [{id: reserve, kind: amount, value: "1"}, {id: reserve, kind: amount, value: "1"}]', /twice/],
  ])('refuses %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message)
  })
}) // biome-ignore format: tables of cases

describe('a budget with parts and visitors', () => {
  test('is divided over tables of sums as over the ledger, to the fen', () => {
    fc.assert(
      fc.property(withParts, input => {
        const { ledger } = valueRegion(input)
        const settlement = settlementOf(divideLedger(ledger, input), input)
        const { main, parts } = cutLedger(ledger, input)
        const tables = {
          main: claimsOf(main),
          parts: parts.map(part => ({ claims: claimsOf(part.ledger), isEmpty: part.isEmpty })),
        }
        const { due, gross, residual } = divideTables(tables, input)
        expect([...due]).toEqual(settlement.hospitals.map(row => row.due))
        expect([...gross]).toEqual(settlement.hospitals.map(row => row.gross))
        expect(residual).toBe(sum([...settlement.pools, ...settlement.parts].map(one => one.residual)))
      }),
      { numRuns: 200 },
    )
  })

  test('adds up at every level: case, group, month, hospital, scheme, part and pool, region', () => {
    fc.assert(
      fc.property(withParts, input => {
        const { cases, policy } = input
        const valued = valueRegion(input)
        const division = divideLedger(valued.ledger, input)
        const settlement = settlementOf(division, input)
        const { pools, parts, hospitals, units, months, hospitalGroups } = settlement

        // Region: what is agreed, and what visitors bring, is due to hospitals or stays.
        const inside = poolClasses(policy)
        const brought = sum(
          Array.from({ length: cases.count }, (_, i) =>
            input.visitors!.length > 0 && cases.insurance[i] === 1 && inside[valued.values.class[i]!] === 1 ? cases.fund[i]! : 0,
          ),
        )
        const agreed = sum(input.budgets.map(({ fund }) => fund)) + brought
        expect(sum(hospitals.map(({ due }) => due)) + sum([...pools, ...parts].map(({ residual }) => residual))).toBe(agreed)
        for (const one of parts) expect(one.due + one.toPool + one.residual).toBe(one.amount)
        const apart = input.visitors?.[0]?.pool === 'apart' ? brought : 0
        const given = sum(input.budgets.map(budget => partsOf(budget.fund, budget.within ?? []).pool))
        expect(sum(pools.map(({ budget }) => budget))).toBe(given + sum(parts.map(({ toPool }) => toPool)) + brought - apart)

        // Scheme and hospital.
        for (const row of hospitals) {
          const own = <T extends { hospital: string }>(rows: readonly T[]): T[] => rows.filter(one => one.hospital === row.hospital.code)
          for (const key of ['cases', 'gross', 'net', 'fund', 'patient'] as const) {
            for (const list of [own(units), own(months), own([...hospitalGroupRows(hospitalGroups)])]) expect(sum(list.map(one => one[key]))).toBe(row[key])
          }
          expect(sum(own(units).map(({ due }) => due))).toBe(row.due)
        }

        // Case: the cases of a hospital, of a scheme in a month, and of any other cut add up to what their cells hold.
        const each = caseMoney(division, cases, valued.values, policy.document.patientShare)
        for (const [h, code] of cases.hospitals.entries()) {
          const own = (column: Float64Array): number => sum(column.filter((_, i) => cases.hospital[i] === h))
          const row = hospitals.find(({ hospital }) => hospital.code === code)!
          expect([own(each.gross), own(each.net)]).toEqual([row.gross, row.net])
        }
        for (const row of months) {
          const own = each.net.filter(
            (_, i) =>
              cases.hospitals[cases.hospital[i]!] === row.hospital &&
              cases.insurances[cases.insurance[i]!] === row.insurance &&
              cases.months[cases.month[i]!] === row.month,
          )
          expect(sum(own)).toBe(row.net)
        }
        for (const [i, points] of valued.values.points.entries()) {
          if (inside[valued.values.class[i]!] === 0) expect([each.gross[i], each.net[i]]).toEqual([0, 0])
          else expect(each.gross[i]).toBeGreaterThanOrEqual(points > 0 ? 0 : Math.min(valued.values.paid[i]!, 0))
        }
      }),
      { numRuns: 200 },
    )
  }) // biome-ignore format: sums

  test('is refused where pools are divided as wholes, so that parts are not overlooked', () => {
    const [input] = fc.sample(anyBudgetedRegion, { numRuns: 1, seed: 5 })
    const { ledger } = valueRegion(input!)
    const within = [{ id: 'reserve', size: { kind: 'amount', value: '1' } }]
    const budgets = input!.budgets.map(budget => ({ ...budget, within }))
    expect(() => dividePools(claimsOf(ledger), input!.policy, budgets)).toThrow('REG-010')
  })

  test('a capped part never pays more than it holds, an open one pays the bills', () => {
    fc.assert(
      fc.property(anyBudgetedRegion, decimal(0, 0.4), fc.boolean(), (input, value, capped) => {
        const within: PartDocument = {
          id: 'special-review', title: { zh: '甲', en: 'A' }, size: { kind: 'share', value, of: 'budget' },
          cases: { hospitals: ['H1'], groups: null, classes: null }, pays: 'cost', capped, rest: 'fund',
        } // biome-ignore format: a part
        const budgets = [{ ...input.budgets[0]!, within: [within] }, input.budgets[1]!]
        const { ledger } = valueRegion(input)
        const settlement = settlementOf(divideLedger(ledger, { ...input, budgets }), input)
        const [one] = settlement.parts
        const unit = settlement.units.find(row => row.hospital === 'H1' && row.insurance === '310')
        const amount = new Decimal(value).times(budgets[0]!.fund).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber()
        expect(one!.amount).toBe(amount)
        expect(one!.due).toBe(capped ? Math.min(amount, unit?.fund ?? 0) : (unit?.fund ?? 0))
        expect(unit?.due ?? 0).toBe(one!.due)
      }),
      { numRuns: 60 },
    )
  })
})
