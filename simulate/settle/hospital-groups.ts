import { AMOUNT_KEYS, type Amounts, isNothing, noAmounts } from './amounts.ts'
import { orderOf } from './claims.ts'
import type { Division } from './division.ts'

/**
 * Amounts by hospital and group, those with cases only, in order of their codes. Columns, because a region that pays by
 * packets has a million of them, and a row that is an object takes 300 bytes.
 */
export interface HospitalGroups {
  readonly count: number
  /** Codes in their order, in which `hospital` and `group` are positions. */
  readonly hospitals: readonly string[]
  readonly groups: readonly string[]
  readonly hospital: Uint16Array
  readonly group: Uint16Array
  readonly amounts: Readonly<Record<keyof Amounts, Float64Array>>
}

export interface GroupRow extends Amounts {
  readonly group: string
}

export interface HospitalGroupRow extends GroupRow {
  readonly hospital: string
}

/** The rows one after another. */
export function* hospitalGroupRows({
  count,
  hospitals,
  groups,
  hospital,
  group,
  amounts,
}: HospitalGroups): Generator<HospitalGroupRow> {
  for (let row = 0; row < count; row++) {
    yield {
      hospital: hospitals[hospital[row]!]!,
      group: groups[group[row]!]!,
      cases: amounts.cases[row]!,
      outside: amounts.outside[row]!,
      points: amounts.points[row]!,
      cost: amounts.cost[row]!,
      patient: amounts.patient[row]!,
      fund: amounts.fund[row]!,
      gross: amounts.gross[row]!,
      surplus: amounts.surplus[row]!,
      net: amounts.net[row]!,
    }
  }
}

/** Sums the cells of a division by hospital and group. */
export function hospitalGroupsOf({ ledger, money }: Pick<Division, 'ledger' | 'money'>): HospitalGroups {
  const { cells, insurances, months } = ledger
  const hospitals = orderOf(ledger.hospitals)
  const groups = orderOf(ledger.groups)
  const width = insurances.length * months.length
  /** By group: 1 where the hospital that was looked at last has a case of it; then one more than its row. */
  const rowOf = new Uint32Array(groups.length)
  const mark = (from: number, to: number): void => {
    rowOf.fill(0)
    for (let cell = from; cell < to; cell++) rowOf[cells.group[cell]!] = 1
  }
  let count = 0
  for (const h of hospitals) {
    mark(cells.start[h * width]!, cells.start[(h + 1) * width]!)
    for (const met of rowOf) count += met
  }
  const column = (): Float64Array => new Float64Array(count)
  const amounts = { cases: column(), outside: column(), points: column(), cost: column(), patient: column(), fund: column(), gross: column(), surplus: column(), net: column() } // biome-ignore format: one list
  const hospital = new Uint16Array(count)
  const group = new Uint16Array(count)
  let next = 0
  for (const [place, h] of hospitals.entries()) {
    const [from, to] = [cells.start[h * width]!, cells.start[(h + 1) * width]!]
    mark(from, to)
    for (const [rank, g] of groups.entries()) {
      if (rowOf[g] === 0) continue
      hospital[next] = place
      group[next] = rank
      rowOf[g] = ++next
    }
    for (let cell = from; cell < to; cell++) {
      const row = rowOf[cells.group[cell]!]! - 1
      const { cases, outside, points, cost, patient, fund } = cells.sums
      amounts.cases[row]! += cases[cell]!
      amounts.outside[row]! += outside[cell]!
      amounts.points[row]! += points[cell]!
      amounts.cost[row]! += cost[cell]!
      amounts.patient[row]! += patient[cell]!
      amounts.fund[row]! += fund[cell]!
      amounts.gross[row]! += money.gross[cell]!
      amounts.surplus[row]! += money.gross[cell]! - cost[cell]!
      amounts.net[row]! += money.net[cell]!
    }
  }
  const codes = (list: readonly string[], order: readonly number[]): string[] => order.map(at => list[at]!)
  const lists = { hospitals: codes(ledger.hospitals, hospitals), groups: codes(ledger.groups, groups) }
  return { count, ...lists, hospital, group, amounts }
}

/** The groups over all hospitals, in order of their codes; those without any amount are left out. */
export function groupRows({ count, groups, group, amounts }: HospitalGroups): readonly GroupRow[] {
  const sums = groups.map(() => noAmounts())
  for (const key of AMOUNT_KEYS) for (let row = 0; row < count; row++) sums[group[row]!]![key] += amounts[key][row]!
  return groups.map((code, g) => ({ group: code, ...sums[g]! })).filter(row => !isNothing(row))
}
