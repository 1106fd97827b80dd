import { type Amounts, sumRows, totalOf } from './amounts.ts'
import type { CaseMoney } from './case-money.ts'
import { poolClasses } from './classes.ts'
import type { RegionCuts } from './cuts.ts'
import { hospitalGroupRows } from './hospital-groups.ts'
import type { RegionInput, Settlement, ValuedRegion } from './region.ts'

/** The total of one level of a settlement. All levels have the same amounts, to the fen. */
export interface LevelTotal extends Amounts {
  readonly level: 'case' | 'doctor' | 'department' | 'group' | 'hospitalGroup' | 'month' | 'unit' | 'hospital' | 'scheme' | 'region' // biome-ignore format: one line
  /** Rows that were added up. */
  readonly rows: number
}

/** The sums of an insurance scheme over its hospitals. */
export interface SchemeRow extends Amounts {
  readonly insurance: string
  /** Fund due, after negative years were floored. */
  readonly due: number
}

/** The schemes of a settlement in their order. */
export function schemeRows({ units }: Settlement): readonly SchemeRow[] {
  return sumRows(units, unit => unit.insurance).map(({ key, ...amounts }) => ({
    insurance: key,
    ...amounts,
    due: units.filter(unit => unit.insurance === key).reduce((all, unit) => all + unit.due, 0),
  }))
}

/** The totals of every level, from the single case to the region: they are equal, and a table of them shows it. */
export function levelTotals(
  input: Pick<RegionInput, 'cases' | 'policy'>,
  valued: Pick<ValuedRegion, 'values'>,
  settlement: Settlement,
  cuts: RegionCuts,
): readonly LevelTotal[] {
  const { hospitals, units, months, groups, hospitalGroups } = settlement
  const total = (level: LevelTotal['level'], rows: readonly Amounts[]): LevelTotal => {
    return { level, rows: rows.length, ...totalOf(rows) }
  }
  return [
    caseTotal(input, valued, cuts.money),
    ...(cuts.doctor.length === 0 ? [] : [total('doctor', cuts.doctor)]),
    ...(cuts.department.length === 0 ? [] : [total('department', cuts.department)]),
    { level: 'hospitalGroup', rows: hospitalGroups.count, ...totalOf(hospitalGroupRows(hospitalGroups)) },
    total('group', groups),
    total('month', months),
    total('unit', units),
    total('hospital', hospitals),
    total('scheme', schemeRows(settlement)),
    total('region', [totalOf(hospitals)]),
  ]
}

const NOTHING: Amounts = { cases: 0, outside: 0, points: 0, cost: 0, patient: 0, fund: 0, gross: 0, surplus: 0, net: 0 }

function caseTotal(
  { cases, policy }: Pick<RegionInput, 'cases' | 'policy'>,
  { values }: Pick<ValuedRegion, 'values'>,
  money: CaseMoney,
): LevelTotal {
  const inside = poolClasses(policy)
  const all = { ...NOTHING } as { -readonly [key in keyof Amounts]: number }
  for (let i = 0; i < cases.count; i++) {
    all.cases++
    if (inside[values.class[i]!] === 0) {
      all.outside++
      continue
    }
    all.points += values.points[i]!
    all.cost += cases.cost[i]!
    all.patient += cases.patient[i]!
    all.fund += cases.fund[i]!
    all.gross += money.gross[i]!
    all.net += money.net[i]!
  }
  return { level: 'case', rows: cases.count, ...all, surplus: all.gross - all.cost }
}
