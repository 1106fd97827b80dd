import { describe, expect, it } from 'vitest'
import { CODE_PADDING } from '../../../grouper/codes/keyword.ts'
import { loadDictionary } from '../../../grouper/codes/library.ts'
import { padCode, paddingTable } from '../../../grouper/codes/padding.ts'

const { codes } = loadDictionary('icd9cm3-yb-2.0')
const padding = paddingTable({ codes })

function pad(text: string): string {
  const bytes = new Uint8Array(text.length + CODE_PADDING)
  bytes.set(new TextEncoder().encode(text))
  return codes[padCode(padding, bytes, 0, text.length)]!
}

describe('a procedure code that lost its zeros', () => {
  it.each([
    ['47.01', '47.0100'],
    ['47.0100', '47.0100'],
    ['0.65', '00.6500'],
    ['00.65', '00.6500'],
    ['17.934', '17.93400'],
    // Written as text in the list, read as a number by a spreadsheet.
    ['17.922', '17.922E0'],
  ])('%s is %s', (damaged, code) => {
    expect(pad(damaged)).toBe(code)
  })

  it.each(['17.972', '99.99999', '74.1x01', 'K80.1', '47..01', '4.701e1', '', '.', '0', '4701'])(
    '%s is left alone: no unique code',
    damaged => {
      expect(pad(damaged)).toBe('')
    },
  )

  it('comes back for all but the two codes of one value, out of those that look like numbers', () => {
    // Number() stands for the spreadsheet here; the reader itself never makes a number of a code.
    const numeric = codes.filter(code => /^\d\d\.\d+(E\d)?$/.test(code))
    const lost = numeric.filter(code => pad(String(Number(code))) !== code)
    expect(lost).toEqual(['17.97200', '17.972E0'])
    expect(numeric.length).toBeGreaterThan(8_290)
  })
})
