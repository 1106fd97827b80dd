import type { CaseBatch } from '../cases/batch.ts'
import type { DipBook } from './book.ts'
import {
  ANYWHERE,
  BLANK,
  CONDITIONAL,
  CONSERVATIVE,
  OTHER_MAIN,
  ROW_AGE,
  ROW_ANY,
  ROW_AREA,
  ROW_CONDITIONS,
  ROW_FACTOR_COUNT,
  ROW_FACTORS,
  ROW_FLAGS,
  ROW_LEAF,
  ROW_MAIN,
  ROW_NAMED,
  ROW_OTHER,
  ROW_RESISTS,
  ROW_WEIGHT,
  ROW_WIDTH,
  ROW_WORDS,
  SET_ANY_MAIN,
  SET_BLANK_LEAF,
  SET_DROPPED_ENDS,
  SET_FIRST_AGE,
  SET_HIGHEST,
  SET_LARGEST_BLOCK,
  SET_LEADING_STEPS,
  SET_LIMITED_ENDS,
  STEP_CONDITIONS,
  STEP_COST,
  STEP_FIRST,
  STEP_NARROWEST,
  STEP_OPERATIONS,
  STEP_SCORE,
  slotOf,
} from './layout.ts'

/**
 * The fast engine of DIP: groups a batch of cases over a compiled catalogue. No strings, objects or closures per case;
 * `match.ts` is what it must agree with.
 */

/** Results of a batch by row. */
export interface DipColumns {
  /** Leaf, 0 none. */
  readonly leaf: Uint16Array
  /** Position in `STATUSES` (grouped, notGrouped, invalid) and in `DIP_REASONS`. */
  readonly status: Uint8Array
  readonly reason: Uint8Array
  /** Bits: 1, 2, 4, 8 the marks of `DIP_TAGS`, 16 conservative. */
  readonly marks: Uint8Array
  /** Id of the main operation that was used; 0 none, or one that the dictionary lacks. */
  readonly main: Uint16Array
  /** Rows that tie: `ties[tieFrom] … ties[tieFrom + tieCount - 1]` are their leaves; 0 without a tie. */
  readonly tieFrom: Uint32Array
  readonly tieCount: Uint16Array
  /** Number of the step that chose among them. */
  readonly decided: Uint8Array
  ties: Uint16Array
}

/** Bit of `marks` for a conservative case. */
export const MARK_CONSERVATIVE = 16

export function createDipColumns(capacity: number): DipColumns {
  const bytes = (): Uint8Array => new Uint8Array(new SharedArrayBuffer(capacity))
  const shorts = (): Uint16Array => new Uint16Array(new SharedArrayBuffer(capacity * 2))
  return {
    leaf: shorts(),
    status: bytes(),
    reason: bytes(),
    marks: bytes(),
    main: shorts(),
    tieFrom: new Uint32Array(new SharedArrayBuffer(capacity * 4)),
    tieCount: shorts(),
    decided: bytes(),
    ties: shorts(),
  }
}

// Positions in STATUSES.
const GROUPED = 0
const NOT_GROUPED = 2
const INVALID = 3
// Positions in DIP_REASONS.
const REASON_MISSING = 1
const REASON_UNKNOWN = 2
const REASON_EXCLUDED = 3
const REASON_NOT_LISTED = 4
const REASON_NO_ROW = 5

/** Rows of the block at hand that fit; grown to the largest block of a book. */
let fitting = new Int32Array(256)

