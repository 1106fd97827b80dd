import { csvCell } from '../../files/index.ts'
import type { CaseBatch } from '../cases/batch.ts'
import { type GroupStatus, STATUSES } from '../cases/case.ts'
import type { RuleBook } from './book.ts'
import type { GroupColumns } from './kernel.ts'
import { REASONS, type Reason } from './outcome.ts'

/** Header of the result table, one row a case, in input order. */
export const RESULT_HEADER = 'id,mdc,adrg,drg,status,reason'

const decoder = new TextDecoder()

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
  readonly tails: (Uint8Array | undefined)[]
  bytes: Uint8Array
}

export function createResultWriter(book: RuleBook): ResultWriter {
  return { book, tails: [], bytes: new Uint8Array(1 << 20) }
}

/** The rows of a batch as CSV bytes (valid until the next call). */
export function resultBytes(writer: ResultWriter, batch: CaseBatch, groups: GroupColumns): Uint8Array {
  const { book, tails } = writer
  const { count } = batch
  const { leaf, status, reason } = groups
  let at = 0
  for (let i = 0; i < count; i++) {
    const key = leaf[i]! * REASONS.length + reason[i]!
    tails[key] ??= tailOf(book, leaf[i]!, status[i]!, reason[i]!)
    const tail = tails[key]
    if (at + idRoom(batch, i) + tail.length > writer.bytes.length) writer.bytes = doubled(writer.bytes)
    const { bytes } = writer
    at = putId(bytes, at, batch, i)
    for (let k = 0; k < tail.length; k++) bytes[at++] = tail[k]!
  }
  return writer.bytes.subarray(0, at)
}

/** Bytes that the id of a row may take: by quoting twice its length and three more. */
export function idRoom({ idStart }: CaseBatch, row: number): number {
  return (idStart[row + 1]! - idStart[row]!) * 2 + 3 + 20
}

/** Writes the id of a row, or its line number where the file has no ids, and returns the end. */
export function putId(bytes: Uint8Array, at: number, batch: CaseBatch, row: number): number {
  const from = batch.idStart[row]!
  const to = batch.idStart[row + 1]!
  if (from === to) return writeText(bytes, at, String(batch.line[row]))
  if (needsQuoting(batch.idBytes, from, to)) return writeText(bytes, at, csvCell(idText(batch, row)))
  let end = at
  for (let k = from; k < to; k++) bytes[end++] = batch.idBytes[k]!
  return end
}

/** The id of a row as text; the line number where the file has no ids. */
export function idText(batch: CaseBatch, row: number): string {
  const from = batch.idStart[row]!
  const to = batch.idStart[row + 1]!
  if (from === to) return String(batch.line[row])
  let text = ''
  for (let k = from; k < to; k++) {
    const byte = batch.idBytes[k]!
    if (byte > 127) return decoder.decode(batch.idBytes.subarray(from, to))
    text += String.fromCharCode(byte)
  }
  return text
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

function tailOf(book: RuleBook, leaf: number, status: number, reason: number): Uint8Array {
  const { mdc, adrg, drg } = book.leaves[leaf]!
  const cells = [mdc, adrg, drg, STATUSES[status]!, REASONS[reason]!].map(csvCell)
  return new TextEncoder().encode(`,${cells.join(',')}\n`)
}

/** Whether an id must be quoted, or begins like a formula. */
function needsQuoting(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from]!
  if (first === 61 || first === 43 || first === 45 || first === 64 || first === 9) return true
  for (let k = from; k < to; k++) {
    const b = bytes[k]!
    if (b === 44 || b === 34 || b < 32) return true
  }
  return false
}

function writeText(bytes: Uint8Array, at: number, text: string): number {
  return at + new TextEncoder().encodeInto(text, bytes.subarray(at)).written
}

/** Twice the room. */
export function doubled(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bytes.length * 2)
  larger.set(bytes)
  return larger
}
