import { codeTable } from '../codes/keyword.ts'
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
  const dx = codeTable(scheme.diagnoses)
  const px = codeTable(scheme.procedures)
  const label = JSON.stringify({ schemeId: scheme.manifest.id, hash: scheme.hash, leaves })
  const buffer = packSections({
    label: new TextEncoder().encode(label),
    dxSlots: dx.slots,
    dxKeys: dx.keys,
    dxTails: dx.tails,
    pxSlots: px.slots,
    pxKeys: px.keys,
    pxTails: px.tails,
    ...compileRules(scheme),
  })
  return openBook(buffer)
}
