import { csvCell } from '../../files/index.ts'
import type { CaseBatch } from '../cases/batch.ts'
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
import type { DipBook } from './book.ts'
import { type DipColumns, MARK_CONSERVATIVE } from './kernel.ts'
import { STEP_FIRST } from './layout.ts'
import { TIE_STEPS } from './matching.ts'
import { type Decision, DIP_REASONS, type DipReason, type DipStatus, type DipType } from './outcome.ts'
import { DIP_TAGS, type DipLayer } from './types.ts'

/** Header of the result table of DIP grouping, one row a case, in input order. */
export const DIP_RESULT_HEADER = 'id,dip,layer,type,status,reason,conservative,marks,main,ties,tieRule'

/** One result as an object, for JSON output. */
export interface DipResultRow {
  readonly id: string
  /** Code of the group, `0000` for none. */
  readonly dip: string
  readonly layer: DipLayer | ''
  readonly type: DipType
  readonly status: DipStatus
  readonly reason: DipReason
  readonly conservative: boolean
  /** Marks of the case, with | between. */
  readonly marks: string
  /** The main operation that was used; '' for none, and for one that the dictionary lacks. */
  readonly main: string
  /** Rows that fit equally well, with | between; '' without a tie. */
  readonly ties: string
  /** What chose among them. */
  readonly tieRule: Decision | ''
}

/** Statuses by their position in the columns. */
const STATUS_NAMES: readonly (DipStatus | '')[] = ['grouped', '', 'notGrouped', 'invalid']

/** Writes results of batches as CSV bytes; what belongs to group, reason and marks is prepared once. */
export interface DipResultWriter {
  readonly book: DipBook
  readonly middles: Map<number, DataView>
  /** Codes of operations by id. */
  readonly operations: readonly DataView[]
  readonly rows: RowBytes
}

export function createDipResultWriter(book: DipBook): DipResultWriter {
  return {
    book,
    middles: new Map(),
    operations: book.procedures.map(code => piece(csvCell(code))),
    rows: createRowBytes(),
  }
}

/** The rows of a batch as CSV bytes (valid until the next call). */
export function dipResultBytes(writer: DipResultWriter, batch: CaseBatch, groups: DipColumns): Uint8Array {
  const { middles, operations, rows } = writer
  const { leaf, reason, marks, main, tieCount } = groups
  const ids = idView(batch)
  let at = 0
  for (let i = 0; i < batch.count; i++) {
    const key = (leaf[i]! * DIP_REASONS.length + reason[i]!) * 32 + marks[i]!
    let middle = middles.get(key)
    if (middle === undefined) {
      middle = middleOf(writer.book, groups, i)
      middles.set(key, middle)
    }
    const operation = operations[main[i]!]!
    const tail = tieCount[i] === 0 ? NO_TIE : piece(tieCells(writer.book, groups, i))
    ensureBytes(rows, at, batch, i, middle.byteLength + operation.byteLength + tail.byteLength)
    at = putId(rows, at, batch, ids, i)
    at = putPiece(rows, at, middle)
    at = putPiece(rows, at, operation)
    at = putPiece(rows, at, tail)
  }
  return rows.bytes.subarray(0, at)
}

const NO_TIE = piece(',,\n')

function middleOf(book: DipBook, groups: DipColumns, row: number): DataView {
  const { code, layer, type } = book.leaves[groups.leaf[row]!]!
  const cells = [
    code,
    layer,
    type,
    STATUS_NAMES[groups.status[row]!]!,
    DIP_REASONS[groups.reason[row]!]!,
    (groups.marks[row]! & MARK_CONSERVATIVE) === 0 ? 'no' : 'yes',
    marksText(groups.marks[row]!),
  ]
  return piece(`,${cells.map(csvCell).join(',')},`)
}

function tieCells(book: DipBook, groups: DipColumns, row: number): string {
  return `,${csvCell(tiesText(book, groups, row))},${decisionOf(groups.decided[row]!)}\n`
}

function marksText(bits: number): string {
  return DIP_TAGS.filter((_, tag) => ((bits >>> tag) & 1) === 1).join('|')
}

function tiesText(book: DipBook, { tieFrom, tieCount, ties }: DipColumns, row: number): string {
  const leaves = ties.subarray(tieFrom[row]!, tieFrom[row]! + tieCount[row]!)
  return [...leaves].map(leaf => book.leaves[leaf]!.code).join('|')
}

function decisionOf(step: number): Decision | '' {
  return step === 0 ? '' : step === STEP_FIRST ? 'first' : TIE_STEPS[step - 1]!
}

/** The result of one row of a batch. */
export function dipResultRow(book: DipBook, batch: CaseBatch, groups: DipColumns, row: number): DipResultRow {
  const { code, layer, type } = book.leaves[groups.leaf[row]!]!
  return {
    id: idText(batch, row),
    dip: code,
    layer,
    type,
    status: STATUS_NAMES[groups.status[row]!] as DipStatus,
    reason: DIP_REASONS[groups.reason[row]!]!,
    conservative: (groups.marks[row]! & MARK_CONSERVATIVE) !== 0,
    marks: marksText(groups.marks[row]!),
    main: book.procedures[groups.main[row]!]!,
    ties: tiesText(book, groups, row),
    tieRule: decisionOf(groups.decided[row]!),
  }
}
