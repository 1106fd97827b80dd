import {
  type CaseAt,
  type CaseResult,
  caseResults,
  createCaseReader,
  regionCaseMoney,
  tableOf,
} from '../simulate/index.ts'
import type { Hospital } from '../weights/index.ts'
import type { SettledRegion } from './pipeline.ts'

/** The cases of a settled region one by one. */
export interface SettledCases {
  /** By position in `payable.hospitals`. */
  readonly hospitals: readonly Hospital[]
  readonly caseAt: (at: number) => CaseAt
  readonly resultOf: (at: number) => CaseResult
}

/** Reads the cases of a settled region as the literal engine takes them, with what each of them came to. */
export function settledCases({ region, policy, baseline }: SettledRegion): SettledCases {
  const { input, valued, settlement } = baseline
  const { cases, visitors = [] } = input
  const listed = new Map(region.hospitals.map(hospital => [hospital.code, hospital]))
  const hospitals = cases.hospitals.map(code => listed.get(code)!)
  const home = new Map(visitors.map(one => [one.insurance, one.as]))
  const joined = new Map(visitors.flatMap(one => (one.pool === 'joins' ? [[one.insurance, one.as] as const] : [])))
  const priceOf = new Map(settlement.pools.flatMap(pool => pool.insurances.map(code => [code, pool.pointValue])))
  return {
    hospitals,
    caseAt: createCaseReader(
      { ...input, coefficients: tableOf(policy, input.coefficients, cases, hospitals), hospitals },
      insurance => priceOf.get(insurance) ?? priceOf.get(joined.get(insurance) ?? '') ?? null,
      home,
    ),
    resultOf: caseResults(input, valued, regionCaseMoney(input, valued)),
  }
}
