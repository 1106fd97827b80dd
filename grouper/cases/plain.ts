import type { CaseBatch } from './batch.ts'
import { stopsFor } from './careful-codes.ts'
import {
  AGE,
  AGE_DAYS,
  BUCKETS,
  COST,
  DEPARTMENT,
  DISCHARGE_WAY,
  DOCTOR,
  DX,
  FUND,
  HOSPITAL,
  HOSPITAL_KEY,
  ICU_HOURS,
  ID,
  INSURANCE,
  KEY,
  LIMITS,
  LOS,
  MEDICAL,
  MONTH,
  OTHER_DX,
  OTHER_PX,
  PATIENT,
  PX,
  SEX,
  WEIGHT,
} from './opcodes.ts'
import { type CodeColumns, codeColumns } from './plain-codes.ts'
import { cutRows, cuts, ends, MOST_CUT_ROWS } from './plain-cuts.ts'
import { integerColumn, moneyColumn, sexColumn } from './plain-numbers.ts'
import { belongColumn, idColumn, type LabelColumn, labelColumns } from './plain-texts.ts'
import { listOf, type Scan } from './scan.ts'

/**
 * The plain way of scanning: takes only rows in which nothing is unusual, and stops at any other. Some hundred rows are
 * cut into cells, then read column by column, in loops so small that they run at the speed of the processor. It writes to
 * memory of the batch that the next rows write over, and numbers labels as the careful way would; it has no other effect,
 * so that a row which it stops at can be read again from its begin.
 */

const LF = 10
const CR = 13

/** Integers of a column of which the batch keeps shorter ones. */
const integers = new Int32Array(MOST_CUT_ROWS)

/** What is read of a table, and where it goes. */
interface Plan {
  readonly batch: CaseBatch
  readonly stride: number
  readonly dx: CodeColumns
  readonly px: CodeColumns
  /** Columns of ids, sex and numbers. */
  readonly values: readonly number[]
  readonly texts: readonly LabelColumn[]
  readonly hasId: boolean
  /** Columns that an id is unique within. */
  readonly owners: readonly number[]
}

const plans = new WeakMap<Scan, Plan>()

function planOf(scan: Scan, batch: CaseBatch): Plan {
  const known = plans.get(scan)
  if (known?.batch === batch) return known
  const { ops, dxTable, pxTable } = scan
  const columnsOf = (...some: number[]): number[] => [...ops.keys()].filter(column => some.includes(ops[column]!))
  const plan = {
    batch,
    stride: ops.length + 1,
    dx: { isDx: true, columns: columnsOf(DX, OTHER_DX), principal: ops.indexOf(DX), table: dxTable },
    px: { isDx: false, columns: columnsOf(PX, OTHER_PX), principal: ops.indexOf(PX), table: pxTable },
    values: [...ops.keys()].filter(column => isValue(ops[column]!)),
    texts: textColumns(scan, batch),
    hasId: ops.includes(ID),
    // Ids are unique within a hospital, not over a region.
    owners: [...columnsOf(HOSPITAL, HOSPITAL_KEY).slice(0, 1), ...columnsOf(KEY).slice(0, 1)],
  }
  plans.set(scan, plan)
  return plan
}

function isValue(op: number): boolean {
  return (op >= ID && op <= ICU_HOURS) || (op >= COST && op <= PATIENT) || op >= MEDICAL
}

/**
 * Reads plain rows from `from` on until `to` or until the batch holds `full` cases; returns the begin of the first row
 * that it did not take. Other parameters as of `scanRows`; all bytes are known to be UTF-8.
 */
export function plainRows(
  scan: Scan,
  batch: CaseBatch,
  bytes: Uint8Array,
  from: number,
  to: number,
  delimiter: number,
  full: number,
): number {
  const columns = scan.ops.length
  // Blank lines, which are no rows, look like rows of one cell.
  if (columns === 1) return from
  const plan = planOf(scan, batch)
  const { stride } = plan
  const stops = stopsFor(delimiter)
  // The last row ends as all others do, or it is no plain one.
  const lineEnd = bytes[to - 2] === CR ? CR : LF
  let p = from
  while (p < to && batch.count < full) {
    if (cuts.used >= cuts.rows || cuts.base + ends[cuts.used * stride]! !== p - 1) {
      cutRows(bytes, p, to, delimiter, lineEnd, columns, full - batch.count)
    }
    const rows = Math.min(cuts.rows - cuts.used, full - batch.count)
    if (rows === 0) return p
    const taken = takeRows(scan, batch, plan, stops, cuts.used * stride, rows)
    cuts.used += taken
    p = cuts.base + ends[cuts.used * stride]! + 1
    if (taken === rows) continue
    // The row is left to the careful way; those behind it stay cut.
    cuts.used++
    return p
  }
  return p
}

