import { FEE_BUCKETS } from './columns.ts'
import { ID_WORDS } from './hash.ts'

/** Marks a missing integer in a column. Missing is never 0. */
export const MISSING = -1

/**
 * Cases as columns: ids of codes in typed arrays, with offsets. One batch is filled by a reader, grouped, and reused.
 * All columns lie in shared memory: threads pass them without a copy, and loops over them see one kind of array only.
 * Row `i` has the diagnoses `dx[dxStart[i]] … dx[dxStart[i + 1] - 1]`, principal first, and the procedures likewise.
 * Code id 0 is a code that the scheme's dictionary does not have.
 */
export interface CaseBatch {
  count: number
  readonly capacity: number
  /** Line of the file on which the row begins, from 1. */
  readonly line: Uint32Array
  /** Where the row begins in the bytes that the reader or thread had at hand: of use to them only. */
  readonly offset: Uint32Array
  /** Ids as the file's bytes: `idBytes[idStart[i]] … idBytes[idStart[i + 1] - 1]`. */
  readonly idStart: Uint32Array
  idBytes: Uint8Array
  /** What tells the id and, where known, the hospital, `ID_WORDS` a row; meaningless in a file without ids. */
  readonly ids: Int32Array
  /** 1 male, 2 female, 9 not stated, 0 unknown or missing. */
  readonly sex: Uint8Array
  /** Completed years, `MISSING` where not known. */
  readonly age: Int16Array
  /** Days at admission as given; it counts only under one year (exports carry the days of a whole life). */
  readonly ageDays: Int32Array
  /** Newborn weight in grams. */
  readonly weight: Int32Array
  /** Length of stay in days. */
  readonly los: Int32Array
  /** Discharge way, 0 where not known. */
  readonly dischargeWay: Uint8Array
  /** ICU hours. */
  readonly icuHours: Int32Array
  /** Total cost, fund and patient amounts in fen. */
  readonly cost: Float64Array
  readonly fund: Float64Array
  readonly patient: Float64Array
  /** Charges in fen by row and bucket (`FEE_BUCKETS`), `MISSING` where not known; empty where no file has such a column. */
  fees: Float64Array
  /** Positions in the reader's label lists; 0 where the file has no such column or an empty cell. */
  readonly hospital: Uint16Array
  readonly insurance: Uint16Array
  readonly month: Uint16Array
  readonly department: Uint16Array
  readonly doctor: Uint16Array
  readonly dxStart: Uint32Array
  dx: Uint16Array
  readonly pxStart: Uint32Array
  px: Uint16Array
  /** Codes of the row that the dictionary does not have, codes found after repair of case or blanks, and procedures found after zeros were restored. */
  readonly unknownDx: Uint16Array
  readonly unknownPx: Uint16Array
  readonly repaired: Uint16Array
  readonly padded: Uint16Array
}

/** Most codes of one kind that one case may carry; more is a damaged row. */
export const MOST_CODES = 500

/** An empty batch for up to `capacity` cases. */
export function createBatch(capacity: number): CaseBatch {
  const columns = shareColumns({
    line: [Uint32Array, capacity],
    offset: [Uint32Array, capacity],
    idStart: [Uint32Array, capacity + 1],
    idBytes: [Uint8Array, capacity * 16],
    ids: [Int32Array, capacity * ID_WORDS],
    sex: [Uint8Array, capacity],
    age: [Int16Array, capacity],
    ageDays: [Int32Array, capacity],
    weight: [Int32Array, capacity],
    los: [Int32Array, capacity],
    dischargeWay: [Uint8Array, capacity],
    icuHours: [Int32Array, capacity],
    cost: [Float64Array, capacity],
    fund: [Float64Array, capacity],
    patient: [Float64Array, capacity],
    fees: [Float64Array, 0],
    hospital: [Uint16Array, capacity],
    insurance: [Uint16Array, capacity],
    month: [Uint16Array, capacity],
    department: [Uint16Array, capacity],
    doctor: [Uint16Array, capacity],
    dxStart: [Uint32Array, capacity + 1],
    dx: [Uint16Array, capacity * 8],
    pxStart: [Uint32Array, capacity + 1],
    px: [Uint16Array, capacity * 4],
    unknownDx: [Uint16Array, capacity],
    unknownPx: [Uint16Array, capacity],
    repaired: [Uint16Array, capacity],
    padded: [Uint16Array, capacity],
  })
  return { count: 0, capacity, ...columns }
}

