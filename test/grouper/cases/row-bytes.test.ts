import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell } from '../../../files/index.ts'
import { createBatch } from '../../../grouper/cases/batch.ts'
import { addPiece, createPieces, createRowBytes, writeRows } from '../../../grouper/cases/row-bytes.ts'

const id = fc.oneof(
  fc.stringMatching(/^[A-Z0-9-]{1,12}$/),
  fc.stringMatching(/^[A-Z0-9]{13,40}$/),
  fc.constantFrom('', '=1+1', '+A', '-A', '@A', '＝A', 'A"B', 'A,B', 'A\tB', '病案12', 'A\u001fB'),
)
const text = fc.stringMatching(/^[a-z,]{0,100}$/)

describe('rows of a result file', () => {
  it('are the id as a cell of a table, or the line where there is none, and the pieces behind it', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(id, fc.nat(), fc.nat(), fc.nat()), { maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        // Ids that fill the memory to its end, and many rows, so that the ids are looked through in several steps.
        fc.constantFrom(1, 40),
        (texts, drawn, parts, times) => {
          const cases = Array.from({ length: times }, () => drawn).flat()
          const pieces = createPieces()
          const numbers = texts.map(each => addPiece(pieces, each))
          const bytes = cases.map(([each]) => new TextEncoder().encode(each))
          const batch = createBatch(cases.length)
          batch.count = cases.length
          batch.idBytes = new Uint8Array(new SharedArrayBuffer(bytes.reduce((sum, each) => sum + each.length, 0)))
          bytes.forEach((each, row) => {
            batch.line[row] = row + 2
            batch.idBytes.set(each, batch.idStart[row])
            batch.idStart[row + 1] = batch.idStart[row]! + each.length
          })
          const chosen = cases.map(([, ...picked]) => picked.slice(0, parts).map(pick => pick % texts.length))
          const picks = Int32Array.from(chosen.flat(), pick => numbers[pick]!)
          const rows = createRowBytes()
          const expected = cases.map(
            ([each], row) =>
              csvCell(each === '' ? String(row + 2) : each) + chosen[row]!.map(pick => texts[pick]).join(''),
          )
          // Written twice: what an earlier batch left behind is written over.
          writeRows(rows, batch, pieces, picks, parts)
          expect(new TextDecoder().decode(writeRows(rows, batch, pieces, picks, parts))).toBe(expected.join(''))
        },
      ),
    )
  })
})
