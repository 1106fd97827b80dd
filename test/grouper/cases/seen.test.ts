import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { belongTo, ID_WORDS, identify } from '../../../grouper/cases/hash.ts'
import { createSeen, meetAll } from '../../../grouper/cases/seen.ts'

/** What the table of ids says of (hospital, id) pairs, a few at a time. */
function repeated(pairs: readonly (readonly [string, string])[], step: number): number[] {
  const seen = createSeen()
  const again: number[] = []
  for (let from = 0; from < pairs.length; from += step) {
    const part = pairs.slice(from, from + step)
    const ids = new Int32Array(new SharedArrayBuffer(part.length * ID_WORDS * 4))
    part.forEach(([hospital, id], i) => {
      // An id lies anywhere, at the begin of a block too.
      const before = ','.repeat((from + i) % 10)
      const bytes = Buffer.from(`${before}${hospital}${id}\0\0\0\0\0`)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const start = before.length + Buffer.byteLength(hospital)
      identify(ids, i * ID_WORDS, view, start, start + Buffer.byteLength(id))
      if (hospital !== '') belongTo(ids, i * ID_WORDS, view, before.length, start)
    })
    again.push(...meetAll(seen, ids, 0, part.length).map(row => row + from))
  }
  return again
}

/** The same by a set of texts. */
function expected(pairs: readonly (readonly [string, string])[]): number[] {
  const met = new Set<string>()
  return pairs.flatMap(([hospital, id], i) => {
    const key = JSON.stringify([hospital, id])
    if (met.has(key)) return [i]
    met.add(key)
    return []
  })
}

const id = fc.oneof(
  fc.nat({ max: 40 }).map(String),
  fc.nat({ max: 40 }).map(n => String(n).padStart(4, '0')),
  fc.nat({ max: 40 }).map(n => `ZY2025${String(n).padStart(9, '0')}`),
  fc.nat({ max: 3 }).map(n => `99999999999999999${n}`),
  fc.stringMatching(/^[a-c0-2]{0,4}$/),
  fc.constantFrom('张', '张1', '张9', '住院9', 'a-1', '-1', '+1', '1a', '00', '0', '000000000', '0000000000'),
)

describe('ids that have been met', () => {
  it('are told apart as texts are, whatever their shape', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('', 'H1', 'H11', 'H2'), id), { maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (pairs, step) => {
          expect(repeated(pairs, step)).toEqual(expected(pairs))
        },
      ),
      { numRuns: 300, seed: 20261122 },
    )
  })

  it('are told apart where numbers rise by any step, and where they come back', () => {
    const step = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 200 }), fc.nat({ max: 40_000 }), fc.nat({ max: 5_000_000 }))
    const walk = fc.array(fc.tuple(step, fc.integer({ min: 1, max: 20 })), { maxLength: 400 })
    fc.assert(
      fc.property(walk, fc.integer({ min: 1, max: 90 }), (steps, part) => {
        let top = 0
        const numbers: number[] = []
        for (const [step, back] of steps) {
          top = Math.min(top + step, 99_999_999)
          numbers.push(top)
          if (back === 1) numbers.push(Math.max(top - step, 0), numbers[numbers.length >> 1]!)
        }
        const pairs = numbers.map((number, i): [string, string] => [`H${i & 1}`, String(number).padStart(8, '0')])
        expect(repeated(pairs, part)).toEqual(expected(pairs))
      }),
      { numRuns: 200, seed: 20261122 },
    )
  })

  it('need no series of their own: beyond the most series they are hashes', () => {
    const pairs = Array.from({ length: 70_000 }, (_, i): [string, string] => ['H1', `${i.toString(36)}x7`])
    expect(repeated([...pairs, ...pairs.slice(100, 103), ...pairs.slice(-3)], 4096)).toEqual([
      70_000, 70_001, 70_002, 70_003, 70_004, 70_005,
    ])
  })
})
