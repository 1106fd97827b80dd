import type { CaseBatch } from '../cases/batch.ts'
import type { RuleBook } from './book.ts'
import * as layout from './book.ts'
import * as ops from './program.ts'

/**
 * The fast engine: groups a batch by the masks of a rule book. No strings, objects or closures per case; `interpret.ts`
 * is what it must agree with.
 */

/** Results of a batch by row: leaf (0 none), position in `STATUSES`, position in `REASONS`. */
export interface GroupColumns {
  readonly leaf: Uint16Array
  readonly status: Uint8Array
  readonly reason: Uint8Array
}

export function createGroupColumns(capacity: number): GroupColumns {
  return {
    leaf: new Uint16Array(new SharedArrayBuffer(capacity * 2)),
    status: new Uint8Array(new SharedArrayBuffer(capacity)),
    reason: new Uint8Array(new SharedArrayBuffer(capacity)),
  }
}

// Constants of this module become constants of the compiled loop; imported ones do not.
const { LOW, OP_COMPARE, OP_CONST, OP_END, OP_IN, OP_JUMP_FALSE, OP_JUMP_TRUE, OP_LENGTH, OP_NOT, OP_SEVERITY } = ops
const { LEVEL_SHIFT, NO_PRINCIPAL, PRINCIPAL_BARRED, PRINCIPAL_GREY, PRINCIPAL_UNKNOWN, PULLS, TABLE_SHIFT } = layout
const HIGHEST = 1 << 31

const GROUPED = 0
const AMBIGUOUS = 1
const NOT_GROUPED = 2
const INVALID = 3
const REASON_PRINCIPAL_MISSING = 1
const REASON_PRINCIPAL_UNKNOWN = 2
const REASON_PRINCIPAL_BARRED = 3
const REASON_SEX = 4
const REASON_AGE = 5
const REASON_NOT_IN_MDC = 6
const REASON_NOT_IN_ADRG = 7
const REASON_AMBIGUOUS = 8
const REASON_FALLBACK = 9
const REASON_PRINCIPAL_GREY = 10

/** Groups the first `batch.count` cases into `out`. */
export function groupBatch(book: RuleBook, batch: CaseBatch, out: GroupColumns): void {
  const { dxWords, dxPrincipal, pxClass, candidateStart, candidates, pxMasks, freeMask, rankWords } = book
  const { triggered, rankTrigger, dxTrigger } = book
  const { rankMdc, rankProgram, rankLeaf, mdcProgram, leafTest, leafProgram, leafKind } = book
  const { dx, dxStart, px, pxStart, sex, age } = batch
  const { leaf, status, reason } = out
  const count = batch.count

  for (let i = 0; i < count; i++) {
    const dxFrom = dxStart[i]!
    const z = dxFrom < dxStart[i + 1]! ? dx[dxFrom]! : 0
    const principal = dxPrincipal[z]!
    leaf[i] = 0
    if (principal >= NO_PRINCIPAL || sex[i] === 0 || age[i]! < 0) {
      status[i] = INVALID
      reason[i] =
        dxFrom === dxStart[i + 1]!
          ? REASON_PRINCIPAL_MISSING
          : principal === NO_PRINCIPAL + PRINCIPAL_UNKNOWN
            ? REASON_PRINCIPAL_UNKNOWN
            : principal === NO_PRINCIPAL + PRINCIPAL_BARRED
              ? REASON_PRINCIPAL_BARRED
              : principal === NO_PRINCIPAL + PRINCIPAL_GREY
                ? REASON_PRINCIPAL_GREY
                : sex[i] === 0
                  ? REASON_SEX
                  : REASON_AGE
      continue
    }
    const pxFrom = pxStart[i]!
    const pxEnd = pxStart[i + 1]!
    const dxEnd = dxStart[i + 1]!
    const first = dxWords[z]!
    let others = 0
    for (let k = dxFrom + 1; k < dxEnd; k++) others |= dxWords[dx[k]!]!
    const pulls = (first | others) & PULLS
    const key = (first & 0xffff) * 8 + (age[i] === 0 ? 4 : 0) + (pulls !== 0 ? 2 : 0) + (pxFrom < pxEnd ? 1 : 0)
    const end = candidateStart[key + 1]!
    const mainRow = pxFrom < pxEnd ? pxClass[px[pxFrom]!]! * rankWords : 0
    let found = 0
    // Unless another diagnosis is a complication there is nothing to find out.
    let severity = ((others >>> LEVEL_SHIFT) & 3) === 0 ? 0 : -1
    let gate = -1
    let gateHolds = false
    let triggers = 0

    for (let c = candidateStart[key]!; c < end && found === 0; c += 2) {
      const word = candidates[c]!
      let open = candidates[c + 1]!
      if (pxFrom < pxEnd) {
        open &= pxMasks[(mainRow + word) * 2]!
        if (open === 0) continue
        let any = freeMask[word]!
        for (let k = pxFrom; k < pxEnd; k++) any |= pxMasks[(pxClass[px[k]!]! * rankWords + word) * 2 + 1]!
        open &= any
      }
      if (pulls !== 0) {
        let doubtful = open & triggered[word]!
        if (doubtful !== 0 && triggers === 0) {
          for (let k = dxFrom; k < dxEnd; k++) triggers |= dxTrigger[dxWords[dx[k]!]! & 0xffff]!
        }
        while (doubtful !== 0) {
          const bit = Math.clz32(doubtful)
          doubtful &= ~(HIGHEST >>> bit)
          if ((rankTrigger[word * 32 + bit]! & triggers) === 0) open &= ~(HIGHEST >>> bit)
        }
      }
      while (open !== 0) {
        const bit = Math.clz32(open)
        open &= ~(HIGHEST >>> bit)
        const rank = word * 32 + bit
        const mdc = rankMdc[rank]!
        if (mdc !== gate) {
          gate = mdc
          gateHolds = mdcProgram[mdc]! < 0 || run(book, batch, i, mdcProgram[mdc]!)
        }
        if (!gateHolds) continue
        if (rankProgram[rank]! >= 0 && !run(book, batch, i, rankProgram[rank]!)) continue
        const lastLeaf = rankLeaf[rank + 1]!
        for (let l = rankLeaf[rank]!; l < lastLeaf; l++) {
          const test = leafTest[l]!
          if (test === 0) {
            found = l
            break
          }
          if (test === 255) {
            if (run(book, batch, i, leafProgram[l]!)) {
              found = l
              break
            }
            continue
          }
          if (severity < 0) severity = severityOf(book, batch, i)
          if ((severity & test) !== 0) {
            found = l
            break
          }
        }
        if (found !== 0) break
      }
    }

    if (found === 0) {
      status[i] = NOT_GROUPED
      reason[i] = inSomeMdc(book, batch, i) ? REASON_NOT_IN_ADRG : REASON_NOT_IN_MDC
      continue
    }
    leaf[i] = found
    const kind = leafKind[found]!
    status[i] = kind === 0 ? GROUPED : kind === 1 ? AMBIGUOUS : NOT_GROUPED
    reason[i] = kind === 0 ? 0 : kind === 1 ? REASON_AMBIGUOUS : REASON_FALLBACK
  }
}

