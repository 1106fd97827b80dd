import type { CaseBatch } from '../cases/batch.ts'
import type { DipBook } from './book.ts'
import {
  ANYWHERE,
  ROW_AGE,
  ROW_ANY,
  ROW_AREA,
  ROW_FACTOR_COUNT,
  ROW_FACTORS,
  ROW_FLAGS,
  ROW_OTHER,
  ROW_RESISTS,
  ROW_SHARE,
  ROW_WEIGHT,
  ROW_WORDS,
} from './layout.ts'

/** What the kernel of DIP asks of one row: its conditions and its operations. */

/** What a row asks for beside operations. */
export function meetsConditions(
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
  if (rows[at + ROW_SHARE] === 1 && batch.cost[i]! > book.rowBill[at / ROW_WORDS]!) return false
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
export function meetsFactors(
  book: DipBook,
  batch: CaseBatch,
  i: number,
  at: number,
  main: number,
  pxEnd: number,
): boolean {
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

/** Whether an operation is in a list of the book. */
export function inList(book: DipBook, id: number, list: number): boolean {
  return ((book.pxLists[book.pxClass[id]! * book.pxWords + (list >> 5)]! >>> (list & 31)) & 1) === 1
}
