import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from '../../numbers/index.ts'
import { type PreviewRow, type PriceRange, previewHospital, regionalRules } from '../../simulate/preview/preview.ts'
import { parsePrices, pricesFor, readPublished } from '../../simulate/preview/prices.ts'
import { settleRegion } from '../../simulate/settle/region.ts'
import type { GroupedCases } from '../../weights/index.ts'
import { put, temporaryFolder } from '../temporary.ts'
import { anyPolicy, anyRegion, pick } from './arbitrary.ts'
import { policyOf } from './examples.ts'

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0)
const region = anyPolicy.filter(policy => regionalRules(policy).length === 0).chain(policy => anyRegion(policy, 80))

/** The cases of one hospital alone, with departments and doctors. */
function ownCases(cases: GroupedCases, h: number): GroupedCases {
  const at = Array.from({ length: cases.count }, (_, i) => i).filter(i => cases.hospital[i] === h)
  const own = pick(cases, at)
  return {
    ...own,
    hospitals: [cases.hospitals[h]!],
    hospital: new Uint16Array(own.count),
    details: {
      departments: ['内科', '外科'],
      doctors: ['甲', '乙', '丙'],
      department: own.group.map(group => (group === 0 ? 65_535 : group % 2)),
      doctor: own.group.map(group => group % 3),
      age: new Int16Array(own.count),
    },
  }
}

const exact = (price: Decimal): PriceRange => ({ low: price, expected: price, high: price })

describe('a preview', () => {
  test('at the final point values expects what the region settles, but for the rounding of each case', () => {
    fc.assert(
      fc.property(region, input => {
        const settlement = settleRegion({ ...input, hospitals: input.hospitals })
        const prices = new Map(
          settlement.pools.flatMap(pool =>
            pool.pointValue === null ? [] : pool.insurances.map(code => [code, exact(pool.pointValue!)] as const),
          ),
        )
        const payRatios = new Map(
          settlement.pools.flatMap(pool =>
            pool.payRatio === null ? [] : pool.insurances.map(code => [code, pool.payRatio!] as const),
          ),
        )
        for (const [h, code] of input.cases.hospitals.entries()) {
          const cases = ownCases(input.cases, h)
          if (cases.count === 0) continue
          const hospital = input.hospitals.find(one => one.code === code)!
          const preview = previewHospital({ ...input, cases, hospital, prices, payRatios })
          const row = settlement.hospitals.find(one => one.hospital.code === code)!
          expect(preview.total.points).toBe(row.points)
          expect(Math.abs(preview.total.gross - row.gross)).toBeLessThanOrEqual(cases.count + 1)
          expect([preview.total.cost, preview.total.patient, preview.total.outside]).toEqual([
            row.cost,
            row.patient,
            row.outside,
          ])
          if (input.policy.document.patientShare === 'subtract')
            expect(preview.total.due).toBe(preview.total.gross - preview.total.patient)
          else expect(Math.abs(preview.total.due - row.net)).toBeLessThanOrEqual(2 * cases.count + 1)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('adds up by month, insurance, group, class, department and doctor, and lists deviating cases first', () => {
    const price = fc.integer({ min: 1, max: 20_000 }).map(n => new Decimal(n).div(100))
    fc.assert(
      fc.property(region, fc.tuple(price, price, price), (input, drawn) => {
        const cases = ownCases(input.cases, 0)
        if (cases.count === 0) return
        const [low, expected, high] = drawn.sort((a, b) => a.cmp(b)) as [Decimal, Decimal, Decimal]
        const prices = new Map(cases.insurances.map(code => [code, { low, expected, high }]))
        const payRatios = new Map(cases.insurances.map(code => [code, new Decimal('0.65')]))
        const hospital = input.hospitals.find(one => one.code === cases.hospitals[0])!
        const preview = previewHospital({ ...input, cases, hospital, prices, payRatios })
        const { total, certainty } = preview
        const tables: (readonly PreviewRow[])[] = [
          preview.byMonth, preview.byInsurance, preview.byGroup, preview.byClass, preview.byDepartment, preview.byDoctor,
        ] // biome-ignore format: tables
        for (const table of tables) {
          for (const key of [
            'cases',
            'outside',
            'deviating',
            'points',
            'firm',
            'cost',
            'patient',
            'billed',
            'low',
            'gross',
            'high',
            'due',
            'surplus',
          ] as const)
            expect(sum(table.map(row => row[key])), key).toBe(total[key])
        }
        expect(total.low).toBeLessThanOrEqual(total.gross)
        expect(total.gross).toBeLessThanOrEqual(total.high)
        expect(certainty.firm + certainty.byPoints).toBe(total.gross)
        expect(certainty.paidMonthly + certainty.deposit + certainty.atClearing).toBe(total.due)
        const { cases: list } = preview
        expect(list.map(one => one.at).sort((a, b) => a - b)).toEqual(Array.from({ length: cases.count }, (_, i) => i))
        for (const [i, one] of list.entries()) {
          const next = list[i + 1]
          if (next === undefined) continue
          if (one.deviates === next.deviates) expect(one.surplus).toBeLessThanOrEqual(next.surplus)
          else expect(one.deviates).toBe(true)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('point values', () => {
  const folder = temporaryFolder()
  const policy = policyOf({ method: 'points', ratioBase: 'avgRw', avgCost: '1', pointValue: { employee: '60' } })
  const none = { given: new Map(), published: new Map(), provisional: new Map(), policy, level: '3' }

  test('are read from the command: one, by insurance, as ranges', () => {
    expect(parsePrices('60').get(null)).toEqual(exact(new Decimal(60)))
    const prices = parsePrices('职工=55:65,390=46:47:50')
    expect(prices.get('310')!.expected.toNumber()).toBe(60)
    expect(prices.get('390')!.expected.toNumber()).toBe(47)
  })

  test.each(['', '310=', '310=60,310=61', '0', '65:55', '1:2:3:4', '310=a', '50:49:60'])(
    'that are none are refused: "%s"',
    text => {
      expect(() => parsePrices(text)).toThrow('PRE-001')
    },
  )

  test('come from the command, a published table, the region, the policy, in this order', () => {
    const file = put(folder, 'pools.csv', 'insurances,pointValue,payRatio\n310|390,61.5,0.65\n340,,\n')
    const published = readPublished(file)
    expect([...published.payRatios].map(([code, share]) => [code, share.toString()])).toEqual([
      ['310', '0.65'],
      ['390', '0.65'],
    ])
    const provisional = new Map([['310', new Decimal(62)]])
    const origin = (sources: object): string => pricesFor(['310'], { ...none, ...sources }).get('310')!.origin
    expect(origin({ given: parsePrices('9'), published: published.prices, provisional })).toBe('given')
    expect(origin({ published: published.prices, provisional })).toBe('published')
    expect(origin({ provisional })).toBe('provisional')
    expect(origin({})).toBe('policy')
    expect(() => pricesFor(['390'], none)).toThrow('PRE-002')
    expect(() => readPublished(put(folder, 'odd.csv', 'pool,value\n'))).toThrow('PRE-003')
    expect(() => readPublished(put(folder, 'odd2.csv', 'insurances,pointValue\n310,x\n'))).toThrow('PRE-003')
  })
})
