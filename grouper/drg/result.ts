import { csvCell } from '../../files/index.ts'
import type { CaseBatch } from '../cases/batch.ts'
import { type GroupStatus, STATUSES } from '../cases/case.ts'
import {
  createRowBytes,
  ensureBytes,
  idText,
  idView,
  piece,
  putId,
  putPiece,
  type RowBytes,
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
  /** Tail of a row by leaf * number of reasons + reason; made on first use. */
  readonly tails: (DataView | undefined)[]
  readonly rows: RowBytes
}

export function createResultWriter(book: RuleBook): ResultWriter {
  return { book, tails: Array.from({ length: book.leaves.length * REASONS.length }), rows: createRowBytes() }
}

/** The rows of a batch as CSV bytes (valid until the next call). */
export function resultBytes(writer: ResultWriter, batch: CaseBatch, groups: GroupColumns): Uint8Array {
  const { book, tails, rows } = writer
  const { count } = batch
  const { leaf, status, reason } = groups
  const ids = idView(batch)
  let at = 0
  for (let i = 0; i < count; i++) {
    const key = leaf[i]! * REASON_COUNT + reason[i]!
    const tail = tails[key] ?? tailOf(book, leaf[i]!, status[i]!, reason[i]!)
    tails[key] = tail
    ensureBytes(rows, at, batch, i, tail.byteLength)
    at = putId(rows, at, batch, ids, i)
    at = putPiece(rows, at, tail)
  }
  return rows.bytes.subarray(0, at)
}

const REASON_COUNT = REASONS.length

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

function tailOf(book: RuleBook, leaf: number, status: number, reason: number): DataView {
  const { mdc, adrg, drg } = book.leaves[leaf]!
  const cells = [mdc, adrg, drg, STATUSES[status]!, REASONS[reason]!].map(csvCell)
  return piece(`,${cells.join(',')}\n`)
}
