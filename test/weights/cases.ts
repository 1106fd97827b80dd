import { Decimal } from '../../numbers/index.ts'
import type { GroupedCases, TrimConfig, WeightConfig } from '../../weights/index.ts'
import { readWeightConfig } from '../../weights/index.ts'

/** One case for `groupedOf`: group, cost in fen, and what else matters to a test. */
export interface Row {
  readonly group: string
  readonly cost: number
  readonly hospital?: string
  readonly status?: number
}

/** Rows as columns; the ADRG of a group is its first three characters. */
export function groupedOf(
  rows: readonly Row[],
  groups: readonly string[] = namesOf(rows, row => row.group),
): GroupedCases {
  const hospitals = namesOf(rows, row => row.hospital ?? 'H001')
  return {
    count: rows.length,
    groups,
    parents: groups.map(group => group.slice(0, 3)),
    hospitals,
    insurances: ['310'],
    months: ['2025-01'],
    group: Uint16Array.from(rows, row => groups.indexOf(row.group)),
    status: Uint8Array.from(rows, row => row.status ?? 0),
    hospital: Uint16Array.from(rows, row => hospitals.indexOf(row.hospital ?? 'H001')),
    insurance: new Uint16Array(rows.length),
    month: new Uint16Array(rows.length),
    los: new Uint16Array(rows.length).fill(5),
    dischargeWay: new Uint8Array(rows.length).fill(1),
    cost: Float64Array.from(rows, row => row.cost),
    fund: new Float64Array(rows.length),
    patient: new Float64Array(rows.length),
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
