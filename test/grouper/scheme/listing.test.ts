import { expect, it } from 'vitest'
import { readListings, writeListings } from '../../../grouper/scheme/listing.ts'

it('wraps long lists at 120 characters and reads them back', () => {
  const items = Array.from({ length: 40 }, (_, i) => `A${10 + i}.000`)
  const text = writeListings('test', [
    { head: ['DI_A', 'diagnosis'], items },
    { head: ['DI_B', 'diagnosis'], items: [] },
  ])
  const lines = text.split('\n')
  expect(lines.slice(0, 2)).toEqual(['# test', 'DI_A diagnosis'])
  expect(Math.max(...lines.map(line => line.length))).toBe(1 + 14 * 8)
  expect(readListings(text, 'sets.txt', 2)).toEqual([
    { head: ['DI_A', 'diagnosis'], items, line: 2 },
    { head: ['DI_B', 'diagnosis'], items: [], line: 6 },
  ])
})

it('passes over comments, empty lines and superfluous blanks', () => {
  const text = '# a\n\nDI_A   diagnosis \n    A01.000  A02.000 \n# b\n  A03.000\n'
  expect(readListings(text, 'sets.txt', 2)).toEqual([
    { head: ['DI_A', 'diagnosis'], items: ['A01.000', 'A02.000', 'A03.000'], line: 3 },
  ])
})
