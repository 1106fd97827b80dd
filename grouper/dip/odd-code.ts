import { CODE_BYTES, CODE_PADDING, type CodeTable, findCode } from '../codes/keyword.ts'
import { bareDiagnosis, KEY_LEVELS, keyAt } from './keys.ts'

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/**
 * For a diagnosis that the dictionary does not have as written: the id of the code without its marks, of its
 * subcategory, or of its category, whichever the catalogue knows; a repaired code keeps its id, an operation its 0.
 */
export function readByStem(
  { dxTable }: { readonly dxTable: CodeTable },
  id: number,
  isDx: boolean,
  text: Uint8Array,
): number {
  if (id > 0 || !isDx) return id
  const bare = bareDiagnosis(decoder.decode(text).trim())
  for (const level of KEY_LEVELS) {
    const bytes = encoder.encode(keyAt(bare, level))
    if (bytes.length === 0 || bytes.length > CODE_BYTES) continue
    const padded = new Uint8Array(bytes.length + CODE_BYTES + CODE_PADDING)
    padded.set(bytes)
    const found = findCode(dxTable, new DataView(padded.buffer), 0, bytes.length)
    if (found > 0) return found
  }
  return 0
}
