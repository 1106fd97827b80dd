import type { Particulars } from '../formats/index.ts'
import type { Decimal } from '../numbers/index.ts'
import {
  type CaseAt,
  type CaseMoney,
  type CaseResult,
  caseResults,
  createCaseReader,
  payCase,
  regionCaseMoney,
  tableOf,
} from '../simulate/index.ts'
import type { Hospital } from '../weights/index.ts'
import type { SettledRegion } from './pipeline.ts'
import type { SheetCases } from './sheet-facts.ts'

/** The cases of a settled region one by one. */
export interface SettledCases {
  /** By position in `payable.hospitals`. */
  readonly hospitals: readonly Hospital[]
  readonly caseAt: (at: number) => CaseAt
  readonly resultOf: (at: number) => CaseResult
  readonly pointValueOf: (insurance: string) => Decimal | null
}

/** Reads the cases of a settled region as the literal engine takes them, with what each of them came to. */
export function settledCases(
  { region, policy, baseline }: SettledRegion,
  money: CaseMoney = regionCaseMoney(baseline.input, baseline.valued),
): SettledCases {
  const { input, valued, settlement } = baseline
  const { cases, visitors = [] } = input
  const listed = new Map(region.hospitals.map(hospital => [hospital.code, hospital]))
  const hospitals = cases.hospitals.map(code => listed.get(code)!)
  const home = new Map(visitors.map(one => [one.insurance, one.as]))
  const joined = new Map(visitors.flatMap(one => (one.pool === 'joins' ? [[one.insurance, one.as] as const] : [])))
  const priceOf = new Map(settlement.pools.flatMap(pool => pool.insurances.map(code => [code, pool.pointValue])))
  const pointValueOf = (insurance: string): Decimal | null =>
    priceOf.get(insurance) ?? priceOf.get(joined.get(insurance) ?? '') ?? null
  return {
    hospitals,
    caseAt: createCaseReader(
      {
        ...input,
        policy: valued.reclassified?.policy ?? policy,
        coefficients: tableOf(policy, input.coefficients, cases, hospitals),
        hospitals,
      },
      pointValueOf,
      home,
    ),
    resultOf: caseResults(input, valued, money),
    pointValueOf,
  }
}

/** The cases of a settled region as sheets take them. */
export function settledSheet(
  settled: SettledRegion,
  money: CaseMoney,
  particulars: (at: number) => Particulars | undefined,
): SheetCases {
  const { book, names, policy, payable, ids, baseline } = settled
  const { hospitals, caseAt, resultOf, pointValueOf } = settledCases(settled, money)
  return {
    book,
    names,
    policy,
    cases: payable,
    ids,
    weights: baseline.input.weights,
    hospitalOf: at => hospitals[payable.hospital[at]!]!,
    priceOf: pointValueOf,
    pay(at) {
      const { one, prices } = caseAt(at)
      return payCase(baseline.valued.reclassified?.policy ?? policy, one, prices)
    },
    money(at) {
      const { class: name, points, gross, net, inPool } = resultOf(at)
      return { class: name, points, gross, due: net, surplus: inPool ? gross - payable.cost[at]! : 0 }
    },
    particulars,
  }
}
