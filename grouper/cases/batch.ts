/** Marks a missing integer in a column. Missing is never 0. */
export const MISSING = -1

/**
 * Cases as columns: ids of codes in typed arrays, with offsets. One batch is filled by a reader, grouped, and reused.
 * Row `i` has the diagnoses `dx[dxStart[i]] … dx[dxStart[i + 1] - 1]`, principal first, and the procedures likewise.
 * Code id 0 is a code that the scheme's dictionary does not have.
 */
export interface CaseBatch {
  count: number
  readonly capacity: number
  /** Line of the file on which the row begins, from 1. */
  readonly line: Uint32Array
  /** Ids as the file's bytes: `idBytes[idStart[i]] … idBytes[idStart[i + 1] - 1]`. */
  readonly idStart: Uint32Array
  idBytes: Uint8Array
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
}

/** Most codes of one kind that one case may carry; more is a damaged row. */
export const MOST_CODES = 500

/** An empty batch for up to `capacity` cases. */
export function createBatch(capacity: number): CaseBatch {
  return {
    count: 0,
    capacity,
    line: new Uint32Array(capacity),
    idStart: new Uint32Array(capacity + 1),
    idBytes: new Uint8Array(capacity * 16),
    sex: new Uint8Array(capacity),
    age: new Int16Array(capacity),
    ageDays: new Int32Array(capacity),
    weight: new Int32Array(capacity),
    los: new Int32Array(capacity),
    dischargeWay: new Uint8Array(capacity),
    icuHours: new Int32Array(capacity),
    cost: new Float64Array(capacity),
    fund: new Float64Array(capacity),
    patient: new Float64Array(capacity),
    hospital: new Uint16Array(capacity),
    insurance: new Uint16Array(capacity),
    month: new Uint16Array(capacity),
    department: new Uint16Array(capacity),
    doctor: new Uint16Array(capacity),
    dxStart: new Uint32Array(capacity + 1),
    dx: new Uint16Array(capacity * 8),
    pxStart: new Uint32Array(capacity + 1),
    px: new Uint16Array(capacity * 4),
  }
}

/** Makes room for one more case with the most codes it may have. */
export function ensureRoom(batch: CaseBatch, idBytes: number): void {
  const dx = batch.dxStart[batch.count]! + MOST_CODES
  if (dx > batch.dx.length) batch.dx = grown(batch.dx, dx)
  const px = batch.pxStart[batch.count]! + MOST_CODES
  if (px > batch.px.length) batch.px = grown(batch.px, px)
  const id = batch.idStart[batch.count]! + idBytes
  if (id > batch.idBytes.length) {
    const bytes = new Uint8Array(Math.max(id, batch.idBytes.length * 2))
    bytes.set(batch.idBytes)
    batch.idBytes = bytes
  }
}

function grown(column: Uint16Array, least: number): Uint16Array {
  const larger = new Uint16Array(Math.max(least, column.length * 2))
  larger.set(column)
  return larger
}
