import { isUtf8 } from 'node:buffer'
import { type CodeTable, findCode } from '../codes/keyword.ts'
import { type PaddingTable, padCode } from '../codes/padding.ts'
import { type CaseBatch, ensureRoom, MISSING, MOST_CODES } from './batch.ts'
import { type Labels, labelOf } from './labels.ts'
import type { RejectReason } from './reject.ts'
import { repairCode } from './repair.ts'
import { meet, type Seen } from './seen.ts'

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

export const OPS = {
  skip: 0,
  id: 1,
  sex: 2,
  age: 3,
  ageDays: 4,
  weight: 5,
  los: 6,
  dischargeWay: 7,
  icuHours: 8,
  dx: 9,
  otherDx: 10,
  px: 11,
  otherPx: 12,
  cost: 13,
  fund: 14,
  patient: 15,
  hospital: 16,
  insurance: 17,
  month: 18,
  department: 19,
  doctor: 20,
} as const

/** Largest value of the integer columns, by opcode. */
const LIMITS: readonly number[] = [0, 0, 0, 150, 60_000, 30_000, 30_000, 99, 1_000_000]

/** Longest piece between separators that can still be a code with a slip in it. */
const LONGEST_PIECE = 64

/** Labels of the text columns of one run, shared by all its files. */
export interface LabelSet {
  readonly hospital: Labels
  readonly insurance: Labels
  readonly month: Labels
  readonly department: Labels
  readonly doctor: Labels
}

export interface Counters {
  /** Rows met, blank lines not counted. */
  rows: number
  rejected: number
  /** Codes that the dictionary does not have; codes found after repair (case, blanks). */
  unknownDx: number
  unknownPx: number
  repaired: number
  /** Procedure codes whose zeros a spreadsheet had dropped. */
  padded: number
}

export interface Scan {
  /** Opcode by column. */
  readonly ops: Uint8Array
  readonly dxTable: CodeTable
  readonly pxTable: CodeTable
  /** Procedure codes by their value as a number; undefined where damaged codes are not read. */
  readonly pxPadding: PaddingTable | undefined
  readonly labels: LabelSet
  /** Ids met so far; undefined where duplicates are kept. */
  readonly seen: Seen | undefined
  /** Called for a code that is not in the table as written: id after repair or 0; gives the id to keep. */
  readonly oddCode: ((id: number, isDx: boolean, from: number, to: number) => number) | undefined
  readonly counters: Counters
  /** Line of the next row. */
  line: number
  readonly reject: (reason: RejectReason, column: number, from: number, to: number) => void
}