/** Groups the first `batch.count` cases into `out`. */
export function groupDipBatch(book: DipBook, batch: CaseBatch, out: DipColumns): void {
  const { dxState, dxClass, pxUse, pxMain, pxFirst, pxNone, pxProperty, classScopes, scopeWords, settings } = book
  const { classLeaf, classListed, slotKeys, slotPlaces, blocks, rows } = book
  const { dx, dxStart, px, pxStart, age, ageDays } = batch
  const slotMask = slotKeys.length - 1
  const anyMain = settings[SET_ANY_MAIN] === 1
  const droppedEnds = settings[SET_DROPPED_ENDS] === 1
  const limitedEnds = settings[SET_LIMITED_ENDS] === 1
  const firstAge = settings[SET_FIRST_AGE]!
  if (fitting.length < settings[SET_LARGEST_BLOCK]!) fitting = new Int32Array(settings[SET_LARGEST_BLOCK]!)
  let tied = 0

  for (let i = 0; i < batch.count; i++) {
    out.leaf[i] = 0
    out.marks[i] = 0
    out.main[i] = 0
    out.tieCount[i] = 0
    out.decided[i] = 0
    const dxFrom = dxStart[i]!
    const z = dxFrom < dxStart[i + 1]! ? dx[dxFrom]! : 0
    const state = dxState[z]!
    if (state === 0) {
      out.status[i] = INVALID
      out.reason[i] = dxFrom === dxStart[i + 1]! ? REASON_MISSING : REASON_UNKNOWN
      continue
    }
    const zClass = dxClass[z]!
    const pxFrom = pxStart[i]!
    let pxEnd = pxStart[i + 1]!

    // The main operation, and whether an operation of 先期 is among those that count.
    let main = -1
    let first = 0
    let allNone = 1
    for (let k = pxFrom; k < pxEnd; k++) {
      const id = px[k]!
      const use = pxUse[id]!
      if (use !== 2) {
        first |= pxFirst[id]!
        allNone &= pxNone[id]!
      }
      if (main >= 0) continue
      if (use === 0) {
        main = k
        continue
      }
      if (use === 2) {
        if (droppedEnds) pxEnd = pxFrom
      } else if (use >= 3) {
        const scope = use - 3
        if (((classScopes[zClass * scopeWords + (scope >> 5)]! >>> (scope & 31)) & 1) === 1) main = k
        else if (limitedEnds) pxEnd = pxFrom
      }
    }
    if (pxEnd === pxFrom) {
      first = 0
      allNone = 1
    }
    const conservative = anyMain ? allNone === 1 : main < 0
    if (main >= 0) out.main[i] = px[main]!
    if (conservative) out.marks[i] = MARK_CONSERVATIVE
    if (state === 2) {
      out.status[i] = NOT_GROUPED
      out.reason[i] = REASON_EXCLUDED
      continue
    }
    out.status[i] = GROUPED
    out.reason[i] = 0

    let leaf = 0
    const days = age[i]! > 0 || ageDays[i]! < 0 ? -1 : ageDays[i]!
    if (first === 1 || firstAge === -2 || (firstAge >= 0 && days >= 0 && days < firstAge)) {
      leaf = firstLeaf(book, batch, i, main, pxEnd, conservative, days)
    }
    if (leaf === 0 && classListed[zClass] === 1) {
      const wanted = conservative ? CONSERVATIVE : main < 0 || anyMain ? OTHER_MAIN : pxMain[px[main]!]!
      let place = -1
      if (wanted !== 0 || conservative) place = placeOf(slotKeys, slotPlaces, slotMask, (zClass << 16) | wanted)
      if (place < 0 && !conservative) place = placeOf(slotKeys, slotPlaces, slotMask, (zClass << 16) | OTHER_MAIN)
      if (place < 0) place = 0
      while (leaf === 0 && blocks[place] !== 0) {
        const count = blocks[place]!
        const byConditions = blocks[place + 1] === 1
        let fits = 0
        for (let r = place + 2; r < place + 2 + count; r++) {
          const row = blocks[r]!
          const at = row * ROW_WORDS
          if ((rows[at + ROW_FLAGS]! & CONDITIONAL) !== 0 && !meetsConditions(book, batch, i, at, days, zClass))
            continue
          if (!byConditions && rows[at + ROW_FACTOR_COUNT]! > 0 && !meetsFactors(book, batch, i, at, main, pxEnd))
            continue
          fitting[fits++] = row
        }
        if (fits === 1) leaf = rows[fitting[0]! * ROW_WORDS + ROW_LEAF]!
        else if (fits > 1) {
          const left = keepBest(book, batch, i, fits, main, pxEnd)
          if (left > 1) {
            if (tied + left > out.ties.length) out.ties = grown(out.ties, tied + left)
            for (let k = 0; k < left; k++) out.ties[tied + k] = rows[fitting[k]! * ROW_WORDS + ROW_LEAF]!
            out.tieFrom[i] = tied
            out.tieCount[i] = left
            tied += left
            out.decided[i] = decide(book, batch, i, left, main, pxEnd)
          }
          leaf = rows[fitting[0]! * ROW_WORDS + ROW_LEAF]!
        }
        place += 2 + count
      }
    }
    if (leaf === 0) {
      let property = main < 0 ? 1 : pxProperty[px[main]!]!
      if (settings[SET_HIGHEST] === 1) {
        property = 1
        for (let k = pxFrom; k < pxEnd; k++) {
          const id = px[k]!
          if (pxUse[id]! !== 2 && pxProperty[id]! > property) property = pxProperty[id]!
        }
      }
      leaf = classLeaf[zClass * 4 + property - 1]!
    }
    if (leaf === 0) leaf = settings[SET_BLANK_LEAF]!
    out.leaf[i] = leaf
    if (leaf === 0) {
      out.status[i] = NOT_GROUPED
      out.reason[i] = classListed[zClass] === 1 ? REASON_NO_ROW : REASON_NOT_LISTED
    }
    if (book.tagStart[zClass]! < book.tagStart[zClass + 1]!) {
      out.marks[i] = out.marks[i]! | tagBits(book, batch, i, zClass, main, pxEnd, conservative)
    }
  }
}