type Columns = Omit<CaseBatch, 'count' | 'capacity'>

interface Kind<Column> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: SharedArrayBuffer, at: number, length: number): Column
}

/** Each column begins on a line of the processor's memory. */
const LINE = 64

/** Columns of these kinds and lengths, one behind the other in one piece of memory: threads are handed it as one thing. */
function shareColumns(columns: { readonly [Name in keyof Columns]: readonly [Kind<Columns[Name]>, number] }): Columns {
  let end = 0
  const places = Object.entries(columns).map(([name, [kind, length]]) => {
    const at = end
    end += Math.ceil((length * kind.BYTES_PER_ELEMENT) / LINE) * LINE
    return { name, kind, at, length }
  })
  const buffer = new SharedArrayBuffer(end)
  return Object.fromEntries(
    places.map(({ name, kind: Kind, at, length }) => [name, new Kind(buffer, at, length)]),
  ) as unknown as Columns
}

/** Makes room for one more case with the most codes it may have and an id of `idBytes`. */
export function ensureRoom(batch: CaseBatch, idBytes: number): void {
  const dx = batch.dxStart[batch.count]! + MOST_CODES
  if (dx > batch.dx.length) batch.dx = grown(batch.dx, dx)
  const px = batch.pxStart[batch.count]! + MOST_CODES
  if (px > batch.px.length) batch.px = grown(batch.px, px)
  const id = batch.idStart[batch.count]! + idBytes
  if (id > batch.idBytes.length) {
    const bytes = new Uint8Array(new SharedArrayBuffer(Math.max(id, batch.idBytes.length * 2)))
    bytes.set(batch.idBytes)
    batch.idBytes = bytes
  }
}

function grown(column: Uint16Array, least: number): Uint16Array {
  const larger = new Uint16Array(new SharedArrayBuffer(Math.max(least, column.length * 2) * 2))
  larger.set(column)
  return larger
}

/** Columns with one value a row. */
export const ROW_COLUMNS = [
  'line',
  'offset',
  'sex',
  'age',
  'ageDays',
  'weight',
  'los',
  'dischargeWay',
  'icuHours',
  'cost',
  'fund',
  'patient',
  'hospital',
  'insurance',
  'month',
  'department',
  'doctor',
  'unknownDx',
  'unknownPx',
  'repaired',
  'padded',
] as const

/** Takes rows (ascending) out of a batch. */
export function dropRows(batch: CaseBatch, rows: readonly number[]): void {
  if (rows.length === 0) return
  for (const name of ROW_COLUMNS) dropCells(batch[name], rows, batch.count)
  let at = rows[0]!
  let next = 0
  for (let row = at; row < batch.count; row++) {
    if (row === rows[next]) {
      next++
      continue
    }
    batch.ids.copyWithin(at * ID_WORDS, row * ID_WORDS, (row + 1) * ID_WORDS)
    batch.fees.copyWithin(at * FEE_BUCKETS.length, row * FEE_BUCKETS.length, (row + 1) * FEE_BUCKETS.length)
    move(batch.idBytes, batch.idStart, row, at)
    move(batch.dx, batch.dxStart, row, at)
    move(batch.px, batch.pxStart, row, at)
    at++
  }
  batch.count = at
}

/** Takes cells (ascending) out of the first `count` of a column. */
export function dropCells(
  column: { copyWithin(to: number, from: number, end: number): unknown },
  rows: readonly number[],
  count: number,
): void {
  for (let i = 0; i < rows.length; i++) column.copyWithin(rows[i]! - i, rows[i]! + 1, rows[i + 1] ?? count)
}

/** Makes room for charges, which few files carry. */
export function ensureFees(batch: CaseBatch): void {
  const length = batch.capacity * FEE_BUCKETS.length
  if (batch.fees.length < length) batch.fees = new Float64Array(new SharedArrayBuffer(length * 8))
}

/** Moves the part of row `from` to row `to`, which begins where the row before it now ends. */
function move(values: Uint8Array | Uint16Array, starts: Uint32Array, from: number, to: number): void {
  const start = starts[to]!
  const first = starts[from]!
  const end = starts[from + 1]!
  values.copyWithin(start, first, end)
  starts[to + 1] = start + end - first
}
