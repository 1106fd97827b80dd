import type { CaseBatch } from '../cases/batch.ts'
import type { DipBook } from './book.ts'
import { decide, ensureFitting, fitting, keepBest } from './kernel-choose.ts'
import { inList, meetsConditions, meetsFactors } from './kernel-rows.ts'
import {
  BLANK,
  BLOCK_UNLESS_SURGERY,
  BLOCK_WHOLE,
  CONDITIONAL,
  CONSERVATIVE,
  OTHER_MAIN,
  ROW_FACTOR_COUNT,
  ROW_FLAGS,
  ROW_LEAF,
  ROW_MAIN,
  ROW_WORDS,
  SET_ANY_MAIN,
  SET_BLANK_LEAF,
  SET_DROPPED_ENDS,
  SET_FIRST_AGE,
  SET_HIGHEST,
  SET_LARGEST_BLOCK,
  SET_LIMITED_ENDS,
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

/** Groups the first `batch.count` cases into `out`. */
export function groupDipBatch(book: DipBook, batch: CaseBatch, out: DipColumns): void {
  const { dxState, dxClass, pxUse, pxMain, pxFirst, pxNone, classScopes, scopeWords, settings } = book
  const { classLeaf, classListed, slotKeys, slotPlaces, blocks, rows } = book
  const { dx, dxStart, px, pxStart, age, ageDays } = batch
  const slotMask = slotKeys.length - 1
  const anyMain = settings[SET_ANY_MAIN] === 1
  const droppedEnds = settings[SET_DROPPED_ENDS] === 1
  const limitedEnds = settings[SET_LIMITED_ENDS] === 1
  const firstAge = settings[SET_FIRST_AGE]!
  ensureFitting(settings[SET_LARGEST_BLOCK]!)
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
        const mark = blocks[place + 1]!
        if (mark === BLOCK_UNLESS_SURGERY && classLeaf[zClass * 4 + 3] !== 0) {
          if (propertyOfCase(book, batch, i, main, pxEnd) === 4) {
            place += 2 + count
            continue
          }
        }
        let fits = 0
        for (let r = place + 2; r < place + 2 + count; r++) {
          const row = blocks[r]!
          const at = row * ROW_WORDS
          if ((rows[at + ROW_FLAGS]! & CONDITIONAL) !== 0 && !meetsConditions(book, batch, i, at, days, zClass))
            continue
          if (
            mark === BLOCK_WHOLE &&
            rows[at + ROW_FACTOR_COUNT]! > 0 &&
            !meetsFactors(book, batch, i, at, main, pxEnd)
          )
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
      const property = propertyOfCase(book, batch, i, main, pxEnd)
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

/** Property number of a case: of its main operation, or the highest of all that count. */
function propertyOfCase(book: DipBook, batch: CaseBatch, i: number, main: number, pxEnd: number): number {
  const { pxUse, pxProperty, settings } = book
  const { px, pxStart } = batch
  if (settings[SET_HIGHEST] !== 1) return main < 0 ? 1 : pxProperty[px[main]!]!
  let property = 1
  for (let k = pxStart[i]!; k < pxEnd; k++) {
    const id = px[k]!
    if (pxUse[id]! !== 2 && pxProperty[id]! > property) property = pxProperty[id]!
  }
  return property
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
