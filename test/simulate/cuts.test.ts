import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AMOUNT_KEYS } from '../../simulate/settle/amounts.ts'
import { regionCaseMoney } from '../../simulate/settle/case-results.ts'
import { cutRegion, cutsOf, hasCut } from '../../simulate/settle/cuts.ts'
import { levelTotals, schemeRows } from '../../simulate/settle/levels.ts'
import { type Amounts, divideRegion, type RegionInput, valueRegion } from '../../simulate/settle/region.ts'
import { NO_LABEL } from '../../weights/index.ts'
import { anyPolicy, anyRegion } from './arbitrary.ts'

/** A region whose cases have departments and doctors, some of them none, with a part set apart inside a budget. */
const region: fc.Arbitrary<RegionInput> = anyPolicy
  .chain(policy => fc.tuple(anyRegion(policy, 60), fc.infiniteStream(fc.nat(6)), fc.boolean()))
  .map(([input, draws, apart]) => {
    const label = (size: number): Uint16Array =>
      Uint16Array.from({ length: input.cases.count }, () => {
        const drawn = draws.next().value
        return drawn >= size ? NO_LABEL : drawn
      })
    const details = {
      departments: ['内科', '外科', '康复科', '儿科'],
      doctors: ['A', 'B', 'C', 'D', 'E'],
      department: label(4),
      doctor: label(5),
      age: new Int16Array(input.cases.count),
    }
    const [first, ...others] = input.budgets
    const title = { zh: '单列', en: 'apart' }
    const within = [
      { id: 'apart', title, size: { kind: 'share', value: '0.2', of: 'budget' }, cases: { hospitals: null, groups: ['G1'], classes: null }, pays: 'points', capped: false, rest: 'pool' },
    ] // biome-ignore format: one part
    const budgets = apart && input.policy.method === 'points' ? [{ ...first!, within }, ...others] : input.budgets
    return { ...input, budgets: budgets as RegionInput['budgets'], cases: { ...input.cases, details } }
  })

const total = (rows: readonly Amounts[], key: (typeof AMOUNT_KEYS)[number]): number =>
  rows.reduce((all, row) => all + row[key], 0)

test('cases, doctors, departments, groups, months, hospitals, schemes and the region have the same sums to the fen', () => {
  let departments = 0
  fc.assert(
    fc.property(region, input => {
      const valued = valueRegion(input)
      const settlement = divideRegion(valued.ledger, input)
      const cuts = cutsOf(input, valued)
      const { department, doctor } = cuts
      departments += department.length
      for (const month of settlement.months) {
        for (const cut of [department, doctor]) {
          const own = cut.filter(
            row => row.hospital === month.hospital && row.insurance === month.insurance && row.month === month.month,
          )
          for (const key of AMOUNT_KEYS) expect(total(own, key), key).toBe(month[key])
        }
      }
      const levels = levelTotals(input, valued, settlement, cuts)
      expect(levels).toHaveLength(10)
      for (const key of AMOUNT_KEYS) expect(new Set(levels.map(row => row[key])).size, key).toBe(1)
      const due = settlement.hospitals.reduce((all, row) => all + row.due, 0)
      expect(schemeRows(settlement).reduce((all, row) => all + row.due, 0)).toBe(due)
      expect(levels[0]?.rows).toBe(input.cases.count)
    }),
    { numRuns: 200 },
  )
  expect(departments).toBeGreaterThan(1000)
})

test('one hospital alone has the same rows, and cases without departments have none', () => {
  fc.assert(
    fc.property(region, input => {
      const valued = valueRegion(input)
      const money = regionCaseMoney(input, valued)
      const hospital = input.cases.hospitals[0]!
      const one = regionCaseMoney(input, valued, hospital)
      const rows = (from: typeof money) =>
        cutRegion(input, valued, from).department.filter(row => row.hospital === hospital)
      expect(rows(one)).toEqual(rows(money))
      const { details: _, ...bare } = input.cases
      expect(hasCut(bare, 'doctor')).toBe(false)
      expect(cutRegion({ ...input, cases: bare }, valued, money)).toEqual({ department: [], doctor: [] })
    }),
    { numRuns: 40 },
  )
})