/**
 * Reads rows from `from` until `to` or until the batch is full and returns the position reached.
 *
 * @param bytes whole rows up to `to`, the last byte being LF; readable 24 bytes beyond
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
  const { ops, dxTable, pxTable, pxPadding, labels, seen, oddCode, counters } = scan
  const columns = ops.length
  const splitComma = delimiter === COMMA ? -1 : COMMA
  let p = from

  while (p < to && batch.count < batch.capacity) {
    const rowStart = p
    if (bytes[p] === LF || (bytes[p] === CR && bytes[p + 1] === LF)) {
      p += bytes[p] === LF ? 1 : 2
      scan.line++
      continue
    }
    const i = batch.count
    let dxEnd = batch.dxStart[i]!
    let pxEnd = batch.pxStart[i]!
    if (dxEnd + MOST_CODES > batch.dx.length || pxEnd + MOST_CODES > batch.px.length) ensureRoom(batch, 0)
    const { dx, px } = batch
    const dxFrom = dxEnd
    const pxFrom = pxEnd
    let idFrom = p
    let idTo = p
    batch.sex[i] = 0
    batch.age[i] = MISSING
    batch.ageDays[i] = MISSING
    batch.weight[i] = MISSING
    batch.los[i] = MISSING
    batch.dischargeWay[i] = 0
    batch.icuHours[i] = MISSING
    batch.cost[i] = MISSING
    batch.fund[i] = MISSING
    batch.patient[i] = MISSING
    batch.hospital[i] = 0
    batch.insurance[i] = 0
    batch.month[i] = 0
    batch.department[i] = 0
    batch.doctor[i] = 0
    let unknownDx = 0
    let unknownPx = 0
    let repaired = 0
    let padded = 0
    let problem: RejectReason | undefined
    let column = 0

    for (; ; column++) {
      const op = ops[column]!
      const start = p
      let b = bytes[p]!
      if (op >= OPS.dx && op <= OPS.otherPx) {
        const isDx = op <= OPS.otherDx
        // Without a principal code the others must not move up.
        if (op === OPS.otherPx && pxEnd === pxFrom && b !== delimiter && b > CR) px[pxEnd++] = 0
        const lost = op === OPS.otherDx && dxEnd === dxFrom
        let piece = p
        for (;;) {
          b = bytes[p]!
          const isEnd = b === delimiter || b === LF || b === CR
          if (isEnd || b === BAR || b === SEMICOLON || b === SPACE || b === splitComma) {
            if (p > piece) {
              let code = findCode(isDx ? dxTable : pxTable, view, piece, p)
              if (code === 0) {
                if (p - piece > LONGEST_PIECE) problem ??= 'code-too-long'
                else {
                  code = repairCode(isDx ? dxTable : pxTable, bytes, piece, p, isDx)
                  if (code > 0) repaired++
                  else if (isDx) unknownDx++
                  else {
                    if (pxPadding !== undefined) code = padCode(pxPadding, bytes, piece, p)
                    if (code > 0) padded++
                    else unknownPx++
                  }
                  if (oddCode !== undefined) code = oddCode(code, isDx, piece, p)
                }
              }
              if (isDx) {
                if (dxEnd - dxFrom >= MOST_CODES) problem ??= 'too-many-codes'
                else if (!lost) dx[dxEnd++] = code
              } else if (pxEnd - pxFrom >= MOST_CODES) problem ??= 'too-many-codes'
              else px[pxEnd++] = code
            } else if (!isEnd && p === start && b !== SPACE) {
              // The first slot is empty and others follow.
              if (op === OPS.px) px[pxEnd++] = 0
              else if (op === OPS.dx) {
                while (bytes[p] !== delimiter && bytes[p] !== LF && bytes[p] !== CR) p++
                b = bytes[p]!
                break
              }
            }
            if (isEnd) break
            piece = p + 1
          }
          p++
        }
      } else if (op >= OPS.age && op <= OPS.icuHours) {
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
            problem ??= 'not-an-integer'
            value = MISSING
          }
        }
        if (value > LIMITS[op]!) problem ??= 'out-of-range'
        else if (op === OPS.age) batch.age[i] = value
        else if (op === OPS.ageDays) batch.ageDays[i] = value
        else if (op === OPS.weight) batch.weight[i] = value
        else if (op === OPS.los) batch.los[i] = value
        else if (op === OPS.dischargeWay) batch.dischargeWay[i] = Math.max(value, 0)
        else batch.icuHours[i] = value
      } else {
        while (b !== delimiter && b !== LF && b !== CR) b = bytes[++p]!
        if (op === OPS.skip) {
          // nothing to keep
        } else if (op === OPS.id) {
          idFrom = start
          idTo = p
        } else if (op === OPS.sex) {
          const sex = sexOf(bytes, start, p)
          if (sex < 0) problem ??= 'bad-sex'
          else batch.sex[i] = sex
        } else if (op <= OPS.patient) {
          const fen = fenOf(bytes, start, p)
          if (fen === BAD) problem ??= 'not-money'
          else if (op === OPS.cost) batch.cost[i] = fen
          else if (op === OPS.fund) batch.fund[i] = fen
          else batch.patient[i] = fen
        } else {
          const list = listOf(labels, op)
          const label = labelOf(list, bytes, start, p)
          if (label < 0) problem ??= 'too-many-labels'
          else if (op === OPS.hospital) batch.hospital[i] = label
          else if (op === OPS.insurance) batch.insurance[i] = label
          else if (op === OPS.month) batch.month[i] = label
          else if (op === OPS.department) batch.department[i] = label
          else batch.doctor[i] = label
        }
      }
      if (b !== delimiter) break
      if (problem !== undefined) {
        while (bytes[p] !== LF && bytes[p] !== CR) p++
        break
      }
      p++
      if (column + 1 === columns) {
        problem = 'too-many-columns'
        while (bytes[p] !== LF && bytes[p] !== CR) p++
        break
      }
    }

    const rowEnd = p
    if (bytes[p] === CR) p++
    if (bytes[p] === LF) p++
    counters.rows++
    let blame = column
    if (problem === undefined && column + 1 < columns) {
      problem = 'too-few-columns'
      blame = -1
    } else if (problem === 'too-many-columns') blame = -1
    if (!checked && !isUtf8(bytes.subarray(rowStart, rowEnd))) {
      problem = 'encoding'
      blame = -1
    }
    if (problem === undefined) {
      const idLength = idTo - idFrom
      if (idLength === 0 && ops.includes(OPS.id)) problem = 'id-missing'
      else if (seen !== undefined && idLength > 0 && meet(seen, bytes, idFrom, idTo)) problem = 'id-duplicate'
      if (problem !== undefined) blame = ops.indexOf(OPS.id)
    }
    if (problem !== undefined) {
      counters.rejected++
      scan.reject(problem, blame, rowStart, rowEnd)
    } else {
      const length = idTo - idFrom
      const at = batch.idStart[i]!
      if (at + length > batch.idBytes.length) ensureRoom(batch, length)
      for (let k = 0; k < length; k++) batch.idBytes[at + k] = bytes[idFrom + k]!
      batch.idStart[i + 1] = at + length
      batch.dxStart[i + 1] = dxEnd
      batch.pxStart[i + 1] = pxEnd
      batch.line[i] = scan.line
      batch.count = i + 1
      counters.unknownDx += unknownDx
      counters.unknownPx += unknownPx
      counters.repaired += repaired
      counters.padded += padded
    }
    scan.line++
    if (delimiter === UNIT_SEPARATOR) for (let k = rowStart; k < rowEnd; k++) if (bytes[k] === VT) scan.line++
  }
  return p
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
function fenOf(bytes: Uint8Array, from: number, to: number): number {
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
  if (op === OPS.hospital) return labels.hospital
  if (op === OPS.insurance) return labels.insurance
  if (op === OPS.month) return labels.month
  return op === OPS.department ? labels.department : labels.doctor
}

function isBlank(b: number): boolean {
  return b === SPACE || b === TAB
}
