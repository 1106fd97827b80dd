import { type CaseBatch, ensureFees, MISSING } from './batch.ts'
import { type CaseField, FEE_BUCKETS } from './columns.ts'

/** Separator that the quote stage puts between cells; it cannot stand in a cell. */
export const UNIT_SEPARATOR = 31

// What the scanner does with a column. Plain constants: a property load per cell would cost as much as the cell.
export const SKIP = 0
export const ID = 1
export const SEX = 2
export const AGE = 3
export const AGE_DAYS = 4
export const WEIGHT = 5
export const LOS = 6
export const DISCHARGE_WAY = 7
export const ICU_HOURS = 8
export const DX = 9
export const OTHER_DX = 10
export const PX = 11
export const OTHER_PX = 12
export const COST = 13
export const FUND = 14
export const PATIENT = 15
export const HOSPITAL = 16
export const INSURANCE = 17
export const MONTH = 18
export const DEPARTMENT = 19
export const DOCTOR = 20
export const HOSPITAL_KEY = 21
export const KEY = 22
// Buckets of charges, in the order of `FEE_BUCKETS`.
export const MEDICAL = 23
export const NURSING = 24
export const TECHNICAL = 25
export const DRUG = 26
export const CONSUMABLE = 27
export const MANAGEMENT = 28
export const TREATMENT = 29
/** Plain constant of `FEE_BUCKETS.length`. */
export const BUCKETS = 7

/** Opcode by field; `hospitalKey` is a hospital that only tells ids apart. */
export const OPS: Readonly<Record<CaseField | 'skip' | 'hospitalKey', number>> = {
  skip: SKIP,
  id: ID,
  key: KEY,
  sex: SEX,
  age: AGE,
  ageDays: AGE_DAYS,
  weight: WEIGHT,
  los: LOS,
  dischargeWay: DISCHARGE_WAY,
  icuHours: ICU_HOURS,
  dx: DX,
  otherDx: OTHER_DX,
  px: PX,
  otherPx: OTHER_PX,
  cost: COST,
  fund: FUND,
  patient: PATIENT,
  hospital: HOSPITAL,
  insurance: INSURANCE,
  month: MONTH,
  department: DEPARTMENT,
  doctor: DOCTOR,
  hospitalKey: HOSPITAL_KEY,
  medical: MEDICAL,
  nursing: NURSING,
  technical: TECHNICAL,
  drug: DRUG,
  consumable: CONSUMABLE,
  management: MANAGEMENT,
  treatment: TREATMENT,
}

/** Largest value of the integer columns, by opcode. */
export const LIMITS: Int32Array = Int32Array.of(0, 0, 0, 150, 60_000, 30_000, 30_000, 99, 1_000_000)

/** Most digits of yuan whose fen fit a small integer; more go the slow way. */
export const SHORT_YUAN = 7
/** 100 million yuan: no stay costs that, and sums over a region stay exact. */
export const MOST_FEN = 1e10

/**
 * Gives the columns that a file does not have their value for all rows: missing, or 0. The scanner writes only those
 * that it has.
 */
export function clearAbsent(batch: CaseBatch, ops: Uint8Array): void {
  const columns: readonly (readonly [number, { fill(value: number): unknown }, number])[] = [
    [SEX, batch.sex, 0],
    [AGE, batch.age, MISSING],
    [AGE_DAYS, batch.ageDays, MISSING],
    [WEIGHT, batch.weight, MISSING],
    [LOS, batch.los, MISSING],
    [DISCHARGE_WAY, batch.dischargeWay, 0],
    [ICU_HOURS, batch.icuHours, MISSING],
    [COST, batch.cost, MISSING],
    [FUND, batch.fund, MISSING],
    [PATIENT, batch.patient, MISSING],
    [HOSPITAL, batch.hospital, 0],
    [INSURANCE, batch.insurance, 0],
    [MONTH, batch.month, 0],
    [DEPARTMENT, batch.department, 0],
    [DOCTOR, batch.doctor, 0],
  ]
  for (const [op, column, value] of columns) if (!ops.includes(op)) column.fill(value)
  const charged = FEE_BUCKETS.filter(name => ops.includes(OPS[name])).length
  if (charged > 0) ensureFees(batch)
  if (charged < BUCKETS) batch.fees.fill(MISSING)
}
