import {
  CLASS,
  HIGH_SHIFT,
  LEVEL_SHIFT,
  LOW,
  MOST_TABLES,
  OP_COMPARE,
  OP_CONST,
  OP_END,
  OP_IN,
  OP_JUMP_FALSE,
  OP_JUMP_TRUE,
  OP_LENGTH,
  OP_NOT,
  OP_SEVERITY,
  OP_WORDS,
  SCALAR_MASK,
  SCALAR_SHIFT,
  TABLE_SHIFT,
} from '../layout'
import { byte, double, short, signed, word } from './memory'
import * as at from './tables'

/*
 * What the masks of a book leave open for one case.
 */

/** Levels of the complications of a row that count, as bits: 1 CC, 2 MCC. */
export function severityOf(row: i32): i32 {
  const from = word(at.dxStart, row)
  const end = word(at.dxStart, row + 1)
  const principal = short(at.dx, from)
  const exclusion = short(at.dxPrincipal, principal) * at.exclusionWords
  let bits = 0
  for (let k = from + 1; k < end && bits !== 3; k++) {
    const other = short(at.dx, k)
    const packed = word(at.dxWords, other)
    const level = (packed >>> LEVEL_SHIFT) & 3
    if (level === 0 || (bits & level) !== 0 || other === principal) continue
    const table = (packed >>> TABLE_SHIFT) & (MOST_TABLES - 1)
    if (table !== 0 && has(word(at.exclusions, exclusion + (table >> 5)), table)) continue
    bits |= level
  }
  return bits
}

/** Whether the program at an address holds for a row. */
export function holds(row: i32, address: i32): bool {
  let truth = false
  let pc = address
  for (let op = word(at.program, pc); op !== OP_END; op = word(at.program, pc)) {
    const a = word(at.program, pc + 1)
    const b = word(at.program, pc + 2)
    pc += OP_WORDS
    switch (op) {
      case OP_IN:
        truth = inList(row, a, b)
        break
      case OP_COMPARE:
        truth = compareScalar(row, a, <f64>(a >> HIGH_SHIFT) * <f64>LOW + <f64>b)
        break
      case OP_SEVERITY:
        truth = (severityOf(row) & a) !== 0
        break
      case OP_NOT:
        truth = !truth
        break
      case OP_JUMP_FALSE:
        if (!truth) pc = a
        break
      case OP_JUMP_TRUE:
        if (truth) pc = a
        break
      case OP_LENGTH:
        truth = compareNumbers(<f64>distinctIn(row, a & 15, a >> 4), b & 7, <f64>(b >> 3))
        break
      case OP_CONST:
        truth = a === 1
        break
    }
  }
  return truth
}

function inList(row: i32, fields: i32, list: i32): bool {
  if (fields < 4) {
    const start = word(at.dxStart, row)
    const end = endOf(fields, start, word(at.dxStart, row + 1))
    for (let k = firstOf(fields, start); k < end; k++) {
      const kind = word(at.dxWords, short(at.dx, k)) & CLASS
      if (has(word(at.dxRows, kind * at.dxRowWords + (list >> 5)), list)) return true
    }
    return false
  }
  const start = word(at.pxStart, row)
  const end = endOf(fields >> 2, start, word(at.pxStart, row + 1))
  for (let k = firstOf(fields >> 2, start); k < end; k++) {
    const kind = short(at.pxClass, short(at.px, k))
    if (has(word(at.pxRows, kind * at.pxRowWords + (list >> 5)), list)) return true
  }
  return false
}

/** Number of distinct codes of the fields that are in a list. */
function distinctIn(row: i32, fields: i32, list: i32): i32 {
  const isDx = fields < 4
  const codes = isDx ? at.dx : at.px
  const starts = isDx ? at.dxStart : at.pxStart
  const rows = isDx ? at.dxRows : at.pxRows
  const words = isDx ? at.dxRowWords : at.pxRowWords
  const bits = isDx ? fields : fields >> 2
  const start = word(starts, row)
  const first = firstOf(bits, start)
  const end = endOf(bits, start, word(starts, row + 1))
  let distinct = 0
  for (let k = first; k < end; k++) {
    const code = short(codes, k)
    const kind = isDx ? word(at.dxWords, code) & CLASS : short(at.pxClass, code)
    if (!has(word(rows, kind * words + (list >> 5)), list)) continue
    let seen = false
    for (let j = first; j < k; j++) if (short(codes, j) === code) seen = true
    if (!seen) distinct++
  }
  return distinct
}

/** Whether a word of a bitmap has the bit of a number. */
function has(bits: i32, number: i32): bool {
  return ((bits >>> (number & 31)) & 1) === 1
}

/** First and end position of the codes that a field mask (two bits: principal, other) names among `from` … `end`. */
function firstOf(bits: i32, from: i32): i32 {
  return (bits & 1) === 1 ? from : from + 1
}

function endOf(bits: i32, from: i32, end: i32): i32 {
  return (bits & 2) === 2 ? end : min(end, from + 1)
}

/** A comparison with a scalar of the case, by its position in `SCALARS` of program.ts; a missing scalar never compares. */
function compareScalar(row: i32, what: i32, value: f64): bool {
  let scalar: f64 = -1
  switch ((what >> SCALAR_SHIFT) & SCALAR_MASK) {
    case 0:
      scalar = <f64>signed(at.age, row)
      break
    case 1:
      if (signed(at.age, row) === 0) scalar = <f64>word(at.ageDays, row)
      break
    case 2:
      if (word(at.weight, row) !== 0) scalar = <f64>word(at.weight, row)
      break
    case 3:
      scalar = <f64>byte(at.sex, row)
      break
    case 4:
      scalar = <f64>word(at.los, row)
      break
    case 5:
      if (byte(at.dischargeWay, row) !== 0) scalar = <f64>byte(at.dischargeWay, row)
      break
    case 6:
      scalar = <f64>word(at.icuHours, row)
      break
    default:
      scalar = double(at.cost, row)
  }
  return scalar >= 0 && compareNumbers(scalar, what & 7, value)
}

/** Comparisons are those of `COMPARISONS` in program.ts. */
function compareNumbers(left: f64, comparison: i32, right: f64): bool {
  switch (comparison) {
    case 0:
      return left === right
    case 1:
      return left < right
    case 2:
      return left <= right
    case 3:
      return left > right
    default:
      return left >= right
  }
}
