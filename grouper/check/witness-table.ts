import { csvText } from '../../files/index.ts'
import type { Witness } from './reach.ts'

/** The simple case table with the leaf that each case must reach in front; every reader of cases takes it. */
const HEADER = [
  'id',
  'mdc',
  'adrg',
  'drg',
  'gender',
  'age',
  'ageDay',
  'weight',
  'los',
  'leavingType',
  'icuHours',
  'totalCost',
  'dx',
  'proc',
]

/**
 * Witness cases as CSV, in the order of the scheme. The id is the code of the leaf; the second leaf of a code is
 * `AH11#2`.
 */
export function witnessTable(witnesses: readonly Witness[]): string {
  const seen = new Map<string, number>()
  return csvText(
    HEADER,
    witnesses.map(({ leaf, given }) => {
      const { mdc, adrg, drg } = leaf
      const times = (seen.get(drg.code) ?? 0) + 1
      seen.set(drg.code, times)
      return [
        times === 1 ? drg.code : `${drg.code}#${times}`,
        mdc.code,
        adrg.code,
        drg.code,
        given.sex ?? '',
        given.ageYears ?? '',
        given.ageDays ?? '',
        given.weight ?? '',
        given.losDays ?? '',
        given.dischargeWay ?? '',
        given.icuHours ?? '',
        given.totalCost === undefined ? '' : (given.totalCost / 100).toFixed(2),
        given.diagnoses.join('|'),
        given.procedures.join('|'),
      ]
    }),
  )
}
