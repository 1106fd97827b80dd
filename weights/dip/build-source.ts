import { type CaseBatch, type DipCatalogue, openStore, readBlocks, type StoreTrailer } from '../../grouper/index.ts'

/** Cases of case stores (.dzc), which can be run through several times. */
export interface CaseSource {
  /** Files, for messages. */
  readonly files: readonly string[]
  readonly stores: readonly { readonly file: string; readonly trailer: StoreTrailer }[]
  readonly cases: number
  /** Hands over every batch, in the order of the stores; its memory is used again. */
  each(onBatch: (batch: CaseBatch) => void): void
}

/**
 * Cases of stores that were encoded under the catalogue.
 *
 * @param names files as messages name them, where the stores were made from others
 */
export function storeSource(
  catalogue: DipCatalogue,
  files: readonly string[],
  names: readonly string[] = files,
): CaseSource {
  const stores = files.map(file => ({ file, trailer: openStore(file, catalogue) }))
  return {
    files: names,
    stores,
    cases: stores.reduce((sum, { trailer }) => sum + trailer.cases, 0),
    each(onBatch) {
      for (const { file, trailer } of stores) readBlocks(file, trailer, trailer.blocks, onBatch, { reuse: true })
    },
  }
}
