import { type CodeTable, findCode } from '../codes/keyword.ts'
import { type CaseBatch, MISSING, MOST_CODES } from './batch.ts'
import { stopsFor } from './careful-codes.ts'
import { belongTo, ID_WORDS, identify } from './hash.ts'
import { labelOf } from './labels.ts'
import {
  AGE,
  AGE_DAYS,
  BUCKETS,
  COST,
  DEPARTMENT,
  DISCHARGE_WAY,
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
  SHORT_YUAN,
  WEIGHT,
} from './opcodes.ts'
import { listOf, type Scan } from './scan.ts'

/**
 * The plain way of scanning: takes only rows in which nothing is unusual, and stops at any other. It writes to memory of
 * the batch that the next row writes over, and numbers labels as the careful way would; it has no other effect, so that
 * a row which it stops at can be read again from its begin.
 */

const LF = 10
/** A line break inside a cell, behind the quote stage. */
const VT = 11
const CR = 13
const COMMA = 44
const DOT = 46

/** Most digits of an integer cell. */
const DIGITS = 9

/** Codes of one kind: where they are looked up and where they go. */
interface Codes {
  readonly table: CodeTable
  readonly codes: Uint16Array
  /** Position behind the last code of the row so far, and of its first one. */
  end: number
  first: number
}

/**
 * Reads plain rows from `from` on until `to` or until the batch holds `full` cases; returns the begin of the first row
 * that it did not take. Other parameters as of `scanRows`; all bytes are known to be UTF-8.
 */