/** Levels of the complications that count, as bits: 1 CC, 2 MCC. */
function severityOf(book: RuleBook, batch: CaseBatch, row: number): number {
  const { dxWords, dxPrincipal, exclusions, exclusionWords } = book
  const { dx, dxStart } = batch
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
    const t = word >>> TABLE_SHIFT
    if (t !== 0 && ((exclusions[exclusion + (t >> 5)]! >>> (t & 31)) & 1) === 1) continue
    bits |= level
  }
  return bits
}

/** Whether an MDC whose rule asks for a diagnosis takes the case: tells the two kinds of "not grouped" apart. */
function inSomeMdc(book: RuleBook, batch: CaseBatch, row: number): boolean {
  const { mdcWhole } = book
  for (let m = 0; m < mdcWhole.length; m++) {
    if (mdcWhole[m]! >= 0 && run(book, batch, row, mdcWhole[m]!)) return true
  }
  return false
}

/** Runs a program for one case. */
function run(book: RuleBook, batch: CaseBatch, row: number, address: number): boolean {
  const { program } = book
  let truth = false
  for (let pc = address; ; pc += 3) {
    const a = program[pc + 1]!
    const b = program[pc + 2]!
    switch (program[pc]!) {
      case OP_IN:
        truth = inList(book, batch, row, a, b)
        break
      case OP_COMPARE:
        truth = compareScalar(batch, row, a & 63, (a >> 6) * LOW + b)
        break
      case OP_SEVERITY:
        truth = (severityOf(book, batch, row) & a) !== 0
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
        truth = compareNumbers(distinctIn(book, batch, row, a & 15, a >> 4), b & 7, b >> 3)
        break
      case OP_CONST:
        truth = a === 1
        break
      case OP_END:
        return truth
    }
  }
}

/** First and end position of the codes that a field mask (two bits: principal, other) names among `from` … `end`. */
function firstOf(bits: number, from: number): number {
  return (bits & 1) === 1 ? from : from + 1
}

function endOf(bits: number, from: number, end: number): number {
  return (bits & 2) === 2 ? end : Math.min(end, from + 1)
}

function inList(book: RuleBook, batch: CaseBatch, row: number, fields: number, list: number): boolean {
  if (fields < 4) {
    const { dxWords, dxRows, dxRowWords } = book
    const { dx, dxStart } = batch
    const start = dxStart[row]!
    const end = endOf(fields, start, dxStart[row + 1]!)
    for (let k = firstOf(fields, start); k < end; k++) {
      if (((dxRows[(dxWords[dx[k]!]! & 0xffff) * dxRowWords + (list >> 5)]! >>> (list & 31)) & 1) === 1) return true
    }
    return false
  }
  const { pxClass, pxRows, pxRowWords } = book
  const { px, pxStart } = batch
  const start = pxStart[row]!
  const end = endOf(fields >> 2, start, pxStart[row + 1]!)
  for (let k = firstOf(fields >> 2, start); k < end; k++) {
    if (((pxRows[pxClass[px[k]!]! * pxRowWords + (list >> 5)]! >>> (list & 31)) & 1) === 1) return true
  }
  return false
}

/** Number of distinct codes of the fields that are in a list. */
function distinctIn(book: RuleBook, batch: CaseBatch, row: number, fields: number, list: number): number {
  const isDx = fields < 4
  const codes = isDx ? batch.dx : batch.px
  const starts = isDx ? batch.dxStart : batch.pxStart
  const rows = isDx ? book.dxRows : book.pxRows
  const words = isDx ? book.dxRowWords : book.pxRowWords
  const bits = isDx ? fields : fields >> 2
  const first = firstOf(bits, starts[row]!)
  const end = endOf(bits, starts[row]!, starts[row + 1]!)
  let distinct = 0
  for (let k = first; k < end; k++) {
    const code = codes[k]!
    const classId = isDx ? book.dxWords[code]! & 0xffff : book.pxClass[code]!
    if (((rows[classId * words + (list >> 5)]! >>> (list & 31)) & 1) === 0) continue
    let seen = false
    for (let j = first; j < k; j++) if (codes[j] === code) seen = true
    if (!seen) distinct++
  }
  return distinct
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
