import type { CoefficientTable, GroupedCases, Hospital, WeightTable } from '../../weights/index.ts'
import type { Policy } from '../policy/policy.ts'
import { CLAIM_KEYS, type ClaimTable, orderOf } from '../settle/claims.ts'
import { poolClasses } from '../settle/classes.ts'
import { type Prepared, prepareCells } from './cell-list.ts'
import type { SortedRegion } from './sorted.ts'
import { type Stretches, sumBills, sumStretches, type UnitSums } from './sorted-kernel.ts'

/** What the claims of a region depend on besides the sorted cases. */
export interface ClaimInput {
  readonly cases: GroupedCases
  readonly policy: Policy
  readonly weights: WeightTable
  readonly coefficients: CoefficientTable
  readonly hospitals: readonly Hospital[]
  /** Insurances by whose prices the cases are valued, in the order of the cases' own. */
  readonly priced: readonly string[]
}

/** Values sorted cases under policies that differ in their cost bands only. */
export interface Valuer {
  /** Equal to the claims of the ledger, to the last unit. */
  claims(policy: Policy): ClaimTable
}

/** Prepares sorted cases for policies with the rules, prices, weights and coefficients of `input`, whatever their bands. */
export function createValuer(
  region: SortedRegion,
  input: ClaimInput,
  prepared: Prepared = prepareCells(region, input),
): Valuer {
  const { sorted } = region
  const { cases, policy } = input
  const { cellOfStretch, cells, fixed, write } = prepared
  const width = cases.insurances.length
  const units = cases.hospitals.length * width
  const pick = (isStill: boolean): Stretches => {
    const isWanted = Uint8Array.from(cells.kind, kind => ((kind === 'still') === isStill ? 1 : 0))
    const list = new Uint32Array(cellOfStretch.length)
    let count = 0
    for (let k = 0; k < cellOfStretch.length; k++) if (isWanted[cellOfStretch[k]!] === 1) list[count++] = k
    const column = (of: (k: number) => number): Uint32Array => {
      const out = new Uint32Array(count)
      for (let n = 0; n < count; n++) out[n] = of(list[n]!)
      return out
    }
    return {
      from: column(k => sorted.start[k]!),
      to: column(k => sorted.start[k + 1]!),
      cell: column(k => cellOfStretch[k]!),
      unit: column(k => sorted.hospital[k]! * width + sorted.insurance[k]!),
    }
  }
  const still: UnitSums = noSums(units)
  sumBills(sorted, width, still)
  // What no band decides is summed once.
  sumStretches(sorted, pick(true), fixed.bands, poolClasses(policy), fixed.exact, still)
  const moving = pick(false)
  const order = orderOf(cases.hospitals)
  return {
    claims(own) {
      const sums = noSums(units)
      for (const key of CLAIM_KEYS) sums[key].set(still[key])
      const { bands, exact } = write(own)
      sumStretches(sorted, moving, bands, poolClasses(own), exact, sums)
      const ordered = (from: Float64Array): Float64Array =>
        from.map((_, i) => from[order[Math.floor(i / width)]! * width + (i % width)]!)
      return {
        hospitals: order.map(h => cases.hospitals[h]!),
        insurances: cases.insurances,
        points: ordered(sums.points),
        paid: ordered(sums.paid),
        cost: ordered(sums.cost),
        patient: ordered(sums.patient),
        fund: ordered(sums.fund),
      }
    },
  }
}

function noSums(units: number): UnitSums {
  const column = (): Float64Array => new Float64Array(units)
  return { points: column(), paid: column(), cost: column(), patient: column(), fund: column() }
}
