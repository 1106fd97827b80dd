import { codeTable, tableSections } from '../codes/keyword.ts'
import { packSections } from '../drg/sections.ts'
import { type DipBook, type DipLeaf, openDipBook } from './book.ts'
import { compileCatalogue } from './compile.ts'
import { NO_DIP_GROUP } from './outcome.ts'
import type { DipCatalogue } from './types.ts'

/** Compiles a catalogue. */
export function compileDipBook(catalogue: DipCatalogue): DipBook {
  const { leaves, sections } = compileCatalogue(catalogue)
  const none: DipLeaf = { code: NO_DIP_GROUP, name: '', layer: '', type: '' }
  const label = JSON.stringify({
    schemeId: catalogue.manifest.id,
    hash: catalogue.hash,
    leaves: [none, ...leaves],
    procedures: catalogue.procedures.codes,
  })
  const buffer = packSections({
    label: new TextEncoder().encode(label),
    ...tableSections('dx', codeTable(catalogue.diagnoses)),
    ...tableSections('px', codeTable(catalogue.procedures)),
    ...sections,
  })
  return openDipBook(buffer)
}
