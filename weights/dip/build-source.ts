import { type DipCatalogue, readStore } from '../../grouper/index.ts'
import type { CaseSource } from './build-cases.ts'

/**
 * Cases of case stores (.dzc) that were encoded under the catalogue; they are read anew on every run through them.
 *
 * @param names files as messages name them, where the stores were made from others
 */
export function storeSource(
  catalogue: DipCatalogue,
  files: readonly string[],
  names: readonly string[] = files,
): CaseSource {
  return {
    files: names,
    each(onBatch, onFile) {
      for (const file of files) onFile(readStore(file, catalogue, onBatch).labels.month)
    },
  }
}
