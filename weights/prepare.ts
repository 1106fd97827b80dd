import { Fault } from '../messages/index.ts'
import { Decimal } from '../numbers/index.ts'
import type { WeightConfig } from './config.ts'
import type { GroupedCases } from './grouped.ts'
import { insuranceCode } from './insurance.ts'
import { SCREEN_COUNT, scaleCosts, screenCases, yearsOfCases } from './kernel.ts'
import { type CostStructure, restructure } from './structure.ts'

/** How many cases take part, and why the others do not. */
export interface Screening {
  readonly cases: number
  readonly used: number
  readonly ambiguous: number
  readonly notGrouped: number
  readonly invalid: number
  /** Grouped, but the cost is missing (not a number), zero or negative. */
  readonly withoutCost: number
  readonly otherInsurance: number
  /** Of a year that has no factor, or without a month where years are told apart. */
  readonly outsideYears: number
  readonly belowCost: number
  readonly longStay: number
}

/** A year of cases; '' where years are not told apart. */
export interface Year {
  readonly name: string
  /** What its cases count. */
  readonly factor: Decimal
}

/** Grouped cases, screened and brought to one level of prices and to the target structure of costs. */
export interface Prepared {
  readonly cases: GroupedCases
  /** By case: `USED`, or why it takes no part. */
  readonly reason: Uint8Array
  /** Adjusted cost in fen; integers. */
  readonly cost: Float64Array
  /** Position in `years`. */
  readonly year: Uint8Array
  readonly years: readonly Year[]
  readonly screening: Screening
  /** What the adjustment of the cost structure found; absent without one. */
  readonly structure?: CostStructure
}

const ONE = new Decimal(1)

/** Screens cases and adjusts their costs as configured. */
export function prepare(cases: GroupedCases, config: WeightConfig): Prepared {
  const { count } = cases
  const yearOf = cases.months.map(month => month.slice(0, 4))
  const { years, factors } = yearsOf(yearOf, config)
  const position = new Map(years.map((one, i) => [one.name, i]))
  const apart = factors !== undefined
  const months = Uint8Array.from([...yearOf.map(name => (apart && !position.has(name) ? 0 : 1)), apart ? 0 : 1])
  const wanted = new Set(config.insurances.map(insuranceCode))
  const insurances = Uint8Array.from([
    ...cases.insurances.map(code => (wanted.size === 0 || wanted.has(code) ? 1 : 0)),
    wanted.size === 0 ? 1 : 0,
  ])
  const reason = new Uint8Array(count)
  const counts = new Uint32Array(SCREEN_COUNT)
  const leastCost = config.screen.minCost.times(100).ceil().toNumber()
  const longest = config.screen.maxStay === 0 ? Number.POSITIVE_INFINITY : config.screen.maxStay
  screenCases(cases, insurances, months, leastCost, longest, reason, counts)

  const year = new Uint8Array(count)
  if (apart)
    yearsOfCases(
      cases.month,
      Uint8Array.from([...yearOf, ''], name => position.get(name) ?? 0),
      count,
      year,
    )
  const indexed = indexedCosts(cases, yearOf, config)
  const structured =
    Object.keys(config.costStructure).length === 0
      ? undefined
      : restructure({ cases, reason, cost: indexed }, config.costStructure)
  const [used, ambiguous, notGrouped, invalid, withoutCost, otherInsurance, outsideYears, belowCost, longStay] =
    counts as unknown as readonly number[]
  return {
    cases,
    reason,
    cost: structured?.cost ?? indexed,
    year,
    years,
    screening: {
      cases: count,
      used: used!,
      ambiguous: ambiguous!,
      notGrouped: notGrouped!,
      invalid: invalid!,
      withoutCost: withoutCost!,
      otherInsurance: otherInsurance!,
      outsideYears: outsideYears!,
      belowCost: belowCost!,
      longStay: longStay!,
    },
    ...(structured === undefined ? {} : { structure: structured.structure }),
  }
}

/** Costs at one level of prices; the column itself where no index changes it. */
function indexedCosts(cases: GroupedCases, yearOf: readonly string[], { years }: WeightConfig): Float64Array {
  const known = Object.keys(years.priceIndex)
  if (known.length === 0) return cases.cost
  const lost = known.find(name => !yearOf.includes(name))
  if (lost !== undefined) throw unknownYear('years.priceIndex', lost, yearOf)
  const byMonth = Uint8Array.from([...yearOf.map((_, i) => i), yearOf.length])
  const factors = Float64Array.from([...yearOf, ''], name => (years.priceIndex[name] ?? ONE).times(10_000).toNumber())
  const place = new Uint8Array(cases.count)
  yearsOfCases(cases.month, byMonth, cases.count, place)
  const scaled = new Float64Array(cases.count)
  scaleCosts(cases.cost, factors, place, scaled)
  return scaled
}

/** The years that have a factor, oldest first; one nameless year where they are not told apart. */
function yearsOf(
  yearOf: readonly string[],
  { years: { factors } }: WeightConfig,
): { readonly years: readonly Year[]; readonly factors?: true } {
  const present = [...new Set(yearOf)].sort()
  if (Array.isArray(factors)) {
    if (factors.length === 0 || present.length === 0) return { years: [{ name: '', factor: ONE }] }
    const latest = Number(present.at(-1))
    const years = present.flatMap(name => {
      const factor = (factors as readonly Decimal[])[factors.length - 1 - (latest - Number(name))]
      return factor === undefined ? [] : [{ name, factor }]
    })
    return { years, factors: true }
  }
  const byYear = factors as Readonly<Record<string, Decimal>>
  if (Object.keys(byYear).length === 0) return { years: [{ name: '', factor: ONE }] }
  const lost = Object.keys(byYear).find(name => !present.includes(name))
  if (lost !== undefined) throw unknownYear('years.factors', lost, present)
  return { years: present.flatMap(name => (name in byYear ? [{ name, factor: byYear[name]! }] : [])), factors: true }
}

function unknownYear(field: string, year: string, present: readonly string[]): Fault {
  const list = [...new Set(present)].sort()
  return new Fault({
    code: 'WGT-009',
    at: { field: `${field}.${year}` },
    what: {
      zh: `病例中没有 ${year} 年；有 ${list.join('、') || '（没有月份）'}。`,
      en: `No case is of ${year}; there are ${list.join(', ') || 'no months'}.`,
    },
    fix: {
      zh: '请核对参数里的年份与病例的 month 列。',
      en: 'Check the years of the configuration and the month column.',
    },
  })
}