export function plainRows(
  scan: Scan,
  batch: CaseBatch,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  to: number,
  delimiter: number,
  full: number,
): number {
  const { ops, labels } = scan
  const { line: lines, offset, sex, age, ageDays, weight, los, dischargeWay, icuHours, cost, fund, patient } = batch
  const { hospital, insurance, month, department, doctor, fees } = batch
  const { idStart, ids, idBytes, dxStart, pxStart } = batch
  const dx: Codes = { table: scan.dxTable, codes: batch.dx, end: 0, first: 0 }
  const px: Codes = { table: scan.pxTable, codes: batch.px, end: 0, first: 0 }
  const columns = ops.length
  const hasId = ops.includes(ID)
  const stops = stopsFor(delimiter)
  // The last row ends as all others do, or it is no plain one.
  const lineEnd = bytes[to - 2] === CR ? CR : LF
  const begin = batch.count
  let row = begin
  let p = from

  rows: while (p < to && row < full) {
    const rowStart = p
    let idEnd = idStart[row]!
    dx.first = dxStart[row]!
    dx.end = dx.first
    px.first = pxStart[row]!
    px.end = px.first
    if (dx.end + MOST_CODES > dx.codes.length || px.end + MOST_CODES > px.codes.length) break
    let hospitalFrom = 0
    let hospitalTo = 0
    let keyFrom = 0
    let keyTo = 0
    offset[row] = rowStart

    for (let column = 0; column < columns; column++) {
      const op = ops[column]!
      const end = column + 1 < columns ? delimiter : lineEnd
      const start = p
      let b = bytes[p]!
      switch (op) {
        case AGE:
        case AGE_DAYS:
        case WEIGHT:
        case LOS:
        case DISCHARGE_WAY:
        case ICU_HOURS: {
          let value = MISSING
          if (b !== end) {
            value = 0
            while (b >= 48 && b <= 57) {
              value = (value * 10 + (b - 48)) | 0
              b = bytes[++p]!
            }
            if (b !== end || p - start > DIGITS || value > LIMITS[op]!) {
              p = rowStart
              break rows
            }
          }
          if (op === AGE) age[row] = value
          else if (op === AGE_DAYS) ageDays[row] = value
          else if (op === WEIGHT) weight[row] = value
          else if (op === LOS) los[row] = value
          else if (op === DISCHARGE_WAY) dischargeWay[row] = Math.max(value, 0)
          else icuHours[row] = value
          break
        }
        case DX:
        case OTHER_DX:
          p = plainCodes(dx, bytes, view, p, end, stops, op === DX)
          if (p < 0) {
            p = rowStart
            break rows
          }
          break
        case PX:
        case OTHER_PX:
          p = plainCodes(px, bytes, view, p, end, stops, op === PX)
          if (p < 0) {
            p = rowStart
            break rows
          }
          break
        case SEX: {
          const next = bytes[p + 1]!
          if ((b === 49 || b === 50) && next === end) p++
          else if (b === 0xe7 && next === 0x94 && bytes[p + 2] === 0xb7 && bytes[p + 3] === end) p += 3
          else if (b === 0xe5 && next === 0xa5 && bytes[p + 2] === 0xb3 && bytes[p + 3] === end) p += 3
          else {
            p = rowStart
            break rows
          }
          sex[row] = b === 49 || b === 0xe7 ? 1 : 2
          break
        }
        default: {
          if (op === COST || op === FUND || op === PATIENT || op >= MEDICAL) {
            let fen = MISSING
            if (b !== end) {
              let yuan = 0
              while (b >= 48 && b <= 57) {
                yuan = (yuan * 10 + (b - 48)) | 0
                b = bytes[++p]!
              }
              const digits = p - start
              let cents = 0
              if (b === DOT) {
                b = bytes[++p]!
                if (b >= 48 && b <= 57) {
                  cents = (b - 48) * 10
                  b = bytes[++p]!
                  if (b >= 48 && b <= 57) {
                    cents += b - 48
                    b = bytes[++p]!
                  }
                }
              }
              if (b !== end || digits === 0 || digits > SHORT_YUAN) {
                p = rowStart
                break rows
              }
              fen = yuan * 100 + cents
            }
            if (op === COST) cost[row] = fen
            else if (op === FUND) fund[row] = fen
            else if (op === PATIENT) patient[row] = fen
            else fees[row * BUCKETS + op - MEDICAL] = fen
            break
          }
          // No delimiter lies above the comma, nearly every other byte does.
          while (b > COMMA || (b !== delimiter && b !== LF && b !== CR && b !== VT)) b = bytes[++p]!
          if (b !== end) {
            p = rowStart
            break rows
          }
          if (op === 0) break
          if (op === ID) {
            if (idEnd + p - start > idBytes.length) {
              p = rowStart
              break rows
            }
            for (let k = start; k < p; k++) idBytes[idEnd++] = bytes[k]!
            identify(ids, row * ID_WORDS, view, start, p)
            break
          }
          if (op === KEY) {
            keyFrom = start
            keyTo = p
            break
          }
          if (op === HOSPITAL || op === HOSPITAL_KEY) {
            hospitalFrom = start
            hospitalTo = p
            if (op === HOSPITAL_KEY) break
          }
          const label = labelOf(listOf(labels, op), view, start, p)
          if (label < 0) {
            p = rowStart
            break rows
          }
          if (op === HOSPITAL) hospital[row] = label
          else if (op === INSURANCE) insurance[row] = label
          else if (op === MONTH) month[row] = label
          else if (op === DEPARTMENT) department[row] = label
          else doctor[row] = label
        }
      }
      p++
    }

    if ((hasId && idEnd === idStart[row]) || (lineEnd === CR && bytes[p++] !== LF)) {
      p = rowStart
      break
    }
    if (hasId) {
      // Ids are unique within a hospital, not over a region.
      if (hospitalTo > hospitalFrom) belongTo(ids, row * ID_WORDS, view, hospitalFrom, hospitalTo)
      if (keyTo > keyFrom) belongTo(ids, row * ID_WORDS, view, keyFrom, keyTo)
    }
    row++
    idStart[row] = idEnd
    dxStart[row] = dx.end
    pxStart[row] = px.end
  }

  const count = row - begin
  for (let k = 0; k < count; k++) lines[begin + k] = scan.line + k
  batch.unknownDx.fill(0, begin, row)
  batch.unknownPx.fill(0, begin, row)
  batch.repaired.fill(0, begin, row)
  batch.padded.fill(0, begin, row)
  batch.count = row
  scan.line += count
  scan.rows += count
  return p
}

/**
 * Reads a cell of codes and returns its end; -1 where it is not plain: an empty place, a code that the dictionary does
 * not have as written. Codes have 7 or 11 bytes, or 18 as pairs of dagger and asterisk: if a separator stands there and
 * the dictionary has what is before it, no byte of it need be looked at, because no code holds a separator.
 */
function plainCodes(
  column: Codes,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  end: number,
  stops: Uint8Array,
  principal: boolean,
): number {
  if (bytes[from] === end) return from
  const { table, codes, first } = column
  let at = column.end
  if (!principal && at === first) return -1
  let p = from
  for (;;) {
    const piece = p
    p += stops[bytes[p + 7]!] !== 0 ? 7 : stops[bytes[p + 11]!] !== 0 ? 11 : 18
    let code = stops[bytes[p]!] !== 0 ? findCode(table, view, piece, p) : 0
    if (code === 0) {
      const guess = p
      p = piece
      while (stops[bytes[p]!] === 0) p++
      if (p === guess) return -1
      code = findCode(table, view, piece, p)
      if (code === 0) return -1
    }
    if (at - first >= MOST_CODES) return -1
    codes[at++] = code
    const b = bytes[p]!
    if (b === end) break
    // The class of an end that is not the end due here.
    if (stops[b] === 2) return -1
    p++
  }
  column.end = at
  return p
}
