import { type GroupedCases, NO_LABEL } from '../../weights/index.ts'
import type { CaseMoney } from './case-money.ts'
import { poolClasses } from './classes.ts'
import { orderCases } from './ledger-kernel.ts'
import { AMOUNT_KEYS, type Amounts, type RegionInput, type ValuedRegion } from './region.ts'

/** Sums of the cases of one department or doctor: hospital × insurance × month × label. */
export interface CutRow extends Amounts {
  readonly hospital: string
  readonly insurance: string
  readonly month: string
  /** '' where the cases carry none. */
  readonly label: string
}

/** What cases can be cut by below the hospital. */
export type Cut = 'department' | 'doctor'

/** Whether the cases say anything on a cut. */
export function hasCut({ details }: GroupedCases, cut: Cut): boolean {
  return (details?.[`${cut}s`].length ?? 0) > 0
}

/**
 * Sums the cases of a settled region by department or doctor, from the money of each case, so that the rows of a hospital's
 * month add up to the month to the fen. Rows stand by hospital, insurance, month and label. Empty where the cases say nothing.
 */
export function cutRegion(
  { cases, policy }: Pick<RegionInput, 'cases' | 'policy'>,
  { values }: Pick<ValuedRegion, 'values'>,
  money: CaseMoney,
  cut: Cut,
): readonly CutRow[] {
  const { details } = cases
  if (details === undefined || !hasCut(cases, cut)) return []
  const labels = details[`${cut}s`]
  const column = details[cut]
  const inside = poolClasses(policy)
  const { start, order } = orderCases(cases)
  const months = cases.months.length
  const schemes = cases.insurances.length
  // The last place is that of cases without a label.
  const sums = Array.from({ length: labels.length + 1 }, () => new Float64Array(WIDTH))
  const rows: CutRow[] = []
  const hospitals = [...cases.hospitals.keys()].sort((a, b) => (cases.hospitals[a]! < cases.hospitals[b]! ? -1 : 1))
  for (const h of hospitals) {
    for (let unitMonth = h * schemes * months; unitMonth < (h + 1) * schemes * months; unitMonth++) {
      const met: number[] = []
      for (let k = start[unitMonth]!; k < start[unitMonth + 1]!; k++) {
        const i = order[k]!
        const label = column[i] === NO_LABEL ? labels.length : column[i]!
        const sum = sums[label]!
        if (sum[0] === 0) met.push(label)
        addCase(sum, cases, values, inside, money, i)
      }
      for (const label of met.sort((a, b) => a - b)) {
        const sum = sums[label]!
        rows.push({
          hospital: cases.hospitals[h]!,
          insurance: cases.insurances[Math.floor(unitMonth / months) % schemes]!,
          month: cases.months[unitMonth % months]!,
          label: labels[label] ?? '',
          cases: sum[0]!,
          outside: sum[1]!,
          points: sum[2]!,
          cost: sum[3]!,
          patient: sum[4]!,
          fund: sum[5]!,
          gross: sum[6]!,
          surplus: sum[6]! - sum[3]!,
          net: sum[7]!,
        })
        sum.fill(0)
      }
    }
  }
  return rows
}

const WIDTH = 8

function addCase(
  sum: Float64Array,
  { cost, patient, fund }: GroupedCases,
  { class: classOf, points }: ValuedRegion['values'],
  inside: Uint8Array,
  { gross, net }: CaseMoney,
  i: number,
): void {
  sum[0]! += 1
  if (inside[classOf[i]!] === 0) {
    sum[1]! += 1
    return
  }
  sum[2]! += points[i]!
  sum[3]! += cost[i]!
  sum[4]! += patient[i]!
  sum[5]! += fund[i]!
  sum[6]! += gross[i]!
  sum[7]! += net[i]!
}

/** Sums of rows by a key, in the order of the keys. */
export function sumRows<T extends Amounts>(
  rows: readonly T[],
  keyOf: (row: T) => string,
): readonly (Amounts & { readonly key: string })[] {
  return [...Map.groupBy(rows, keyOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, list]) => {
      const sum = Object.fromEntries(
        AMOUNT_KEYS.map(name => [name, list.reduce((all, row) => all + row[name], 0)]),
      ) as unknown as Amounts
      return { key, ...sum }
    })
}
