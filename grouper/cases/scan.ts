import { isUtf8 } from 'node:buffer'
import { type CodeTable, findCode } from '../codes/keyword.ts'
import { type PaddingTable, padCode } from '../codes/padding.ts'
import { type CaseBatch, ensureFees, ensureRoom, MISSING, MOST_CODES } from './batch.ts'
import { type CaseField, FEE_BUCKETS } from './columns.ts'
import { hashId, hashMore } from './hash.ts'
import { type Labels, labelOf } from './labels.ts'
import type { RejectReason } from './reject.ts'
import { repairCode } from './repair.ts'

/**
 * The scanner of the simple case table: bytes to ids in one pass, one opcode a column. Every row is checked (width,
 * digits, money, lengths); a bad row is handed to `reject` and leaves no trace in the batch.
 */

const TAB = 9
const LF = 10
const VT = 11
const CR = 13
const SPACE = 32
const COMMA = 44
const MINUS = 45
const DOT = 46
const SEMICOLON = 59
const BAR = 124

/** Separator that the quote stage puts between cells; it cannot stand in a cell. */
export const UNIT_SEPARATOR = 31

// Plain constants: a property load per cell would cost as much as the cell.
const SKIP = 0
const ID = 1
const SEX = 2
const AGE = 3
const AGE_DAYS = 4
const WEIGHT = 5
const LOS = 6
const DISCHARGE_WAY = 7
const ICU_HOURS = 8
const DX = 9
const OTHER_DX = 10
const PX = 11
const OTHER_PX = 12
const COST = 13
const FUND = 14
const PATIENT = 15
const HOSPITAL = 16
const INSURANCE = 17
const MONTH = 18
const DEPARTMENT = 19
const DOCTOR = 20
const HOSPITAL_KEY = 21
const KEY = 22
// Buckets of charges, in the order of `FEE_BUCKETS`.
const MEDICAL = 23
const NURSING = 24
const TECHNICAL = 25
const DRUG = 26
const CONSUMABLE = 27
const MANAGEMENT = 28
/** Plain constant of `FEE_BUCKETS.length`. */
const BUCKETS = 6

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
}

/** Largest value of the integer columns, by opcode. */
const LIMITS: Int32Array = Int32Array.of(0, 0, 0, 150, 60_000, 30_000, 30_000, 99, 1_000_000)

/**
 * Most rows of one call. A call that lasted for a whole file would run in code that the engine entered half-way and
 * must leave by a deoptimisation every time.
 */
const MOST_ROWS = 1024

/** Longest piece between separators that can still be a code with a slip in it. */
const LONGEST_PIECE = 64

/** Most digits of yuan whose fen fit a small integer; more go the slow way. */
const SHORT_YUAN = 7
/** 100 million yuan: no stay costs that, and sums over a region stay exact. */
const MOST_FEN = 1e10

/** Labels of the text columns of one run, shared by all its files. */
export interface LabelSet {
  readonly hospital: Labels
  readonly insurance: Labels
  readonly month: Labels
  readonly department: Labels
  readonly doctor: Labels
}

export interface Scan {
  /** Opcode by column. */
  readonly ops: Uint8Array
  readonly dxTable: CodeTable
  readonly pxTable: CodeTable
  /** Procedure codes by their value as a number; undefined where damaged codes are not read. */
  readonly pxPadding: PaddingTable | undefined
  /** Called for a code that is not in the table as written: id after repair or 0; gives the id to keep. */
  readonly oddCode: ((id: number, isDx: boolean, text: Uint8Array, line: number) => number) | undefined
  readonly labels: LabelSet
  /** Line of the next row. */
  line: number
  /** Rows met, blank lines not counted; and those handed to `reject`. */
  rows: number
  rejected: number
  readonly reject: (reason: RejectReason, column: number, from: number, to: number) => void
}

// What is wrong with a row, as small integers in the order of `PROBLEMS`.
const TOO_FEW_COLUMNS = 1
const TOO_MANY_COLUMNS = 2
const NOT_AN_INTEGER = 3
const NOT_MONEY = 4
const OUT_OF_RANGE = 5
const BAD_SEX = 6
const TOO_MANY_CODES = 7
const CODE_TOO_LONG = 8
const TOO_MANY_LABELS = 9
const ENCODING = 10
const ID_MISSING = 11

const PROBLEMS: readonly RejectReason[] = [
  'encoding',
  'too-few-columns',
  'too-many-columns',
  'not-an-integer',
  'not-money',
  'out-of-range',
  'bad-sex',
  'too-many-codes',
  'code-too-long',
  'too-many-labels',
  'encoding',
  'id-missing',
]

