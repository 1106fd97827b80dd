import type { CaseBatch } from '../cases/batch.ts'
import { type Counters, countBatch, createCounters } from '../cases/reader.ts'
import type { LabelTexts } from '../cases/scan.ts'
import type { DipBook } from '../dip/book.ts'
import type { DipColumns } from '../dip/kernel.ts'
import type { RuleBook } from '../drg/book.ts'
import type { GroupColumns } from '../drg/kernel.ts'
import type { Coded } from '../scheme/types.ts'
import { dipEngine } from '../threads/dip-engine.ts'
import { drgEngine } from '../threads/drg-engine.ts'
import type { Engine } from '../threads/engine.ts'
import { readStore } from './store.ts'

/**
 * Groups the cases of stores, block by block. Rows were checked, and ids compared within each store, when it was
 * encoded; ids are not compared across stores.
 */
export function groupStores(
  { scheme, book }: { readonly scheme: Coded; readonly book: RuleBook },
  files: readonly string[],
  onBatch: (batch: CaseBatch, groups: GroupColumns, labels: LabelTexts) => void,
): Counters {
  return groupWith(drgEngine(book), scheme, files, onBatch)
}

/** The same for a DIP catalogue. */
export function groupDipStores(
  { catalogue, book }: { readonly catalogue: Coded; readonly book: DipBook },
  files: readonly string[],
  onBatch: (batch: CaseBatch, groups: DipColumns, labels: LabelTexts) => void,
): Counters {
  return groupWith(dipEngine(book), catalogue, files, onBatch)
}

function groupWith<C>(
  engine: Engine<C>,
  coded: Coded,
  files: readonly string[],
  onBatch: (batch: CaseBatch, groups: C, labels: LabelTexts) => void,
): Counters {
  const counters = createCounters()
  let capacity = 0
  let groups = engine.columns(capacity)
  for (const file of files) {
    readStore(file, coded, (batch, { labels }) => {
      if (capacity < batch.count) {
        capacity = batch.count
        groups = engine.columns(capacity)
      }
      engine.group(batch, groups)
      counters.rows += batch.count
      countBatch(counters, batch)
      onBatch(batch, groups, labels)
    })
  }
  return counters
}
