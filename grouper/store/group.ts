import type { CaseBatch } from '../cases/batch.ts'
import { type Counters, countBatch, createCounters } from '../cases/reader.ts'
import type { RuleBook } from '../drg/book.ts'
import { createGroupColumns, type GroupColumns, groupBatch } from '../drg/kernel.ts'
import type { Scheme } from '../scheme/types.ts'
import { readStore } from './store.ts'

/**
 * Groups the cases of stores, block by block. Rows were checked, and ids compared within each store, when it was
 * encoded; ids are not compared across stores.
 */
export function groupStores(
  { scheme, book }: { readonly scheme: Scheme; readonly book: RuleBook },
  files: readonly string[],
  onBatch: (batch: CaseBatch, groups: GroupColumns) => void,
): Counters {
  const counters = createCounters()
  let groups = createGroupColumns(0)
  for (const file of files) {
    readStore(file, scheme, batch => {
      if (groups.leaf.length < batch.count) groups = createGroupColumns(batch.count)
      groupBatch(book, batch, groups)
      counters.rows += batch.count
      countBatch(counters, batch)
      onBatch(batch, groups)
    })
  }
  return counters
}