function placeOf(keys: Int32Array, places: Int32Array, mask: number, key: number): number {
  let slot = slotOf(key, mask)
  for (;;) {
    const place = places[slot]!
    if (place === -1 || keys[slot] === key) return place
    slot = (slot + 1) & mask
  }
}

/** The first row of 先期 that fits; 0 none. */
function firstLeaf(
  book: DipBook,
  batch: CaseBatch,
  i: number,
  main: number,
  pxEnd: number,
  conservative: boolean,
  days: number,
): number {
  const { firstRows, rows, dxClass } = book
  const zClass = dxClass[batch.dx[batch.dxStart[i]!]!]!
  for (let r = 0; r < firstRows.length; r++) {
    const at = firstRows[r]! * ROW_WORDS
    const flags = rows[at + ROW_FLAGS]!
    if ((flags & BLANK) !== 0 && !conservative) continue
    const list = rows[at + ROW_MAIN]!
    if (list >= 0 && (main < 0 || !inList(book, batch.px[main]!, list))) continue
    if ((flags & CONDITIONAL) !== 0 && !meetsConditions(book, batch, i, at, days, zClass)) continue
    if (rows[at + ROW_FACTOR_COUNT]! > 0 && !meetsFactors(book, batch, i, at, main, pxEnd)) continue
    return rows[at + ROW_LEAF]!
  }
  return 0
}

function inList(book: DipBook, id: number, list: number): boolean {
  return ((book.pxLists[book.pxClass[id]! * book.pxWords + (list >> 5)]! >>> (list & 31)) & 1) === 1
}

/** What a row asks for beside operations. */
function meetsConditions(
  book: DipBook,
  batch: CaseBatch,
  i: number,
  at: number,
  days: number,
  zClass: number,
): boolean {
  const { rows, dxArea, dxResists, classResists } = book
  const { dx, dxStart, weight } = batch
  const from = dxStart[i]!
  const end = dxStart[i + 1]!
  const below = rows[at + ROW_AGE]!
  if (below >= 0 && (days < 0 || days >= below)) return false
  const low = rows[at + ROW_WEIGHT]!
  if (low >= 0 && (weight[i]! <= 0 || weight[i]! < low || weight[i]! > rows[at + ROW_WEIGHT + 1]!)) return false
  const least = rows[at + ROW_AREA]!
  if (least >= 0) {
    let area = 0
    for (let k = from + 1; k < end; k++) if (dxArea[dx[k]!]! > area) area = dxArea[dx[k]!]!
    if (area === 0 || (area - 1) * 10 < least || (area - 1) * 10 > rows[at + ROW_AREA + 1]!) return false
  }
  const resists = rows[at + ROW_RESISTS]!
  if (resists >= 0) {
    let found = classResists[zClass]!
    for (let k = from + 1; k < end; k++) found |= dxResists[dx[k]!]!
    if (found !== resists) return false
  }
  const other = rows[at + ROW_OTHER]!
  if (other >= 0 && !someInSet(book, dx, from + 1, end, other)) return false
  const any = rows[at + ROW_ANY]!
  return any < 0 || someInSet(book, dx, from, end, any)
}

function someInSet(book: DipBook, dx: Uint16Array, from: number, end: number, set: number): boolean {
  const { dxSets, dxWords } = book
  for (let k = from; k < end; k++) {
    if (((dxSets[dx[k]! * dxWords + (set >> 5)]! >>> (set & 31)) & 1) === 1) return true
  }
  return false
}

/** Whether each factor of a row is met by an operation that counts; the main one counts for rows of any position only. */
function meetsFactors(book: DipBook, batch: CaseBatch, i: number, at: number, main: number, pxEnd: number): boolean {
  const { rows, rowFactors, pxUse } = book
  const { px, pxStart } = batch
  const skip = (rows[at + ROW_FLAGS]! & ANYWHERE) !== 0 ? -1 : main
  const last = rows[at + ROW_FACTORS]! + rows[at + ROW_FACTOR_COUNT]!
  for (let f = rows[at + ROW_FACTORS]!; f < last; f++) {
    const list = rowFactors[f]!
    let met = false
    for (let k = pxStart[i]!; k < pxEnd && !met; k++) {
      met = k !== skip && pxUse[px[k]!]! !== 2 && inList(book, px[k]!, list)
    }
    if (!met) return false
  }
  return true
}

