import { isUtf8 } from 'node:buffer'
import { type CaseBatch, ensureRoom, MISSING, MOST_CODES } from './batch.ts'
import { codeColumn, scanCodes, stopsFor } from './careful-codes.ts'
import { BAD, isNegative, sexOf, slowFen, slowInteger } from './cell.ts'
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
  MOST_FEN,
  NURSING,
  OTHER_DX,
  OTHER_PX,
  PATIENT,
  PX,
  SEX,
  SHORT_YUAN,
  SKIP,
  TECHNICAL,
  TREATMENT,
  UNIT_SEPARATOR,
  WEIGHT,
} from './opcodes.ts'
import {
  BAD_SEX,
  ENCODING,
  ID_MISSING,
  NEGATIVE,
  NOT_AN_INTEGER,
  NOT_MONEY,
  OUT_OF_RANGE,
  PROBLEMS,
  TOO_FEW_COLUMNS,
  TOO_MANY_COLUMNS,
  TOO_MANY_LABELS,
} from './problem.ts'
import { listOf, type Scan } from './scan.ts'

const LF = 10
const VT = 11
const CR = 13
const COMMA = 44
const DOT = 46

/**
 * The careful way: reads rows from `from` until `to`, until the batch is full or `most` rows and blank lines are read,
 * and returns the position reached. Every row is checked (width, digits, money, lengths, encoding); a bad one is handed
 * to `reject` and leaves no trace in the batch. Parameters as of `scanRows`.
 */
