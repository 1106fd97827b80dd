import { CODE_BYTES, CODE_PADDING, type CodeTable, findCode } from '../codes/keyword.ts'

const scratch = new Uint8Array(CODE_BYTES + CODE_PADDING)
const scratchView = new DataView(scratch.buffer)

/**
 * Second look-up for a code that is not in the dictionary as written: letters of chapters in upper case, the filler x
 * in lower case, blanks and tabs dropped, the dagger sign as plus. Returns the id or 0. Nothing else is guessed.
 */
export function repairCode(table: CodeTable, bytes: Uint8Array, from: number, to: number, isDx: boolean): number {
  let length = 0
  let first = true
  for (let p = from; p < to; p++) {
    let b = bytes[p]!
    if (b === 9) continue
    // † in UTF-8; some editions of 国临 2.0 write it for the plus of 医保版.
    if (b === 0xe2 && bytes[p + 1] === 0x80 && bytes[p + 2] === 0xa0) {
      b = 43
      p += 2
    }
    if (length === CODE_BYTES) return 0
    if (isDx) {
      const lower = b >= 97 && b <= 122
      if (first && lower) b -= 32
      else if (!first && b === 88) b = 120
      // Behind the dagger a chapter letter begins again.
      first = b === 43
    } else if (b === 88) b = 120
    scratch[length++] = b
  }
  scratch.fill(0, length)
  return findCode(table, scratchView, 0, length)
}
