import { describe, expect, test } from 'vitest'
import { columns, type Grid, numberColumn, terminalOptions, terminalTable, textColumn } from '../../report/index.ts'

const grid: Grid = {
  columns: [textColumn('医疗机构'), textColumn('Level'), numberColumn('点数')],
  rows: [
    ['澄江市人民医院', '三级', '1,234.50'],
    ['St. Mary’s', '二级', '-7.25'],
  ],
}

describe('terminalTable', () => {
  test('counts Chinese characters as two columns', () => {
    expect(terminalTable(grid)).toBe(
      [
        '医疗机构        Level      点数',
        '──────────────  ─────  ────────',
        '澄江市人民医院  三级   1,234.50',
        'St. Mary’s      二级      -7.25',
        '',
      ].join('\n'),
    )
  })
  test('cuts the widest text to meet the width, and no number', () => {
    const lines = terminalTable(grid, { width: 28 }).trimEnd().split('\n')
    expect(lines[2]).toBe('澄江市人民… 三级   1,234.50'.replace('… ', '…  '))
    for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(28)
    expect(terminalTable(grid, { width: 1 })).toContain('1,234.50')
  })
  test('colours only when told to', () => {
    expect(terminalTable(grid)).not.toContain('\u001b')
    expect(terminalTable(grid, { color: true })).toContain('\u001b[1m医疗机构')
  })
  test('lets no escape sequence, line break or change of direction through', () => {
    const evil = terminalTable({ columns: [textColumn('n')], rows: [['a\u001b[31mb\nc\u202ed']] })
    expect(evil).toBe('n\n──────────\na [31mb c d\n'.replace('──────────', '─'.repeat(11)))
  })
  test('refuses a row of another width', () => {
    expect(() => terminalTable({ columns: [textColumn('a')], rows: [['1'], ['1', '2']] })).toThrow(
      new RangeError('row 1 has 2 cells, the header has 1'),
    )
  })
  test('shows a header without rows', () => {
    expect(terminalTable({ columns: [textColumn('病组')], rows: [] })).toBe('病组\n────\n')
  })
})

test('terminalOptions: nothing for a pipe, width and colour for a terminal', () => {
  expect(terminalOptions({ columns: 80, hasColors: () => true })).toEqual({})
  expect(terminalOptions({ isTTY: true, columns: 80, hasColors: () => false })).toEqual({ color: false, width: 80 })
  expect(terminalOptions({ isTTY: true, hasColors: () => true })).toEqual({ color: true })
})
