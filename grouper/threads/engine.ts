import type { CaseBatch } from '../cases/batch.ts'
import type { Scan } from '../cases/scan.ts'
import type { CodeTable } from '../codes/keyword.ts'
import { type DipBook, openDipBook } from '../dip/book.ts'
import { createDipColumns, type DipColumns, groupDipBatch } from '../dip/kernel.ts'
import { readByStem } from '../dip/odd-code.ts'
import { openBook, type RuleBook } from '../drg/book.ts'
import { createGroupColumns, type GroupColumns, groupBatch } from '../drg/kernel.ts'

/** A compiled scheme or catalogue as reading and grouping in threads sees it; `C` are its result columns. */
export interface Engine<C> {
  readonly kind: 'drg' | 'dip'
  /** What another thread opens. */
  readonly buffer: SharedArrayBuffer
  readonly dxTable: CodeTable
  readonly pxTable: CodeTable
  /** The id to keep for a code that the table does not have as written. */
  readonly oddCode: Scan['oddCode']
  columns(capacity: number): C
  group(batch: CaseBatch, columns: C): void
  /** The columns with one value a row, out of which rows can be dropped. */
  rowColumns(columns: C): readonly { copyWithin(to: number, from: number, end: number): unknown }[]
}

/** The engine of a DRG scheme. */
export function drgEngine(book: RuleBook): Engine<GroupColumns> {
  const { buffer, dxTable, pxTable } = book
  return {
    kind: 'drg',
    buffer,
    dxTable,
    pxTable,
    oddCode: undefined,
    columns: createGroupColumns,
    group: (batch, columns) => groupBatch(book, batch, columns),
    rowColumns: ({ leaf, status, reason }) => [leaf, status, reason],
  }
}

/** The engine of a DIP catalogue; a diagnosis that no dictionary has is read by its subcategory or category. */
export function dipEngine(book: DipBook): Engine<DipColumns> {
  const { buffer, dxTable, pxTable } = book
  return {
    kind: 'dip',
    buffer,
    dxTable,
    pxTable,
    oddCode: (id, isDx, text) => readByStem(book, id, isDx, text),
    columns: createDipColumns,
    group: (batch, columns) => groupDipBatch(book, batch, columns),
    rowColumns: ({ leaf, status, reason, marks, main, tieFrom, tieCount, decided }) => [
      leaf,
      status,
      reason,
      marks,
      main,
      tieFrom,
      tieCount,
      decided,
    ],
  }
}

/** The engine over a buffer that another thread compiled. */
export function openEngine(kind: Engine<unknown>['kind'], buffer: SharedArrayBuffer): Engine<unknown> {
  // Columns only ever go back to the engine that made them.
  const engine = kind === 'drg' ? drgEngine(openBook(buffer)) : dipEngine(openDipBook(buffer))
  return engine as unknown as Engine<unknown>
}
