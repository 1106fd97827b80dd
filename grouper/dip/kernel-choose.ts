import type { CaseBatch } from '../cases/batch.ts'
import type { DipBook } from './book.ts'
import { inList } from './kernel-rows.ts'
import {
  ANYWHERE,
  ROW_ALL,
  ROW_CONDITIONS,
  ROW_FLAGS,
  ROW_FULL,
  ROW_NAMED,
  ROW_OTHER,
  ROW_TYPE,
  ROW_WIDTH,
  ROW_WORDS,
  SET_LEADING_STEPS,
  STEP_CONDITIONS,
  STEP_COST,
  STEP_EXACT,
  STEP_FIRST,
  STEP_FULL,
  STEP_MAIN,
  STEP_NARROWEST,
  STEP_OPERATIONS,
  STEP_SCORE,
  STEP_TYPE,
} from './layout.ts'

/** How the kernel of DIP chooses among rows that fit one case. */

/** Rows of the block at hand that fit; grown to the largest block of a book. */
export let fitting: Int32Array = new Int32Array(256)

/** Makes room for the rows of a block. */
export function ensureFitting(rows: number): void {
  if (fitting.length < rows) fitting = new Int32Array(rows)
}

/** Leaves in `fitting` the rows that the steps of the match itself prefer, and returns their number. */
export function keepBest(
  book: DipBook,
  batch: CaseBatch,
  i: number,
  count: number,
  main: number,
  pxEnd: number,
): number {
  let left = count
  for (let s = 0; s < book.settings[SET_LEADING_STEPS]!; s++) {
    left = keepMost(book, batch, i, left, book.steps[s]!, main, pxEnd)
  }
  return left
}

/** Puts the chosen one of the tied rows first in `fitting`, and returns the number of the step that chose it. */
export function decide(book: DipBook, batch: CaseBatch, i: number, count: number, main: number, pxEnd: number): number {
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
    case STEP_EXACT:
      return isExact(book, batch, i, at, pxEnd)
    case STEP_MAIN:
      return main >= 0 && rows[at + ROW_ALL]! >= 0 && inList(book, batch.px[main]!, rows[at + ROW_ALL]!) ? 1 : 0
    case STEP_FULL:
      return fullCount(book, batch, i, at, main, pxEnd)
    case STEP_TYPE:
      return rows[at + ROW_TYPE]!
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

/** 1 where a row names every operation of the case that counts, and has a factor for each; else 0. */
function isExact(book: DipBook, batch: CaseBatch, i: number, at: number, pxEnd: number): number {
  const { rows, pxUse } = book
  const { px, pxStart } = batch
  const list = rows[at + ROW_ALL]!
  let distinct = 0
  for (let k = pxStart[i]!; k < pxEnd; k++) {
    const id = px[k]!
    if (pxUse[id]! === 2) continue
    if (list < 0 || !inList(book, id, list)) return 0
    let seen = false
    for (let j = pxStart[i]!; j < k && !seen; j++) seen = px[j] === id
    if (!seen) distinct++
  }
  return distinct === rows[at + ROW_CONDITIONS]! ? 1 : 0
}

/** Factors of a row that a full code of the case meets. */
function fullCount(book: DipBook, batch: CaseBatch, i: number, at: number, main: number, pxEnd: number): number {
  const { rows, rowFactors, pxUse } = book
  const { px, pxStart } = batch
  const from = rows[at + ROW_FULL]!
  if (from < 0) return 0
  const anywhere = (rows[at + ROW_FLAGS]! & ANYWHERE) !== 0
  let count = 0
  for (let f = from; f < from + rows[at + ROW_CONDITIONS]!; f++) {
    const list = rowFactors[f]!
    let met = false
    if (f === from && !anywhere) met = main >= 0 && inList(book, px[main]!, list)
    else {
      const skip = anywhere ? -1 : main
      for (let k = pxStart[i]!; k < pxEnd && !met; k++)
        met = k !== skip && pxUse[px[k]!]! !== 2 && inList(book, px[k]!, list)
    }
    if (met) count++
  }
  return count
}
