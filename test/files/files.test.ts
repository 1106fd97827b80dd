import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { csvCell, csvText, parseDocumentText, parseTable, readTable, say, writeWorkbook } from '../../files/index.ts'
import { Fault, faultText } from '../../messages/index.ts'
import { put, temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()

function faultOf(run: () => unknown): { zh: string; en: string } {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return { zh: faultText(error, 'zh'), en: faultText(error, 'en') }
    throw error
  }
  throw new Error('no fault')
}

describe('tables', () => {
  it('read quotes, line breaks in cells, short rows and any line ending, with line numbers', () => {
    const { header, rows } = parseTable('a,b\r\n1,"x ""y"", z"\r\n"two\nlines",2\n\n3\n', 't.csv')
    expect(header).toEqual(['a', 'b'])
    expect(rows).toEqual([
      { line: 2, cells: ['1', 'x "y", z'] },
      { line: 3, cells: ['two\nlines', '2'] },
      { line: 6, cells: ['3', ''] },
    ])
  })

  it('say what is wrong and what to do', () => {
    expect(faultOf(() => parseTable('a\n1,2\n', 't.csv'))).toEqual({
      zh: 'FIL-005 t.csv:2  该行有 2 列，表头只有 1 列。含分隔符的单元格请加引号。',
      en: 'FIL-005 t.csv:2  The row has 2 cells, the header has 1. Quote cells that hold the separator.',
    })
    expect(faultOf(() => parseTable('a\n"1\n', 't.csv')).en).toBe(
      'FIL-003 t.csv:2:1  A quote is opened and never closed. Close it; write a quote inside a cell twice.',
    )
    expect(faultOf(() => parseTable('', 't.csv')).en).toBe(
      'FIL-004 t.csv  The file is empty. Its first line must be the header.',
    )
    expect(faultOf(() => readTable('/nowhere.csv')).en).toBe(
      'FIL-001 /nowhere.csv  There is no such file. Check the path.',
    )
    const file = put(folder, 'utf16.csv', Uint8Array.of(0xff, 0xfe, 0x0a, 0))
    expect(faultOf(() => readTable(file)).en).toBe(
      `FIL-002 ${file}  The file is neither UTF-8 nor GB18030. Save it as UTF-8 (for instance "CSV UTF-8").`,
    )
    const damaged = put(
      folder,
      'damaged.csv',
      Buffer.concat([Buffer.from('编码\n一院\n二院'), Uint8Array.of(0xff, 10)]),
    )
    expect(faultOf(() => readTable(damaged)).zh).toBe(
      `FIL-002 ${damaged}  文件是 UTF-8，但含汉字的 3 行中有 1 行损坏。请另存为 UTF-8（例如 CSV UTF-8）。`,
    )
  })
})

describe('cells of a CSV file', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+86', "'+86"],
    ['@x', "'@x"],
    ['-1+cmd', "'-1+cmd"],
    ['\tx', "'\tx"],
    ['＝1', "'＝1"],
    ['-12.5', '-12.5'],
    ['-', '-'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['=a,b', `"'=a,b"`],
    ['胆囊', '胆囊'],
  ])('%s is written %s', (text, cell) => expect(csvCell(text)).toBe(cell))

  it('make lines', () => expect(csvText(['a', 'b'], [[1, 'x']])).toBe('a,b\n1,x\n'))
})

describe('documents', () => {
  const schema = z.strictObject({ a: z.number(), b: z.strictObject({ c: z.string() }) })
  it.each([
    [
      'a: 1\nb:\n  c: x\n  d: 3\n',
      'DOC-003 x.yaml:4:6 [b.d]  Unknown key d. Remove or correct it. The keys here are c.',
    ],
    [
      'a: x\nb: {c: "1"}',
      'DOC-002 x.yaml:1:4 [a]  Found the text "x"; expected a number. Correct the field as documented.',
    ],
    ['a: [', 'DOC-001 x.yaml:1:5'],
    ['a: *x\nb: {c: y}', 'DOC-001 x.yaml  Not valid YAML: Unresolved alias'],
  ])('are refused with place and field', (text, message) => {
    expect(faultOf(() => parseDocumentText(text, 'x.yaml', schema)).en).toContain(message)
  })

  it('are refused in Chinese too, by its kind and by what the schema says', () => {
    const short = z.strictObject({ a: z.string().regex(/^\d+$/, say('须为数字', 'Must be digits')) })
    expect(faultOf(() => parseDocumentText('a: 1', 'x.yaml', short)).zh).toContain('应为文本，实为1')
    expect(faultOf(() => parseDocumentText('a: x', 'x.yaml', short)).zh).toContain('须为数字')
    expect(faultOf(() => parseDocumentText('a: x', 'x.yaml', short)).en).toContain('Must be digits.')
  })

  it('are returned when right', () =>
    expect(parseDocumentText('a: 1\nb: {c: y}', 'x.yaml', schema)).toEqual({ a: 1, b: { c: 'y' } }))
})

it('workbooks of the same cells are the same bytes, whenever they are written', async () => {
  const written: Buffer[] = []
  for (const [i, now] of ['2025-01-31T08:00:00Z', '2026-12-01T23:59:59Z'].entries()) {
    vi.useFakeTimers({ now: new Date(now), toFake: ['Date'] })
    const file = join(folder, `${i}.xlsx`)
    await writeWorkbook(file, [{ name: '权重', rows: [['group', 'weight'], ['GE29', 1.3]] }]) // biome-ignore format: one line
    written.push(readFileSync(file))
    vi.useRealTimers()
  }
  expect(written[1]!.equals(written[0]!)).toBe(true)
})
