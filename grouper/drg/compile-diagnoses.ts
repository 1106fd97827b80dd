import type { Scheme } from '../scheme/types.ts'
import {
  LEVEL_SHIFT,
  MOST_TABLES,
  NO_PRINCIPAL,
  PRINCIPAL_BARRED,
  PRINCIPAL_GREY,
  PRINCIPAL_UNKNOWN,
  PULLS,
  TABLE_SHIFT,
} from './layout.ts'
import { shareRows } from './rows.ts'
import type { Section } from './sections.ts'

/** What the kernel asks of a diagnosis, packed so that one look fetches it. Diagnoses with equal exclusions share a row. */
export function diagnosisSections(scheme: Scheme, classOf: Uint16Array, triggers: Int32Array): Record<string, Section> {
  const { diagnoses } = scheme
  const size = diagnoses.codes.length
  const tables = new Map([...scheme.exclusions.keys()].map((id, i) => [id, i + 1]))
  if (tables.size >= MOST_TABLES) throw new RangeError(`${tables.size} exclusion tables; ${MOST_TABLES - 1} have room`)
  const words = Math.ceil((tables.size + 1) / 32)
  const dxWords = Int32Array.from(classOf, k => (triggers[k] === 0 ? k : k | PULLS))
  for (const [code, complication] of scheme.complications) {
    const id = diagnoses.ids.get(code)
    if (id === undefined) continue
    const table = tables.get(complication.table) ?? 0
    dxWords[id] = dxWords[id]! | (table << TABLE_SHIFT) | ((complication.level === 'MCC' ? 2 : 1) << LEVEL_SHIFT)
  }
  const all = new Int32Array(size * words)
  for (const [name, codes] of scheme.exclusions) {
    const number = tables.get(name)!
    for (const code of codes) {
      const id = diagnoses.ids.get(code)
      if (id === undefined) continue
      const at = id * words + (number >> 5)
      all[at] = all[at]! | (1 << (number & 31))
    }
  }
  const { count, rowOf, rows } = shareRows(all, words)
  if (count > NO_PRINCIPAL) throw new RangeError(`${count} different rows of exclusions; ${NO_PRINCIPAL} have room`)
  const dxPrincipal = rowOf.slice()
  dxPrincipal[0] = NO_PRINCIPAL + PRINCIPAL_UNKNOWN
  if (scheme.manifest.grey === 'refuse')
    for (const id of diagnoses.grey) dxPrincipal[id] = NO_PRINCIPAL + PRINCIPAL_GREY
  for (const code of scheme.barredPrincipal) {
    const id = diagnoses.ids.get(code)
    if (id !== undefined) dxPrincipal[id] = NO_PRINCIPAL + PRINCIPAL_BARRED
  }
  dxPrincipal.forEach((row, id) => {
    if (row >= NO_PRINCIPAL) dxWords[id] = dxWords[id]! | (1 << 31)
  })
  return { dxWords, dxPrinc: dxPrincipal, excl: rows }
}
