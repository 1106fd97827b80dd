import type { CaseBatch } from '../cases/batch.ts'
import type { RuleBook } from './book.ts'
import * as layout from './book.ts'
import * as ops from './program.ts'

/** What the masks of a book leave open for one case. */
export interface Programs {
  /** Whether the program at an address holds for a row. */
  readonly holds: (batch: CaseBatch, row: number, address: number) => boolean
  /** Levels of the complications of a row that count, as bits: 1 CC, 2 MCC. */
  readonly severityOf: (batch: CaseBatch, row: number) => number
}

const { LOW, OP_COMPARE, OP_CONST, OP_END, OP_IN, OP_JUMP_FALSE, OP_JUMP_TRUE, OP_LENGTH, OP_NOT, OP_SEVERITY } = ops
const { LEVEL_SHIFT, MOST_TABLES, TABLE_SHIFT } = layout

/** The programs of a book; its tables are constants of the functions, as in `createKernel`. */
export function createPrograms(book: RuleBook): Programs {
  const { dxWords, dxPrincipal, exclusions, exclusionWords, program } = book
  const { dxRows, dxRowWords, pxClass, pxRows, pxRowWords } = book

  function severityOf({ dx, dxStart }: CaseBatch, row: number): number {
    const from = dxStart[row]!
    const end = dxStart[row + 1]!
    const z = dx[from]!
    const exclusion = dxPrincipal[z]! * exclusionWords
    let bits = 0
    for (let k = from + 1; k < end && bits !== 3; k++) {
      const other = dx[k]!
      const word = dxWords[other]!
      const level = (word >>> LEVEL_SHIFT) & 3
      if (level === 0 || (bits & level) !== 0 || other === z) continue
      const t = (word >>> TABLE_SHIFT) & (MOST_TABLES - 1)
      if (t !== 0 && ((exclusions[exclusion + (t >> 5)]! >>> (t & 31)) & 1) === 1) continue
      bits |= level
    }
    return bits
  }

  function holds(batch: CaseBatch, row: number, address: number): boolean {
    let truth = false
    for (let pc = address; ; pc += 3) {
      const a = program[pc + 1]!
      const b = program[pc + 2]!
      switch (program[pc]!) {
        case OP_IN:
          truth = inList(batch, row, a, b)
          break
        case OP_COMPARE:
          truth = compareScalar(batch, row, a & 63, (a >> 6) * LOW + b)
          break
        case OP_SEVERITY:
          truth = (severityOf(batch, row) & a) !== 0
          break
        case OP_NOT:
          truth = !truth
          break
        case OP_JUMP_FALSE:
          if (!truth) pc = a - 3
          break
        case OP_JUMP_TRUE:
          if (truth) pc = a - 3
          break
        case OP_LENGTH:
          truth = compareNumbers(distinctIn(batch, row, a & 15, a >> 4), b & 7, b >> 3)
          break
        case OP_CONST:
          truth = a === 1
          break
        case OP_END:
          return truth
      }
    }
  }

  function inList(batch: CaseBatch, row: number, fields: number, list: number): boolean {
    if (fields < 4) {
      const { dx, dxStart } = batch
      const start = dxStart[row]!
      const end = endOf(fields, start, dxStart[row + 1]!)
      for (let k = firstOf(fields, start); k < end; k++) {
        if (((dxRows[(dxWords[dx[k]!]! & 0xffff) * dxRowWords + (list >> 5)]! >>> (list & 31)) & 1) === 1) return true
      }
      return false
    }
    const { px, pxStart } = batch
    const start = pxStart[row]!
    const end = endOf(fields >> 2, start, pxStart[row + 1]!)
    for (let k = firstOf(fields >> 2, start); k < end; k++) {
      if (((pxRows[pxClass[px[k]!]! * pxRowWords + (list >> 5)]! >>> (list & 31)) & 1) === 1) return true
    }
    return false
  }

  /** Number of distinct codes of the fields that are in a list. */
  function distinctIn(batch: CaseBatch, row: number, fields: number, list: number): number {
    const isDx = fields < 4
    const codes = isDx ? batch.dx : batch.px
    const starts = isDx ? batch.dxStart : batch.pxStart
    const rows = isDx ? dxRows : pxRows
    const words = isDx ? dxRowWords : pxRowWords
    const bits = isDx ? fields : fields >> 2
    const first = firstOf(bits, starts[row]!)
    const end = endOf(bits, starts[row]!, starts[row + 1]!)
    let distinct = 0
    for (let k = first; k < end; k++) {
      const code = codes[k]!
      const classId = isDx ? dxWords[code]! & 0xffff : pxClass[code]!
      if (((rows[classId * words + (list >> 5)]! >>> (list & 31)) & 1) === 0) continue
      let seen = false
      for (let j = first; j < k; j++) if (codes[j] === code) seen = true
      if (!seen) distinct++
    }
    return distinct
  }

  return { holds, severityOf }
}

/** First and end position of the codes that a field mask (two bits: principal, other) names among `from` … `end`. */
function firstOf(bits: number, from: number): number {
  return (bits & 1) === 1 ? from : from + 1
}

function endOf(bits: number, from: number, end: number): number {
  return (bits & 2) === 2 ? end : Math.min(end, from + 1)
}

/** A comparison with a scalar of the case; a missing scalar never compares. */
function compareScalar(batch: CaseBatch, row: number, what: number, value: number): boolean {
  let scalar: number
  switch (what >> 3) {
    case 0:
      scalar = batch.age[row]!
      break
    case 1:
      scalar = batch.age[row] === 0 ? batch.ageDays[row]! : -1
      break
    case 2:
      scalar = batch.weight[row]! === 0 ? -1 : batch.weight[row]!
      break
    case 3:
      scalar = batch.sex[row]!
      break
    case 4:
      scalar = batch.los[row]!
      break
    case 5:
      scalar = batch.dischargeWay[row]! === 0 ? -1 : batch.dischargeWay[row]!
      break
    case 6:
      scalar = batch.icuHours[row]!
      break
    default:
      scalar = batch.cost[row]!
  }
  return scalar >= 0 && compareNumbers(scalar, what & 7, value)
}

function compareNumbers(left: number, comparison: number, right: number): boolean {
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
