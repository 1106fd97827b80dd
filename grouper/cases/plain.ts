import { type CaseBatch, MISSING } from './batch.ts'
import { stopsFor } from './careful-codes.ts'
import { belongTo, ID_WORDS, identify } from './hash.ts'
import { labelOf } from './labels.ts'
import {
  AGE,
  AGE_DAYS,
  BUCKETS,
  CONSUMABLE,
  COST,
  DEPARTMENT,
  DISCHARGE_WAY,
  DOCTOR,
  DRUG,
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
  MANAGEMENT,
  MEDICAL,
  MONTH,
  NURSING,
  OTHER_DX,
  OTHER_PX,
  PATIENT,
  PX,
  SEX,
  SHORT_YUAN,
  SKIP,
  TECHNICAL,
  WEIGHT,
} from './opcodes.ts'
import { lowByte, shortInteger, shortMoney } from './plain-cells.ts'
import { type PlainCodes, plainCodes } from './plain-codes.ts'
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
const DOT = 46

/** Most digits of an integer cell. */
const DIGITS = 9

// What a cell is, by opcode. Constants of this module become constants of the compiled loop, imported ones do not.
const IS_SKIPPED = 0
const IS_INTEGER = 1
const IS_CODES = 2
const IS_MONEY = 3
const IS_SEX = 4
const IS_ID = 5
const IS_TEXT = 6

const KINDS = new Uint8Array(32)
for (const op of [AGE, AGE_DAYS, WEIGHT, LOS, DISCHARGE_WAY, ICU_HOURS]) KINDS[op] = IS_INTEGER
for (const op of [DX, OTHER_DX, PX, OTHER_PX]) KINDS[op] = IS_CODES
for (const op of [COST, FUND, PATIENT]) KINDS[op] = IS_MONEY
for (const op of [MEDICAL, NURSING, TECHNICAL, DRUG, CONSUMABLE, MANAGEMENT]) KINDS[op] = IS_MONEY
for (const op of [HOSPITAL, INSURANCE, MONTH, DEPARTMENT, DOCTOR, HOSPITAL_KEY, KEY]) KINDS[op] = IS_TEXT
KINDS[SKIP] = IS_SKIPPED
KINDS[SEX] = IS_SEX
KINDS[ID] = IS_ID

/** The integers and amounts of a row by opcode; missing where the file has no such column. */
const integers = new Int32Array(32)
const amounts = new Float64Array(32)

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
  const idView = new DataView(idBytes.buffer)
  const dx: PlainCodes = { table: scan.dxTable, codes: batch.dx, end: 0, first: 0 }
  const px: PlainCodes = { table: scan.pxTable, codes: batch.px, end: 0, first: 0 }
  const columns = ops.length
  const hasId = ops.includes(ID)
  const hasFees = ops.some(op => op >= MEDICAL)
  const stops = stopsFor(delimiter)
  integers.fill(MISSING)
  amounts.fill(MISSING)
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
    let hospitalFrom = 0
    let hospitalTo = 0
    let keyFrom = 0
    let keyTo = 0
    offset[row] = rowStart

    for (let column = 0; column < columns; column++) {
      const op = ops[column]!
      const kind = KINDS[op]!
      const end = column + 1 < columns ? delimiter : lineEnd
      const start = p
      if (kind === IS_INTEGER) {
        let value = MISSING
        if (bytes[p] !== end) {
          const short = shortInteger(view.getInt32(p, true), end)
          if (short !== 0) {
            value = short >> 2
            p += short & 3
          } else {
            let b = bytes[p]!
            value = 0
            while (b >= 48 && b <= 57) {
              value = (value * 10 + (b - 48)) | 0
              b = bytes[++p]!
            }
            if (b !== end || p - start > DIGITS) {
              p = rowStart
              break rows
            }
          }
          if (value > LIMITS[op]!) {
            p = rowStart
            break rows
          }
        }
        integers[op] = value
      } else if (kind === IS_CODES) {
        p = plainCodes(op === DX || op === OTHER_DX ? dx : px, bytes, view, p, end, stops, op === DX || op === PX)
        if (p < 0) {
          p = rowStart
          break rows
        }
      } else if (kind === IS_MONEY) {
        if (bytes[p] === end) amounts[op] = MISSING
        else {
          const length = shortMoney(view, p, end, amounts, op)
          if (length !== 0) p += length
          else {
            let b = bytes[p]!
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
              }
            }
            if (b !== end || digits === 0 || digits > SHORT_YUAN) {
              p = rowStart
              break rows
            }
            amounts[op] = yuan * 100 + cents
          }
        }
      } else if (kind === IS_SEX) {
        const b = bytes[p]!
        const next = bytes[p + 1]!
        if ((b === 49 || b === 50) && next === end) p++
        else if (b === 0xe7 && next === 0x94 && bytes[p + 2] === 0xb7 && bytes[p + 3] === end) p += 3
        else if (b === 0xe5 && next === 0xa5 && bytes[p + 2] === 0xb3 && bytes[p + 3] === end) p += 3
        else {
          p = rowStart
          break rows
        }
        sex[row] = b === 49 || b === 0xe7 ? 1 : 2
      } else {
        p = lowByte(view, p)
        let b = bytes[p]!
        while (b !== delimiter && b !== LF && b !== CR && b !== VT) {
          p = lowByte(view, p + 1)
          b = bytes[p]!
        }
        if (b !== end) {
          p = rowStart
          break rows
        }
        if (kind === IS_ID) {
          // Words are copied, up to three bytes behind the id with them.
          if (idEnd + p - start + 3 > idBytes.length) {
            p = rowStart
            break rows
          }
          for (let k = start; k < p; k += 4) idView.setInt32(idEnd + k - start, view.getInt32(k, true), true)
          idEnd += p - start
          identify(ids, row * ID_WORDS, view, start, p)
        } else if (kind === IS_TEXT) {
          if (op === KEY) {
            keyFrom = start
            keyTo = p
          } else {
            if (op === HOSPITAL || op === HOSPITAL_KEY) {
              hospitalFrom = start
              hospitalTo = p
            }
            if (op !== HOSPITAL_KEY) {
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
    age[row] = integers[AGE]!
    ageDays[row] = integers[AGE_DAYS]!
    weight[row] = integers[WEIGHT]!
    los[row] = integers[LOS]!
    dischargeWay[row] = Math.max(integers[DISCHARGE_WAY]!, 0)
    icuHours[row] = integers[ICU_HOURS]!
    cost[row] = amounts[COST]!
    fund[row] = amounts[FUND]!
    patient[row] = amounts[PATIENT]!
    if (hasFees) for (let k = 0; k < BUCKETS; k++) fees[row * BUCKETS + k] = amounts[MEDICAL + k]!
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