/** Reads cut rows into the batch, up to one that is not plain, and returns their number. */
function takeRows(scan: Scan, batch: CaseBatch, plan: Plan, stops: Uint8Array, at: number, most: number): number {
  const { ops } = scan
  const { base } = cuts
  const { stride, dx, px, values, texts, hasId, owners } = plan
  const { line, offset, idStart, dxStart, pxStart, age, dischargeWay, fees } = batch
  const begin = batch.count
  let rows = most
  if (dx.columns.length > 0) rows = codeColumns(dx, stops, at, stride, rows, batch.dx, dxStart, begin)
  if (px.columns.length > 0) rows = codeColumns(px, stops, at, stride, rows, batch.px, pxStart, begin)
  for (const column of values) {
    const op = ops[column]!
    const first = at + column
    switch (op) {
      case ID:
        rows = idColumn(first, stride, rows, batch, begin)
        break
      case SEX:
        rows = sexColumn(first, stride, rows, batch.sex, begin)
        break
      case AGE:
        rows = integerColumn(first, stride, rows, LIMITS[op]!, integers, 0)
        for (let row = 0; row < rows; row++) age[begin + row] = integers[row]!
        break
      case AGE_DAYS:
        rows = integerColumn(first, stride, rows, LIMITS[op]!, batch.ageDays, begin)
        break
      case WEIGHT:
        rows = integerColumn(first, stride, rows, LIMITS[op]!, batch.weight, begin)
        break
      case LOS:
        rows = integerColumn(first, stride, rows, LIMITS[op]!, batch.los, begin)
        break
      case DISCHARGE_WAY:
        rows = integerColumn(first, stride, rows, LIMITS[op]!, integers, 0)
        for (let row = 0; row < rows; row++) dischargeWay[begin + row] = Math.max(integers[row]!, 0)
        break
      case ICU_HOURS:
        rows = integerColumn(first, stride, rows, LIMITS[op]!, batch.icuHours, begin)
        break
      case COST:
        rows = moneyColumn(first, stride, rows, batch.cost, begin, 1)
        break
      case FUND:
        rows = moneyColumn(first, stride, rows, batch.fund, begin, 1)
        break
      case PATIENT:
        rows = moneyColumn(first, stride, rows, batch.patient, begin, 1)
        break
      default:
        if (op < MEDICAL) break
        rows = moneyColumn(first, stride, rows, fees, begin * BUCKETS + op - MEDICAL, BUCKETS)
    }
  }
  rows = labelColumns(at, stride, rows, texts, begin)
  if (hasId) for (const column of owners) belongColumn(at + column, stride, rows, batch, begin)
  else idStart.fill(idStart[begin]!, begin, begin + rows + 1)
  if (dx.columns.length === 0) dxStart.fill(dxStart[begin]!, begin, begin + rows + 1)
  if (px.columns.length === 0) pxStart.fill(pxStart[begin]!, begin, begin + rows + 1)
  const end = begin + rows
  for (let row = begin; row < end; row++, at += stride) {
    line[row] = scan.line + row - begin
    offset[row] = base + ends[at]! + 1
  }
  batch.unknownDx.fill(0, begin, end)
  batch.unknownPx.fill(0, begin, end)
  batch.repaired.fill(0, begin, end)
  batch.padded.fill(0, begin, end)
  batch.count = end
  scan.line += rows
  scan.rows += rows
  return rows
}

/** The columns whose texts are numbered; a missing cell is text 0. */
function textColumns({ ops, labels }: Scan, batch: CaseBatch): LabelColumn[] {
  const outs: readonly (readonly [number, Uint16Array])[] = [
    [HOSPITAL, batch.hospital],
    [INSURANCE, batch.insurance],
    [MONTH, batch.month],
    [DEPARTMENT, batch.department],
    [DOCTOR, batch.doctor],
  ]
  return [...ops].flatMap((op, column) =>
    outs.filter(([own]) => own === op).map(([, out]) => ({ column, labels: listOf(labels, op), out })),
  )
}
