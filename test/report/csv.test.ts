import { describe, expect, test } from 'vitest'
import { parseTable } from '../../files/index.ts'
import { csvExport } from '../../report/index.ts'

describe('csvExport', () => {
  test('has a BOM, CRLF and quotes where needed', () => {
    expect(
      csvExport(
        ['机构', '点数'],
        [
          ['澄江市"第一",医院', '12.5000'],
          ['两\n行', 3],
        ],
      ),
    ).toBe('\ufeff机构,点数\r\n"澄江市""第一"",医院",12.5000\r\n"两\n行",3\r\n')
  })
  test.each([
    ['=1+1', `'=1+1`],
    ['+86', `'+86`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['-2+3', `'-2+3`],
    ['-cmd', `'-cmd`],
    ['\tx', `'\tx`],
    ['\rx', `"'\rx"`],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['-12.34', '-12.34'],
    ['-', '-'],
    ['a=b', 'a=b'],
  ])('%j is no formula', (cell, written) => {
    expect(csvExport(['x'], [[cell]])).toBe(`\ufeffx\r\n${written}\r\n`)
  })
  test('negative numbers stay numbers, nothing stays empty, NaN is refused', () => {
    expect(csvExport(['a', 'b'], [[-1.5, undefined]])).toBe('\ufeffa,b\r\n-1.5,\r\n')
    expect(() => csvExport(['a'], [[Number.NaN]])).toThrow(new RangeError('not a number for a cell: NaN'))
    expect(() => csvExport(['a'], [['1', '2']])).toThrow(new RangeError('row 1 has 2 cells, the header has 1'))
  })
  test('can be read again', () => {
    const text = csvExport(['名称', '值'], [['a,"b"\r\nc', '1']])
    expect(parseTable(text.slice(1), 'x.csv').rows[0]!.cells).toEqual(['a,"b"\r\nc', '1'])
  })
})