// Classes of a byte in a column of codes.
const SEPARATOR = 1
const END = 2

/** Class of every byte in a column of codes, by delimiter of cells. */
function stopTable(delimiter: number): Uint8Array {
  const stops = new Uint8Array(256)
  for (const byte of [BAR, SEMICOLON, SPACE, COMMA]) stops[byte] = SEPARATOR
  for (const byte of [delimiter, LF, CR]) stops[byte] = END
  return stops
}

const STOPS_COMMA = stopTable(COMMA)
const STOPS_TAB = stopTable(TAB)
const STOPS_UNIT = stopTable(UNIT_SEPARATOR)

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

/**
 * Reads rows from `from` until `to`, until the batch is full or `MOST_ROWS` are read, and returns the position reached.
 *
 * @param bytes whole rows up to `to`, the last byte being LF; readable 24 bytes beyond
 * @param view the same memory
 * @param delimiter comma or tab as in the file, or UNIT_SEPARATOR behind the quote stage
 * @param checked whether all of it is known to be UTF-8
 */
export function scanRows(
  scan: Scan,
  batch: CaseBatch,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  to: number,
  delimiter: number,
  checked: boolean,
): number {
  const { ops, labels } = scan
  const { fees } = batch
  const { line: lines, offset, sex, age, ageDays, weight, los, dischargeWay, icuHours, cost, fund, patient } = batch
  const { hospital, insurance, month, department, doctor } = batch
  const { idStart, idHash, dxStart, pxStart, unknownDx, unknownPx, repaired, padded, capacity } = batch
  const diagnoses = codeColumn(scan, batch, true)
  const procedures = codeColumn(scan, batch, false)
  const columns = ops.length
  const idColumn = ops.indexOf(ID)
  const stops = delimiter === COMMA ? STOPS_COMMA : delimiter === TAB ? STOPS_TAB : STOPS_UNIT
  const full = Math.min(capacity, batch.count + MOST_ROWS)
  let { idBytes } = batch
  let row = batch.count
  let line = scan.line
  let met = 0
  let p = from

  while (p < to && row < full) {
    const rowStart = p
    if (bytes[p] === LF || (bytes[p] === CR && bytes[p + 1] === LF)) {
      p += bytes[p] === LF ? 1 : 2
      line++
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
              if (problem === 0) problem = NOT_AN_INTEGER
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
        case MANAGEMENT: {
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
            if (fen === BAD && problem === 0) problem = NOT_MONEY
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
            hashId(idHash, row * 2, view, start, p)
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
      if (hospitalTo > hospitalFrom && idColumn >= 0) hashMore(idHash, row * 2, view, hospitalFrom, hospitalTo)
      if (keyTo > keyFrom && idColumn >= 0) hashMore(idHash, row * 2, view, keyFrom, keyTo)
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

/** Codes of one kind: where they are looked up and where they go. */
interface CodeColumn {
  readonly isDx: boolean
  readonly table: CodeTable
  readonly padding: PaddingTable | undefined
  readonly oddCode: Scan['oddCode']
  codes: Uint16Array
  readonly starts: Uint32Array
  readonly unknown: Uint16Array
  readonly repaired: Uint16Array
  readonly padded: Uint16Array
  readonly lines: Uint32Array
  /** The first problem met in the row. */
  problem: number
}

function codeColumn(scan: Scan, batch: CaseBatch, isDx: boolean): CodeColumn {
  return {
    isDx,
    table: isDx ? scan.dxTable : scan.pxTable,
    padding: isDx ? undefined : scan.pxPadding,
    oddCode: scan.oddCode,
    codes: isDx ? batch.dx : batch.px,
    starts: isDx ? batch.dxStart : batch.pxStart,
    unknown: isDx ? batch.unknownDx : batch.unknownPx,
    repaired: batch.repaired,
    padded: batch.padded,
    lines: batch.line,
    problem: 0,
  }
}

/** Reads a cell of codes at `from` and returns its end. A function of its own: its loop needs the registers. */
function scanCodes(
  column: CodeColumn,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  stops: Uint8Array,
  row: number,
  principal: boolean,
): number {
  const { table, codes, starts, isDx } = column
  const first = starts[row]!
  let end = starts[row + 1]!
  let p = from
  let stop = stops[bytes[p]!]!
  let lost = false
  if (principal) {
    // The first slot is empty and others follow.
    if (stop === SEPARATOR && bytes[p] !== SPACE) {
      if (isDx) {
        while (stops[bytes[p]!] !== END) p++
        return p
      }
      codes[end++] = 0
    }
  } else if (end === first) {
    // Without a principal code the others must not move up.
    if (isDx) lost = true
    else if (stop !== END && bytes[p]! > CR) codes[end++] = 0
  }
  for (;;) {
    const piece = p
    while (stop === 0) stop = stops[bytes[++p]!]!
    if (p > piece) {
      let code = findCode(table, view, piece, p)
      if (code === 0) code = secondLook(column, bytes, piece, p, row)
      if (end - first >= MOST_CODES) {
        if (column.problem === 0) column.problem = TOO_MANY_CODES
      } else if (!lost) codes[end++] = code
    }
    if (stop === END) break
    stop = stops[bytes[++p]!]!
  }
  starts[row + 1] = end
  return p
}

/** A code that the dictionary does not have as written: found after repair, by its value as a number, or counted as unknown. */
function secondLook(column: CodeColumn, bytes: Uint8Array, from: number, to: number, row: number): number {
  if (to - from > LONGEST_PIECE) {
    if (column.problem === 0) column.problem = CODE_TOO_LONG
    return 0
  }
  const { isDx, padding, oddCode } = column
  let code = repairCode(column.table, bytes, from, to, isDx)
  let counts = column.repaired
  if (code === 0) {
    if (padding !== undefined) code = padCode(padding, bytes, from, to)
    counts = code > 0 ? column.padded : column.unknown
  }
  counts[row] = counts[row]! + 1
  return oddCode === undefined ? code : oddCode(code, isDx, bytes.subarray(from, to), column.lines[row]!)
}

const BAD = -2

/** An integer with blanks around it or a decimal part of zeros ("52.0"); MISSING for blanks and "-", else BAD. */
function slowInteger(bytes: Uint8Array, from: number, to: number): number {
  let start = from
  let end = to
  while (start < end && isBlank(bytes[start]!)) start++
  while (end > start && isBlank(bytes[end - 1]!)) end--
  if (start === end || (end - start === 1 && bytes[start] === MINUS)) return MISSING
  let value = 0
  let p = start
  for (; p < end && bytes[p]! >= 48 && bytes[p]! <= 57; p++) value = Math.min(value * 10 + bytes[p]! - 48, 1e9)
  if (p === start) return BAD
  if (p < end && bytes[p] === DOT) {
    p++
    while (p < end && bytes[p] === 48) p++
  }
  return p === end ? value : BAD
}

/** Yuan with at most two decimals as fen; MISSING for blanks, BAD for anything else. */
function slowFen(bytes: Uint8Array, from: number, to: number): number {
  let start = from
  let end = to
  while (start < end && isBlank(bytes[start]!)) start++
  while (end > start && isBlank(bytes[end - 1]!)) end--
  if (start === end || (end - start === 1 && bytes[start] === MINUS)) return MISSING
  let yuan = 0
  let p = start
  for (; p < end && bytes[p]! >= 48 && bytes[p]! <= 57; p++) yuan = yuan * 10 + bytes[p]! - 48
  if (p === start || p - start > 13) return BAD
  let cents = 0
  if (p < end && bytes[p] === DOT) {
    p++
    if (p < end && bytes[p]! >= 48 && bytes[p]! <= 57) cents = (bytes[p++]! - 48) * 10
    if (p < end && bytes[p]! >= 48 && bytes[p]! <= 57) cents += bytes[p++]! - 48
    while (p < end && bytes[p] === 48) p++
  }
  return p === end ? yuan * 100 + cents : BAD
}

/** 1 male, 2 female, 9, 0 (also for an empty cell); -1 for anything else. */
function sexOf(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from
  const b = bytes[from]!
  if (length === 1) {
    if (b === 49 || b === 50 || b === 57 || b === 48) return b - 48
    if (b === 77 || b === 109) return 1
    if (b === 70 || b === 102) return 2
    return b === SPACE || b === MINUS ? 0 : -1
  }
  if (length === 0) return 0
  if (length === 3 && b === 0xe7 && bytes[from + 1] === 0x94 && bytes[from + 2] === 0xb7) return 1
  if (length === 3 && b === 0xe5 && bytes[from + 1] === 0xa5 && bytes[from + 2] === 0xb3) return 2
  const number = slowInteger(bytes, from, to)
  return number === 1 || number === 2 || number === 9 || number === 0 ? number : number === MISSING ? 0 : -1
}

function listOf(labels: LabelSet, op: number): Labels {
  if (op === HOSPITAL) return labels.hospital
  if (op === INSURANCE) return labels.insurance
  if (op === MONTH) return labels.month
  return op === DEPARTMENT ? labels.department : labels.doctor
}

function isBlank(b: number): boolean {
  return b === SPACE || b === TAB
}
