import type { CaseBatch } from '../cases/batch.ts'
import type { Pieces } from '../cases/row-bytes.ts'

/** Bytes behind the end that may be written over: pieces are copied by four words. */
export const OVER = 16

/** Copies pieces (by number) and ids (~row) one behind another and returns where they end. */
export function copyFindings(
  { idStart, idBytes }: CaseBatch,
  { words, places }: Pieces,
  picks: Int32Array,
  count: number,
  bytes: Uint8Array,
  from: number,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = from
  for (let k = 0; k < count; k++) {
    const pick = picks[k]!
    if (pick < 0) {
      const end = idStart[~pick + 1]!
      for (let p = idStart[~pick]!; p < end; p++) bytes[at++] = idBytes[p]!
      continue
    }
    const length = places[pick * 2 + 1]!
    for (let word = places[pick * 2]!, p = at; p < at + length; p += 16, word += 4) {
      view.setInt32(p, words[word]!, true)
      view.setInt32(p + 4, words[word + 1]!, true)
      view.setInt32(p + 8, words[word + 2]!, true)
      view.setInt32(p + 12, words[word + 3]!, true)
    }
    at += length
  }
  return at
}
