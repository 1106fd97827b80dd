import { csvCell } from '../../files/index.ts'
import type { CaseBatch } from '../cases/batch.ts'
import { type GroupStatus, STATUSES } from '../cases/case.ts'
import {
  addPiece,
  createPieces,
  createRowBytes,
  idText,
  type Pieces,
  type RowBytes,
  writeRows,
} from '../cases/row-bytes.ts'
import type { RuleBook } from './book.ts'
import type { GroupColumns } from './kernel.ts'
import { REASONS, type Reason } from './outcome.ts'

/** Header of the result table, one row a case, in input order. */
export const RESULT_HEADER = 'id,mdc,adrg,drg,status,reason'

/** One result as an object, for JSON output. */
export interface ResultRow {
  readonly id: string
  readonly mdc: string
  readonly adrg: string
  readonly drg: string
  readonly status: GroupStatus
  readonly reason: Reason
}

/** Writes results of batches as CSV bytes; everything behind the id is prepared once per leaf and reason. */
export interface ResultWriter {
  readonly book: RuleBook
  readonly pieces: Pieces
  /** Tail of a row by leaf * number of reasons + reason, as a number in `pieces`; 0 before its first use. */
  readonly tails: Int32Array
  /** Tails by row of the batch at hand. */
  picks: Int32Array
  readonly rows: RowBytes
}

export function createResultWriter(book: RuleBook): ResultWriter {
  return {
    book,
    pieces: createPieces(),
    tails: new Int32Array(book.leaves.length * REASONS.length),
    picks: new Int32Array(0),
    rows: createRowBytes(),
  }
}

/** The rows of a batch as CSV bytes (valid until the next call). */
export function resultBytes(writer: ResultWriter, batch: CaseBatch, groups: GroupColumns): Uint8Array {
  const { count } = batch
  if (writer.picks.length < count) writer.picks = new Int32Array(count)
  const { book, pieces, tails, picks, rows } = writer
  const { leaf, status, reason } = groups
  for (let row = pickTails(tails, picks, groups, 0, count); row < count; ) {
    const text = tailOf(book, leaf[row]!, status[row]!, reason[row]!)
    tails[leaf[row]! * REASON_COUNT + reason[row]!] = addPiece(pieces, text)
    row = pickTails(tails, picks, groups, row, count)
  }
  return writeRows(rows, batch, pieces, picks, 1)
}

const REASON_COUNT = REASONS.length

/** Notes the tails of rows, up to one whose tail is not there yet. */
function pickTails(
  tails: Int32Array,
  picks: Int32Array,
  { leaf, reason }: GroupColumns,
  from: number,
  count: number,
): number {
  for (let row = from; row < count; row++) {
    const tail = tails[leaf[row]! * REASON_COUNT + reason[row]!]!
    if (tail === 0) return row
    picks[row] = tail
  }
  return count
}

/** The result of one row of a batch. */
export function resultRow(book: RuleBook, batch: CaseBatch, groups: GroupColumns, row: number): ResultRow {
  const { mdc, adrg, drg } = book.leaves[groups.leaf[row]!]!
  return {
    id: idText(batch, row),
    mdc,
    adrg,
    drg,
    status: STATUSES[groups.status[row]!]!,
    reason: REASONS[groups.reason[row]!]!,
  }
}

function tailOf(book: RuleBook, leaf: number, status: number, reason: number): string {
  const { mdc, adrg, drg } = book.leaves[leaf]!
  return `,${[mdc, adrg, drg, STATUSES[status]!, REASONS[reason]!].map(csvCell).join(',')}\n`
}