export function carefulRows(
  scan: Scan,
  batch: CaseBatch,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  to: number,
  delimiter: number,
  checked: boolean,
  most: number,
): number {
  const { ops, labels } = scan
  const { fees } = batch
  const { line: lines, offset, sex, age, ageDays, weight, los, dischargeWay, icuHours, cost, fund, patient } = batch
  const { hospital, insurance, month, department, doctor } = batch
  const { idStart, ids, dxStart, pxStart, unknownDx, unknownPx, repaired, padded, capacity } = batch
  const diagnoses = codeColumn(scan, batch, true)
  const procedures = codeColumn(scan, batch, false)
  const columns = ops.length
  const idColumn = ops.indexOf(ID)
  const stops = stopsFor(delimiter)
  let { idBytes } = batch
  let row = batch.count
  let line = scan.line
  let met = 0
  let blank = 0
  let p = from

  while (p < to && row < capacity && met + blank < most) {
    const rowStart = p
    if (bytes[p] === LF || (bytes[p] === CR && bytes[p + 1] === LF)) {
      p += bytes[p] === LF ? 1 : 2
      line++
      blank++
      continue
    }
    if (dxStart[row]! + MOST_CODES > diagnoses.codes.length || pxStart[row]! + MOST_CODES > procedures.codes.length) {
      batch.count = row
      ensureRoom(batch, 0)
      diagnoses.codes = batch.dx
      procedures.codes = batch.px
    }
    // What a row leaves here before it is found bad is written over by the next one.
    idStart[row + 1] = idStart[row]!
    dxStart[row + 1] = dxStart[row]!
    pxStart[row + 1] = pxStart[row]!
    unknownDx[row] = 0
    unknownPx[row] = 0
    repaired[row] = 0
    padded[row] = 0
    lines[row] = line
    offset[row] = rowStart
    let problem = 0
    let column = 0
    let hospitalFrom = 0
    let hospitalTo = 0
    let keyFrom = 0
    let keyTo = 0

    for (; ; column++) {
      const op = ops[column]!
      const start = p
      let b = bytes[p]!
      switch (op) {
        case AGE:
        case AGE_DAYS:
        case WEIGHT:
        case LOS:
        case DISCHARGE_WAY:
        case ICU_HOURS: {
          let value = 0
          while (b >= 48 && b <= 57 && p - start < 9) {
            value = value * 10 + (b - 48)
            b = bytes[++p]!
          }
          if (p === start) value = MISSING
          if (b !== delimiter && b !== LF && b !== CR) {
            while (b !== delimiter && b !== LF && b !== CR) b = bytes[++p]!
            value = slowInteger(bytes, start, p)
            if (value === BAD) {
              if (problem === 0) problem = isNegative(bytes, start, p) ? NEGATIVE : NOT_AN_INTEGER
              value = MISSING
            }
          }
          if (value > LIMITS[op]!) {
            if (problem === 0) problem = OUT_OF_RANGE
          } else if (op === AGE) age[row] = value
          else if (op === AGE_DAYS) ageDays[row] = value
          else if (op === WEIGHT) weight[row] = value
          else if (op === LOS) los[row] = value
          else if (op === DISCHARGE_WAY) dischargeWay[row] = Math.max(value, 0)
          else icuHours[row] = value
          break
        }
        case DX:
        case OTHER_DX:
          p = scanCodes(diagnoses, bytes, view, p, stops, row, op === DX)
          b = bytes[p]!
          if (problem === 0) problem = diagnoses.problem
          break
        case PX:
        case OTHER_PX:
          p = scanCodes(procedures, bytes, view, p, stops, row, op === PX)
          b = bytes[p]!
          if (problem === 0) problem = procedures.problem
          break
        case COST:
        case FUND:
        case PATIENT:
        case MEDICAL:
        case NURSING:
        case TECHNICAL:
        case DRUG:
        case CONSUMABLE:
        case MANAGEMENT:
        case TREATMENT: {
          let yuan = 0
          let fen = 0
          while (b >= 48 && b <= 57 && p - start < SHORT_YUAN) {
            yuan = yuan * 10 + (b - 48)
            b = bytes[++p]!
          }
          if (b === DOT && p > start) {
            b = bytes[++p]!
            if (b >= 48 && b <= 57) {
              fen = (b - 48) * 10
              b = bytes[++p]!
              if (b >= 48 && b <= 57) {
                fen += b - 48
                b = bytes[++p]!
              }
            }
          }
          fen = p === start ? MISSING : yuan * 100 + fen
          if (b !== delimiter && b !== LF && b !== CR) {
            while (b !== delimiter && b !== LF && b !== CR) b = bytes[++p]!
            fen = slowFen(bytes, start, p)
            if (fen === BAD && problem === 0) problem = isNegative(bytes, start, p) ? NEGATIVE : NOT_MONEY
            if (fen > MOST_FEN && problem === 0) problem = OUT_OF_RANGE
          }
          if (op === COST) cost[row] = fen
          else if (op === FUND) fund[row] = fen
          else if (op === PATIENT) patient[row] = fen
          else fees[row * BUCKETS + op - MEDICAL] = fen
          break
        }
        case SEX: {
          while (b !== delimiter && b !== LF && b !== CR) b = bytes[++p]!
          const value = sexOf(bytes, start, p)
          if (value >= 0) sex[row] = value
          else if (problem === 0) problem = BAD_SEX
          break
        }
        default: {
          // No delimiter lies above the comma, nearly every other byte does.
          while (b > COMMA || (b !== delimiter && b !== LF && b !== CR)) b = bytes[++p]!
          if (op === SKIP) break
          if (op === ID) {
            let at = idStart[row]!
            if (at + p - start > idBytes.length) {
              batch.count = row
              ensureRoom(batch, p - start)
              idBytes = batch.idBytes
            }
            for (let k = start; k < p; k++) idBytes[at++] = bytes[k]!
            idStart[row + 1] = at
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
            if (problem === 0) problem = TOO_MANY_LABELS
          } else if (op === HOSPITAL) hospital[row] = label
          else if (op === INSURANCE) insurance[row] = label
          else if (op === MONTH) month[row] = label
          else if (op === DEPARTMENT) department[row] = label
          else doctor[row] = label
        }
      }
      if (b !== delimiter) break
      if (problem !== 0) {
        while (bytes[p] !== LF && bytes[p] !== CR) p++
        break
      }
      p++
      if (column + 1 === columns) {
        problem = TOO_MANY_COLUMNS
        while (bytes[p] !== LF && bytes[p] !== CR) p++
        break
      }
    }

    const rowEnd = p
    if (bytes[p] === CR) p++
    if (bytes[p] === LF) p++
    met++
    let blame = column
    if (problem === TOO_MANY_COLUMNS) blame = -1
    else if (problem === 0) {
      if (column + 1 < columns) {
        problem = TOO_FEW_COLUMNS
        blame = -1
      } else if (idColumn >= 0 && idStart[row + 1] === idStart[row]) {
        problem = ID_MISSING
        blame = idColumn
      }
    }
    if (!checked && !isUtf8(bytes.subarray(rowStart, rowEnd))) {
      problem = ENCODING
      blame = -1
    }
    if (problem === 0) {
      // Ids are unique within a hospital, not over a region.
      if (hospitalTo > hospitalFrom && idColumn >= 0) belongTo(ids, row * ID_WORDS, view, hospitalFrom, hospitalTo)
      if (keyTo > keyFrom && idColumn >= 0) belongTo(ids, row * ID_WORDS, view, keyFrom, keyTo)
      row++
    } else {
      scan.rejected++
      scan.line = line
      scan.reject(PROBLEMS[problem]!, blame, rowStart, rowEnd)
      diagnoses.problem = 0
      procedures.problem = 0
    }
    line++
    if (delimiter === UNIT_SEPARATOR) for (let k = rowStart; k < rowEnd; k++) if (bytes[k] === VT) line++
  }
  batch.count = row
  scan.line = line
  scan.rows += met
  return p
}
