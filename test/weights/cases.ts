import { FEE_BUCKETS } from '../../grouper/index.ts'
import { Decimal } from '../../numbers/index.ts'
import type { GroupedCases, TrimConfig, WeightConfig } from '../../weights/index.ts'
import { readWeightConfig } from '../../weights/index.ts'

/** One case for `groupedOf`: group, cost in fen, and what else matters to a test. */
export interface Row {
  readonly group: string
  readonly cost: number
  readonly hospital?: string
  readonly status?: number
  readonly month?: string
  readonly insurance?: string
  readonly los?: number
  readonly age?: number
  readonly way?: number
  readonly department?: string
  readonly doctor?: string
  /** Charges in fen in the order of FEE_BUCKETS; those that are left out are not known. */
  readonly fees?: readonly number[]
}

/** Rows as columns; the ADRG of a group is its first three characters. */
export function groupedOf(
  rows: readonly Row[],
  groups: readonly string[] = namesOf(rows, row => row.group),
): GroupedCases {
  const hospitals = namesOf(rows, row => row.hospital ?? 'H001')
  const months = namesOf(rows, row => row.month ?? '2025-01')
  const insurances = namesOf(rows, row => row.insurance ?? '310')
  const departments = namesOf(rows, row => row.department ?? '01')
  const doctors = namesOf(rows, row => row.doctor ?? 'D1')
  return {
    count: rows.length,
    groups,
    parents: groups.map(group => group.slice(0, 3)),
    hospitals,
    insurances,
    months,
    group: Uint16Array.from(rows, row => groups.indexOf(row.group)),
    status: Uint8Array.from(rows, row => row.status ?? 0),
    hospital: Uint16Array.from(rows, row => hospitals.indexOf(row.hospital ?? 'H001')),
    insurance: Uint16Array.from(rows, row => insurances.indexOf(row.insurance ?? '310')),
    month: Uint16Array.from(rows, row => months.indexOf(row.month ?? '2025-01')),
    los: Uint16Array.from(rows, row => row.los ?? 5),
    dischargeWay: Uint8Array.from(rows, row => row.way ?? 1),
    cost: Float64Array.from(rows, row => row.cost),
    fund: new Float64Array(rows.length),
    patient: new Float64Array(rows.length),
    details: {
      departments,
      doctors,
      department: Uint16Array.from(rows, row => departments.indexOf(row.department ?? '01')),
      doctor: Uint16Array.from(rows, row => doctors.indexOf(row.doctor ?? 'D1')),
      age: Int16Array.from(rows, row => row.age ?? -1),
      ...(rows.some(row => row.fees !== undefined)
        ? { fees: Float64Array.from(rows.flatMap(row => FEE_BUCKETS.map((_, b) => row.fees?.[b] ?? -1))) }
        : {}),
    },
  }
}

function namesOf(rows: readonly Row[], name: (row: Row) => string): string[] {
  return [...new Set(rows.map(name))].sort()
}

const DEFAULTS = readWeightConfig()

/** The default configuration with changes. */
export function configWith(changes: Partial<Omit<WeightConfig, 'trim'>>, trim: Partial<TrimConfig> = {}): WeightConfig {
  return { ...DEFAULTS, ...changes, trim: trimWith(trim) }
}

/** Default trimming with changes, for groups of any size. */
export function trimWith(changes: Partial<TrimConfig>): TrimConfig {
  return { ...DEFAULTS.trim, minCases: 0, ...changes }
}

export function decimal(text: string): Decimal {
  return new Decimal(text)
}