/** Leaves in `fitting` the rows that the steps of the match itself prefer, and returns their number. */
function keepBest(book: DipBook, batch: CaseBatch, i: number, count: number, main: number, pxEnd: number): number {
  let left = count
  for (let s = 0; s < book.settings[SET_LEADING_STEPS]!; s++) {
    left = keepMost(book, batch, i, left, book.steps[s]!, main, pxEnd)
  }
  return left
}

/** Puts the chosen one of the tied rows first in `fitting`, and returns the number of the step that chose it. */
function decide(book: DipBook, batch: CaseBatch, i: number, count: number, main: number, pxEnd: number): number {
  let ranged = true
  for (let k = 0; k < count; k++) if (book.rows[fitting[k]! * ROW_WORDS + ROW_OTHER]! < 0) ranged = false
  if (ranged) return STEP_FIRST
  let left = count
  for (let s = book.settings[SET_LEADING_STEPS]!; s < book.steps.length; s++) {
    left = keepMost(book, batch, i, left, book.steps[s]!, main, pxEnd)
    if (left === 1) return book.steps[s]!
  }
  return STEP_FIRST
}

/** Keeps the rows of most worth by a step, in their order. */
function keepMost(
  book: DipBook,
  batch: CaseBatch,
  i: number,
  count: number,
  step: number,
  main: number,
  pxEnd: number,
): number {
  let most = -Infinity
  let left = 0
  for (let k = 0; k < count; k++) {
    const row = fitting[k]!
    const worth = worthOf(book, batch, i, row, step, main, pxEnd)
    if (worth < most) continue
    if (worth > most) left = 0
    most = worth
    fitting[left++] = row
  }
  return left
}

function worthOf(
  book: DipBook,
  batch: CaseBatch,
  i: number,
  row: number,
  step: number,
  main: number,
  pxEnd: number,
): number {
  const { rows, rowScore, rowMean } = book
  const at = row * ROW_WORDS
  switch (step) {
    case STEP_CONDITIONS:
      return rows[at + ROW_CONDITIONS]!
    case STEP_OPERATIONS:
      return rows[at + ROW_NAMED]! < 0 ? 0 : namedCount(book, batch, i, at, main, pxEnd)
    case STEP_NARROWEST:
      return -rows[at + ROW_WIDTH]!
    case STEP_SCORE:
      return rowScore[row]!
    case STEP_COST:
      if (batch.cost[i]! < 0) return 0
      return rowMean[row]! < 0 ? -Infinity : -Math.abs(batch.cost[i]! - rowMean[row]!)
    default:
      return 0
  }
}

/** Distinct operations of the case that a row names. */
function namedCount(book: DipBook, batch: CaseBatch, i: number, at: number, main: number, pxEnd: number): number {
  const { rows, pxUse } = book
  const { px, pxStart } = batch
  const list = rows[at + ROW_NAMED]!
  const skip = (rows[at + ROW_FLAGS]! & ANYWHERE) !== 0 ? -1 : main
  let count = 0
  for (let k = pxStart[i]!; k < pxEnd; k++) {
    const id = px[k]!
    if (k === skip || pxUse[id]! === 2 || !inList(book, id, list)) continue
    let seen = false
    for (let j = pxStart[i]!; j < k; j++) if (j !== skip && px[j] === id) seen = true
    if (!seen) count++
  }
  return count
}

/** The marks of a case, as bits by position in `DIP_TAGS`. */
function tagBits(
  book: DipBook,
  batch: CaseBatch,
  i: number,
  zClass: number,
  main: number,
  pxEnd: number,
  conservative: boolean,
): number {
  const { tagStart, tagRows, pxUse, settings } = book
  const { px, pxStart, los } = batch
  const anyMain = settings[SET_ANY_MAIN] === 1
  let bits = 0
  for (let t = tagStart[zClass]!; t < tagStart[zClass + 1]!; t += 3) {
    const list = tagRows[t + 1]!
    let holds = list < 0 && conservative
    if (list >= 0) {
      if (!anyMain) holds = main >= 0 && inList(book, px[main]!, list)
      else
        for (let k = pxStart[i]!; k < pxEnd && !holds; k++) holds = pxUse[px[k]!]! !== 2 && inList(book, px[k]!, list)
    }
    if (holds && (tagRows[t + 2]! < 0 || los[i]! >= tagRows[t + 2]!)) bits |= 1 << tagRows[t]!
  }
  return bits
}

function grown(ties: Uint16Array, least: number): Uint16Array {
  const larger = new Uint16Array(new SharedArrayBuffer(Math.max(least, ties.length * 2) * 2))
  larger.set(ties)
  return larger
}
