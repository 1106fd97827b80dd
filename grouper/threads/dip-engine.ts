import { type DipBook, openDipBook } from '../dip/book.ts'
import { createDipColumns, type DipColumns, groupDipBatch } from '../dip/kernel.ts'
import { readByStem } from '../dip/odd-code.ts'
import type { Engine } from './engine.ts'

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

/** The same over a buffer that another thread compiled. */
export function openDipEngine(buffer: SharedArrayBuffer): Engine<DipColumns> {
  return dipEngine(openDipBook(buffer))
}
