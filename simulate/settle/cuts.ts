import { type GroupedCases, NO_LABEL } from '../../weights/index.ts'
import type { Amounts } from './amounts.ts'
import type { CaseMoney } from './case-money.ts'
import { regionCaseMoney } from './case-results.ts'
import { poolClasses } from './classes.ts'
import { type CaseOrder, orderCases } from './ledger-kernel.ts'
import type { RegionInput, ValuedRegion } from './region.ts'

/** Sums of the cases of one department or doctor: hospital × insurance × month × label. */
export interface CutRow extends Amounts {
  readonly hospital: string
  readonly insurance: string
  readonly month: string
  /** '' where the cases carry none. */
  readonly label: string
}

/** What cases can be cut by below the hospital. */
const CUTS = ['department', 'doctor'] as const
type Cut = (typeof CUTS)[number]

/** The sums of a region by department and doctor; empty where the cases say nothing. */
export type Cuts = Readonly<Record<Cut, readonly CutRow[]>>

/** The money of every case of a settled region, and its sums by department and doctor. */
export interface RegionCuts extends Cuts {
  readonly money: CaseMoney
}

/** All cuts of a settled region; its cases are put in order once. */
export function cutsOf(input: RegionInput, valued: ValuedRegion): RegionCuts {
  const order = orderCases(input.cases)
  const money = regionCaseMoney(input, valued, undefined, order)
  return { money, ...cutRegion(input, valued, money, order) }
}

/** Whether the cases say anything on a cut. */
export function hasCut({ details }: GroupedCases, cut: Cut): boolean {
  return (details?.[`${cut}s`].length ?? 0) > 0
}

/** What one cut sums: `WIDTH` places a label, the last one for cases without a label. */
interface Table {
  readonly labels: readonly string[]
  readonly labelOf: Uint16Array
  readonly sums: Float64Array
  /** Labels met in a row of the ledger. */
  readonly met: Uint32Array
  readonly rows: CutRow[]
}

/**
 * Sums the cases of a settled region by department and doctor in one pass, from the money of each case, so that the rows of
 * a hospital's month add up to the month to the fen. Rows stand by hospital, insurance, month and label.
 */
export function cutRegion(
  { cases, policy }: Pick<RegionInput, 'cases' | 'policy'>,
  { values }: Pick<ValuedRegion, 'values'>,
  money: CaseMoney,
  { start, order }: CaseOrder = orderCases(cases),
): Cuts {
  const { details, hospitals, insurances, months } = cases
  const found: Record<Cut, CutRow[]> = { department: [], doctor: [] }
  const tables = CUTS.flatMap((cut): Table[] => {
    if (details === undefined || !hasCut(cases, cut)) return []
    const labels = details[`${cut}s`]
    const sums = new Float64Array((labels.length + 1) * WIDTH)
    return [{ labels, labelOf: details[cut], sums, met: new Uint32Array(labels.length + 1), rows: found[cut] }]
  })
  if (tables.length === 0) return found
  const inside = poolClasses(policy)
  const width = insurances.length * months.length
  const byCode = [...hospitals.keys()].sort((a, b) => (hospitals[a]! < hospitals[b]! ? -1 : 1))
  const own = new Float64Array(WIDTH)
  for (const h of byCode) {
    for (let row = h * width; row < (h + 1) * width; row++) {
      const counts = tables.map(() => 0)
      for (let k = start[row]!; k < start[row + 1]!; k++) {
        readCase(order[k]!, cases, values, inside, money, own)
        for (let t = 0; t < tables.length; t++) counts[t] = addCase(own, order[k]!, tables[t]!, counts[t]!)
      }
      const place = {
        hospital: hospitals[h]!,
        insurance: insurances[Math.floor(row / months.length) % insurances.length]!,
        month: months[row % months.length]!,
      }
      for (const [t, table] of tables.entries()) takeRows(table, counts[t]!, place)
    }
  }
  return found
}

const WIDTH = 8

/** The amounts of one case: cases, outside, points, cost, patient, fund, gross, net. */
function readCase(
  i: number,
  { cost, patient, fund }: GroupedCases,
  { class: classOf, points }: ValuedRegion['values'],
  inside: Uint8Array,
  { gross, net }: CaseMoney,
  own: Float64Array,
): void {
  const counts = inside[classOf[i]!]!
  own[0] = 1
  own[1] = 1 - counts
  own[2] = counts * points[i]!
  own[3] = counts * cost[i]!
  own[4] = counts * patient[i]!
  own[5] = counts * fund[i]!
  own[6] = counts * gross[i]!
  own[7] = counts * net[i]!
}

/** Adds a case to the sums of its label; returns how many labels have been met. */
function addCase(own: Float64Array, i: number, { labels, labelOf, sums, met }: Table, count: number): number {
  const label = labelOf[i] === NO_LABEL ? labels.length : labelOf[i]!
  const at = label * WIDTH
  if (sums[at] === 0) met[count++] = label
  for (let k = 0; k < WIDTH; k++) sums[at + k]! += own[k]!
  return count
}

/** Writes the rows of the labels met, in their order, and leaves their sums empty. */
function takeRows(
  { labels, sums, met, rows }: Table,
  count: number,
  { hospital, insurance, month }: Pick<CutRow, 'hospital' | 'insurance' | 'month'>,
): void {
  for (const label of met.subarray(0, count).sort()) {
    const at = label * WIDTH
    rows.push({
      hospital,
      insurance,
      month,
      label: labels[label] ?? '',
      cases: sums[at]!,
      outside: sums[at + 1]!,
      points: sums[at + 2]!,
      cost: sums[at + 3]!,
      patient: sums[at + 4]!,
      fund: sums[at + 5]!,
      gross: sums[at + 6]!,
      surplus: sums[at + 6]! - sums[at + 3]!,
      net: sums[at + 7]!,
    })
    for (let k = 0; k < WIDTH; k++) sums[at + k] = 0
  }
}
