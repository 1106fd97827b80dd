import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeTable, findCode } from '../../../grouper/codes/keyword.ts'
import { loadScheme } from '../../../grouper/index.ts'

const { diagnoses, procedures } = loadScheme('chs-drg-2.0')

/** Looks a text up as a reader does: within other bytes. */
function found(table: ReturnType<typeof codeTable>, text: string): number {
  const code = new TextEncoder().encode(text)
  const bytes = new Uint8Array(code.length + 40).fill(124)
  bytes.set(code, 5)
  return findCode(table, new DataView(bytes.buffer), 5, 5 + code.length)
}

describe('findCode', () => {
  it.each([
    ['diagnoses', diagnoses],
    ['procedures', procedures],
  ])('finds every code of a dictionary, and nothing else: %s', (_, { codes, ids }) => {
    const table = codeTable({ codes })
    for (const code of codes.slice(1)) expect(found(table, code)).toBe(ids.get(code))
    const changed = fc.tuple(fc.nat(codes.length - 2), fc.nat(), fc.integer({ min: 0, max: 126 }), fc.nat(3))
    fc.assert(
      fc.property(changed, ([k, at, byte, cut]) => {
        const code = [...codes[k + 1]!]
        code[at % code.length] = String.fromCharCode(byte)
        const text = code.join('').slice(0, code.length - cut)
        expect(found(table, text)).toBe(ids.get(text) ?? 0)
      }),
      { numRuns: 20_000 },
    )
  })

  it('looks up codes of any shape', () => {
    const shapes = fc.stringMatching(/^([A-C][01]{2}\.[0-1x][01]{2}(x[01]{3})?|[a-b:.x01]{1,20})$/)
    fc.assert(
      fc.property(fc.uniqueArray(shapes, { maxLength: 60 }), fc.array(shapes), (codes, others) => {
        const table = codeTable({ codes: ['', ...codes] })
        for (const text of [...codes, ...others]) expect(found(table, text)).toBe(codes.indexOf(text) + 1)
      }),
    )
  })
})
