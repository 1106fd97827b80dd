import { codeTable, tableSections } from '../codes/keyword.ts'
import type { Scheme } from '../scheme/types.ts'
import { type Leaf, openBook, type RuleBook } from './book.ts'
import { compileRules } from './compile.ts'
import { NO_GROUP } from './outcome.ts'
import { packSections } from './sections.ts'

/** Compiles a scheme into a rule book. */
export function compileBook(scheme: Scheme): RuleBook {
  const leaves: Leaf[] = [{ mdc: NO_GROUP, adrg: NO_GROUP, drg: NO_GROUP, name: '', kind: 'notGrouped' }]
  for (const mdc of scheme.mdcs) {
    for (const adrg of mdc.adrgs) {
      for (const drg of adrg.drgs) {
        leaves.push({ mdc: mdc.code, adrg: adrg.code, drg: drg.code, name: drg.name, kind: drg.kind })
      }
    }
  }
  const label = JSON.stringify({ schemeId: scheme.manifest.id, hash: scheme.hash, leaves })
  const buffer = packSections({
    label: new TextEncoder().encode(label),
    ...tableSections('dx', codeTable(scheme.diagnoses)),
    ...tableSections('px', codeTable(scheme.procedures)),
    ...compileRules(scheme),
  })
  return openBook(buffer)
}
