import { openBook, type RuleBook } from '../drg/book.ts'
import { createGroupColumns, type GroupColumns, groupBatch } from '../drg/kernel.ts'
import type { Engine } from './engine.ts'

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

/** The same over a buffer that another thread compiled. */
export function openDrgEngine(buffer: SharedArrayBuffer): Engine<GroupColumns> {
  return drgEngine(openBook(buffer))
}
