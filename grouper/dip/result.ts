import { csvCell } from '../../files/index.ts'
import type { CaseBatch } from '../cases/batch.ts'
import {
  addPiece,
  createPieces,
  createRowBytes,
  idText,
  type Pieces,
  type RowBytes,
  writeRows,
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
  readonly pieces: Pieces
  /** Middles of rows by leaf, reason and marks, as numbers in `pieces`. */
  readonly middles: Map<number, number>
  /** The middles used last, by the last bits of the same: their key and number. */
  readonly recent: Int32Array
  /** First of the pieces that are operations, by id. */
  readonly operations: number
  readonly noTie: number
  /** Three pieces by row of the batch at hand. */
  picks: Int32Array
  readonly rows: RowBytes
}

/** Middles kept in `recent`. */
const RECENT = 1 << 12

export function createDipResultWriter(book: DipBook): DipResultWriter {
  const pieces = createPieces()
  const noTie = addPiece(pieces, ',,\n')
  const operations = pieces.count
  for (const code of book.procedures) addPiece(pieces, csvCell(code))
  return {
    book,
    pieces,
    middles: new Map(),
    recent: new Int32Array(RECENT * 2),
    operations,
    noTie,
    picks: new Int32Array(0),
    rows: createRowBytes(),
  }
}

/** The rows of a batch as CSV bytes (valid until the next call). */
export function dipResultBytes(writer: DipResultWriter, batch: CaseBatch, groups: DipColumns): Uint8Array {
  const { count } = batch
  if (writer.picks.length < count * 3) writer.picks = new Int32Array(count * 3)
  const { book, pieces, picks, rows } = writer
  for (let row = pickPieces(writer, groups, 0, count); row < count; ) {
    noteMiddle(writer, groups, row)
    row = pickPieces(writer, groups, row, count)
  }
  const { count: kept } = pieces
  for (let row = 0; row < count; row++) {
    if (groups.tieCount[row] !== 0) picks[row * 3 + 2] = addPiece(pieces, tieCells(book, groups, row))
  }
  const bytes = writeRows(rows, batch, pieces, picks, 3)
  // Ties are too many to be kept.
  pieces.count = kept
  return bytes
}

const REASON_COUNT = DIP_REASONS.length

/** Notes the pieces of rows, ties left out, up to one whose middle was not used of late. */
function pickPieces(
  { recent, operations, noTie, picks }: DipResultWriter,
  { leaf, reason, marks, main }: DipColumns,
  from: number,
  count: number,
): number {
  for (let row = from; row < count; row++) {
    const key = (leaf[row]! * REASON_COUNT + reason[row]!) * 32 + marks[row]!
    const slot = (key & (RECENT - 1)) * 2
    // Numbers begin at 1, so that an empty slot has none.
    if (recent[slot] !== key || recent[slot + 1] === 0) return row
    picks[row * 3] = recent[slot + 1]!
    picks[row * 3 + 1] = operations + main[row]!
    picks[row * 3 + 2] = noTie
  }
  return count
}

function noteMiddle({ book, pieces, middles, recent }: DipResultWriter, groups: DipColumns, row: number): void {
  const key = (groups.leaf[row]! * REASON_COUNT + groups.reason[row]!) * 32 + groups.marks[row]!
  const known = middles.get(key)
  const middle = known ?? addPiece(pieces, middleOf(book, groups, row))
  middles.set(key, middle)
  const slot = (key & (RECENT - 1)) * 2
  recent[slot] = key
  recent[slot + 1] = middle
}

function middleOf(book: DipBook, groups: DipColumns, row: number): string {
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
  return `,${cells.map(csvCell).join(',')},`
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
